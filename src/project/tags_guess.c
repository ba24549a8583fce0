/* By which template existing tags were made. A prefix cannot be derived from a name, so this only
 * proposes: the prefix that is the name or its end, that holds the current version, or that is
 * plain. */
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/project/name.h"
#include "tags_index.h"

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

/* The spelling of the newest pre-release; final versions look the same in all of them. */
static enum version_spelling
spelling_of(const struct tag_prefix *p, bool *mixed)
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
		*mixed = *mixed || one != found;
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

void
tags_guess(const struct tag_index *tags, const char *name, const struct version *current,
    bool alone, struct tag_guess *out)
{
	struct tag_guess g = { .sure = false };
	const struct tag_prefix *best = NULL;
	struct str normal = STR_EMPTY;
	int most = 0;

	name_normal(bytes_of(name), &normal);
	for (size_t i = 0; i < tags->prefix_count; i++) {
		const struct tag_prefix *p = &tags->prefixes[i];
		int points = score(p, &normal, current, alone);

		if (best == NULL || points > most) {
			best = p;
			most = points;
			g.sure = true;
		} else if (points == most) {
			g.sure = false;
		}
	}
	if (best != NULL && most >= 2) {
		g.text = template_of(best, name, spelling_of(best, &g.mixed));
		g.example = mem_strdup(best->entries[best->count - 1].name);
		g.sure = g.sure && most >= 4;
	} else {
		g.text = mem_strdup(alone ? "v{version}" : "{name}-v{version}");
		g.sure = alone && tags->prefix_count == 0;
	}
	str_fini(&normal);
	*out = g;
}

void
tag_guess_fini(struct tag_guess *g)
{
	mem_set(&g->text, NULL);
	mem_set(&g->example, NULL);
}
