/* The terminal itself, in a pseudo-terminal: taken, drawn on, lent, and given back whatever
 * happens. */
#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

#include "leak_gate.h"
#include "pty.h"

static struct pty *
start(const char *const *env)
{
	static const char *const argv[] = { TERM_PROBE, NULL };

	return pty_start(&(struct pty_opts) { .argv = argv, .env = env, .rows = 24, .cols = 80 });
}

Test(term, draws_in_colour_and_lines_up, .fini = leak_gate)
{
	struct pty *p = start(NULL);
	struct pty_cell cell;
	int row, col;

	pty_expect(p, "probe 80x24 depth 2 utf8");
	pty_expect(p, "corner");
	cr_expect_str_eq(pty_row(p, 1), "✓ 漢字 e\xcc\x81|");
	cr_assert(pty_find(p, "corner", &row, &col));
	cr_expect(row == 23 && col == 74, "%d %d", row, col);
	pty_cell(p, 3, 0, &cell);
	cr_expect_eq(cell.fg.kind, PTY_COLOUR_INDEXED);
	cr_expect_eq(cell.fg.index, 210);
	cr_expect_eq(cell.bg.index, 234);
	cr_expect(cell.bold);
	pty_cursor(p, &row, &col);
	cr_expect(row == 2 && col == 3 && pty_is_cursor_visible(p) && pty_is_alternate(p));
	pty_keys(p, "q");
	pty_expect_exit(p, 0);
	pty_expect_restored(p);
	pty_free(p);
}

Test(term, keys_pastes_and_the_mouse_arrive, .fini = leak_gate)
{
	struct pty *p = start(NULL);

	pty_expect(p, "probe");
	pty_keys(p, "Down");
	pty_expect(p, "key Down.");
	pty_keys(p, "S-Tab");
	pty_expect(p, "key Shift-Tab.");
	pty_keys(p, "Esc");
	pty_expect(p, "key Esc.");
	pty_keys(p, "C-c");
	pty_expect(p, "key ^C.");
	pty_paste(p, "one\ntwo");
	pty_expect(p, "paste of 7.");
	cr_expect(!pty_sent(p, "two"));
	pty_click(p, 4, 9);
	pty_expect(p, "mouse 9,4.");
	pty_keys(p, "q");
	pty_expect_exit(p, 0);
	pty_free(p);
}

Test(term, follows_the_size_and_tells_signals, .fini = leak_gate)
{
	struct pty *p = start(NULL);

	pty_expect(p, "probe 80x24");
	pty_resize(p, 40, 120);
	pty_expect(p, "probe 120x40");
	pty_expect(p, "resize 120x40.");
	pty_resize(p, 3, 10);
	pty_expect(p, "probe 10x3");
	pty_resize(p, 24, 80);
	pty_expect(p, "resize 80x24.");
	pty_signal(p, SIGTERM);
	pty_expect(p, "signal 15.");
	pty_signal(p, SIGHUP);
	pty_expect_exit(p, 0);
	pty_expect_restored(p);
	pty_free(p);
}

Test(term, goes_and_comes_back_whole, .fini = leak_gate)
{
	struct pty *p = start(NULL);

	pty_expect(p, "probe");
	pty_keys(p, "S");
	pty_expect(p, "resize 80x24.");
	cr_expect(pty_sent(p, "somebody else was here"));
	pty_expect(p, "corner");
	pty_keys(p, "Z");
	cr_assert(pty_wait_stopped(p));
	pty_expect_restored(p);
	pty_foreground(p);
	pty_expect(p, "probe 80x24");
	pty_keys(p, "q");
	pty_expect_exit(p, 0);
	pty_expect_restored(p);
	pty_free(p);
}

Test(term, a_crash_gives_the_terminal_back, .fini = leak_gate)
{
	static const struct {
		const char *key;
		int signo;
	} row[] = { { "C", SIGSEGV }, { "D", SIGABRT } };

	for (size_t i = 0; i < 2; i++) {
		struct pty *p = start(NULL);

		pty_expect(p, "probe");
		pty_keys(p, row[i].key);
		pty_expect_exit(p, 128 + row[i].signo);
		pty_expect_restored(p);
		cr_expect(pty_has(p, "slipway resume goes on"));
		pty_free(p);
	}
}

Test(term, colours_follow_the_environment, .fini = leak_gate)
{
	static const struct {
		const char *env[3];
		const char *expected;
	} row[] = {
		{ { "NO_COLOR=1", NULL }, "depth 0 utf8" },
		{ { "TERM=xterm", NULL }, "depth 1 utf8" },
		{ { "TERM=xterm", "COLORTERM=truecolor", NULL }, "utf8" },
		{ { "TERM=vt100", "LC_ALL=C", NULL }, "depth 0 ascii" },
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct pty *p = start(row[i].env);

		pty_expect(p, row[i].expected);
		/* Whether there is an xterm-direct depends on what is installed. */
		if (i == 2)
			cr_expect(pty_has(p, "depth 2") || pty_has(p, "depth 3"));
		pty_expect(p, i == 3 ? "+ ???? e|" : "✓ 漢字");
		pty_keys(p, "q");
		pty_expect_exit(p, 0);
		pty_free(p);
	}
}

Test(term, what_cannot_be_drawn_on_is_an_error, .fini = leak_gate)
{
	static const char *const env[][2] = { { "TERM=nonsense", NULL }, { "TERM=dumb", NULL } };

	for (size_t i = 0; i < 2; i++) {
		struct pty *p = start(env[i]);

		pty_expect_exit(p, 3);
		cr_expect(pty_has(p, "--plain"), "%s", pty_screen(p));
		pty_expect_restored(p);
		pty_free(p);
	}
}
