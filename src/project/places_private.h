/* What places.c finds and edit.c changes: files as they were read, and byte spans in them. */
#ifndef SLIPWAY_PROJECT_PLACES_PRIVATE_H
#define SLIPWAY_PROJECT_PLACES_PRIVATE_H

#include "slipway/base/toml.h"
#include "slipway/project/places.h"
#include "slipway/project/pytoken.h"
#include "slipway/project/span.h"

/* How a file is read, and by which rules an edit of it is proved. */
enum place_form {
	PLACE_FORM_TEXT,
	PLACE_FORM_TOML,
	PLACE_FORM_PYTHON,
	PLACE_FORM_INI,
	PLACE_FORM_JSON
};

struct place_file {
	char *path;
	struct str text;
	enum place_form form;
	struct toml_doc *doc;	 /* of a TOML file */
	struct py_tokens tokens; /* of a Python file */
};

struct place_splice {
	struct span span; /* bytes of the file */
	char *text;
};

/* Either a part of a TOML string, or splices of another file. */
struct place_at {
	size_t file; /* index in the files of the places; SIZE_MAX: it could not be read */
	const struct toml_node *node;
	struct span part; /* in the decoded text of NODE; its new text is the place's */
	struct place_splice splices[PY_TUPLE_MAX];
	size_t splice_count;
};

/* Reads PATH once; its index. It is parsed by what its name says. */
enum err_code places_open(
    struct places *p, const char *root, const char *path, size_t *index, struct err *e);
/* Appends a place of which the caller fills the rest. Its AT is allocated. */
struct place *places_add(struct places *p, enum place_role role, size_t package, size_t file);
/* The same for a string of a TOML file, named by its path. */
struct place *places_add_toml(struct places *p, enum place_role role, size_t package, size_t file,
    const struct toml_node *node);
/* Takes the place that was added last away again. */
void places_drop_last(struct places *p);
/* TEXT (the caller's until now) becomes the note. */
void place_note(struct place *place, char *text);

/* Whose version is looked for, and where. */
struct place_search {
	const char *root;
	const char *path; /* the file, relative to ROOT */
	size_t package;
	enum place_role role;
	const struct version *current; /* empty: unknown */
	const struct version *target;
	const char *only;  /* in Python: this name alone; NULL: the usual ones */
	bool named;	   /* the user named it: what cannot be edited is told */
	const char *today; /* "YYYY-MM-DD" */
};

/* -- what a place says and will say (place_fill.c) -- */

enum place_style {
	PLACE_PEP440, /* the normal form; numbers padded with zeros stay padded */
	PLACE_SEMVER, /* 1.2.3-rc.1 */
	PLACE_SERIES  /* the first numbers alone, as many as stand there */
};

/* OLD (the place's from here on) is what stands there: fills the new text, the note, and whether it
 * is included. False when OLD is no version. */
bool place_fill(
    struct place *place, const struct place_search *o, enum place_style style, char *old);

struct place_literal {
	struct span span; /* bytes of the file */
	const char *what;
	enum place_style style;
	bool yaml; /* quoted when it would read as a number */
};

/* A place for the bytes of SPAN, unless another place has them already; NULL then, and for what is
 * no version in a mirror that nobody named. */
struct place *places_add_literal(struct places *p, const struct place_search *o, size_t file,
    const struct place_literal *l);
/* A place that is shown and cannot be edited; NOTE is taken. FILE may be SIZE_MAX. */
struct place *places_add_note(
    struct places *p, const struct place_search *o, size_t line, const char *what, char *note);
bool places_has(const struct places *p, size_t file, size_t at);
/* The line of a byte, from 1, by any kind of line end. */
size_t place_line(struct bytes text, size_t at);
/* Opens the search's file when it is there. One that cannot be read is shown as a place with the
 * reason: false. */
bool places_try(struct places *p, const struct place_search *o, size_t *file);

/* -- kinds of files, each as a mirror of the search's package; what is not there is passed over --
 */

/* The version literals of the Python (or plain) file PATH of package PACKAGE. NAMED: the user named
 * it, so what cannot be edited is told, and nothing to edit is ERR_CONFIG. */
enum err_code places_python(struct places *p, const struct place_search *o, struct err *e);
/* Python files that by convention may hold the version of a package, relative to the repository. */
void places_conventional(
    const char *root, const struct packages *packages, size_t at, struct strlist *out);
void places_setup_cfg(struct places *p, const struct place_search *o);
void places_setup_py(struct places *p, const struct place_search *o);
/* The "version" of a JSON object: package.json and others that want SemVer; codemeta.json. */
void places_json_semver(struct places *p, const struct place_search *o);
void places_json(struct places *p, const struct place_search *o);
void places_meson(struct places *p, const struct place_search *o);
/* conda's meta.yaml and recipe.yaml; Helm's Chart.yaml. */
void places_meta_yaml(struct places *p, const struct place_search *o);
void places_recipe_yaml(struct places *p, const struct place_search *o);
void places_chart(struct places *p, const struct place_search *o);
void places_cargo(struct places *p, const struct place_search *o);
void places_conf_py(struct places *p, const struct place_search *o);
void places_citation(struct places *p, const struct place_search *o);
/* A file that holds the version alone. */
void places_plain(struct places *p, const struct place_search *o);
/* Mentions in a README: shown, never edited. */
void places_mentions(struct places *p, const struct place_search *o);
/* Lock files of the packages: in their folders and in those above. */
void places_lock_files(const char *root, const struct packages *packages, struct strlist *out);
/* The entries in the lock file of the search for the package NORMAL in DIR itself. */
void places_lock(struct places *p, const struct place_search *o, const char *normal,
    const char *dir);
/* ENTRY of the lock file LOCK is that package, not one of its name from an index. */
bool lock_entry_is(
    const struct toml_node *entry, const char *lock, const char *normal, const char *dir);

/* -- finding literals, for authorities and mirrors -- */

/* The top-level "version" of a JSON object; false with *WHY (static) when there is none to edit,
 * and NULL there when it has none at all. */
bool json_version_span(struct bytes text, struct span *out, const char **why);
/* The string behind "version:" of project(); false when there is none to edit, with *LINE 0 when it
 * has none at all. */
bool meson_version(struct bytes text, const struct py_tokens *t, struct span *out, size_t *line);
/* The scalar behind "KEY:" at the start of LINE, a part of TEXT, without quotes and a comment;
 * false when it is not such a line. */
bool places_yaml_value(struct bytes text, struct bytes line, const char *key, struct span *out);
/* The string of [package].version, or of [workspace.package] which it names; NULL: none. */
const struct toml_node *cargo_version(const struct toml_doc *doc, bool *workspace);

#endif
