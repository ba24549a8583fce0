/* Makes the world, runs slipway in it. What is looked for afterwards is in world_look.c. */
#include "world.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "gitrepo.h"
#include "slipway/base/mem.h"
#include "slipway/index/server.h"
#include "slipway/os/fs.h"
#include "slipway/os/secret.h"
#include "temp.h"

#define DEADLINE_MS (240 * 1000)

static const char runtime_project[] = "[build-system]\n"
				      "requires = [\"setuptools>=61\"]\n"
				      "build-backend = \"setuptools.build_meta\"\n"
				      "\n"
				      "[project]\n"
				      "name = \"rethink-llmhub-runtime\"\n"
				      "version = \"1.0.3\"  # in step with rethink-llmhub\n"
				      "description = \"What rethink-llmhub runs on\"\n"
				      "requires-python = \">=3.9\"\n";

static const char cli_project[] = "[build-system]\r\n"
				  "requires = [\"setuptools>=61\"]\r\n"
				  "build-backend = \"setuptools.build_meta\"\r\n"
				  "\r\n"
				  "[project]\r\n"
				  "name = 'rethink-llmhub'\r\n"
				  "version = '1.0.3'\r\n"
				  "description = \"One command line for many models\"\r\n"
				  "requires-python = \">=3.9\"\r\n"
				  "dependencies = [\r\n"
				  "    \"rethink-llmhub-runtime >= 1.0.3\",   # keep in step\r\n"
				  "]\r\n"
				  "[project.scripts]\r\n"
				  "llmhub = \"llmhub:main\"";

static void
make_lockstep(const char *project)
{
	static const struct {
		const char *path, *text;
	} files[] = {
		{ ".gitignore", "dist/\n" },
		{ "README.md", "# llmhub\n" },
		{ "packages/runtime/pyproject.toml", runtime_project },
		{ "packages/runtime/README.md", "# runtime\n" },
		{ "packages/runtime/src/llmhub_runtime/__init__.py", "WORDS = ('a', 'b')\n" },
		{ "packages/cli/pyproject.toml", cli_project },
		{ "packages/cli/README.md", "# llmhub\n" },
		{ "packages/cli/src/llmhub/__init__.py",
		    "import llmhub_runtime\n\n\ndef main():\n"
		    "    print('llmhub', *llmhub_runtime.WORDS)\n" },
	};

	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		temp_puts(project, files[i].path, files[i].text);
	gitrepo_git(project, "add -A");
	gitrepo_git(project, "commit -q -m 1.0.3");
	gitrepo_git(project, "tag -a v1.0.3 -m 1.0.3");
	gitrepo_commit(project, "NEWS.md", "Tags.\n", "feat(cli): search by tag");
}

static void
make_project(struct world *w, void (*make)(const char *project))
{
	w->project = gitrepo_new(w->dir, "project");
	/* CRLF files are the project's own: git shall not touch them. */
	gitrepo_git(w->project, "config core.autocrlf false");
	make(w->project);
	w->remote = gitrepo_remote(w->project, w->dir, "remote.git");
	gitrepo_git(w->project, "push -q --tags origin main");
}

void
world_configure(struct world *w, const struct world_opts *opts)
{
	struct str text = STR_EMPTY;

	str_printf(&text, "[release]\ntest-index = \"%s\"\n", opts->rehearse ? "testpypi" : "none");
	if (!opts->own_build)
		str_printf(&text, "build = [\"{python}\", \"%s\", \"{outdir}\"]\n", FAST_BUILD);
	str_printf(&text, "%s\n[index.testpypi]\nupload = \"%s\"\n\n[index.pypi]\n",
	    opts->release != NULL ? opts->release : "", index_server_upload_url(w->test));
	if (w->production_url != NULL)
		str_printf(&text, "upload = \"%slegacy/\"\nsimple = \"%ssimple/\"\n",
		    w->production_url, w->production_url);
	else
		str_printf(&text, "upload = \"%s\"\n", index_server_upload_url(w->production));
	str_puts(&text, opts->tail != NULL ? opts->tail : "");
	temp_write(w->dir, "slipway.toml", text.data, text.len);
	str_fini(&text);
}

static struct index_server *
start_index(const struct world *w, const char *name, const char *variable)
{
	char *dir = fs_join(w->dir, name);
	struct index_server_opts opts = { .dir = dir };
	struct index_server *s = NULL;

	cr_assert_eq(index_server_start(&opts, &s, NULL), ERR_OK);
	setenv(variable, secret_text(index_server_token(s)), 1);
	free(dir);
	return s;
}

void
world_init(struct world *w, const struct world_opts *opts)
{
	char *home, *config;

	memset(w, 0, sizeof *w);
	w->dir = temp_dir();
	home = fs_join(w->dir, "home");
	config = fs_join(w->dir, "home/.config");
	w->cache = fs_join(w->dir, "cache");
	w->tmp = fs_join(w->dir, "tmp");
	fs_mkdirs(home, 0700, NULL);
	fs_mkdirs(w->cache, 0700, NULL);
	fs_mkdirs(w->tmp, 0700, NULL);
	gitrepo_environment(home);
	setenv("XDG_CACHE_HOME", w->cache, 1);
	setenv("XDG_CONFIG_HOME", config, 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TZ", "UTC", 1);
	/* A build machine without a network has pip look elsewhere; here there is nothing to get.
	 */
	unsetenv("PIP_NO_INDEX");
	unsetenv("PIP_FIND_LINKS");
	w->test = start_index(w, "test-index", "PYPI_TEST_API_TOKEN");
	w->production = start_index(w, "production-index", "PYPI_API_TOKEN");
	make_project(w, opts->make != NULL ? opts->make : make_lockstep);
	w->config = fs_join(w->dir, "slipway.toml");
	world_configure(w, opts);
	free(home);
	free(config);
}

void
world_fini(struct world *w)
{
	index_server_stop(w->test);
	index_server_stop(w->production);
	temp_remove(w->dir);
	free(w->project);
	free(w->remote);
	free(w->config);
	free(w->cache);
	free(w->tmp);
	free(w->production_url);
	memset(w, 0, sizeof *w);
}

/* -- running -- */

static void
words(const struct world *w, const char *args, struct strlist *argv)
{
	const char *at = args;

	strlist_add(argv, SLIPWAY);
	while (*at != '\0') {
		size_t len = strcspn(at, " ");

		if (len > 0)
			strlist_take(argv, mem_strndup(at, len));
		at += len;
		at += strspn(at, " ");
	}
	strlist_addf(argv, "--config=%s", w->config);
}

static void
changes(const struct world *w, struct strlist *env)
{
	strlist_addf(env, "TMPDIR=%s", w->tmp);
	/* By this one its processes are found, and those that they start. */
	strlist_addf(env, "SLIPWAY_TEST_WORLD=%s", w->dir);
}

void
world_run(const struct world *w, const char *args, struct run_result *r)
{
	struct strlist argv = STRLIST_EMPTY, env = STRLIST_EMPTY;
	struct run_opts opts = { .cwd = w->project, .deadline_ms = DEADLINE_MS };

	words(w, args, &argv);
	changes(w, &env);
	opts.argv = (const char *const *)argv.items;
	opts.env = (const char *const *)env.items;
	run_program(&opts, r);
	strlist_fini(&argv);
	strlist_fini(&env);
}

void
world_expect(const struct world *w, const char *args, int status)
{
	struct run_result r;

	world_run(w, args, &r);
	if (r.status != status)
		run_dump(&r);
	cr_assert_eq(r.status, status, "slipway %s: %d, not %d", args, r.status, status);
	run_fini(&r);
}

static void
spawn(const struct world *w, const char *args, struct world_child *c)
{
	struct strlist argv = STRLIST_EMPTY, changed = STRLIST_EMPTY;
	char **env;
	int out[2];

	words(w, args, &argv);
	changes(w, &changed);
	env = child_env(NULL, (const char *const *)changed.items);
	cr_assert_eq(pipe(out), 0);
	fflush(NULL);
	c->pid = fork();
	cr_assert_geq(c->pid, 0);
	if (c->pid == 0) {
		int null = open("/dev/null", O_RDWR);

		setpgid(0, 0);
		dup2(null, STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		dup2(out[1], STDERR_FILENO);
		child_exec((const char *const *)argv.items, env,
		    fs_is_dir(w->project) ? w->project : w->dir, -1);
	}
	child_env_free(env);
	strlist_fini(&argv);
	strlist_fini(&changed);
	close(out[1]);
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	c->out = out[0];
}

/* What is there to read; waits for it a millisecond. */
static void
read_some(struct world_child *c)
{
	struct pollfd p = { .fd = c->out, .events = POLLIN };
	char chunk[4096];
	ssize_t got;

	poll(&p, 1, 1);
	while ((got = read(c->out, chunk, sizeof chunk)) > 0)
		str_append(&c->text, chunk, (size_t)got);
	if (got == 0)
		fd_close(&c->out);
}

bool
world_run_until(const struct world *w, const char *args, world_when_fn when, void *arg, int signo,
    struct world_child *c)
{
	int64_t deadline = child_now_ms() + DEADLINE_MS;
	bool sent = false;
	int status = 0;

	*c = (struct world_child) { .out = -1 };
	spawn(w, args, c);
	while (waitpid(c->pid, &status, WNOHANG) == 0) {
		read_some(c);
		if (!sent && when(w, c, arg)) {
			kill(c->pid, signo);
			sent = true;
		}
		if (child_now_ms() > deadline) {
			kill(c->pid, SIGKILL);
			waitpid(c->pid, &status, 0);
			fprintf(stderr, "%s\n", str_text(&c->text));
			cr_assert_fail("slipway %s does not end", args);
		}
	}
	if (c->out >= 0)
		read_some(c);
	c->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return sent;
}

void
world_child_fini(struct world_child *c)
{
	fd_close(&c->out);
	str_fini(&c->text);
}

/* -- moments -- */

bool
world_at_line(const struct world *w, const struct world_child *c, void *text)
{
	struct bytes rest = { str_text(&c->text), c->text.len }, line;

	(void)w;
	while (bytes_line(&rest, &line))
		if (bytes_is(line, text))
			return true;
	return false;
}

bool
world_at_record(const struct world *w, const struct world_child *c, void *record)
{
	(void)c;
	/* The journal of the release before has such records too, and is newest for a moment. */
	return world_has_unfinished(w) && world_records(w, record) > 0;
}

bool
world_at_file(const struct world *w, const struct world_child *c, void *path)
{
	(void)w;
	(void)c;
	return fs_exists(path);
}
