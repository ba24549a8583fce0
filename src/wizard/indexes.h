/* The indexes of this release, and the tokens for them. */
#ifndef SLIPWAY_WIZARD_INDEXES_H
#define SLIPWAY_WIZARD_INDEXES_H

#include "engine.h"

/* Settles which index plays ROLE; NAME NULL takes the configured one. With rehearsing switched off
 * the model's name is NULL afterwards and that is no error. */
enum err_code indexes_resolve(
    struct wizard *w, enum index_role role, const char *name, struct err *e);

/* What an index listed of a package in the preflight, for the question whether a version is taken.
 */
void indexes_remember(
    struct wizard *w, enum index_role role, size_t package, const struct strlist *versions);
/* By value: 1.0 and 1.0.0 are one version. */
bool indexes_has_version(
    const struct wizard *w, enum index_role role, size_t package, const char *version);
void indexes_free(struct wizard *w);

struct tokens;
typedef void (*tokens_fn)(void *arg, const struct err *e);
/* Makes sure that every selected package has its token for ROLE in memory: looks where design.md,
 * section 5, says, then asks through the step S (kind QUESTION_SECRET, question ID). FN gets NULL
 * when all are there. */
struct tokens *tokens_get(
    struct step_run *s, enum index_role role, enum question_id id, tokens_fn fn, void *arg);
/* The step's answer to that question. */
void tokens_answer(struct tokens *t, const struct answer *a);
void tokens_free(struct tokens *t); /* FN is not called any more; NULL is fine */
/* Drops what is in memory for ROLE, so that the next tokens_get() asks even where one was found. */
void tokens_forget(struct wizard *w, enum index_role role);
/* Frees all of them. */
void tokens_wipe(struct wizard *w);

#endif
