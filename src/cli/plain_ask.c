/* Questions on standard input. */
#include "plain_ask.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "echo.h"
#include "slipway/base/compiler.h"
#include "slipway/base/mem.h"
#include "slipway/base/utf8.h"
#include "slipway/os/loop.h"
#include "slipway/os/secret.h"
#include "slipway/wizard/wizard.h"

struct plain_ask {
	struct loop *loop;
	struct loop_watch *watch;
	struct wizard *w;
	const struct question *q;
	char *chosen;	     /* the option that waits for its reason; NULL: none does */
	struct secret *line; /* every answer is read into locked memory: one of them is a token */
	struct echo echo;    /* off while a secret is typed */
	bool ascii;
};

void
plain_to_ascii(const char *text, struct str *out)
{
	static const struct {
		uint32_t cp;
		const char *ascii;
	} map[] = {
		{ 0x2192, "->" },
		{ 0x2014, "-" },
		{ 0x2013, "-" },
		{ 0x2212, "-" },
		{ 0x2026, "..." },
		{ 0x2713, "+" },
		{ 0x2717, "x" },
		{ 0x00b7, "." },
		{ 0x25dc, "o" },
		{ 0x25b8, ">" },
		{ 0x2550, "=" },
	};
	size_t len = strlen(text);

	for (size_t pos = 0; pos < len;) {
		uint32_t cp = 0;
		size_t used = utf8_decode(text + pos, len - pos, &cp);
		const char *ascii = "?";

		if (used == 1) {
			str_putc(out, text[pos++]);
			continue;
		}
		for (size_t i = 0; i < ARRAY_LEN(map); i++)
			if (map[i].cp == cp)
				ascii = map[i].ascii;
		str_puts(out, ascii);
		pos += used > 0 ? used : 1;
	}
}

static void
put(const struct plain_ask *a, const char *text)
{
	struct str out = STR_EMPTY;

	if (a->ascii) {
		plain_to_ascii(text, &out);
		text = str_text(&out);
	}
	fputs(text, stdout);
	str_fini(&out);
}

static void
print_question(const struct plain_ask *a)
{
	const struct question *q = a->q;

	fputs("? ", stdout);
	put(a, q->title);
	fputc('\n', stdout);
	if (q->text != NULL) {
		fputs("  ", stdout);
		put(a, q->text);
		fputc('\n', stdout);
	}
	for (size_t i = 0; i < q->option_count; i++) {
		const struct question_option *o = &q->options[i];
		bool preset = q->preset != NULL && strcmp(o->id, q->preset) == 0;

		printf("  %zu) ", i + 1);
		put(a, o->label);
		if (o->detail != NULL && o->detail[0] != '\0') {
			fputs("   ", stdout);
			put(a, o->detail);
		}
		fputs(preset ? "   [Enter]\n" : "\n", stdout);
	}
	if (q->error != NULL) {
		fputs("  ! ", stdout);
		put(a, q->error);
		fputc('\n', stdout);
	}
	fputs("> ", stdout);
	fflush(stdout);
}

/* The option that LINE means: its number, its id, or the preset for an empty line. NULL: none. */
static const char *
option_of(const struct question *q, const char *line)
{
	size_t n;

	if (line[0] == '\0')
		return q->preset;
	if (text_to_size(line, q->option_count, &n) && n > 0)
		return q->options[n - 1].id;
	for (size_t i = 0; i < q->option_count; i++)
		if (strcmp(q->options[i].id, line) == 0)
			return line;
	return NULL;
}

static void
prompt(struct plain_ask *a, const char *why)
{
	put(a, why);
	fputs("> ", stdout);
	fflush(stdout);
	secret_clear(a->line);
}

/* The option is chosen; the next line is its reason. */
static void
begin_reason(struct plain_ask *a, const char *option)
{
	a->chosen = mem_strdup(option);
	prompt(a, "  Why is that right? The reason is kept in the report.\n");
}

static void
take_reason(struct plain_ask *a)
{
	struct wizard *w = a->w;
	struct answer answer = { .id = a->q->id };
	char *option, *reason;

	secret_trim(a->line);
	if (secret_len(a->line) == 0) {
		prompt(a, "  ! without a reason it does not go on\n");
		return;
	}
	option = a->chosen;
	a->chosen = NULL;
	reason = mem_strdup(secret_text(a->line));
	answer.text = option;
	answer.reason = reason;
	plain_ask_close(a);
	wizard_answer(w, &answer);
	free(reason);
	free(option);
}

static void
take_line(struct plain_ask *a)
{
	const struct question *q = a->q;
	struct wizard *w = a->w;
	struct answer answer = { .id = q->id };
	char *text = NULL;

	if (a->chosen != NULL) {
		take_reason(a);
		return;
	}
	if (q->kind == QUESTION_SECRET) {
		answer.secret = a->line;
		a->line = NULL;
	} else {
		const char *line, *option;

		secret_trim(a->line);
		line = secret_text(a->line);
		option = option_of(q, line);
		if (option == NULL && q->kind == QUESTION_CHOICE) {
			prompt(a, "  ! type the number of a choice\n");
			return;
		}
		if (option != NULL && q->reason_for != NULL && strcmp(option, q->reason_for) == 0) {
			begin_reason(a, option);
			return;
		}
		text = mem_strdup(option != NULL && q->kind != QUESTION_TYPED ? option : line);
		answer.text = text;
	}
	plain_ask_close(a);
	wizard_answer(w, &answer);
	free(text);
}

static void
on_input(void *arg, short revents)
{
	struct plain_ask *a = arg;
	char c;
	ssize_t got;

	(void)revents;
	/* Byte by byte: what follows the line belongs to the next question, or to a child. */
	while ((got = read(STDIN_FILENO, &c, 1)) == 1) {
		if (c == '\n') {
			take_line(a);
			return;
		}
		if (!secret_append(a->line, &c, 1))
			secret_clear(a->line);
		if (poll(&(struct pollfd) { .fd = STDIN_FILENO, .events = POLLIN }, 1, 0) <= 0)
			return;
	}
	if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
		struct wizard *w = a->w;

		plain_ask_close(a);
		wizard_cancel(w);
	}
}

struct plain_ask *
plain_ask_new(struct loop *l, bool ascii)
{
	struct plain_ask *a = mem_zalloc(1, sizeof *a);

	a->loop = l;
	a->ascii = ascii;
	return a;
}

void
plain_ask_free(struct plain_ask *a)
{
	plain_ask_close(a);
	free(a);
}

void
plain_ask_open(struct plain_ask *a, struct wizard *w, const struct question *q)
{
	a->w = w;
	a->q = q;
	a->line = secret_new();
	print_question(a);
	if (q->kind == QUESTION_SECRET)
		echo_off(&a->echo);
	a->watch = loop_watch(a->loop, STDIN_FILENO, POLLIN, on_input, a);
}

void
plain_ask_close(struct plain_ask *a)
{
	if (echo_on(&a->echo)) {
		fputc('\n', stdout);
		fflush(stdout);
	}
	loop_unwatch(a->loop, a->watch);
	a->watch = NULL;
	secret_free(a->line);
	free(a->chosen);
	a->chosen = NULL;
	a->line = NULL;
	a->q = NULL;
}
