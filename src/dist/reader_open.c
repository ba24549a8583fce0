/* The first messages to a reader's child, there and back. */
#include "reader_open.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "slipway/base/mem.h"
#include "slipway/os/env.h"

#define PART ((size_t)64 * 1024)
#define MEMORY ((uint64_t)1024 * 1024 * 1024)

enum { NO_LIST = 1, NO_CHECK = 2, FACTS = 4, NOT_FOR_PYPI = 8, HASHES = 16 };

enum { TOPLEVEL, TREE }; /* of what a list is */

/* In messages of a bounded size; none when L is NULL. */
static void
put_list(struct str *out, unsigned what, const struct strlist *l)
{
	for (size_t i = 0, begin; l != NULL && (i == 0 || i < l->count); wire_end(out, begin)) {
		begin = wire_begin(out, WIRE_LIST);
		wire_put(out, what, 1);
		do {
			if (i < l->count)
				wire_put_text(out, l->items[i], strlen(l->items[i]));
			i++;
		} while (i < l->count && out->len - begin < PART);
	}
}

/* Beside this program in a build folder, and where it is installed. Not for a program that was
 * replaced while it runs: its reader may be of another time. */
char *
reader_program(const char *program)
{
	static const char *const places[] = { "slipway-reader",
		"../libexec/slipway/slipway-reader" };
	char self[PATH_MAX];
	ssize_t len = strcmp(program, READER_SELF) == 0 ? readlink(READER_SELF, self, sizeof self)
							: -1;
	char *found = NULL, *slash;

	if (len <= 0 || (size_t)len == sizeof self)
		return mem_strdup(program);
	self[len] = '\0';
	slash = strrchr(self, '/');
	if (slash == NULL || text_ends(self, " (deleted)"))
		return mem_strdup(program);
	slash[1] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(places) && found == NULL; i++) {
		found = mem_printf("%s%s", self, places[i]);
		if (access(found, X_OK) != 0)
			mem_set(&found, NULL);
	}
	return found != NULL ? found : mem_strdup(program);
}

void
reader_environment(struct strlist *env)
{
	env_child(NULL, env);
	env_put(env, "OPENSSL_CONF", "/dev/null");
}

void
reader_put_wish(struct str *out, const struct reader_opts *o)
{
	static const struct dist_check_opts none = { .limits = NULL };
	const struct dist_check_opts *c = o->check != NULL ? o->check : &none;
	const struct archive_limits *l = c->limits != NULL ? c->limits : &archive_default_limits;
	size_t begin;

	put_list(out, TOPLEVEL, c->toplevel);
	put_list(out, TREE, c->tree);
	begin = wire_begin(out, WIRE_OPEN);
	wire_put(out,
	    (o->no_list ? NO_LIST : 0u) | (o->no_check ? NO_CHECK : 0u) | (o->facts ? FACTS : 0u) |
		(c->not_for_pypi ? NOT_FOR_PYPI : 0u) | (c->hashes ? HASHES : 0u),
	    1);
	wire_put(out, o->memory_bytes > 0 ? o->memory_bytes : MEMORY, 8);
	wire_put(out, l->entries, 8);
	wire_put(out, l->name_bytes, 8);
	wire_put(out, l->member_bytes, 8);
	wire_put(out, l->total_bytes, 8);
	wire_put(out, l->ratio, 8);
	wire_put(out, l->wall_ms, 8);
	wire_put_text(out, o->path, strlen(o->path));
	wire_put_text(out, c->sdist, c->sdist != NULL ? strlen(c->sdist) : 0);
	wire_put(out, o->depth, 1);
	for (size_t i = 0; i < o->depth; i++)
		wire_put(out, o->inside[i], 8);
	wire_end(out, begin);
}

void
reader_put_read(struct str *out, uint32_t number, size_t index, uint64_t max)
{
	size_t begin = wire_begin(out, WIRE_READ);

	wire_put(out, number, 4);
	wire_put(out, index, 8);
	wire_put(out, max, 8);
	wire_end(out, begin);
}

/* Of more members than a message has bits the last ones are left out. */
void
reader_put_each(struct str *out, uint32_t number, const bool *wanted, size_t count)
{
	size_t begin = wire_begin(out, WIRE_EACH), most = (WIRE_MAX - 8) * 8;

	wire_put(out, number, 4);
	count = count < most ? count : most;
	for (size_t i = 0; i < count; i += 8) {
		unsigned bits = 0;

		for (size_t k = i; k < count && k < i + 8; k++)
			bits |= wanted[k] ? 1U << (k - i) : 0;
		wire_put(out, bits, 1);
	}
	wire_end(out, begin);
}

static bool
take_list(struct wire *w, struct reader_wish *out)
{
	unsigned what = (unsigned)wire_number(w, 1);
	struct strlist *to = what == TOPLEVEL ? &out->toplevel : &out->tree;

	if (what > TREE)
		return false;
	if (what == TOPLEVEL)
		out->has_toplevel = true;
	else
		out->has_tree = true;
	while (w->left > 0) {
		struct bytes text = wire_text(w);

		if (!w->bad)
			strlist_take(to, mem_strndup(text.data, text.len));
	}
	return !w->bad;
}

bool
reader_take_wish(enum wire_kind kind, struct wire *w, struct reader_wish *out)
{
	struct archive_limits *l = &out->limits;
	unsigned flags;
	struct bytes path, sdist;

	if (kind != WIRE_OPEN)
		return kind == WIRE_LIST && take_list(w, out);
	flags = (unsigned)wire_number(w, 1);
	out->memory_bytes = wire_number(w, 8);
	l->entries = (size_t)wire_number(w, 8);
	l->name_bytes = (size_t)wire_number(w, 8);
	l->member_bytes = wire_number(w, 8);
	l->total_bytes = wire_number(w, 8);
	l->ratio = wire_number(w, 8);
	l->wall_ms = wire_number(w, 8);
	path = wire_text(w);
	sdist = wire_text(w);
	out->depth = (size_t)wire_number(w, 1);
	if (out->depth > ARCHIVE_DEPTH_MAX || (out->depth > 0 && !(flags & NO_CHECK)))
		return false;
	for (size_t i = 0; i < out->depth; i++)
		out->inside[i] = (size_t)wire_number(w, 8);
	if (w->bad || w->left > 0)
		return false;
	out->no_list = flags & NO_LIST;
	out->no_check = flags & NO_CHECK;
	out->facts = flags & FACTS;
	out->not_for_pypi = flags & NOT_FOR_PYPI;
	out->hashes = flags & HASHES;
	out->path = mem_strndup(path.data, path.len);
	out->sdist = sdist.len > 0 ? mem_strndup(sdist.data, sdist.len) : NULL;
	return true;
}

void
reader_wish_fini(struct reader_wish *wish)
{
	free(wish->path);
	free(wish->sdist);
	strlist_fini(&wish->toplevel);
	strlist_fini(&wish->tree);
	*wish = (struct reader_wish) { .path = NULL };
}
