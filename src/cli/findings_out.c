/* Findings as text and as JSON. */
#include "findings_out.h"

#include <string.h>

#include "slipway/base/err.h"
#include "slipway/base/json.h"
#include "slipway/base/sanitise.h"

static const char *
colour_of(enum finding_severity s)
{
	switch (s) {
	case FINDING_ERROR:
		return "\x1b[31m";
	case FINDING_WARN:
		return "\x1b[33m";
	case FINDING_INFO:
		return "\x1b[36m";
	case FINDING_SEVERITY_COUNT:
		break;
	}
	return "";
}

void
finding_text(const struct finding *f, bool colour, struct str *out)
{
	str_printf(out, "%s%s%s %s ", colour ? colour_of(f->severity) : "",
	    finding_severity_name(f->severity), colour ? "\x1b[0m" : "", dist_rule(f->rule)->id);
	if (f->member != NULL)
		str_printf(out, "[%s] ", f->member);
	str_puts(out, f->message);
	if (f->line > 0)
		str_printf(out, " (line %zu)", f->line);
	if (f->reason != NULL) {
		str_puts(out, " (acknowledged: ");
		sanitise(f->reason, strlen(f->reason), out);
		str_putc(out, ')');
	}
}

void
finding_json(const struct finding *f, struct json *object)
{
	json_set_text(object, "severity", finding_severity_name(f->severity));
	json_set_text(object, "rule", dist_rule(f->rule)->id);
	json_set_text(object, "title", dist_rule(f->rule)->title);
	json_set_text(object, "member", f->member);
	if (f->line > 0)
		json_set_int(object, "line", (int64_t)f->line);
	else
		json_set_null(object, "line");
	json_set_text(object, "message", f->message);
	json_set_text(object, "fix", dist_rule(f->rule)->fix);
	json_set_text(object, "sha256", f->sha256);
	json_set_text(object, "acknowledged", f->reason);
}

void
failure_json(const struct err *e, struct json *object)
{
	json_set_text(object, "code", err_code_name(e->code));
	json_set_text(object, "message", e->message);
	json_set_text(object, "hint", e->hint);
}

char *
safe_text(const char *text)
{
	struct str out = STR_EMPTY;

	sanitise(text, strlen(text), &out);
	return str_take(&out);
}
