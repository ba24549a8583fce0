/* The command line. */
#include "options.h"

#include <getopt.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "slipway/base/mem.h"
#include "slipway/base/near.h"
#include "slipway/os/env.h"
#include "slipway/project/version.h"

enum {
	OPT_PACKAGE = 256,
	OPT_CONFIG,
	OPT_DRY_RUN,
	OPT_YES,
	OPT_CONFIRM,
	OPT_ACCEPT_FINDINGS,
	OPT_TEST_INDEX,
	OPT_LEAVE_OUT,
	OPT_EDIT_ALSO,
	OPT_TAG,
	OPT_NO_NOTES,
	OPT_DATE_CANDIDATES,
	OPT_NEW_CHANGELOG,
	OPT_THEME,
	OPT_PLAIN,
	OPT_JSON,
	OPT_SARIF,
	OPT_STRICT,
	OPT_FAIL_ON,
	OPT_ACKNOWLEDGE,
	OPT_REASON,
	OPT_COLOR,
	OPT_INDEX,
	OPT_SIMPLE,
	OPT_PORT,
	OPT_AGAINST,
	OPT_REV,
	OPT_VERSION,
};

/* The commands that make or show a release. */
#define RELEASE "release plan status resume abort demo"

static const struct {
	const char *name, *value;
	int code;
	const char *commands; /* that know it, with spaces between; NULL: every one */
	const char *summary;
} table[] = {
	{ "package", "NAME", OPT_PACKAGE, RELEASE, "only this package (may be given again)" },
	{ "config", "FILE", OPT_CONFIG, RELEASE " upload smoke check inspect",
	    "instead of slipway.toml" },
	{ "dry-run", NULL, OPT_DRY_RUN, RELEASE, "build and check everything, publish nothing" },
	{ "yes", NULL, OPT_YES, RELEASE, "take the defaults of all that can be undone" },
	{ "confirm", "VERSION", OPT_CONFIRM, RELEASE, "the typed confirmation of production" },
	{ "accept-findings", "REASON", OPT_ACCEPT_FINDINGS, RELEASE,
	    "go on in spite of what verify finds; the reason is kept in the report" },
	{ "test-index", "NAME", OPT_TEST_INDEX, RELEASE, "where to rehearse, or none" },
	{ "leave-out", "PLACE", OPT_LEAVE_OUT, RELEASE,
	    "do not edit it: FILE, FILE:LINE or FILE:PLACE (may be given again)" },
	{ "edit-also", "PLACE", OPT_EDIT_ALSO, RELEASE,
	    "edit a place that would be left alone (may be given again)" },
	{ "tag", "[NAME=]TEMPLATE", OPT_TAG, RELEASE,
	    "how tags are made, such as v{version}, where those that are there do not say it" },
	{ "no-notes", NULL, OPT_NO_NOTES, RELEASE, "no notes: the changelog stays as it is" },
	{ "date-candidates", NULL, OPT_DATE_CANDIDATES, RELEASE,
	    "a candidate gets a section of its own in the changelog" },
	{ "new-changelog", "STYLE", OPT_NEW_CHANGELOG, RELEASE,
	    "begin one where there is none: keep-a-changelog or dash; or none" },
	{ "index", "NAME|URL", OPT_INDEX, "upload smoke inspect",
	    "the index to upload to, install from or compare with" },
	{ "simple", "URL", OPT_SIMPLE, "upload smoke inspect",
	    "its simple API, where it cannot be found beside the upload URL" },
	{ "against", "FILE|VERSION", OPT_AGAINST, "inspect",
	    "the release to compare with, or none; else the newest older one" },
	{ "rev", "REV", OPT_REV, "inspect",
	    "the commit to compare with; else the tag of the version, or HEAD" },
	{ "port", "N", OPT_PORT, "index", "where the rehearsal index listens" },
	{ "theme", "NAME", OPT_THEME, NULL, "dark, light, contrast, harbour, or one of your own" },
	{ "plain", NULL, OPT_PLAIN, NULL, "line by line, without the screen" },
	{ "json", NULL, OPT_JSON, RELEASE " inspect check upload smoke init", "for programs" },
	{ "sarif", NULL, OPT_SARIF, "check", "SARIF 2.1.0, for code scanning" },
	{ "strict", NULL, OPT_STRICT, "check", "warnings count as errors: --fail-on warn" },
	{ "fail-on", "LEVEL", OPT_FAIL_ON, "check",
	    "error, warn or info: from where on it exits 1" },
	{ "acknowledge", "RULE", OPT_ACKNOWLEDGE, "check",
	    "accept what is found by that rule, until the content changes" },
	{ "reason", "TEXT", OPT_REASON, "check", "why, with --acknowledge" },
	{ "verbose", NULL, 'v', NULL, "the logs of commands, and what Slipway does" },
	{ "color", "WHEN", OPT_COLOR, NULL, "auto, always or never" },
	{ "directory", "DIR", 'C', NULL, "go there first (-C)" },
	{ "help", NULL, 'h', NULL, "this text" },
	{ "version", NULL, OPT_VERSION, NULL, "the version of Slipway" },
};
_Static_assert(ARRAY_LEN(table) <= 32, "one bit an option");

/* Where the value of an option goes that any text may have; NULL for the others. */
static char **
text_slot(struct options *o, int code)
{
	switch (code) {
	case OPT_CONFIG:
		return &o->config;
	case OPT_CONFIRM:
		return &o->confirm;
	case OPT_ACCEPT_FINDINGS:
		return &o->accept_findings;
	case OPT_TEST_INDEX:
		return &o->test_index;
	case OPT_NEW_CHANGELOG:
		return &o->new_changelog;
	case OPT_THEME:
		return &o->theme;
	case OPT_INDEX:
		return &o->index;
	case OPT_SIMPLE:
		return &o->simple;
	case OPT_AGAINST:
		return &o->against;
	case OPT_REV:
		return &o->rev;
	case 'C':
		return &o->dir;
	case OPT_ACKNOWLEDGE:
		return &o->acknowledge;
	case OPT_REASON:
		return &o->reason;
	default:
		return NULL;
	}
}

/* The switches about a release; NULL for the others. */
static bool *
switch_slot(struct options *o, int code)
{
	switch (code) {
	case OPT_DRY_RUN:
		return &o->dry_run;
	case OPT_YES:
		return &o->yes;
	case OPT_NO_NOTES:
		return &o->no_notes;
	case OPT_DATE_CANDIDATES:
		return &o->date_candidates;
	default:
		return NULL;
	}
}

static enum err_code
set_option(struct options *o, int code, const char *value, struct err *e)
{
	char **slot = text_slot(o, code);
	bool *on = switch_slot(o, code);
	size_t port;

	if (slot != NULL) {
		mem_set(slot, value);
		return ERR_OK;
	}
	if (on != NULL) {
		*on = true;
		return ERR_OK;
	}
	switch (code) {
	case OPT_PACKAGE:
		strlist_add(&o->packages, value);
		return ERR_OK;
	case OPT_LEAVE_OUT:
		strlist_add(&o->leave_out, value);
		return ERR_OK;
	case OPT_EDIT_ALSO:
		strlist_add(&o->edit_also, value);
		return ERR_OK;
	case OPT_TAG:
		strlist_add(&o->tags, value);
		return ERR_OK;
	case OPT_PLAIN:
		o->plain = true;
		return ERR_OK;
	case OPT_JSON:
		o->json = true;
		return ERR_OK;
	case OPT_SARIF:
		o->sarif = true;
		return ERR_OK;
	case OPT_FAIL_ON:
		if (strcmp(value, "error") != 0 && strcmp(value, "warn") != 0 &&
		    strcmp(value, "info") != 0)
			return err_set(
			    e, ERR_USAGE, "--fail-on takes error, warn or info, not \"%s\"", value);
		mem_set(&o->fail_on, value);
		return ERR_OK;
	case OPT_STRICT:
		o->strict = true;
		return ERR_OK;
	case OPT_VERSION:
		o->version = true;
		return ERR_OK;
	case 'v':
		o->verbose = true;
		return ERR_OK;
	case 'h':
		o->help = true;
		return ERR_OK;
	case OPT_PORT:
		if (!text_to_size(value, 65535, &port))
			return err_set(
			    e, ERR_USAGE, "--port takes a number up to 65535, not \"%s\"", value);
		o->port = (uint16_t)port;
		return ERR_OK;
	case OPT_COLOR:
		if (strcmp(value, "auto") == 0)
			o->colour = WHEN_AUTO;
		else if (strcmp(value, "always") == 0)
			o->colour = WHEN_ALWAYS;
		else if (strcmp(value, "never") == 0)
			o->colour = WHEN_NEVER;
		else
			return err_set(
			    e, ERR_USAGE, "--color takes auto, always or never, not \"%s\"", value);
		return ERR_OK;
	default:
		return err_set(e, ERR_USAGE, "unknown option");
	}
}

const struct command *
command_find(const char *name)
{
	for (size_t i = 0; i < command_count; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static bool
is_bump_or_version(const char *word)
{
	enum version_bump bump;
	struct version v = VERSION_EMPTY;
	bool ok = version_bump_from(word, &bump);

	if (!ok && version_parse(word, &v, NULL) == ERR_OK) {
		ok = true;
		version_fini(&v);
	}
	return ok;
}

/* What may stand in the first place: commands, then bumps. */
static void
first_words(struct strlist *out)
{
	for (size_t i = 0; i < command_count; i++)
		strlist_add(out, commands[i].name);
	for (int b = 0; b < BUMP_COUNT; b++) {
		enum version_bump bump;
		const char *name = version_bump_name((enum version_bump)b);

		if (version_bump_from(name, &bump))
			strlist_add(out, name);
	}
}

/* "slipway", "slipway patch" and "slipway release patch" are one command. */
static enum err_code
find_command(struct options *o, struct err *e)
{
	struct strlist words = STRLIST_EMPTY;
	const char *near;

	o->command = command_find("release");
	if (o->args.count == 0 || is_bump_or_version(o->args.items[0]))
		return ERR_OK;
	if (command_find(o->args.items[0]) != NULL) {
		o->command = command_find(o->args.items[0]);
		o->named = true;
		strlist_remove(&o->args, 0);
		return ERR_OK;
	}
	first_words(&words);
	near = near_word(o->args.items[0], (const char *const *)words.items, words.count);
	err_set(
	    e, ERR_USAGE, "\"%s\" is neither a command nor a bump nor a version", o->args.items[0]);
	if (near != NULL)
		err_hint(e, "did you mean %s? slipway --help lists the commands", near);
	else
		err_hint(e, "slipway --help lists the commands");
	strlist_fini(&words);
	return ERR_USAGE;
}

static bool
has_word(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = words; (at = strstr(at, word)) != NULL; at += len)
		if ((at == words || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

static bool
is_known_to(size_t option, const struct command *c)
{
	return table[option].commands == NULL || has_word(table[option].commands, c->name);
}

/* An option that would be passed over in silence is a mistake to be told. */
static enum err_code
check_options(const struct options *o, uint32_t given, struct err *e)
{
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if ((given >> i & 1) != 0 && !is_known_to(i, o->command)) {
			err_set(e, ERR_USAGE, "slipway %s knows no --%s", o->command->name,
			    table[i].name);
			return err_hint(e, "it is an option of: %s", table[i].commands);
		}
	return ERR_OK;
}

static bool
is_letter(int code)
{
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (table[i].code == code)
			return false;
	return code > 0 && code < OPT_PACKAGE;
}

/* WORD as it was typed: "--jsno", "--json=x"; LETTER of a short one, as getopt tells it. */
static enum err_code
unknown_option(const char *word, int letter, struct err *e)
{
	const char *names[ARRAY_LEN(table)], *near;
	char *name = mem_strndup(word, strcspn(word, "="));
	bool known = false;

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		names[i] = table[i].name;
		known |= text_starts(name, "--") && strcmp(name + 2, table[i].name) == 0;
	}
	near = is_letter(letter) || known ? NULL : near_word(name + 2, names, ARRAY_LEN(names));
	if (is_letter(letter))
		err_set(e, ERR_USAGE, "unknown option -%c", letter);
	else if (known)
		err_set(e, ERR_USAGE, "%s takes no value", name);
	else
		err_set(e, ERR_USAGE, "unknown option %s", name);
	if (near != NULL)
		err_hint(e, "did you mean --%s? slipway --help lists the options", near);
	else
		err_hint(e, "slipway --help lists the options");
	free(name);
	return ERR_USAGE;
}

enum err_code
options_parse(int argc, char **argv, struct options *o, struct err *e)
{
	struct option longs[ARRAY_LEN(table) + 1] = { 0 };
	enum err_code rc = ERR_OK;
	uint32_t given = 0;
	int code;

	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		longs[i] = (struct option) { .name = table[i].name,
			.has_arg = table[i].value != NULL ? required_argument : no_argument,
			.val = table[i].code };
	opterr = 0;
	optind = 1;
	while (rc == ERR_OK && (code = getopt_long(argc, argv, ":vhC:", longs, NULL)) != -1) {
		const char *word = optind > 0 && optind <= argc ? argv[optind - 1] : "";

		if (code == '?') {
			rc = unknown_option(word, optopt, e);
		} else if (code == ':') {
			rc = err_set(e, ERR_USAGE, "%s needs a value", word);
		} else {
			rc = set_option(o, code, optarg, e);
			for (size_t i = 0; i < ARRAY_LEN(table); i++)
				if (table[i].code == code)
					given |= UINT32_C(1) << i;
		}
	}
	for (int i = optind; i < argc; i++)
		strlist_add(&o->args, argv[i]);
	if (rc == ERR_OK)
		rc = find_command(o, e);
	if (rc == ERR_OK && !o->help && !o->version)
		rc = check_options(o, given, e);
	return rc;
}

void
options_fini(struct options *o)
{
	char *texts[] = { o->config, o->confirm, o->accept_findings, o->test_index, o->theme,
		o->new_changelog,
		o->dir, o->index, o->simple, o->against, o->rev, o->fail_on, o->acknowledge,
		o->reason };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		free(texts[i]);
	strlist_fini(&o->args);
	strlist_fini(&o->packages);
	strlist_fini(&o->leave_out);
	strlist_fini(&o->edit_also);
	strlist_fini(&o->tags);
	*o = (struct options) { 0 };
}

void
options_help(const struct options *o)
{
	struct str topics = STR_EMPTY;
	bool all = !o->named;

	if (all) {
		printf("usage: slipway [COMMAND] [OPTION...]\n\n");
		for (size_t i = 0; i < command_count; i++)
			printf("  %-8s %-30s %s\n", commands[i].name, commands[i].usage,
			    commands[i].summary);
		printf("\nBUMP: patch minor major final rc alpha beta dev post, or a version.\n");
		printf("Packages with versions of their own: suggested (by their commits), and\n"
		       "BUMP,NAME=BUMP,... where some differ. tag-rc: tag a candidate of the\n"
		       "final version that stands in the files.\n\n");
	} else {
		printf("usage: slipway %s %s\n%s\n\n", o->command->name, o->command->usage,
		    o->command->summary);
	}
	printf("Options:\n");
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		char head[40];

		if (!all && !is_known_to(i, o->command))
			continue;
		snprintf(head, sizeof head, "--%s%s%s", table[i].name,
		    table[i].value != NULL ? " " : "",
		    table[i].value != NULL ? table[i].value : "");
		printf("  %-20s %s\n", head, table[i].summary);
	}
	help_topics(&topics);
	printf("\nslipway help TOPIC explains more: %s\n", str_text(&topics));
	str_fini(&topics);
}

int
report_error(const struct err *e, bool looks)
{
	fprintf(stderr, "slipway: %s\n", e->message);
	if (e->hint[0] != '\0')
		fprintf(stderr, "  %s\n", e->hint);
	if (e->code == ERR_CANCELLED)
		return EXIT_CANCELLED;
	if (e->code == ERR_USAGE || e->code == ERR_CONFIG)
		return EXIT_USAGE;
	if (looks && (e->code == ERR_IO || e->code == ERR_NOT_FOUND || e->code == ERR_NETWORK ||
			 e->code == ERR_TIMEOUT || e->code == ERR_UNSUPPORTED ||
			 e->code == ERR_LIMIT || e->code == ERR_REFUSED))
		return EXIT_NOT_SEEN;
	return EXIT_FAILED;
}

bool
wants_colour(const struct options *o)
{
	if (o->colour != WHEN_AUTO)
		return o->colour == WHEN_ALWAYS;
	return env_get("NO_COLOR") == NULL && isatty(STDOUT_FILENO);
}

bool
is_utf8_locale(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

const char *
program_version(void)
{
	return SLIPWAY_VERSION;
}
