/* The draft: which commit becomes an entry, in which words and below which title. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/project/notes.h"

/* What a change is to the people who read the notes, in the order of Keep a Changelog. */
enum kind {
	KIND_BREAKING,
	KIND_ADDED,
	KIND_CHANGED,
	KIND_PERFORMANCE,
	KIND_DEPRECATED,
	KIND_REMOVED,
	KIND_FIXED,
	KIND_SECURITY,
	KIND_DEPENDENCIES,
	KIND_REST, /* nothing to them */
	KIND_COUNT
};

/* The types that mean it, and the titles that projects give it; the first is Keep a Changelog's. */
static const struct {
	const char *types[6];
	const char *titles[8];
} kinds[] = {
	[KIND_BREAKING] = { { "breaking" },
	    { "Breaking Changes", "Breaking Change", "Breaking", "Backwards Incompatible" } },
	[KIND_SECURITY] = { { "security", "sec" }, { "Security", "Security Fixes" } },
	[KIND_ADDED] = { { "feat", "feature", "add", "added" },
	    { "Added", "Features", "New Features", "Feat", "Feature", "Enhancements", "New" } },
	[KIND_CHANGED] = { { "change", "changed", "improve", "improvement", "enhance" },
	    { "Changed", "Changes", "Improvements", "Improved", "Enhancements" } },
	[KIND_PERFORMANCE] = { { "perf", "performance" },
	    { "Performance", "Performance Improvements", "Perf" } },
	[KIND_DEPRECATED] = { { "deprecate", "deprecated" }, { "Deprecated", "Deprecations" } },
	[KIND_REMOVED] = { { "remove", "removed" }, { "Removed", "Removals" } },
	[KIND_FIXED] = { { "fix", "fixed", "bugfix", "hotfix" },
	    { "Fixed", "Bug Fixes", "Bugfixes", "Fixes", "Fix" } },
	[KIND_DEPENDENCIES] = { { "deps", "dependencies" },
	    { "Dependencies", "Dependency Updates", "Dependency Changes" } },
	[KIND_REST] = { { NULL }, { NULL } },
};
_Static_assert(ARRAY_LEN(kinds) == KIND_COUNT, "one row per kind");

struct draft {
	const struct notes_opts *opts;
	struct notes *out;
	struct bytes by_hand; /* what stands under Unreleased */
	const char *title[KIND_COUNT]; /* NULL: the project has none for it */
	bool conventional;		/* one commit at least is */
};

static bool
word_is(const char *word, size_t len, const char *text)
{
	return strlen(text) == len && strncasecmp(word, text, len) == 0;
}

static enum kind
kind_of_type(const char *type, size_t len)
{
	for (size_t k = 0; k < KIND_COUNT; k++)
		for (size_t i = 0; i < ARRAY_LEN(kinds[k].types) && kinds[k].types[i] != NULL; i++)
			if (word_is(type, len, kinds[k].types[i]))
				return (enum kind)k;
	return KIND_REST;
}

/* -- titles -- */

/* The types of "feat, perf: Title" one by one; NULL behind the last. */
static const char *
next_type(const char *at, size_t *len)
{
	at += strspn(at, ", \t");
	*len = strcspn(at, ", \t:");
	return *len > 0 ? at : NULL;
}

enum err_code
notes_check_categories(const struct strlist *lines, struct err *e)
{
	for (size_t i = 0; i < lines->count; i++) {
		const char *colon = strchr(lines->items[i], ':');
		size_t len;

		if (colon == NULL || bytes_trim(bytes_of(colon + 1)).len == 0 ||
		    next_type(lines->items[i], &len) == NULL) {
			err_set(e, ERR_CONFIG, "categories: \"%s\" is no \"types: title\"",
			    lines->items[i]);
			return err_hint(e, "for example \"feat: Added\" or \"fix, perf: Fixed\"");
		}
	}
	return ERR_OK;
}

static const char *
title_of_line(const char *line)
{
	const char *title = strchr(line, ':') + 1;

	return title + strspn(title, " \t");
}

/* The line that has TYPE ("*" for all that no other has), or NULL. */
static const char *
configured(const struct strlist *lines, const char *type, size_t type_len)
{
	for (size_t i = 0; i < lines->count; i++) {
		size_t len;

		for (const char *at = lines->items[i]; (at = next_type(at, &len)) != NULL;
		     at += len)
			if (len == type_len && strncasecmp(at, type, len) == 0)
				return title_of_line(lines->items[i]);
	}
	return NULL;
}

static const char *
title_in_file(const struct changelog *c, enum kind kind)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds[kind].titles) && kinds[kind].titles[i] != NULL; i++)
		for (size_t t = 0; t < c->titles.count; t++)
			if (changelog_same_title(
				bytes_of(c->titles.items[t]), kinds[kind].titles[i]))
				return c->titles.items[t];
	return NULL;
}

static void
choose_titles(struct draft *d)
{
	static const bool needed[KIND_COUNT] = { [KIND_ADDED] = true,
		[KIND_CHANGED] = true,
		[KIND_FIXED] = true,
		[KIND_DEPRECATED] = true,
		[KIND_REMOVED] = true,
		[KIND_SECURITY] = true };
	const struct changelog *c = d->opts->changelog;
	const struct strlist *lines = d->opts->categories;
	bool by_line = lines != NULL && lines->count > 0;

	for (size_t k = 0; k < KIND_REST; k++) {
		if (by_line)
			for (size_t i = 0; i < ARRAY_LEN(kinds[k].types) &&
					   kinds[k].types[i] != NULL && d->title[k] == NULL;
			     i++)
				d->title[k] = configured(
				    lines, kinds[k].types[i], strlen(kinds[k].types[i]));
		else if (!c->style.categories)
			d->title[k] = k == KIND_BREAKING || k == KIND_DEPENDENCIES ? NULL : "";
		else
			d->title[k] = title_in_file(c, (enum kind)k);
		if (d->title[k] == NULL && needed[k] && !by_line)
			d->title[k] = kinds[k].titles[0];
	}
	if (by_line)
		d->title[KIND_REST] = configured(lines, "*", 1);
	if (d->title[KIND_PERFORMANCE] == NULL)
		d->title[KIND_PERFORMANCE] = d->title[KIND_CHANGED];
}

/* The title for a change; where the project has none, the nearest; "" where it has none at all. */
static const char *
title_for(const struct draft *d, enum kind kind)
{
	static const enum kind instead[] = { KIND_CHANGED, KIND_REST, KIND_PERFORMANCE, KIND_ADDED,
		KIND_FIXED };

	if (d->title[kind] != NULL)
		return d->title[kind];
	for (size_t i = 0; i < ARRAY_LEN(instead); i++)
		if (d->title[instead[i]] != NULL)
			return d->title[instead[i]];
	return "";
}

static size_t
group_at(struct draft *d, const char *title)
{
	size_t at = strlist_find(&d->out->groups, title);

	if (at == d->out->groups.count)
		strlist_add(&d->out->groups, title);
	return at;
}

/* The categories of the newest section that has several. */
static void
model_titles(const struct changelog *c, struct strlist *out)
{
	for (size_t i = 0; i < c->count && out->count < 2; i++) {
		if (c->items[i].kind != CHANGELOG_VERSION)
			continue;
		strlist_fini(out);
		for (size_t k = i + 1; k < c->count && c->items[k].kind == CHANGELOG_CATEGORY; k++)
			strlist_take(out,
			    mem_strndup(c->text.data + c->items[k].text, c->items[k].len));
	}
}

/* Those that the model has follow one another as they do there; the others stay where they are. */
static void
order_groups(struct draft *d)
{
	struct strlist model = STRLIST_EMPTY, known = STRLIST_EMPTY, sorted = STRLIST_EMPTY;
	const struct strlist *groups = &d->out->groups;
	size_t next = 0;

	model_titles(d->opts->changelog, &model);
	for (size_t i = 0; i < model.count; i++)
		for (size_t g = 0; g < groups->count; g++)
			if (changelog_same_title(bytes_of(model.items[i]), groups->items[g]) &&
			    !strlist_has(&known, groups->items[g]))
				strlist_add(&known, groups->items[g]);
	for (size_t g = 0; g < groups->count; g++)
		strlist_add(&sorted,
		    strlist_has(&known, groups->items[g]) ? known.items[next++]
							   : groups->items[g]);
	strlist_fini(&d->out->groups);
	d->out->groups = sorted;
	strlist_fini(&model);
	strlist_fini(&known);
}

/* All that there could be, so that an entry can be moved to any: in the order of the file. */
static void
add_groups(struct draft *d)
{
	const struct strlist *lines = d->opts->categories;
	const struct changelog *c = d->opts->changelog;

	if (lines != NULL && lines->count > 0) {
		for (size_t i = 0; i < lines->count; i++)
			group_at(d, title_of_line(lines->items[i]));
		return;
	}
	for (size_t k = 0; k < KIND_REST; k++)
		if (d->title[k] != NULL)
			group_at(d, d->title[k]);
	for (size_t i = 0; c->style.categories && i < c->titles.count; i++)
		group_at(d, c->titles.items[i]);
	order_groups(d);
}

/* -- entries -- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "#12" or "/12" stands in TEXT. */
static bool
has_number(struct bytes text, const char *digits, size_t len)
{
	for (size_t i = 1; i + len <= text.len; i++)
		if ((text.data[i - 1] == '#' || text.data[i - 1] == '/') &&
		    memcmp(text.data + i, digits, len) == 0 &&
		    (i + len == text.len || !is_digit(text.data[i + len])))
			return true;
	return false;
}

static bool
contains_ignoring_case(struct bytes text, const char *words)
{
	size_t len = strlen(words);

	for (size_t i = 0; i + len <= text.len; i++)
		if (strncasecmp(text.data + i, words, len) == 0)
			return true;
	return false;
}

/* Why TEXT needs no entry: what is written by hand has it. The caller owns it; NULL: it does not.
 */
static char *
said_by_hand(const struct draft *d, const char *text)
{
	for (const char *at = strchr(text, '#'); at != NULL; at = strchr(at + 1, '#')) {
		size_t len = strspn(at + 1, "0123456789");

		if (len > 0 && has_number(d->by_hand, at + 1, len))
			return mem_printf("#%.*s is written by hand already", (int)len, at + 1);
	}
	if (strlen(text) > 3 && contains_ignoring_case(d->by_hand, text))
		return mem_strdup("written by hand already");
	return NULL;
}

/* A word; not a name such as setup.py or __init__. */
static void
capitalise(char *text)
{
	size_t letters = strspn(text, "abcdefghijklmnopqrstuvwxyz");

	if (letters > 0 && (text[letters] == '\0' || strchr(" ,-'", text[letters]) != NULL))
		text[0] = (char)(text[0] - 'a' + 'A');
}

/* What is taken back, without the type that it had. */
static char *
revert_words(const struct conventional *c)
{
	struct conventional old;
	struct str out = STR_EMPTY;
	const char *text;

	conventional_parse(c->reverted, NULL, &old);
	text = old.parsed ? old.description : c->reverted;
	str_puts(&out, "Revert \"");
	sanitise(text, strlen(text), &out);
	str_putc(&out, '"');
	conventional_fini(&old);
	return str_take(&out);
}

/* In the words of the changelog: with its capitals and scopes. */
static char *
words(const struct draft *d, const struct conventional *c, const char *subject, const char *mark)
{
	const struct changelog_style *s = &d->opts->changelog->style;
	const char *text = c->parsed ? c->description : subject;
	struct str safe = STR_EMPTY, out = STR_EMPTY;
	bool scoped = s->scope && c->scope != NULL;
	char *copy;

	if (c->revert && c->reverted != NULL)
		return revert_words(c);
	sanitise(text, strlen(text), &safe);
	copy = str_take(&safe);
	if (s->capital && !scoped)
		capitalise(copy);
	str_puts(&out, mark);
	if (scoped) {
		str_puts(&out, "**");
		sanitise(c->scope, strlen(c->scope), &out);
		str_puts(&out, "**: ");
	}
	str_puts(&out, copy);
	free(copy);
	return str_take(&out);
}

/* Owns TEXT and WHY. */
static void
add(struct draft *d, const struct commit_info *commit, char *text, const char *title, char *why)
{
	struct notes *n = d->out;
	struct str subject = STR_EMPTY;
	size_t group = group_at(d, title), at;
	struct note k;

	if (why == NULL)
		why = said_by_hand(d, text);
	sanitise(commit->subject, strlen(commit->subject), &subject);
	k = (struct note) { .text = text,
		.source = mem_strndup(commit->hash, 7),
		.subject = str_take(&subject),
		.why = why,
		.group = group,
		.taken = why == NULL };
	n->items = mem_grow(n->items, &n->cap, n->count + 1, sizeof n->items[0]);
	for (at = n->count++; at > 0 && n->items[at - 1].group > group; at--)
		n->items[at] = n->items[at - 1];
	n->items[at] = k;
}

static enum kind
kind_of(const struct conventional *c)
{
	if (!c->parsed || c->revert)
		return KIND_CHANGED;
	if (c->scope != NULL && kind_of_type(c->scope, strlen(c->scope)) == KIND_DEPENDENCIES)
		return KIND_DEPENDENCIES;
	return kind_of_type(c->type, strlen(c->type));
}

/* Why no reader needs to hear of it; NULL: somebody may. */
static const char *
why_not(const struct draft *d, const struct commit_reading *r, enum kind kind, bool own_title)
{
	if (r->cancelled || r->release)
		return r->reason;
	if (r->c.breaking || r->c.revert)
		return NULL;
	if (!r->c.parsed)
		return d->conventional || strncmp(r->reason, "merge", 5) == 0 ? r->reason : NULL;
	if ((kind == KIND_REST || kind == KIND_DEPENDENCIES) && d->title[kind] == NULL &&
	    !own_title)
		return r->reason;
	return NULL;
}

/* A type that has a line of its own in the configuration: "docs: Documentation". */
static const char *
own_title(const struct draft *d, const struct conventional *c)
{
	if (!c->parsed || d->opts->categories == NULL)
		return NULL;
	return configured(d->opts->categories, c->type, strlen(c->type));
}

static void
add_breaking_note(struct draft *d, const struct commit_info *commit, const struct conventional *c)
{
	struct conventional quoted = *c;
	char *line;

	if (c->breaking_text == NULL) {
		add(d, commit, words(d, c, commit->subject, ""), d->title[KIND_BREAKING], NULL);
		return;
	}
	line = mem_strdup(c->breaking_text);
	for (char *p = line; *p != '\0'; p++)
		if (*p == '\n' || *p == '\r')
			*p = ' ';
	quoted.parsed = true;
	quoted.description = line;
	add(d, commit, words(d, &quoted, line, ""), d->title[KIND_BREAKING], NULL);
	free(line);
}

static void
draft_commit(struct draft *d, const struct commit_info *commit, const struct commit_reading *r)
{
	enum kind kind = kind_of(&r->c);
	const char *own = own_title(d, &r->c), *title = own != NULL ? own : title_for(d, kind);
	const char *why = why_not(d, r, kind, own != NULL), *mark = "";
	bool live = why == NULL && r->c.breaking;

	if (live && d->title[KIND_BREAKING] == NULL)
		mark = "**Breaking:** ";
	else if (live)
		add_breaking_note(d, commit, &r->c);
	add(d, commit, words(d, &r->c, commit->subject, mark), title,
	    why != NULL ? mem_strdup(why) : NULL);
}

/* The bullets of a squashed merge are entries where every one of them is a conventional header. */
static bool
draft_squashed(struct draft *d, const struct commit_info *commit, const struct commit_reading *r)
{
	struct strlist bullets = STRLIST_EMPTY;
	bool all = !r->cancelled && !r->release && !r->c.parsed &&
		   commits_squashed(commit->body, &bullets);

	for (size_t i = 0; all && i < bullets.count; i++) {
		struct commit_info one = *commit;
		struct commit_reading k = { .reason = r->reason };

		one.subject = bullets.items[i];
		conventional_parse(one.subject, NULL, &k.c);
		draft_commit(d, &one, &k);
		conventional_fini(&k.c);
	}
	strlist_fini(&bullets);
	return all;
}

void
notes_draft(const struct commit_info *commits, const struct commit_reading *readings, size_t count,
    const struct notes_opts *opts, struct notes *out)
{
	struct draft d = { .opts = opts, .out = out };

	*out = (struct notes)NOTES_EMPTY;
	if (opts->changelog->unreleased != CHANGELOG_NONE)
		d.by_hand = changelog_body(opts->changelog, opts->changelog->unreleased);
	for (size_t i = 0; i < count; i++)
		d.conventional = d.conventional || readings[i].c.parsed;
	choose_titles(&d);
	add_groups(&d);
	for (size_t i = count; i-- > 0;)
		if (!draft_squashed(&d, &commits[i], &readings[i]))
			draft_commit(&d, &commits[i], &readings[i]);
}
