/* libFuzzer: a requirement that is read stays one when its floor is raised, and admits the version.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/project/requirement.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
expect_admitted(struct bytes text, const struct floor *f, const struct version *v)
{
	struct requirement again = REQUIREMENT_EMPTY;
	struct str edited = STR_EMPTY;
	struct bytes b;

	str_append(&edited, text.data, text.len);
	str_splice(&edited, f->token.at, f->token.len, f->text, strlen(f->text));
	b = (struct bytes) { edited.data, edited.len };
	if (requirement_parse(b, &again, NULL) != ERR_OK ||
	    !specifiers_contain(&again.specifiers, b, v, SPECIFIER_PRE_NAMED))
		abort();
	requirement_fini(&again);
	str_fini(&edited);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const versions[] = { "1.0.4", "2.0rc1", "1!3.0.post1" };
	struct bytes text = { (const char *)data, size };
	struct requirement r = REQUIREMENT_EMPTY;
	struct err e = ERR_EMPTY;

	if (requirement_parse(text, &r, &e) != ERR_OK)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(versions); i++) {
		struct version v = VERSION_EMPTY;
		struct floor f = FLOOR_EMPTY;

		if (version_parse(versions[i], &v, NULL) != ERR_OK)
			abort();
		requirement_raise(&r, text, &v, FLOOR_RAISE, &f);
		if (f.result == FLOOR_EDIT)
			expect_admitted(text, &f, &v);
		floor_fini(&f);
		version_fini(&v);
	}
	requirement_fini(&r);
	return 0;
}
