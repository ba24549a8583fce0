/* Differences as hunks and lines, by libgit2's patches: of two texts in memory, or of two commits.
 */
#ifndef SLIPWAY_REPO_DIFF_H
#define SLIPWAY_REPO_DIFF_H

#include "slipway/repo/status.h"

enum repo_line_kind { REPO_LINE_CONTEXT, REPO_LINE_ADD, REPO_LINE_DEL };

struct repo_line {
	enum repo_line_kind kind;
	size_t		    old_line, new_line; /* from 1; 0 where the line is not there */
	struct bytes	    text;   /* raw, without its LF; a CR stays; borrowed from the patch */
	bool		    no_eol; /* the file ends here without a line end */
};

struct repo_hunk {
	size_t old_start, old_count, new_start, new_count;
	size_t first, count; /* its lines */
};

struct repo_patch {
	struct repo_hunk *hunks;
	size_t		  hunk_count, hunk_cap;
	struct repo_line *lines; /* of all hunks */
	size_t		  line_count, line_cap;
	size_t		  added, deleted; /* lines */
	bool		  binary;  /* different, with no lines to show */
	bool		  cut;	   /* at max_lines */
	struct str	  text;	   /* what the lines point into */
};

#define REPO_PATCH_EMPTY { .hunks = NULL, .text = STR_EMPTY }

/* From OLD to NEW with CONTEXT lines around each change. Equal texts give no hunk. */
enum err_code repo_diff_text(struct bytes old_text, struct bytes new_text, size_t context,
    struct repo_patch *out, struct err *e);
void	      repo_patch_fini(struct repo_patch *p);
/* "@@ -1,7 +1,7 @@" into BUF, which is returned. */
const char *repo_hunk_header(const struct repo_hunk *h, char *buf, size_t size);
/* Appends the patch in the unified format, with --- and +++ lines naming PATH; foreign bytes stay.
 */
void repo_patch_unified(const struct repo_patch *p, const char *path, struct str *out);

struct repo_file_diff {
	enum repo_change  change;
	char		 *old_path, *new_path; /* equal unless renamed */
	struct repo_patch patch;
};
struct repo_diff {
	struct repo_file_diff *files;
	size_t		       count, cap;
	size_t		       total; /* files, listed or not */
};

#define REPO_DIFF_EMPTY { .files = NULL }

struct repo_diff_opts {
	const char *from, *to; /* revisions; FROM NULL: nothing, so that all is added */
	size_t	    context;   /* lines */
	size_t	    max_files; /* 0: 1000 */
	size_t	    max_lines; /* a file; 0: 20000 */
};

/* Renames are found. */
enum err_code repo_diff_commits(
    struct repo *r, const struct repo_diff_opts *opts, struct repo_diff *out, struct err *e);
void	      repo_diff_fini(struct repo_diff *d);

#endif
