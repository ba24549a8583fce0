/* slipway version: PEP 440 for scripts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "options.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/project/version.h"

#define INPUT_MAX ((size_t)64 << 20)

/* Whatever is wrong here, it is what the caller wrote. */
static int
refuse(struct err *e)
{
	e->code = ERR_USAGE;
	return report_error(e, false);
}

static int
wrong_usage(const char *form)
{
	struct err e = ERR_EMPTY;

	err_set(&e, ERR_USAGE, "usage: slipway version %s", form);
	return report_error(&e, false);
}

/* "rc", or "minor-rc": the first release candidate of the next minor. */
static enum err_code
next_of(const char *kind, const struct version *now, struct version *out, struct err *e)
{
	enum version_bump bump, pre;
	const char *dash = strchr(kind, '-');
	char *base = mem_strndup(kind, dash != NULL ? (size_t)(dash - kind) : strlen(kind));
	enum err_code rc;

	if (dash == NULL && version_bump_from(kind, &bump)) {
		rc = version_next(now, bump, out, e);
	} else if (dash != NULL && version_bump_from(base, &bump) && bump <= BUMP_MAJOR &&
		   version_bump_from(dash + 1, &pre) && pre >= BUMP_RC && pre <= BUMP_DEV) {
		rc = version_next_pre(now, bump, pre, out, e);
	} else {
		err_set(e, ERR_USAGE, "\"%s\" is no kind of a next version", kind);
		rc = err_hint(e,
		    "kinds are patch minor major final rc alpha beta dev post, and patch-rc, "
		    "minor-beta and the like for the first of the next patch, minor or major");
	}
	free(base);
	return rc;
}

/* In the normal form, but 2026.04.1 is followed by 2026.04.2. */
static void
print_like(const struct version *v, const struct version *like)
{
	struct str text = STR_EMPTY;

	str_puts(&text, version_text(v));
	version_pad(v, like, 0, &text);
	printf("%s\n", str_text(&text));
	str_fini(&text);
}

static int
run_next(const char *const *args, size_t count)
{
	struct version now = VERSION_EMPTY, next = VERSION_EMPTY;
	struct err e = ERR_EMPTY;
	int status = EXIT_DONE;

	if (count != 2)
		return wrong_usage("next KIND VERSION");
	if (version_parse(args[1], &now, &e) != ERR_OK || next_of(args[0], &now, &next, &e))
		status = refuse(&e);
	else
		print_like(&next, &now);
	version_fini(&now);
	version_fini(&next);
	return status;
}

static int
run_normalize(const char *const *args, size_t count)
{
	int status = EXIT_DONE;

	if (count == 0)
		return wrong_usage("normalize VERSION...");
	for (size_t i = 0; i < count; i++) {
		struct version v = VERSION_EMPTY;
		struct err e = ERR_EMPTY;

		if (version_parse(args[i], &v, &e) != ERR_OK)
			status = refuse(&e);
		else
			printf("%s\n", version_text(&v));
		version_fini(&v);
	}
	return status;
}

static int
run_compare(const char *const *args, size_t count)
{
	struct version a = VERSION_EMPTY, b = VERSION_EMPTY;
	struct err e = ERR_EMPTY;
	int status = EXIT_DONE;

	if (count != 2)
		return wrong_usage("compare VERSION VERSION");
	if (version_parse(args[0], &a, &e) != ERR_OK || version_parse(args[1], &b, &e) != ERR_OK) {
		status = refuse(&e);
	} else {
		int order = version_compare(&a, &b);

		printf("%s\n", order < 0 ? "<" : order > 0 ? ">" : "=");
	}
	version_fini(&a);
	version_fini(&b);
	return status;
}

/* -- sort -- */

struct line {
	struct version version;
	struct bytes text;
	size_t at;
};

static int
by_version(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int order = version_compare(&x->version, &y->version);

	/* Equal ones stay as they came. */
	return order != 0 ? order : x->at < y->at ? -1 : x->at > y->at;
}

static enum err_code
read_input(struct str *out, struct err *e)
{
	while (out->len < INPUT_MAX) {
		char *room = str_reserve(out, 65536);
		size_t got = fread(room, 1, 65536, stdin);

		out->len += got;
		if (got == 0)
			break;
	}
	if (ferror(stdin))
		return err_sys(e, ERR_IO, "cannot read standard input");
	if (out->len >= INPUT_MAX)
		return err_set(e, ERR_LIMIT, "standard input is more than 64 MiB");
	return ERR_OK;
}

/* Every wrong line is told; then nothing is printed. */
static int
read_lines(struct bytes rest, struct line **lines, size_t *count)
{
	struct bytes text;
	size_t cap = 0, number = 0;
	int status = EXIT_DONE;

	while (bytes_line(&rest, &text)) {
		struct line line = { .text = text, .at = *count };
		struct err e = ERR_EMPTY;

		number++;
		if (bytes_trim(text).len == 0)
			continue;
		if (version_parse_bytes(text, &line.version, &e) != ERR_OK) {
			err_wrap(&e, "line %zu", number);
			status = refuse(&e);
			continue;
		}
		*lines = mem_grow(*lines, &cap, *count + 1, sizeof **lines);
		(*lines)[(*count)++] = line;
	}
	return status;
}

static int
run_sort(const char *const *args, size_t count)
{
	struct str input = STR_EMPTY;
	struct line *lines = NULL;
	struct err e = ERR_EMPTY;
	size_t n = 0;
	int status;

	(void)args;
	if (count != 0)
		return wrong_usage("sort, with one version a line on standard input");
	if (read_input(&input, &e) != ERR_OK)
		status = report_error(&e, true);
	else
		status = read_lines((struct bytes) { str_text(&input), input.len }, &lines, &n);
	if (status == EXIT_DONE && n > 0)
		qsort(lines, n, sizeof lines[0], by_version);
	for (size_t i = 0; i < n; i++) {
		if (status == EXIT_DONE)
			printf("%.*s\n", (int)lines[i].text.len, lines[i].text.data);
		version_fini(&lines[i].version);
	}
	free(lines);
	str_fini(&input);
	return status;
}

int
cmd_version(const struct options *o)
{
	static const struct {
		const char *name;
		int (*run)(const char *const *args, size_t count);
	} verbs[] = {
		{ "next", run_next },
		{ "normalize", run_normalize },
		{ "compare", run_compare },
		{ "sort", run_sort },
	};
	struct err e = ERR_EMPTY;

	if (o->args.count == 0)
		return wrong_usage("next KIND VERSION | normalize V... | compare A B | sort");
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		if (strcmp(verbs[i].name, o->args.items[0]) == 0)
			return verbs[i].run(
			    (const char *const *)o->args.items + 1, o->args.count - 1);
	err_set(&e, ERR_USAGE, "slipway version knows no \"%s\"", o->args.items[0]);
	err_hint(&e, "it knows next, normalize, compare and sort");
	return report_error(&e, false);
}
