/* towncrier in a release: the real one, with a wrapper where it has to fail or to disagree. The
 * checks fail, so that nothing is built. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rig.h"
#include "slipway/base/mem.h"
#include "slipway/os/env.h"
#include "slipway/os/fs.h"
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

/* A command NAME before all others on the PATH. */
static void
put_first(const struct rig *r, const char *name, const char *script)
{
	char *bin = fs_join(r->dir, "bin"), *file = fs_join(bin, name), *path;

	path = mem_printf("%s:%s", bin, getenv("PATH"));
	cr_assert_eq(fs_mkdirs(bin, 0700, NULL), ERR_OK);
	cr_assert_eq(fs_write(file, script, strlen(script), 0700, NULL), ERR_OK);
	setenv("PATH", path, 1);
	free(path);
	free(file);
	free(bin);
}

static void
make_fragments(const struct rig *r)
{
	temp_puts(r->repo, "runtime/towncrier.toml",
	    "[tool.towncrier]\nname = \"rig\"\nfilename = \"NEWS.rst\"\ndirectory = \"news\"\n");
	temp_puts(r->repo, "runtime/NEWS.rst", "News\n####\n\n.. towncrier release notes start\n");
	temp_puts(r->repo, "runtime/news/5.feature", "Told in a fragment\n");
	temp_puts(r->repo, "runtime/news/+a.bugfix.rst", "Mended\n");
	gitrepo_git(r->repo, "add -A");
	gitrepo_commit(r->repo, "x.txt", "x\n", "chore: fragments");
	gitrepo_git(r->repo, "push -q origin main");
}

/* Both fragments are told, and a commit of the range is added to them. */
static void
add_a_commit(void *arg)
{
	struct rig *r = arg;
	size_t doc;
	const struct release_notes *n = runtime(r, &doc);

	cr_expect_str_eq(n->path, "runtime/NEWS.rst");
	cr_expect_str_eq(n->remark, "towncrier writes this, and removes 2 news fragments");
	cr_expect_str_eq(n->text, "Features\n--------\n\n- Told in a fragment (#5)\n\n\n"
				  "Bugfixes\n--------\n\n- Mended");
	for (size_t i = 0; i < n->draft->count; i++)
		if (strcmp(n->draft->items[i].text, "More") == 0)
			wizard_curate(r->w, doc, i, NOTE_TAKE, 0);
	cr_expect(strstr(n->text, "(#5)\n- More\n\n\nBugfixes") != NULL, "%s", n->text);
}

static char *
kept(const struct rig *r, const char *what)
{
	char *ref = gitrepo_output(r->repo, "for-each-ref --format=%(refname) refs/slipway"), *out,
	     *command;

	ref[strcspn(ref, "\n")] = '\0';
	command = what[0] == '-' ? mem_printf("show %s %s", what, ref)
				 : mem_printf("show %s:%s", ref, what);
	out = gitrepo_output(r->repo, command);
	free(command);
	free(ref);
	return out;
}

/* Killed when towncrier had done its work and before git had the commit. */
Test(fragments, are_built_once_into_the_release_commit, .fini = leak_gate)
{
	struct rig r = rig_new("checks = [\"false\"]", NULL);
	char *text, *names, *before, *after, *path = mem_strdup(getenv("PATH")), *script;
	struct strlist real = STRLIST_EMPTY;

	env_which_all("towncrier", &real);
	cr_assert_gt(real.count, 0, "towncrier is not installed");
	make_fragments(&r);
	before = rig_snapshot(&r);
	script = mem_printf(
	    "#!/bin/sh\n%s \"$@\" && case \"$*\" in *--yes*) exit 7; esac\n", real.items[0]);
	put_first(&r, "towncrier", script);
	rig_run(&r, person,
	    PERSON(UP_TO_NOTES, { ASK_NOTES, "accept", RIG_ANSWER, add_a_commit },
		{ ASK_HOOK_FAILED, NULL, RIG_KILL, NULL }));
	cr_assert(r.killed, "%s", r.err.message);
	cr_expect(rig_asked(&r, "exited with 7"));
	setenv("PATH", path, 1);
	rig_run(&r, (struct wizard_opts) { .mode = WIZARD_RESUME },
	    PERSON(UP_TO_NOTES, { ASK_NOTES, "accept", RIG_ANSWER, NULL },
		{ ASK_CHECKS_FAILED, NULL, RIG_CANCEL, NULL }));
	cr_expect_eq(r.err.code, ERR_CANCELLED, "%s", r.err.message);
	text = kept(&r, "runtime/NEWS.rst");
	cr_expect(strstr(text, "\n\nFeatures\n--------\n\n- Told in a fragment (#5)\n- More\n\n\n"
			       "Bugfixes\n--------\n\n- Mended") != NULL,
	    "%s", text);
	cr_expect(strstr(text, "rig 1.1.0 (") != NULL, "%s", text);
	cr_expect(strstr(strstr(text, "rig 1.1.0 (") + 1, "rig 1.1.0 (") == NULL, "%s", text);
	names = kept(&r, "--format= --name-status");
	cr_expect_str_eq(names, "M\tcli/pyproject.toml\nM\truntime/NEWS.rst\n"
				"D\truntime/news/+a.bugfix.rst\nD\truntime/news/5.feature\n"
				"M\truntime/pyproject.toml");
	rig_run_mode(&r, WIZARD_ABORT);
	after = rig_snapshot(&r);
	cr_expect_str_eq(after, before);
	free(before);
	free(after);
	free(names);
	free(text);
	free(path);
	free(script);
	strlist_fini(&real);
	rig_end(&r);
}

/* As a fragment that is not committed would have it. */
Test(fragments, other_words_than_the_accepted_ones_are_refused, .fini = leak_gate)
{
	struct rig r = rig_new("checks = [\"false\"]", NULL);
	char *before, *after, *path = mem_strdup(getenv("PATH"));

	make_fragments(&r);
	before = rig_snapshot(&r);
	put_first(&r, "towncrier",
	    "#!/bin/sh\ncase \"$*\" in *--draft*) printf 'rig 1.1.0\\n=========\\n\\n- a\\n';;\n"
	    "*) printf 'rig 1.1.0\\n=========\\n\\n- b\\n' > NEWS.rst; git rm -q news/*;; esac\n");
	rig_run(&r, person,
	    PERSON(UP_TO_NOTES, { ASK_NOTES, "accept", RIG_ANSWER, NULL },
		{ ASK_HOOK_FAILED, NULL, RIG_CANCEL, NULL }));
	cr_expect(rig_asked(&r, "what towncrier wrote into runtime/NEWS.rst is not what it"));
	rig_run_mode(&r, WIZARD_ABORT);
	after = rig_snapshot(&r);
	cr_expect_str_eq(after, before);
	setenv("PATH", path, 1);
	free(before);
	free(after);
	free(path);
	rig_end(&r);
}

static void
see_its_words(void *arg)
{
	const struct rig *r = arg;

	cr_expect(
	    strstr(r->open->title, "towncrier build --draft exited with 3: no \\x1b[1mway") != NULL,
	    "%s", r->open->title);
}

Test(fragments, towncrier_must_be_there_and_well, .fini = leak_gate)
{
	static const char *const tools[] = { "git", "sh", "python3" };
	struct rig r = rig_new(NULL, NULL);
	char *path = mem_strdup(getenv("PATH")), *bin = fs_join(r.dir, "only");

	make_fragments(&r);
	put_first(&r, "towncrier", "#!/bin/sh\nprintf 'first\\nno \\033[1mway\\n' >&2\nexit 3\n");
	rig_run(
	    &r, person, PERSON(UP_TO_NOTES, { ASK_NOTES_FAILED, NULL, RIG_CANCEL, see_its_words }));
	cr_expect_eq(r.err.code, ERR_CANCELLED, "%s", r.err.message);

	cr_assert_eq(fs_mkdirs(bin, 0700, NULL), ERR_OK);
	setenv("PATH", path, 1);
	for (size_t i = 0; i < ARRAY_LEN(tools); i++) {
		struct strlist found = STRLIST_EMPTY;
		char *link = fs_join(bin, tools[i]);

		env_which_all(tools[i], &found);
		cr_assert_eq(symlink(found.items[0], link), 0);
		strlist_fini(&found);
		free(link);
	}
	setenv("PATH", bin, 1);
	rig_run(&r, person, PERSON({ ASK_PREFLIGHT, NULL, RIG_CANCEL, NULL }));
	cr_expect(strstr(rig_line(&r, "news"),
		      "failed runtime/NEWS.rst is made of news fragments by towncrier, which is "
		      "not on PATH / install it") != NULL,
	    "%s", rig_line(&r, "news"));
	setenv("PATH", path, 1);
	free(path);
	free(bin);
	rig_end(&r);
}
