/* Which word was meant. */
#include <criterion/criterion.h>

#include "leak_gate.h"
#include "slipway/base/compiler.h"
#include "slipway/base/near.h"

Test(near, finds_the_word_that_was_meant, .fini = leak_gate)
{
	static const char *const names[] = { "release", "resume", "version", "index" };
	static const struct {
		const char *typed, *meant; /* NULL: none is near */
	} row[] = {
		{ "relaese", "release" }, /* swapped */
		{ "resum", "resume" },
		{ "versions", "version" },
		{ "indez", "index" },
		{ "rel", "release" }, /* cut short */
		{ "zzz", NULL },
		{ "", NULL },
		{ "a word that is much longer than any that could have been meant here", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		const char *near = near_word(row[i].typed, names, ARRAY_LEN(names));

		if (row[i].meant == NULL)
			cr_expect_null(near, "%s is near to %s", row[i].typed, near);
		else
			cr_expect_str_eq(near, row[i].meant, "%s", row[i].typed);
	}
}
