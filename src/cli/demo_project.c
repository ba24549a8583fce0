/* Makes the demo's repository with the user's git, as a maintainer would have. */
#include "demo_project.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/os/clock.h"
#include "slipway/os/env.h"
#include "slipway/os/fs.h"
#include "slipway/os/loop.h"
#include "slipway/os/process.h"

struct file {
	const char *path, *text;
};

static const struct file first_files[] = {
	{ ".gitignore", "dist/\nbuild/\n*.egg-info/\n__pycache__/\n.env\n" },
	{ "README.md", "# llmhub\n\nOne interface to many models, in two packages.\n" },
	{ "packages/runtime/pyproject.toml",
	    "[build-system]\n"
	    "requires = [\"setuptools>=61\"]\n"
	    "build-backend = \"setuptools.build_meta\"\n"
	    "\n"
	    "[project]\n"
	    "name = \"rethink-llmhub-runtime\"\n"
	    "version = \"1.0.3\"  # in step with rethink-llmhub\n"
	    "description = \"What rethink-llmhub runs on\"\n"
	    "readme = \"README.md\"\n"
	    "requires-python = \">=3.9\"\n"
	    "license = {text = \"MIT\"}\n"
	    "keywords = [\"llm\"]\n"
	    "authors = [{name = \"The llmhub developers\", email = \"llmhub@example.org\"}]\n"
	    "classifiers = [\n"
	    "    \"Development Status :: 5 - Production/Stable\",\n"
	    "    \"Programming Language :: Python :: 3.9\",\n"
	    "]\n"
	    "\n"
	    "[project.urls]\n"
	    "Source = \"https://example.org/llmhub\"\n"
	    "\n"
	    "[tool.setuptools.packages.find]\n"
	    "where = [\"src\"]\n" },
	{ "packages/runtime/README.md",
	    "# rethink-llmhub-runtime\n\nStreams tokens from any provider. It is installed by "
	    "rethink-llmhub and has no command line of its own.\n" },
	{ "packages/runtime/CHANGELOG.md",
	    "# Changelog\n\n## [Unreleased]\n\n## [1.0.3] - 2026-02-20\n\n"
	    "### Fixed\n\n- Time-outs\n" },
	{ "packages/runtime/src/llmhub_runtime/__init__.py",
	    "\"\"\"What rethink-llmhub runs on.\"\"\"\n"
	    "\n"
	    "from importlib.metadata import version\n"
	    "\n"
	    "__version__ = version(\"rethink-llmhub-runtime\")\n"
	    "\n"
	    "\n"
	    "def stream(text):\n"
	    "    \"\"\"Yields TEXT token by token.\"\"\"\n"
	    "    yield from text.split()\n" },
	{ "packages/cli/pyproject.toml",
	    "[build-system]\n"
	    "requires = [\"setuptools>=61\"]\n"
	    "build-backend = \"setuptools.build_meta\"\n"
	    "\n"
	    "[project]\n"
	    "name = \"rethink-llmhub\"\n"
	    "version = \"1.0.3\"\n"
	    "description = \"One command line for many models\"\n"
	    "readme = \"README.md\"\n"
	    "requires-python = \">=3.9\"\n"
	    "license = {text = \"MIT\"}\n"
	    "dependencies = [\n"
	    "    \"rethink-llmhub-runtime>=1.0.3\",   # keep in step\n"
	    "]\n"
	    "\n"
	    "keywords = [\"llm\"]\n"
	    "authors = [{name = \"The llmhub developers\", email = \"llmhub@example.org\"}]\n"
	    "classifiers = [\n"
	    "    \"Development Status :: 5 - Production/Stable\",\n"
	    "    \"Programming Language :: Python :: 3.9\",\n"
	    "]\n"
	    "\n"
	    "[project.urls]\n"
	    "Source = \"https://example.org/llmhub\"\n"
	    "\n"
	    "[project.scripts]\n"
	    "llmhub = \"llmhub.cli:main\"\n"
	    "\n"
	    "[tool.setuptools.packages.find]\n"
	    "where = [\"src\"]\n" },
	{ "packages/cli/README.md",
	    "# rethink-llmhub\n\nOne command line for many models. Say llmhub and what you want "
	    "to know; llmhub --help tells the rest.\n" },
	{ "packages/cli/CHANGELOG.md",
	    "# Changelog\n\n## [Unreleased]\n\n### Changed\n\n- A prompt may have several words\n\n"
	    "## [1.0.3] - 2026-02-20\n\n### Fixed\n\n- Exit status\n" },
	{ "packages/cli/src/llmhub/__init__.py",
	    "\"\"\"One command line for many models.\"\"\"\n" },
	{ "packages/cli/src/llmhub/cli.py",
	    "\"\"\"The command line.\"\"\"\n"
	    "\n"
	    "import argparse\n"
	    "from importlib.metadata import version\n"
	    "\n"
	    "from llmhub_runtime import stream\n"
	    "\n"
	    "\n"
	    "def main():\n"
	    "    parser = argparse.ArgumentParser(prog=\"llmhub\")\n"
	    "    parser.add_argument(\"--version\", action=\"version\", "
	    "version=version(\"rethink-llmhub\"))\n"
	    "    parser.add_argument(\"prompt\", nargs=\"*\")\n"
	    "    for token in stream(\" \".join(parser.parse_args().prompt)):\n"
	    "        print(token)\n" },
};

/* What came since 1.0.3: each writes one file and is a commit of its own. */
static const struct {
	const char *path, *text, *message, *date;
} history[] = {
	{ "packages/runtime/src/llmhub_runtime/retry.py",
	    "\"\"\"Trying again.\"\"\"\n\n\ndef retry(call, tries=3):\n    \"\"\"Calls until it "
	    "works.\"\"\"\n"
	    "    for left in range(tries - 1, -1, -1):\n        try:\n            return call()\n"
	    "        except OSError:\n            if left == 0:\n                raise\n",
	    "fix(runtime): retry on 429 (#112)", "2026-02-23T09:12:00+0000" },
	{ "packages/cli/src/llmhub/catalog.py",
	    "\"\"\"Catalog of models.\"\"\"\n\nMODELS = {\"small\": {\"fast\"}, \"large\": "
	    "{\"accurate\"}}\n\n\n"
	    "def by_tag(tag):\n    \"\"\"Names of the models with TAG.\"\"\"\n"
	    "    return sorted(name for name, tags in MODELS.items() if tag in tags)\n",
	    "feat(cli): catalog search by tag", "2026-02-25T15:40:00+0000" },
	{ "docs/migration.md", "# Migration\n\nNothing to do.\n", "docs: migration guide",
	    "2026-02-26T08:05:00+0000" },
	{ "packages/runtime/src/llmhub_runtime/providers.py",
	    "\"\"\"Providers.\"\"\"\n\nPROVIDERS = (\"local\", \"remote\")\n",
	    "feat(runtime): stream tokens from any provider", "2026-02-27T17:21:00+0000" },
};

/* -- running git -- */

struct running {
	struct loop *loop;
	bool ended, ok;
	struct str text;
};

static void
on_result(void *arg, const struct process_result *result)
{
	struct running *r = arg;

	r->ended = true;
	r->ok = process_end_ok(&result->end);
	str_append(&r->text, result->err.data, result->err.len);
	loop_stop(r->loop);
}

/* Nothing else is on the loop yet, so running it here waits for git alone. */
static enum err_code
run(struct loop *l, const char *cwd, const char *date, const char *const *argv, struct err *e)
{
	struct running r = { .loop = l };
	struct strlist env = STRLIST_EMPTY;
	struct process_opts opts = { .argv = argv, .cwd = cwd, .timeout_ms = 60000 };
	struct process *process;
	enum err_code rc;

	env_child(NULL, &env);
	env_put(&env, "GIT_AUTHOR_DATE", date);
	env_put(&env, "GIT_COMMITTER_DATE", date);
	opts.env = (const char *const *)env.items;
	rc = process_capture(l, &opts, 65536, on_result, &r, &process, e);
	while (rc == ERR_OK && !r.ended)
		loop_run(l);
	if (rc == ERR_OK && !r.ok)
		rc = err_set(e, ERR_FAILED, "git %s failed: %s", argv[1], str_text(&r.text));
	str_fini(&r.text);
	strlist_fini(&env);
	return rc;
}

static enum err_code
write_file(const char *root, const char *path, const char *text, struct err *e)
{
	char *full = fs_join(root, path), *parent = fs_dir(full);
	enum err_code rc = fs_mkdirs(parent, 0777, e);

	if (rc == ERR_OK)
		rc = fs_write(full, text, strlen(text), 0644, e);
	free(parent);
	free(full);
	return rc;
}

static enum err_code
commit(struct loop *l, const char *root, const char *message, const char *date, struct err *e)
{
	const char *const add[] = { "git", "add", "-A", NULL };
	const char *const make[] = { "git", "commit", "-q", "-m", message, NULL };
	enum err_code rc = run(l, root, date, add, e);

	return rc == ERR_OK ? run(l, root, date, make, e) : rc;
}

static enum err_code
make_history(struct loop *l, const char *root, struct err *e)
{
	static const char *const tag[] = { "git", "tag", "-a", "v1.0.3", "-m",
		"Release version 1.0.3", NULL };
	static const char then[] = "2026-02-20T10:00:00+0000";
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < ARRAY_LEN(first_files) && rc == ERR_OK; i++)
		rc = write_file(root, first_files[i].path, first_files[i].text, e);
	if (rc == ERR_OK)
		rc = commit(l, root, "Release version 1.0.3", then, e);
	if (rc == ERR_OK)
		rc = run(l, root, then, tag, e);
	for (size_t i = 0; i < ARRAY_LEN(history) && rc == ERR_OK; i++) {
		rc = write_file(root, history[i].path, history[i].text, e);
		if (rc == ERR_OK)
			rc = commit(l, root, history[i].message, history[i].date, e);
	}
	return rc;
}

static enum err_code
make_new(struct loop *l, const char *dir, const char *root, struct err *e)
{
	char *bare = fs_join(dir, "remote.git");
	const char *const commands[][8] = {
		{ "git", "init", "-q", "--bare", "-b", "main", bare, NULL },
		{ "git", "init", "-q", "-b", "main", root, NULL },
		{ "git", "-C", root, "config", "user.name", "A. Maintainer", NULL },
		{ "git", "-C", root, "config", "user.email", "am@example.org", NULL },
		{ "git", "-C", root, "config", "commit.gpgsign", "false", NULL },
		{ "git", "-C", root, "config", "tag.gpgsign", "false", NULL },
		{ "git", "-C", root, "remote", "add", "origin", bare, NULL },
	};
	static const char *const push[] = { "git", "push", "-q", "-u", "origin", "main",
		"--follow-tags", NULL };
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < ARRAY_LEN(commands) && rc == ERR_OK; i++)
		rc = run(l, dir, NULL, commands[i], e);
	if (rc == ERR_OK)
		rc = make_history(l, root, e);
	if (rc == ERR_OK)
		rc = run(l, root, NULL, push, e);
	free(bare);
	return rc;
}

static enum err_code
add_fix(struct loop *l, const char *root, struct err *e)
{
	static const char *const push[] = { "git", "push", "-q", NULL };
	char when[32], *text;
	enum err_code rc;

	clock_iso(clock_now(), when, sizeof when);
	text = mem_printf(
	    "\"\"\"When the catalog was last looked through.\"\"\"\n\nCHECKED = \"%s\"\n", when);
	rc = write_file(root, "packages/cli/src/llmhub/checked.py", text, e);
	if (rc == ERR_OK)
		rc = commit(l, root, "fix(cli): look through the catalog", NULL, e);
	if (rc == ERR_OK)
		rc = run(l, root, NULL, push, e);
	free(text);
	return rc;
}

enum err_code
demo_project_make(struct loop *l, const char *dir, bool *made, struct err *e)
{
	char *root = fs_join(dir, "project"), *git = fs_join(root, ".git");
	enum err_code rc = ERR_OK;

	*made = !fs_exists(git);
	if (*made)
		rc = make_new(l, dir, root, e);
	else
		rc = add_fix(l, root, e);
	free(git);
	free(root);
	return rc;
}
