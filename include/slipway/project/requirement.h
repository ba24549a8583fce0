/* Requirements of PEP 508, "name[extra]>=1.0 ; marker", read with the place of each part. */
#ifndef SLIPWAY_PROJECT_REQUIREMENT_H
#define SLIPWAY_PROJECT_REQUIREMENT_H

#include "slipway/base/err.h"
#include "slipway/base/str.h"
#include "slipway/project/span.h"
#include "slipway/project/specifier.h"

struct requirement {
	struct span name;
	struct span extras; /* between the brackets */
	struct span url;    /* behind @; there are no specifiers then */
	struct span marker; /* behind the semicolon; not evaluated */
	struct specifiers specifiers;
};

#define REQUIREMENT_EMPTY                                                                          \
	{                                                                                          \
		.specifiers = SPECIFIERS_EMPTY                                                     \
	}

/* Spans count from the start of TEXT. The caller owns *OUT: requirement_fini(). ERR_INVALID
 * otherwise. */
enum err_code requirement_parse(struct bytes text, struct requirement *out, struct err *e);
void requirement_fini(struct requirement *r);

enum floor_result {
	FLOOR_NONE, /* no floor or pin to raise: leave it */
	FLOOR_SAME, /* it says that already */
	FLOOR_EDIT, /* replace one token */
	FLOOR_ASK   /* a person must decide: the new version would not satisfy the rest, or it is
		       unclear */
};

struct floor {
	enum floor_result result;
	struct span token; /* what to replace, in the requirement's text */
	char *text;	   /* by what; NULL unless FLOOR_EDIT */
	char *why;	   /* for FLOOR_ASK; else NULL */
};

#define FLOOR_EMPTY                                                                                \
	{                                                                                          \
		.result = FLOOR_NONE                                                               \
	}

enum floor_how {
	FLOOR_RAISE, /* the version alone; the operator stays */
	FLOOR_PIN    /* the clause becomes ==, unless it is one already */
};

/* What R, read from TEXT, must say so that it asks for VERSION: only its one >=, ~=, == or ===
 * clause changes, ~= and wildcards keep their length, and the whole then admits VERSION. The caller
 * owns *OUT: floor_fini(). */
void requirement_raise(const struct requirement *r, struct bytes text,
    const struct version *version, enum floor_how how, struct floor *out);
void floor_fini(struct floor *f);

#endif
