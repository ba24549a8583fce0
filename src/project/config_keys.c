/* The keys of the configuration: reading, messages, help and the sample file all come from this
 * table. */
#include "config_keys.h"

#include <string.h>

#include "slipway/base/compiler.h"
#include "slipway/project/config.h"

static const char *const modes[] = { "lockstep", "independent", "mixed", NULL };
static const char *const zeros[] = { "minor", "patch", "major", NULL };
static const char *const constraints[] = { "floor", "pin", "leave", "ask", NULL };
static const char *const freshes[] = { "none", "keep-a-changelog", "dash", NULL };
static const char *const publishes[] = { "local", "ci", NULL };
static const char *const checks_ins[] = { "worktree", "tree", NULL };

#define RELEASE(field)                                                                             \
	.table = CONFIG_TABLE_RELEASE, .offset = offsetof(struct config_release, field)
#define PACKAGE(field)                                                                             \
	.table = CONFIG_TABLE_PACKAGE, .offset = offsetof(struct config_package, field)
#define INDEX(field) .table = CONFIG_TABLE_INDEX, .offset = offsetof(struct config_index, field)
#define CHECK(field)                                                                               \
	.table = CONFIG_TABLE_CHECK, .offset = offsetof(struct config_check, field)
#define GATE(key, field)                                                                           \
	.table = CONFIG_TABLE_GATE, .offset = offsetof(struct config_gate, field),                 \
	.has_offset = offsetof(struct config_gate, has_##key)

const struct config_key config_keys[] = {
	{ RELEASE(mode), .name = "mode", .type = CONFIG_CHOICE, .choices = modes,
	    .example = "\"lockstep\"",
	    .doc = "one version for all packages, each its own, or (mixed) one for those that "
		   "share theirs now",
	    .found = "equal versions are lockstep" },
	{ RELEASE(branch), .name = "branch", .type = CONFIG_TEXT, .example = "\"main\"",
	    .doc = "the branch that is released", .found = "the remote's default branch" },
	{ RELEASE(commit), .name = "commit", .type = CONFIG_TEMPLATE,
	    .example = "\"Release version {version}\"", .doc = "the subject of the release commit",
	    .found = "\"Release version {version}\"" },
	{ RELEASE(tag), .name = "tag", .type = CONFIG_TEMPLATE, .example = "\"v{version}\"",
	    .doc = "{name} the distribution; {version} 1.2.3rc1, {dashed} 1.2.3-rc1, "
		   "{semver} 1.2.3-rc.1",
	    .found = "the spelling of the newest tags" },
	{ RELEASE(publish), .name = "publish", .type = CONFIG_CHOICE, .choices = publishes,
	    .example = "\"local\"",
	    .doc = "upload from here, or push the tag and watch the workflow",
	    .found = "\"local\"" },
	{ RELEASE(test_index), .name = "test-index", .type = CONFIG_TEXT, .example = "\"testpypi\"",
	    .doc = "where to rehearse: an index below, \"rehearsal\", or \"none\"",
	    .found = "\"testpypi\"" },
	{ RELEASE(index), .name = "index", .type = CONFIG_TEXT, .example = "\"pypi\"",
	    .doc = "the production index", .found = "\"pypi\"" },
	{ RELEASE(python), .name = "python", .type = CONFIG_TEXT, .example = "\"python3\"",
	    .doc = "the interpreter that builds",
	    .found = "$VIRTUAL_ENV, PATH, then the system's: the first that has what is needed" },
	{ RELEASE(checks), .name = "checks", .type = CONFIG_TEXTS,
	    .example = "[\"pytest -q\", \"mypy src\"]",
	    .doc = "shell lines to pass before anything is built", .found = "none" },
	{ RELEASE(checks_in), .name = "checks-in", .type = CONFIG_CHOICE, .choices = checks_ins,
	    .example = "\"worktree\"",
	    .doc = "checks run in the release's worktree, or in your own tree",
	    .found = "\"worktree\"" },
	{ RELEASE(carry), .name = "carry", .type = CONFIG_PATHS, .example = "[\"web/dist\"]",
	    .doc = "ignored files that the build needs, copied into the worktree",
	    .found = "none" },
	{ RELEASE(zero), .name = "zero", .type = CONFIG_CHOICE, .choices = zeros,
	    .example = "\"minor\"",
	    .doc = "while it is 0.x, a breaking change raises the minor number and a feature the "
		   "minor or (patch) the patch number; major counts as from 1.0 on",
	    .found = "\"minor\"" },
	{ RELEASE(constraints), .name = "constraints", .type = CONFIG_CHOICE,
	    .choices = constraints, .example = "\"floor\"",
	    .doc = "requirements on packages released together: move their floor or pin, pin "
		   "them exactly, leave them, or ask each time",
	    .found = "\"floor\"" },
	{ RELEASE(hooks), .name = "hooks", .type = CONFIG_SWITCH, .example = "true",
	    .doc = "run your git hooks on the release commit", .found = "true" },
	{ RELEASE(leave_out), .name = "leave-out", .type = CONFIG_TEXTS,
	    .example = "[\"docs/conf.py\", \"src/a/__init__.py:VERSION\"]",
	    .doc = "places that repeat the version and are not edited: FILE, FILE:LINE, FILE:PLACE",
	    .found = "none" },
	{ RELEASE(edit_also), .name = "edit-also", .type = CONFIG_TEXTS,
	    .example = "[\"src/a/__version__.py:__build__\"]",
	    .doc = "places that would be left alone and are edited", .found = "none" },
	{ RELEASE(notes), .name = "notes", .type = CONFIG_SWITCH, .example = "true",
	    .doc = "draft notes from the commits and put them into the changelog",
	    .found = "true" },
	{ RELEASE(changelog), .name = "changelog", .type = CONFIG_PATH,
	    .example = "\"CHANGELOG.md\"", .doc = "the changelog that all packages share",
	    .found = "CHANGELOG, CHANGES, HISTORY, NEWS or RELEASES of the package, or its docs" },
	{ RELEASE(new_changelog), .name = "new-changelog", .type = CONFIG_CHOICE,
	    .choices = freshes, .example = "\"keep-a-changelog\"",
	    .doc = "where there is no changelog, or one without a version, begin it: \"## [1.2.0] "
		   "- 2026-01-31\", or (dash) \"## v1.2.0\", an em dash and the date",
	    .found = "\"none\"" },
	{ RELEASE(date_candidates), .name = "date-candidates", .type = CONFIG_SWITCH,
	    .example = "false",
	    .doc = "a candidate gets a section of its own in the changelog; else what is not "
		   "released waits for the final release",
	    .found = "false" },
	{ RELEASE(categories), .name = "categories", .type = CONFIG_TEXTS,
	    .example = "[\"feat: Added\", \"fix, perf: Fixed\", \"breaking: Breaking Changes\"]",
	    .doc = "titles in the notes by type of commit; deps, breaking and * (the rest) too",
	    .found = "the titles of the changelog, else Keep a Changelog's" },
	{ RELEASE(notes_command), .name = "notes-command", .type = CONFIG_TEXT,
	    .example = "\"scripts/image-digests {version}\"",
	    .doc = "a shell line whose output joins the notes, \"### Title\" lines too; "
		   "a plan does not run it",
	    .found = "none" },
	{ RELEASE(notes_file), .name = "notes-file", .type = CONFIG_PATH,
	    .example = "\"release-notes.txt\"", .doc = "a file whose lines join the notes",
	    .found = "none" },
	{ RELEASE(build), .name = "build", .type = CONFIG_TEXTS,
	    .example = "[\"{python}\", \"-m\", \"build\", \"--outdir\", \"{outdir}\"]",
	    .doc = "the command that builds a package, word by word", .found = "python -m build" },

	{ PACKAGE(path), .name = "path", .type = CONFIG_PATH, .example = "\"packages/cli\"",
	    .doc = "its directory", .found = "the pyproject.toml files in git" },
	{ PACKAGE(tag), .name = "tag", .type = CONFIG_TEMPLATE, .example = "\"cli-v{version}\"",
	    .doc = "its own tags", .found = "release.tag" },
	{ PACKAGE(changelog), .name = "changelog", .type = CONFIG_PATH,
	    .example = "\"packages/cli/CHANGELOG.md\"", .doc = "its own changelog",
	    .found = "as release.changelog" },
	{ PACKAGE(token_env), .name = "token-env", .type = CONFIG_ENV_NAMES,
	    .example = "\"PYPI_API_TOKEN_CLI\"",
	    .doc = "the environment variables that may hold its token",
	    .found = "those of the index" },
	{ PACKAGE(version_files), .name = "version-files", .type = CONFIG_PATHS,
	    .example = "[\"src/llmhub/_version.py\"]", .doc = "more files that repeat the version",
	    .found = "by looking for the version" },
	{ PACKAGE(constraints), .name = "constraints", .type = CONFIG_CHOICE,
	    .choices = constraints, .example = "\"pin\"",
	    .doc = "what becomes of its own requirements", .found = "release.constraints" },
	{ PACKAGE(smoke), .name = "smoke", .type = CONFIG_TEXTS,
	    .example = "[\"llmhub --version\"]",
	    .doc = "shell lines to pass where it was installed",
	    .found = "imports, and each console script with --version or --help" },

	{ INDEX(upload), .name = "upload", .type = CONFIG_URL,
	    .example = "\"https://packages.example.org/legacy/\"", .doc = "where files are sent",
	    .found = "built in for pypi and testpypi" },
	{ INDEX(simple), .name = "simple", .type = CONFIG_URL,
	    .example = "\"https://packages.example.org/simple/\"", .doc = "where pip would look",
	    .found = "beside the upload URL" },
	{ INDEX(token_env), .name = "token-env", .type = CONFIG_ENV_NAMES,
	    .example = "[\"PYPI_TEST_API_TOKEN\", \"TEST_PYPI_TOKEN\"]",
	    .doc = "the environment variables that may hold a token for it",
	    .found = "the conventional names" },

	{ GATE(approvals, approvals), .name = "approvals", .type = CONFIG_COUNT, .example = "2",
	    .doc = "people who must approve", .found = "none needed" },
	{ GATE(wait, wait_s), .name = "wait", .type = CONFIG_DURATION, .example = "\"30m\"",
	    .doc = "time to let pass between the rehearsal and production: 90s, 30m, 2h, 1d",
	    .found = "no waiting" },

	{ CHECK(ignore), .name = "ignore", .type = CONFIG_TEXTS, .example = "[\"W002\"]",
	    .doc = "rules that are not looked for (slipway help rules); one finding alone is "
		   "accepted with slipway check --acknowledge",
	    .found = "none, and what [tool.check-wheel-contents] ignores" },
	{ CHECK(toplevel), .name = "toplevel", .type = CONFIG_TEXTS, .example = "[\"llmhub\"]",
	    .doc = "what a wheel has at its root, beside its metadata",
	    .found = "toplevel of [tool.check-wheel-contents], or anything" },
	{ CHECK(require_review), .name = "require-review", .type = CONFIG_SWITCH, .example = "true",
	    .doc = "a release goes on when every changed file inside was marked as reviewed",
	    .found = "false" },
};
const size_t config_key_count = ARRAY_LEN(config_keys);

const struct config_table_info config_tables[] = {
	[CONFIG_TABLE_RELEASE] = { .name = "release",
	    .sub = NULL,
	    .doc = "How releases of this repository are made." },
	[CONFIG_TABLE_PACKAGE] = { .name = "package",
	    .sub = "",
	    .doc = "A table per distribution name, only where the defaults do not fit." },
	[CONFIG_TABLE_INDEX] = { .name = "index",
	    .sub = "",
	    .doc =
		"Package indexes. pypi and testpypi are built in; any field can be overridden." },
	[CONFIG_TABLE_GATE] = { .name = "gate",
	    .sub = "production",
	    .doc = "What must have happened before the production index is touched." },
	[CONFIG_TABLE_CHECK] = { .name = "check",
	    .sub = NULL,
	    .doc = "What is looked for in the built files. Accepted findings are kept in "
		   "slipway-acknowledged.toml." },
};
_Static_assert(ARRAY_LEN(config_tables) == CONFIG_TABLE_COUNT, "one row per table");

const struct config_key *
config_key_find(enum config_table table, const char *name)
{
	for (size_t i = 0; i < config_key_count; i++)
		if (config_keys[i].table == table && strcmp(config_keys[i].name, name) == 0)
			return &config_keys[i];
	return NULL;
}
