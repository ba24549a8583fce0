/* Who answers: flags, presets or a person; and which step follows which. */
#ifndef SLIPWAY_WIZARD_POLICY_H
#define SLIPWAY_WIZARD_POLICY_H

#include "engine.h"

enum policy {
	POLICY_ASK,	 /* the front */
	POLICY_ANSWERED, /* *TEXT is the answer; borrowed from the options or the question */
	POLICY_REFUSED,	 /* nobody can answer: E says which flag would */
};

enum policy policy_answer(
    const struct wizard *w, const struct question *q, const char **text, struct err *e);
/* For an unattended release, before any effect: ERR_USAGE that lists every answer nobody gave. */
enum err_code policy_missing(const struct wizard *w, struct err *e);
enum step_id policy_next_step(const struct wizard *w, enum step_id step);

#endif
