/* Draws the README's pictures from real screens of the demo: previews SLIPWAY SCREEN_SVG FOLDER
 *
 * For each theme the demo runs in a pseudo-terminal up to one page, and what the program printed so
 * far becomes FOLDER/<theme>.svg. Needs a terminal description with direct colour (ncurses-term).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pty.h"
#include "slipway/base/compiler.h"
#include "temp.h"

#define ROWS 30
#define COLS 100

struct scene {
	const char *theme;
	const char *page; /* what is on the screen when it is drawn */
	const char *steps[16]; /* wait for the first, press the second, and so on */
};

static const struct scene scenes[] = {
	{ "default", "Ready. Nothing has been changed.", { NULL } },
	{ "dark", "Since v1.0.3", { "Ready.", "Enter", NULL } },
	{ "light", "stay as they are", { "Ready.", "Enter", "Since v1.0.3", "Enter", NULL } },
	{ "contrast", "What was reviewed",
	    { "Ready.", "Enter", "Since v1.0.3", "Enter", "stay as they are", "Enter",
		"The same text", "Enter", NULL } },
	{ "harbour", "def retry",
	    { "Ready.", "Enter", "Since v1.0.3", "Enter", "stay as they are", "Enter",
		"The same text", "Enter",
		"What was reviewed", "Enter", "retry.py", "Down Down Down", NULL } },
};

static bool
reach(struct pty *p, const struct scene *s)
{
	for (size_t i = 0; s->steps[i] != NULL; i += 2) {
		if (!pty_wait_text(p, s->steps[i]))
			return false;
		pty_keys(p, s->steps[i + 1]);
	}
	return pty_wait_text(p, s->page) && pty_wait_quiet(p, 300);
}

/* The bytes of the page go through screen_svg; quitting comes after, so that it is not drawn. */
static int
draw(struct pty *p, const struct scene *s, const char *screen_svg, const char *folder)
{
	char command[4096];
	size_t len;
	const char *raw = pty_raw(p, &len);
	FILE *pipe;

	snprintf(command, sizeof command, "'%s' %dx%d 'slipway --theme %s' > '%s/%s.svg'",
	    screen_svg, COLS, ROWS, s->theme, folder, s->theme);
	pipe = popen(command, "w");
	if (pipe == NULL || fwrite(raw, 1, len, pipe) != len)
		return 1;
	return pclose(pipe) == 0 ? 0 : 1;
}

static int
run(const struct scene *s, char *const *argv)
{
	char *dir = temp_dir();
	const char *program[] = { argv[1], "demo", "llmhub", "--theme", s->theme, NULL };
	const char *env[] = { "TERM=xterm-direct2", "COLORTERM=truecolor", NULL, NULL };
	char cache[4200];
	struct pty *p;
	int status = 1;

	snprintf(cache, sizeof cache, "XDG_CACHE_HOME=%s/cache", dir);
	env[2] = cache;
	p = pty_start(&(struct pty_opts){
	    .argv = program, .env = env, .cwd = dir, .rows = ROWS, .cols = COLS });
	if (pty_wait_text(p, "Press Enter")) {
		pty_keys(p, "Enter");
		if (reach(p, s))
			status = draw(p, s, argv[2], argv[3]);
	}
	fprintf(stderr, "%s: %s\n", s->theme, status == 0 ? "drawn" : "failed");
	pty_free(p);
	temp_remove(dir);
	return status;
}

int
main(int argc, char **argv)
{
	int failed = 0;

	if (argc != 4) {
		fprintf(stderr, "usage: previews SLIPWAY SCREEN_SVG FOLDER\n");
		return 2;
	}
	setenv("SLIPWAY_TEST_DEADLINE_S", "180", 0);
	for (size_t i = 0; i < ARRAY_LEN(scenes); i++)
		failed |= run(&scenes[i], argv);
	return failed;
}
