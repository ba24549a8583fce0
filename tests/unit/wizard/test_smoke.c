/* The commands of the smoke test: where they install from, and what they know. */
#include "smoke.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "leak_gate.h"
#include "temp.h"

static void
text_of(const struct job_spec *spec, struct str *out)
{
	if (spec->shell != NULL)
		str_puts(out, spec->shell);
	else
		jobs_command_text(&spec->argv, out);
}

struct made {
	struct strlist projects, requires, lines, hide, env;
	struct job_spec *specs;
	size_t count;
};

static struct made
make(bool live, size_t line_count)
{
	struct made m = { .specs = NULL };
	const struct smoke_opts opts = { .python = "/usr/bin/python3",
		.dir = "/d",
		.simple = "https://production.example/simple/",
		.projects = &m.projects,
		.requires = &m.requires,
		.lines = &m.lines,
		.hide = &m.hide };

	strlist_add(&m.projects, "rig-cli==1.0");
	strlist_add(&m.requires, "requests>=2");
	strlist_add(&m.hide, "A_NAME_OF_MY_OWN");
	for (size_t i = 0; i < line_count; i++)
		strlist_addf(&m.lines, "true %zu", i);
	if (live)
		smoke_live_specs(&opts, &m.env, &m.specs, &m.count);
	else
		smoke_specs(&opts, &m.env, &m.specs, &m.count);
	return m;
}

static void
made_fini(struct made *m)
{
	smoke_specs_free(m->specs, m->count);
	strlist_fini(&m->projects);
	strlist_fini(&m->requires);
	strlist_fini(&m->lines);
	strlist_fini(&m->hide);
	strlist_fini(&m->env);
}

Test(smoke, ours_come_from_the_folder_and_the_rest_from_production_alone, .fini = leak_gate)
{
	struct made m = make(false, 0);
	size_t ours = 0, others = 0;

	for (size_t i = 0; i < m.count; i++) {
		struct str text = STR_EMPTY;
		const char *s;

		text_of(&m.specs[i], &text);
		s = str_text(&text);
		cr_expect(strstr(s, "extra-index-url") == NULL, "%s", s);
		if (strstr(s, " install ") != NULL) {
			cr_expect(
			    strstr(s, "--isolated") != NULL && strstr(s, " -I ") != NULL, "%s", s);
			cr_expect(strstr(s, "--no-input") != NULL, "%s", s);
			cr_expect(strstr(s, "--no-cache-dir") != NULL, "%s", s);
		}
		if (strstr(s, "rig-cli==1.0") != NULL && strstr(s, " install ") != NULL) {
			ours++;
			cr_expect(strstr(s, "--no-index") != NULL &&
				      strstr(s, "--no-deps") != NULL &&
				      strstr(s, "--find-links /d/files") != NULL &&
				      strstr(s, "--index-url") == NULL,
			    "%s", s);
		}
		if (strstr(s, "requests>=2") != NULL) {
			others++;
			cr_expect(
			    strstr(s, "--index-url https://production.example/simple/") != NULL,
			    "%s", s);
		}
		str_fini(&text);
	}
	cr_expect_eq(ours, 1);
	cr_expect_eq(others, 1);
	made_fini(&m);
}

Test(smoke, runs_every_line_of_the_user, .fini = leak_gate)
{
	struct made m = make(true, 200);
	size_t lines = 0;

	for (size_t i = 0; i < m.count; i++)
		lines += m.specs[i].shell != NULL;
	cr_expect_eq(lines, 200);
	made_fini(&m);
}

Test(smoke, knows_no_token_and_no_setting, .fini = leak_gate)
{
	static const char *const names[] = { "PYPI_API_TOKEN=", "A_NAME_OF_MY_OWN=",
		"PIP_INDEX_URL=", "PIP_EXTRA_INDEX_URL=", "PYTHONPATH=", "NETRC=" };
	struct made m;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char *name = strdup(names[i]);

		name[strlen(name) - 1] = '\0';
		setenv(name, "something-long-enough", 1);
		free(name);
	}
	m = make(false, 1);
	for (size_t i = 0; i < m.env.count; i++)
		for (size_t k = 0; k < ARRAY_LEN(names); k++)
			cr_expect_neq(
			    strncmp(m.env.items[i], names[k], strlen(names[k])), 0, "%s", names[k]);
	for (size_t i = 0; i < m.count; i++)
		cr_expect_eq(m.specs[i].env, m.specs[0].env, "spec %zu has another environment", i);
	made_fini(&m);
}
