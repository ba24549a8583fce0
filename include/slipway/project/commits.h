/* Conventional Commits 1.0.0: what each commit means for the next version, and why. Texts are
 * foreign bytes: a front makes them safe before it shows them. */
#ifndef SLIPWAY_PROJECT_COMMITS_H
#define SLIPWAY_PROJECT_COMMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slipway/base/strlist.h"
#include "slipway/project/version.h"

/* Filled and owned by the caller; borrowed during a call. */
struct commit_info {
	const char *hash; /* hexadecimal */
	const char *author;
	int64_t date; /* seconds since 1970, UTC */
	const char *subject;
	const char *body; /* without the subject; NULL is fine */
};

struct conventional {
	bool parsed;  /* it has a type and a description */
	bool lenient; /* parsed, but not to the letter: the one space behind the colon is missing or
			 more */
	char *type;   /* lower case: types are not case-sensitive */
	char *scope;  /* lower case; NULL when there is none */
	char *description;
	bool breaking;	     /* a "!" or a footer BREAKING CHANGE */
	char *breaking_text; /* of the footer; NULL when there is none */
	bool maybe_breaking; /* the words stand elsewhere in the body: a person must confirm */
	bool revert;	     /* revert: ..., Revert "...", Reapply "..." */
	char *reverted;	     /* the subject between the quotes or behind "revert:"; NULL */
	struct strlist
	    reverted_hashes; /* from "This reverts commit" and the footer Refs of a revert */
};

/* Cannot fail: what is no conventional commit has PARSED unset. The caller owns *OUT:
 * conventional_fini(). */
void conventional_parse(const char *subject, const char *body, struct conventional *out);
void conventional_fini(struct conventional *c);

/* What a change means while the version is 0.x. */
enum zero_policy {
	ZERO_MINOR,  /* breaking: minor, feature: minor (the default) */
	ZERO_SHIFT,  /* breaking: minor, feature: patch */
	ZERO_AS_ONE, /* as 1.x: breaking makes 1.0.0 */
};

struct commit_reading {
	struct conventional c;
	enum version_bump bump; /* patch, minor, major; BUMP_COUNT when it asks for no release */
	bool cancelled;		/* reverted within the range, or such a revert */
	bool release;		/* the commit of an earlier release */
	bool confirm;		/* it may be a breaking change: ask */
	char *reason;		/* short: "feature", "reverted by 1a2b3c4" */
};

struct suggestion {
	struct commit_reading *readings; /* in the order of the commits */
	size_t count;
	enum version_bump bump;			   /* BUMP_COUNT: nothing to release */
	size_t features, fixes, breaking, confirm; /* how many; confirm ones are not breaking */
	char *reason;				   /* one line: "2 features, none breaking" */
};

struct suggest_opts {
	enum zero_policy policy;
	const struct version *current; /* NULL: taken as 1.x */
	const struct version
	    *last_final; /* needed only when CURRENT is a pre-release; NULL: none */
};

/* COMMITS from the newest to the oldest, those since the last tag (of the last final, when CURRENT
 * is a pre-release). The caller owns *OUT: suggestion_fini(). */
void commits_suggest(const struct commit_info *commits, size_t count,
    const struct suggest_opts *opts, struct suggestion *out);
void suggestion_fini(struct suggestion *s);

/* The bullets ("* fix: y") of the body of a squashed merge; true when there are some and every one
 * is a conventional header. The caller owns what is in BULLETS. */
bool commits_squashed(const char *body, struct strlist *bullets);

#endif
