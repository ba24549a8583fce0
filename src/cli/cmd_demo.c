/* slipway demo: a real release of made-up packages, on two rehearsal indexes that stand in for
 * TestPyPI and PyPI. Needs no network and no account. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "demo_project.h"
#include "options.h"
#include "run_release.h"
#include "slipway/base/mem.h"
#include "slipway/index/server.h"
#include "slipway/os/env.h"
#include "slipway/os/fs.h"
#include "slipway/os/loop.h"
#include "slipway/os/secret.h"
#include "slipway/project/packages.h"
#include "slipway/project/version.h"

#define WHEELS "/usr/share/python-wheels"

struct demo {
	char *dir, *project, *config;
	struct index_server *test, *production;
	bool alone; /* nobody will be asked */
};

static void
demo_fini(struct demo *d)
{
	index_server_stop(d->test);
	index_server_stop(d->production);
	free(d->dir);
	free(d->project);
	free(d->config);
}

static enum err_code
start_index(const struct demo *d, const char *name, const char *title, struct index_server **out,
    struct err *e)
{
	char *dir = fs_join(d->dir, name);
	struct index_server_opts opts = { .dir = dir, .title = title };
	enum err_code rc = index_server_start(&opts, out, e);

	free(dir);
	return rc;
}

/* Outside the repository, so that the tree stays clean; written anew because ports may change. */
static enum err_code
write_config(struct demo *d, struct err *e)
{
	struct str text = STR_EMPTY;
	enum err_code rc;

	str_printf(&text,
	    "# Made by slipway demo: two rehearsal indexes stand in for TestPyPI and PyPI.\n"
	    "[release]\n"
	    "test-index = \"testpypi\"\n"
	    "checks = [\"test -f packages/cli/pyproject.toml\"]\n"
	    "\n"
	    "[package.rethink-llmhub]\n"
	    "smoke = [\"llmhub hello world\"]\n"
	    "\n"
	    "[index.testpypi]\n"
	    "upload = \"%s\"\n"
	    "\n"
	    "[index.pypi]\n"
	    "upload = \"%s\"\n",
	    index_server_upload_url(d->test), index_server_upload_url(d->production));
	rc = fs_write(d->config, text.data, text.len, 0644, e);
	str_fini(&text);
	return rc;
}

/* The build runs in isolation; without a network its requirements come from the distribution's
 * wheels. */
static void
prepare_offline_build(void)
{
	struct strlist names = STRLIST_EMPTY;
	const char *before = env_get("PIP_FIND_LINKS");
	char *links = mem_printf(
	    "%s%s%s", before != NULL ? before : "", before != NULL ? " " : "", WHEELS);

	if (fs_list(WHEELS, &names, NULL) == ERR_OK)
		for (size_t i = 0; i < names.count; i++)
			if (text_starts(names.items[i], "setuptools-")) {
				env_set("PIP_NO_INDEX", "1");
				env_set("PIP_FIND_LINKS", links);
			}
	strlist_fini(&names);
	free(links);
}

static enum err_code
next_version(const struct demo *d, bool first, char **out, struct err *e)
{
	struct packages found = PACKAGES_EMPTY;
	struct version next = VERSION_EMPTY;
	enum err_code rc = packages_find(d->project, NULL, &found, e);

	if (rc == ERR_OK)
		rc = version_next(
		    &found.items[0].version, first ? BUMP_MINOR : BUMP_PATCH, &next, e);
	if (rc == ERR_OK)
		*out = mem_strdup(version_text(&next));
	version_fini(&next);
	packages_fini(&found);
	return rc;
}

static enum err_code
prepare(struct demo *d, struct loop *l, bool *made, struct err *e)
{
	enum err_code rc = fs_mkdirs(d->dir, 0755, e);

	if (rc == ERR_OK)
		rc = demo_project_make(l, d->dir, made, e);
	if (rc == ERR_OK)
		rc = start_index(d, "test-index", "TestPyPI (rehearsal)", &d->test, e);
	if (rc == ERR_OK)
		rc = start_index(d, "production-index", "PyPI (rehearsal)", &d->production, e);
	if (rc == ERR_OK)
		rc = write_config(d, e);
	return rc;
}

static void
introduce(const struct demo *d)
{
	printf("A made-up project in %s\n"
	       "  its remote          %s/remote.git\n"
	       "  standing in for TestPyPI  %s\n"
	       "  standing in for PyPI      %s\n",
	    d->project, d->dir, index_server_simple_url(d->test),
	    index_server_simple_url(d->production));
	/* Made up at the first start and good for these two indexes alone: the one place that shows
	 * a token. */
	printf("Tokens that were made up for them:\n"
	       "  TestPyPI  %s\n"
	       "  PyPI      %s\n",
	    secret_text(index_server_token(d->test)),
	    secret_text(index_server_token(d->production)));
	if (!d->alone) {
		printf("The wizard will ask for them, hidden: copy them now.\n"
		       "They are also in %s/test-index/token and %s/production-index/token.\n"
		       "Press Enter to begin.\n",
		    d->dir, d->dir);
		fflush(stdout);
		while (getchar() != '\n')
			if (feof(stdin) || ferror(stdin))
				break;
	}
	fflush(stdout);
}

static int
run(const struct demo *d, const struct options *given, bool made)
{
	struct options o = *given;
	char *version = NULL;
	struct err e = ERR_EMPTY;
	int status;

	o.dir = d->project;
	o.config = d->config;
	o.args = (struct strlist)STRLIST_EMPTY;
	if (d->alone) {
		if (next_version(d, made, &version, &e) != ERR_OK)
			return report_error(&e, false);
		o.yes = true;
		o.confirm = version;
		o.plain = true;
		strlist_add(&o.args, version);
		env_set("PYPI_TEST_API_TOKEN", secret_text(index_server_token(d->test)));
		env_set("PYPI_API_TOKEN", secret_text(index_server_token(d->production)));
	}
	status = run_release(&o, WIZARD_RELEASE);
	strlist_fini(&o.args);
	free(version);
	return status;
}

int
cmd_demo(const struct options *o)
{
	struct demo d = { .alone = o->yes || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) };
	struct loop *l = NULL;
	struct err e = ERR_EMPTY;
	char *here = fs_real(o->dir != NULL ? o->dir : ".");
	int status = EXIT_FAILED;
	bool made = false;

	if (o->args.count > 0)
		d.dir = fs_join(here != NULL ? here : ".", o->args.items[0]);
	else
		d.dir = fs_join(here != NULL ? here : ".", "slipway-demo");
	d.project = fs_join(d.dir, "project");
	d.config = fs_join(d.dir, "slipway.toml");
	prepare_offline_build();
	if (loop_new(&l, &e) != ERR_OK || prepare(&d, l, &made, &e) != ERR_OK) {
		status = report_error(&e, false);
	} else {
		loop_free(l);
		l = NULL;
		introduce(&d);
		status = run(&d, o, made);
	}
	loop_free(l);
	demo_fini(&d);
	free(here);
	return status;
}
