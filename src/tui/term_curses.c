/* The only file that knows curses: it initialises the terminal, keeps the last surface and sends
 * differences. */
#include "slipway/tui/term.h"

#include <assert.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include <curses.h>

#include "slipway/base/mem.h"
#include "slipway/base/str.h"
#include "slipway/base/utf8.h"
#include "slipway/os/env.h"
#include "slipway/os/loop.h"
#include "slipway/os/secret.h"
#include "slipway/tui/rescue.h"
#include "slipway/tui/surface.h"

#define ESCAPE_MS 25
#define PASTE_ON "\x1b[?2004h"
#define PASTE_OFF "\x1b[?2004l"
#define MOUSE_ON "\x1b[?1000h\x1b[?1006h"
#define MOUSE_OFF "\x1b[?1006l\x1b[?1000l"

struct look {
	attr_t attr;
	int pair;
	bool known;
};

struct term {
	struct loop *loop;
	struct term_opts opts;
	struct termios before;
	SCREEN *screen;
	struct loop_watch *watch;
	struct loop_timer *escape_timer;
	struct input_decoder *decoder;
	enum theme_depth depth;
	int colours;
	bool ascii, mouse, suspended, gone;
	struct str restore; /* what gives the terminal back after a crash */
	int w, h;
	struct surface_cell *last; /* what is on the screen; NULL: unknown */
	int last_w, last_h;
	struct look look[ROLE_COUNT][256];
};

static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH };

/* --- input --- */

static void
on_escape_timer(void *arg)
{
	struct term *t = arg;

	t->escape_timer = NULL;
	input_decoder_flush(t->decoder);
}

static void
terminal_is_gone(struct term *t)
{
	struct input_event ev = { .type = INPUT_SIGNAL, .signo = SIGHUP };

	if (t->gone)
		return;
	t->gone = true;
	loop_unwatch(t->loop, t->watch);
	t->watch = NULL;
	t->opts.on_event(t->opts.arg, &ev);
}

static void
on_readable(void *arg, short revents)
{
	struct term *t = arg;
	char buf[4096];
	ssize_t n = -1;

	/* Raw mode with VMIN 1: one read after POLLIN does not block. */
	if ((revents & POLLIN) != 0)
		n = read(STDIN_FILENO, buf, sizeof buf);
	if (n <= 0) {
		terminal_is_gone(t);
		return;
	}
	loop_cancel(t->loop, t->escape_timer);
	t->escape_timer = NULL;
	input_decoder_feed(t->decoder, buf, (size_t)n);
	secret_wipe(buf, (size_t)n);
	if (input_decoder_waits(t->decoder))
		t->escape_timer = loop_after(t->loop, ESCAPE_MS, on_escape_timer, t);
}

static void
watch_input(struct term *t)
{
	if (t->watch == NULL && !t->gone)
		t->watch = loop_watch(t->loop, STDIN_FILENO, POLLIN, on_readable, t);
}

static void
unwatch_input(struct term *t)
{
	loop_unwatch(t->loop, t->watch);
	t->watch = NULL;
	loop_cancel(t->loop, t->escape_timer);
	t->escape_timer = NULL;
}

static void
learn_keys(struct term *t)
{
	static const struct {
		const char *capability;
		uint32_t key;
		unsigned int mods;
	} row[] = {
		{ "kcuu1", INPUT_KEY_UP, 0 },
		{ "kcud1", INPUT_KEY_DOWN, 0 },
		{ "kcub1", INPUT_KEY_LEFT, 0 },
		{ "kcuf1", INPUT_KEY_RIGHT, 0 },
		{ "khome", INPUT_KEY_HOME, 0 },
		{ "kend", INPUT_KEY_END, 0 },
		{ "kpp", INPUT_KEY_PAGE_UP, 0 },
		{ "knp", INPUT_KEY_PAGE_DOWN, 0 },
		{ "kich1", INPUT_KEY_INSERT, 0 },
		{ "kdch1", INPUT_KEY_DELETE, 0 },
		{ "kcbt", INPUT_KEY_TAB, INPUT_SHIFT },
		{ "kent", INPUT_KEY_ENTER, 0 },
		{ "kf1", INPUT_KEY_F1, 0 },
		{ "kf2", INPUT_KEY_F1 + 1, 0 },
		{ "kf3", INPUT_KEY_F1 + 2, 0 },
		{ "kf4", INPUT_KEY_F1 + 3, 0 },
		{ "kf5", INPUT_KEY_F1 + 4, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		const char *sequence = tigetstr(row[i].capability);

		if (sequence != NULL && sequence != (const char *)-1)
			input_decoder_learn(t->decoder, sequence, row[i].key, row[i].mods);
	}
}

/* --- modes, size and signals --- */

static void
send_bytes(const char *bytes)
{
	size_t len = strlen(bytes);

	while (len > 0) {
		ssize_t n = write(STDOUT_FILENO, bytes, len);

		if (n <= 0)
			return;
		bytes += n;
		len -= (size_t)n;
	}
}

static void
set_modes(struct term *t)
{
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	/* Otherwise curses reads ahead and stops painting while somebody types. */
	typeahead(-1);
	refresh();
	send_bytes(PASTE_ON);
	if (t->mouse)
		send_bytes(MOUSE_ON);
}

static void
read_size(struct term *t)
{
	struct winsize size = { 0 };

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
		t->w = size.ws_col;
		t->h = size.ws_row;
	} else {
		t->w = COLS;
		t->h = LINES;
	}
	if (t->w > SURFACE_MAX)
		t->w = SURFACE_MAX;
	if (t->h > SURFACE_MAX)
		t->h = SURFACE_MAX;
	if (!t->suspended)
		resizeterm(t->h, t->w);
}

static void
tell_size(struct term *t)
{
	struct input_event ev = { .type = INPUT_RESIZE };

	read_size(t);
	term_repaint(t);
	ev.w = t->w;
	ev.h = t->h;
	t->opts.on_event(t->opts.arg, &ev);
}

static void
on_signal(void *arg, int signo)
{
	struct term *t = arg;
	struct input_event ev = { .type = INPUT_SIGNAL, .signo = signo };

	if (signo == SIGWINCH) {
		if (!t->suspended)
			tell_size(t);
	} else if (signo == SIGTSTP) {
		term_stop_job(t);
	} else if (signo == SIGCONT) {
		/* After a stop that could not be handled, somebody else has had the terminal. */
		if (!t->suspended) {
			reset_prog_mode();
			set_modes(t);
			tell_size(t);
		}
	} else {
		t->opts.on_event(t->opts.arg, &ev);
	}
}

static void
give_signals_back(struct term *t)
{
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		loop_signal(t->loop, signals[i], NULL, NULL, NULL);
}

static enum err_code
take_signals(struct term *t, struct err *e)
{
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < ARRAY_LEN(signals) && rc == ERR_OK; i++)
		rc = loop_signal(t->loop, signals[i], on_signal, t, e);
	return rc;
}

/* --- start and stop --- */

/* With the terminfo entry of $TERM, or one that knows more colours when the terminal promises them.
 */
static SCREEN *
open_screen(const char *term)
{
	static const char *const more[] = { "-direct", "-256color" };
	const char *promise = env_get("COLORTERM");
	bool promised = promise != NULL &&
			(strcmp(promise, "truecolor") == 0 || strcmp(promise, "24bit") == 0);
	size_t len = strlen(term) - (text_ends(term, "-256color") ? strlen("-256color") : 0);
	SCREEN *screen = NULL;

	for (size_t i = 0; promised && i < ARRAY_LEN(more) && screen == NULL; i++) {
		char *name = mem_printf("%.*s%s", (int)len, term, more[i]);

		screen = newterm(name, stdout, stdin);
		free(name);
	}
	return screen != NULL ? screen : newterm(term, stdout, stdin);
}

static void
start_colours(struct term *t)
{
	t->depth = THEME_MONO;
	if (t->opts.no_colour || env_get("NO_COLOR") != NULL || !has_colors())
		return;
	start_color();
	use_default_colors();
	t->colours = COLORS;
	if (COLORS >= 0x1000000 && (tigetflag("RGB") > 0 || tigetnum("RGB") > 0))
		t->depth = THEME_RGB;
	else if (COLORS >= 256)
		t->depth = THEME_256;
	else if (COLORS >= 8)
		t->depth = THEME_16;
}

static void
add_capability(struct str *out, const char *name)
{
	const char *text = tigetstr(name);

	/* Padding ("$<5>") is for terminals that are no longer made; a crash does not wait for it.
	 */
	if (text != NULL && text != (const char *)-1 && strchr(text, '$') == NULL)
		str_puts(out, text);
}

static void
prepare_rescue(struct term *t)
{
	if (t->mouse)
		str_puts(&t->restore, MOUSE_OFF);
	str_puts(&t->restore, PASTE_OFF);
	add_capability(&t->restore, "sgr0");
	add_capability(&t->restore, "rmkx");
	add_capability(&t->restore, "cnorm");
	add_capability(&t->restore, "rmcup");
	rescue_arm(STDOUT_FILENO, &t->before, str_text(&t->restore), t->restore.len);
}

static enum err_code
start_curses(struct term *t, struct err *e)
{
	const char *type = env_get("TERM");
	enum err_code rc = ERR_OK;

	if (type == NULL || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		err_set(e, ERR_UNSUPPORTED, "standard input and output are not a terminal");
		return err_hint(e, "use --plain");
	}
	t->screen = open_screen(type);
	if (t->screen == NULL) {
		err_set(e, ERR_UNSUPPORTED, "terminal type %s is not known here", type);
		return err_hint(e, "set TERM to one that is (xterm-256color), or use --plain");
	}
	if (tigetstr("cup") == NULL) {
		endwin();
		err_set(e, ERR_UNSUPPORTED, "terminal type %s cannot move its cursor", type);
		rc = err_hint(e, "use --plain");
	}
	return rc;
}

enum err_code
term_start(struct loop *l, const struct term_opts *opts, struct term **out, struct err *e)
{
	struct term *t = mem_zalloc(1, sizeof *t);
	enum err_code rc;

	assert(opts->theme != NULL && opts->on_event != NULL);
	t->loop = l;
	t->opts = *opts;
	t->decoder = input_decoder_new(opts->on_event, opts->arg);
	setlocale(LC_CTYPE, "");
	t->ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	tcgetattr(STDIN_FILENO, &t->before);
	/* Before newterm: curses leaves signals alone that somebody handles. */
	rc = take_signals(t, e);
	if (rc == ERR_OK)
		rc = start_curses(t, e);
	if (rc != ERR_OK)
		goto out;
	t->mouse = !opts->no_mouse && tigetstr("kmous") != NULL && tigetstr("kmous") != (char *)-1;
	start_colours(t);
	learn_keys(t);
	rescue_install();
	prepare_rescue(t);
	set_modes(t);
	read_size(t);
	watch_input(t);
	*out = t;
	t = NULL;
out:
	if (t != NULL) {
		give_signals_back(t);
		if (t->screen != NULL)
			delscreen(t->screen);
		input_decoder_free(t->decoder);
		free(t);
	}
	return rc;
}

/* The terminal as it was before term_start(). */
static void
leave(struct term *t)
{
	if (t->mouse)
		send_bytes(MOUSE_OFF);
	send_bytes(PASTE_OFF);
	curs_set(1);
	endwin();
	tcsetattr(STDIN_FILENO, TCSANOW, &t->before);
}

void
term_stop(struct term *t)
{
	if (t == NULL)
		return;
	unwatch_input(t);
	if (!t->suspended)
		leave(t);
	rescue_disarm();
	give_signals_back(t);
	delscreen(t->screen);
	input_decoder_free(t->decoder);
	str_fini(&t->restore);
	free(t->last);
	free(t);
}

void
term_suspend(struct term *t)
{
	assert(!t->suspended);
	unwatch_input(t);
	leave(t);
	rescue_disarm();
	t->suspended = true;
}

void
term_resume(struct term *t)
{
	assert(t->suspended);
	t->suspended = false;
	/* Another program may have left modes behind; ours are set again over the ones we found. */
	rescue_arm(STDOUT_FILENO, &t->before, str_text(&t->restore), t->restore.len);
	reset_prog_mode();
	set_modes(t);
	watch_input(t);
	tell_size(t);
}

bool
term_is_suspended(const struct term *t)
{
	return t->suspended;
}

void
term_stop_job(struct term *t)
{
	struct sigaction stop = { .sa_handler = SIG_DFL }, before;
	sigset_t set, old;
	bool given = t->suspended;

	if (!given)
		term_suspend(t);
	sigemptyset(&stop.sa_mask);
	sigaction(SIGTSTP, &stop, &before);
	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &set, &old);
	/* The whole job, as the terminal driver would: a shell around us stops as well. */
	kill(0, SIGTSTP);
	sigprocmask(SIG_SETMASK, &old, NULL);
	sigaction(SIGTSTP, &before, NULL);
	if (!given)
		term_resume(t);
}

/* --- what it is --- */

void
term_size(const struct term *t, int *w, int *h)
{
	*w = t->w;
	*h = t->h;
}

bool
term_is_ascii(const struct term *t)
{
	return t->ascii;
}

enum theme_depth
term_depth(const struct term *t)
{
	return t->depth;
}

/* --- drawing --- */

void
term_repaint(struct term *t)
{
	free(t->last);
	t->last = NULL;
	if (!t->suspended)
		clearok(stdscr, TRUE);
}

void
term_set_theme(struct term *t, const struct theme *theme)
{
	t->opts.theme = theme;
	memset(t->look, 0, sizeof t->look);
	term_repaint(t);
}

static int
curses_colour(const struct term *t, int colour, attr_t *attr)
{
	if (colour == THEME_DEFAULT_COLOUR)
		return -1;
	/* The first eight values of a direct colour terminal are the old indexes. */
	if (t->depth == THEME_RGB)
		return colour > 0 && colour < 8 ? 8 : colour;
	if (colour >= t->colours) {
		if (attr != NULL)
			*attr |= A_BOLD;
		return colour % 8;
	}
	return colour;
}

static const struct look *
look_of(struct term *t, const struct surface_cell *c)
{
	struct look *look = &t->look[c->role][c->attr];
	struct theme_style style;

	if (look->known)
		return look;
	style = theme_style(t->opts.theme, t->depth, (enum role)c->role, c->attr);
	look->known = true;
	if ((style.attr & ATTR_BOLD) != 0)
		look->attr |= A_BOLD;
	if ((style.attr & ATTR_DIM) != 0)
		look->attr |= A_DIM;
	if ((style.attr & ATTR_ITALIC) != 0)
		look->attr |= A_ITALIC;
	if ((style.attr & ATTR_UNDERLINE) != 0)
		look->attr |= A_UNDERLINE;
	if ((style.attr & ATTR_REVERSE) != 0)
		look->attr |= A_REVERSE;
	if (t->depth != THEME_MONO) {
		int fg = curses_colour(t, style.fg, &look->attr);
		int pair = alloc_pair(fg, curses_colour(t, style.bg, NULL));

		look->pair = pair > 0 ? pair : 0;
	}
	return look;
}

/* The text of a cell as curses takes it. Where the C library counts other cells than we do, the
 * terminal may as well: a replacement keeps the line straight. */
static void
wide_text(const struct surface_cell *c, wchar_t out[CCHARW_MAX + 1])
{
	size_t len = strlen(c->text), count = 0;
	uint32_t cp;

	for (size_t pos = 0; pos < len && count < CCHARW_MAX;) {
		size_t used = utf8_decode(c->text + pos, len - pos, &cp);
		int width = count == 0 ? c->width : 0;

		if (used == 0)
			break;
		pos += used;
		if (wcwidth((wchar_t)cp) == width)
			out[count++] = (wchar_t)cp;
		else if (count == 0)
			out[count++] = '?';
	}
	out[count] = L'\0';
}

static void
draw_cell(struct term *t, int x, int y, const struct surface_cell *c)
{
	const struct look *look = look_of(t, c);
	wchar_t text[CCHARW_MAX + 1];
	cchar_t cell;
	int pair = look->pair;

	wide_text(c, text);
	if (setcchar(&cell, text, look->attr, 0, &pair) == OK)
		mvadd_wch(y, x, &cell);
	if (c->width == 2 && wcwidth(text[0]) == 1) {
		text[0] = L' ';
		text[1] = L'\0';
		if (setcchar(&cell, text, look->attr, 0, &pair) == OK)
			mvadd_wch(y, x + 1, &cell);
	}
}

static bool
is_same(const struct surface_cell *a, const struct surface_cell *b)
{
	return a->role == b->role && a->attr == b->attr && a->width == b->width &&
	       strcmp(a->text, b->text) == 0;
}

void
term_draw(struct term *t, const struct surface *s)
{
	int w = surface_width(s) < t->w ? surface_width(s) : t->w;
	int h = surface_height(s) < t->h ? surface_height(s) : t->h;
	int x, y;

	if (t->suspended || t->gone)
		return;
	if (t->last != NULL && (t->last_w != w || t->last_h != h))
		term_repaint(t);
	if (t->last == NULL)
		erase();
	for (y = 0; y < h; y++) {
		for (x = 0; x < w; x++) {
			const struct surface_cell *c = surface_cell(s, x, y);
			size_t at = (size_t)y * (size_t)w + (size_t)x;

			if (c->width == 0 || x + c->width > w)
				continue;
			if (t->last == NULL || !is_same(c, &t->last[at]))
				draw_cell(t, x, y, c);
		}
	}
	if (t->last == NULL)
		t->last = mem_zalloc((size_t)w * (size_t)h + 1, sizeof *t->last);
	t->last_w = w;
	t->last_h = h;
	for (y = 0; y < h; y++)
		for (x = 0; x < w; x++)
			t->last[(size_t)y * (size_t)w + (size_t)x] = *surface_cell(s, x, y);
	if (surface_cursor(s, &x, &y) && x < w && y < h) {
		move(y, x);
		curs_set(1);
	} else {
		curs_set(0);
	}
	refresh();
}
