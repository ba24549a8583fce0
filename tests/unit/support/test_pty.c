/* The pseudo-terminal of the end-to-end tests: what it says about a program must be so. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "leak_gate.h"
#include "pty.h"
#include "temp.h"

static struct pty *
sh(const char *script)
{
	const char *argv[] = { "sh", "-c", script, NULL };
	const char *env[] = { "GREETING=hello", "HOME", "PS1=", NULL };

	return pty_start(&(struct pty_opts){ .argv = argv, .env = env, .cwd = "/" });
}

/* For what must fail: the dump would only confuse who reads the log. */
static bool
silently(bool (*wait)(struct pty *p, const char *text), struct pty *p, const char *text)
{
	int  saved = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY);
	bool ok;

	fflush(stderr);
	dup2(null, STDERR_FILENO);
	ok = wait(p, text);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(null);
	close(saved);
	return ok;
}

Test(pty, a_program_sees_its_terminal_environment_and_directory, .fini = leak_gate)
{
	struct pty *p = sh(
	    "stty size; echo \"$GREETING $TERM ${HOME-none} $(pwd)\"; tty -s && exit 5");

	pty_expect_exit(p, 5);
	cr_expect_str_eq(pty_row(p, 0), "24 80");
	cr_expect_str_eq(pty_row(p, 1), "hello xterm-256color none /");
	cr_expect_null(pty_not_restored(p));
	pty_free(p);
}

Test(pty, keys_pastes_and_raw_bytes_arrive, .fini = leak_gate)
{
	struct pty *p = sh(
	    "stty raw -echo; printf ready; head -c 29 | od -An -c -w40 | tr -s ' '; stty sane");

	pty_expect(p, "ready");
	pty_keys(p, "a C-a Up F1 F5 S-Tab Esc");
	pty_type(p, "\xc3\xa9 z");
	pty_paste(p, "pq");
	pty_keys(p, "Enter Space M-x");
	pty_send(p, "\x01\x02", 2);
	pty_expect_exit(p, 0);
	cr_expect(pty_has(p, "a 001 033 [ A 033 O P 033 [ 1 5 ~"), "%s", pty_screen(p));
	cr_expect(pty_has(p, "033 [ Z 033 303 251 z p q \\r 033 x 001"), "%s", pty_screen(p));
	pty_free(p);
}

Test(pty, pastes_come_in_brackets_when_asked_for, .fini = leak_gate)
{
	struct pty *p = sh(
	    "stty raw -echo; printf '\\033[?2004hready'; head -c 14 | od -An -c | tr -s ' '");

	pty_expect(p, "ready");
	pty_paste(p, "pq");
	pty_expect_exit(p, 0);
	cr_expect(pty_has(p, "033 [ 2 0 0 ~ p q 033 [ 2 0 1 ~"), "%s", pty_screen(p));
	cr_expect_str_eq(pty_not_restored(p), "pastes come in brackets");
	pty_free(p);
}

Test(pty, cells_have_colours_attributes_and_widths, .fini = leak_gate)
{
	struct pty *p = sh("printf '\\033[1;31mA\\033[0;7mB\\033[0;38;5;200;48;2;1;2;3mC\\033[0m"
			   "\xe4\xbd\xa0"
			   "e\\314\\201x\\007\\033[5;3Hend'");
	struct pty_cell c;
	int		row, col;

	pty_expect_exit(p, 0);
	pty_cell(p, 0, 0, &c);
	cr_expect(strcmp(c.text, "A") == 0 && c.bold && !c.reverse);
	cr_expect(c.fg.kind == PTY_COLOUR_INDEXED && c.fg.index == 1);
	cr_expect_eq(c.bg.kind, PTY_COLOUR_DEFAULT);
	pty_cell(p, 0, 1, &c);
	cr_expect(c.reverse && !c.bold && c.fg.kind == PTY_COLOUR_DEFAULT);
	pty_cell(p, 0, 2, &c);
	cr_expect(c.fg.kind == PTY_COLOUR_INDEXED && c.fg.index == 200);
	cr_expect(
	    c.bg.kind == PTY_COLOUR_RGB && c.bg.red == 1 && c.bg.green == 2 && c.bg.blue == 3);
	pty_cell(p, 0, 3, &c);
	cr_expect(c.width == 2 && strcmp(c.text, "\xe4\xbd\xa0") == 0);
	pty_cell(p, 0, 4, &c);
	cr_expect_str_eq(c.text, "");
	pty_cell(p, 0, 5, &c);
	cr_expect_str_eq(c.text, "e\xcc\x81");
	cr_expect(pty_find(p, "x", &row, &col) && row == 0 && col == 6);
	cr_expect(pty_find(p, "end", &row, &col) && row == 4 && col == 2);
	pty_cursor(p, &row, &col);
	cr_expect(row == 4 && col == 5);
	cr_expect_eq(pty_bells(p), 1);
	pty_free(p);
}

Test(pty, a_resize_reaches_the_program, .fini = leak_gate)
{
	struct pty *p = sh(
	    "trap 'stty size; exit 0' WINCH; echo ready; while :; do read -r x; done");

	pty_expect(p, "ready");
	pty_resize(p, 40, 120);
	pty_expect(p, "40 120");
	pty_expect_exit(p, 0);
	cr_expect_str_eq(pty_row(p, 39), "");
	cr_expect_str_eq(pty_row(p, 40), "");
	pty_free(p);
}

Test(pty, the_interrupt_key_is_a_signal_and_its_status_is_told, .fini = leak_gate)
{
	struct pty *p = sh("echo ready; exec cat");

	pty_expect(p, "ready");
	pty_keys(p, "C-c");
	pty_expect_exit(p, 128 + SIGINT);
	pty_free(p);
	p = sh("echo ready; exec cat");
	pty_expect(p, "ready");
	pty_signal(p, SIGTERM);
	pty_expect_exit(p, 128 + SIGTERM);
	pty_free(p);
}

Test(pty, a_stopped_program_can_be_looked_at_and_continued, .fini = leak_gate)
{
	struct pty *p = sh("echo ready; read -r line; echo got $line");

	pty_expect(p, "ready");
	pty_keys(p, "C-z");
	cr_assert(pty_wait_stopped(p));
	cr_expect_null(pty_not_restored(p));
	pty_foreground(p);
	pty_type(p, "word");
	pty_keys(p, "Enter");
	pty_expect(p, "got word");
	pty_expect_exit(p, 0);
	pty_free(p);
}

Test(pty, what_is_left_behind_is_named, .fini = leak_gate)
{
	static const struct {
		const char *script, *want;
	} row[] = {
		{ "printf '\\033[?1049h'", "it is on the alternate screen" },
		{ "printf '\\033[?1049h\\033[?1049l'", NULL },
		{ "printf '\\033[?12;25l'", "the cursor is hidden" },
		{ "printf '\\033[?1h\\033='", "the cursor keys are in application mode" },
		{ "printf '\\033='", "the keypad is in application mode" },
		{ "printf '\\033[?1000;1006h\\033[?1000l'", "the mouse is reported" },
		{ "printf '\\033[1m'", "colours or attributes are left on" },
		{ "printf '\\033[44m'", "colours or attributes are left on" },
		{ "printf '\\033[1;34m\\033[0m'", NULL },
		{ "stty -echo", "its line settings differ" },
		{ "s=$(stty -g); stty raw; stty $s", NULL },
		{ "stty intr ^X", "its line settings differ" },
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct pty *p = sh(row[i].script);
		const char *why;

		pty_expect_exit(p, 0);
		why = pty_not_restored(p);
		if (row[i].want == NULL || why == NULL)
			cr_expect(why == row[i].want, "%s: %s", row[i].script, why);
		else
			cr_expect_str_eq(why, row[i].want, "%s: %s", row[i].script, why);
		pty_free(p);
	}
}

Test(pty, every_byte_is_kept_also_what_was_overwritten_at_once, .fini = leak_gate)
{
	struct pty *p = sh(
	    "printf 'token\\rxxxxx\\033[2J'; head -c 300000 /dev/zero | tr '\\0' y; echo end");
	size_t	    len, count = 0;
	const char *raw;

	pty_expect_exit(p, 0);
	cr_expect(pty_sent(p, "token"));
	cr_expect(!pty_sent(p, "tokem"));
	cr_expect(!pty_has(p, "token"));
	raw = pty_raw(p, &len);
	for (size_t i = 0; i < len; i++)
		count += raw[i] == 'y';
	cr_expect_eq(count, 300000);
	cr_expect(!pty_sent(p, "end of output"));
	pty_free(p);
}

Test(pty, waits_fail_at_the_deadline_and_at_the_end_of_the_program, .fini = leak_gate)
{
	struct pty *p;

	setenv("SLIPWAY_TEST_DEADLINE_S", "1", 1);
	p = sh("echo here; exec cat");
	pty_expect(p, "here");
	cr_expect(!silently(pty_wait_text, p, "never"));
	cr_expect(!silently(pty_wait_gone, p, "here"));
	cr_expect(pty_wait_quiet(p, 20));
	pty_free(p);
	setenv("SLIPWAY_TEST_DEADLINE_S", "60", 1);
	p = sh("echo here");
	cr_expect(!silently(pty_wait_text, p, "never"));
	pty_free(p);
}

Test(pty, ending_it_leaves_no_process, .fini = leak_gate)
{
	struct pty *p = sh("trap '' HUP TERM INT; echo ready; sleep 1000");
	int	    pid = pty_pid(p);

	pty_expect(p, "ready");
	pty_free(p);
	/* The leader is gone, so init reaps what was below it; a zombie is dead as well. */
	for (int i = 0; i < 1000 && kill(pid, 0) == 0; i++) {
		const char *argv[] = { "grep", "-q", "^State:.Z", NULL, NULL };
		char	    path[64];

		snprintf(path, sizeof path, "/proc/%d/status", pid);
		argv[3] = path;
		if (temp_run("/", argv) == 0)
			break;
		cr_assert_lt(i, 999, "it is alive");
	}
	pty_free(NULL);
}

Test(pty, a_program_that_is_not_there, .fini = leak_gate)
{
	const char *argv[] = { "/no/such/program", NULL };
	struct pty *p = pty_start(&(struct pty_opts){ .argv = argv });

	pty_expect_exit(p, 127);
	cr_expect(pty_has(p, "/no/such/program"));
	pty_free(p);
}
