/* By which template existing tags were made. A prefix cannot be derived from a name, so this only
 * proposes: the prefix that is the name or its end, that holds the current version, or that is
 * plain. */
#include "slipway/project/tags.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/project/name.h"

struct prefix {
	char *text;
	struct version newest;
	size_t newest_at;
	bool has_current;
	int score;
};

struct prefixes {
	struct prefix *items;
	size_t count;
	size_t cap;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Where the version of a tag begins: the first number, with a dot in it, from which on all is a
 * version. */
static bool
split(const char *tag, size_t *at, struct version *v)
{
	for (*at = 0; tag[*at] != '\0'; ++*at) {
		bool starts = is_digit(tag[*at]) &&
			      (*at == 0 || !(is_digit(tag[*at - 1]) || tag[*at - 1] == '.'));

		if (!starts || version_parse(tag + *at, v, NULL) != ERR_OK)
			continue;
		if (version_release_len(v) > 1)
			return true;
		version_fini(v);
	}
	return false;
}

static struct prefix *
prefix_for(struct prefixes *all, const char *tag, size_t len)
{
	struct prefix *p;

	for (size_t i = 0; i < all->count; i++)
		if (strlen(all->items[i].text) == len && memcmp(all->items[i].text, tag, len) == 0)
			return &all->items[i];
	all->items = mem_grow(all->items, &all->cap, all->count + 1, sizeof all->items[0]);
	p = &all->items[all->count++];
	*p = (struct prefix) { .text = mem_strndup(tag, len) };
	return p;
}

static void
collect(const struct strlist *names, const struct version *current, struct prefixes *all)
{
	for (size_t i = 0; i < names->count; i++) {
		struct version v = VERSION_EMPTY;
		struct prefix *p;
		size_t at;

		if (!split(names->items[i], &at, &v))
			continue;
		p = prefix_for(all, names->items[i], at);
		if (current != NULL && current->normal != NULL && version_compare(&v, current) == 0)
			p->has_current = true;
		if (p->newest.normal == NULL || version_compare(&v, &p->newest) > 0) {
			version_fini(&p->newest);
			p->newest = v;
			p->newest_at = i;
		} else {
			version_fini(&v);
		}
	}
}

/* "hf-local-v" says "hf-local"; "v" and "" say nothing. */
static struct bytes
said_by(const char *prefix)
{
	size_t len = strlen(prefix);

	if (len > 0 && (prefix[len - 1] == 'v' || prefix[len - 1] == 'V') &&
	    (len == 1 || strchr("-_/@.=", prefix[len - 2]) != NULL))
		len--;
	while (len > 0 && strchr("-_/@.=", prefix[len - 1]) != NULL)
		len--;
	return (struct bytes) { prefix, len };
}

static int
score(const struct prefix *p, const char *name, bool alone)
{
	struct bytes said = said_by(p->text);
	struct str x = STR_EMPTY, y = STR_EMPTY;
	int points = p->has_current ? 2 : 0;

	name_normal(said, &x);
	name_normal(bytes_of(name), &y);
	if (x.len == 0)
		points += alone ? 4 : 2;
	else if (strcmp(str_text(&x), str_text(&y)) == 0)
		points += 6;
	else if (y.len > x.len && text_ends(str_text(&y), str_text(&x)) &&
		 y.data[y.len - x.len - 1] == '-')
		points += 5;
	else if (bytes_is(said, "release") || bytes_is(said, "version"))
		points += alone ? 3 : 1;
	str_fini(&x);
	str_fini(&y);
	return points;
}

static const char *
field_of(enum version_spelling spelling)
{
	return spelling == VERSION_DASHED   ? "{dashed}"
	       : spelling == VERSION_SEMVER ? "{semver}"
					    : "{version}";
}

static bool
is_spelled(const struct version *v, enum version_spelling spelling)
{
	struct str text = STR_EMPTY;
	bool yes = version_spell(v, spelling, &text, NULL) == ERR_OK &&
		   strcmp(str_text(&text), version_written(v)) == 0;

	str_fini(&text);
	return yes;
}

/* The spelling of the newest pre-release; final versions look the same in all of them. */
static enum version_spelling
spelling_of(const struct prefix *p, const struct strlist *names, bool *mixed)
{
	static const enum version_spelling all[] = { VERSION_PEP440, VERSION_DASHED,
		VERSION_SEMVER };
	struct version newest = VERSION_EMPTY, v;
	enum version_spelling found = VERSION_PEP440, one;
	size_t at;

	for (size_t i = 0; i < names->count; i++) {
		one = VERSION_SPELLING_COUNT;
		if (!split(names->items[i], &at, &v))
			continue;
		for (size_t k = 0; k < ARRAY_LEN(all) && one == VERSION_SPELLING_COUNT; k++)
			if (version_is_pre(&v) && is_spelled(&v, all[k]))
				one = all[k];
		if (one == VERSION_SPELLING_COUNT || strlen(p->text) != at ||
		    memcmp(p->text, names->items[i], at) != 0) {
			version_fini(&v);
			continue;
		}
		*mixed = *mixed || (newest.normal != NULL && one != found);
		if (newest.normal == NULL || version_compare(&v, &newest) > 0) {
			version_fini(&newest);
			newest = v;
			found = one;
		} else {
			version_fini(&v);
		}
	}
	version_fini(&newest);
	return found;
}

/* The prefix as a template: the name in it becomes {name}, so that it reads well in a
 * configuration. */
static char *
template_of(const struct prefix *p, const char *name, enum version_spelling spelling)
{
	size_t len = strlen(name);

	if (strncmp(p->text, name, len) == 0)
		return mem_printf("{name}%s%s", p->text + len, field_of(spelling));
	return mem_printf("%s%s", p->text, field_of(spelling));
}

void
tags_guess(const struct strlist *names, const char *name, const struct version *current, bool alone,
    struct tag_guess *out)
{
	struct prefixes all = { .items = NULL };
	struct tag_guess g = { .sure = false };
	const struct prefix *best = NULL;

	collect(names, current, &all);
	for (size_t i = 0; i < all.count; i++) {
		struct prefix *p = &all.items[i];

		p->score = score(p, name, alone);
		if (best == NULL || p->score > best->score) {
			best = p;
			g.sure = true;
		} else if (p->score == best->score) {
			g.sure = false;
		}
	}
	if (best != NULL && best->score >= 2) {
		g.text = template_of(best, name, spelling_of(best, names, &g.mixed));
		g.example = mem_strdup(names->items[best->newest_at]);
		g.sure = g.sure && best->score >= 4;
	} else {
		g.text = mem_strdup(alone ? "v{version}" : "{name}-v{version}");
		g.sure = alone && all.count == 0;
	}
	for (size_t i = 0; i < all.count; i++) {
		free(all.items[i].text);
		version_fini(&all.items[i].newest);
	}
	free(all.items);
	*out = g;
}

void
tag_guess_fini(struct tag_guess *g)
{
	mem_set(&g->text, NULL);
	mem_set(&g->example, NULL);
}
