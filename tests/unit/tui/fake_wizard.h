/* Stands in for the wizard: a model that the test fills, and a record of what the pages wished. */
#ifndef SLIPWAY_TESTS_FAKE_WIZARD_H
#define SLIPWAY_TESTS_FAKE_WIZARD_H

#include "slipway/wizard/wizard.h"

struct wizard {
	struct release rel;
	const struct question *question;
	enum step_id step;
	enum sign signs[STEP_COUNT];
	struct err errors[STEP_COUNT];
	const char *texts[STEP_COUNT];
	char did[1024]; /* "answer 3 go-on (why); " */
};

#endif
