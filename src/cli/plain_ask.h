/* Questions on standard input: numbered choices, typed texts, and hidden ones without echo. */
#ifndef SLIPWAY_CLI_PLAIN_ASK_H
#define SLIPWAY_CLI_PLAIN_ASK_H

#include <stdbool.h>

#include "slipway/base/str.h"
#include "slipway/wizard/question.h"

struct loop;
struct plain_ask;
struct wizard;

struct plain_ask *plain_ask_new(struct loop *l, bool ascii);
void plain_ask_free(struct plain_ask *a); /* the terminal is as before */
/* Prints Q and answers W with the next line; the end of the input cancels W. */
void plain_ask_open(struct plain_ask *a, struct wizard *w, const struct question *q);
void plain_ask_close(struct plain_ask *a);

/* TEXT with its signs, arrows and dashes in ASCII, and "?" for other characters. */
void plain_to_ascii(const char *text, struct str *out);

#endif
