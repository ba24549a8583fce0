/* Changelogs as people keep them: where the newest section stands, how it is written, and the bytes
 * of the file with one more section in that style. Text that stands there already is never changed;
 * what is written by hand under "Unreleased" moves below the new heading to the byte. */
#ifndef SLIPWAY_PROJECT_CHANGELOG_H
#define SLIPWAY_PROJECT_CHANGELOG_H

#include <stdbool.h>
#include <stddef.h>

#include "slipway/base/err.h"
#include "slipway/base/str.h"
#include "slipway/base/strlist.h"

/* A changelog that is longer is refused. */
#define CHANGELOG_MAX_BYTES ((size_t)8 << 20)
/* No heading, no section. */
#define CHANGELOG_NONE ((size_t)-1)

/* Index of the changelog among the NAMES of a directory, the most usual first; their count when
 * there is none. */
size_t changelog_pick(const struct strlist *names);
/* The file of the package in DIR ("" the root) below ROOT: there or in its docs/; with SHARED also
 * of the repository. Relative to ROOT and owned by the caller; NULL when there is none. */
char *changelog_find(const char *root, const char *dir, bool shared);

/* Appends ROOT/PATH to OUT, as all files of a project are read: bounded, inside of ROOT, UTF-8. */
enum err_code changelog_read(
    const char *root, const char *path, struct str *out, struct err *e);

/* How the first section of a changelog is headed, where none is the model. */
enum changelog_fresh {
	CHANGELOG_FRESH_NONE,	  /* none is begun */
	CHANGELOG_FRESH_BRACKETS, /* Keep a Changelog: "## [1.2.0] - 2026-01-31" */
	CHANGELOG_FRESH_DASH	  /* with an em dash: "## v1.2.0 — 2026-01-31" */
};
/* "none", "keep-a-changelog" or "dash"; false for other words. */
bool changelog_fresh_from(const char *word, enum changelog_fresh *out);
/* A file that has no section yet. */
const char *changelog_fresh_text(enum changelog_fresh fresh);

enum changelog_kind {
	CHANGELOG_OTHER,      /* a title, or prose */
	CHANGELOG_CATEGORY,   /* below a section: "### Added" */
	CHANGELOG_UNRELEASED, /* "## [Unreleased]"; with a version it is that of the next release */
	CHANGELOG_VERSION     /* its first word is a version by PEP 440 */
};

/* Offsets into the text. */
struct changelog_heading {
	enum changelog_kind kind;
	size_t at, end;	    /* with its labels and underlines, behind its last line end */
	size_t line;	    /* the line of its text */
	size_t text, len;   /* without markup at its ends */
	size_t word, wlen;  /* the version in it; WLEN 0: none */
	size_t under, ulen; /* its underline; ULEN 0: none */
	int level;	    /* 1 is the highest */
	bool yanked;
};

/* How the newest section is written, for one more. */
struct changelog_style {
	const char *eol;	 /* "\n" or "\r\n" */
	char bullet[8];		 /* "- " with what stands before it */
	char open[16], close[8]; /* around the title of a category */
	char under;		 /* the character below it; 0: none */
	bool categories;	 /* entries are grouped */
	bool air_heading;	 /* a blank line below the heading of a section */
	bool air_category;	 /* and of a category */
	bool capital;		 /* entries begin with a capital */
	bool scope;		 /* entries begin with "**scope**: " */
	int gap;		 /* blank lines between two sections */
};

struct changelog {
	struct bytes text; /* borrowed from changelog_parse(), as the two below */
	const char *name, *prefix;
	bool rst;
	struct changelog_heading *items;
	size_t count, cap;
	size_t unreleased, newest; /* indexes or CHANGELOG_NONE */
	size_t marker;		   /* offset behind a line for tools; CHANGELOG_NONE */
	size_t links;		   /* where the link references at the end begin, or the end */
	struct changelog_style style;
	struct strlist titles; /* of categories, those of newer sections first, each once */
};

#define CHANGELOG_EMPTY                                                                            \
	{                                                                                          \
		.items = NULL                                                                      \
	}

/* Reads TEXT, of a file called NAME; headings may carry PREFIX ("hatch-v"; NULL: none) in front of
 * versions. ERR_LIMIT when it is too long, ERR_INVALID when it is not UTF-8. The caller owns *OUT:
 * changelog_fini(); TEXT, NAME and PREFIX must outlive it. */
enum err_code changelog_parse(struct bytes text, const char *name, const char *prefix,
    struct changelog *out, struct err *e);
void changelog_fini(struct changelog *c);

/* The section that VERSION has already, by value, or CHANGELOG_NONE. */
size_t changelog_section_of(const struct changelog *c, const char *version);
/* What stands below heading AT up to the next section. Borrowed from the text. */
struct bytes changelog_body(const struct changelog *c, size_t at);

/* Titles of categories that mean the same: without emphasis, capitals and what follows in brackets.
 */
bool changelog_same_title(struct bytes heading, const char *title);

/* A category and its entries, one line each, without bullets. An empty title: no category. */
struct changelog_group {
	const char *title;
	const struct strlist *entries;
};
/* Appends the body of the new section: the text under Unreleased to the byte, with GROUPS merged
 * into its categories below what is written by hand. Of a template (categories that hold comments
 * alone) only what was filled in. */
void changelog_compose(const struct changelog *c, const struct changelog_group *groups,
    size_t count, struct str *out);

struct changelog_release {
	const char *version;	/* normal form */
	const char *tag;	/* of the release, as links spell it; NULL: as the newest section */
	const char *tag_before; /* NULL: as the newest section has it */
	const char *date;	/* YYYY-MM-DD, UTC */
	enum changelog_fresh fresh; /* where no section is the model */
	struct bytes body;	/* of the section, by changelog_compose() or by a person */
};
/* Appends the whole file with the new section, read again as a proof. ERR_EXISTS when it has one of
 * that version: nothing is to be done. ERR_UNSUPPORTED when the result would not be read so. */
enum err_code changelog_insert(const struct changelog *c, const struct changelog_release *release,
    struct str *out, struct err *e);

/* Appends TEXT with VERSION_OLD and its date replaced, and with compare links moved on by one. */
void changelog_shift(struct bytes text, struct bytes version_old,
    const struct changelog_release *release, struct str *out);

#endif
