/* Uploading files to an index: the form filled from each file's own metadata, nothing published
 * twice, and every file read back from the listing. A sequence in groups: a group starts when the
 * one before is whole on the index; after a failure nothing new starts. */
#ifndef SLIPWAY_INDEX_UPLOAD_H
#define SLIPWAY_INDEX_UPLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/err.h"
#include "slipway/index/index.h"

struct http;
struct loop;
struct secret;
struct upload;
struct worker;

enum upload_state {
	UPLOAD_WAITING, /* for its turn */
	UPLOAD_HASHING, /* the file is read, and compared with what was reviewed */
	UPLOAD_ASKING,	/* the index is asked whether it has it */
	UPLOAD_SENDING,
	UPLOAD_READING_BACK,  /* accepted; waiting until the index lists the same sha256 */
	UPLOAD_PAUSING,	      /* before the next try; pause_ms says how long */
	UPLOAD_DONE,	      /* uploaded by us, and listed */
	UPLOAD_ALREADY_THERE, /* the index had the same bytes */
	UPLOAD_FAILED,
	UPLOAD_STATE_COUNT
};

/* Whether the file is on the index. Decides whether anything may still be undone. */
enum upload_presence {
	UPLOAD_ABSENT,	/* the index does not have it */
	UPLOAD_PRESENT, /* it has it */
	UPLOAD_UNSURE,	/* sent, or accepted, and the index could not be asked */
	UPLOAD_PRESENCE_COUNT
};

struct upload_progress {
	enum upload_state state;
	enum upload_presence presence;
	const char *file_name;
	uint64_t sent, total; /* bytes of the request under way */
	uint64_t rate;	      /* bytes a second, smoothed; 0 while unknown */
	uint64_t pause_ms;    /* UPLOAD_PAUSING and between read-backs */
	unsigned attempt;     /* of sending, from 1 */
	const char *note; /* why it pauses or reads again, one safe line; "" when nothing to say */
	const struct err *failure; /* UPLOAD_FAILED, else NULL */
};

struct upload_file {
	const char *path;
	const char *sha256; /* as reviewed; NULL: whatever it is now */
	const struct secret *token;
	const char *user; /* NULL: "__token__" */
	unsigned
	    group; /* lower groups are whole before higher ones start; wheels first within one */
};

/* Waiting times in milliseconds; 0 takes the one in brackets. */
struct upload_pauses {
	uint64_t first;	   /* before the second try, doubled each time [2 s] */
	uint64_t longest;  /* of one pause that is ours [60 s] */
	uint64_t asked;	   /* longest that an index may ask for (Retry-After) [10 min] */
	uint64_t reading;  /* first pause between read-backs, doubled up to 30 s [250 ms] */
	uint64_t deadline; /* of reading back one file [10 min] */
	uint64_t stall;	   /* no byte either way [2 min] */
};

/* FILE is the place in opts->files. P is borrowed until it returns. */
typedef void (*upload_progress_fn)(void *arg, size_t file, const struct upload_progress *p);
/* FAILURE: of the first file that failed, NULL when all are on the index. */
typedef void (*upload_done_fn)(void *arg, const struct err *failure);

struct upload_opts {
	struct http *http;
	struct worker *worker;
	const char *reader; /* the program that reads the files: dist/reader.h; static */
	const struct index_info *index;	 /* copied */
	const struct upload_file *files; /* copied, tokens too */
	size_t count;
	unsigned parallel;  /* files of a group at once; 0: 1 */
	unsigned max_tries; /* of sending one file; 0: 5 */
	struct upload_pauses pauses;
	upload_progress_fn on_progress; /* at each change of state and for bytes; may be NULL */
	upload_done_fn on_done;		/* required; never called before upload_start() returned */
	void *arg;
};

/* *OUT is borrowed until on_done. Wrong arguments are ERR_USAGE here; all else is a state of a
 * file. */
enum err_code upload_start(
    struct loop *l, const struct upload_opts *opts, struct upload **out, struct err *e);
/* Lets a body that is under way end when SOFT (on_done comes, with ERR_CANCELLED); otherwise cuts
 * all and on_done is not called. */
enum upload_stop { UPLOAD_STOP_SOFT, UPLOAD_STOP_NOW };
void upload_stop(struct upload *u, enum upload_stop how);

/* "waiting", "already there": for JSON and the plain front. */
const char *upload_state_name(enum upload_state s);

#endif
