/* The command line: one table of options and one of commands, from which --help is made as well. */
#ifndef SLIPWAY_CLI_OPTIONS_H
#define SLIPWAY_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "slipway/base/err.h"
#include "slipway/base/strlist.h"

struct command;

enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

struct options {
	const struct command *command;
	bool named;	     /* it was typed, not implied */
	struct strlist args; /* what is no option, without the command's name */
	struct strlist packages, leave_out, edit_also, tags;
	char *config, *confirm, *accept_findings, *test_index, *theme, *dir, *index, *simple,
	    *against, *rev;
	char *fail_on, *acknowledge, *reason; /* of check; FAIL_ON is error, warn or info */
	char *new_changelog;
	bool date_candidates;
	bool dry_run, yes, no_notes, plain, json, sarif, strict, verbose, help, version;
	uint16_t port;
	enum when colour;
};

struct command {
	const char *name;
	const char *usage;   /* behind "slipway NAME " */
	const char *summary; /* one line */
	/* Runs it; the exit status of the program (design, section 2). */
	int (*run)(const struct options *o);
};

enum exit_status {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_NOT_SEEN = 3,
	EXIT_CANCELLED = 130,
};

/* Fills *O (empty before); ERR_USAGE names the option or command and what is near. */
enum err_code options_parse(int argc, char **argv, struct options *o, struct err *e);
void options_fini(struct options *o);
void options_help(
    const struct options *o); /* of the command, or of the program, on standard output */

extern const struct command commands[];
extern const size_t command_count;
const struct command *command_find(const char *name); /* NULL: none */

/* Prints "slipway: MESSAGE" and the hint on standard error; the exit status for E. LOOKS: the
 * command only looks, so what cannot be read is 3 and not 1. */
int report_error(const struct err *e, bool looks);
bool wants_colour(const struct options *o); /* on standard output: --color, NO_COLOR, a terminal */
bool is_utf8_locale(void);
const char *program_version(void);

#endif
