/* What pattern.c compiles and pattern_match.c runs. */
#ifndef SLIPWAY_PROJECT_PATTERN_PRIVATE_H
#define SLIPWAY_PROJECT_PATTERN_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

#include "pattern.h"

#define PATTERN_GROUPS_MAX 16

enum pattern_op {
	OP_SET, /* one byte of a set */
	OP_ANY, /* one byte that ends no line */
	OP_SPLIT, /* try X first, then Y */
	OP_JUMP,
	OP_SAVE, /* the place of a group's start (2N) or end (2N + 1) */
	OP_LINE_START,
	OP_LINE_END,
	OP_TEXT_START,
	OP_TEXT_END,
	OP_WORD_EDGE,
	OP_NO_WORD_EDGE,
	OP_BACK, /* the text of group X again */
	OP_MATCH
};

/* Jumps count from the instruction itself. */
struct pattern_inst {
	enum pattern_op op;
	int32_t x, y;
	uint8_t set[32];
};

struct pattern_code {
	struct pattern_inst *items;
	size_t count;
	size_t cap;
};

struct pattern {
	struct pattern_code code;
	char *names[PATTERN_GROUPS_MAX]; /* of groups; NULL without */
	size_t groups;			 /* the whole match is not counted */
	bool any_case;
};

static inline bool
pattern_set_has(const uint8_t set[32], unsigned char c)
{
	return (set[c / 8] >> (c % 8) & 1) != 0;
}

#endif
