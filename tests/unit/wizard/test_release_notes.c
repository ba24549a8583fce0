/* The notes step on a real repository: what is curated is what the commit, the journal and the
 * next try have. The checks fail, so that nothing is built. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "rig.h"
#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "slipway/project/edit.h"
#include "slipway/project/notes.h"

#define PERSON(...)                                                                                \
	(const struct rig_answer[]) { __VA_ARGS__ },                                               \
	    sizeof((const struct rig_answer[]) { __VA_ARGS__ }) / sizeof(struct rig_answer)

#define UP_TO_NOTES                                                                                \
	{ ASK_PREFLIGHT, "go-on", RIG_ANSWER, NULL }, { ASK_VERSION, "minor", RIG_ANSWER, NULL },  \
	{                                                                                          \
		ASK_EDITS, "accept", RIG_ANSWER, NULL                                              \
	}

static const struct wizard_opts person = { .mode = WIZARD_RELEASE };

/* The notes of the runtime, which has the changelog and the one commit. */
static const struct release_notes *
runtime(const struct rig *r, size_t *doc)
{
	const struct release *rel = wizard_release(r->w);

	for (*doc = 0; *doc < rel->note_count; ++*doc)
		if (strcmp(rel->notes[*doc].title, "rig-runtime") == 0)
			return &rel->notes[*doc];
	cr_assert_fail("no notes of rig-runtime");
	return NULL;
}

static void
expect_text(struct rig *r, const char *text)
{
	size_t doc;

	cr_expect_str_eq(runtime(r, &doc)->text, text);
}

static void
curate(void *arg)
{
	struct rig *r = arg;
	size_t doc;

	expect_text(r, "### Added\n\n- More");
	runtime(r, &doc);
	cr_expect(wizard_reword(r->w, doc, 0, "More of everything"));
	cr_expect_not(wizard_reword(r->w, doc, 0, " "));
	wizard_curate(
	    r->w, doc, 0, NOTE_REGROUP, strlist_find(&runtime(r, &doc)->draft->groups, "Fixed"));
	expect_text(r, "### Fixed\n\n- More of everything");
}

static void
see_curated(void *arg)
{
	expect_text(arg, "### Fixed\n\n- More of everything");
}

static void
see_drafted(void *arg)
{
	expect_text(arg, "### Added\n\n- More");
}

/* The changelog in the release commit. */
static char *
committed(const struct rig *r)
{
	char *ref = gitrepo_output(r->repo, "for-each-ref --format=%(refname) refs/slipway"), *out,
	     *command;

	ref[strcspn(ref, "\n")] = '\0';
	command = mem_printf("show %s:runtime/CHANGELOG.md", ref);
	out = gitrepo_output(r->repo, command);
	free(command);
	free(ref);
	return out;
}

Test(release_notes, go_into_the_commit_and_the_journal, .fini = leak_gate)
{
	struct rig r = rig_new("checks = [\"false\"]", NULL);
	char *text, *dir, *kept;

	rig_run(&r, person,
	    PERSON(UP_TO_NOTES, { ASK_NOTES, NULL, RIG_BACK, curate },
		{ ASK_NOTES, "accept", RIG_ANSWER, see_curated },
		{ ASK_CHECKS_FAILED, NULL, RIG_KILL, NULL }));
	cr_assert(r.killed, "%s", r.err.message);
	text = committed(&r);
	cr_expect(strstr(text, "\n\n### Fixed\n\n- More of everything\n\n## [1.0.3]") != NULL, "%s",
	    text);
	cr_expect(strstr(text, "## [Unreleased]\n\n## [1.1.0] - ") != NULL, "%s", text);
	dir = rig_state_dir(&r);
	kept = temp_read(dir, "notes.md", NULL);
	cr_expect(strstr(kept, "- More of everything") != NULL, "%s", kept);
	free(kept);
	free(dir);
	free(text);
	rig_run(&r, (struct wizard_opts) { .mode = WIZARD_RESUME },
	    PERSON({ ASK_CHECKS_FAILED, NULL, RIG_CANCEL, see_curated }));
	cr_expect_eq(r.err.code, ERR_CANCELLED, "%s", r.err.message);
	rig_run_mode(&r, WIZARD_ABORT);
	rig_end(&r);
}

static void
see_no_edit(void *arg)
{
	struct rig *r = arg;
	const struct release *rel = wizard_release(r->w);

	cr_expect_eq(rel->note_count, 0);
	for (size_t i = 0; i < rel->edits->count; i++)
		cr_expect(strstr(rel->edits->items[i].path, "CHANGELOG") == NULL);
}

Test(release_notes, can_be_left_out_or_fail, .fini = leak_gate)
{
	struct rig r = rig_new(
	    "checks = [\"false\"]\nnotes-command = \"echo no >&2; exit 3\"", NULL);
	struct wizard_opts without = { .mode = WIZARD_RELEASE, .no_notes = true };

	rig_run(&r, person,
	    PERSON(UP_TO_NOTES, { ASK_NOTES_FAILED, "without-lines", RIG_ANSWER, NULL },
		{ ASK_NOTES, NULL, RIG_CANCEL, see_drafted }));
	cr_expect_eq(r.err.code, ERR_CANCELLED, "%s", r.err.message);
	cr_expect(rig_asked(&r, "notes-command exited with 3: no"));
	rig_configure(&r, "checks = [\"false\"]", NULL);
	rig_run(
	    &r, without, PERSON(UP_TO_NOTES, { ASK_CHECKS_FAILED, NULL, RIG_CANCEL, see_no_edit }));
	cr_expect_eq(r.err.code, ERR_CANCELLED, "%s", r.err.message);
	cr_expect_not(rig_asked(&r, "notes: "));
	rig_run_mode(&r, WIZARD_ABORT);
	rig_end(&r);
}

/* Of the main package, rig-cli, which has no changelog. */
static void
see_lines(void *arg)
{
	struct rig *r = arg;
	const struct release *rel = wizard_release(r->w);
	struct str all = STR_EMPTY;

	for (size_t i = 0; i < rel->note_count; i++)
		str_printf(&all, "%s|%s|%s\n", rel->notes[i].title,
		    rel->notes[i].why != NULL ? rel->notes[i].why : "", rel->notes[i].text);
	cr_expect_str_eq(str_text(&all),
	    "rig-runtime||### New\n\n- More\n"
	    "rig-cli|no changelog was found: the notes go into the tag|"
	    "### Also\n\n- from the file\n\n### Images\n\n- sha256:1.1.0\n");
	str_fini(&all);
}

Test(release_notes, take_lines_and_titles_from_the_configuration, .fini = leak_gate)
{
	struct rig r = rig_new(
	    "categories = [\"feat: New\"]\nnotes-file = \"more.txt\"\n"
	    "notes-command = \"printf '### Images\\\\n- sha256:{version}\\\\n'\"",
	    NULL);

	gitrepo_commit(r.repo, "more.txt", "from the file", "chore: lines");
	gitrepo_git(r.repo, "push -q origin main");
	rig_run(&r, person, PERSON(UP_TO_NOTES, { ASK_NOTES, NULL, RIG_CANCEL, see_lines }));
	cr_expect_eq(r.err.code, ERR_CANCELLED, "%s", r.err.message);
	rig_end(&r);
}

Test(release_notes, a_plan_runs_no_command_of_the_repository, .fini = leak_gate)
{
	struct rig r = rig_new("notes-command = \"touch ran\"", NULL);
	char *ran = fs_join(r.repo, "ran");

	rig_run(&r,
	    (struct wizard_opts) { .mode = WIZARD_PLAN, .unattended = true, .bump = "minor" }, NULL,
	    0);
	cr_expect_eq(r.err.code, ERR_OK, "%s", r.err.message);
	cr_expect_not(fs_exists(ran));
	free(ran);
	rig_end(&r);
}

/* The candidate before this one is no release: all since the last final version is told. */
static void
see_it_wait(void *arg)
{
	size_t doc;
	const struct release_notes *n = runtime(arg, &doc);

	cr_expect_str_eq(n->text, "### Added\n\n- More\n\n### Fixed\n\n- Mended behind it (#4)");
	cr_expect(strstr(n->why, "waits for the final release") != NULL, "%s", n->why);
	wizard_add_note(((struct rig *)arg)->w, doc, 0, "Of my own");
}

static const char *
edited(const struct rig *r, const char *path)
{
	const struct edit_plan *p = wizard_release(r->w)->edits;

	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->items[i].path, path) == 0)
			return str_text(&p->items[i].after);
	return "";
}

static void
see_it_dated(void *arg)
{
	const char *text = edited(arg, "runtime/CHANGELOG.md");

	cr_expect(strstr(text, "## [Unreleased]\n\n## [1.1.0rc2] - ") != NULL, "%s", text);
	cr_expect(strstr(text, "- Of my own\n") != NULL, "%s", text);
	cr_expect_str_eq(edited(arg, "cli/CHANGELOG.md"), "");
}

static void
see_a_new_one(void *arg)
{
	const char *text = edited(arg, "cli/CHANGELOG.md");

	cr_expect(strstr(text, "# Changelog\n\n## v1.1.0rc2 \xe2\x80\x94 ") == text, "%s", text);
	cr_expect(strstr(edited(arg, "runtime/CHANGELOG.md"), "- Of my own\n") != NULL);
}

Test(release_notes, a_candidate_waits_or_is_dated, .fini = leak_gate)
{
	struct rig r = rig_new(NULL, NULL);

	gitrepo_git(r.repo, "tag -a -m rc v1.1.0rc1");
	gitrepo_commit(
	    r.repo, "runtime/rig_runtime/more.py", "MORE = 2\n", "fix: mended behind it (#4)");
	gitrepo_git(r.repo, "push -q origin main v1.1.0rc1");
	rig_run(&r, person,
	    PERSON({ ASK_PREFLIGHT, "go-on", RIG_ANSWER, NULL },
		{ ASK_VERSION, "1.1.0rc2", RIG_ANSWER, NULL },
		{ ASK_EDITS, "accept", RIG_ANSWER, NULL },
		{ ASK_NOTES, "date", RIG_ANSWER, see_it_wait },
		{ ASK_NOTES, "new-dash", RIG_ANSWER, see_it_dated },
		{ ASK_NOTES, NULL, RIG_CANCEL, see_a_new_one }));
	cr_expect_eq(r.err.code, ERR_CANCELLED, "%s", r.err.message);
	rig_end(&r);
}
