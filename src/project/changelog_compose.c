/* The body of the new section: what is written by hand, with a draft merged below it. */
#include <stdlib.h>
#include <string.h>

#include "changelog_private.h"
#include "slipway/base/mem.h"
#include "slipway/base/utf8.h"

struct compose {
	const struct changelog *c;
	const struct changelog_group *groups;
	size_t count;
	bool *used; /* which groups are merged already */
	struct str *out;
};

static void
put_category(struct compose *k, const char *title)
{
	const struct changelog_style *s = &k->c->style;

	str_printf(k->out, "%s%s%s%s", s->open, title, s->close, s->eol);
	if (s->under != '\0') {
		for (size_t i = utf8_width(title, strlen(title)); i > 0; i--)
			str_putc(k->out, s->under);
		str_puts(k->out, s->eol);
	}
	if (s->air_category)
		str_puts(k->out, s->eol);
}

static void
put_entries(struct compose *k, const struct strlist *entries)
{
	const struct changelog_style *s = &k->c->style;

	for (size_t i = 0; i < entries->count; i++)
		str_printf(k->out, "%s%s%s", s->bullet, entries->items[i], s->eol);
}

/* Behind the last line of B that is not blank. */
static size_t
core_end(struct bytes b)
{
	size_t end = 0;

	for (size_t at = 0; at < b.len;) {
		struct changelog_line l = changelog_line_at(b, at);

		if (!changelog_line_is_blank(b, &l))
			end = l.next;
		at = l.next;
	}
	return end;
}

static void
close_line(struct compose *k)
{
	if (k->out->len > 0 && k->out->data[k->out->len - 1] != '\n')
		str_puts(k->out, k->c->style.eol);
}

/* The groups that found no category of theirs. */
static void
put_rest(struct compose *k, bool first)
{
	for (size_t i = 0; i < k->count; i++) {
		const struct changelog_group *g = &k->groups[i];

		if (k->used[i] || g->entries->count == 0)
			continue;
		close_line(k);
		if (!first && (g->title[0] != '\0'))
			str_puts(k->out, k->c->style.eol);
		if (g->title[0] != '\0')
			put_category(k, g->title);
		put_entries(k, g->entries);
		first = false;
	}
}

/* The group that belongs below the heading, once; COUNT when there is none. */
static size_t
group_for(struct compose *k, const struct changelog_heading *h)
{
	struct bytes title = { k->c->text.data + h->text, h->len };

	for (size_t i = 0; i < k->count; i++)
		if (!k->used[i] && k->groups[i].entries->count > 0 &&
		    k->groups[i].title[0] != '\0' &&
		    changelog_same_title(title, k->groups[i].title))
			return i;
	return k->count;
}

static bool
is_in(const struct changelog *c, size_t heading, struct bytes body)
{
	size_t from = (size_t)(body.data - c->text.data);

	return heading < c->count && c->items[heading].at >= from &&
	       c->items[heading].at < from + body.len;
}

/* A group that no heading of BODY is for. */
static bool
is_new(const struct compose *k, size_t group, size_t unreleased, struct bytes body)
{
	const struct changelog *c = k->c;

	for (size_t i = unreleased + 1; is_in(c, i, body); i++)
		if (changelog_same_title(
			(struct bytes) { c->text.data + c->items[i].text, c->items[i].len },
			k->groups[group].title))
			return false;
	return k->groups[group].title[0] != '\0';
}

/* New categories that come before that of heading H, by the order of the groups. */
static void
put_before(struct compose *k, const struct changelog_heading *h, size_t unreleased,
    struct bytes body)
{
	struct bytes title = { k->c->text.data + h->text, h->len };
	size_t rank = 0;

	while (rank < k->count && !changelog_same_title(title, k->groups[rank].title))
		rank++;
	for (size_t i = 0; rank < k->count && i < rank; i++) {
		if (k->used[i] || k->groups[i].entries->count == 0 ||
		    !is_new(k, i, unreleased, body))
			continue;
		put_category(k, k->groups[i].title);
		put_entries(k, k->groups[i].entries);
		str_puts(k->out, k->c->style.eol);
		k->used[i] = true;
	}
}

/* The hand-written text as it is, with entries below those of their category. */
static void
merge(struct compose *k, size_t unreleased, struct bytes body)
{
	const struct changelog *c = k->c;
	size_t base = (size_t)(body.data - c->text.data), done = 0, last = core_end(body);

	for (size_t i = unreleased + 1; is_in(c, i, body); i++) {
		size_t next = is_in(c, i + 1, body) ? c->items[i + 1].at - base : body.len;
		size_t from = c->items[i].end - base, group = group_for(k, &c->items[i]), end;

		if (c->items[i].kind == CHANGELOG_CATEGORY) {
			str_append(k->out, body.data + done, c->items[i].at - base - done);
			done = c->items[i].at - base;
			put_before(k, &c->items[i], unreleased, body);
		}
		if (c->items[i].kind != CHANGELOG_CATEGORY || group == k->count)
			continue;
		end = from + core_end((struct bytes) { body.data + from, next - from });
		str_append(k->out, body.data + done, end - done);
		close_line(k);
		if (end == from && c->style.air_category)
			str_puts(k->out, c->style.eol);
		put_entries(k, k->groups[group].entries);
		if (end == from && next < body.len && !c->style.air_category)
			str_puts(k->out, c->style.eol);
		k->used[group] = true;
		done = end;
	}
	if (last > done) {
		str_append(k->out, body.data + done, last - done);
		done = last;
	}
	put_rest(k, false);
	str_append(k->out, body.data + done, body.len - done);
}

/* -- templates -- */

/* What B holds beside comments and blank lines at its ends. */
static void
without_comments(struct bytes b, struct str *out)
{
	struct str kept = STR_EMPTY;
	struct bytes core;

	for (size_t i = 0; i < b.len;) {
		if (b.len - i >= 4 && memcmp(b.data + i, "<!--", 4) == 0) {
			while (i < b.len && (b.len - i < 3 || memcmp(b.data + i, "-->", 3) != 0))
				i++;
			i = i + 3 > b.len ? b.len : i + 3;
		} else {
			str_putc(&kept, b.data[i++]);
		}
	}
	core = (struct bytes) { str_text(&kept), kept.len };
	while (core.len > 0 && strchr("\r\n", core.data[0]) != NULL) {
		core.data++;
		core.len--;
	}
	core.len = core_end(core);
	str_append(out, core.data, core.len);
	str_fini(&kept);
}

static bool
has_comment(struct bytes b)
{
	for (size_t i = 0; i + 4 <= b.len; i++)
		if (memcmp(b.data + i, "<!--", 4) == 0)
			return true;
	return false;
}

bool
changelog_is_template(const struct changelog *c)
{
	struct bytes body;

	if (c->unreleased == CHANGELOG_NONE)
		return false;
	body = changelog_body(c, c->unreleased);
	return is_in(c, c->unreleased + 1, body) && has_comment(body);
}

/* The part of BODY from heading AT (UNRELEASED itself: what stands in front of the first category)
 * to the next one, without the heading. */
static struct bytes
part_of(const struct changelog *c, size_t at, struct bytes body)
{
	size_t base = (size_t)(body.data - c->text.data), from = c->items[at].end - base;
	size_t next = is_in(c, at + 1, body) ? c->items[at + 1].at - base : body.len;

	return (struct bytes) { body.data + from, next - from };
}

static void
put_template_part(struct compose *k, size_t at, struct bytes body, bool is_category)
{
	const struct changelog *c = k->c;
	const struct changelog_heading *h = &c->items[at];
	size_t group = is_category ? group_for(k, h) : k->count;
	struct str text = STR_EMPTY;

	without_comments(part_of(c, at, body), &text);
	if (text.len == 0 && group == k->count)
		goto out;
	close_line(k);
	if (k->out->len > 0)
		str_puts(k->out, c->style.eol);
	if (is_category) {
		str_append(k->out, c->text.data + h->at, h->end - h->at);
		if (c->style.air_category)
			str_puts(k->out, c->style.eol);
	}
	str_append(k->out, str_text(&text), text.len);
	close_line(k);
	if (group < k->count) {
		put_entries(k, k->groups[group].entries);
		k->used[group] = true;
	}
out:
	str_fini(&text);
}

/* The lines of PART that are comments, below a blank one. */
static void
put_comments(const struct changelog *c, struct bytes part, struct str *out)
{
	size_t at = 0;
	bool comment = false;

	while (at < part.len) {
		struct changelog_line l = changelog_line_at(part, at);
		struct bytes line = { part.data + l.at, l.len };

		if (has_comment(line) && !comment)
			str_puts(out, c->style.eol);
		comment = comment || has_comment(line);
		if (comment)
			str_append(out, part.data + l.at, l.next - l.at);
		for (size_t b = 0; b + 3 <= l.len; b++)
			if (memcmp(line.data + b, "-->", 3) == 0)
				comment = false;
		at = l.next;
	}
}

void
changelog_empty_template(const struct changelog *c, struct str *out)
{
	struct bytes body = changelog_body(c, c->unreleased);
	size_t base = (size_t)(body.data - c->text.data);

	/* What tells people how to add to it stands in front of the first category. */
	put_comments(c, part_of(c, c->unreleased, body), out);
	for (size_t i = c->unreleased + 1; is_in(c, i, body); i++) {
		str_puts(out, c->style.eol);
		str_append(
		    out, body.data + c->items[i].at - base, c->items[i].end - c->items[i].at);
		put_comments(c, part_of(c, i, body), out);
	}
	str_puts(out, c->style.eol);
}

void
changelog_compose(
    const struct changelog *c, const struct changelog_group *groups, size_t count, struct str *out)
{
	struct str text = STR_EMPTY;
	struct compose k = { .c = c,
		.groups = groups,
		.count = count,
		.used = mem_zalloc(count + 1, sizeof k.used[0]),
		.out = &text };
	struct bytes body = { "", 0 };

	if (c->unreleased != CHANGELOG_NONE)
		body = changelog_body(c, c->unreleased);
	if (changelog_is_template(c)) {
		put_template_part(&k, c->unreleased, body, false);
		for (size_t i = c->unreleased + 1; is_in(c, i, body); i++)
			put_template_part(&k, i, body, true);
		put_rest(&k, text.len == 0);
	} else if (core_end(body) > 0) {
		merge(&k, c->unreleased, body);
	} else {
		put_rest(&k, true);
		if (text.len == 0)
			str_append(&text, body.data, body.len);
	}
	/* What was not there yet gets the air that the newest section has. */
	if (c->style.air_heading && text.len > 0 &&
	    (core_end(body) == 0 || changelog_is_template(c)) && text.data[0] != '\n' &&
	    text.data[0] != '\r')
		str_puts(out, c->style.eol);
	str_append(out, str_text(&text), text.len);
	free(k.used);
	str_fini(&text);
}
