/* File names of wheels and sdists. Versions are texts here: what they mean is not this layer's
 * business. */
#include "slipway/dist/filename.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/base/str.h"

#define SHOWN 256

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Every byte is a letter, a digit or one of MORE, and there is one. */
static bool
consists_of(const char *text, const char *more)
{
	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++)
		if (!is_alnum(*text) && strchr(more, *text) == NULL)
			return false;
	return true;
}

static bool
is_tag_set(const char *text)
{
	return consists_of(text, "_.") && text[0] != '.' && !text_ends(text, ".") &&
	       strstr(text, "..") == NULL;
}

/* Letters and digits at both ends, - _ . between them (core metadata, Name). */
static bool
is_project_name(const char *text)
{
	return consists_of(text, "-_.") && is_alnum(text[0]) && is_alnum(text[strlen(text) - 1]);
}

static bool
is_version_text(const char *text)
{
	return consists_of(text, "._+!") && (is_digit(text[0]) || text[0] == 'v');
}

/* Cuts TEXT at each '-' into at most MAX parts; returns how many there would be. */
static size_t
split(char *text, char **part, size_t max)
{
	size_t count = 0;

	for (;;) {
		if (count < max)
			part[count] = text;
		count++;
		text = strchr(text, '-');
		if (text == NULL)
			return count;
		*text++ = '\0';
	}
}

static enum err_code
parse_wheel(const char *stem, const char *shown, struct dist_name *n, struct err *e)
{
	char *text = mem_strdup(stem);
	char *part[6];
	size_t count = split(text, part, ARRAY_LEN(part));
	size_t tags = count == 6 ? 3 : 2;
	enum err_code rc = ERR_OK;

	if (count < 5 || count > 6) {
		rc = err_set(e, ERR_INVALID,
		    "%s: a wheel's name has 5 or 6 parts with - between them, not %zu", shown,
		    count);
		goto out;
	}
	if (!consists_of(part[0], "_.") || strstr(part[0], "__") != NULL)
		rc = err_set(
		    e, ERR_INVALID, "%s: the project name must be letters, digits, _ and .", shown);
	else if (!is_version_text(part[1]))
		rc = err_set(e, ERR_INVALID, "%s: the second part is not a version", shown);
	else if (count == 6 && (!is_digit(part[2][0]) || !consists_of(part[2], "_.")))
		rc = err_set(e, ERR_INVALID, "%s: a build number must begin with a digit", shown);
	for (size_t i = tags; rc == ERR_OK && i < tags + 3; i++)
		if (!is_tag_set(part[i]))
			rc = err_set(
			    e, ERR_INVALID, "%s: the compatibility tags are malformed", shown);
	if (rc != ERR_OK)
		goto out;
	n->name = mem_strdup(part[0]);
	n->version = mem_strdup(part[1]);
	n->build = count == 6 ? mem_strdup(part[2]) : NULL;
	n->python = mem_strdup(part[tags]);
	n->abi = mem_strdup(part[tags + 1]);
	n->platform = mem_strdup(part[tags + 2]);
	n->stem = mem_printf("%s-%s", n->name, n->version);
out:
	free(text);
	return rc;
}

static enum err_code
parse_sdist(const char *stem, const char *shown, struct dist_name *n, struct err *e)
{
	const char *dash = strrchr(stem, '-');
	char *name = NULL;
	enum err_code rc = ERR_OK;

	if (dash == NULL) {
		rc = err_set(
		    e, ERR_INVALID, "%s: an sdist's name is {name}-{version}.tar.gz", shown);
		goto out;
	}
	name = mem_strndup(stem, (size_t)(dash - stem));
	if (!is_project_name(name))
		rc = err_set(e, ERR_INVALID,
		    "%s: the project name must be letters, digits, - _ and .", shown);
	else if (!is_version_text(dash + 1))
		rc = err_set(e, ERR_INVALID, "%s: what follows the last - is not a version", shown);
	if (rc != ERR_OK)
		goto out;
	n->version = mem_strdup(dash + 1);
	n->stem = mem_strdup(stem);
	n->name = name;
	name = NULL;
out:
	free(name);
	return rc;
}

enum err_code
dist_name_parse(const char *path, struct dist_name *out, struct err *e)
{
	const char *slash = strrchr(path, '/');
	const char *file = slash != NULL ? slash + 1 : path;
	struct dist_name n = DIST_NAME_EMPTY;
	char *stem = NULL;
	char shown[SHOWN];
	enum err_code rc;

	sanitise_line(file, strlen(file), shown, sizeof shown);
	if (text_ends(file, ".whl")) {
		n.kind = DIST_WHEEL;
		stem = mem_strndup(file, strlen(file) - strlen(".whl"));
		rc = parse_wheel(stem, shown, &n, e);
	} else if (text_ends(file, ".tar.gz")) {
		n.kind = DIST_SDIST;
		stem = mem_strndup(file, strlen(file) - strlen(".tar.gz"));
		rc = parse_sdist(stem, shown, &n, e);
	} else {
		err_set(
		    e, ERR_UNSUPPORTED, "%s: neither a wheel (.whl) nor an sdist (.tar.gz)", shown);
		rc = ERR_UNSUPPORTED;
		err_hint(e, "build both with: python -m build");
	}
	if (rc != ERR_OK)
		goto out;
	n.file = mem_strdup(file);
	*out = n;
	n = (struct dist_name)DIST_NAME_EMPTY;
out:
	free(stem);
	dist_name_fini(&n);
	return rc;
}

void
dist_name_fini(struct dist_name *n)
{
	free(n->file);
	free(n->stem);
	free(n->name);
	free(n->version);
	free(n->build);
	free(n->python);
	free(n->abi);
	free(n->platform);
	*n = (struct dist_name)DIST_NAME_EMPTY;
}

static bool
is_same_release(const struct dist_name *a, const struct dist_name *b)
{
	char *x = dist_normalise(a->name, '_'), *y = dist_normalise(b->name, '_');
	bool same = strcmp(x, y) == 0 && strcmp(a->version, b->version) == 0;

	free(x);
	free(y);
	return same;
}

const char *
dist_name_sdist_of(const char *wheel, const struct strlist *paths)
{
	struct dist_name own = DIST_NAME_EMPTY;
	const char *found = NULL;

	if (dist_name_parse(wheel, &own, NULL) != ERR_OK)
		return NULL;
	for (size_t i = 0; own.kind == DIST_WHEEL && i < paths->count && found == NULL; i++) {
		struct dist_name other = DIST_NAME_EMPTY;

		if (dist_name_parse(paths->items[i], &other, NULL) == ERR_OK &&
		    other.kind == DIST_SDIST && is_same_release(&own, &other))
			found = paths->items[i];
		dist_name_fini(&other);
	}
	dist_name_fini(&own);
	return found;
}

const char *
dist_name_filetype(const struct dist_name *n)
{
	return n->kind == DIST_WHEEL ? "bdist_wheel" : "sdist";
}

const char *
dist_name_pyversion(const struct dist_name *n)
{
	return n->kind == DIST_WHEEL ? n->python : "source";
}

char *
dist_normalise(const char *name, char sep)
{
	struct str out = STR_EMPTY;

	for (; *name != '\0'; name++) {
		bool is_sep = strchr("-_.", *name) != NULL;

		if (!is_sep)
			str_putc(&out, (char)tolower((unsigned char)*name));
		else if (out.len == 0 || out.data[out.len - 1] != sep)
			str_putc(&out, sep);
	}
	return str_take(&out);
}
