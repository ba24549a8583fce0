/* A program in a pseudo-terminal, driven like a person would: keys in, screen looked at.
 *
 *	const char *argv[] = { SLIPWAY, "demo", dir, NULL };
 *	struct pty *p = pty_start(&(struct pty_opts){ .argv = argv, .rows = 24, .cols = 80 });
 *
 *	pty_expect(p, "Preflight");	or the test fails, with a dump of the screen
 *	pty_keys(p, "Down Down Enter");
 *	pty_paste(p, "secret");
 *	pty_keys(p, "Enter q");
 *	pty_expect_exit(p, 130);
 *	pty_expect_restored(p);
 *	cr_assert(!pty_sent(p, "secret"));
 *	pty_free(p);
 *
 * Nothing sleeps: each wait ends as soon as its condition holds, or at the deadline, which is 30
 * seconds or $SLIPWAY_TEST_DEADLINE_S. The program runs as a shell would run it: in a foreground
 * group of its own, below a session leader that outlives it. So ^Z works, and the state of the
 * terminal can be looked at after its end. */
#ifndef SLIPWAY_TESTS_PTY_H
#define SLIPWAY_TESTS_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pty;

struct pty_opts {
	const char *const *argv; /* argv[0] is looked for on PATH unless it holds a slash */
	/* "NAME=value" sets, "NAME" alone removes; over the environment of the test with
	 * TERM=xterm-256color, LC_ALL=C.UTF-8 and TZ=UTC, and without COLUMNS, LINES, NO_COLOR and
	 * COLORTERM. NULL is fine. */
	const char *const *env;
	const char	  *cwd; /* NULL: that of the test */
	int		   rows, cols; /* 0: 24 and 80 */
};

enum pty_colour_kind {
	PTY_COLOUR_DEFAULT,
	PTY_COLOUR_INDEXED, /* 0 to 255 */
	PTY_COLOUR_RGB
};

struct pty_colour {
	enum pty_colour_kind kind;
	uint8_t		     index, red, green, blue;
};

struct pty_cell {
	char		  text[32]; /* with its marks; blank: " "; right half of a wide one: "" */
	int		  width;
	bool		  bold, underline, italic, blink, reverse, strike;
	struct pty_colour fg, bg;
};

/* Aborts the test when the terminal cannot be made. The caller owns the result: pty_free(). */
struct pty *pty_start(const struct pty_opts *o);
/* Kills what still runs. NULL is fine. */
void pty_free(struct pty *p);

/* Keys by name, blanks between: Enter Tab Esc Backspace Space Up Down Left Right Home End PgUp PgDn
 * Ins Del F1..F12, any single character, each also with C- M- S- before it: "C-c", "S-Tab". Aborts
 * on an unknown one. */
void pty_keys(struct pty *p, const char *keys);
/* TEXT as typed, character by character. A newline is ^J: use pty_keys(p, "Enter"). */
void pty_type(struct pty *p, const char *text);
void pty_paste(struct pty *p, const char *text);
void pty_click(struct pty *p, int row, int col);
/* Bytes as they are, for what no keyboard sends. */
void pty_send(struct pty *p, const void *data, size_t len);
void pty_resize(struct pty *p, int rows, int cols);
/* To the group of the program. */
void pty_signal(struct pty *p, int signo);
/* Gives the terminal back to a stopped program and continues it: the shell's fg. */
void pty_foreground(struct pty *p);

typedef bool (*pty_test_fn)(struct pty *p, void *arg);

/* Each waits until it holds. False at the deadline, or at once when the program ended and it does
 * not hold; then the screen, the keys sent and WHAT was waited for are on standard error. */
bool pty_wait(struct pty *p, const char *what, pty_test_fn test, void *arg);
bool pty_wait_text(struct pty *p, const char *text); /* somewhere on the screen, within one row */
bool pty_wait_gone(struct pty *p, const char *text);
/* Until nothing was printed for QUIET_MS: for comparing a screen whose last part is not known. */
bool pty_wait_quiet(struct pty *p, int quiet_ms);
bool pty_wait_stopped(struct pty *p);
/* The exit status, 128 + signal, or -1 at the deadline. All output was read then. */
int pty_wait_exit(struct pty *p);

#define pty_expect(p, text)                                                                        \
	cr_assert(pty_wait_text(p, text), "\"%s\" is not on the screen", text)
#define pty_expect_gone(p, text)                                                                   \
	cr_assert(pty_wait_gone(p, text), "\"%s\" stays on the screen", text)
#define pty_expect_exit(p, want)                                                                   \
	do {                                                                                       \
		int pty_status_ = pty_wait_exit(p);                                                \
		if (pty_status_ != (want))                                                         \
			pty_dump(p, "another exit status");                                        \
		cr_assert_eq(pty_status_, want, "exit status %d, not %d", pty_status_, want);      \
	} while (0)
#define pty_expect_restored(p)                                                                     \
	do {                                                                                       \
		const char *pty_why_ = pty_not_restored(p);                                        \
		cr_assert_null(pty_why_, "the terminal was not given back: %s", pty_why_);         \
	} while (0)

/* The screen as it is now; rows and columns from 0. Texts are borrowed until the next call for that
 * row, or the next of pty_screen(). */
const char *pty_row(struct pty *p, int row); /* without blanks at its end */
const char *pty_screen(struct pty *p); /* all rows, each with a newline */
bool pty_find(struct pty *p, const char *text, int *row, int *col); /* the first; col in cells */
bool	    pty_has(struct pty *p, const char *text);
void	    pty_cell(struct pty *p, int row, int col, struct pty_cell *out);
void	    pty_cursor(struct pty *p, int *row, int *col);
bool	    pty_is_cursor_visible(const struct pty *p);
bool	    pty_is_alternate(const struct pty *p); /* on the alternate screen */
int	    pty_bells(const struct pty *p);
/* What is not as it was before the program started (line settings, alternate screen, cursor, mouse,
 * bracketed paste, keypad, colours), NULL when everything is. For after its end, or while it is
 * stopped. */
const char *pty_not_restored(struct pty *p);

/* Every byte that the program printed, echoes of the terminal among them; borrowed. */
const char *pty_raw(const struct pty *p, size_t *len);
/* Whether the bytes of TEXT were ever printed, in one piece. */
bool pty_sent(const struct pty *p, const char *text);
/* The process id of the program, for looking at /proc. */
int  pty_pid(const struct pty *p);
void pty_dump(struct pty *p, const char *why);

#endif
