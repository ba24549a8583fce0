/* Rules over files that run without being asked: at the start of Python, or when a package is
 * built. */
#include <stdlib.h>
#include <string.h>

#include "check_priv.h"
#include "slipway/base/mem.h"
#include "slipway/base/toml.h"

#define PTH_MAX ((size_t)64 * 1024)
#define PYPROJECT_MAX ((size_t)4 << 20)
#define LINES_TOLD 5

/* site.py runs lines that begin with "import" and a blank, and takes the others as folders. */
static void
check_pth(struct check *c, size_t index)
{
	struct str text = STR_EMPTY;
	struct bytes rest, line;
	size_t number = 0, told = 0;

	if (!check_read(c, index, PTH_MAX, &text))
		goto out;
	rest = (struct bytes) { .data = str_text(&text), .len = text.len };
	while (bytes_line(&rest, &line) && told < LINES_TOLD) {
		number++;
		if (!check_starts(line, "import ") && !check_starts(line, "import\t"))
			continue;
		findings_add(c->f, RULE_RUNS_PTH, check_at(c, index, number),
		    "it runs at every start of Python: %.*s", (int)(line.len < 80 ? line.len : 80),
		    line.data);
		told++;
	}
	if (told == 0)
		findings_add(c->f, RULE_RUNS_PATH, check_at(c, index, 0),
		    "it adds folders to the path of every Python");
out:
	str_fini(&text);
}

static void
check_member(struct check *c, size_t i)
{
	static const char *const starts[] = { "sitecustomize", "usercustomize" };
	struct bytes name = check_installed_name(c, archive_member(c->a, i)->name);

	if (name.len == 0 || archive_member(c->a, i)->kind != MEMBER_FILE)
		return;
	if (check_base(name).len == name.len && check_ends(name, ".pth"))
		check_pth(c, i);
	for (size_t s = 0; s < ARRAY_LEN(starts); s++) {
		size_t len = strlen(starts[s]);

		if (check_starts(name, starts[s]) && name.len > len &&
		    ((name.len == len + 3 && memcmp(name.data + len, ".py", 3) == 0) ||
			(name.len == len + 12 && memcmp(name.data + len, "/__init__.py", 12) == 0)))
			findings_add(c->f, RULE_RUNS_PTH, check_at(c, i, 0),
			    "it runs at every start of Python");
	}
}

/* What the [build-system] table says will run. */
static void
check_build_system(struct check *c, size_t index, const struct toml_node *root)
{
	const struct toml_node *table = toml_get(root, "build-system");
	const struct toml_node *path = toml_get(table, "backend-path");

	if (toml_get(table, "requires") == NULL)
		findings_add(c->f, RULE_SDIST_BUILD_SYSTEM, check_at(c, index, 0),
		    table == NULL ? "it has no [build-system]" : "[build-system] has no requires");
	if (path != NULL)
		findings_add(c->f, RULE_RUNS_BUILD, check_at(c, index, path->line),
		    "the build backend comes out of the sdist (backend-path)");
}

static void
check_pyproject(struct check *c)
{
	size_t index = check_find(c, "%s/pyproject.toml", c->root);
	struct toml_doc *doc = NULL;
	struct str text = STR_EMPTY;
	struct err e = ERR_EMPTY;

	if (index == FINDING_NO_MEMBER || !check_read(c, index, PYPROJECT_MAX, &text))
		goto out;
	if (toml_parse((struct bytes) { .data = str_text(&text), .len = text.len },
		"pyproject.toml", &doc, &e) == ERR_OK)
		check_build_system(c, index, toml_root(doc));
	else
		findings_add(c->f, RULE_SDIST_TOML, check_at(c, index, 0), "%s", e.message);
out:
	toml_free(doc);
	str_fini(&text);
}

void
check_runs(struct check *c)
{
	size_t setup;

	if (c->name.kind == DIST_WHEEL) {
		for (size_t i = 0; i < archive_count(c->a); i++)
			check_member(c, i);
		return;
	}
	if (c->root == NULL)
		return;
	check_pyproject(c);
	setup = check_find(c, "%s/setup.py", c->root);
	if (setup != FINDING_NO_MEMBER)
		findings_add(c->f, RULE_RUNS_BUILD, check_at(c, setup, 0),
		    "it runs when the package is built");
}
