/* What is known of a built file, in one line for the review. */
#include <string.h>

#include "slipway/dist/finding.h"
#include "slipway/wizard/compare.h"
#include "slipway/wizard/release.h"

#define GOOD "\xe2\x9c\x93"
#define BAD "\xe2\x9c\x97"
#define GAP " \xc2\xb7 "

static bool
is_record_broken(const struct findings *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->items[i].severity == FINDING_ERROR &&
		    text_starts(dist_rule(f->items[i].rule)->id, "REC"))
			return true;
	return false;
}

void
release_file_line(const struct release_file *f, struct str *out)
{
	size_t errors;

	if (f->findings == NULL) {
		str_puts(out, "not checked");
	} else {
		errors = findings_at_least(f->findings, FINDING_ERROR);
		if (f->is_wheel)
			str_printf(
			    out, "RECORD %s" GAP, is_record_broken(f->findings) ? BAD : GOOD);
		if (errors == 0)
			str_puts(out, "PyPI " GOOD);
		else
			str_printf(out, "PyPI: %zu %s", errors, errors == 1 ? "error" : "errors");
	}
	str_puts(out, GAP);
	if (f->compared == NULL) {
		str_puts(out, "not compared");
		return;
	}
	compare_short(&f->compared->with[COMPARE_RELEASE], out);
	str_puts(out, GAP);
	compare_short(&f->compared->with[COMPARE_GIT], out);
}

enum sign
release_file_sign(const struct release_file *f)
{
	if (f->findings == NULL)
		return SIGN_UNCHECKED;
	if (findings_at_least(f->findings, FINDING_ERROR) > 0)
		return SIGN_BAD;
	if (findings_at_least(f->findings, FINDING_WARN) > 0)
		return SIGN_LOOK;
	if (f->compared == NULL)
		return SIGN_UNCHECKED;
	for (int b = 0; b < COMPARE_BASE_COUNT; b++)
		if (!comparison_is_done(&f->compared->with[b]) ||
		    f->compared->with[b].counts[COMPARE_NONE] > 0)
			return SIGN_UNCHECKED;
	return SIGN_OK;
}
