/* What the edits ask of a person, and what flags and the configuration answer. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "rig.h"
#include "slipway/os/fs.h"
#include "slipway/project/edit.h"

#define VERSION_FILE "cli/rig_cli/_version.py"

static const struct wizard_opts person = { .mode = WIZARD_RELEASE };

/* A file that repeats the version of rig-cli, and a runtime that cli caps. */
static struct rig
new_rig(const char *more)
{
	struct rig r = rig_new(more, NULL);

	temp_puts(r.repo, VERSION_FILE, "__version_info__ = (1, 0, 3)\n__build__ = 0x010003\n");
	gitrepo_git(r.repo, "add -A");
	gitrepo_git(r.repo, "commit -q -m version");
	gitrepo_git(r.repo, "push -q origin main");
	return r;
}

/* The new text of the version file as the accepted edits make it; "" when it stays. Borrowed. */
static const char *
edited(const struct rig *r, const char *path)
{
	const struct edit_plan *plan = wizard_release(r->w)->edits;

	for (size_t i = 0; i < plan->count; i++)
		if (strcmp(plan->items[i].path, path) == 0)
			return str_text(&plan->items[i].after);
	return "";
}

static const char *expected;

static void
expect_edited(void *arg)
{
	const struct rig *r = arg;

	cr_expect_str_eq(edited(r, VERSION_FILE), expected);
}

/* Runs up to the question whether the edits are accepted. */
static void
run(struct rig *r, const struct wizard_opts *opts, const char *numbers)
{
	const struct rig_answer answers[] = {
		{ ASK_PREFLIGHT, "go-on", RIG_ANSWER, NULL },
		{ ASK_NUMBERS, numbers, RIG_ANSWER, NULL },
		{ ASK_EDITS, NULL, RIG_CANCEL, expect_edited },
	};

	rig_run(r, *opts, answers, ARRAY_LEN(answers));
	cr_expect_eq(r->err.code, ERR_CANCELLED, "%s", r->err.message);
	cr_expect(rig_asked(r, "edits: "), "the edits were not asked about");
}

/* Case 5. */
Test(step_edits, asks_once_what_a_tuple_shall_say_of_a_candidate, .fini = leak_gate)
{
	static const struct {
		const char *bump, *more, *leave_out, *edit_also, *answer, *expected;
		bool asked;
	} row[] = {
		{ "1.1.0rc1", NULL, NULL, NULL, "numbers",
		    "__version_info__ = (1, 1, 0)\n__build__ = 0x010003\n", true },
		{ "1.1.0rc1", NULL, NULL, NULL, "as-it-is", "", true },
		{ "1.1.0rc1", NULL, VERSION_FILE ":1", NULL, "numbers", "", false },
		{ "1.1.0rc1", NULL, NULL, VERSION_FILE ":__version_info__", "as-it-is",
		    "__version_info__ = (1, 1, 0)\n__build__ = 0x010003\n", false },
		{ "1.1.0rc1", "edit-also = [\"" VERSION_FILE ":__version_info__\"]\n", NULL, NULL,
		    "as-it-is", "__version_info__ = (1, 1, 0)\n__build__ = 0x010003\n", false },
		{ "1.1.0", NULL, NULL, NULL, "as-it-is",
		    "__version_info__ = (1, 1, 0)\n__build__ = 0x010003\n", false },
		/* Case 13. */
		{ "1.1.0", NULL, NULL, VERSION_FILE ":__build__", "as-it-is",
		    "__version_info__ = (1, 1, 0)\n__build__ = 0x010100\n", false },
	};
	struct rig r = new_rig(NULL);

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct strlist out = STRLIST_EMPTY, in = STRLIST_EMPTY;
		struct wizard_opts opts = person;

		if (row[i].leave_out != NULL)
			strlist_add(&out, row[i].leave_out);
		if (row[i].edit_also != NULL)
			strlist_add(&in, row[i].edit_also);
		opts.bump = row[i].bump;
		opts.leave_out = &out;
		opts.edit_also = &in;
		expected = row[i].expected;
		rig_configure(&r, row[i].more, NULL);
		run(&r, &opts, row[i].answer);
		cr_expect_eq(rig_asked(&r, "it cannot say 1.1.0rc1"), row[i].asked, "row %zu", i);
		strlist_fini(&out);
		strlist_fini(&in);
	}
	rig_end(&r);
}

/* Case 16. */
Test(step_edits, a_placeholder_is_not_counted_from, .fini = leak_gate)
{
	static const struct {
		const char *bump, *message, *hint;
	} row[] = {
		{ NULL,
		    "0+unknown of rig-runtime is a placeholder that the build replaces: type one",
		    "the version itself" },
		{ "minor", "type the version instead of \"minor\"", "" },
	};
	struct rig r = rig_new(NULL, NULL);

	gitrepo_commit(r.repo, "cli/pyproject.toml",
	    "[project]\nname = \"rig-cli\"\nversion = \"0+unknown\"\n", "placeholder");
	gitrepo_commit(r.repo, "runtime/pyproject.toml",
	    "[project]\nname = \"rig-runtime\"\nversion = \"0+unknown\"\n", "placeholder");
	gitrepo_git(r.repo, "push -q origin main");
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct wizard_opts opts = {
			.mode = WIZARD_PLAN, .bump = row[i].bump, .unattended = true
		};

		rig_run(&r, opts, NULL, 0);
		cr_expect_eq(r.err.code, ERR_USAGE, "%s", r.err.message);
		cr_expect_not_null(strstr(r.err.message, row[i].message), "%s", r.err.message);
		cr_expect_not_null(strstr(r.err.hint, row[i].hint), "%s", r.err.hint);
	}
	rig_end(&r);
}

static bool was_undoable;

static void
note_undoable(void *arg)
{
	was_undoable = ((const struct rig *)arg)->open->undoable;
}

/* Case 9: a cap that would be broken stops a script, until a flag names that very line. */
Test(step_edits, a_broken_cap_is_decided_by_a_person_or_a_flag_of_its_own, .fini = leak_gate)
{
	static const struct rig_answer answers[] = {
		{ ASK_PREFLIGHT, "go-on", RIG_ANSWER, NULL },
		{ ASK_EDITS, NULL, RIG_CANCEL, note_undoable },
	};
	static const struct {
		const char *flag, *more;
		bool undoable;
	} row[] = {
		{ NULL, NULL, false },
		{ "cli/pyproject.toml", NULL, false },
		{ NULL, "leave-out = [\"cli/pyproject.toml:7\"]\n", false },
		{ "cli/pyproject.toml:7", NULL, true },
	};
	struct rig r = rig_new(NULL, NULL);
	struct wizard_opts script = { .mode = WIZARD_RELEASE,
		.bump = "minor",
		.confirm = "1.1.0",
		.test_index = "none",
		.unattended = true,
		.take_presets = true };

	gitrepo_commit(r.repo, "cli/pyproject.toml",
	    "[build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"\n"
	    "[project]\nname = \"rig-cli\"\nversion = \"1.0.3\"\n"
	    "dependencies = [\"rig-runtime<1.1,>=1.0.3\"]\n",
	    "cap");
	gitrepo_git(r.repo, "push -q origin main");
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct strlist out = STRLIST_EMPTY;
		struct wizard_opts opts = person;

		if (row[i].flag != NULL)
			strlist_add(&out, row[i].flag);
		opts.bump = "minor";
		opts.leave_out = &out;
		rig_configure(&r, row[i].more, NULL);
		rig_run(&r, opts, answers, ARRAY_LEN(answers));
		cr_expect_eq(was_undoable, row[i].undoable, "row %zu", i);
		strlist_fini(&out);
	}
	rig_configure(&r, NULL, NULL);
	rig_run(&r, script, NULL, 0);
	cr_expect_eq(r.err.code, ERR_USAGE, "%s", r.err.message);
	cr_expect_not_null(
	    strstr(r.err.message, "would not admit rig-runtime 1.1.0"), "%s", r.err.message);
	cr_expect_not_null(
	    strstr(r.err.hint, "--leave-out cli/pyproject.toml:7 (as it is)"), "%s", r.err.hint);
	cr_expect_not(rig_has_state(&r));
	rig_end(&r);
}

static void
change_a_file(void *arg)
{
	const struct rig *r = arg;

	temp_puts(r->repo, "runtime/pyproject.toml", "[project]\nname = \"somebody else's\"\n");
}

Test(step_edits, a_file_that_changed_or_cannot_be_replaced_stops_it, .fini = leak_gate)
{
	static const struct rig_answer answers[] = {
		{ ASK_PREFLIGHT, "go-on", RIG_ANSWER, NULL },
		{ ASK_EDITS, "accept", RIG_ANSWER, change_a_file },
		{ ASK_EDITS, NULL, RIG_CANCEL, NULL },
	};
	struct rig r = rig_new(NULL, NULL);
	char *file = fs_join(r.repo, "cli/pyproject.toml"), *folder = fs_dir(file);
	struct wizard_opts opts = { .mode = WIZARD_RELEASE, .bump = "minor" };

	rig_run(&r, opts, answers, ARRAY_LEN(answers));
	cr_expect(rig_asked(&r, "runtime/pyproject.toml was changed since it was read"));
	gitrepo_git(r.repo, "checkout -q .");
	opts.unattended = opts.take_presets = true;
	opts.confirm = "1.1.0";
	opts.test_index = "none";
	cr_assert_eq(chmod(file, 0444), 0);
	rig_run(&r, opts, NULL, 0);
	cr_expect_eq(r.err.code, ERR_USAGE);
	cr_expect_not_null(
	    strstr(r.err.message, "cli/pyproject.toml is read-only"), "%s", r.err.message);
	cr_expect_not(rig_has_state(&r));
	cr_assert_eq(chmod(file, 0644), 0);
	cr_assert_eq(chmod(folder, 0555), 0);
	opts.mode = WIZARD_PLAN;
	rig_run(&r, opts, NULL, 0);
	cr_expect_eq(r.err.code, ERR_REFUSED);
	cr_expect_not_null(
	    strstr(r.err.message, "the folder cli is read-only"), "%s", r.err.message);
	cr_assert_eq(chmod(folder, 0755), 0);
	free(file);
	free(folder);
	rig_end(&r);
}
