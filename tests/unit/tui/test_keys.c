/* The table of actions cannot contradict itself. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/base/compiler.h"
#include "slipway/tui/input.h"
#include "slipway/tui/keys.h"

Test(keys, every_key_is_known_and_means_one_thing_in_a_context, .fini = leak_gate)
{
	for (int a = ACT_NONE + 1; a < ACT_COUNT; a++) {
		char keys[64], *save = NULL;

		cr_expect_gt(strlen(action_info[a].help), 3, "%s", action_info[a].name);
		cr_expect_neq(action_info[a].contexts, 0, "%s", action_info[a].name);
		snprintf(keys, sizeof keys, "%s", action_info[a].keys);
		for (char *k = strtok_r(keys, " ", &save); k != NULL;
		     k = strtok_r(NULL, " ", &save)) {
			uint32_t key;
			unsigned int mods;

			cr_assert(
			    input_key_parse(k, &key, &mods), "%s: %s", action_info[a].name, k);
			for (int c = 0; c < KEYS_CONTEXT_COUNT; c++)
				if (keys_applies((enum action)a, (enum keys_context)c))
					cr_expect_eq(keys_lookup((enum keys_context)c, key, mods),
					    (enum action)a, "%s means two things in context %d", k,
					    c);
		}
	}
}

Test(keys, pages_have_their_own, .fini = leak_gate)
{
	static const struct {
		enum keys_context context;
		const char *key;
		enum action action;
	} row[] = {
		{ KEYS_EDITS, "n", ACT_PLACE_NEXT },
		{ KEYS_REVIEW, "n", ACT_MATCH_NEXT },
		{ KEYS_REVIEW, "]", ACT_NONE },
		{ KEYS_INSPECT, "]", ACT_FINDING_NEXT },
		{ KEYS_VERSION, "]", ACT_NONE },
		{ KEYS_BUILD, "f", ACT_FOLLOW },
		{ KEYS_PREFLIGHT, "i", ACT_IGNORE },
		{ KEYS_DIFF, "}", ACT_CHANGED_NEXT },
		{ KEYS_DIFF, "Q", ACT_QUIT_ALL },
		{ KEYS_PAGER, "Q", ACT_QUIT_ALL },
		{ KEYS_PAGER, "}", ACT_NONE },
		{ KEYS_PREFLIGHT, "Q", ACT_NONE },
		{ KEYS_CARD, "j", ACT_DOWN },
		{ KEYS_REHEARSE, "^U", ACT_CLEAR },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		uint32_t key;
		unsigned int mods;

		cr_assert(input_key_parse(row[i].key, &key, &mods));
		cr_expect_eq(keys_lookup(row[i].context, key, mods), row[i].action, "row %zu", i);
	}
}

Test(keys, the_palette_puts_the_best_first, .fini = leak_gate)
{
	struct palette p = { .context = KEYS_PREFLIGHT };

	palette_filter(&p, "");
	cr_expect_gt(p.count, 20);
	palette_filter(&p, "ign");
	cr_assert_gt(p.count, 0);
	cr_expect_eq(p.found[0], ACT_IGNORE);
	palette_filter(&p, "LOOK AG");
	cr_assert_gt(p.count, 0);
	cr_expect_eq(p.found[0], ACT_AGAIN);
	palette_filter(&p, "zzzz");
	cr_expect_eq(p.count, 0);
}
