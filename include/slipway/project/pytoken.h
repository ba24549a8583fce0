/* Python source as tokens, and the assignments of version names found in them: docstrings, comments
 * and strings that merely look like an assignment are never taken for one. Nothing is run or
 * imported. */
#ifndef SLIPWAY_PROJECT_PYTOKEN_H
#define SLIPWAY_PROJECT_PYTOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "slipway/base/err.h"
#include "slipway/base/str.h"
#include "slipway/project/span.h"

enum py_kind {
	PY_NAME, /* keywords too */
	PY_NUMBER,
	PY_STRING,
	PY_FSTRING, /* f and t strings: their value is computed */
	PY_BYTES,
	PY_OPERATOR, /* one byte each; "==" is one of two bytes */
	PY_NEWLINE   /* the end of a logical line */
};

struct py_token {
	enum py_kind kind;
	struct span span;
	struct span content; /* of strings: between the quotes */
	size_t line;	     /* from 1 */
	unsigned depth;	     /* open brackets before it */
	bool first;	     /* of its logical line */
	bool top;	     /* its logical line starts at the margin */
	bool raw;	     /* a string without escapes */
};

struct py_tokens {
	struct py_token *items;
	size_t count;
	size_t cap;
};

#define PY_TOKENS_EMPTY                                                                            \
	{                                                                                          \
		.items = NULL, .count = 0, .cap = 0                                                \
	}

/* Comments and white space give no tokens. NAME is for messages. ERR_INVALID for bytes that are not
 * UTF-8, an open string, an open bracket. The caller owns *OUT: py_tokens_fini(). */
enum err_code py_tokenise(
    struct bytes text, const char *name, struct py_tokens *out, struct err *e);
void py_tokens_fini(struct py_tokens *t);

enum py_value {
	PY_VALUE_STRING,   /* one plain string: can be edited */
	PY_VALUE_TUPLE,	   /* of numbers and strings: can be edited by element */
	PY_VALUE_COMPUTED, /* anything else */
	PY_VALUE_NESTED	   /* inside if, try, def, class: what it is worth depends on the run */
};

#define PY_TUPLE_MAX 8

struct py_assignment {
	struct span name;
	enum py_value value;
	size_t line;
	struct span content; /* of a string: between the quotes */
	struct span
	    element[PY_TUPLE_MAX]; /* of a tuple: each as written, strings without their quotes */
	bool quoted[PY_TUPLE_MAX]; /* that element is a string */
	size_t elements;
	size_t from, end; /* the tokens of the value */
	const char *why; /* why it cannot be edited; static text; NULL when it can */
};

struct py_assignments {
	struct py_assignment *items;
	size_t count;
	size_t cap;
};

#define PY_ASSIGNMENTS_EMPTY                                                                       \
	{                                                                                          \
		.items = NULL, .count = 0, .cap = 0                                                \
	}

/* Every assignment to one of NAMES (NULL-terminated), in the order of the file; a chain A = B = "1"
 * gives one for each name in NAMES. The caller owns *OUT: py_assignments_fini(). */
void py_find_assignments(struct bytes text, const struct py_tokens *tokens,
    const char *const *names, struct py_assignments *out);
void py_assignments_fini(struct py_assignments *a);

/* KEYWORD=value in a call. */
struct py_argument {
	size_t from, end; /* the tokens of the value */
	size_t line;
	struct span name;	    /* the value is this name alone; len 0: it is not */
	struct py_assignment value; /* as if it were assigned; its name is empty */
};

/* In the call CALL(...), wherever it stands; a keyword that two calls have is PY_VALUE_COMPUTED.
 * False: there is none. */
bool py_find_argument(struct bytes text, const struct py_tokens *tokens, const char *call,
    const char *keyword, struct py_argument *out);
/* Token I is a whole item of a list or a value of a dict, a string without escapes. */
bool py_list_item(const struct py_tokens *tokens, struct bytes text, size_t i);

#endif
