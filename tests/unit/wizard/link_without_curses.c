/* Links the wizard and nothing of a screen (design, section 6): a plan is made in a folder that is
 * no repository, and says so. Fails when a curses library came along. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/os/loop.h"
#include "slipway/wizard/wizard.h"

struct seen {
	struct loop *loop;
	enum err_code code;
};

static void
nothing(void *front, enum step_id step)
{
	(void)front;
	(void)step;
}

static void
no_question(void *front, const struct question *q)
{
	(void)front;
	(void)q;
}

static void
finished(void *front, const struct err *e)
{
	struct seen *s = front;

	s->code = e != NULL ? e->code : ERR_OK;
	loop_stop(s->loop);
}

static const struct front_ops front = {
	.changed = nothing, .step = nothing, .ask = no_question, .finished = finished
};

/* Whether a library of that name is in our own memory. */
static int
has_library(const char *name)
{
	char line[4096];
	FILE *maps = fopen("/proc/self/maps", "r");
	int found = 0;

	while (maps != NULL && fgets(line, sizeof line, maps) != NULL)
		found |= strstr(line, name) != NULL;
	if (maps != NULL)
		fclose(maps);
	return found;
}

int
main(void)
{
	const struct wizard_opts opts = { .mode = WIZARD_PLAN, .dir = "/", .unattended = true };
	struct seen seen = { .code = ERR_OK };
	struct wizard *w;

	if (loop_new(&seen.loop, NULL) != ERR_OK ||
	    wizard_new(seen.loop, &opts, &front, &seen, &w, NULL) != ERR_OK)
		return EXIT_FAILURE;
	wizard_start(w);
	loop_run(seen.loop);
	wizard_free(w);
	loop_free(seen.loop);
	if (seen.code == ERR_OK || has_library("libncurses") || has_library("libtinfo")) {
		fprintf(stderr, "code %d, curses %d\n", (int)seen.code, has_library("libncurses"));
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
