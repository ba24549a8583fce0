/* The line-by-line front: prints what happens as it happens, asks on standard input when a person
 * is there. */
#ifndef SLIPWAY_CLI_FRONT_PLAIN_H
#define SLIPWAY_CLI_FRONT_PLAIN_H

#include <stdbool.h>

#include "slipway/wizard/front.h"

struct front_plain;
struct loop;
struct wizard;

struct front_plain_opts {
	bool interactive; /* questions go to standard input */
	bool verbose;	  /* the logs of commands too */
	bool colour;
	bool ascii; /* no UTF-8: signs and rules in ASCII */
	bool quiet; /* prints nothing by itself */
};

extern const struct front_ops front_plain_ops;

struct front_plain *front_plain_new(struct loop *l, const struct front_plain_opts *opts);
void front_plain_free(struct front_plain *f); /* NULL is fine; the terminal is as before */
/* Before wizard_start(). */
void front_plain_attach(struct front_plain *f, struct wizard *w);
/* How it ended; NULL after a success. Borrowed. */
const struct err *front_plain_error(const struct front_plain *f);

#endif
