/* The commands of the smoke test. pip is told to forget every configuration, cache and credential.
 */
#include "smoke.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/dist/metadata.h"
#include "slipway/os/env.h"
#include "slipway/os/fs.h"
#include "slipway/project/name.h"
#include "slipway/project/requirement.h"

#define READ_MS 5000
#define SPECS_OWN 6 /* besides the user's lines */
#define INSTALL_TIMEOUT_MS (15 * 60 * 1000)

/* Runs in the new environment: imports what the distributions installed, then tries their console
 * scripts with --version and, where that is no option, with --help. */
static const char probe_script[] =
    "import importlib, importlib.metadata as m, os, subprocess, sys\n"
    "bad = 0\n"
    "for spec in sys.argv[1:]:\n"
    "    name, _, version = spec.partition('==')\n"
    "    dist = m.distribution(name)\n"
    "    print(f'{dist.metadata[\"Name\"]} {dist.version}')\n"
    "    if dist.version != version:\n"
    "        print(f'  expected {version}'); bad += 1\n"
    "    tops = set()\n"
    "    for f in dist.files or []:\n"
    "        p = f.parts\n"
    "        if p[0].endswith(('.dist-info', '.data')) or p[0] in ('..', '__pycache__'): continue\n"
    "        if len(p) > 1 and p[1].endswith(('.py', '.so')) or len(p) > 1 and '.' not in p[0]: "
    "tops.add(p[0])\n"
    "        elif len(p) == 1 and p[0].endswith('.py'): tops.add(p[0][:-3])\n"
    "        elif len(p) == 1 and p[0].endswith('.so'): tops.add(p[0].split('.')[0])\n"
    "    for top in sorted(t for t in tops if t.isidentifier()):\n"
    "        try:\n"
    "            importlib.import_module(top); print(f'  import {top}: ok')\n"
    "        except BaseException as x:\n"
    "            print(f'  import {top}: {type(x).__name__}: {x}'); bad += 1\n"
    "    for e in dist.entry_points:\n"
    "        if e.group != 'console_scripts': continue\n"
    "        exe = os.path.join(os.path.dirname(sys.executable), e.name)\n"
    "        for flag in ('--version', '--help'):\n"
    "            try:\n"
    "                r = subprocess.run([exe, flag], stdin=subprocess.DEVNULL, "
    "stdout=subprocess.PIPE, "
    "stderr=subprocess.STDOUT, timeout=60)\n"
    "                out = r.stdout.decode('utf-8', 'replace').strip(); code = r.returncode\n"
    "            except (OSError, subprocess.TimeoutExpired) as x:\n"
    "                out = str(x); code = 1\n"
    "            print(f'  {e.name} {flag}: {\"ok\" if code == 0 else f\"exit {code}\"}')\n"
    "            if out: print('    ' + out[:2000].replace('\\n', '\\n    '))\n"
    "            if code == 0: break\n"
    "        else: bad += 1\n"
    "sys.exit(1 if bad else 0)\n";

static void
make_env(const char *dir, const struct strlist *hide, struct strlist *env)
{
	char *home = fs_join(dir, "home"), *bin = fs_join(dir, "venv/bin"), *path;
	static const char *const drop[] = { "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV",
		"PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX", "PIP_FIND_LINKS",
		"PIP_REQUIRE_VIRTUALENV", "XDG_CONFIG_HOME", "NETRC" };

	env_child(hide, env);
	for (size_t i = 0; i < ARRAY_LEN(drop); i++)
		env_put(env, drop[i], NULL);
	path = mem_printf(
	    "%s:%s", bin, env_get("PATH") != NULL ? env_get("PATH") : "/usr/bin:/bin");
	env_put(env, "PATH", path);
	env_put(env, "HOME", home);
	env_put(env, "PIP_CONFIG_FILE", "/dev/null");
	env_put(env, "PIP_DISABLE_PIP_VERSION_CHECK", "1");
	env_put(env, "PYTHONDONTWRITEBYTECODE", "1");
	free(path);
	free(bin);
	free(home);
}

static struct job_spec *
add(struct job_spec *specs, size_t *count, const char *title, const char *dir)
{
	struct job_spec *spec = &specs[(*count)++];

	/* An empty directory: nothing of the checkout can be imported by accident. */
	*spec = (struct job_spec) {
		.title = title, .cwd = fs_join(dir, "empty"), .timeout_ms = INSTALL_TIMEOUT_MS
	};
	return spec;
}

static void
add_pip(struct job_spec *spec, const char *dir, const char *verb)
{
	static const char *const usual[] = { "-I", "-m", "pip", "--isolated", "--no-input", NULL };

	strlist_take(&spec->argv, fs_join(dir, "venv/bin/python"));
	strlist_add_all(&spec->argv, usual);
	strlist_add(&spec->argv, verb);
}

static void
add_venv(const struct smoke_opts *opts, struct job_spec *specs, size_t *count)
{
	struct job_spec *spec = add(specs, count, "environment", opts->dir);

	strlist_add(&spec->argv, opts->python);
	strlist_add(&spec->argv, "-m");
	strlist_add(&spec->argv, "venv");
	strlist_take(&spec->argv, fs_join(opts->dir, "venv"));
}

static void
add_trial(const struct smoke_opts *opts, struct job_spec *specs, size_t *count)
{
	struct job_spec *spec = add(specs, count, "pip check", opts->dir);

	add_pip(spec, opts->dir, "check");
	spec = add(specs, count, "imports and scripts", opts->dir);
	strlist_take(&spec->argv, fs_join(opts->dir, "venv/bin/python"));
	strlist_add(&spec->argv, "-I");
	strlist_add(&spec->argv, "-c");
	strlist_add(&spec->argv, probe_script);
	strlist_copy(&spec->argv, opts->projects);
	for (size_t i = 0; i < opts->lines->count; i++)
		add(specs, count, opts->lines->items[i], opts->dir)->shell = opts->lines->items[i];
}

/* pip install from the index that OPTS names, and from nowhere else. */
static void
add_from_index(const struct smoke_opts *opts, const char *title, const struct strlist *what,
    struct job_spec *specs, size_t *count)
{
	struct job_spec *spec = add(specs, count, title, opts->dir);

	add_pip(spec, opts->dir, "install");
	strlist_add(&spec->argv, "--no-cache-dir");
	strlist_add(&spec->argv, "--index-url");
	strlist_add(&spec->argv, opts->simple);
	strlist_copy(&spec->argv, what);
}

/* Ours come from the folder of the files that were fetched and compared, and from nowhere else. */
static void
add_from_files(const struct smoke_opts *opts, struct job_spec *specs, size_t *count)
{
	static const char *const only[] = { "--no-cache-dir", "--no-index", "--no-deps",
		"--only-binary=:all:", "--find-links", NULL };
	struct job_spec *spec = add(specs, count, "install", opts->dir);

	add_pip(spec, opts->dir, "install");
	strlist_add_all(&spec->argv, only);
	strlist_take(&spec->argv, fs_join(opts->dir, "files"));
	strlist_copy(&spec->argv, opts->projects);
}

static void
make_specs(const struct smoke_opts *opts, bool live, struct strlist *env, struct job_spec **specs,
    size_t *count)
{
	struct job_spec *s = mem_zalloc(SPECS_OWN + opts->lines->count, sizeof *s);
	size_t n = 0;

	make_env(opts->dir, opts->hide, env);
	add_venv(opts, s, &n);
	if (live) {
		add_from_index(opts, "install", opts->projects, s, &n);
	} else {
		if (opts->requires->count > 0)
			add_from_index(opts, "dependencies", opts->requires, s, &n);
		add_from_files(opts, s, &n);
	}
	add_trial(opts, s, &n);
	for (size_t i = 0; i < n; i++)
		s[i].env = env;
	*specs = s;
	*count = n;
}

void
smoke_specs(
    const struct smoke_opts *opts, struct strlist *env, struct job_spec **specs, size_t *count)
{
	make_specs(opts, false, env, specs, count);
}

void
smoke_live_specs(
    const struct smoke_opts *opts, struct strlist *env, struct job_spec **specs, size_t *count)
{
	make_specs(opts, true, env, specs, count);
}

void
smoke_specs_free(struct job_spec *specs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		strlist_fini(&specs[i].argv);
		free(specs[i].cwd);
	}
	free(specs);
}

enum err_code
smoke_prepare(const char *dir, struct err *e)
{
	static const char *const below[] = { "files", "home", "empty" };
	enum err_code rc = fs_remove_tree(dir, e);

	for (size_t i = 0; i < ARRAY_LEN(below) && rc == ERR_OK; i++) {
		char *path = fs_join(dir, below[i]);

		rc = fs_mkdirs(path, 0700, e);
		free(path);
	}
	return rc;
}

static bool
is_ours(const struct strlist *ours, struct bytes name)
{
	for (size_t i = 0; i < ours->count; i++)
		if (name_equal(bytes_of(ours->items[i]), name))
			return true;
	return false;
}

enum err_code
smoke_add_requires(const char *program, const char *wheel, const struct strlist *ours,
    struct strlist *out, struct err *e)
{
	struct metadata m = METADATA_EMPTY;
	const char *text;
	size_t at = 0;
	enum err_code rc = dist_metadata_from_file(program, wheel, READ_MS, NULL, &m, e);

	while (rc == ERR_OK && (text = metadata_next(&m, METADATA_REQUIRES_DIST, &at)) != NULL) {
		struct requirement q = REQUIREMENT_EMPTY;
		struct bytes name;
		char *marker;

		rc = requirement_parse(bytes_of(text), &q, e);
		if (rc != ERR_OK)
			break;
		name = (struct bytes) { text + q.name.at, q.name.len };
		marker = mem_strndup(text + q.marker.at, q.marker.len);
		if (!is_ours(ours, name) && strstr(marker, "extra") == NULL &&
		    !strlist_has(out, text))
			strlist_add(out, text);
		free(marker);
		requirement_fini(&q);
	}
	metadata_fini(&m);
	return rc;
}
