/* slipway demo as a script runs it: builds with the real backend, and a second release behind the
 * first. While it runs its children are looked at: no token reaches them. */
#include <criterion/criterion.h>
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gitrepo.h"
#include "slipway/base/mem.h"
#include "slipway/index/server.h"
#include "slipway/os/fs.h"
#include "temp.h"
#include "world.h"

#define TOKEN_MIN 40

struct watch {
	char *tokens[2];
	size_t looks; /* children seen */
	size_t calls;
	char *culprit; /* what showed a token */
};

static char *
token_in(const char *dir, const char *index)
{
	char *path = mem_printf("%s/demo/%s/token", dir, index), *text = NULL;

	if (fs_is_file(path)) {
		char *name = mem_printf("demo/%s/token", index);

		text = temp_read(dir, name, NULL);
		text[strcspn(text, "\n")] = '\0';
		/* Just being written. */
		if (strlen(text) < TOKEN_MIN) {
			free(text);
			text = NULL;
		}
		free(name);
	}
	free(path);
	return text;
}

static void
read_proc(pid_t pid, const char *what, struct str *out)
{
	char *path = mem_printf("/proc/%ld/%s", (long)pid, what), chunk[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	str_clear(out);
	for (ssize_t got; fd >= 0 && (got = read(fd, chunk, sizeof chunk)) > 0;)
		str_append(out, chunk, (size_t)got);
	fd_close(&fd);
	free(path);
}

static bool
holds(const struct str *text, const char *what)
{
	return text->len > 0 && memmem(text->data, text->len, what, strlen(what)) != NULL;
}

/* Arguments of all of this world, environments of all but slipway itself, which sets its own. */
static void
look_at(const struct world *w, struct watch *k, pid_t self, pid_t pid)
{
	struct str env = STR_EMPTY, args = STR_EMPTY;

	read_proc(pid, "environ", &env);
	if (holds(&env, w->dir)) {
		read_proc(pid, "cmdline", &args);
		k->looks += pid != self;
		for (size_t i = 0; i < ARRAY_LEN(k->tokens); i++)
			if (k->culprit == NULL &&
			    (holds(&args, k->tokens[i]) || holds(&env, k->tokens[i])))
				k->culprit = mem_strdup(str_text(&args));
	}
	str_fini(&env);
	str_fini(&args);
}

/* Never true: it only looks on. */
static bool
watch_children(const struct world *w, const struct world_child *c, void *arg)
{
	struct watch *k = arg;
	DIR *dir;

	for (size_t i = 0; i < ARRAY_LEN(k->tokens); i++)
		if (k->tokens[i] == NULL)
			k->tokens[i] = token_in(w->dir, i == 0 ? "test-index" : "production-index");
	if (k->tokens[0] == NULL || k->tokens[1] == NULL)
		return false;
	/* Every so often: looking costs more than what it looks at. */
	if (k->calls++ % 32 != 0)
		return false;
	dir = opendir("/proc");
	for (const struct dirent *d; dir != NULL && (d = readdir(dir)) != NULL;)
		if (isdigit((unsigned char)d->d_name[0]) && strtol(d->d_name, NULL, 10) > c->pid)
			look_at(w, k, c->pid, (pid_t)strtol(d->d_name, NULL, 10));
	if (dir != NULL)
		closedir(dir);
	return false;
}

static size_t
count(const char *text, const char *what)
{
	size_t n = 0;

	for (const char *at = text; (at = strstr(at, what)) != NULL; at++)
		n++;
	return n;
}

static void
release(const struct world *w, const char *version)
{
	struct watch k = { .looks = 0 };
	struct world_child c;
	char *args = mem_printf("demo %s/demo --yes", w->dir);

	world_run_until(w, args, watch_children, &k, SIGKILL, &c);
	if (c.status != 0)
		fprintf(stderr, "%s\n", str_text(&c.text));
	cr_assert_eq(c.status, 0, "%d", c.status);
	cr_expect_not_null(strstr(str_text(&c.text), version));
	cr_expect_gt(k.looks, 20, "children were seen %zu times", k.looks);
	cr_expect_null(k.culprit, "a token is in the arguments or environment of %s", k.culprit);
	/* Made up and printed once, each: the one place where that is meant. */
	for (size_t i = 0; i < ARRAY_LEN(k.tokens); i++) {
		cr_assert_not_null(k.tokens[i]);
		cr_expect_eq(count(str_text(&c.text), k.tokens[i]), 1);
		cr_expect_not(world_tree_holds(w->project, k.tokens[i]));
		cr_expect_not(world_tree_holds(w->cache, k.tokens[i]));
		free(k.tokens[i]);
	}
	free(k.culprit);
	free(args);
	world_child_fini(&c);
}

/* The report names every file with its hash. */
static void
expect_report(const struct world *w, size_t releases)
{
	char *base = fs_join(w->project, ".git/slipway");
	struct strlist names = STRLIST_EMPTY;
	size_t reports = 0;

	cr_assert_eq(fs_list(base, &names, NULL), ERR_OK);
	for (size_t i = 0; i < names.count; i++) {
		char *name = mem_printf("%s/report.md", names.items[i]);
		char *path = fs_join(base, name), *text = NULL;

		if (fs_is_file(path)) {
			text = temp_read(base, name, NULL);
			cr_expect_eq(count(text, "  sha256 "), WORLD_FILES);
			cr_expect_eq(count(text, "with this sha256"), 2 * WORLD_FILES);
			reports++;
		}
		free(text);
		free(path);
		free(name);
	}
	cr_expect_eq(reports, releases);
	strlist_fini(&names);
	free(base);
}

/* The world's project, remote and indexes become those of the demo. */
static void
use_demo(struct world *w)
{
	char *test = fs_join(w->dir, "demo/test-index");
	char *production = fs_join(w->dir, "demo/production-index");

	index_server_stop(w->test);
	index_server_stop(w->production);
	w->test = w->production = NULL;
	cr_assert_eq(
	    index_server_start(&(struct index_server_opts) { .dir = test }, &w->test, NULL),
	    ERR_OK);
	cr_assert_eq(index_server_start(
			 &(struct index_server_opts) { .dir = production }, &w->production, NULL),
	    ERR_OK);
	free(test);
	free(production);
}

Test(demo, releases_by_itself_and_again, .timeout = 280)
{
	static const char *const versions[] = { "1.1.0", "1.1.1" };
	struct world w;

	world_init(&w, &(struct world_opts) { .rehearse = true });
	/* The demo makes its own up. */
	unsetenv("PYPI_API_TOKEN");
	unsetenv("PYPI_TEST_API_TOKEN");
	free(w.project);
	free(w.remote);
	w.project = fs_join(w.dir, "demo/project");
	w.remote = fs_join(w.dir, "demo/remote.git");
	for (size_t i = 0; i < ARRAY_LEN(versions); i++) {
		release(&w, versions[i]);
		world_expect_no_process(&w, versions[i]);
		use_demo(&w);
		world_expect_published(&w, versions[i], true);
		world_expect_tidy(&w, versions[i]);
		expect_report(&w, i + 1);
		/* The next release has to start them on the same ports again. */
		index_server_stop(w.test);
		index_server_stop(w.production);
		w.test = w.production = NULL;
	}
	world_fini(&w);
}
