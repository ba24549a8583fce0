/* Curating: entries are ticked, moved, reworded and regrouped; none is lost. */
#include "slipway/project/notes.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/json.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"

static void
note_fini(struct note *k)
{
	free(k->text);
	free(k->source);
	free(k->subject);
	free(k->why);
}

void
notes_fini(struct notes *n)
{
	for (size_t i = 0; i < n->count; i++)
		note_fini(&n->items[i]);
	free(n->items);
	strlist_fini(&n->groups);
	free(n->whole);
	*n = (struct notes)NOTES_EMPTY;
}

/* -- what a person does -- */

void
notes_take(struct notes *n, size_t at, bool taken)
{
	if (at < n->count)
		n->items[at].taken = taken;
}

static void
swap(struct note *a, struct note *b)
{
	struct note k = *a;

	*a = *b;
	*b = k;
}

size_t
notes_move(struct notes *n, size_t at, int by)
{
	size_t to = by < 0 ? at - 1 : at + 1;

	if (at >= n->count || to >= n->count || n->items[to].group != n->items[at].group)
		return at;
	swap(&n->items[at], &n->items[to]);
	return to;
}

size_t
notes_regroup(struct notes *n, size_t at, size_t group)
{
	if (at >= n->count || group >= n->groups.count || n->items[at].group == group)
		return at;
	/* The last of its new group: the neighbours stay as they are. */
	if (group > n->items[at].group) {
		n->items[at].group = group;
		for (; at + 1 < n->count && n->items[at + 1].group <= group; at++)
			swap(&n->items[at], &n->items[at + 1]);
	} else {
		n->items[at].group = group;
		for (; at > 0 && n->items[at - 1].group > group; at--)
			swap(&n->items[at], &n->items[at - 1]);
	}
	return at;
}

/* One line without spaces at its ends; NULL when nothing is left. */
static char *
one_line(struct bytes text)
{
	struct str out = STR_EMPTY;
	struct bytes b = bytes_trim(text);

	if (b.len == 0)
		return NULL;
	sanitise(b.data, b.len, &out);
	return str_take(&out);
}

bool
notes_reword(struct notes *n, size_t at, const char *text)
{
	char *line = one_line(bytes_of(text));

	if (line == NULL || at >= n->count) {
		free(line);
		return false;
	}
	n->items[at].reworded |= strcmp(n->items[at].text, line) != 0;
	free(n->items[at].text);
	n->items[at].text = line;
	return true;
}

/* Takes K over. */
static size_t
insert(struct notes *n, struct note k)
{
	size_t at;

	n->items = mem_grow(n->items, &n->cap, n->count + 1, sizeof n->items[0]);
	n->items[n->count] = k;
	for (at = n->count++; at > 0 && n->items[at - 1].group > k.group; at--)
		swap(&n->items[at], &n->items[at - 1]);
	return at;
}

size_t
notes_add(struct notes *n, size_t group, const char *text)
{
	char *line = one_line(bytes_of(text));

	if (line == NULL)
		return SIZE_MAX;
	if (n->groups.count == 0)
		strlist_add(&n->groups, "");
	return insert(n,
	    (struct note) { .text = line,
		.group = group < n->groups.count ? group : 0,
		.taken = true,
		.added = true });
}

void
notes_write(struct notes *n, const char *text)
{
	struct str out = STR_EMPTY;
	struct bytes b = bytes_of(text != NULL ? text : "");

	mem_set(&n->whole, NULL);
	if (text == NULL)
		return;
	while (b.len > 0 && strchr(" \t\r\n", b.data[b.len - 1]) != NULL)
		b.len--;
	while (b.len > 0 && strchr("\r\n", b.data[0]) != NULL) {
		b.data++;
		b.len--;
	}
	sanitise_text(b.data, b.len, &out);
	if (out.len > 0)
		str_putc(&out, '\n');
	n->whole = out.len > 0 ? str_take(&out) : mem_strdup("");
}

size_t
notes_taken(const struct notes *n)
{
	size_t taken = 0;

	for (size_t i = 0; i < n->count; i++)
		taken += n->items[i].taken;
	return taken;
}

/* -- lines from elsewhere -- */

static size_t
group_of(struct notes *n, struct bytes title)
{
	char *text = one_line(title);
	size_t at = 0;

	while (at < n->groups.count &&
	       !changelog_same_title(bytes_of(n->groups.items[at]), text != NULL ? text : ""))
		at++;
	if (at == n->groups.count)
		strlist_add(&n->groups, text != NULL ? text : "");
	free(text);
	return at;
}

static struct bytes
behind(struct bytes b, const char *marks)
{
	while (b.len > 0 && strchr(marks, b.data[0]) != NULL) {
		b.data++;
		b.len--;
	}
	return bytes_trim(b);
}

void
notes_add_lines(struct notes *n, struct bytes text, const char *title)
{
	struct bytes line;
	size_t group = SIZE_MAX;

	while (bytes_line(&text, &line)) {
		struct bytes b = bytes_trim(line);

		if (b.len == 0)
			continue;
		if (b.data[0] == '#') {
			group = group_of(n, behind(b, "#"));
			continue;
		}
		if (b.len > 1 && strchr("-*+", b.data[0]) != NULL && b.data[1] == ' ')
			b = behind(b, "-*+");
		if (b.len == 0)
			continue;
		if (group == SIZE_MAX)
			group = group_of(n, bytes_of(title));
		insert(n, (struct note) { .text = one_line(b), .group = group, .taken = true });
	}
}

/* -- the text -- */

void
notes_body(const struct notes *n, const struct changelog *changelog, struct str *out)
{
	struct changelog_group *groups;
	struct strlist *entries;

	if (n->whole != NULL) {
		str_puts(out, n->whole);
		return;
	}
	groups = mem_zalloc(n->groups.count + 1, sizeof *groups);
	entries = mem_zalloc(n->groups.count + 1, sizeof *entries);
	for (size_t i = 0; i < n->groups.count; i++)
		groups[i] = (struct changelog_group) { n->groups.items[i], &entries[i] };
	for (size_t i = 0; i < n->count; i++)
		if (n->items[i].taken)
			strlist_add(&entries[n->items[i].group], n->items[i].text);
	changelog_compose(changelog, groups, n->groups.count, out);
	for (size_t i = 0; i < n->groups.count; i++)
		strlist_fini(&entries[i]);
	free(groups);
	free(entries);
}

/* -- the journal -- */

struct json *
notes_save(const struct notes *n)
{
	struct json *j = json_object_new(), *groups = json_set_array(j, "groups"),
		    *items = json_set_array(j, "entries");

	for (size_t i = 0; i < n->groups.count; i++)
		json_add_text(groups, n->groups.items[i]);
	for (size_t i = 0; i < n->count; i++) {
		struct json *k = json_add_object(items);

		json_set_text(k, "text", n->items[i].text);
		json_set_text(k, "source", n->items[i].source);
		json_set_text(k, "subject", n->items[i].subject);
		json_set_text(k, "why", n->items[i].why);
		json_set_int(k, "group", (int64_t)n->items[i].group);
		json_set_bool(k, "taken", n->items[i].taken);
		json_set_bool(k, "reworded", n->items[i].reworded);
		json_set_bool(k, "added", n->items[i].added);
	}
	json_set_text(j, "whole", n->whole);
	return j;
}

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The drafted entry that K was, not taken yet by one before it; COUNT when there is none. */
static size_t
find_drafted(const struct notes *n, const bool *seen, const struct json *k)
{
	const char *source = json_text(k, "source"), *text = json_text(k, "text");
	bool reworded = json_bool(k, "reworded", false);

	for (size_t i = 0; i < n->count; i++)
		if (!seen[i] && same(n->items[i].source, source) &&
		    (reworded || same(n->items[i].text, text)))
			return i;
	return n->count;
}

/* What a person added is drafted by nobody: it comes back first, and is found as the others are. */
static void
add_saved(struct notes *n, const struct json *items, const struct json *groups)
{
	for (size_t i = 0; i < json_count(items); i++) {
		const struct json *k = json_at(items, i);
		int64_t group = json_int(k, "group", -1);
		const char *title = group >= 0 ? json_as_text(json_at(groups, (size_t)group))
					       : NULL;

		if (json_bool(k, "added", false) && title != NULL && json_text(k, "text") != NULL)
			notes_add(n, group_of(n, bytes_of(title)), json_text(k, "text"));
	}
}

void
notes_load(struct notes *n, const struct json *saved)
{
	const struct json *items = json_get_array(saved, "entries"),
			  *groups = json_get_array(saved, "groups");
	struct note *sorted;
	bool *seen;
	size_t count = 0;

	add_saved(n, items, groups);
	sorted = mem_zalloc(n->count + 1, sizeof *sorted);
	seen = mem_zalloc(n->count + 1, sizeof *seen);
	notes_write(n, json_text(saved, "whole"));
	for (size_t i = 0; i < json_count(items); i++) {
		const struct json *k = json_at(items, i);
		size_t at = find_drafted(n, seen, k);
		int64_t group = json_int(k, "group", -1);
		const char *title = group >= 0 ? json_as_text(json_at(groups, (size_t)group))
					       : NULL;

		if (at == n->count || title == NULL)
			continue;
		seen[at] = true;
		n->items[at].taken = json_bool(k, "taken", true);
		n->items[at].group = group_of(n, bytes_of(title));
		if (json_bool(k, "reworded", false))
			notes_reword(n, at, json_text(k, "text"));
		sorted[count++] = n->items[at];
	}
	/* What is new since then stands behind. */
	for (size_t i = 0; i < n->count; i++)
		if (!seen[i])
			sorted[count++] = n->items[i];
	for (size_t i = 1; i < count; i++)
		for (size_t at = i; at > 0 && sorted[at - 1].group > sorted[at].group; at--)
			swap(&sorted[at], &sorted[at - 1]);
	if (count > 0)
		memcpy(n->items, sorted, count * sizeof *sorted);
	free(sorted);
	free(seen);
}
