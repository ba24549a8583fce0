/* One side of a comparison: what a pass learned of all contents, by the names that are compared. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_priv.h"
#include "compare_priv.h"
#include "facts_look.h"
#include "slipway/base/digest.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"

static struct bytes
keep_bytes(char **at, struct bytes b)
{
	char *copy = *at;

	if (b.len > 0)
		memcpy(copy, b.data, b.len);
	*at += b.len;
	return (struct bytes) { .data = copy, .len = b.len };
}

static void
list_files(struct compare_table *t, const struct archive *a, const struct roots *r)
{
	size_t bytes = 1;
	char *at;

	t->count = archive_count(a);
	t->files = mem_zalloc(t->count + 1, sizeof t->files[0]);
	for (size_t i = 0; i < t->count; i++)
		bytes += archive_member(a, i)->name.len + archive_member(a, i)->link.len;
	at = t->names = mem_alloc(bytes);
	for (size_t i = 0; i < t->count; i++) {
		const struct member *m = archive_member(a, i);
		struct compare_file *f = &t->files[i];

		*f = (struct compare_file) { .name = keep_bytes(&at, m->name),
			.link = keep_bytes(&at, m->link),
			.size = m->size,
			.mode = m->mode,
			.kind = m->kind,
			.hidden = m->hidden };
		f->path = roots_path(r, f->name);
		if (m->kind == MEMBER_FILE)
			t->size = m->size > UINT64_MAX - t->size ? UINT64_MAX : t->size + m->size;
	}
}

static enum digest_kind
blob_kind(const struct compare_table *t)
{
	return t->blob_size == 32 ? DIGEST_SHA256 : DIGEST_SHA1;
}

bool
compare_blob_id(
    const struct compare_table *t, const void *data, size_t len, uint8_t out[DIGEST_MAX])
{
	struct digest d;
	char head[32];
	int n = snprintf(head, sizeof head, "blob %zu", len);

	digest_init(&d, blob_kind(t));
	digest_update(&d, head, (size_t)n + 1);
	digest_update(&d, data, len);
	return digest_final(&d, out);
}

/* Links have no content of their own: git hashes the target, a hard link is its file again. */
static void
hash_links(struct compare_table *t, const struct archive *a)
{
	for (size_t i = 0; i < t->count; i++) {
		struct compare_file *f = &t->files[i];
		uint8_t blob[DIGEST_MAX], sha256[DIGEST_MAX];
		struct digest d;
		size_t to;

		if (f->kind == MEMBER_SYMLINK) {
			digest_init(&d, DIGEST_SHA256);
			digest_update(&d, f->link.data, f->link.len);
			if (!digest_final(&d, sha256) ||
			    !compare_blob_id(t, f->link.data, f->link.len, blob))
				continue;
			memcpy(f->sha256, sha256, sizeof f->sha256);
			memcpy(f->blob, blob, t->blob_size);
			f->hashed = true;
		} else if (f->kind == MEMBER_HARDLINK) {
			to = archive_find(a, f->link.data, f->link.len);
			if (to == FINDING_NO_MEMBER || t->files[to].kind != MEMBER_FILE)
				continue;
			memcpy(f->sha256, t->files[to].sha256, sizeof f->sha256);
			memcpy(f->blob, t->files[to].blob, sizeof f->blob);
			f->size = t->files[to].size;
			f->marks = t->files[to].marks;
			f->hashed = t->files[to].hashed;
		}
	}
}

/* What the facts say of member I. */
static void
take_facts(struct compare_table *t, size_t i, const struct member_facts *facts)
{
	static const unsigned all = MARK_HASHED | MARK_BLOB;
	struct compare_file *f = &t->files[i];

	if (f->kind != MEMBER_FILE)
		return;
	f->marks = facts != NULL ? facts->looks : 0;
	f->hashed = facts != NULL && (facts->marks & all) == all;
	t->complete &= f->hashed;
	if (!f->hashed)
		return;
	memcpy(f->sha256, facts->sha256, sizeof f->sha256);
	memcpy(f->blob, facts->blob, t->blob_size);
}

void
compare_table_make(const struct archive *a, const struct archive_facts *facts, const char *path,
    struct compare_table *out)
{
	struct compare_table t = COMPARE_TABLE_EMPTY;
	const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
	struct str shown = STR_EMPTY;
	struct roots roots;

	t.blob_size = facts->blob_size;
	t.complete = archive_is_complete(a);
	t.packed = archive_file_size(a);
	sanitise(name, strlen(name), &shown);
	t.file = str_take(&shown);
	roots_find(&roots, a, path);
	t.kind = roots.kind;
	t.version = mem_strdup(roots.version);
	list_files(&t, a, &roots);
	for (size_t i = 0; i < t.count; i++)
		take_facts(&t, i, i < facts->count ? &facts->items[i] : NULL);
	for (int i = 0; i < COMPARE_KEPT_COUNT; i++)
		str_append(&t.kept[i], str_text(&facts->kept[i]), facts->kept[i].len);
	hash_links(&t, a);
	roots_fini(&roots);
	*out = t;
}

void
compare_table_fini(struct compare_table *t)
{
	for (int i = 0; i < COMPARE_KEPT_COUNT; i++)
		str_fini(&t->kept[i]);
	free(t->file);
	free(t->version);
	free(t->files);
	free(t->names);
	*t = (struct compare_table)COMPARE_TABLE_EMPTY;
}
