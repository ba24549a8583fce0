/* By which template existing tags were made. A prefix cannot be derived from a name, so this only
 * proposes: the prefix that is the name or its end, that holds the current version, or that is
 * plain. */
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/project/name.h"
#include "tags_index.h"

#define OTHERS_MAX 6
#define SCORE_MAX 8 /* see score() */

/* By bisection. */
static bool
holds(const struct tag_prefix *p, const struct version *v)
{
	size_t low = 0, high = p->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int diff = version_compare(&p->entries[mid].version, v);

		if (diff == 0)
			return true;
		if (diff < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

/* NAME is in its normal form. */
static int
score(const struct tag_prefix *p, const struct str *name, const struct version *current, bool alone)
{
	size_t len = strlen(p->said);
	int points = 0;

	if (current != NULL && current->normal != NULL && holds(p, current))
		points += 2;
	if (len == 0)
		points += alone ? 4 : 2;
	else if (strcmp(p->said, str_text(name)) == 0)
		points += 6;
	else if (name->len > len && text_ends(str_text(name), p->said) &&
		 name->data[name->len - len - 1] == '-')
		points += 5;
	else if (strcmp(p->said, "release") == 0 || strcmp(p->said, "version") == 0)
		points += alone ? 3 : 1;
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

/* The spelling of the newest pre-release; final versions look the same in all of them. USED gets a
 * bit for each that was found. */
static enum version_spelling
spelling_of(const struct tag_prefix *p, unsigned int *used)
{
	static const enum version_spelling all[] = { VERSION_PEP440, VERSION_DASHED,
		VERSION_SEMVER };
	enum version_spelling found = VERSION_SPELLING_COUNT, one;

	for (size_t i = p->count; i-- > 0;) {
		const struct version *v = &p->entries[i].version;

		one = VERSION_SPELLING_COUNT;
		for (size_t k = 0; k < ARRAY_LEN(all) && one == VERSION_SPELLING_COUNT; k++)
			if (version_is_pre(v) && is_spelled(v, all[k]))
				one = all[k];
		if (one == VERSION_SPELLING_COUNT)
			continue;
		if (found == VERSION_SPELLING_COUNT)
			found = one;
		*used |= 1U << one;
	}
	return found != VERSION_SPELLING_COUNT ? found : VERSION_PEP440;
}

/* The prefix as a template: the name in it becomes {name}, so that it reads well in a
 * configuration. */
static char *
template_of(const struct tag_prefix *p, const char *name, enum version_spelling spelling)
{
	size_t len = strlen(name);

	if (strncmp(p->text, name, len) == 0)
		return mem_printf("{name}%s%s", p->text + len, field_of(spelling));
	return mem_printf("%s%s", p->text, field_of(spelling));
}

static void
add_other(struct tag_guess *g, char *text)
{
	if (g->others.count < OTHERS_MAX && strcmp(text, g->text) != 0 &&
	    !strlist_has(&g->others, text))
		strlist_add(&g->others, text);
	free(text);
}

/* What a person may mean instead of one that is not sure: the other prefixes by their score, and
 * the two templates that most repositories have. */
static void
add_others(const struct tag_index *tags, const char *name, const struct str *normal,
    const struct version *current, bool alone, struct tag_guess *g)
{
	for (int points = SCORE_MAX; points >= 0; points--) {
		for (size_t i = 0; i < tags->prefix_count && g->others.count < OTHERS_MAX; i++) {
			const struct tag_prefix *p = &tags->prefixes[i];
			unsigned int used = 0;

			if (score(p, normal, current, alone) == points)
				add_other(g, template_of(p, name, spelling_of(p, &used)));
		}
	}
	add_other(g, mem_strdup("{name}-v{version}"));
	add_other(g, mem_strdup("v{version}"));
}

/* How the greatest version of A compares with that of B. Both say the same of a name, as "v" and no
 * prefix do: the one with the greater version is in use, the other was given up. */
static int
compare_newest(const struct tag_prefix *a, const struct tag_prefix *b)
{
	return version_compare(
	    &a->entries[a->count - 1].version, &b->entries[b->count - 1].version);
}

void
tags_guess(const struct tag_index *tags, const char *name, const struct version *current,
    bool alone, struct tag_guess *out)
{
	struct tag_guess g = { .sure = false };
	const struct tag_prefix *best = NULL;
	struct str normal = STR_EMPTY;
	unsigned int used = 0;
	int most = 0;

	name_normal(bytes_of(name), &normal);
	for (size_t i = 0; i < tags->prefix_count; i++) {
		const struct tag_prefix *p = &tags->prefixes[i];
		int points = score(p, &normal, current, alone);

		if (best == NULL || points > most) {
			best = p;
			most = points;
			g.sure = true;
		} else if (points == most && strcmp(p->said, best->said) == 0) {
			int diff = compare_newest(p, best);

			g.sure = diff != 0;
			best = diff > 0 ? p : best;
		} else if (points == most) {
			g.sure = false;
		}
	}
	if (best != NULL && most >= 2) {
		g.text = template_of(best, name, spelling_of(best, &used));
		g.mixed = (used & (used - 1)) != 0;
		for (unsigned int k = 0; k < VERSION_SPELLING_COUNT; k++)
			if ((used >> k & 1) != 0)
				add_other(&g, template_of(best, name, (enum version_spelling)k));
		g.example = mem_strdup(best->entries[best->count - 1].name);
		g.sure = g.sure && most >= 4;
	} else {
		g.text = mem_strdup(alone ? "v{version}" : "{name}-v{version}");
		g.sure = alone && tags->prefix_count == 0;
	}
	if (!g.sure)
		add_others(tags, name, &normal, current, alone, &g);
	str_fini(&normal);
	*out = g;
}

void
tag_guess_fini(struct tag_guess *g)
{
	mem_set(&g->text, NULL);
	mem_set(&g->example, NULL);
	strlist_fini(&g->others);
}
