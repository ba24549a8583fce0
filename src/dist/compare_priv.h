/* What the parts of a comparison share. */
#ifndef SLIPWAY_DIST_COMPARE_PRIV_H
#define SLIPWAY_DIST_COMPARE_PRIV_H

#include "slipway/base/digest.h"
#include "slipway/dist/compare.h"

#define COMPARE_NOWHERE SIZE_MAX

/* git's id of DATA in the form of T; false when the system refuses the digest. */
bool compare_blob_id(
    const struct compare_table *t, const void *data, size_t len, uint8_t out[DIGEST_MAX]);

/* What runs when, by the name and the content of a file: enum compare_note. */
unsigned compare_notes_of(enum dist_kind kind, const struct compare_file *f);
/* The same of a path alone. */
unsigned compare_notes_of_path(enum dist_kind kind, struct bytes path);

/* What pyproject.toml says of paths. */
struct compare_map {
	char *to;   /* in the wheel, "" or ending in a slash */
	char *from; /* below the package's folder, the same form */
};
struct compare_project {
	struct compare_map *maps;
	size_t map_count, map_cap;
	struct strlist generated; /* version files, below the package's folder */
	struct strlist why;	  /* of each: "[tool.setuptools_scm] version_file" */
};

/* TEXT is the pyproject.toml of the commit; what cannot be read says nothing. */
void compare_project_read(struct bytes text, struct compare_project *out);
void compare_project_fini(struct compare_project *p); /* zeroed is fine */

#define COMPARE_MODE_EXECUTABLE 0100755
#define COMPARE_MODE_LINK 0120000
#define COMPARE_MODE_SUBMODULE 0160000

/* The files of the commit; numbers are positions in O->files, COMPARE_NOWHERE for none. */
struct compare_tree {
	const struct compare_git_opts *o;
	size_t id_size;
	uint8_t (*ids)[COMPARE_BLOB_MAX];
	size_t *by_id;
	bool *used; /* a member was found to come from it */
};
void compare_tree_init(
    struct compare_tree *t, const struct compare_git_opts *opts, size_t id_size);
void compare_tree_fini(struct compare_tree *t);
size_t compare_tree_path(const struct compare_tree *t, const char *path);
/* By its path below the package's folder. */
size_t compare_tree_source(const struct compare_tree *t, const char *path);
bool compare_tree_is(const struct compare_tree *t, size_t at, const uint8_t *id);
/* A file of this content, an unused one before others. */
size_t compare_tree_content(const struct compare_tree *t, const struct compare_file *f);
bool compare_tree_read(const struct compare_tree *t, size_t at, size_t max, struct str *out);
/* What the link AT leads to inside the tree, itself when it is no link. */
size_t compare_tree_follow(const struct compare_tree *t, size_t at);
/* The sha256 that a pointer of git-lfs names; false when the file is none. */
bool compare_tree_lfs(const struct compare_tree *t, size_t at, uint8_t sha256[COMPARE_BLOB_MAX]);

/* Where a member may lie in git. */
struct compare_place {
	char *path;    /* from the root of the repository */
	size_t source; /* where the part below the package's folder begins */
	size_t root;   /* bytes of the folder that becomes the package, with its slash; 0: none */
};
struct compare_places {
	struct compare_place items[16];
	size_t count;
};
/* UNDER is the package's folder, "" for the root. */
void compare_places_find(struct compare_places *p, const struct compare_table *t,
    const struct compare_file *f, const struct compare_project *project, const char *under);
void compare_places_fini(struct compare_places *p);

/* A row and what it is about, for the rules of what builds write. */
struct compare_about {
	const struct compare_table *t;
	const struct compare_file *f;
	const struct compare_project *project;
	const char *source; /* where the file would lie below the package's folder; NULL: nowhere */
	/* Of PATH below the package's folder: whether git has it. */
	bool (*has)(const void *arg, const char *path);
	const void *arg;
	struct bytes before; /* setup.cfg of the commit; len 0: none */
};
/* Why a build wrote F that way, owned by the caller; NULL when no rule explains it. */
char *compare_generated(const struct compare_about *about);

/* Tells rows that differ from WANT (the id in git of each member, NULL: not to be looked at) in
 * nothing but line ends, with the contents that OPTS gives. ERR_CANCELLED. */
enum err_code compare_line_ends(const struct compare_table *t, const struct compare_git_opts *opts,
    const uint8_t *const *want, struct comparison *c, struct err *e);

/* Adds what changed since BEFORE to C, whose rows are known. */
void compare_facts(
    const struct compare_table *t, const struct compare_table *before, struct comparison *c);

/* Sums up the rows. */
void compare_count(const struct compare_table *t, struct comparison *c);

#endif
