/* A whole wizard for tests. */
#include "rig.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "slipway/os/secret.h"

#define DEADLINE_MS 300000

/* -- the project -- */

static void
put_package(
    const char *repo, const char *dir, const char *name, const char *module, const char *needs)
{
	struct str text = STR_EMPTY;
	char *path;

	str_printf(&text,
	    "[build-system]\nrequires = [\"setuptools\"]\n"
	    "build-backend = \"setuptools.build_meta\"\n\n"
	    "[project]\nname = \"%s\"\nversion = \"1.0.3\"\ndescription = \"%s\"\n"
	    "readme = \"README.md\"\nrequires-python = \">=3.9\"\nlicense = {text = \"MIT\"}\n"
	    "%s\n[tool.setuptools]\npackages = [\"%s\"]\n",
	    name, name, needs, module);
	path = mem_printf("%s/pyproject.toml", dir);
	temp_puts(repo, path, str_text(&text));
	free(path);
	path = mem_printf("%s/README.md", dir);
	temp_puts(repo, path, "# A package\n\nIt does something.\n");
	free(path);
	path = mem_printf("%s/%s/__init__.py", dir, module);
	temp_puts(repo, path, "VALUE = 1\n");
	free(path);
	str_fini(&text);
}

static void
make_project(struct rig *r)
{
	r->repo = gitrepo_new(r->dir, "project");
	temp_puts(r->repo, ".gitignore", "dist/\nbuild/\n*.egg-info/\n__pycache__/\n.env\n");
	put_package(r->repo, "runtime", "rig-runtime", "rig_runtime", "");
	put_package(
	    r->repo, "cli", "rig-cli", "rig_cli", "dependencies = [\"rig-runtime>=1.0.3\"]\n");
	temp_puts(r->repo, "runtime/CHANGELOG.md",
	    "# Changelog\n\n## [Unreleased]\n\n## [1.0.3] - 2026-01-01\n\n### Added\n\n- All\n");
	gitrepo_git(r->repo, "add -A");
	gitrepo_commit(r->repo, "README.md", "# Rig\n", "feat: begin");
	gitrepo_git(r->repo, "tag -a -m 1.0.3 v1.0.3");
	gitrepo_commit(r->repo, "runtime/rig_runtime/more.py", "MORE = 1\n", "feat: more");
	r->remote = gitrepo_remote(r->repo, r->dir, "remote.git");
	gitrepo_git(r->repo, "push -q origin v1.0.3");
	r->common = mem_printf("%s/.git", r->repo);
}

void
rig_configure(struct rig *r, const char *more, const char *tables)
{
	struct str text = STR_EMPTY;

	str_printf(&text,
	    "[release]\n%s%s\npython = \"/usr/bin/python3\"\n"
	    "[index.testpypi]\nupload = \"%s\"\n\n[index.pypi]\nupload = \"%s\"\n%s",
	    more != NULL && strstr(more, "build = ") != NULL
		? ""
		: "build = [\"{python}\", \"" FAST_BUILD "\", \"{outdir}\"]\n",
	    more != NULL ? more : "", index_server_upload_url(r->test),
	    index_server_upload_url(r->production), tables != NULL ? tables : "");
	temp_puts(r->dir, "slipway.toml", str_text(&text));
	str_fini(&text);
}

static struct index_server *
start_index(struct rig *r, const char *name)
{
	char *dir = mem_printf("%s/%s", r->dir, name);
	struct index_server_opts opts = { .dir = dir };
	struct index_server *s = NULL;

	cr_assert_eq(index_server_start(&opts, &s, NULL), ERR_OK);
	free(dir);
	return s;
}

struct rig
rig_new(const char *more, const char *tables)
{
	struct rig r = { .dir = temp_dir() };
	static const char *const drop[] = { "PYPI_API_TOKEN", "PYPI_TOKEN", "PYPI_TEST_API_TOKEN",
		"TEST_PYPI_TOKEN", "TWINE_PASSWORD", "UV_PUBLISH_TOKEN", "VIRTUAL_ENV" };
	char *cache = mem_printf("%s/cache", r.dir);

	gitrepo_environment(r.dir);
	for (size_t i = 0; i < ARRAY_LEN(drop); i++)
		unsetenv(drop[i]);
	setenv("XDG_CACHE_HOME", cache, 1);
	setenv("PIP_NO_INDEX", "1", 1);
	free(cache);
	make_project(&r);
	r.test = start_index(&r, "test-index");
	r.production = start_index(&r, "production-index");
	r.config = mem_printf("%s/slipway.toml", r.dir);
	rig_configure(&r, more, tables);
	setenv("PYPI_TEST_API_TOKEN", secret_text(index_server_token(r.test)), 1);
	setenv("PYPI_API_TOKEN", secret_text(index_server_token(r.production)), 1);
	cr_assert_eq(loop_new(&r.loop, NULL), ERR_OK);
	return r;
}

void
rig_end(struct rig *r)
{
	loop_free(r->loop);
	index_server_stop(r->test);
	index_server_stop(r->production);
	strlist_fini(&r->asked);
	strlist_fini(&r->lines);
	free(r->repo);
	free(r->remote);
	free(r->config);
	free(r->common);
	temp_remove(r->dir);
}

/* -- the front -- */

static void
act(void *arg)
{
	struct rig *r = arg;
	struct answer a = { .id = r->pending.id, .text = r->pending.text, .reason = r->reason };
	const char *why;

	if (r->pending.before != NULL)
		r->pending.before(r);
	switch (r->pending.act) {
	case RIG_CANCEL:
		wizard_cancel(r->w);
		return;
	case RIG_KILL:
		r->killed = true;
		loop_stop(r->loop);
		return;
	case RIG_BACK:
		cr_assert(wizard_back(r->w, &why), "cannot go back: %s", why);
		return;
	case RIG_ANSWER:
		break;
	}
	if (r->open->kind == QUESTION_SECRET) {
		a.text = NULL;
		a.secret = secret_new();
		secret_append(a.secret, r->pending.text, strlen(r->pending.text));
	}
	wizard_answer(r->w, &a);
}

static void
on_ask(void *arg, const struct question *q)
{
	struct rig *r = arg;
	size_t skip, found = SIZE_MAX;

	r->open = q;
	if (q == NULL)
		return;
	strlist_addf(&r->asked, "%s: %s%s%s", step_name(q->step), q->title,
	    q->error != NULL ? " / " : "", q->error != NULL ? q->error : "");
	skip = r->used[q->id]++;
	for (size_t i = 0; i < r->answer_count; i++)
		if (r->answers[i].id == q->id) {
			found = i;
			if (skip-- == 0)
				break;
		}
	/* The notes are taken as they are, unless a test has its own mind. */
	if (found == SIZE_MAX && q->id == ASK_NOTES) {
		r->pending = (struct rig_answer) { ASK_NOTES, "accept", RIG_ANSWER, NULL };
		loop_defer(r->loop, act, r);
		return;
	}
	cr_assert_neq(found, SIZE_MAX, "nobody answers \"%s\" (%s)", q->title,
	    q->text != NULL ? q->text : "");
	r->pending = r->answers[found];
	loop_defer(r->loop, act, r);
}

static void
on_nothing(void *arg, enum step_id step)
{
	(void)arg;
	(void)step;
}

static void
on_lend(void *arg, const char *reason)
{
	(void)reason;
	wizard_terminal_given(((struct rig *)arg)->w, false);
}

static void
on_take_back(void *arg)
{
	(void)arg;
}

static void
on_finished(void *arg, const struct err *e)
{
	struct rig *r = arg;

	r->finished = true;
	if (e != NULL)
		r->err = *e;
	loop_stop(r->loop);
}

static const struct front_ops front = { on_nothing, on_nothing, on_ask, on_lend, on_take_back,
	on_finished };

static void
too_late(void *arg)
{
	(void)arg;
	cr_assert_fail("the wizard does not come to an end");
}

static void
keep_lines(struct rig *r)
{
	const struct release *rel = wizard_release(r->w);

	strlist_fini(&r->lines);
	for (size_t i = 0; i < rel->line_count; i++)
		strlist_addf(&r->lines, "%s %s %s%s%s", rel->lines[i].id,
		    sign_word(rel->lines[i].sign), rel->lines[i].text,
		    rel->lines[i].hint != NULL ? " / " : "",
		    rel->lines[i].hint != NULL ? rel->lines[i].hint : "");
}

void
rig_run(struct rig *r, struct wizard_opts opts, const struct rig_answer *answers, size_t count)
{
	struct loop_timer *late = loop_after(r->loop, DEADLINE_MS, too_late, NULL);

	opts.reader = READER_CHILD;
	if (opts.dir == NULL)
		opts.dir = r->repo;
	if (!r->own_config && opts.config_path == NULL && opts.mode != WIZARD_RESUME &&
	    opts.mode != WIZARD_ABORT && opts.mode != WIZARD_STATUS)
		opts.config_path = r->config;
	strlist_fini(&r->asked);
	memset(r->used, 0, sizeof r->used);
	err_clear(&r->err);
	r->finished = r->killed = false;
	r->answers = answers;
	r->answer_count = count;
	cr_assert_eq(wizard_new(r->loop, &opts, &front, r, &r->w, NULL), ERR_OK);
	wizard_start(r->w);
	loop_run(r->loop);
	keep_lines(r);
	wizard_free(r->w);
	r->w = NULL;
	/* What was told to end does so now: a later run must not meet it. */
	for (int i = 0; i < 500 && loop_has_work(r->loop); i++)
		loop_turn(r->loop, 20);
	cr_expect(!loop_has_work(r->loop), "something still runs after the end");
	loop_cancel(r->loop, late);
}

void
rig_run_mode(struct rig *r, enum wizard_mode mode)
{
	rig_run(r, (struct wizard_opts) { .mode = mode, .unattended = true }, NULL, 0);
}

/* -- looking -- */

char *
rig_snapshot(const struct rig *r)
{
	char *status = gitrepo_output(r->repo, "status --porcelain=v2 --branch --ignored"),
	     *index = gitrepo_output(r->repo, "ls-files -s"),
	     *refs = gitrepo_output(r->repo, "for-each-ref"),
	     *trees = gitrepo_output(r->repo, "worktree list --porcelain"),
	     *head = gitrepo_output(r->repo, "symbolic-ref HEAD"), *all;

	all = mem_printf("%s\n%s\n%s\n%s\n%s", status, index, refs, trees, head);
	free(status);
	free(index);
	free(refs);
	free(trees);
	free(head);
	return all;
}

bool
rig_asked(const struct rig *r, const char *part)
{
	for (size_t i = 0; i < r->asked.count; i++)
		if (strstr(r->asked.items[i], part) != NULL)
			return true;
	return false;
}

const char *
rig_line(const struct rig *r, const char *id)
{
	for (size_t i = 0; i < r->lines.count; i++)
		if (strncmp(r->lines.items[i], id, strlen(id)) == 0 &&
		    r->lines.items[i][strlen(id)] == ' ')
			return r->lines.items[i] + strlen(id) + 1;
	return NULL;
}

char *
rig_state_dir(const struct rig *r)
{
	char *base = mem_printf("%s/slipway", r->common), *dir = NULL;
	struct strlist names = STRLIST_EMPTY;

	if (fs_list(base, &names, NULL) == ERR_OK)
		for (size_t i = 0; i < names.count && dir == NULL; i++)
			if (strcmp(names.items[i], "lock") != 0)
				dir = fs_join(base, names.items[i]);
	strlist_fini(&names);
	free(base);
	return dir;
}

bool
rig_has_state(const struct rig *r)
{
	char *dir = rig_state_dir(r);
	bool has = dir != NULL;

	free(dir);
	return has;
}

static size_t
count_below(const char *dir)
{
	struct strlist names = STRLIST_EMPTY;
	size_t n = 0;

	fs_list(dir, &names, NULL);
	for (size_t i = 0; i < names.count; i++) {
		char *path = fs_join(dir, names.items[i]);

		if (fs_is_dir(path))
			n += count_below(path);
		else if (strstr(names.items[i], ".json") == NULL)
			n++;
		free(path);
	}
	strlist_fini(&names);
	return n;
}

size_t
rig_files_on(const struct rig *r, struct index_server *s)
{
	char *dir = mem_printf(
	    "%s/%s/files", r->dir, s == r->test ? "test-index" : "production-index");
	size_t n = count_below(dir);

	free(dir);
	return n;
}
