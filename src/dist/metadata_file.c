/* Finding the metadata in a wheel or an sdist, and having a child read it. */
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/dist/archive.h"
#include "slipway/dist/filename.h"
#include "slipway/dist/metadata.h"
#include "slipway/dist/reading.h"

/* PKG-INFO as a regular file directly below the first member's top folder. */
static size_t
find_pkg_info(const struct archive *a)
{
	static const char tail[] = "/PKG-INFO";

	for (size_t i = 0; i < archive_count(a); i++) {
		const struct member *m = archive_member(a, i);
		const char *slash = m->name.len > 0 ? memchr(m->name.data, '/', m->name.len) : NULL;
		size_t top = slash != NULL ? (size_t)(slash - m->name.data) : 0;

		if (top > 0 && m->kind == MEMBER_FILE && m->name.len == top + strlen(tail) &&
		    memcmp(slash, tail, strlen(tail)) == 0 && !m->hidden)
			return archive_find(a, m->name.data, m->name.len);
	}
	return FINDING_NO_MEMBER;
}

size_t
dist_metadata_member(const struct archive *a, const struct dist_name *name)
{
	char *path;
	size_t index;

	if (name->kind == DIST_SDIST)
		return find_pkg_info(a);
	path = mem_printf("%s.dist-info/METADATA", name->stem);
	index = archive_find(a, path, strlen(path));
	free(path);
	return index;
}

static bool
take(void *arg, const void *data, size_t len)
{
	str_append(arg, data, len);
	return true;
}

static enum err_code
no_metadata(const struct dist_name *name, struct err *e)
{
	err_set(e, ERR_NOT_FOUND, "%s has no %s%s", name->file,
	    name->kind == DIST_WHEEL ? name->stem : "PKG-INFO in its top folder",
	    name->kind == DIST_WHEEL ? ".dist-info/METADATA" : "");
	return err_hint(e, "build it again; never rename a distribution by hand");
}

enum err_code
dist_metadata_from_file(const char *program, const char *path, uint64_t wall_ms,
    const atomic_bool *cancelled, struct metadata *out, struct err *e)
{
	struct archive_limits limits = archive_default_limits;
	const struct dist_check_opts check = { .limits = &limits };
	const struct reader_opts how = {
		.path = path, .program = program, .check = &check, .no_check = true
	};
	struct dist_name name = DIST_NAME_EMPTY;
	struct reading *r = NULL;
	struct str text = STR_EMPTY;
	size_t index;
	enum err_code rc;

	if (wall_ms > 0)
		limits.wall_ms = wall_ms;
	rc = dist_name_parse(path, &name, e);
	if (rc == ERR_OK)
		rc = reading_open(&how, cancelled, &r, e);
	if (rc != ERR_OK)
		goto out;
	index = dist_metadata_member(reading_archive(r), &name);
	if (index == FINDING_NO_MEMBER) {
		rc = no_metadata(&name, e);
		goto out;
	}
	rc = reading_read(r, index, METADATA_MAX_BYTES, take, &text, e);
	if (rc != ERR_OK) {
		rc = err_wrap(e, "cannot read the metadata of %s", name.file);
		goto out;
	}
	metadata_parse(str_text(&text), text.len, out);
out:
	str_fini(&text);
	reading_close(r);
	dist_name_fini(&name);
	return rc;
}
