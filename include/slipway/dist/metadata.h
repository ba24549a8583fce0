/* METADATA and PKG-INFO: headers read as Python's email parser reads them, the table of fields, and
 * what of it goes into an upload form. */
#ifndef SLIPWAY_DIST_METADATA_H
#define SLIPWAY_DIST_METADATA_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/err.h"
#include "slipway/base/str.h"

struct archive;
struct dist_name;

enum metadata_key {
	METADATA_VERSION_, /* Metadata-Version */
	METADATA_NAME,
	METADATA_VERSION,
	METADATA_DYNAMIC,
	METADATA_PLATFORM,
	METADATA_SUPPORTED_PLATFORM,
	METADATA_SUMMARY,
	METADATA_DESCRIPTION,
	METADATA_DESCRIPTION_CONTENT_TYPE,
	METADATA_KEYWORDS,
	METADATA_HOME_PAGE,
	METADATA_DOWNLOAD_URL,
	METADATA_AUTHOR,
	METADATA_AUTHOR_EMAIL,
	METADATA_MAINTAINER,
	METADATA_MAINTAINER_EMAIL,
	METADATA_LICENSE,
	METADATA_LICENSE_EXPRESSION,
	METADATA_LICENSE_FILE,
	METADATA_CLASSIFIER,
	METADATA_REQUIRES_DIST,
	METADATA_REQUIRES_PYTHON,
	METADATA_REQUIRES_EXTERNAL,
	METADATA_PROJECT_URL,
	METADATA_PROVIDES_EXTRA,
	METADATA_PROVIDES_DIST,
	METADATA_OBSOLETES_DIST,
	METADATA_REQUIRES,
	METADATA_PROVIDES,
	METADATA_OBSOLETES,
	METADATA_IMPORT_NAME,
	METADATA_IMPORT_NAMESPACE,
	METADATA_KEY_COUNT /* also: a field that is not in the table */
};

struct metadata_key_info {
	const char *header;	/* "Project-URL" */
	const char *form;	/* field of the upload form: "project_urls" */
	const char *since;	/* Metadata-Version that introduced it */
	bool multiple;		/* may be given more than once */
	const char *deprecated; /* what replaces it, NULL when nothing does */
};

const struct metadata_key_info *metadata_key_info(enum metadata_key key);
/* By header name, any case; METADATA_KEY_COUNT when there is none. */
enum metadata_key metadata_key_find(struct bytes header);

struct metadata_field {
	enum metadata_key key;
	struct bytes name;  /* as spelled */
	struct bytes value; /* closed by a NUL; folded lines are kept as they are */
	size_t line;	    /* from 1 */
};

/* What the parser had to pass over. */
enum metadata_defect {
	METADATA_HAS_BOM = 1, /* readers that do not skip it see no header at all */
	METADATA_BAD_UTF8 = 2,
	METADATA_HAS_NUL = 4,
	METADATA_BAD_LINE =
	    8, /* neither header nor continuation: readers take it as the description */
	METADATA_LONE_CR = 16, /* a CR ends a line for Python, not for others */
};

struct metadata {
	struct str text; /* all of it; values point into VALUES */
	struct str values;
	struct metadata_field *fields; /* in the order of the file */
	size_t count, cap;
	struct bytes body; /* behind the first blank line, as is; closed by a NUL */
	size_t body_line;  /* where it begins */
	unsigned defects;  /* enum metadata_defect */
	size_t bad_line;   /* of the first METADATA_BAD_LINE */
};

#define METADATA_EMPTY                                                                             \
	{                                                                                          \
		.fields = NULL                                                                     \
	}
#define METADATA_MAX_BYTES ((size_t)16 * 1024 * 1024)

/* Never fails: what is odd is in the defects. The caller owns *OUT: metadata_fini(). */
void metadata_parse(const char *text, size_t len, struct metadata *out);
void metadata_fini(struct metadata *m); /* empty is fine; empty afterwards */

/* The first value, a C string; NULL when the field is not there or empty. Borrowed. */
const char *metadata_get(const struct metadata *m, enum metadata_key key);
/* The next value of KEY from field *AT (0 to begin), which moves on; NULL behind the last one. */
const char *metadata_next(const struct metadata *m, enum metadata_key key, size_t *at);
/* The Description field (its folding undone) or the body; the caller owns it, NULL when there is
 * none. */
char *metadata_description(const struct metadata *m) MUST_USE;

/* One field of an upload form. */
typedef void (*metadata_form_fn)(void *arg, const char *field, const char *value);
/* Everything for the form, in the order of the file: metadata_version, name, version, ...,
 * description. As twine does it leaves out empty values, fields that are not in the table, and
 * License-File below 2.4. */
void metadata_each_form_field(const struct metadata *m, metadata_form_fn fn, void *arg);

/* Of the wheel or sdist at PATH: METADATA in {name}-{version}.dist-info as its file name spells it,
 * or PKG-INFO in the one top folder, read by a child of PROGRAM (dist/reader.h) that has
 * WALL_MS for it (0: as usual). ERR_NOT_FOUND when it is not there, ERR_CANCELLED (CANCELLED may be
 * NULL); others as archive_open(). Blocks. */
enum err_code dist_metadata_from_file(const char *program, const char *path, uint64_t wall_ms,
    const atomic_bool *cancelled, struct metadata *out, struct err *e);
/* Index of that member in an archive already open, FINDING_NO_MEMBER when there is none. */
size_t dist_metadata_member(const struct archive *a, const struct dist_name *name);

#endif
