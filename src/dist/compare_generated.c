/* Which files a build may write itself, each with its reason. Narrow on purpose: what is not
 * explained here is shown as not in git, or as modified. */
#include <stdlib.h>
#include <string.h>

#include "check_priv.h"
#include "compare_priv.h"
#include "slipway/base/ini.h"
#include "slipway/base/mem.h"

#define VERSION_FILE_MAX 16384

static bool
is_one_of(struct bytes name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (bytes_is(name, names[i]))
			return true;
	return false;
}

/* -- setup.cfg -- */

static bool
same_value(struct bytes a, struct bytes b)
{
	struct bytes x = { NULL, 0 }, y = { NULL, 0 };

	for (;;) {
		bool more = ini_value_line(&a, &x);

		if (ini_value_line(&b, &y) != more)
			return false;
		if (!more)
			return true;
		if (!bytes_equal(x, y))
			return false;
	}
}

static const struct ini_entry *
find(const struct ini *ini, const struct ini_entry *like)
{
	for (size_t i = 0; i < ini->count; i++)
		if (bytes_equal(ini->entries[i].section, like->section) &&
		    bytes_equal(ini->entries[i].key, like->key))
			return &ini->entries[i];
	return NULL;
}

/* What sdist itself puts there: an empty tag_build, and tag_date = 0. */
static bool
is_of_sdist(const struct ini_entry *e)
{
	struct bytes value = bytes_trim(e->value);

	if (!bytes_is(e->section, "egg_info"))
		return false;
	return (bytes_is(e->key, "tag_build") && value.len == 0) ||
	       (bytes_is(e->key, "tag_date") && bytes_is(value, "0"));
}

/* setuptools writes the whole file anew, so that comments and spaces are gone: values are compared.
 */
static bool
is_egg_info_alone(struct bytes now, struct bytes before)
{
	struct ini a = INI_EMPTY, b = INI_EMPTY;
	bool same = ini_parse(now, "setup.cfg", &a, NULL) == ERR_OK &&
		    ini_parse(before, "setup.cfg", &b, NULL) == ERR_OK;
	size_t known = 0;

	for (size_t i = 0; same && i < a.count; i++) {
		const struct ini_entry *old = find(&b, &a.entries[i]);

		if (old != NULL && same_value(a.entries[i].value, old->value))
			known++;
		else
			same = is_of_sdist(&a.entries[i]) && old == NULL;
	}
	same = same && known == b.count && a.count > known;
	ini_fini(&a);
	ini_fini(&b);
	return same;
}

static char *
setup_cfg(const struct compare_about *about)
{
	const struct str *now = &about->t->kept[COMPARE_KEPT_SETUP_CFG];

	if (now->len != about->f->size ||
	    !is_egg_info_alone((struct bytes) { str_text(now), now->len }, about->before))
		return NULL;
	return mem_strdup(about->before.len > 0
		? "setuptools added its [egg_info] block; no other setting differs"
		: "setuptools wrote its [egg_info] block, and nothing else is in it");
}

/* -- files by their place -- */

static char *
of_dist_info(struct bytes name)
{
	static const char *const names[] = { "METADATA", "WHEEL", "RECORD", "RECORD.jws",
		"RECORD.p7s", "entry_points.txt", "top_level.txt", "namespace_packages.txt",
		"zip-safe" };

	if (is_one_of(name, names, ARRAY_LEN(names)))
		return mem_strdup("metadata that the build backend writes into every wheel");
	if (check_starts(name, "sboms/"))
		return mem_strdup("a bill of materials that the build wrote (PEP 770)");
	return NULL;
}

/* name.egg-info/X at the top or one folder down; the part behind it. */
static bool
in_egg_info(struct bytes path, struct bytes *rest)
{
	for (size_t i = 0; i < path.len; i++) {
		struct bytes head = { path.data, i };

		if (path.data[i] == '/' && check_ends(head, ".egg-info")) {
			*rest = (struct bytes) { path.data + i + 1, path.len - i - 1 };
			return rest->len > 0 && memchr(rest->data, '/', rest->len) == NULL;
		}
	}
	return false;
}

static char *
of_sdist(const struct compare_about *about)
{
	struct bytes path = about->f->path, rest;
	const unsigned runs = COMPARE_RUNS | COMPARE_CODE | COMPARE_BUILDS | COMPARE_BINARY;

	if (bytes_is(path, "PKG-INFO"))
		return mem_strdup("metadata that the build backend writes into every sdist");
	if (bytes_is(path, "setup.cfg"))
		return setup_cfg(about);
	/* Code does not become harmless by lying there. */
	if (in_egg_info(path, &rest) &&
	    (compare_notes_of(DIST_SDIST, about->f) & runs) == 0)
		return mem_strdup("metadata of setuptools");
	return NULL;
}

static char *
of_cython(const struct compare_about *about)
{
	static const char *const tails[] = { ".c", ".cpp", ".cxx" };
	static const char *const sources[] = { ".pyx", ".py" };
	char *found = NULL;

	if ((about->f->marks & COMPARE_IS_CYTHON) == 0 || about->source == NULL)
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(tails); i++)
		for (size_t j = 0; j < ARRAY_LEN(sources) && found == NULL; j++) {
			size_t len = strlen(about->source);
			char *source;

			if (!text_ends(about->source, tails[i]))
				continue;
			source = mem_printf("%.*s%s", (int)(len - strlen(tails[i])),
			    about->source, sources[j]);
			if (about->has(about->arg, source))
				found = mem_printf("Cython wrote it from %s", source);
			free(source);
		}
	return found;
}

/* A version file is short and text; anything else under its name is not explained by it. */
static char *
of_version(const struct compare_about *about)
{
	size_t at;

	if (about->source == NULL || about->f->size > VERSION_FILE_MAX ||
	    (about->f->marks & COMPARE_IS_BINARY) != 0)
		return NULL;
	at = strlist_find(&about->project->generated, about->source);
	return at < about->project->generated.count
	    ? mem_printf(
		  "the version file that pyproject.toml names: %s", about->project->why.items[at])
	    : NULL;
}

char *
compare_generated(const struct compare_about *about)
{
	struct bytes path = about->f->path;
	char *why = NULL;

	if (about->f->kind != MEMBER_FILE)
		return NULL;
	if (about->t->kind == DIST_SDIST)
		why = of_sdist(about);
	else if (check_starts(path, ".dist-info/"))
		why = of_dist_info((struct bytes) { path.data + strlen(".dist-info/"),
		    path.len - strlen(".dist-info/") });
	if (why == NULL)
		why = of_version(about);
	return why != NULL ? why : of_cython(about);
}
