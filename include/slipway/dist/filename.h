/* File names of wheels (PEP 427) and sdists (PEP 625). */
#ifndef SLIPWAY_DIST_FILENAME_H
#define SLIPWAY_DIST_FILENAME_H

#include <stdbool.h>

#include "slipway/base/err.h"
#include "slipway/base/strlist.h"

enum dist_kind { DIST_WHEEL, DIST_SDIST, DIST_KIND_COUNT };

/* All texts as spelled in the file name; the wheel's ones are NULL for an sdist. */
struct dist_name {
	enum dist_kind kind;
	char *file; /* the name without its folder */
	char *stem; /* {name}-{version} as spelled: folder of .dist-info, top folder of an sdist */
	char *name;
	char *version;
	char *build;  /* "1" or "1local"; NULL when there is none */
	char *python; /* compressed sets, as in py2.py3 */
	char *abi;
	char *platform;
};

#define DIST_NAME_EMPTY                                                                            \
	{                                                                                          \
		.file = NULL                                                                       \
	}

/* PATH may have folders before the name. ERR_INVALID says which rule was broken; ERR_UNSUPPORTED an
 * ending that no index takes (.zip, .egg). The caller owns *OUT: dist_name_fini(). */
enum err_code dist_name_parse(const char *path, struct dist_name *out, struct err *e);
void dist_name_fini(struct dist_name *n); /* empty is fine; empty afterwards */

/* Of PATHS the sdist of the same project and version as the wheel at WHEEL; NULL when there is
 * none, and for what is no wheel. Borrowed from PATHS. */
const char *dist_name_sdist_of(const char *wheel, const struct strlist *paths);

/* For the upload form: "bdist_wheel" or "sdist"; the python tag or "source". Borrowed. */
const char *dist_name_filetype(const struct dist_name *n);
const char *dist_name_pyversion(const struct dist_name *n);

/* PEP 503: lower case, runs of - _ . as one "-"; with '_' as SEP the form of file names. The caller
 * owns it. */
char *dist_normalise(const char *name, char sep) MUST_USE;

#endif
