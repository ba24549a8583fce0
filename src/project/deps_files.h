/* Requirements outside of pyproject.toml: setup.cfg, setup.py and requirements files, as bytes of
 * those files. Private to this layer. */
#ifndef SLIPWAY_PROJECT_DEPS_FILES_H
#define SLIPWAY_PROJECT_DEPS_FILES_H

#include "deps.h"
#include "slipway/project/pytoken.h"
#include "slipway/project/span.h"

struct dep_text {
	struct span span;  /* the requirement, in the file */
	struct bytes name; /* borrowed from the file's text */
	const char *where; /* static: "install_requires" */
	enum dep_kind kind;
	bool hashed; /* hashes follow it: another version would have others */
};

struct dep_texts {
	struct dep_text *items;
	size_t count;
	size_t cap;
};

/* Each appends what TEXT states; what is no requirement is left out. */
void deps_of_setup_cfg(struct bytes text, const char *name, struct dep_texts *out);
void deps_of_setup_py(struct bytes text, const struct py_tokens *tokens, struct dep_texts *out);
void deps_of_requirements(struct bytes text, struct dep_texts *out);

struct deps_file {
	char *path; /* relative to the repository */
	struct str text;
	struct dep_texts deps;
};

struct deps_files {
	struct deps_file *items;
	size_t count;
	size_t cap;
};

#define DEPS_FILES_EMPTY                                                                           \
	{                                                                                          \
		.items = NULL, .count = 0, .cap = 0                                                \
	}

enum deps_which {
	DEPS_SETUP, /* setup.cfg and setup.py: what is installed or built */
	DEPS_ALL    /* requirements files too */
};

/* Reads those files of DIR; one that cannot be read is passed over. The caller ends *OUT. */
void deps_files_read(
    const char *root, const char *dir, enum deps_which which, struct deps_files *out);
void deps_files_fini(struct deps_files *f);

#endif
