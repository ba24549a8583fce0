/* Text that is longer or wider than its region. */
#include "slipway/tui/pager.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "slipway/base/mem.h"

#define LEFT_STEP 8
#define LEFT_MAX 100000

static size_t
last_top(const struct pager *p)
{
	size_t rows = p->rows > 0 ? (size_t)p->rows : 1;

	return p->count > rows ? p->count - rows : 0;
}

void
pager_set_count(struct pager *p, size_t count)
{
	p->count = count;
	if (p->follow || p->top > last_top(p))
		p->top = last_top(p);
	if (p->match >= count)
		p->found = false;
}

void
pager_go_to(struct pager *p, size_t line)
{
	size_t rows = p->rows > 0 ? (size_t)p->rows : 1;

	if (line < p->top || line >= p->top + rows)
		p->top = line > rows / 3 ? line - rows / 3 : 0;
	if (p->top > last_top(p))
		p->top = last_top(p);
	p->follow = false;
}

bool
pager_scroll(struct pager *p, int lines)
{
	size_t before = p->top, end = last_top(p);

	if (lines < 0) {
		p->follow = false;
		p->top = p->top > (size_t)-lines ? p->top - (size_t)-lines : 0;
	} else {
		p->top = p->top + (size_t)lines < end ? p->top + (size_t)lines : end;
	}
	return p->top != before;
}

/* --- search --- */

static bool
has_capital(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text >= 'A' && *text <= 'Z')
			return true;
	return false;
}

/* Offset of the next match in LINE from FROM on; its length is that of the search text. */
static bool
find_in(const struct pager *p, struct bytes line, size_t from, size_t *at)
{
	size_t len = strlen(p->search);
	bool exact = has_capital(p->search);

	for (size_t i = from; len > 0 && i + len <= line.len; i++) {
		if (exact ? memcmp(line.data + i, p->search, len) == 0
			  : strncasecmp(line.data + i, p->search, len) == 0) {
			*at = i;
			return true;
		}
	}
	return false;
}

static bool
line_matches(const struct pager *p, size_t index)
{
	struct pager_line line = { .role = ROLE_TEXT };
	size_t at;

	p->fn(p->arg, index, &line);
	return find_in(p, line.text, 0, &at);
}

/* From line START on, around the end. */
static bool
search_from(struct pager *p, size_t start, bool back)
{
	for (size_t i = 0; i < p->count; i++) {
		size_t index = back ? (start + p->count - i) % p->count : (start + i) % p->count;

		if (line_matches(p, index)) {
			p->match = index;
			p->found = true;
			pager_go_to(p, index);
			return true;
		}
	}
	p->found = false;
	return false;
}

bool
pager_search(struct pager *p, const char *text)
{
	size_t len = strlen(text);

	if (len >= sizeof p->search)
		len = sizeof p->search - 1;
	memcpy(p->search, text, len);
	p->search[len] = '\0';
	p->found = false;
	return len > 0 && p->count > 0 && search_from(p, p->top, false);
}

static void
search_again(struct pager *p, bool back)
{
	size_t from;

	if (p->search[0] == '\0' || p->count == 0)
		return;
	from = p->found ? p->match : p->top;
	search_from(p, back ? (from + p->count - 1) % p->count : (from + 1) % p->count, back);
}

bool
pager_act(struct pager *p, enum action a)
{
	int page = p->rows > 1 ? p->rows - 1 : 1;

	if (a == ACT_UP)
		pager_scroll(p, -1);
	else if (a == ACT_DOWN)
		pager_scroll(p, 1);
	else if (a == ACT_PAGE_UP)
		pager_scroll(p, -page);
	else if (a == ACT_PAGE_DOWN)
		pager_scroll(p, page);
	else if (a == ACT_LEFT)
		p->left = p->left > LEFT_STEP ? p->left - LEFT_STEP : 0;
	else if (a == ACT_RIGHT)
		p->left += !p->wrap && p->left < LEFT_MAX ? LEFT_STEP : 0;
	else if (a == ACT_MATCH_NEXT)
		search_again(p, false);
	else if (a == ACT_MATCH_BACK)
		search_again(p, true);
	else if (a == ACT_TOP) {
		p->follow = false;
		p->top = 0;
		p->left = 0;
	} else if (a == ACT_BOTTOM) {
		p->top = last_top(p);
	} else if (a == ACT_WRAP) {
		p->wrap = !p->wrap;
		p->left = 0;
	} else if (a == ACT_FOLLOW) {
		p->follow = !p->follow;
		if (p->follow)
			p->top = last_top(p);
	} else {
		return false;
	}
	return true;
}

/* --- drawing --- */

/* TEXT with its tabs as spaces; *MAP[i] (when not NULL) is where source byte I went. Marks of a
 * search and spans are offsets into the source. */
static void
expand_tabs(struct bytes text, struct str *out, size_t *map)
{
	size_t column = 0, from = 0;

	for (size_t i = 0; i <= text.len; i++) {
		if (i < text.len && text.data[i] != '\t') {
			map[i] = out->len + (i - from);
			continue;
		}
		str_append(out, text.data + from, i - from);
		column += (size_t)text_cells(text.data + from, i - from);
		map[i] = out->len;
		if (i < text.len) {
			str_append(out, "        ", 8 - column % 8);
			column += 8 - column % 8;
		}
		from = i + 1;
	}
}

/* One line at most this many bytes long is drawn; the rest can only matter far outside. */
#define DRAW_MAX 8192

struct draw_line {
	struct str text;
	size_t map[DRAW_MAX + 1];
	size_t source_len;
};

static int
draw_part(const struct draw_line *d, struct region r, int x, int y, size_t from, size_t to,
    enum role role, unsigned int attr)
{
	size_t start = d->map[from], end = d->map[to];
	int next = region_bytes(r, x, y, role, str_text(&d->text) + start, end - start);

	if (attr != 0)
		region_attr(r, x, y, next - x, attr);
	return next;
}

static void
mark_matches(const struct pager *p, const struct draw_line *d, struct bytes source, struct region r,
    int x, int y)
{
	size_t at = 0, len = strlen(p->search);

	while (find_in(p, source, at, &at) && at + len <= d->source_len) {
		const char *text = str_text(&d->text);
		int before = text_cells(text, d->map[at]);
		int cells = text_cells(text + d->map[at], d->map[at + len] - d->map[at]);

		region_role(r, x + before, y, cells, ROLE_MATCH);
		at += len;
	}
}

/* Draws LINE so that column 0 of its text lies at X (negative when scrolled) of row Y. */
static int
draw_text(const struct pager *p, const struct pager_line *line, struct region r, int x, int y)
{
	struct draw_line *d = mem_zalloc(1, sizeof *d);
	struct bytes source = line->text;
	int at = x, cells;

	if (source.len > DRAW_MAX)
		source.len = DRAW_MAX;
	d->source_len = source.len;
	expand_tabs(source, &d->text, d->map);
	if (line->span_count == 0)
		at = draw_part(d, r, at, y, 0, source.len, line->role, 0);
	for (size_t i = 0; i < line->span_count; i++) {
		const struct pager_span *s = &line->spans[i];
		size_t from = s->at < source.len ? s->at : source.len;
		size_t to = i + 1 < line->span_count ? s[1].at : source.len;

		if (i == 0 && from > 0)
			at = draw_part(d, r, at, y, 0, from, line->role, 0);
		if (to > source.len)
			to = source.len;
		if (to > from)
			at = draw_part(d, r, at, y, from, to, s->role, s->attr);
	}
	mark_matches(p, d, source, r, x, y);
	cells = at - x;
	str_fini(&d->text);
	free(d);
	return cells;
}

/* Draws line INDEX at row Y; returns the rows it took. */
static int
draw_line(struct pager *p, struct region r, size_t index, int y)
{
	struct pager_line line = { .role = ROLE_TEXT };
	struct region body;
	int x = 0, cells, rows = 1;

	p->fn(p->arg, index, &line);
	if (line.gutter[0] != '\0')
		x = region_text(r, 0, y, ROLE_LINE_NUMBER, line.gutter) + 1;
	if (line.sign != NULL) {
		region_text(r, x, y, line.role, line.sign);
		x += 2;
	}
	body = region_sub(r, x, y, r.w - x, 1);
	cells = draw_text(p, &line, body, p->wrap ? 0 : -p->left, 0);
	if (!p->wrap) {
		if (cells - p->left > body.w && body.w > 0)
			region_put(body, body.w - 1, 0, ROLE_DIM, "…");
		return 1;
	}
	for (int done = body.w; done < cells && body.w > 0 && y + rows < r.h;
	     done += body.w, rows++)
		draw_text(p, &line, region_sub(r, x, y + rows, r.w - x, 1), -done, 0);
	return rows;
}

/* With wrapped lines the end is fewer lines away than there are rows. */
static void
show_wrapped_end(struct pager *p, struct region r)
{
	struct region measure = { .surface = r.surface, .x = r.x, .y = r.y, .w = r.w, .h = 0 };
	int used = 0;

	p->top = p->count;
	while (p->top > 0) {
		struct pager_line line = { .role = ROLE_TEXT };
		int cells, width;

		p->fn(p->arg, p->top - 1, &line);
		width = r.w - (int)strlen(line.gutter) - (line.gutter[0] != '\0') -
			(line.sign != NULL ? 2 : 0);
		cells = draw_text(p, &line, measure, 0, 0);
		used += cells > width && width > 0 ? (cells + width - 1) / width : 1;
		if (used > r.h)
			break;
		p->top--;
	}
}

void
pager_draw(struct pager *p, struct region r)
{
	int y = 0;

	p->rows = r.h;
	p->cols = r.w;
	pager_set_count(p, p->count);
	if (p->wrap && p->follow)
		show_wrapped_end(p, r);
	for (size_t i = p->top; i < p->count && y < r.h; i++)
		y += draw_line(p, r, i, y);
}

/* --- a text of its own --- */

static void
text_line(void *arg, size_t index, struct pager_line *out)
{
	const struct pager_text *t = arg;
	char first;

	out->text = t->lines[index];
	first = out->text.len > 0 ? out->text.data[0] : ' ';
	if (!t->diff)
		return;
	if (first == '+')
		out->role = ROLE_ADDED;
	else if (first == '-')
		out->role = ROLE_REMOVED;
	else if (first == '@')
		out->role = ROLE_HUNK;
	else if (first == 'd')
		out->role = ROLE_TITLE;
}

void
pager_set_text(struct pager *p, struct pager_text *t, const char *text, size_t len)
{
	struct bytes rest, line;

	str_clear(&t->text);
	str_append(&t->text, text, len);
	t->count = 0;
	rest = (struct bytes) { str_text(&t->text), t->text.len };
	while (bytes_line(&rest, &line)) {
		t->lines = mem_grow(t->lines, &t->cap, t->count + 1, sizeof *t->lines);
		t->lines[t->count++] = line;
	}
	p->fn = text_line;
	p->arg = t;
	p->top = 0;
	p->left = 0;
	pager_set_count(p, t->count);
}

void
pager_text_fini(struct pager_text *t)
{
	str_fini(&t->text);
	free(t->lines);
	memset(t, 0, sizeof *t);
}
