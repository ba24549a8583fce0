/* The little of libgit2 that this layer needs, without its types. git2.c alone includes its
 * headers; errors are converted there. Hashes are hexadecimal; NULL is never a valid hash. */
#ifndef SLIPWAY_REPO_GIT2_WRAP_H
#define SLIPWAY_REPO_GIT2_WRAP_H

#include "slipway/repo/diff.h"
#include "slipway/repo/log.h"
#include "slipway/repo/repo.h"
#include "slipway/repo/status.h"

struct git2;

/* From PATH upwards. Codes: ERR_NOT_FOUND, ERR_REFUSED (owner), ERR_CONFIG, ERR_UNSUPPORTED or
 * ERR_FAILED. */
enum err_code git2_open(const char *path, struct git2 **out, struct err *e);
void	      git2_close(struct git2 *g); /* NULL is fine */
/* The .git directory that would be opened, owned by the caller; NULL when there is none. */
char *git2_discover(const char *path) MUST_USE;
/* The extensions of one configuration file that libgit2 cannot read, as "name=value", and its
 * format version. */
enum err_code git2_format(
    const char *config_file, struct strlist *unreadable, int *version, struct err *e);

struct git2_facts {
	/* Borrowed until git2_close(); with a slash at the end, as libgit2 gives them. */
	const char *workdir; /* NULL when bare */
	const char *gitdir, *commondir;
	bool	    linked, shallow;
};
struct git2_facts git2_facts(const struct git2 *g);
enum repo_state	  git2_state(const struct git2 *g);

/* In config.c, for git2.c: the system's, the XDG and the user's file; "" for one that git would not
 * read. */
void git2_config_files(struct strlist *out);
/* NULL when not set, "true" for a key without a value; owned by the caller. */
char *git2_config(struct git2 *g, const char *key) MUST_USE;
/* Appends each key and its value, in turn. */
void git2_config_all(struct git2 *g, struct strlist *pairs);

/* NULL when NAME is no symbolic reference; owned by the caller. */
char	     *git2_symref(struct git2 *g, const char *name) MUST_USE;
enum err_code git2_ref(struct git2 *g, const char *name, char out[REPO_HASH_SIZE], struct err *e);
/* The commit that REV names; SHORT_OUT may be NULL. */
enum err_code git2_resolve(
    struct git2 *g, const char *rev, char out[REPO_HASH_SIZE], char *short_out, struct err *e);

typedef void (*git2_tag_fn)(
    void *arg, const char *name, const char *hash, int64_t when, bool annotated);
enum err_code git2_tags(struct git2 *g, git2_tag_fn fn, void *arg, struct err *e);

enum err_code git2_ahead_behind(struct git2 *g, const char *ours, const char *theirs, size_t *ahead,
    size_t *behind, struct err *e);
enum err_code git2_is_ancestor(struct git2 *g, const char *ancestor, const char *of, bool *out,
    struct err *e);

typedef void (*git2_status_fn)(void *arg, const char *path, enum repo_change staged,
    enum repo_change unstaged);
enum err_code git2_status(struct git2 *g, git2_status_fn fn, void *arg, struct err *e);
/* The attribute "filter" names a driver for PATH. */
bool	      git2_is_filtered(struct git2 *g, const char *path);
enum err_code git2_is_ignored(struct git2 *g, const char *path, bool *out, struct err *e);

/* A raw object, borrowed from libgit2 until git2_object_fini(). */
struct git2_object {
	struct bytes text;
	void	    *handle;
};
#define GIT2_OBJECT_EMPTY { .handle = NULL }
/* False, and OUT empty, when it is not here. ID are the bytes of a hash. */
bool git2_object_read(struct git2 *g, const unsigned char id[20], struct git2_object *out);
void git2_object_fini(struct git2_object *o);

/* All but the short hash. OUT must be zero. */
enum err_code git2_commit(struct git2 *g, const char *hash, struct repo_commit *out, struct err *e);
enum err_code git2_diff_text(struct bytes old_text, struct bytes new_text, size_t context,
    struct repo_patch *out, struct err *e);
/* May take what PATCH holds by moving it out. */
typedef void (*git2_file_fn)(void *arg, enum repo_change change, const char *old_path,
    const char *new_path, struct repo_patch *patch);
/* FROM NULL is the empty tree. At most MAX_FILES get to FN; *TOTAL counts all. */
enum err_code git2_diff(struct git2 *g, const struct repo_diff_opts *o, git2_file_fn fn, void *arg,
    size_t *total, struct err *e);

/* In diff.c, for git2.c: builds a patch piece by piece. */
void patch_add_hunk(struct repo_patch *p, const struct repo_hunk *hunk);
/* LINE with its LF; the text is copied. Beyond MAX lines the patch is cut. */
void patch_add_line(struct repo_patch *p, enum repo_line_kind kind, const struct repo_line *line,
    size_t max);
void patch_end_without_eol(struct repo_patch *p);
void patch_finish(struct repo_patch *p); /* the lines point to their text from here on */

struct git2_files {
	/* False ends the walk. DIR is relative to UNDER and empty or ends in a slash. */
	bool (*fn)(void *arg, const char *dir, const char *name, unsigned mode, const char *hash);
	void *arg;
};
/* UNDER "" is the root. */
enum err_code git2_tree(struct git2 *g, const char *rev, const char *under,
    const struct git2_files *files, struct err *e);
enum err_code git2_blob(
    struct git2 *g, const char *rev, const char *path, size_t max, struct str *out, struct err *e);

#endif
