/* What a front is to the wizard: one table of functions. A front answers later, with the functions
 * of wizard.h; none of these waits for a person. */
#ifndef SLIPWAY_WIZARD_FRONT_H
#define SLIPWAY_WIZARD_FRONT_H

#include "slipway/wizard/question.h"
#include "slipway/wizard/release.h"

struct front_ops {
	/* Something in the model of STEP changed: draw again, or print what is new. */
	void (*changed)(void *front, enum step_id step);
	/* A step was entered, ended or failed: see wizard_step_sign() and wizard_step_text(). */
	void (*step)(void *front, enum step_id step);
	/* Q is open until it is answered or withdrawn (Q NULL). Borrowed until then. */
	void (*ask)(void *front, const struct question *q);
	/* A child needs the terminal, for REASON. The front leaves it as it was found and answers
	 * with wizard_terminal_given(), at once or later; when it has none, with false. */
	void (*lend)(void *front, const char *reason);
	/* The child is gone: the terminal is the front's again, to be drawn whole. */
	void (*take_back)(void *front);
	/* Nothing will follow. The front ends the loop; E is NULL after a success. */
	void (*finished)(void *front, const struct err *e);
};

#endif
