/* The preflight's lines: each check is started, looks side by side with the others, and ends its
 * own line. */
#ifndef SLIPWAY_WIZARD_PREFLIGHT_H
#define SLIPWAY_WIZARD_PREFLIGHT_H

#include "engine.h"

enum check_id {
	CHECK_REPOSITORY,
	CHECK_BRANCH,
	CHECK_CLEAN_TREE,
	CHECK_REMOTE,
	CHECK_IDENTITY,
	CHECK_PYTHON,
	CHECK_TAG,
	CHECK_DOTENV,
	CHECK_TOKEN_PRODUCTION,
	CHECK_TOKEN_TEST,
	CHECK_INDEX_PRODUCTION,
	CHECK_INDEX_TEST,
	CHECK_CI,
	CHECK_NEWS, /* the last: only where there is something to say */
	CHECK_COUNT
};

struct preflight;

/* One check's own place: what it has under way, to be stopped when the step is left. */
struct check {
	struct preflight *p;
	enum check_id id;
	struct wizard *w;
	void *priv;
	void (*stop)(struct check *c); /* cancels and frees PRIV; NULL when nothing runs */
	uint64_t started_ms;
	bool ended;
	/* What the line will say once all that it owns has ended: check_repo.c. */
	enum sign pending_sign;
	char *pending_text, *pending_hint;
};

/* Ends the line. TEXT and HINT (may be NULL) are copied and made safe. */
void check_end(struct check *c, enum sign sign, const char *text, const char *hint);
void check_endf(struct check *c, enum sign sign, const char *hint, const char *fmt, ...)
    PRINTF_LIKE(4, 5);
/* Ends the check without a line; of CHECK_NEWS alone. */
void preflight_nothing_to_say(struct check *c);
void check_fail(struct check *c, enum sign sign, const struct err *e);

/* check_repo.c: what the worker reads of the repository; begins the others when it knows enough. */
void check_repo_start(struct check *c);
/* Called by it, on the loop. */
void preflight_repo_known(struct preflight *p, const struct err *e);
void preflight_packages_known(struct preflight *p, const struct err *e);
/* The lines below belong to the repository's job too. */
struct check *preflight_check(struct preflight *p, enum check_id id);

void check_python_start(struct check *c);
void check_remote_start(struct check *c);
void check_token_start(struct check *c);
void check_index_start(struct check *c);
void check_news_start(struct check *c);

#endif
