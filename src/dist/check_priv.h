/* What the groups of rules share. */
#ifndef SLIPWAY_DIST_CHECK_PRIV_H
#define SLIPWAY_DIST_CHECK_PRIV_H

#include "slipway/dist/check.h"
#include "slipway/dist/filename.h"
#include "slipway/dist/metadata.h"

/* What is left of the limits for all archives inside of the file. */
struct check_inside {
	_Atomic uint64_t bytes, entries;
};

struct check {
	const struct dist_check_opts *opts;
	struct archive *a;
	struct findings *f;
	struct archive_facts *facts; /* NULL: not wanted */
	struct dist_name name; /* only its kind is set when the file name is malformed */
	struct metadata meta;
	size_t meta_index; /* FINDING_NO_MEMBER when there is none */
	char *root;	   /* sdist: the top folder, without a slash; NULL for none */
	bool pyproject;	   /* sdist: it has one */
	bool purelib;	   /* wheel: Root-Is-Purelib is true */
	bool other_code;   /* wheel: it has more than metadata */
	struct check_inside *inside; /* NULL outside of check_pass() */
	uint64_t given;		     /* bytes that check_pass() looked at */
};

/* True when the bytes end with TAIL. */
bool check_ends(struct bytes b, const char *tail);
bool check_starts(struct bytes b, const char *head);
bool check_holds(struct bytes b, const char *part);
/* The part behind the last slash. */
struct bytes check_base(struct bytes name);
/* Index of a file of this name (printf), FINDING_NO_MEMBER when it is none. */
size_t check_find(const struct check *c, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Reads a small file; false, with a finding, when that fails. */
bool check_read(struct check *c, size_t index, size_t max, struct str *out);
/* The place of line LINE of member INDEX. */
struct finding_place check_at(const struct check *c, size_t index, size_t line);
/* The same version, by the caller's function when there is one. */
bool check_same_version(const struct check *c, const char *a, const char *b);

/* A wheel has a file or folder for the module "a.b". */
bool check_has_module(const struct check *c, struct bytes module);
/* A .py file, or an extension module. */
bool check_is_module(struct bytes name);
/* The name of a wheel's member below site-packages; empty when it goes elsewhere. */
struct bytes check_installed_name(const struct check *c, struct bytes name);

void check_names(struct check *c);
void check_file_name(struct check *c);
void check_platform(struct check *c);
void check_wheel(struct check *c);
void check_contents(struct check *c);
void check_runs(struct check *c);
/* With the sdist of the options. ERR_CANCELLED. */
enum err_code check_pair(struct check *c, struct err *e);
void check_sdist(struct check *c);
void check_metadata(struct check *c);
/* The Metadata-Version is known, and this one or later. */
bool check_metadata_since(const struct check *c, const char *version);
void check_value_more(struct check *c, const struct metadata_field *f);
void check_labels(struct check *c);
void check_import_names(struct check *c);
void check_project(struct check *c);
void check_licenses(struct check *c);
void check_entry_points(struct check *c);
/* Fills in the hashes of all findings: those of the facts, and of the file at PATH. */
void check_hashes(const struct check *c, const char *path, struct findings *f);
/* The pass over all contents: RECORD, what is inside, and facts, for which it needs the PATH.
 * ERR_CANCELLED, ERR_IO. */
enum err_code check_pass(struct check *c, const char *path, struct err *e);

#endif
