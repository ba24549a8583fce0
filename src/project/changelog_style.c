/* Style by example: how the newest section is written. */
#include <string.h>
#include <strings.h>

#include "changelog_private.h"
#include "slipway/base/mem.h"

static struct bytes
slice(const struct changelog *c, size_t at, size_t len)
{
	return (struct bytes) { c->text.data + at, len };
}

/* Past emphasis, emoji and other marks: where letters begin. */
static struct bytes
plain_title(struct bytes b)
{
	while (b.len > 0 && !((b.data[0] >= 'a' && b.data[0] <= 'z') ||
				(b.data[0] >= 'A' && b.data[0] <= 'Z'))) {
		b.data++;
		b.len--;
	}
	while (b.len > 0 && strchr("*: \t", b.data[b.len - 1]) != NULL)
		b.len--;
	return b;
}

bool
changelog_same_title(struct bytes heading, const char *title)
{
	struct bytes a = plain_title(heading), b = plain_title(bytes_of(title));

	if (b.len == 0 || a.len < b.len || strncasecmp(a.data, b.data, b.len) != 0)
		return bytes_equal(bytes_trim(heading), bytes_trim(bytes_of(title)));
	/* "Deprecated (removed in v2.2.0)" is Deprecated; "Fixed bugs" is not Fixed. */
	a = bytes_trim((struct bytes) { a.data + b.len, a.len - b.len });
	return a.len == 0 || a.data[0] == '(' || a.data[0] == ':';
}

static void
add_title(struct changelog *c, struct bytes title)
{
	char *text;

	for (size_t i = 0; i < c->titles.count; i++)
		if (changelog_same_title(title, c->titles.items[i]) ||
		    bytes_is(title, c->titles.items[i]))
			return;
	text = mem_strndup(title.data, title.len);
	/* What was said of one release in brackets does not go for the next. */
	if (strchr(text, '(') != NULL && strchr(text, '(') > text) {
		*strchr(text, '(') = '\0';
		while (text[0] != '\0' && text[strlen(text) - 1] == ' ')
			text[strlen(text) - 1] = '\0';
	}
	if (text[0] != '\0')
		strlist_add(&c->titles, text);
	mem_set(&text, NULL);
}

static bool
next_is_blank(const struct changelog *c, size_t at)
{
	struct changelog_line l;

	if (at >= c->text.len)
		return true;
	l = changelog_line_at(c->text, at);
	return changelog_line_is_blank(c->text, &l);
}

static void
copy_part(char *out, size_t size, struct bytes b)
{
	if (b.len >= size)
		return;
	memcpy(out, b.data, b.len);
	out[b.len] = '\0';
}

static void
read_category(struct changelog *c, const struct changelog_heading *h)
{
	struct changelog_style *s = &c->style;
	struct changelog_line l = changelog_line_at(c->text, h->line);

	s->categories = true;
	s->air_category = next_is_blank(c, h->end);
	copy_part(s->open, sizeof s->open, slice(c, l.at, h->text - l.at));
	copy_part(s->close, sizeof s->close,
	    slice(c, h->text + h->len, l.at + l.len - h->text - h->len));
	s->under = h->ulen > 0 ? c->text.data[h->under] : '\0';
}

/* "- text", "* text", " - text": the bullet with the spaces around it; the offset of the text. */
static size_t
bullet_of(struct bytes line, char out[8])
{
	size_t i = 0, k;

	while (i < line.len && i < 3 && line.data[i] == ' ')
		i++;
	if (i + 1 >= line.len || strchr("-*+", line.data[i]) == NULL || line.data[i] == '\0')
		return 0;
	for (k = i + 1; k < line.len && k < 7 && line.data[k] == ' '; k++)
		;
	if (k == i + 1 || k == line.len)
		return 0;
	memcpy(out, line.data, k);
	out[k] = '\0';
	return k;
}

static bool
is_scoped(struct bytes text)
{
	const char *colon = memchr(text.data, ':', text.len);

	return text.len > 5 && memcmp(text.data, "**", 2) == 0 && colon != NULL &&
	       (memchr(text.data, ' ', text.len) == NULL ||
		   colon < (const char *)memchr(text.data, ' ', text.len));
}

/* The first entry decides on bullets and capitals; any entry on scopes. */
static void
read_entries(struct changelog *c, struct bytes body)
{
	struct bytes rest = body, line;
	bool first = true;

	while (bytes_line(&rest, &line)) {
		char bullet[8];
		size_t at = bullet_of(line, bullet);
		struct bytes text = { line.data + at, line.len - at };

		if (at == 0)
			continue;
		if (is_scoped(text))
			c->style.scope = true;
		if (first) {
			memcpy(c->style.bullet, bullet, sizeof bullet);
			c->style.capital = !(text.data[0] >= 'a' && text.data[0] <= 'z');
		}
		first = false;
	}
}

/* Blank lines in front of what follows the newest section, or of itself. */
static int
gap_before(const struct changelog *c, size_t at)
{
	int gap = 0;

	while (at > 0) {
		size_t line = at - 1;
		struct changelog_line l;

		while (line > 0 && c->text.data[line - 1] != '\n')
			line--;
		l = changelog_line_at(c->text, line);
		if (!changelog_line_is_blank(c->text, &l))
			break;
		gap++;
		at = line;
	}
	return gap > 3 ? 3 : gap;
}

static size_t
section_behind(const struct changelog *c, size_t at)
{
	for (size_t i = at + 1; at != CHANGELOG_NONE && i < c->count; i++)
		if (c->items[i].kind == CHANGELOG_VERSION)
			return i;
	return CHANGELOG_NONE;
}

static void
read_sections(struct changelog *c)
{
	bool category = false, entries = false;
	size_t sections = 0;

	for (size_t i = 0; i < c->count; i++) {
		const struct changelog_heading *h = &c->items[i];

		if (h->kind == CHANGELOG_CATEGORY) {
			add_title(c, slice(c, h->text, h->len));
			/* A newest section without them says that they are not used. */
			if (!category && (sections <= 1 || !entries)) {
				read_category(c, h);
				category = true;
			}
		} else if (h->kind == CHANGELOG_VERSION) {
			struct bytes body = changelog_body(c, i);

			sections++;
			if (!entries && memchr(body.data, '-', body.len) == NULL &&
			    memchr(body.data, '*', body.len) == NULL)
				continue;
			if (!entries)
				read_entries(c, body);
			entries = true;
		}
	}
	c->style.categories = category || c->newest == CHANGELOG_NONE;
}

void
changelog_read_style(struct changelog *c)
{
	const char *lf = c->text.len > 0 ? memchr(c->text.data, '\n', c->text.len) : NULL;
	size_t older = section_behind(c, c->newest);
	struct changelog_style *s = &c->style;

	*s = (struct changelog_style) {
		.eol = lf != NULL && lf > c->text.data && lf[-1] == '\r' ? "\r\n" : "\n",
		.bullet = "- ",
		.open = "### ",
		.air_heading = true,
		.air_category = true,
		.capital = true,
		.gap = 1,
	};
	if (c->rst) {
		s->open[0] = '\0';
		s->under = '-';
	}
	if (c->newest != CHANGELOG_NONE) {
		const struct changelog_heading *h = &c->items[c->newest];

		s->air_heading = next_is_blank(c, h->end);
		s->gap = gap_before(c, older != CHANGELOG_NONE ? c->items[older].at : h->at);
		if (c->rst && h->ulen > 0)
			s->under = c->text.data[h->under] == '-' ? '~' : '-';
		if (!c->rst && h->level > 0 && h->level < 6) {
			memset(s->open, 0, sizeof s->open);
			memset(s->open, '#', (size_t)h->level + 1);
			s->open[h->level + 1] = ' ';
		}
	}
	read_sections(c);
}
