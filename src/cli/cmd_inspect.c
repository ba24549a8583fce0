/* slipway inspect: the members, the metadata, the findings of wheels and sdists, and how they
 * differ from git and from the release before. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "inspect_look.h"
#include "options.h"
#include "slipway/base/json.h"
#include "slipway/os/env.h"
#include "slipway/os/loop.h"
#include "slipway/tui/inspect.h"

/* The worst status of all files; what can be seen of the others is shown. */
static int
inspect_files(struct inspector *in, struct json *list)
{
	const struct options *o = in->o;
	int status = EXIT_DONE;

	for (size_t i = 0; i < o->args.count; i++) {
		struct look k;
		struct str text = STR_EMPTY;
		struct err e = ERR_EMPTY;
		enum err_code rc = look_at(in, o->args.items[i], &k, &e);

		if (rc != ERR_OK) {
			report_error(&e, true);
			status = EXIT_NOT_SEEN;
			if (list != NULL)
				inspect_json_failure(o->args.items[i], &e, list);
		} else {
			if (status == EXIT_DONE && findings_at_least(&k.found, FINDING_ERROR) > 0)
				status = EXIT_FAILED;
			if (list != NULL)
				inspect_json(&k, list);
			else
				inspect_plain(&k, wants_colour(o), &text);
			printf("%s%s", i > 0 && list == NULL ? "\n" : "", str_text(&text));
			fflush(stdout);
		}
		str_fini(&text);
		look_fini(&k);
	}
	return status;
}

static int
inspect(const struct options *o)
{
	struct json *list = o->json ? json_array_new() : NULL;
	struct inspector in;
	struct str text = STR_EMPTY;
	struct err e = ERR_EMPTY;
	int status;

	if (inspector_init(o, &in, &e) != ERR_OK) {
		status = report_error(&e, false);
	} else {
		status = inspect_files(&in, list);
		if (list != NULL) {
			json_write(list, JSON_STYLE_INDENT, &text);
			printf("%s\n", str_text(&text));
		}
	}
	inspector_fini(&in);
	json_free(list);
	str_fini(&text);
	return status;
}

/* A person is at both ends of the terminal, and it can be drawn on. */
static bool
has_screen(const struct options *o)
{
	const char *term = env_get("TERM");

	return !o->json && !o->plain && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) &&
	       term != NULL && strcmp(term, "dumb") != 0;
}

static int
browse(const struct options *o)
{
	struct inspector in;
	struct err e = ERR_EMPTY;
	int status = EXIT_DONE;

	if (inspector_init(o, &in, &e) != ERR_OK) {
		status = report_error(&e, false);
	} else {
		const struct compare_opts compare = inspector_compare_opts(&in);
		const struct inspect_opts opts = { .files = &o->args,
			.theme = o->theme,
			.compare = &compare,
			.settings = &in.settings };

		if (inspect_run(in.loop, &opts, &e) != ERR_OK)
			status = report_error(&e, true);
	}
	inspector_fini(&in);
	return status;
}

int
cmd_inspect(const struct options *o)
{
	struct err e = ERR_EMPTY;

	if (o->args.count == 0) {
		err_set(&e, ERR_USAGE, "slipway inspect needs at least one wheel or sdist");
		return report_error(&e, false);
	}
	return has_screen(o) ? browse(o) : inspect(o);
}
