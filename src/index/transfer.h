/* One file on its way to an index: hashed, asked for, sent, read back. What upload.c runs in
 * sequence. */
#ifndef SLIPWAY_INDEX_TRANSFER_H
#define SLIPWAY_INDEX_TRANSFER_H

#include "form.h"
#include "slipway/index/query.h"
#include "slipway/index/upload.h"

struct transfer;
struct listing_cache; /* what the index listed last, by project: for the first question alone */

struct transfer_env { /* shared by the files of an upload; outlives them */
	struct loop *loop;
	struct http *http;
	struct worker *worker;
	const char *reader;
	struct index_info index;
	struct upload_pauses pauses; /* filled in */
	unsigned max_tries;
	bool is_stopping; /* nothing new is sent */
	struct listing_cache *cache;
	/* T's progress is in it; called after each change. */
	void (*on_change)(void *arg, struct transfer *t);
	/* T is at its end; it may be freed later, not from here. */
	void (*on_end)(void *arg, struct transfer *t);
	void *arg;
};

struct transfer *transfer_new(
    struct transfer_env *env, const struct upload_file *file, size_t place);
void transfer_free(struct transfer *t); /* cancels what runs; NULL is fine */
void transfer_start(struct transfer *t);
/* Cancels what runs, without a word. */
void transfer_quiet(struct transfer *t);
/* Ends it with ERR_CANCELLED unless it is sending or reading back. */
void transfer_stop(struct transfer *t);

size_t transfer_place(const struct transfer *t);
const struct upload_progress *transfer_progress(const struct transfer *t);
bool transfer_is_over(const struct transfer *t);

struct listing_cache *listing_cache_new(void);
void listing_cache_free(struct listing_cache *c); /* NULL is fine */
/* Borrowed until the next put. */
const struct index_listing *listing_cache_get(const struct listing_cache *c, const char *project);
void listing_cache_put(struct listing_cache *c, const char *project, const struct index_listing *l);

#endif
