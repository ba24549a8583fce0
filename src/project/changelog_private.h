/* What the files of the changelog share. Private to this layer. */
#ifndef SLIPWAY_PROJECT_CHANGELOG_PRIVATE_H
#define SLIPWAY_PROJECT_CHANGELOG_PRIVATE_H

#include "slipway/project/changelog.h"

/* The line of TEXT that begins at AT: its length without its end, and where the next one begins. */
struct changelog_line {
	size_t at, len, next;
};
struct changelog_line changelog_line_at(struct bytes text, size_t at);
bool changelog_line_is_blank(struct bytes text, const struct changelog_line *l);

/* changelog_style.c: fills C->style and C->titles. */
void changelog_read_style(struct changelog *c);

/* changelog_links.c */
struct changelog_ref {
	size_t at, next; /* the line */
	size_t label, label_len;
	size_t url, url_len; /* in the text */
};
bool changelog_ref_at(struct bytes text, const struct changelog_line *l, struct changelog_ref *out);
/* The first definition of LABEL ("v" in front does not count) from FROM on. */
bool changelog_find_ref(
    const struct changelog *c, size_t from, struct bytes label, struct changelog_ref *out);
/* A compare link: "A...B" of URL, as offsets into it. */
struct changelog_compare {
	size_t from, from_len, sep_len, to, to_len;
};
bool changelog_compare_in(struct bytes url, struct changelog_compare *out);
/* VERSION stands in TEXT as a whole. */
bool changelog_has_version(struct bytes text, struct bytes version);

/* changelog_compose.c: whether what stands under Unreleased is to be filled in, and that again with
 * nothing in it. */
bool changelog_is_template(const struct changelog *c);
void changelog_empty_template(const struct changelog *c, struct str *out);

/* changelog_date.c: bytes of a date at AT of TEXT, in a form that it writes as well: 0 for none. */
size_t changelog_date_at(struct bytes text, size_t at);
/* Appends ISO (YYYY-MM-DD) in the form of MODEL, as changelog_date_at() found it. */
void changelog_date_like(struct bytes model, const char *iso, struct str *out);

#endif
