/* slipway check: what was found in files, one finding a line, as JSON or as SARIF. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "findings_out.h"
#include "options.h"
#include "place.h"
#include "sarif.h"
#include "slipway/base/json.h"
#include "slipway/base/mem.h"
#include "slipway/dist/check.h"
#include "slipway/dist/filename.h"
#include "slipway/dist/reading.h"
#include "slipway/wizard/check_opts.h"
#include "slipway/wizard/check_settings.h"

struct checking {
	const struct options *o;
	struct place place;
	struct check_settings settings;
	enum finding_severity level; /* from where on it is a failure */
	struct json *list;	     /* --json; else NULL */
	struct sarif sarif;	     /* --sarif; else its log is NULL */
	enum rule_id rule;	     /* --acknowledge; else RULE_COUNT */
	size_t accepted;
	bool failed, unseen;
};

static void
print_findings(struct checking *k, const char *path, const struct findings *found)
{
	struct str line = STR_EMPTY;
	char *name = safe_text(path);

	if (k->sarif.log != NULL)
		sarif_add_findings(&k->sarif, path, found);
	for (size_t i = 0; i < found->count && k->sarif.log == NULL; i++) {
		if (k->list != NULL) {
			struct json *object = json_add_object(k->list);

			json_set_text(object, "file", name);
			finding_json(&found->items[i], object);
			continue;
		}
		str_clear(&line);
		finding_text(&found->items[i], wants_colour(k->o), &line);
		printf("%s: %s\n", name, str_text(&line));
	}
	str_fini(&line);
	free(name);
}

/* A file that could not be looked at has a place in the list too: not checked is not fine. */
static void
print_failure(struct checking *k, const char *path, const struct err *e)
{
	char *name = safe_text(path);

	report_error(e, true);
	if (k->sarif.log != NULL)
		sarif_add_failure(&k->sarif, path, e);
	if (k->list != NULL) {
		struct json *object = json_add_object(k->list);

		json_set_text(object, "file", name);
		json_set_text(object, "severity", "NOT CHECKED");
		failure_json(e, object);
	}
	free(name);
}

static enum err_code
accept_findings(struct checking *k, struct findings *found, struct err *e)
{
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < found->count && rc == ERR_OK; i++) {
		const struct finding *f = &found->items[i];

		if (f->rule != k->rule || f->reason != NULL)
			continue;
		rc = acknowledgements_add(k->settings.path, f, k->o->reason, e);
		if (rc == ERR_OK) {
			findings_acknowledge(found, i, k->o->reason);
			k->accepted++;
		}
	}
	return rc;
}

static enum err_code
check_file(struct checking *k, const char *path, struct err *e)
{
	struct dist_check_opts opts = check_opts();
	struct findings found = FINDINGS_EMPTY;
	enum err_code rc = ERR_OK;

	opts.sdist = dist_name_sdist_of(path, &k->o->args);
	check_settings_ask(&k->settings, &opts);
	opts.hashes = k->list != NULL || k->sarif.log != NULL || k->rule != RULE_COUNT ||
		      k->settings.acknowledged.count > 0;
	if (reading_check(READER_SELF, path, &opts, &found, e) != ERR_OK) {
		k->unseen = true;
		print_failure(k, path, e);
		err_clear(e);
	} else {
		check_settings_apply(&k->settings, &found);
		rc = accept_findings(k, &found, e);
		k->failed |= findings_at_least(&found, k->level) > 0;
		print_findings(k, path, &found);
	}
	fflush(stdout);
	findings_fini(&found);
	return rc;
}

static enum finding_severity
level_of(const struct options *o)
{
	if (o->fail_on != NULL && strcmp(o->fail_on, "info") == 0)
		return FINDING_INFO;
	if (o->strict || (o->fail_on != NULL && strcmp(o->fail_on, "warn") == 0))
		return FINDING_WARN;
	return FINDING_ERROR;
}

static enum err_code
prepare(struct checking *k, struct err *e)
{
	const struct options *o = k->o;
	const struct dist_rule *rule = NULL;
	enum err_code rc;

	if (o->args.count == 0)
		return err_set(e, ERR_USAGE, "slipway check needs at least one wheel or sdist");
	if (o->json && o->sarif)
		return err_set(e, ERR_USAGE, "--json and --sarif are two forms: take one");
	if ((o->acknowledge != NULL) != (o->reason != NULL))
		return err_set(e, ERR_USAGE, "--acknowledge RULE needs --reason TEXT, and the "
					     "reason needs the rule");
	if (o->acknowledge != NULL) {
		rule = dist_rule_find(o->acknowledge);
		if (rule == NULL) {
			err_set(e, ERR_USAGE, "there is no rule \"%s\"", o->acknowledge);
			return err_hint(e, "slipway help rules lists them");
		}
		k->rule = dist_rule_index(rule);
	}
	rc = place_find(o, &k->place, e);
	if (rc == ERR_OK)
		rc = check_settings_load(k->place.root, &k->place.config, &k->settings, e);
	if (rc != ERR_OK)
		return rc;
	k->list = o->json ? json_array_new() : NULL;
	if (o->sarif)
		sarif_init(&k->sarif);
	return ERR_OK;
}

static void
print_json(const struct json *j)
{
	struct str text = STR_EMPTY;

	json_write(j, JSON_STYLE_INDENT, &text);
	printf("%s\n", str_text(&text));
	str_fini(&text);
}

int
cmd_check(const struct options *o)
{
	struct checking k = { .o = o,
		.place = PLACE_EMPTY,
		.settings = CHECK_SETTINGS_EMPTY,
		.level = level_of(o),
		.rule = RULE_COUNT };
	struct err e = ERR_EMPTY;
	enum err_code rc = prepare(&k, &e);
	int status;

	for (size_t i = 0; rc == ERR_OK && i < o->args.count; i++)
		rc = check_file(&k, o->args.items[i], &e);
	if (rc == ERR_OK && (k.list != NULL || k.sarif.log != NULL))
		print_json(k.list != NULL ? k.list : k.sarif.log);
	if (k.accepted > 0)
		fprintf(stderr, "slipway: %zu accepted, in %s\n", k.accepted, k.settings.path);
	status = k.unseen ? EXIT_NOT_SEEN : k.failed ? EXIT_FAILED : EXIT_DONE;
	if (rc != ERR_OK)
		status = report_error(&e, false);
	json_free(k.list);
	json_free(k.sarif.log);
	check_settings_fini(&k.settings);
	place_fini(&k.place);
	return status;
}
