/* A token for one index: from where the design says, else asked for on the terminal, hidden. */
#ifndef SLIPWAY_CLI_GET_TOKEN_H
#define SLIPWAY_CLI_GET_TOKEN_H

#include <stdbool.h>

#include "slipway/base/err.h"

struct get_token;
struct loop;
struct secret;
struct token_opts;

/* TOKEN is the receiver's, NULL on failure; USER (NULL: "__token__") and FAILURE are borrowed.
 * ERR_USAGE: there is none, and nobody to ask. */
typedef void (*get_token_fn)(
    void *arg, struct secret *token, const char *user, const struct err *failure);

/* What OPTS points to must live until FN, which is never called before this returns. MAY_ASK: a
 * person is there. */
struct get_token *get_token_start(
    struct loop *l, const struct token_opts *opts, bool may_ask, get_token_fn fn, void *arg);
/* The user said stop: the prompt is closed, and FN comes with ERR_CANCELLED. Where a search is
 * under way, when that has ended. */
void get_token_cancel(struct get_token *g);

#endif
