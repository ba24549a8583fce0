/* What the walkers of both formats share. */
#ifndef SLIPWAY_DIST_ARCHIVE_PRIV_H
#define SLIPWAY_DIST_ARCHIVE_PRIV_H

#include "input.h"
#include "slipway/dist/archive.h"

#define RATIO_FLOOR ((uint64_t)64 * 1024 * 1024)

/* Names live in blocks, so that members can point to them while the list grows. */
struct name_block;

struct archive {
	struct input in;
	char *path;
	enum archive_format format;
	struct archive_limits limits;
	struct archive_opts opts;
	struct member *members;
	size_t count, cap;
	struct name_block *names;
	size_t *by_name; /* visible members, by name, then by index */
	struct str held; /* the bytes of an archive inside of another one, when they are its own */
	size_t depth;	 /* 0: a file; 1: inside of one */
	uint64_t root_size; /* of the file around all */
	uint64_t latest_ms; /* no pass goes on after that; 0: by the limit alone */
	uint64_t inflated;  /* bytes that listing it took */
	size_t visible;
	struct findings findings;
	bool incomplete;
	bool cancelled;
	uint64_t deadline_ms; /* of the running pass */
};

/* A copy that lives as long as the archive. */
struct bytes archive_keep(struct archive *a, const void *data, size_t len);
/* False when the limit on entries is reached, which was then told. */
bool archive_add(struct archive *a, struct member m);
/* The finding RULE_LIMIT, after which the listing is not complete. */
void archive_limit(struct archive *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Starts the clock of a pass. */
void archive_begin_pass(struct archive *a);
/* False when the pass must stop: cancelled or out of time, which was then told. DONE is bytes of
 * the file. */
bool archive_go_on(struct archive *a, uint64_t done);
/* The listing of an archive that another process reads: to be filled by archive_keep() and
 * archive_add(). archive_close(). */
struct archive *archive_new_model(const struct archive_limits *limits);
/* Makes archive_find() work; TELL names that are given twice. */
void archive_sort_names(struct archive *a, bool tell);
/* Another reader of the same members, with a window and findings of its own, for another thread or
 * for reading in the middle of a pass. A must outlive it: archive_lane_free(). */
struct archive *archive_lane(const struct archive *a);
void archive_lane_free(struct archive *lane); /* NULL is fine */
/* archive_each() with COUNT visitors, each over a part of the members; those of a zip on COUNT
 * threads, the first one being this. */
enum err_code archive_each_lane(
    struct archive *a, const struct archive_visitor *visitors, size_t count, struct err *e);
/* The end of a pass or a read: what stopped it beats what it found. */
enum err_code archive_settle(struct archive *a, enum err_code rc, struct err *e);
/* A place by name alone, for what is no member (yet). */
struct finding_place archive_place_named(struct bytes name);

/* Fills in members and names; the input is open. */
enum err_code archive_walk(struct archive *a, struct err *e);
/* An archive of LEN bytes at DATA, which must outlive it, inside of OUTER under NAME: a zip, a tar,
 * or gzip with or without a tar in it, by its first bytes. LIMITS are its own. ERR_LIMIT when it
 * lies too deep, ERR_UNSUPPORTED for other kinds of data. */
enum err_code archive_open_memory(const struct archive *outer, struct bytes name, const void *data,
    size_t len, const struct archive_limits *limits, struct archive **out, struct err *e);

/* Bytes that may come out of the file around A, and of all that is in it. */
uint64_t archive_most_bytes(const struct archive *a);

/* The walkers: fill members and findings. Only ERR_CANCELLED and ERR_IO are errors. */
enum err_code zip_walk(struct archive *a, struct err *e);
enum err_code tar_walk(struct archive *a, struct err *e);
/* One file called NAME is in the stream. */
enum err_code gzip_walk(struct archive *a, struct bytes name, struct err *e);
enum err_code zip_read(struct archive *a, const struct member *m, uint64_t max,
    archive_sink_fn sink, void *arg, struct err *e);
enum err_code tar_read(struct archive *a, const struct member *m, uint64_t max,
    archive_sink_fn sink, void *arg, struct err *e);
/* Members BEGIN to END; *TOTAL counts the bytes of all lanes. */
enum err_code zip_each(struct archive *a, const struct archive_visitor *v, size_t begin, size_t end,
    _Atomic uint64_t *total, struct err *e);
enum err_code tar_each(struct archive *a, const struct archive_visitor *v, struct err *e);

#endif
