/* Tags: templates with a prefix and a spelling, and which of a repository's tags are a package's
 * versions. They are ordered by PEP 440, never by git's own order, which puts v1.0 before v1.0-rc1.
 */
#ifndef SLIPWAY_PROJECT_TAGS_H
#define SLIPWAY_PROJECT_TAGS_H

#include <stdbool.h>
#include <stddef.h>

#include "slipway/base/err.h"
#include "slipway/base/str.h"
#include "slipway/base/strlist.h"
#include "slipway/project/version.h"

struct tag_template {
	char *prefix;
	char *suffix; /* most often "" */
	enum version_spelling spelling;
};

#define TAG_TEMPLATE_EMPTY                                                                         \
	{                                                                                          \
		.prefix = NULL                                                                     \
	}

/* "v{version}", "{name}-v{semver}": NAME stands for {name}; one of {version}, {dashed} and {semver}
 * is needed. ERR_CONFIG says what is wrong with it. The caller owns *OUT: tag_template_fini(). */
enum err_code tag_template_parse(
    const char *text, const char *name, struct tag_template *out, struct err *e);
void tag_template_fini(struct tag_template *t);
/* Appends the tag of V. ERR_UNSUPPORTED when the spelling has no form for it. */
enum err_code tag_render(
    const struct tag_template *t, const struct version *v, struct str *out, struct err *e);
/* The same, with the zeros that the newest of NAMES are padded with: v2026.05.0 behind v2026.04.1.
 */
enum err_code tag_render_like(const struct tag_template *t, const struct strlist *names,
    const struct version *v, struct str *out, struct err *e);
/* The version that TAG names, in any spelling; false when it is not one of this template: another
 * prefix, or no digit behind it. The caller owns *OUT. */
bool tag_read(const struct tag_template *t, const char *tag, struct version *out);

enum tag_wanted {
	TAG_ANY,
	TAG_FINAL /* no pre-releases */
};

/* Index of the greatest version among NAMES, or their count when there is none. *OUT, when not
 * NULL, becomes the caller's. */
size_t tags_newest(const struct tag_template *t, const struct strlist *names,
    enum tag_wanted wanted, struct version *out);
/* Index of the greatest final version that is at most LIMIT (NULL: any); the count when there is
 * none. */
size_t tags_newest_below(const struct tag_template *t, const struct strlist *names,
    const struct version *limit);
/* Index of a tag that names V, by value: v1.0-rc1 is 1.0rc1 as well. The count when there is none.
 */
size_t tags_find(
    const struct tag_template *t, const struct strlist *names, const struct version *v);

/* The tags of a repository, read once for all its packages. It borrows NAMES. */
struct tag_index;
struct tag_index *tag_index_new(const struct strlist *names) MUST_USE;
void tag_index_free(struct tag_index *index); /* NULL is fine */
const struct strlist *tag_index_names(const struct tag_index *index);

struct tag_guess {
	char *text;    /* the template */
	char *example; /* the newest tag that it fits; NULL when there is none */
	bool sure;     /* one prefix fits clearly better than the others */
	bool mixed;    /* pre-releases are spelled in more than one way: ask */
	struct strlist others; /* templates that may be meant as well, the likely ones first */
};

/* The template by which a package's tags seem to be made. CURRENT (NULL or empty: unknown) is its
 * version; ALONE says that it shares the repository with no package of another version. The caller
 * owns *OUT. */
void tags_guess(const struct tag_index *tags, const char *name, const struct version *current,
    bool alone, struct tag_guess *out);
void tag_guess_fini(struct tag_guess *g);

#endif
