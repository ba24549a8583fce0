/* Errors: one code for the program to act on, one message and one hint for a person. */
#ifndef SLIPWAY_BASE_ERR_H
#define SLIPWAY_BASE_ERR_H

#include "slipway/base/compiler.h"

enum err_code {
	ERR_OK,
	ERR_FAILED,	 /* it was tried and did not work; no finer code fits */
	ERR_IO,		 /* a file or descriptor: errno is in the message */
	ERR_NOT_FOUND,	 /* what was named is not there */
	ERR_INVALID,	 /* input that breaks its own rules: a version, an archive, a document */
	ERR_USAGE,	 /* wrong command line, or an answer is missing */
	ERR_CONFIG,	 /* slipway.toml or another configuration file is wrong */
	ERR_EXISTS,	 /* already there, and the same */
	ERR_CONFLICT,	 /* already there, and different; or the world moved on */
	ERR_AUTH,	 /* credentials missing, wrong or not sufficient */
	ERR_REFUSED,	 /* the other side understood and said no; trying again will not help */
	ERR_NETWORK,	 /* no connection, or it broke */
	ERR_TIMEOUT,	 /* no answer in time */
	ERR_BUSY,	 /* the other side asks to come back later; or a lock is held */
	ERR_LIMIT,	 /* a bound was reached: size, depth, count */
	ERR_UNSUPPORTED, /* understood, but not something Slipway or the library can do */
	ERR_CANCELLED,	 /* the user said stop */
	ERR_COUNT
};

#define ERR_MESSAGE_SIZE 1024
#define ERR_HINT_SIZE 512

/* A value: copy it freely. Empty is all zero. Texts are safe for a terminal and cut at their size.
 */
struct err {
	enum err_code code;
	char message[ERR_MESSAGE_SIZE]; /* what failed, on what, why */
	char hint[ERR_HINT_SIZE];	/* what to do next; may be empty */
};

#define ERR_EMPTY                                                                                  \
	{                                                                                          \
		.code = ERR_OK                                                                     \
	}

/* Each fills *E when E is not NULL and returns CODE, so that a failing function can return its
 * call. */
enum err_code err_set(struct err *e, enum err_code code, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* As err_set, with ": " and the text of errno behind the message. */
enum err_code err_sys(struct err *e, enum err_code code, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Puts "FMT: " before the message that *E holds; the code stays and is returned. */
enum err_code err_wrap(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Sets the hint, the way out. Returns the code that *E holds (ERR_FAILED when E is NULL). */
enum err_code err_hint(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

void err_clear(struct err *e);

/* A stable lower-case word, for JSON and the journal: "ok", "not-found". */
const char *err_code_name(enum err_code code);

#endif
