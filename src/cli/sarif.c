/* SARIF 2.1.0: one log, one run, the table of rules, and a result for each finding. */
#include "sarif.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "slipway/base/json.h"
#include "slipway/base/mem.h"
#include "slipway/dist/acknowledge.h"

#define SCHEMA                                                                                     \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

static const char *
level_of(enum finding_severity severity)
{
	switch (severity) {
	case FINDING_ERROR:
		return "error";
	case FINDING_WARN:
		return "warning";
	case FINDING_INFO:
		return "note";
	case FINDING_SEVERITY_COUNT:
		break;
	}
	return "none";
}

static void
set_message(struct json *object, const char *key, const char *text)
{
	json_set_text(json_set_object(object, key), "text", text);
}

static void
add_rule(struct json *list, const struct dist_rule *rule)
{
	struct json *object = json_add_object(list);
	char *help = mem_printf("%s What to do: %s.", rule->meaning, rule->fix);

	json_set_text(object, "id", rule->id);
	set_message(object, "shortDescription", rule->title);
	set_message(object, "fullDescription", rule->meaning);
	set_message(object, "help", help);
	json_set_text(
	    json_set_object(object, "defaultConfiguration"), "level", level_of(rule->severity));
	free(help);
}

void
sarif_init(struct sarif *s)
{
	struct json *run, *driver, *rules;

	*s = (struct sarif) { .log = json_object_new() };
	json_set_text(s->log, "$schema", SCHEMA);
	json_set_text(s->log, "version", "2.1.0");
	run = json_add_object(json_set_array(s->log, "runs"));
	driver = json_set_object(json_set_object(run, "tool"), "driver");
	json_set_text(driver, "name", "slipway");
	json_set_text(driver, "version", program_version());
	rules = json_set_array(driver, "rules");
	for (int r = 0; r < RULE_COUNT; r++)
		add_rule(rules, dist_rule((enum rule_id)r));
	s->invocation = json_add_object(json_set_array(run, "invocations"));
	json_set_bool(s->invocation, "executionSuccessful", true);
	s->results = json_set_array(run, "results");
}

static void
put_uri(const char *text, struct str *out)
{
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if ((c < 0x80 && isalnum(c)) || strchr("-._~/!", c) != NULL)
			str_putc(out, (char)c);
		else
			str_printf(out, "%%%02X", c);
	}
}

static void
add_location(struct json *result, const char *path, const struct finding *f)
{
	struct json *place = json_set_object(
	    json_add_object(json_set_array(result, "locations")), "physicalLocation");
	struct str uri = STR_EMPTY;

	put_uri(path, &uri);
	if (f->member != NULL) {
		str_putc(&uri, '!');
		put_uri(f->member, &uri);
	}
	json_set_text(json_set_object(place, "artifactLocation"), "uri", str_text(&uri));
	if (f->line > 0)
		json_set_int(json_set_object(place, "region"), "startLine", (int64_t)f->line);
	str_fini(&uri);
}

static void
add_result(struct json *results, const char *path, const struct finding *f)
{
	struct json *result = json_add_object(results), *one;
	char print[DIGEST_HEX_SIZE];

	json_set_text(result, "ruleId", dist_rule(f->rule)->id);
	json_set_int(result, "ruleIndex", (int64_t)f->rule);
	json_set_text(result, "level", level_of(f->severity));
	set_message(result, "message", f->message);
	add_location(result, path, f);
	if (f->sha256 != NULL) {
		finding_fingerprint(f, print);
		json_set_text(json_set_object(result, "fingerprints"), "slipway/v1", print);
		json_set_text(json_set_object(result, "partialFingerprints"), "slipway/v1", print);
	}
	if (f->reason == NULL)
		return;
	one = json_add_object(json_set_array(result, "suppressions"));
	json_set_text(one, "kind", "external");
	json_set_text(one, "justification", f->reason);
}

void
sarif_add_findings(struct sarif *s, const char *path, const struct findings *f)
{
	for (size_t i = 0; i < f->count; i++)
		add_result(s->results, path, &f->items[i]);
}

void
sarif_add_failure(struct sarif *s, const char *path, const struct err *e)
{
	struct json *note, *place;
	struct str uri = STR_EMPTY;

	json_set_bool(s->invocation, "executionSuccessful", false);
	if (s->notes == NULL)
		s->notes = json_set_array(s->invocation, "toolExecutionNotifications");
	note = json_add_object(s->notes);
	json_set_text(note, "level", "error");
	set_message(note, "message", e->message);
	put_uri(path, &uri);
	place = json_set_object(
	    json_add_object(json_set_array(note, "locations")), "physicalLocation");
	json_set_text(json_set_object(place, "artifactLocation"), "uri", str_text(&uri));
	str_fini(&uri);
}
