/* Files that git has with other line ends: each candidate is asked for, turned both ways, and
 * hashed as git would have. */
#include <stdlib.h>
#include <string.h>

#include "compare_priv.h"
#include "slipway/base/mem.h"

#define TEXT_MAX ((uint64_t)8 * 1024 * 1024)

struct turning {
	const struct compare_table *t;
	struct comparison *c;
	const uint8_t *const *want;
	struct str text, turned;
};

static bool
is_candidate(const struct compare_file *f, const uint8_t *want)
{
	return want != NULL && f->kind == MEMBER_FILE && f->size <= TEXT_MAX &&
	       (f->marks & COMPARE_IS_BINARY) == 0 &&
	       (f->marks & (COMPARE_HAS_CRLF | COMPARE_HAS_LF)) != 0;
}

static void
begin(void *arg, size_t index)
{
	struct turning *k = arg;

	(void)index;
	str_clear(&k->text);
}

static void
take(void *arg, const void *data, size_t len)
{
	struct turning *k = arg;

	if (k->text.len + len <= TEXT_MAX)
		str_append(&k->text, data, len);
}

/* TAIL is what a line ends with afterwards. */
static void
turn(const struct str *text, const char *tail, struct str *out)
{
	struct bytes rest = { text->data, text->len }, line;

	str_clear(out);
	while (rest.len > 0) {
		const char *nl = memchr(rest.data, '\n', rest.len);
		size_t whole = nl != NULL ? (size_t)(nl - rest.data) + 1 : rest.len;

		line = (struct bytes) { rest.data, nl != NULL ? whole - 1 : whole };
		if (nl != NULL && line.len > 0 && line.data[line.len - 1] == '\r')
			line.len--;
		str_append(out, line.data, line.len);
		if (nl != NULL)
			str_puts(out, tail);
		rest.data += whole;
		rest.len -= whole;
	}
}

static bool
is_wanted(const struct turning *k, const uint8_t *want)
{
	uint8_t id[DIGEST_MAX];

	return compare_blob_id(k->t, str_text(&k->turned), k->turned.len, id) &&
	       memcmp(id, want, k->t->blob_size) == 0;
}

static void
end(void *arg, size_t i, enum err_code rc)
{
	struct turning *k = arg;
	struct compare_row *row = &k->c->rows[i];
	const char *git = NULL;

	if (rc != ERR_OK || k->text.len != k->t->files[i].size)
		return;
	turn(&k->text, "\n", &k->turned);
	if (is_wanted(k, k->want[i])) {
		git = "LF";
	} else {
		turn(&k->text, "\r\n", &k->turned);
		if (is_wanted(k, k->want[i]))
			git = "CRLF";
	}
	if (git == NULL)
		return;
	row->notes |= COMPARE_LINE_ENDINGS;
	free(row->reason);
	row->reason = mem_printf("line endings only: git has %s", git);
}

enum err_code
compare_line_ends(const struct compare_table *t, const struct compare_git_opts *opts,
    const uint8_t *const *want, struct comparison *c, struct err *e)
{
	struct turning k = { .t = t, .c = c, .want = want };
	const struct member_visitor v = { .begin = begin, .data = take, .end = end, .arg = &k };
	bool *wanted = mem_zalloc(t->count + 1, sizeof wanted[0]), any = false;
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < t->count; i++)
		any |= wanted[i] = is_candidate(&t->files[i], want[i]);
	if (any && opts->contents != NULL)
		rc = opts->contents(opts->arg, wanted, &v, e);
	free(wanted);
	str_fini(&k.text);
	str_fini(&k.turned);
	/* What a limit or a dead reader kept away stays modified. */
	return rc == ERR_CANCELLED ? rc : ERR_OK;
}
