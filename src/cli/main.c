/* The program: finds the command and runs it. */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "options.h"
#include "slipway/base/log.h"
#include "slipway/base/mem.h"
#include "slipway/dist/reader.h"
#include "slipway/wizard/check_opts.h"

const struct command commands[] = {
	{ "release", "[BUMP]", "the wizard: from \"I want to release\" to the index serving it",
	    cmd_release },
	{ "plan", "[BUMP]", "all that a release would do; changes nothing", cmd_plan },
	{ "status", "", "where the unfinished release stands", cmd_status },
	{ "resume", "", "go on with the unfinished release", cmd_resume },
	{ "abort", "", "undo of it what can be undone", cmd_abort },
	{ "inspect", "FILE...", "what is in wheels and sdists, and what was found", cmd_inspect },
	{ "check", "FILE...", "findings alone, one a line", cmd_check },
	{ "upload", "FILE... --index NAME|URL", "send files to an index and read them back",
	    cmd_upload },
	{ "smoke", "NAME==VERSION --index NAME|URL",
	    "install from an index into a fresh environment and try it", cmd_smoke },
	{ "version", "next KIND VERSION", "PEP 440 for scripts; also normalize, compare and sort",
	    cmd_version },
	{ "index", "DIR [--port N]", "a package index of your own on loopback, to rehearse on",
	    cmd_index },
	{ "demo", "[DIR]", "a real release of made-up packages, without any network", cmd_demo },
	{ "init", "", "show what is found here, and write a commented slipway.toml", cmd_init },
	{ "help", "[TOPIC]", "more about one topic", cmd_help },
};
const size_t command_count = ARRAY_LEN(commands);

/* As git and make have it: -C comes before everything, so other paths are relative to it. */
static enum err_code
go_there(struct options *o, struct err *e)
{
	if (o->dir == NULL)
		return ERR_OK;
	if (chdir(o->dir) != 0)
		return err_set(
		    e, ERR_USAGE, "cannot go to the directory %s: %s", o->dir, strerror(errno));
	mem_set(&o->dir, NULL);
	return ERR_OK;
}

int
main(int argc, char **argv)
{
	struct options o = { .command = NULL };
	struct err e = ERR_EMPTY;
	int status;

	if (argc == 2 && strcmp(argv[1], READER_ARGUMENT) == 0) {
		const struct dist_check_opts functions = check_opts();

		return reader_serve(STDIN_FILENO, STDOUT_FILENO, &functions);
	}
	setlocale(LC_ALL, "");
	if (options_parse(argc, argv, &o, &e) != ERR_OK) {
		status = report_error(&e, false);
	} else if (o.version) {
		printf("slipway %s\n", program_version());
		status = EXIT_DONE;
	} else if (o.help) {
		options_help(&o);
		status = EXIT_DONE;
	} else if (go_there(&o, &e) != ERR_OK) {
		status = report_error(&e, false);
	} else {
		if (o.verbose && !isatty(STDOUT_FILENO))
			log_to_fd(STDERR_FILENO);
		status = o.command->run(&o);
	}
	options_fini(&o);
	/* Output that did not get out (a full disk) is no success. */
	if ((fflush(stdout) != 0 || ferror(stdout)) && status == EXIT_DONE) {
		err_sys(&e, ERR_IO, "cannot write the output");
		status = report_error(&e, false);
	}
	return status;
}
