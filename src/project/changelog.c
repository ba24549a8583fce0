/* Reading a changelog by lines: what is a heading, which of them is a version, and what is only
 * quoted. Nothing here is written: see changelog_insert.c. */
#include "slipway/project/changelog.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "changelog_private.h"
#include "slipway/base/mem.h"
#include "slipway/base/utf8.h"
#include "slipway/project/version.h"

/* What reading goes through, line by line. */
struct scan {
	struct changelog *c;
	const char *prefix;
	char fence;	   /* '`' or '~' inside a fence */
	size_t fence_len;
	bool comment, matter;
	char unders[16];   /* rst: characters of underlines in the order of their levels */
	size_t line;
};

struct changelog_line
changelog_line_at(struct bytes text, size_t at)
{
	const char *lf = memchr(text.data + at, '\n', text.len - at);
	size_t end = lf != NULL ? (size_t)(lf - text.data) : text.len;
	struct changelog_line l = { at, end - at, lf != NULL ? end + 1 : end };

	if (l.len > 0 && text.data[at + l.len - 1] == '\r')
		l.len--;
	return l;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t';
}

bool
changelog_line_is_blank(struct bytes text, const struct changelog_line *l)
{
	for (size_t i = 0; i < l->len; i++)
		if (!is_space(text.data[l->at + i]))
			return false;
	return true;
}

static bool
starts(struct bytes b, const char *text)
{
	size_t len = strlen(text);

	return b.len >= len && memcmp(b.data, text, len) == 0;
}

static struct bytes
line_bytes(struct bytes text, const struct changelog_line *l)
{
	return (struct bytes) { text.data + l->at, l->len };
}

static bool
contains(struct bytes b, const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i + len <= b.len; i++)
		if (memcmp(b.data + i, text, len) == 0)
			return true;
	return false;
}

/* -- what is not read for headings -- */

/* An opening or closing fence: three or more of one character; no backtick behind an opening one,
 * so that ```code``` is a paragraph. */
static bool
fence_turns(struct scan *s, struct bytes b)
{
	size_t indent = 0, n = 0;
	char ch;

	while (indent < b.len && b.data[indent] == ' ')
		indent++;
	if (indent > 3 || indent == b.len)
		return false;
	ch = b.data[indent];
	if ((ch != '`' && ch != '~') || (s->fence != 0 && ch != s->fence))
		return false;
	while (indent + n < b.len && b.data[indent + n] == ch)
		n++;
	b.data += indent + n;
	b.len -= indent + n;
	if (n < 3)
		return false;
	if (s->fence != 0) {
		if (n < s->fence_len || bytes_trim(b).len > 0)
			return false;
		s->fence = 0;
		return true;
	}
	if (ch == '`' && memchr(b.data, '`', b.len) != NULL)
		return false;
	s->fence = ch;
	s->fence_len = n;
	return true;
}

/* A comment from its opening on; true while the line belongs to one that goes over lines. */
static bool
in_comment(struct scan *s, struct bytes b)
{
	bool was = s->comment;
	size_t i = 0;

	while (i < b.len) {
		struct bytes rest = { b.data + i, b.len - i };

		if (!s->comment && starts(rest, "<!--")) {
			s->comment = true;
			i += 4;
		} else if (s->comment && starts(rest, "-->")) {
			s->comment = false;
			i += 3;
		} else {
			i++;
		}
	}
	return was;
}

static const char *const markers[] = { "<!-- towncrier release notes start -->",
	".. towncrier release notes start", "<!-- version list -->", "<!-- next-header -->" };

static void
note_marker(struct scan *s, struct bytes b, size_t next)
{
	for (size_t i = 0; i < ARRAY_LEN(markers); i++)
		if (s->c->marker == CHANGELOG_NONE && starts(b, markers[i]))
			s->c->marker = next;
}

/* True when the line is none of the text. */
static bool
is_passed_over(struct scan *s, const struct changelog_line *l)
{
	struct bytes b = line_bytes(s->c->text, l);

	if (s->line == 1 && !s->c->rst && bytes_is(b, "---")) {
		s->matter = true;
		return true;
	}
	if (s->matter) {
		s->matter = !bytes_is(b, "---") && !bytes_is(b, "...");
		return true;
	}
	if (!s->comment && !s->c->rst && (fence_turns(s, b) || s->fence != 0))
		return true;
	if (s->fence == 0 && !s->comment)
		note_marker(s, bytes_trim(b), l->next);
	return !s->c->rst && in_comment(s, b);
}

/* -- headings -- */

static bool
is_run_of(struct bytes b, const char *characters)
{
	size_t n = 0;

	if (b.len == 0 || b.data[0] == '\0' || strchr(characters, b.data[0]) == NULL)
		return false;
	while (n < b.len && b.data[n] == b.data[0])
		n++;
	while (n < b.len && is_space(b.data[n]))
		n++;
	return n == b.len;
}

static int
level_of_underline(struct scan *s, char ch)
{
	char *at = strchr(s->unders, ch);
	size_t len = strlen(s->unders);

	if (!s->c->rst)
		return ch == '=' ? 1 : 2;
	if (at == NULL && len + 1 < sizeof s->unders) {
		s->unders[len] = ch;
		at = s->unders + len;
	}
	return at != NULL ? (int)(at - s->unders) + 1 : (int)sizeof s->unders;
}

/* "## text ##" */
static bool
atx_heading(struct bytes text, const struct changelog_line *l, struct changelog_heading *h)
{
	struct bytes b = line_bytes(text, l);
	size_t i = 0, n = 0, end, level;

	while (i < b.len && i < 3 && b.data[i] == ' ')
		i++;
	while (i + n < b.len && b.data[i + n] == '#')
		n++;
	level = n;
	if (n == 0 || n > 6 || (i + n < b.len && !is_space(b.data[i + n])))
		return false;
	i += n;
	while (i < b.len && is_space(b.data[i]))
		i++;
	end = b.len;
	while (end > i && is_space(b.data[end - 1]))
		end--;
	n = end;
	while (n > i && b.data[n - 1] == '#')
		n--;
	if (n == i || is_space(b.data[n - 1])) {
		end = n;
		while (end > i && is_space(b.data[end - 1]))
			end--;
	}
	*h = (struct changelog_heading) { .at = l->at,
		.end = l->next,
		.line = l->at,
		.text = l->at + i,
		.len = end - i,
		.level = (int)level };
	return true;
}

/* A line of emphasis alone, as some write categories: "**Added**", "***Added:***". */
static bool
bold_heading(struct bytes text, const struct changelog_line *l, struct changelog_heading *h)
{
	struct bytes b = bytes_trim(line_bytes(text, l));
	size_t n = 0, end;

	while (n < b.len && b.data[n] == '*')
		n++;
	end = b.len;
	if (end > 0 && b.data[end - 1] == ':')
		end--;
	if (n < 2 || n > 3 || end < 2 * n + 1 || l->len == 0 || text.data[l->at] != '*')
		return false;
	for (size_t i = 0; i < n; i++)
		if (b.data[end - 1 - i] != '*')
			return false;
	for (size_t i = n; i < end - n; i++)
		if (b.data[i] == '*')
			return false;
	end -= n;
	if (b.data[end - 1] == ':')
		end--;
	*h = (struct changelog_heading) { .at = l->at,
		.end = l->next,
		.line = l->at,
		.text = (size_t)(b.data - text.data) + n,
		.len = end - n,
		.level = 9 };
	return h->len > 0;
}

/* Text with a line of punctuation below it, and perhaps one above. */
static bool
underlined_heading(struct scan *s, const struct changelog_line *l, bool after_blank,
    struct changelog_heading *h)
{
	struct bytes text = s->c->text, b = line_bytes(text, l), under;
	struct changelog_line next;
	const char *allowed = s->c->rst ? "=-~^\"'#*+_:.`" : "=-";

	if (l->next >= text.len || changelog_line_is_blank(text, l) || is_space(b.data[0]))
		return false;
	next = changelog_line_at(text, l->next);
	under = line_bytes(text, &next);
	if (!is_run_of(under, allowed) || under.len < (s->c->rst ? 3 : 2) ||
	    is_run_of(b, allowed) || (!after_blank && !s->c->rst))
		return false;
	if (!s->c->rst && strchr("#>*+-|`~<", b.data[0]) != NULL)
		return false;
	*h = (struct changelog_heading) { .at = l->at,
		.end = next.next,
		.line = l->at,
		.text = l->at,
		.len = bytes_trim(b).len,
		.under = next.at,
		.ulen = bytes_trim(under).len,
		.level = level_of_underline(s, under.data[0]) };
	return true;
}

/* -- which version -- */

static bool
is_word_end(char c)
{
	return is_space(c) || strchr("]()[,:*`_\"|", c) != NULL;
}

static bool
is_version(struct bytes word)
{
	struct version v = VERSION_EMPTY;
	bool yes;

	/* A number alone is a year or the number of a chapter. */
	if (word.len == 0 || memchr(word.data, '.', word.len) == NULL)
		return false;
	yes = version_parse_bytes(word, &v, NULL) == ERR_OK;
	version_fini(&v);
	return yes;
}

static bool
starts_word(struct bytes b, const char *word)
{
	size_t len = strlen(word);

	return b.len >= len && strncasecmp(b.data, word, len) == 0 &&
	       (b.len == len || is_word_end(b.data[len]) || b.data[len] == '-');
}

static void
advance(struct bytes *b, size_t n)
{
	b->data += n;
	b->len -= n;
}

/* B without markup, and without the words that may stand in front of a version. */
static void
skip_to_word(struct bytes *b, const char *prefix)
{
	static const char *const words[] = { "version", "release" };

	while (b->len > 0 && strchr("[*`_ \t\"", b->data[0]) != NULL)
		advance(b, 1);
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (starts_word(*b, words[i])) {
			advance(b, strlen(words[i]));
			while (b->len > 0 && is_space(b->data[0]))
				advance(b, 1);
		}
	while (b->len > 0 && strchr("[*`_", b->data[0]) != NULL)
		advance(b, 1);
	if (prefix != NULL && prefix[0] != '\0' && starts(*b, prefix))
		advance(b, strlen(prefix));
	else if (b->len > 1 && (b->data[0] == 'v' || b->data[0] == 'V') && b->data[1] >= '0' &&
		 b->data[1] <= '9')
		advance(b, 1);
}

static bool
mentions_ignoring_case(struct bytes b, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i + len <= b.len; i++)
		if (strncasecmp(b.data + i, word, len) == 0)
			return true;
	return false;
}

static void
classify(struct scan *s, struct changelog_heading *h)
{
	struct bytes text = { s->c->text.data + h->text, h->len }, b = text;
	size_t n = 0;

	skip_to_word(&b, s->prefix);
	if (starts_word(b, "unreleased")) {
		h->kind = CHANGELOG_UNRELEASED;
		return;
	}
	while (n < b.len && !is_word_end(b.data[n]))
		n++;
	b.len = n;
	if (!is_version(b))
		return;
	h->kind = mentions_ignoring_case(text, "unreleased") ? CHANGELOG_UNRELEASED
							       : CHANGELOG_VERSION;
	h->word = (size_t)(b.data - s->c->text.data);
	h->wlen = b.len;
	h->yanked = mentions_ignoring_case(text, "[yanked]");
}

/* -- the whole -- */

/* Where the labels in front of the heading begin that name its version: ".. _v1.0:" or "<a id=". */
static void
take_labels(struct changelog *c, struct changelog_heading *h, size_t floor)
{
	char *word = mem_strndup(c->text.data + h->word, h->wlen);

	for (size_t at = h->at; at > floor;) {
		size_t line = at - 1;
		struct changelog_line l;
		struct bytes b;

		while (line > floor && c->text.data[line - 1] != '\n')
			line--;
		l = changelog_line_at(c->text, line);
		b = line_bytes(c->text, &l);
		at = line;
		if (changelog_line_is_blank(c->text, &l))
			continue;
		if (!((starts(b, ".. _") || starts(b, "<a ")) && contains(b, word)))
			break;
		h->at = line;
	}
	free(word);
}

static void
add_heading(struct scan *s, struct changelog_heading *h)
{
	struct changelog *c = s->c;
	size_t floor = c->count > 0 ? c->items[c->count - 1].end : 0;

	classify(s, h);
	if (h->kind == CHANGELOG_VERSION && h->wlen > 0)
		take_labels(c, h, floor);
	c->items = mem_grow(c->items, &c->cap, c->count + 1, sizeof c->items[0]);
	c->items[c->count++] = *h;
}

/* A line above the text belongs to a heading of reStructuredText. */
static size_t
take_overline(struct bytes text, const struct changelog_heading *h, size_t previous)
{
	struct changelog_line l = changelog_line_at(text, previous);

	if (previous < h->at && l.next == h->at && h->ulen > 0 && l.len > 0 &&
	    is_run_of(line_bytes(text, &l), "=-~^\"'#*+_:.`") &&
	    text.data[l.at] == text.data[h->under])
		return l.at;
	return h->at;
}

static void
scan_lines(struct scan *s)
{
	struct bytes text = s->c->text;
	size_t at = starts(text, "\xef\xbb\xbf") ? 3 : 0, previous = at;
	bool after_blank = true;

	while (at < text.len) {
		struct changelog_line l = changelog_line_at(text, at);
		struct changelog_heading h;
		size_t next = l.next;

		s->line++;
		if (!is_passed_over(s, &l)) {
			bool found = (!s->c->rst && atx_heading(text, &l, &h)) ||
				     underlined_heading(s, &l, after_blank, &h) ||
				     (!s->c->rst && bold_heading(text, &l, &h));

			if (found) {
				if (s->c->rst)
					h.at = take_overline(text, &h, previous);
				add_heading(s, &h);
				next = h.end;
			}
			after_blank = found || changelog_line_is_blank(text, &l);
		}
		previous = at;
		at = next;
	}
}

/* Sections stand on one level: deeper headings with a version are part of them, and what is no
 * version there is prose. */
static void
settle(struct changelog *c)
{
	int level = 0;

	for (size_t i = 0; i < c->count; i++) {
		struct changelog_heading *h = &c->items[i];

		if (h->kind == CHANGELOG_VERSION || h->kind == CHANGELOG_UNRELEASED) {
			if (level == 0)
				level = h->level;
			if (h->level > level)
				h->kind = CHANGELOG_OTHER;
		}
		if (h->kind == CHANGELOG_OTHER && level > 0 && h->level > level && h->wlen == 0)
			h->kind = CHANGELOG_CATEGORY;
	}
	for (size_t i = 0; i < c->count; i++) {
		const struct changelog_heading *h = &c->items[i];

		if (h->kind == CHANGELOG_UNRELEASED && c->unreleased == CHANGELOG_NONE &&
		    c->newest == CHANGELOG_NONE)
			c->unreleased = i;
		if (h->kind == CHANGELOG_VERSION && c->newest == CHANGELOG_NONE)
			c->newest = i;
	}
}

/* The run of definitions at the end of the file. */
static void
find_links(struct changelog *c)
{
	size_t floor = c->count > 0 ? c->items[c->count - 1].end : 0, at = c->text.len;

	c->links = c->text.len;
	while (at > floor) {
		size_t line = at - 1;
		struct changelog_line l;
		struct changelog_ref ref;

		while (line > floor && c->text.data[line - 1] != '\n')
			line--;
		l = changelog_line_at(c->text, line);
		if (changelog_ref_at(c->text, &l, &ref))
			c->links = line;
		else if (!changelog_line_is_blank(c->text, &l))
			break;
		at = line;
	}
}

enum err_code
changelog_parse(struct bytes text, const char *name, const char *prefix, struct changelog *out,
    struct err *e)
{
	struct changelog c = { .text = text,
		.name = name,
		.prefix = prefix,
		.rst = !text_ends(name, ".md") && !text_ends(name, ".markdown"),
		.unreleased = CHANGELOG_NONE,
		.newest = CHANGELOG_NONE,
		.marker = CHANGELOG_NONE };
	struct scan s = { .c = &c, .prefix = prefix };

	if (text.len > CHANGELOG_MAX_BYTES)
		return err_set(e, ERR_LIMIT, "%s is longer than %zu MiB", name,
		    CHANGELOG_MAX_BYTES >> 20);
	if (!utf8_valid(text.data, text.len))
		return err_set(e, ERR_INVALID, "%s is not UTF-8", name);
	/* A name without an ending says nothing: what it opens its headings with does. */
	if (strrchr(name, '.') == NULL && (starts(text, "# ") || contains(text, "\n## ")))
		c.rst = false;
	if (text.len > 0)
		scan_lines(&s);
	settle(&c);
	find_links(&c);
	changelog_read_style(&c);
	*out = c;
	return ERR_OK;
}

void
changelog_fini(struct changelog *c)
{
	free(c->items);
	strlist_fini(&c->titles);
	*c = (struct changelog)CHANGELOG_EMPTY;
}

size_t
changelog_section_of(const struct changelog *c, const char *version)
{
	struct version wanted = VERSION_EMPTY;
	size_t found = CHANGELOG_NONE;

	if (version_parse(version, &wanted, NULL) != ERR_OK)
		return CHANGELOG_NONE;
	for (size_t i = 0; i < c->count && found == CHANGELOG_NONE; i++) {
		const struct changelog_heading *h = &c->items[i];
		struct version v = VERSION_EMPTY;

		if (h->kind == CHANGELOG_VERSION &&
		    version_parse_bytes((struct bytes) { c->text.data + h->word, h->wlen }, &v,
			NULL) == ERR_OK &&
		    version_compare(&v, &wanted) == 0)
			found = i;
		version_fini(&v);
	}
	version_fini(&wanted);
	return found;
}

struct bytes
changelog_body(const struct changelog *c, size_t at)
{
	size_t from = c->items[at].end, end = c->text.len;

	for (size_t i = at + 1; i < c->count; i++) {
		enum changelog_kind kind = c->items[i].kind;

		if (kind == CHANGELOG_VERSION || kind == CHANGELOG_UNRELEASED) {
			end = c->items[i].at;
			break;
		}
	}
	if (end > c->links && c->links >= from)
		end = c->links;
	return (struct bytes) { c->text.data + from, end > from ? end - from : 0 };
}
