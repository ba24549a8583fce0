/* What setup.cfg and setup.py say of a version: by reading, never by running. Private to this
 * layer. */
#ifndef SLIPWAY_PROJECT_SETUP_H
#define SLIPWAY_PROJECT_SETUP_H

#include <stdbool.h>

#include "slipway/base/str.h"
#include "slipway/project/pytoken.h"
#include "slipway/project/span.h"

enum setup_kind {
	SETUP_NONE,    /* it says nothing of a version */
	SETUP_LITERAL, /* SPAN holds it */
	SETUP_ATTR,    /* NAME is what setuptools' attr: names */
	SETUP_FILE,    /* NAME is what file: names */
	SETUP_TAG,     /* setuptools-scm */
	SETUP_REFUSED  /* WHY says what stands in the way */
};

struct setup_value {
	enum setup_kind kind;
	struct span span;
	size_t line;
	char *name; /* of the variable that setup() is given, or after attr: and file: */
	char *why;
	bool ordinary; /* a call: worth a word only when it decides */
};

#define SETUP_VALUE_EMPTY                                                                          \
	{                                                                                          \
		.kind = SETUP_NONE                                                                 \
	}

/* [metadata] version. NAME is the file's, for messages. The caller ends *OUT. */
void setup_cfg_version(struct bytes text, const char *name, struct setup_value *out);
/* The version= of setup(), or the variable of the same file that it names. */
void setup_py_version(struct bytes text, const struct py_tokens *tokens, struct setup_value *out);
/* The name of the package in DIR by its setup.cfg or setup.py, owned by the caller; NULL: they give
 * none, or not as a literal. */
char *setup_name(const char *root, const char *dir) MUST_USE;
void setup_value_fini(struct setup_value *v);

#endif
