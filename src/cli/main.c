/* The program: finds the command and runs it. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "options.h"
#include "slipway/base/log.h"

const struct command commands[] = {
	{ "release", "[BUMP]", "the wizard: from \"I want to release\" to the index serving it",
	    cmd_release, false },
	{ "plan", "[BUMP]", "all that a release would do; changes nothing", cmd_plan, false },
	{ "status", "", "where the unfinished release stands", cmd_status, false },
	{ "resume", "", "go on with the unfinished release", cmd_resume, false },
	{ "abort", "", "undo of it what can be undone", cmd_abort, false },
	{ "demo", "[DIR]", "a real release of made-up packages, without any network", cmd_demo,
	    false },
};
const size_t command_count = ARRAY_LEN(commands);

int
main(int argc, char **argv)
{
	struct options o = { .command = NULL };
	struct err e = ERR_EMPTY;
	int status;

	setlocale(LC_ALL, "");
	if (options_parse(argc, argv, &o, &e) != ERR_OK) {
		status = report_error(&e, false);
	} else if (o.version) {
		printf("slipway %s\n", program_version());
		status = EXIT_DONE;
	} else if (o.help) {
		options_help(&o);
		status = EXIT_DONE;
	} else {
		if (o.verbose && !isatty(STDOUT_FILENO))
			log_to_fd(STDERR_FILENO);
		status = o.command->run(&o);
	}
	options_fini(&o);
	return status;
}
