/* What the project layer knows, as functions for the rules of dist. */
#include "slipway/wizard/check_opts.h"

#include "slipway/project/requirement.h"
#include "slipway/project/specifier.h"
#include "slipway/project/version.h"

static bool
is_requirement(const char *text)
{
	struct requirement r = REQUIREMENT_EMPTY;

	if (requirement_parse(bytes_of(text), &r, NULL) != ERR_OK)
		return false;
	requirement_fini(&r);
	return true;
}

static bool
is_specifier_set(const char *text)
{
	struct specifiers s = SPECIFIERS_EMPTY;

	if (specifiers_parse(bytes_of(text), 0, &s, NULL) != ERR_OK)
		return false;
	specifiers_fini(&s);
	return true;
}

struct dist_check_opts
check_opts(void)
{
	return (struct dist_check_opts) {
		.normal_version = version_normal,
		.is_requirement = is_requirement,
		.is_specifier_set = is_specifier_set,
	};
}
