/* Which tags a package gets, where the tags that are there do not say it for sure. Asked in the
 * preflight, and kept in the configuration by the release commit: see keep_tag.h. */
#ifndef SLIPWAY_WIZARD_ASK_TAG_H
#define SLIPWAY_WIZARD_ASK_TAG_H

#include "engine.h"

/* What an open question borrows; zero is empty. */
struct tag_question {
	char *title, *text;
	struct question_option *options;
	struct strlist words; /* of the options */
	size_t package;	      /* the first of those it is about */
	bool each;	      /* one by one: the person said so */
	bool changed;	      /* an answer is not what was read from the tags: look again */
};

void tag_question_fini(struct tag_question *q);
/* Opens the question about the next package in doubt; false when there is none, or when only a plan
 * is made, which shows the doubt. */
bool ask_tag(struct step_run *s, struct tag_question *q);
/* Takes the answer in, for all packages that the question was about. ERR_CONFIG or ERR_INVALID:
 * refused, with the reason. */
enum err_code ask_tag_answer(
    struct wizard *w, struct tag_question *q, const char *answer, struct err *e);
/* Appends what flags are missing, "; " between them, and counts them. */
void ask_tag_missing(const struct wizard *w, struct str *out, size_t *count);

/* "NAME=TEMPLATE" or "TEMPLATE" of the command line, as an answer of LIST: a name ("" for all) and
 * a template. */
void ask_tag_flag(const char *flag, struct strlist *list);
/* The answer for a package in LIST; NULL when there is none. Borrowed. */
const char *ask_tag_find(const struct strlist *list, const char *package);

#endif
