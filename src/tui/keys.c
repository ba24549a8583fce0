/* The table of actions and the questions to it. */
#include "slipway/tui/keys.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "slipway/tui/input.h"

#define IN(context) (UINT32_C(1) << KEYS_##context)
#define ALL UINT32_MAX
#define STEPS (ALL & ~(IN(RESUME) | IN(INSPECT) | IN(DIFF) | IN(LOG) | IN(PAGER) | IN(CARD)))
#define LOGS (IN(CHECKS) | IN(BUILD) | IN(SMOKE))

_Static_assert(KEYS_CONTEXT_COUNT <= 32, "contexts are bits");
_Static_assert(ACT_COUNT <= KEYS_PALETTE_MAX, "the palette can show all");

const struct action_info action_info[ACT_COUNT] = {
	[ACT_NONE] = { .name = "", .keys = "", .label = "", .help = "" },
#define ACTION(id, action_name, action_keys, where, what, short_text, long_text)                   \
	[ACT_##id] = { .name = (action_name),                                                      \
		.keys = (action_keys),                                                             \
		.label = (short_text),                                                             \
		.help = (long_text),                                                               \
		.contexts = (where),                                                               \
		.kind = ACTION_##what },
#include "slipway/tui/actions.def"
#undef ACTION
};

bool
keys_applies(enum action a, enum keys_context context)
{
	return (action_info[a].contexts >> context & 1) != 0;
}

/* The name of a key at *LIST into BUF; moves *LIST behind it. False at the end. */
static bool
next_name(const char **list, char *buf, size_t size)
{
	size_t len = strcspn(*list, " ");

	if (len == 0)
		return false;
	snprintf(buf, size, "%.*s", (int)len, *list);
	*list += len;
	while (**list == ' ')
		(*list)++;
	return true;
}

static bool
has_key(enum action a, uint32_t key, unsigned int mods)
{
	const char *list = action_info[a].keys;
	char name[32];

	while (next_name(&list, name, sizeof name)) {
		uint32_t k;
		unsigned int m;

		if (input_key_parse(name, &k, &m) && k == key && m == mods)
			return true;
	}
	return false;
}

enum action
keys_lookup(enum keys_context context, uint32_t key, unsigned int mods)
{
	for (int a = ACT_NONE + 1; a < ACT_COUNT; a++)
		if (keys_applies((enum action)a, context) && has_key((enum action)a, key, mods))
			return (enum action)a;
	return ACT_NONE;
}

const char *
keys_first(enum action a, char *buf, size_t size)
{
	const char *list = action_info[a].keys;

	buf[0] = '\0';
	next_name(&list, buf, size);
	return buf;
}

static bool
is_subsequence(const char *letters, const char *text)
{
	for (; *letters != '\0'; letters++) {
		while (*text != '\0' &&
		       tolower((unsigned char)*text) != tolower((unsigned char)*letters))
			text++;
		if (*text == '\0')
			return false;
		text++;
	}
	return true;
}

static bool
contains(const char *text, const char *part)
{
	size_t len = strlen(part);

	for (; *text != '\0'; text++)
		if (strncasecmp(text, part, len) == 0)
			return true;
	return len == 0;
}

/* 0 is best; 4 does not fit. */
static int
rank(enum action a, const char *filter)
{
	const struct action_info *i = &action_info[a];

	if (strncasecmp(i->name, filter, strlen(filter)) == 0)
		return 0;
	if (contains(i->name, filter) || contains(i->label, filter))
		return 1;
	if (contains(i->help, filter))
		return 2;
	return is_subsequence(filter, i->name) || is_subsequence(filter, i->help) ? 3 : 4;
}

void
palette_filter(struct palette *p, const char *filter)
{
	p->count = 0;
	for (int wanted = 0; wanted < 4; wanted++)
		for (int a = ACT_NONE + 1; a < ACT_COUNT; a++)
			if (keys_applies((enum action)a, p->context) &&
			    rank((enum action)a, filter) == wanted)
				p->found[p->count++] = (enum action)a;
}
