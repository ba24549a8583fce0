/* One more section: the heading by the example of the newest one, the body, and the links. What is
 * not replaced is copied byte for byte. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "changelog_private.h"
#include "slipway/base/mem.h"
#include "slipway/base/utf8.h"

#define SPLICES_MAX 4

struct splice {
	size_t at, len;
	struct str text;
};

struct insert {
	const struct changelog *c;
	const struct changelog_release *r;
	struct splice items[SPLICES_MAX];
	size_t count;
	struct str link; /* the new reference, when it stands in its section */
};

static struct str *
splice(struct insert *k, size_t at, size_t len)
{
	struct splice *s = &k->items[k->count++];

	*s = (struct splice) { .at = at, .len = len, .text = STR_EMPTY };
	return &s->text;
}

static struct bytes
slice(const struct changelog *c, size_t at, size_t len)
{
	return (struct bytes) { c->text.data + at, len };
}

static const char *
eol(const struct insert *k)
{
	return k->c->style.eol;
}

static void
put_run(struct str *out, char ch, size_t count)
{
	while (count-- > 0)
		str_putc(out, ch);
}

static bool
is_blank_text(struct bytes b)
{
	return bytes_trim(b).len == 0;
}

/* -- the heading -- */

/* An underline for TEXT: as long as it, or as the old one where all have one length. */
static size_t
underline_width(const struct changelog *c, const struct changelog_heading *h, const char *text)
{
	size_t old = utf8_width(c->text.data + h->text, h->len), width = utf8_width(text,
								   strlen(text));

	return h->ulen > old + 2 && h->ulen >= width ? h->ulen : width;
}

/* The newest section that was not taken back is the model; its own text is none of the style. */
static const struct changelog_heading *
model_heading(const struct changelog *c)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->items[i].kind == CHANGELOG_VERSION && !c->items[i].yanked)
			return &c->items[i];
	return c->newest != CHANGELOG_NONE ? &c->items[c->newest] : NULL;
}

static void
drop_yanked(struct str *s)
{
	static const char mark[] = " [YANKED]";

	for (size_t i = 0; i + sizeof mark - 1 <= s->len; i++)
		if (strncasecmp(s->data + i, mark, sizeof mark - 1) == 0) {
			str_splice(s, i, sizeof mark - 1, "", 0);
			return;
		}
}

/* H's lines one by one: labels, overline, text, underline. TEXT is what the text becomes. */
static void
put_like(struct insert *k, const struct changelog_heading *h, const char *text, struct str *out)
{
	const struct changelog *c = k->c;
	struct bytes old = slice(c, h->word, h->wlen);
	size_t at = h->at;

	while (at < h->end) {
		struct changelog_line l = changelog_line_at(c->text, at);

		if (l.at == h->line) {
			str_append(out, c->text.data + l.at, h->text - l.at);
			str_puts(out, text);
			str_append(out, c->text.data + h->text + h->len,
			    l.at + l.len - h->text - h->len);
		} else if (h->ulen > 0 && (l.at == h->under || l.next == h->line) && l.len > 0 &&
			   c->text.data[l.at] == c->text.data[h->under]) {
			put_run(out, c->text.data[h->under], underline_width(c, h, text));
		} else {
			changelog_shift(slice(c, l.at, l.len), old, k->r, out);
		}
		str_puts(out, eol(k));
		at = l.next;
	}
}

static void
put_default_heading(struct insert *k, const char *text, int level, struct str *out)
{
	const struct changelog *c = k->c;
	char under = c->count > 0 && c->items[0].ulen > 0 &&
			     c->text.data[c->items[0].under] == '='
			 ? '-'
			 : '=';

	if (!c->rst) {
		put_run(out, '#', (size_t)level);
		str_printf(out, " %s%s", text, eol(k));
		return;
	}
	str_printf(out, "%s%s", text, eol(k));
	put_run(out, under, utf8_width(text, strlen(text)));
	str_puts(out, eol(k));
}

/* "Released on 2026-08-14." below the heading of the model. */
static void
put_intro(struct insert *k, const struct changelog_heading *h, struct str *out)
{
	static const char *const openings[] = { "released", "release date", "*released",
		"_released", "date:", "*release date", "_release date" };
	const struct changelog *c = k->c;
	size_t at = h->end, date = 0;
	struct changelog_line l = { .at = at };

	while (at < c->text.len) {
		l = changelog_line_at(c->text, at);
		if (!changelog_line_is_blank(c->text, &l))
			break;
		at = l.next;
	}
	for (size_t i = 0; i < l.len && date == 0; i++)
		date = changelog_date_at(slice(c, l.at, l.len), i);
	if (date == 0 || at >= c->text.len)
		return;
	for (size_t i = 0; i < ARRAY_LEN(openings); i++)
		if (l.len >= strlen(openings[i]) &&
		    strncasecmp(c->text.data + l.at, openings[i], strlen(openings[i])) == 0) {
			str_append(out, c->text.data + h->end, l.at - h->end);
			changelog_shift(slice(c, l.at, l.len),
			    slice(c, h->word, h->wlen), k->r, out);
			str_puts(out, eol(k));
			return;
		}
	if (date == l.len) {
		str_append(out, c->text.data + h->end, l.at - h->end);
		changelog_date_like(slice(c, l.at, l.len), k->r->date, out);
		str_puts(out, eol(k));
	}
}

/* Nothing to go by but what was chosen, or "[Unreleased]": as Keep a Changelog has it. */
static void
put_first_heading(const struct insert *k, const struct changelog_heading *u, struct str *out)
{
	const struct changelog *c = k->c;
	bool brackets = u != NULL && u->len > 0 && c->text.data[u->text] == '[';

	if (k->r->fresh == CHANGELOG_FRESH_DASH)
		str_printf(out, "v%s \xe2\x80\x94 %s", k->r->version, k->r->date);
	else if (c->rst)
		str_printf(out, "%s (%s)", k->r->version, k->r->date);
	else if (brackets || k->r->fresh == CHANGELOG_FRESH_BRACKETS)
		str_printf(out, "[%s] - %s", k->r->version, k->r->date);
	else
		str_printf(out, "%s - %s", k->r->version, k->r->date);
}

static void
put_heading(struct insert *k, struct str *out)
{
	const struct changelog *c = k->c;
	const struct changelog_heading *h = model_heading(c), *u;
	struct str text = STR_EMPTY;

	if (h != NULL) {
		changelog_shift(
		    slice(c, h->text, h->len), slice(c, h->word, h->wlen), k->r, &text);
		drop_yanked(&text);
		put_like(k, h, str_text(&text), out);
		put_intro(k, h, out);
	} else {
		u = c->unreleased != CHANGELOG_NONE ? &c->items[c->unreleased] : NULL;
		put_first_heading(k, u, &text);
		if (u != NULL && u->ulen > 0)
			put_like(k, u, str_text(&text), out);
		else
			put_default_heading(k, str_text(&text), u != NULL ? u->level : 2, out);
	}
	str_fini(&text);
}

/* "1.0 (unreleased)" gets its version and its date. */
static void
put_dated(struct insert *k, const struct changelog_heading *u, struct str *out)
{
	static const char word[] = "unreleased";
	struct str text = STR_EMPTY;
	bool dated = false;

	for (size_t i = 0; i < u->len;) {
		size_t at = u->text + i;
		const char *p = k->c->text.data + at;

		if (at == u->word) {
			str_puts(&text, k->r->version);
			i += u->wlen;
		} else if (!dated && u->len - i >= sizeof word - 1 &&
			   strncasecmp(p, word, sizeof word - 1) == 0) {
			str_puts(&text, k->r->date);
			i += sizeof word - 1;
			dated = true;
		} else {
			str_putc(&text, *p);
			i++;
		}
	}
	put_like(k, u, str_text(&text), out);
	str_fini(&text);
}

/* -- the body -- */

/* A body that was typed has LF alone. */
static void
put_with_ends(const struct insert *k, struct bytes b, struct str *out)
{
	bool convert = strcmp(eol(k), "\r\n") == 0 && memchr(b.data, '\r', b.len) == NULL;

	for (size_t i = 0; i < b.len; i++) {
		if (convert && b.data[i] == '\n')
			str_putc(out, '\r');
		str_putc(out, b.data[i]);
	}
}

static void
drop_blank_end(struct str *out, size_t floor)
{
	while (out->len > floor && strchr(" \t\r\n", out->data[out->len - 1]) != NULL)
		out->data[--out->len] = '\0';
}

/* The body as a section of its own; FOLLOWED by something. Text that was there before stays as it
 * is, the air at its ends included. */
static void
put_body(struct insert *k, struct bytes before, bool followed, struct str *out)
{
	struct bytes b = k->r->body;
	size_t floor;

	if (bytes_equal(b, before) && b.len > 0 && k->link.len == 0) {
		str_append(out, b.data, b.len);
		return;
	}
	if (k->c->style.air_heading && b.len > 0 && b.data[0] != '\n' && b.data[0] != '\r' &&
	    !is_blank_text(b))
		str_puts(out, eol(k));
	floor = out->len;
	if (!is_blank_text(b))
		put_with_ends(k, b, out);
	drop_blank_end(out, floor);
	if (out->len > floor)
		str_puts(out, eol(k));
	if (k->link.len > 0)
		str_printf(out, "%s%s%s", eol(k), str_text(&k->link), eol(k));
	for (int i = 0; followed && i < (k->c->style.gap > 0 ? k->c->style.gap : 1); i++)
		str_puts(out, eol(k));
}

static bool
is_end(const struct changelog *c, size_t at)
{
	return is_blank_text(slice(c, at, c->text.len - at));
}

/* Below the heading of what is not released yet. */
static void
insert_below_unreleased(struct insert *k)
{
	const struct changelog *c = k->c;
	const struct changelog_heading *u = &c->items[c->unreleased];
	struct bytes body = changelog_body(c, c->unreleased);
	bool followed = !is_end(c, u->end + body.len);
	struct str *out;

	if (u->wlen > 0) {
		out = splice(k, u->at, u->end - u->at + body.len);
		put_dated(k, u, out);
		put_body(k, body, followed, out);
		return;
	}
	out = splice(k, u->end, body.len);
	if (u->end > 0 && c->text.data[u->end - 1] != '\n')
		str_puts(out, eol(k));
	if (changelog_is_template(c))
		changelog_empty_template(c, out);
	else
		str_puts(out, eol(k));
	put_heading(k, out);
	put_body(k, body, followed, out);
}

/* Where the first section goes in a file without "Unreleased". */
static size_t
insertion_point(const struct changelog *c)
{
	size_t newest = c->newest != CHANGELOG_NONE ? c->items[c->newest].at : CHANGELOG_NONE;

	if (c->marker != CHANGELOG_NONE &&
	    (newest == CHANGELOG_NONE || newest < c->marker ||
		!is_blank_text(slice(c, c->marker, newest - c->marker))))
		return c->marker;
	return newest != CHANGELOG_NONE ? newest : c->links;
}

static void
insert_on_its_own(struct insert *k)
{
	const struct changelog *c = k->c;
	size_t at = insertion_point(c), line;
	struct str *out = splice(k, at, 0);
	struct changelog_line l;

	if (at > 0 && c->text.data[at - 1] != '\n')
		str_printf(out, "%s%s", eol(k), eol(k));
	else if (at > 0) {
		line = at - 1;
		while (line > 0 && c->text.data[line - 1] != '\n')
			line--;
		l = changelog_line_at(c->text, line);
		if (!changelog_line_is_blank(c->text, &l))
			str_puts(out, eol(k));
	}
	put_heading(k, out);
	l = changelog_line_at(c->text, at);
	put_body(k, (struct bytes) { "", 0 },
	    !is_end(c, at) && !changelog_line_is_blank(c->text, &l), out);
}

/* -- the links -- */

/* The tag of the release where a link of the file has OLD in its place. */
static void
put_tag(struct insert *k, struct bytes old, struct bytes version_old, struct str *out)
{
	if (k->r->tag != NULL)
		str_puts(out, k->r->tag);
	else
		changelog_shift(old, version_old, k->r, out);
}

static void
put_new_link(struct insert *k, const struct changelog_ref *unreleased,
    const struct changelog_ref *newest, struct str *out)
{
	const struct changelog *c = k->c;
	struct bytes old = { "", 0 }, url;
	struct changelog_compare m;

	if (c->newest != CHANGELOG_NONE)
		old = slice(c, c->items[c->newest].word, c->items[c->newest].wlen);
	if (newest != NULL) {
		changelog_shift(slice(c, newest->at, newest->url - newest->at), old, k->r, out);
		url = slice(c, newest->url, newest->url_len);
		/* The first release has no compare link: the one of the unreleased is the model. */
		if (changelog_compare_in(url, &m) || unreleased == NULL) {
			changelog_shift(url, old, k->r, out);
			return;
		}
	} else {
		str_printf(out, "[%s]: ", k->r->version);
	}
	url = slice(c, unreleased->url, unreleased->url_len);
	if (!changelog_compare_in(url, &m)) {
		changelog_shift(newest != NULL ? slice(c, newest->url, newest->url_len) : url, old,
		    k->r, out);
		return;
	}
	str_append(out, url.data, m.to);
	put_tag(k, (struct bytes) { url.data + m.from, m.from_len }, old, out);
	str_append(out, url.data + m.to + m.to_len, url.len - m.to - m.to_len);
}

/* "[Unreleased]: .../compare/v1.0.3...HEAD" goes on from the new tag. */
static void
move_unreleased(struct insert *k, const struct changelog_ref *ref)
{
	const struct changelog *c = k->c;
	struct changelog_compare m;
	struct bytes url = slice(c, ref->url, ref->url_len), old = { "", 0 };

	if (!changelog_compare_in(url, &m))
		return;
	if (c->newest != CHANGELOG_NONE)
		old = slice(c, c->items[c->newest].word, c->items[c->newest].wlen);
	put_tag(k, (struct bytes) { url.data + m.from, m.from_len }, old,
	    splice(k, ref->url + m.from, m.from_len));
}

static bool
is_inside(const struct changelog *c, size_t heading, size_t at)
{
	struct bytes body;
	size_t from;

	if (heading == CHANGELOG_NONE)
		return false;
	body = changelog_body(c, heading);
	from = (size_t)(body.data - c->text.data);
	return at >= from && at < from + body.len;
}

static void
insert_links(struct insert *k)
{
	const struct changelog *c = k->c;
	struct changelog_ref u, n, same;
	bool has_u = changelog_find_ref(c, 0, bytes_of("unreleased"), &u), has_n = false;
	struct str line = STR_EMPTY;

	/* One among the text that moves goes with it. */
	if (has_u && is_inside(c, c->unreleased, u.at))
		has_u = false;
	if (c->newest != CHANGELOG_NONE)
		has_n = changelog_find_ref(c, 0,
		    slice(c, c->items[c->newest].word, c->items[c->newest].wlen), &n);
	if ((!has_u && !has_n) ||
	    changelog_find_ref(c, 0, bytes_of(k->r->version), &same))
		return;
	put_new_link(k, has_u ? &u : NULL, has_n ? &n : NULL, &line);
	if (has_u)
		move_unreleased(k, &u);
	if (has_n && is_inside(c, c->newest, n.at)) {
		str_puts(&k->link, str_text(&line));
	} else {
		struct str *out = splice(k, has_n ? n.at : u.next, 0);

		if (!has_n && u.next == c->text.len && c->text.data[u.next - 1] != '\n')
			str_printf(out, "%s%s", eol(k), str_text(&line));
		else
			str_printf(out, "%s%s", str_text(&line), eol(k));
	}
	str_fini(&line);
}

/* -- the whole -- */

static int
by_position(const void *a, const void *b)
{
	const struct splice *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

static size_t
count_sections(const struct changelog *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->count; i++)
		n += c->items[i].kind == CHANGELOG_VERSION;
	return n;
}

static enum err_code
refuse(const struct insert *k, struct err *e)
{
	err_set(e, ERR_UNSUPPORTED,
	    "%s has a form in which a new section would not be found again", k->c->name);
	err_hint(e, "write the section of %s by hand, and commit it", k->r->version);
	return ERR_UNSUPPORTED;
}

/* The file with its pieces; false when two of them meet, as links in the middle of what moves do.
 */
static bool
join(struct insert *k, struct str *out)
{
	const struct bytes text = k->c->text;
	size_t done = 0;
	bool apart = true;

	qsort(k->items, k->count, sizeof k->items[0], by_position);
	for (size_t i = 0; i < k->count; i++) {
		apart = apart && k->items[i].at >= done;
		if (apart) {
			str_append(out, text.data + done, k->items[i].at - done);
			str_append(out, str_text(&k->items[i].text), k->items[i].text.len);
			done = k->items[i].at + k->items[i].len;
		}
		str_fini(&k->items[i].text);
	}
	if (apart)
		str_append(out, text.data + done, text.len - done);
	return apart;
}

/* The result is read again: one section more, and the one that was wanted. */
static enum err_code
prove(const struct insert *k, const struct str *after, struct err *e)
{
	struct changelog again = CHANGELOG_EMPTY;
	enum err_code rc = changelog_parse((struct bytes) { str_text(after), after->len },
	    k->c->name, k->c->prefix, &again, e);

	if (rc == ERR_OK && (count_sections(&again) != count_sections(k->c) + 1 ||
				changelog_section_of(&again, k->r->version) == CHANGELOG_NONE))
		rc = refuse(k, e);
	changelog_fini(&again);
	return rc;
}

enum err_code
changelog_insert(const struct changelog *c, const struct changelog_release *release,
    struct str *out, struct err *e)
{
	struct insert k = { .c = c, .r = release, .link = STR_EMPTY };
	struct str text = STR_EMPTY;
	enum err_code rc;

	if (changelog_section_of(c, release->version) != CHANGELOG_NONE)
		return err_set(e, ERR_EXISTS, "it has a section of %s", release->version);
	insert_links(&k);
	if (c->unreleased != CHANGELOG_NONE)
		insert_below_unreleased(&k);
	else
		insert_on_its_own(&k);
	rc = join(&k, &text) ? prove(&k, &text, e) : refuse(&k, e);
	str_fini(&k.link);
	if (rc == ERR_OK)
		str_append(out, str_text(&text), text.len);
	str_fini(&text);
	return rc;
}
