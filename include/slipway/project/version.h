/* Versions by PEP 440: reading, normal form, order, spellings and the next one. Numbers may have
 * any length. */
#ifndef SLIPWAY_PROJECT_VERSION_H
#define SLIPWAY_PROJECT_VERSION_H

#include <stdbool.h>
#include <stddef.h>

#include "slipway/base/err.h"
#include "slipway/base/str.h"

/* Where a part stands in the normal form; len 0: the version has none. */
struct version_part {
	size_t at;
	size_t len;
};

/* Empty is all zero. Read it through the functions below. */
struct version {
	char *normal;  /* the normal form; what the parts point into */
	char *written; /* as it was read, without white space around it */
	struct version_part epoch, release, pre, post, dev, local;
	char phase; /* 'a', 'b' or 'r' (rc) with pre, else 0 */
};

#define VERSION_EMPTY                                                                              \
	{                                                                                          \
		.normal = NULL                                                                     \
	}

/* The caller owns *OUT: version_fini(). ERR_INVALID says what is wrong where; *OUT is then
 * untouched. */
enum err_code version_parse(const char *text, struct version *out, struct err *e);
enum err_code version_parse_bytes(struct bytes text, struct version *out, struct err *e);
void version_fini(struct version *v); /* empty is fine; empty afterwards */
void version_copy(const struct version *from, struct version *to);
/* The normal form, "1.2.3rc1"; borrowed until V ends. "" while empty. */
const char *version_text(const struct version *v);
/* The normal form of TEXT, owned by the caller; NULL when it is no version. */
char *version_normal(const char *text) MUST_USE;
/* As it was read. */
const char *version_written(const struct version *v);

/* The order of PEP 440: < 0, 0, > 0. Trailing zeros of the release do not count: 1.0 equals 1.0.0.
 */
int version_compare(const struct version *a, const struct version *b);

bool version_is_pre(
    const struct version *v); /* has a, b, rc or dev; a post release of a final is none */
bool version_is_dev(const struct version *v);
bool version_is_post(const struct version *v);
bool version_has_local(const struct version *v);
bool version_has_epoch(const struct version *v);
/* "0", "0.0.0", "1!0+dev": something that a build replaces, not a version to go on from. */
bool version_is_placeholder(const struct version *v);
bool version_is_zero_major(const struct version *v); /* 0.x of any epoch */
size_t version_release_len(const struct version *v); /* 3 for 1.2.3 */
/* One number of the release as digits in the normal form; "0" behind its end. */
struct bytes version_release_at(const struct version *v, size_t index);
/* Appends epoch and release alone: "1!2.0". */
void version_base(const struct version *v, struct str *out);

enum version_spelling {
	VERSION_PEP440, /* 1.2.3rc1 */
	VERSION_DASHED, /* 1.2.3-rc1 */
	VERSION_SEMVER, /* 1.2.3-rc.1 */
	VERSION_SPELLING_COUNT
};

/* Appends V in that spelling; each is read back as the same version. SemVer has no form for post
 * releases, epochs and a fourth number: ERR_UNSUPPORTED. */
enum err_code version_spell(
    const struct version *v, enum version_spelling spelling, struct str *out, struct err *e);

/* A number of LIKE's release is written with a leading zero: 2026.04.0. */
bool version_is_padded(const struct version *like);
/* TEXT holds a spelling of V from AT on: its release numbers get the zeros that those of LIKE are
 * written with. */
void version_pad(
    const struct version *v, const struct version *like, size_t at, struct str *text);

enum version_bump {
	BUMP_PATCH, /* the third number; the release grows to three */
	BUMP_MINOR,
	BUMP_MAJOR,
	BUMP_FINAL, /* the same release without pre and dev */
	BUMP_RC,
	BUMP_ALPHA,
	BUMP_BETA,
	BUMP_DEV,
	BUMP_POST,
	BUMP_LAST,     /* the last number of a release of four and more */
	BUMP_CALENDAR, /* year and month of today; only offered, see version_choices() */
	BUMP_COUNT
};

/* "patch", "rc"; and back: false when WORD is none of those that a user may type (the first nine).
 */
const char *version_bump_name(enum version_bump bump);
bool version_bump_from(const char *word, enum version_bump *out);

/* The next version of that kind; the caller owns *OUT. The epoch stays, the local part goes,
 * pre-releases count from 1. alpha, beta, rc and dev of a final version are those of the next
 * minor. When the result would not be greater than CURRENT, ERR_INVALID says so. */
enum err_code version_next(
    const struct version *current, enum version_bump bump, struct version *out, struct err *e);
/* The first pre-release (alpha, beta, rc or dev) of the next BASE (patch, minor, major): "minor"
 * and "rc" of 1.0.3 are 1.1.0rc1. */
enum err_code version_next_pre(const struct version *current, enum version_bump base,
    enum version_bump pre, struct version *out, struct err *e);

struct version_choice {
	enum version_bump bump;
	enum version_bump base; /* for "minor and rc"; BUMP_COUNT when there is none */
	bool advanced;		/* shown on request */
	bool lower;		/* not greater than the current version: warn */
	struct version result;
	char *note; /* one line, what it means */
};

struct version_choices {
	struct version_choice *items;
	size_t count;
	size_t cap;
};

#define VERSION_CHOICES_EMPTY                                                                      \
	{                                                                                          \
		.items = NULL, .count = 0, .cap = 0                                                \
	}

/* What may follow CURRENT, in the order in which to offer it: usual ones first, then the advanced.
 * TODAY is "YYYY-MM-DD" for calendar versions, or NULL. The caller owns *OUT:
 * version_choices_fini(). */
void version_choices(const struct version *current, const char *today, struct version_choices *out);
void version_choices_fini(struct version_choices *c);

#endif
