/* What the rehearsal index holds: files on disk with a document beside each, and a list of them in
 * memory. Used by the one thread of the server alone. */
#ifndef SLIPWAY_INDEX_STORE_H
#define SLIPWAY_INDEX_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/digest.h"
#include "slipway/base/err.h"

struct json;
struct store;

struct store_file {
	char *name;    /* of the file */
	char *version; /* as uploaded first */
	char *uploaded;
	char *requires_python; /* NULL when it has none */
	char *yanked_reason;
	char sha256[65], blake2b[65], md5[33];
	uint64_t size;
	bool is_sdist, is_yanked;
};

struct store_project {
	char *name;		   /* normal form */
	char *display;		   /* as uploaded first */
	struct store_file **files; /* in the order of their uploads */
	size_t count, cap;
};

/* Makes DIR when needed, takes its lock (ERR_BUSY), drops half uploads. The caller owns *OUT. */
enum err_code store_open(const char *dir, struct store **out, struct err *e);
void store_close(struct store *s); /* NULL is fine */

/* Borrowed until the next store_add(). NAME in normal form; NULL when there is none. */
const struct store_project *store_project(const struct store *s, const char *name);
const struct store_file *store_find(const struct store_project *p, const char *file_name);
size_t store_count(const struct store *s);
const struct store_project *store_at(const struct store *s, size_t i);
/* How many files were ever added: a serial number for mirrors. */
uint64_t store_serial(const struct store *s);

/* The path of a stored file, owned by the caller. */
char *store_path(const struct store *s, const struct store_project *p, const struct store_file *f);
/* The form fields of its upload, owned by the caller; NULL when they cannot be read. */
struct json *store_fields(
    const struct store *s, const struct store_project *p, const struct store_file *f);

/* A new file to receive an upload; the caller owns *PATH and *FD, and unlinks the path in the end.
 */
enum err_code store_incoming(struct store *s, char **path, int *fd, struct err *e);

enum store_added {
	STORE_ADDED,
	STORE_SAME,	   /* that name with these bytes is there: nothing changed */
	STORE_TAKEN,	   /* that name with other bytes, or these bytes under another name */
	STORE_OTHER_SDIST, /* the version has one under another name */
	STORE_BROKEN,	   /* it could not be written */
};

struct store_new {
	const char *incoming; /* synced; moved away when it was added */
	const char *file_name, *project, *version;
	const struct digest_hexes *digests;
	struct json *fields; /* the form; not taken */
	bool is_sdist;
};

enum store_added store_add(struct store *s, const struct store_new *n, struct err *e);

/* A version as PEP 440 would spell it, near enough to see that two spellings are one. Owned by the
 * caller. */
char *store_fold_version(const char *version);

#endif
