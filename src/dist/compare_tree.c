/* The files of a commit, to be found by path and by content. */
#include <stdlib.h>
#include <string.h>

#include "check_priv.h"
#include "compare_priv.h"
#include "slipway/base/mem.h"

#define LINKS_MAX 8
#define LINK_BYTES 4096
/* Of many files of one content any will do. */
#define SAME_MAX 64

struct id_item {
	const uint8_t *id;
	size_t at;
};

static bool
hex_to_id(const char *hex, size_t size, uint8_t *out)
{
	static const char digits[] = "0123456789abcdef";

	if (strlen(hex) != 2 * size)
		return false;
	for (size_t i = 0; i < 2 * size; i++) {
		const char *at = strchr(digits, hex[i]);

		if (at == NULL)
			return false;
		out[i / 2] = (uint8_t)(out[i / 2] << 4 | (uint8_t)(at - digits));
	}
	return true;
}

static int
by_id(const void *a, const void *b)
{
	const struct id_item *x = a, *y = b;
	int order = memcmp(x->id, y->id, COMPARE_BLOB_MAX);

	return order != 0 ? order : x->at < y->at ? -1 : x->at > y->at;
}

void
compare_tree_init(struct compare_tree *t, const struct compare_git_opts *opts, size_t id_size)
{
	struct id_item *items = mem_zalloc(opts->count + 1, sizeof *items);

	*t = (struct compare_tree) { .o = opts, .id_size = id_size };
	t->ids = mem_zalloc(opts->count + 1, sizeof t->ids[0]);
	t->by_id = mem_zalloc(opts->count + 1, sizeof t->by_id[0]);
	t->used = mem_zalloc(opts->count + 1, sizeof t->used[0]);
	for (size_t i = 0; i < opts->count; i++) {
		/* An id of another kind is of no content that could be here. */
		if (!hex_to_id(opts->files[i].hash, id_size, t->ids[i]))
			memset(t->ids[i], 0, sizeof t->ids[i]);
		items[i] = (struct id_item) { t->ids[i], i };
	}
	if (opts->count > 1)
		qsort(items, opts->count, sizeof items[0], by_id);
	for (size_t i = 0; i < opts->count; i++)
		t->by_id[i] = items[i].at;
	free(items);
}

void
compare_tree_fini(struct compare_tree *t)
{
	free(t->ids);
	free(t->by_id);
	free(t->used);
}

size_t
compare_tree_path(const struct compare_tree *t, const char *path)
{
	size_t low = 0, high = t->o->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = strcmp(path, t->o->files[mid].path);

		if (order == 0)
			return mid;
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return COMPARE_NOWHERE;
}

size_t
compare_tree_source(const struct compare_tree *t, const char *path)
{
	const char *under = t->o->under;
	char *whole = mem_printf("%s%s%s", under, under[0] != '\0' ? "/" : "", path);
	size_t at = compare_tree_path(t, whole);

	free(whole);
	return at;
}

bool
compare_tree_is(const struct compare_tree *t, size_t at, const uint8_t *id)
{
	return memcmp(t->ids[at], id, t->id_size) == 0;
}

size_t
compare_tree_content(const struct compare_tree *t, const struct compare_file *f)
{
	size_t low = 0, high = t->o->count, found = COMPARE_NOWHERE, end;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (memcmp(t->ids[t->by_id[mid]], f->blob, t->id_size) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	end = t->o->count - low > SAME_MAX ? low + SAME_MAX : t->o->count;
	for (; low < end && compare_tree_is(t, t->by_id[low], f->blob); low++) {
		size_t at = t->by_id[low];

		if ((t->o->files[at].mode == COMPARE_MODE_LINK) != (f->kind == MEMBER_SYMLINK))
			continue;
		if (!t->used[at])
			return at;
		if (found == COMPARE_NOWHERE)
			found = at;
	}
	return found;
}

bool
compare_tree_read(const struct compare_tree *t, size_t at, size_t max, struct str *out)
{
	return t->o->blob != NULL && t->o->blob(t->o->arg, &t->o->files[at], max, out);
}

/* Takes TARGET, part by part, from the folder in PATH. */
static void
walk(struct bytes target, struct str *path)
{
	while (target.len > 0) {
		const char *end = memchr(target.data, '/', target.len);
		struct bytes part = { target.data,
			end != NULL ? (size_t)(end - target.data) : target.len };
		size_t len = path->len;

		target.data += part.len + (end != NULL);
		target.len -= part.len + (end != NULL);
		if (bytes_is(part, "..")) {
			while (len > 0 && path->data[len - 1] != '/')
				len--;
			len -= len > 0;
			str_splice(path, len, path->len - len, "", 0);
		} else if (part.len > 0 && !bytes_is(part, ".")) {
			if (len > 0)
				str_putc(path, '/');
			str_append(path, part.data, part.len);
		}
	}
}

size_t
compare_tree_follow(const struct compare_tree *t, size_t at)
{
	for (int i = 0; i < LINKS_MAX && at != COMPARE_NOWHERE; i++) {
		struct str target = STR_EMPTY, path = STR_EMPTY;
		const char *link = t->o->files[at].path, *slash = strrchr(link, '/');
		size_t to = COMPARE_NOWHERE;

		if (t->o->files[at].mode != COMPARE_MODE_LINK)
			return at;
		if (slash != NULL)
			str_append(&path, link, (size_t)(slash - link));
		if (compare_tree_read(t, at, LINK_BYTES, &target) &&
		    str_text(&target)[0] != '/') {
			walk((struct bytes) { str_text(&target), target.len }, &path);
			to = compare_tree_path(t, str_text(&path));
		}
		str_fini(&target);
		str_fini(&path);
		at = to;
	}
	return COMPARE_NOWHERE;
}

bool
compare_tree_lfs(const struct compare_tree *t, size_t at, uint8_t sha256[COMPARE_BLOB_MAX])
{
	static const char head[] = "version https://git-lfs", key[] = "oid sha256:";
	struct str text = STR_EMPTY;
	struct bytes rest, line;
	bool found = false;

	if (compare_tree_read(t, at, LINK_BYTES, &text) && text_starts(str_text(&text), head)) {
		rest = (struct bytes) { str_text(&text), text.len };
		while (!found && bytes_line(&rest, &line)) {
			char hex[65];

			if (!check_starts(line, key) || line.len != strlen(key) + 64)
				continue;
			memcpy(hex, line.data + strlen(key), 64);
			hex[64] = '\0';
			found = hex_to_id(hex, 32, sha256);
		}
	}
	str_fini(&text);
	return found;
}
