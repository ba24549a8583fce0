/* What a pyproject.toml says of paths: which folder of the repository becomes which one of the
 * wheel, and which version files a build writes. */
#include <stdlib.h>
#include <string.h>

#include "compare_priv.h"
#include "slipway/base/mem.h"
#include "slipway/base/toml.h"

/* Version files, by the tool that writes them. */
static const struct {
	const char *path[6]; /* below the root */
	const char *why;
} version_files[] = {
	{ { "tool", "setuptools_scm", "version_file", NULL },
	    "[tool.setuptools_scm] version_file" },
	{ { "tool", "setuptools_scm", "write_to", NULL }, "[tool.setuptools_scm] write_to" },
	{ { "tool", "hatch", "build", "hooks", "vcs", NULL },
	    "[tool.hatch.build.hooks.vcs] version-file" },
	{ { "tool", "hatch", "build", "hooks", "version", NULL },
	    "[tool.hatch.build.hooks.version] path" },
	{ { "tool", "pdm", "version", "write_to", NULL }, "[tool.pdm.version] write_to" },
	{ { "tool", "versioningit", "write", "file", NULL }, "[tool.versioningit.write] file" },
	{ { "tool", "versioneer", "versionfile_source", NULL },
	    "[tool.versioneer] versionfile_source" },
	{ { "tool", "flit_scm", "version_file", NULL }, "[tool.flit_scm] version_file" },
};

/* Without "./" in front and slashes at the end. */
static struct bytes
plain(const char *path)
{
	struct bytes b = bytes_of(path);

	while (b.len >= 2 && b.data[0] == '.' && b.data[1] == '/') {
		b.data += 2;
		b.len -= 2;
	}
	while (b.len > 0 && b.data[b.len - 1] == '/')
		b.len--;
	if (b.len == 1 && b.data[0] == '.')
		b.len = 0;
	return b;
}

static char *
folder(const char *path)
{
	struct bytes b = plain(path);

	return b.len == 0 ? mem_strdup("")
			  : mem_printf("%.*s/", (int)b.len, b.data);
}

static void
add_map(struct compare_project *p, const char *to, const char *from)
{
	p->maps = mem_grow(p->maps, &p->map_cap, p->map_count + 1, sizeof p->maps[0]);
	p->maps[p->map_count++] =
	    (struct compare_map) { .to = folder(to), .from = folder(from) };
}

static void
add_version_files(const struct toml_node *root, struct compare_project *p)
{
	for (size_t i = 0; i < ARRAY_LEN(version_files); i++) {
		const struct toml_node *n = toml_find(root, version_files[i].path);
		const char *text = NULL;
		struct bytes path;

		if (n != NULL && n->kind == TOML_STRING)
			text = n->text;
		else if (n != NULL && (text = toml_text(n, "version-file")) == NULL)
			text = toml_text(n, "path");
		if (text == NULL)
			continue;
		path = plain(text);
		strlist_addf(&p->generated, "%.*s", (int)path.len, path.data);
		strlist_add(&p->why, version_files[i].why);
	}
}

/* { "" = "lib", "a.b" = "src/b" } */
static void
add_package_dirs(const struct toml_node *table, struct compare_project *p)
{
	for (const struct toml_node *n = toml_first(table); n != NULL; n = n->next) {
		char *to;

		if (n->kind != TOML_STRING || n->key == NULL)
			continue;
		to = mem_strdup(n->key);
		for (char *c = to; *c != '\0'; c++)
			if (*c == '.')
				*c = '/';
		add_map(p, to, n->text);
		free(to);
	}
}

static void
add_each(const struct toml_node *list, struct compare_project *p)
{
	for (const struct toml_node *n = toml_first(list); n != NULL; n = n->next)
		if (n->kind == TOML_STRING)
			add_map(p, "", n->text);
}

/* hatch: packages = ["lib/demo"] puts lib/demo at demo. */
static void
add_hatch(const struct toml_node *target, struct compare_project *p)
{
	const struct toml_node *sources = toml_get(target, "sources");

	for (const struct toml_node *n = toml_first(toml_get(target, "packages")); n != NULL;
	     n = n->next) {
		const char *slash;

		if (n->kind != TOML_STRING)
			continue;
		slash = strrchr(n->text, '/');
		if (slash != NULL)
			add_map(p, slash + 1, n->text);
	}
	if (sources != NULL && sources->kind == TOML_ARRAY)
		add_each(sources, p);
	else if (sources != NULL && sources->kind == TOML_TABLE)
		for (const struct toml_node *n = toml_first(sources); n != NULL; n = n->next)
			if (n->kind == TOML_STRING && n->key != NULL)
				add_map(p, n->text, n->key);
}

static void
add_poetry(const struct toml_node *packages, struct compare_project *p)
{
	for (const struct toml_node *n = toml_first(packages); n != NULL; n = n->next) {
		const char *from = toml_text(n, "from"), *to = toml_text(n, "to");

		if (from != NULL || to != NULL)
			add_map(p, to != NULL ? to : "", from != NULL ? from : "");
	}
}

static void
add_one(const struct toml_node *table, const char *key, struct compare_project *p)
{
	const char *text = toml_text(table, key);

	if (text != NULL)
		add_map(p, "", text);
}

#define TOOL(...) toml_find(root, TOML_PATH("tool", __VA_ARGS__))

void
compare_project_read(struct bytes text, struct compare_project *out)
{
	struct toml_doc *doc = NULL;
	const struct toml_node *root;

	*out = (struct compare_project) { .maps = NULL };
	if (text.len == 0 || toml_parse(text, "pyproject.toml", &doc, NULL) != ERR_OK)
		return;
	root = toml_root(doc);
	add_version_files(root, out);
	add_package_dirs(TOOL("setuptools", "package-dir"), out);
	add_each(TOOL("setuptools", "packages", "find", "where"), out);
	add_hatch(TOOL("hatch", "build", "targets", "wheel"), out);
	add_hatch(TOOL("hatch", "build"), out);
	add_poetry(TOOL("poetry", "packages"), out);
	add_one(TOOL("pdm", "build"), "package-dir", out);
	add_one(TOOL("maturin"), "python-source", out);
	add_one(TOOL("uv", "build-backend"), "module-root", out);
	toml_free(doc);
}

void
compare_project_fini(struct compare_project *p)
{
	for (size_t i = 0; i < p->map_count; i++) {
		free(p->maps[i].to);
		free(p->maps[i].from);
	}
	free(p->maps);
	strlist_fini(&p->generated);
	strlist_fini(&p->why);
	*p = (struct compare_project) { .maps = NULL };
}
