/* The rehearsal index: a package index of one's own on loopback. Legacy upload, the simple API
 * (HTML and JSON), the project JSON and the files; everything is kept in one directory and served
 * again after a restart.
 *
 * DIR/files/PROJECT/FILE with FILE.json beside it (a file without one is not listed: its upload did
 * not end), DIR/incoming (uploads under way), DIR/token (mode 0600), DIR/port. It runs in threads
 * of its own. A reason phrase of its own is beyond the HTTP library: the text of a refusal is in
 * the body, as JSON when the client accepts that, else as plain text. */
#ifndef SLIPWAY_INDEX_SERVER_H
#define SLIPWAY_INDEX_SERVER_H

#include <stdint.h>

#include "slipway/base/err.h"
#include "slipway/index/index.h"

struct index_server;
struct secret;

struct index_server_opts {
	const char *dir;   /* made when it is not there */
	const char *title; /* for people; NULL: "rehearsal index" */
	uint16_t port;	   /* 0: the one it had before when that is free, else any */
	uint64_t max_file; /* bytes of one file; 0: 4 GiB */
};

/* Listens on 127.0.0.1 when it returns. ERR_BUSY when the port asked for is taken. The caller owns
 * *OUT: index_server_stop(), which cuts what runs: nothing of a cut upload stays. */
enum err_code index_server_start(
    const struct index_server_opts *opts, struct index_server **out, struct err *e);
void index_server_stop(struct index_server *s); /* NULL is fine */

/* Borrowed until it stops. */
const char *index_server_url(const struct index_server *s);	   /* http://127.0.0.1:PORT/ */
const char *index_server_upload_url(const struct index_server *s); /* .../legacy/ */
const char *index_server_simple_url(const struct index_server *s); /* .../simple/ */
const char *index_server_token_path(const struct index_server *s);
/* The token that it takes, with user "__token__". Borrowed. */
const struct secret *index_server_token(const struct index_server *s);
/* As an index to upload to, under NAME ("rehearsal"). OUT must be empty. */
void index_server_info(const struct index_server *s, const char *name, struct index_info *out);

#endif
