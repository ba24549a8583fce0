/* The packages of a repository: where they are, what they are called, which version they have and
 * which of them need each other. Reads files only. */
#ifndef SLIPWAY_PROJECT_PACKAGES_H
#define SLIPWAY_PROJECT_PACKAGES_H

#include <stdbool.h>
#include <stddef.h>

#include "slipway/base/err.h"
#include "slipway/base/strlist.h"
#include "slipway/project/version.h"

enum authority_kind {
	AUTHORITY_TOML,	  /* [project].version or [tool.poetry].version */
	AUTHORITY_PYTHON, /* a literal in a Python file */
	AUTHORITY_TEXT,	  /* a file that holds the version alone */
	AUTHORITY_SPAN,	  /* some bytes of a file: of setup.cfg, or where a pattern matches */
	AUTHORITY_CARGO,  /* [package].version of Cargo.toml, by maturin */
	AUTHORITY_TAG,	  /* the tag is the version: setuptools-scm, hatch-vcs and the like */
	AUTHORITY_UNKNOWN /* computed, or by means that Slipway does not read; WHY says it */
};

/* The place that decides; every other one is a mirror. */
struct authority {
	enum authority_kind kind;
	char *file; /* relative to the repository; NULL for tags and unknown ones */
	char *name; /* the key path or the Python name */
	char *what; /* for people: "project.version", "__version__ (hatch)" */
	char *text; /* the version as it stands there; NULL when it was not found */
	char *why;  /* what is wrong with it, or how it comes about; NULL */
	size_t at;  /* with AUTHORITY_SPAN: the first byte of TEXT */
	char *env;  /* variables that tell the build its version, with spaces between; {DIST} and
		       {NAME} in them are the package's; NULL */
};

struct package {
	char *name;   /* as written */
	char *normal; /* by PEP 503 */
	char *dir;    /* relative to the repository, "" for its root */
	char *file;   /* its pyproject.toml; setup.py where that is missing */
	bool dynamic; /* the version does not stand in pyproject.toml */
	struct authority authority;
	struct version version; /* empty when the authority gives none */
	size_t *needs;		/* members that must be published before, by index */
	size_t need_count;
};

struct package_ignored {
	char *file;
	char *why;
};

struct packages {
	struct package *items; /* in the order of their paths */
	size_t count;
	size_t cap;
	struct package_ignored *ignored;
	size_t ignored_count;
	size_t ignored_cap;
	size_t *order; /* indexes, those that others need first */
	bool lockstep; /* all known versions are equal by value */
};

#define PACKAGES_EMPTY                                                                             \
	{                                                                                          \
		.items = NULL, .count = 0, .cap = 0                                                \
	}

/* Looks below ROOT for pyproject.toml files that make a package, and for setup.py where that is
 * missing. What a uv workspace does not list or excludes, and folders of fixtures, templates and
 * vendored code are passed over, and *OUT says so; PATHS (NULL: none) names directories that are
 * packages for sure, wherever they lie, and of two files of one name the named one wins.
 * ERR_NOT_FOUND: there is none. ERR_CONFIG: a named one is no package. ERR_INVALID: a file is
 * broken (NAME:LINE:COLUMN), a version is not PEP 440, two files make one name, or members need
 * each other in a circle; the message shows it. The caller owns *OUT: packages_fini(). */
enum err_code packages_find(
    const char *root, const struct strlist *paths, struct packages *out, struct err *e);
void packages_fini(struct packages *p);
/* By any spelling of the name; COUNT when it is not there. */
size_t packages_index(const struct packages *p, const char *name);
/* The package that PATH, relative to the repository, belongs to: the innermost one around it. COUNT
 * when there is none. A folder has a slash at its end. */
size_t packages_owner(const struct packages *p, const char *path);
/* Whether packages lie inside FOLDER, deeper than itself. */
bool packages_below(const struct packages *p, const char *folder);
/* Directories of other packages inside that of package AT: what does not belong to it. */
void packages_nested(const struct packages *p, size_t at, struct strlist *out);

#endif
