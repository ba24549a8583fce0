/* slipway help: made from the tables that the program itself runs by, wherever there is one. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "options.h"
#include "slipway/base/mem.h"
#include "slipway/base/near.h"
#include "slipway/dist/acknowledge.h"
#include "slipway/dist/finding.h"
#include "slipway/index/index.h"
#include "slipway/index/known.h"
#include "slipway/project/config.h"
#include "slipway/tui/keys.h"
#include "slipway/tui/theme.h"
#include "slipway/wizard/release.h"

#define WIDTH 78

/* TEXT in lines of at most WIDTH columns, each behind INDENT spaces. */
static void
put_wrapped(const char *text, int indent, struct str *out)
{
	size_t room = WIDTH - (size_t)indent;

	while (*text != '\0') {
		size_t len = strlen(text);

		if (len > room) {
			for (len = room; len > 0 && text[len] != ' '; len--)
				;
			if (len == 0)
				len = strcspn(text, " ");
		}
		str_printf(out, "%*s%.*s\n", indent, "", (int)len, text);
		text += len;
		text += strspn(text, " ");
	}
}

static void
help_keys(struct str *out)
{
	str_puts(out, "Keys of the wizard; ? shows those of the page, : finds them by name.\n\n");
	for (int a = ACT_NONE + 1; a < ACT_COUNT; a++) {
		const struct action_info *i = &action_info[a];

		str_printf(out, "  %-10s %-15s %s\n", i->keys, i->name, i->help);
	}
}

static const struct {
	const char *asks, *does, *undo;
} step_texts[] = {
	[STEP_PREFLIGHT] = { "what to do about each problem",
	    "looks: repository, branch, clean tree, level with the remote, tools, tokens by name, "
	    "versions on the index, packages",
	    NULL },
	[STEP_VERSION] = { "which packages, which version", "computes every edit", NULL },
	[STEP_EDITS] = { "accept the diff; mirrors can be left out one by one", NULL, NULL },
	[STEP_NOTES] = { "curate the draft: tick, order, reword, regroup, or write it in $EDITOR",
	    "drafts from the commits, or with towncrier; the text goes into the changelog, the tag "
	    "and the report",
	    NULL },
	[STEP_COMMIT] = { NULL,
	    "makes the release commit in a linked worktree, with what towncrier writes, your hooks "
	    "and signing",
	    "removing the worktree" },
	[STEP_CHECKS] = { "go on after a failure?", "runs the configured commands in that worktree",
	    NULL },
	[STEP_BUILD] = { NULL, "builds every package, side by side", "deleting the files" },
	[STEP_VERIFY] = { "acknowledge findings, with a reason", "twine check and Slipway's rules",
	    NULL },
	[STEP_REVIEW] = { "mark files reviewed", "browses the content; freezes the sha256", NULL },
	[STEP_REHEARSE] = { "where; the token, hidden",
	    "uploads to a test index, what others need first", "TestPyPI: it cannot be" },
	[STEP_SMOKE] = { "go on after a failure?",
	    "installs from there into a fresh virtual environment and tries it", "deleting it" },
	[STEP_CONFIRM] = { "type the version",
	    "shows the whole plan; the point of no return lies behind it", NULL },
	[STEP_PUBLISH] = { "the token, hidden",
	    "tag; dry-run push; upload to production; move the branch; push branch and tag",
	    "before the first accepted file: everything; after: forward only" },
	[STEP_LIVE] = { NULL, "waits until every file is listed with its reviewed sha256; installs",
	    NULL },
	[STEP_SUMMARY] = { NULL, "the report: hashes, commands, times; next steps", NULL },
};
_Static_assert(ARRAY_LEN(step_texts) == STEP_COUNT, "one row a step");

static void
put_part(const char *name, const char *text, struct str *out)
{
	if (text == NULL)
		return;
	str_printf(out, "  %s:\n", name);
	put_wrapped(text, 6, out);
}

static void
help_steps(struct str *out)
{
	str_puts(out, "The steps of a release, in their order.\n");
	for (int s = 0; s < STEP_COUNT; s++) {
		str_printf(out, "\n%s\n", step_name((enum step_id)s));
		put_part("asks", step_texts[s].asks, out);
		put_part("does", step_texts[s].does, out);
		put_part("undone by", step_texts[s].undo, out);
	}
}

static void
help_tokens(struct str *out)
{
	put_wrapped("A token is looked for in this order: the variables that token-env of the "
		    "package names, those that token-env of the index names, the usual variables "
		    "of the index, a .env file at the root of the repository, .pypirc, the keyring "
		    "command, then a hidden prompt.",
	    0, out);
	str_puts(out, "\nThe usual variables:\n");
	for (const char *const *name = index_known_names(); *name != NULL; name++) {
		struct index_info info = INDEX_INFO_EMPTY;

		if (!index_known(*name, &info))
			continue;
		str_printf(out, "  %-9s ", *name);
		strlist_join(&info.token_env, " ", out);
		str_putc(out, '\n');
		index_info_fini(&info);
	}
	str_putc(out, '\n');
	put_wrapped("Slipway keeps a token in locked memory, zeroes it after use, and writes it "
		    "nowhere: not into an argument list, the environment of a command, a log, the "
		    "journal or a core dump. Make one for a single project where the index lets "
		    "you.",
	    0, out);
}

static void
help_themes(struct str *out)
{
	struct strlist names = STRLIST_EMPTY;

	str_puts(out, "Themes there are:\n");
	theme_names(&names);
	for (size_t i = 0; i < names.count; i++)
		str_printf(out, "  %s\n", names.items[i]);
	strlist_fini(&names);
	str_putc(out, '\n');
	put_wrapped("--theme NAME takes one. Your own are files NAME.toml in "
		    "$XDG_CONFIG_HOME/slipway/themes (most often ~/.config/slipway/themes), with "
		    "extends = \"dark\" or another, a table [palette] of colours and a table "
		    "[role]. NO_COLOR leaves colour out.",
	    0, out);
}

static void
help_recovery(struct str *out)
{
	put_wrapped("Every effect is written to a journal before it starts. After a crash, a power "
		    "cut or a lost terminal:",
	    0, out);
	str_puts(out, "\n  slipway status   asks git and the indexes where the release stands\n"
		      "  slipway resume   goes on from there\n"
		      "  slipway abort    undoes what can be undone\n\n");
	put_wrapped("Nothing is published twice: before a file is sent, and after a connection "
		    "broke, the index is asked what it has. Once the production index has accepted "
		    "a file, the release can only go forward: a file name is used up there for "
		    "good. What is wrong then is yanked on the index's pages and followed by "
		    "another version.",
	    0, out);
	str_putc(out, '\n');
	put_wrapped("The journal, the logs and the built files lie in .git/slipway of the "
		    "repository; the release commit is kept alive by a reference below "
		    "refs/slipway until it is published or given up.",
	    0, out);
}

static void
help_exit_codes(struct str *out)
{
	str_puts(out,
	    "    0  done\n"
	    "    1  failed, or findings at ERROR (with --strict also at WARN)\n"
	    "    2  wrong usage, a bad configuration, or a missing answer: all of them are\n"
	    "       listed, before anything is changed\n"
	    "    3  could not look: a file that cannot be read or is no package, no network\n"
	    "  130  cancelled by you\n");
}

static void
help_rules(struct str *out)
{
	str_puts(out, "What is looked for in wheels and sdists.\n");
	for (int r = 0; r < RULE_COUNT; r++) {
		const struct dist_rule *rule = dist_rule((enum rule_id)r);

		str_printf(out, "\n%s %-5s %s\n", rule->id, finding_severity_name(rule->severity),
		    rule->title);
		put_wrapped(rule->meaning, 6, out);
		str_puts(out, "      What to do:\n");
		put_wrapped(rule->fix, 8, out);
	}
}

static void
help_plan(struct str *out)
{
	str_puts(out,
	    "Names in the output of slipway plan --json. What is not known is null.\n\n"
	    "  release, root, branch, head    of the repository; release only when unfinished\n"
	    "  held-by                        the process that has it under way (status)\n"
	    "  version                        that would be released\n"
	    "  candidate                      that the tag names, when the files keep version\n"
	    "  lockstep                       one version for all packages\n"
	    "  step                           where the plan ended\n"
	    "  commit                         of the release; null in a plan\n"
	    "  python                         the interpreter that would build\n"
	    "  checks[]                       id result text hint\n"
	    "  packages[]                     name directory version new-version last-tag\n"
	    "                                 new-tag selected; authority: the place that\n"
	    "                                 decides version; since-tag: of the release\n"
	    "                                 before; tag-template, and tag-doubt when it is a\n"
	    "                                 guess; released: a tag names version; suggestion\n"
	    "                                 and suggested-version of its own commits, unless\n"
	    "                                 in lock step\n"
	    "  ignored[]                      file why: what makes no package here\n"
	    "  remarks[]                      what to know before choosing, a sentence each\n"
	    "  commits[]                      hash subject author packages[];\n"
	    "                                 asks-for (none patch minor major) and the reason;\n"
	    "                                 cancelled: reverted, or such a revert; confirm:\n"
	    "                                 it may be breaking\n"
	    "  choices[]                      kind version explanation suggested advanced\n"
	    "  suggestion                     of the commits of the selected packages\n"
	    "  places[]                       file line place role old new included note;\n"
	    "                                 question: somebody must decide it\n"
	    "  edits[]                        file diff; the changelogs as well\n"
	    "  notes[]                        packages[] changelog left-alone remark towncrier\n"
	    "                                 text entries[]\n"
	    "    left-alone                   why the changelog stays as it is\n"
	    "    towncrier                    it writes the section, in the release commit\n"
	    "    entries[]                    category text commit taken why-not\n"
	    "  effects[]                      effect step does undo reversible status\n"
	    "  files[]                        name size sha256 listed-on[]\n"
	    "  report                         path of the report; null in a plan\n"
	    "  error                          null, or code message hint\n");
}

static void
help_findings(struct str *out)
{
	str_puts(out,
	    "slipway check prints one line a finding:\n\n"
	    "  FILE: ERROR|WARN|INFO RULE [member] message (line N)\n\n"
	    "and exits 0 when nothing is at --fail-on (error, warn or info; not given: error)\n"
	    "or above, 1 when something is, 3 when a file could not be inspected. --strict is\n"
	    "--fail-on warn. ERROR: the upload would fail, or integrity is broken. WARN and\n"
	    "INFO: look here.\n\n"
	    "A wheel and the sdist of the same version, both given, are compared.\n\n"
	    "--json prints a list of objects; what does not apply is null:\n\n"
	    "  file          as given\n"
	    "  severity      ERROR, WARN or INFO\n"
	    "  rule, title   slipway help rules explains each\n"
	    "  member, line  where in the file\n"
	    "  message, fix  what is wrong, and what to do\n"
	    "  sha256        of the member, or of the file\n"
	    "  acknowledged  the reason; such a finding does not count\n\n"
	    "A file that could not be inspected has file, severity NOT CHECKED, code, message\n"
	    "and hint. --sarif prints SARIF 2.1.0: each result has ruleId, level, message, a\n"
	    "location FILE!MEMBER, a fingerprint, and a suppression when it is acknowledged.\n\n"
	    "A rule that is never wanted is ignored in slipway.toml:\n\n"
	    "  [check]\n"
	    "  ignore = [\"W002\"]\n\n"
	    "ignore, select, toplevel, package, src_dir and package_omit of\n"
	    "[tool.check-wheel-contents] in pyproject.toml count too. One finding is accepted\n"
	    "with\n\n"
	    "  slipway check --acknowledge RULE --reason TEXT FILE\n\n"
	    "which adds it to " ACKNOWLEDGED_FILE " beside slipway.toml, with rule, member,\n"
	    "line, the sha256 of the member (or of the file, when it is about the whole file)\n"
	    "and the reason. It is shown and does not count, until that content changes. What\n"
	    "was not fully inspected (LIM01, LIM02) can be neither ignored nor accepted.\n");
}

static void
help_inspect(struct str *out)
{
	str_puts(out,
	    "slipway inspect FILE... shows what is in wheels and sdists, what slipway check finds\n"
	    "in them, and how they differ from two things:\n\n"
	    "  git      the tag of the file's version in the repository around the current\n"
	    "           directory, else HEAD; --rev names another commit. Ids of git are\n"
	    "           compared: nothing is checked out.\n"
	    "  release  the newest older release on the index, of the same kind; a pre-release\n"
	    "           only for another one. --against names a version, a file, or none. The\n"
	    "           network is asked only where there is a slipway.toml (its index, else\n"
	    "           pypi), or with --index or --against VERSION. What was fetched is kept\n"
	    "           by its sha256 in $XDG_CACHE_HOME/slipway/released, up to 512 MiB.\n\n"
	    "Against git a file is SAME, MODIFIED, NOT IN GIT, MISSING (in git alone), MOVED (the\n"
	    "same content elsewhere) or GENERATED (a build writes it; the reason says which\n"
	    "rule). Against a release it is same, changed, added, removed or moved. What could\n"
	    "not be compared says so, and why; it is never shown as fine.\n\n"
	    "On a terminal it is a browser; with --plain, --json or in a pipe it prints the same\n"
	    "facts. It exits 1 for findings at ERROR, 3 for a file that could not be looked at.\n\n"
	    "--json prints a list of objects, one a file. What is not known is null:\n\n"
	    "  file, format, size, sha256     format is wheel or sdist\n"
	    "  metadata                       by header; lists where it may be given twice\n"
	    "  complete                       false: a limit or damage kept part of it away\n"
	    "  git, release                   with why-not remark summary counts\n"
	    "    git.only-in-git[]            name name-base64 reason notes[]\n"
	    "    release.removed[]            the same\n"
	    "    release.facts[]              about before after\n"
	    "    release.unpacked(-before)    bytes of all contents\n"
	    "  members[]                      name name-base64 kind size packed mode link hidden\n"
	    "                                 sha256 git-blob git release\n"
	    "    members[].git, .release      state other reason notes[]\n"
	    "  findings[]                     as slipway help findings has them\n"
	    "  error                          null, or code message hint: then only file is "
	    "there\n\n"
	    "git.state: same modified not-in-git missing moved generated not-compared.\n"
	    "release.state: same changed added removed moved generated not-compared.\n"
	    "notes: line-endings executable-bit lfs lfs-pointer submodule symlink\n"
	    "usually-left-out runs-by-itself runs-at-build code binary. A name that is not UTF-8\n"
	    "is made safe, and name-base64 (URL-safe, no padding) has its bytes.\n");
}

static const struct {
	const char *name, *summary;
	void (*put)(struct str *out);
} topics[] = {
	{ "config", "every table and key of slipway.toml", config_help },
	{ "keys", "what the keys of the wizard do", help_keys },
	{ "steps", "the steps of a release", help_steps },
	{ "tokens", "where tokens are looked for", help_tokens },
	{ "themes", "which there are, and how to make one", help_themes },
	{ "recovery", "after a crash; what can be undone", help_recovery },
	{ "exit-codes", "what the exit status means", help_exit_codes },
	{ "rules", "what is looked for in wheels and sdists", help_rules },
	{ "findings", "what check prints; ignoring and accepting findings", help_findings },
	{ "inspect", "what a file is compared with; the names in inspect --json", help_inspect },
	{ "plan", "the names in plan --json", help_plan },
};

void
help_topics(struct str *out)
{
	for (size_t i = 0; i < ARRAY_LEN(topics); i++)
		str_printf(out, "%s%s", i > 0 ? " " : "", topics[i].name);
}

static void
put_list(struct str *out)
{
	str_puts(out, "slipway help TOPIC explains one of:\n\n");
	for (size_t i = 0; i < ARRAY_LEN(topics); i++)
		str_printf(out, "  %-11s %s\n", topics[i].name, topics[i].summary);
	str_puts(out,
	    "\nslipway --help lists the commands, slipway COMMAND --help the options of one.\n");
}

/* "exit codes" is the topic "exit-codes". */
static char *
topic_of(const struct strlist *args)
{
	struct str name = STR_EMPTY;

	strlist_join(args, "-", &name);
	for (size_t i = 0; i < name.len; i++)
		name.data[i] = (char)tolower((unsigned char)name.data[i]);
	return str_take(&name);
}

static int
unknown_topic(const char *name)
{
	const char *names[ARRAY_LEN(topics)], *near;
	struct str list = STR_EMPTY;
	struct err e = ERR_EMPTY;

	for (size_t i = 0; i < ARRAY_LEN(topics); i++)
		names[i] = topics[i].name;
	near = near_word(name, names, ARRAY_LEN(names));
	help_topics(&list);
	err_set(&e, ERR_USAGE, "there is no help on \"%s\"%s%s%s", name,
	    near != NULL ? ": did you mean " : "", near != NULL ? near : "",
	    near != NULL ? "?" : "");
	err_hint(&e, "topics: %s", str_text(&list));
	str_fini(&list);
	return report_error(&e, false);
}

int
cmd_help(const struct options *o)
{
	struct str text = STR_EMPTY;
	char *name = topic_of(&o->args);
	size_t at = 0;
	int status = EXIT_DONE;

	while (at < ARRAY_LEN(topics) && strcmp(topics[at].name, name) != 0)
		at++;
	if (o->args.count == 0) {
		put_list(&text);
	} else if (at < ARRAY_LEN(topics)) {
		topics[at].put(&text);
	} else if (o->args.count == 1 && command_find(name) != NULL) {
		const struct options about = { .command = command_find(name), .named = true };

		options_help(&about);
	} else {
		status = unknown_topic(name);
	}
	fputs(str_text(&text), stdout);
	str_fini(&text);
	free(name);
	return status;
}
