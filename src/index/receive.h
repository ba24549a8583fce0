/* One upload to the rehearsal index, streamed to disk, and the checks that Warehouse would make. */
#ifndef SLIPWAY_INDEX_RECEIVE_H
#define SLIPWAY_INDEX_RECEIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "slipway/base/str.h"

struct httpd_part;
struct receive;
struct store;

/* The caller owns it: receive_free(), which removes what was not kept. */
struct receive *receive_new(struct store *s, uint64_t max_file);
void receive_free(struct receive *r);
/* False once the upload is refused: the rest need not be looked at. */
bool receive_part(struct receive *r, const struct httpd_part *p);
/* Checks and stores. Returns the HTTP status; TEXT is the message of a refusal, empty on success.
 */
int receive_finish(struct receive *r, struct str *text);

#endif
