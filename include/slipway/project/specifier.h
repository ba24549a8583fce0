/* Version specifiers of PEP 440, ">=1.0,<2": read with the place of each clause, and matched. */
#ifndef SLIPWAY_PROJECT_SPECIFIER_H
#define SLIPWAY_PROJECT_SPECIFIER_H

#include <stdbool.h>
#include <stddef.h>

#include "slipway/base/err.h"
#include "slipway/base/str.h"
#include "slipway/project/span.h"
#include "slipway/project/version.h"

enum specifier_op {
	SPECIFIER_EQUAL,      /* == */
	SPECIFIER_NOT_EQUAL,  /* != */
	SPECIFIER_AT_MOST,    /* <= */
	SPECIFIER_BELOW,      /* < */
	SPECIFIER_AT_LEAST,   /* >= */
	SPECIFIER_ABOVE,      /* > */
	SPECIFIER_COMPATIBLE, /* ~= */
	SPECIFIER_ARBITRARY,  /* === */
	SPECIFIER_OP_COUNT
};

struct specifier {
	enum specifier_op op;
	struct span clause; /* operator to version, in the text that was read */
	struct span token;  /* the version alone, a ".*" behind it included */
	bool wildcard;
	struct version version; /* empty with === on something that is no version */
};

struct specifiers {
	struct specifier *items;
	size_t count;
	size_t cap;
};

#define SPECIFIERS_EMPTY                                                                           \
	{                                                                                          \
		.items = NULL, .count = 0, .cap = 0                                                \
	}

/* Reads clauses between commas; no clause is fine and admits everything. The spans count from the
 * start of TEXT, plus OFFSET. The caller owns *OUT: specifiers_fini(). ERR_INVALID names the
 * clause. */
enum err_code specifiers_parse(
    struct bytes text, size_t offset, struct specifiers *out, struct err *e);
void specifiers_fini(struct specifiers *s);

enum specifier_pre {
	SPECIFIER_PRE_NAMED,  /* a pre-release only when a clause names one, as pip does */
	SPECIFIER_PRE_ALLOWED /* also otherwise (pip install --pre) */
};

/* TEXT is the one that was read; only === looks at it, by its spans. */
bool specifiers_contain(
    const struct specifiers *s, struct bytes text, const struct version *v, enum specifier_pre pre);
/* ">=", "=="; borrowed for ever. */
const char *specifier_op_text(enum specifier_op op);
/* >=, ~=, == and ===: the clauses that hold a version that somebody raises at a release. */
bool specifier_is_floor(const struct specifier *s);

#endif
