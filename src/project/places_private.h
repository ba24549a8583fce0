/* What places.c finds and edit.c changes: files as they were read, and byte spans in them. */
#ifndef SLIPWAY_PROJECT_PLACES_PRIVATE_H
#define SLIPWAY_PROJECT_PLACES_PRIVATE_H

#include "slipway/base/toml.h"
#include "slipway/project/places.h"
#include "slipway/project/pytoken.h"
#include "slipway/project/span.h"

struct place_file {
	char *path;
	struct str text;
	struct toml_doc *doc;	 /* of a TOML file */
	struct py_tokens tokens; /* of a Python file */
	bool python;
};

struct place_splice {
	struct span span; /* bytes of the file */
	char *text;
};

/* Either a part of a TOML string, or splices of a Python or plain file. */
struct place_at {
	size_t file; /* index in the files of the places */
	const struct toml_node *node;
	struct span part; /* in the decoded text of NODE; its new text is the place's */
	struct place_splice splices[PY_TUPLE_MAX];
	size_t splice_count;
};

/* Reads PATH once; its index. Python and TOML files are parsed by their names. */
enum err_code places_open(
    struct places *p, const char *root, const char *path, size_t *index, struct err *e);
/* Appends a place of which the caller fills the rest. Its AT is allocated. */
struct place *places_add(struct places *p, enum place_role role, size_t package, size_t file);
/* TEXT (the caller's until now) becomes the note. */
void place_note(struct place *place, char *text);

/* The version literals of the Python (or plain) file PATH of package PACKAGE. NAMED: the user named
 * it, so what cannot be edited is told, and nothing to edit is ERR_CONFIG. */
struct python_opts {
	const char *root;
	const char *path;
	size_t package;
	enum place_role role;
	const struct version *current;
	const struct version *target;
	const char *only; /* this name alone; NULL: the usual ones */
	bool named;
};
enum err_code places_python(struct places *p, const struct python_opts *opts, struct err *e);
/* Python files that by convention may hold the version of a package, relative to the repository. */
void places_conventional(
    const char *root, const struct packages *packages, size_t at, struct strlist *out);

#endif
