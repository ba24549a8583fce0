/* slipway check: what was found in files, one finding a line. */
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "findings_out.h"
#include "options.h"
#include "slipway/base/json.h"
#include "slipway/base/mem.h"
#include "slipway/dist/check.h"
#include "slipway/project/version.h"

struct checking {
	const struct options *o;
	struct json *list; /* NULL: lines instead */
	bool failed, unseen;
};

static void
print_findings(const struct checking *k, const char *name, const struct findings *found)
{
	struct str line = STR_EMPTY;

	for (size_t i = 0; i < found->count; i++) {
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
}

/* A file that could not be looked at has a place in the list too: not checked is not fine. */
static void
print_failure(const struct checking *k, const char *name, const struct err *e)
{
	report_error(e, true);
	if (k->list != NULL) {
		struct json *object = json_add_object(k->list);

		json_set_text(object, "file", name);
		json_set_text(object, "severity", "NOT CHECKED");
		failure_json(e, object);
	}
}

static void
check_file(struct checking *k, const char *path)
{
	const struct dist_check_opts opts = { .normal_version = version_normal };
	const enum finding_severity fails = k->o->strict ? FINDING_WARN : FINDING_ERROR;
	struct findings found = FINDINGS_EMPTY;
	struct err e = ERR_EMPTY;
	char *name = safe_text(path);

	if (dist_check(path, &opts, &found, &e) != ERR_OK) {
		k->unseen = true;
		print_failure(k, name, &e);
	} else {
		k->failed |= findings_at_least(&found, fails) > 0;
		print_findings(k, name, &found);
	}
	fflush(stdout);
	findings_fini(&found);
	free(name);
}

int
cmd_check(const struct options *o)
{
	struct checking k = { .o = o, .list = o->json ? json_array_new() : NULL };
	struct err e = ERR_EMPTY;
	struct str text = STR_EMPTY;

	if (o->args.count == 0) {
		json_free(k.list);
		err_set(&e, ERR_USAGE, "slipway check needs at least one wheel or sdist");
		return report_error(&e, false);
	}
	for (size_t i = 0; i < o->args.count; i++)
		check_file(&k, o->args.items[i]);
	if (k.list != NULL) {
		json_write(k.list, JSON_STYLE_INDENT, &text);
		printf("%s\n", str_text(&text));
	}
	json_free(k.list);
	str_fini(&text);
	return k.unseen ? EXIT_NOT_SEEN : k.failed ? EXIT_FAILED : EXIT_DONE;
}
