/* Wheels (zip) and sdists (tar.gz) read where they are: nothing is unpacked, nothing is written.
 * The walkers are our own, so that what they list is what the bytes say; anything odd about the
 * framing is a finding. */
#ifndef SLIPWAY_DIST_ARCHIVE_H
#define SLIPWAY_DIST_ARCHIVE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/err.h"
#include "slipway/base/str.h"
#include "slipway/dist/finding.h"

struct archive;

/* The last two are found inside of others alone. */
enum archive_format {
	ARCHIVE_ZIP,
	ARCHIVE_TAR_GZ,
	ARCHIVE_TAR,
	ARCHIVE_GZ, /* one file */
	ARCHIVE_FORMAT_COUNT
};

#define ARCHIVE_DEPTH_MAX 3 /* archives inside of archives */

enum member_kind {
	MEMBER_FILE,
	MEMBER_DIR,
	MEMBER_SYMLINK,
	MEMBER_HARDLINK,
	MEMBER_OTHER, /* device, FIFO, sparse or unknown: never opened */
	MEMBER_KIND_COUNT
};

/* Borrowed from the archive. Names are bytes: any byte may be in them, NUL too. */
struct member {
	struct bytes name;
	struct bytes link; /* target of a link */
	uint64_t size;	   /* as declared */
	uint64_t packed;   /* zip: bytes in the file; tar: as size */
	uint64_t offset;   /* zip: of the local header; tar: of the data in the inflated stream */
	uint32_t crc;	   /* zip only */
	uint32_t mode;	   /* permission and special bits; 0 when the archive has none */
	uint16_t method;   /* zip: 0 stored, 8 deflated */
	uint16_t flags;	   /* zip: general purpose flags */
	enum member_kind kind;
	bool hidden; /* in the file, but not where usual readers look */
};

/* A bound that is reached is the finding RULE_LIMIT; what was listed until then stays. */
struct archive_limits {
	size_t entries;
	size_t name_bytes;
	uint64_t member_bytes; /* read of one member */
	uint64_t total_bytes;  /* inflated in all */
	uint64_t ratio;	       /* inflated to packed, looked at beyond 64 MiB */
	uint64_t wall_ms;      /* for one pass */
};

/* 200,000 entries, 4 KiB, 256 MiB, 2 GiB, 200, 60 s. */
extern const struct archive_limits archive_default_limits;

/* Called for every member in the order of the archive; directories, links and others have no data.
 */
struct archive_visitor {
	/* False passes over the content. May be NULL: always true. */
	bool (*begin)(void *arg, const struct member *m);
	void (*data)(void *arg, const void *data, size_t len); /* may be NULL */
	/* RC as archive_read() gives it, with WHY, which is borrowed. May be NULL. */
	void (*end)(void *arg, const struct member *m, enum err_code rc, const struct err *why);
	void *arg;
};

/* The same for those that were asked for, by index, in the order of the archive. */
struct member_visitor {
	void (*begin)(void *arg, size_t index);
	void (*data)(void *arg, const void *data, size_t len);
	void (*end)(void *arg, size_t index, enum err_code rc);
	void *arg;
};

struct archive_opts {
	const struct archive_limits *limits; /* NULL: the default ones */
	const struct archive_visitor
	    *visitor;		      /* NULL, or sees all contents in the pass that lists */
	const atomic_bool *cancelled; /* NULL, or looked at now and then: ERR_CANCELLED */
	void (*progress)(
	    void *arg, uint64_t done, uint64_t total); /* bytes of the file; may be NULL */
	void *progress_arg;
};

/* By file ending alone: .whl and .zip are zip, .tar.gz and .tgz are tar. A damaged archive opens,
 * with findings; errors are for what cannot be looked at: not there, not a regular file, another
 * ending, empty. OPTS may be NULL; what it points to must live as long as the archive. Blocks: run
 * it on the worker. */
enum err_code archive_open(
    const char *path, const struct archive_opts *opts, struct archive **out, struct err *e);
/* The archive that member INDEX of OUTER is: a zip, a tar, or gzip with or without a tar in it, by
 * its first bytes. It is held in memory, at most 128 MiB. Limits are shared: what comes out of it
 * counts as if it came out of the file around all. ERR_LIMIT beyond that and beyond
 * ARCHIVE_DEPTH_MAX, ERR_UNSUPPORTED for other data, else as archive_read(). OUTER may be closed
 * before *OUT. Blocks. */
enum err_code archive_open_inside(
    struct archive *outer, size_t index, struct archive **out, struct err *e);
void archive_close(struct archive *a); /* NULL is fine */

enum archive_format archive_format(const struct archive *a);
uint64_t archive_file_size(const struct archive *a);
size_t archive_count(const struct archive *a);
const struct member *archive_member(const struct archive *a, size_t index);
const struct findings *archive_findings(const struct archive *a);
/* False when a limit or damage kept part of it from being listed: never to be shown as clean. */
bool archive_is_complete(const struct archive *a);
/* Index of a member, FINDING_NO_MEMBER when there is none. Of several with one name the last, which
 * is the one that installers leave behind; hidden ones are not found. */
size_t archive_find(const struct archive *a, const char *name, size_t len);
/* ERR_CONFLICT when the file changed since it was opened. */
enum err_code archive_verify_unchanged(const struct archive *a, struct err *e);
/* For findings about member INDEX, or about the whole file. */
struct finding_place archive_place(const struct archive *a, size_t index, size_t line);

/* Takes the next bytes; false stops the reading, which then ends with ERR_OK. */
typedef bool (*archive_sink_fn)(void *arg, const void *data, size_t len);

/* Streams one member, at most MAX bytes (and the limit of the archive). ERR_LIMIT when there is
 * more than that, ERR_INVALID when the data is damaged, ERR_CONFLICT when it has not the declared
 * size: what came before was delivered. ERR_UNSUPPORTED when it is encrypted, packed by another
 * method than deflate, or no file. Memory is bounded; of a tar.gz everything before the member is
 * inflated again. */
enum err_code archive_read(
    struct archive *a, size_t index, uint64_t max, archive_sink_fn sink, void *arg, struct err *e);
/* The same appended to OUT. */
enum err_code archive_read_all(
    struct archive *a, size_t index, size_t max, struct str *out, struct err *e);
/* One pass over all contents. ERR_CANCELLED, ERR_IO, ERR_LIMIT; damage of one member is told to its
 * end(). */
enum err_code archive_each(struct archive *a, const struct archive_visitor *v, struct err *e);

#endif
