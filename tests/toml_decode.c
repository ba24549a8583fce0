/* The decoder that toml-test asks for: TOML on standard input becomes tagged JSON on standard
 * output. Exit status 1 for what is not TOML 1.0, or 1.1 with --1.1. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "slipway/base/toml.h"

static void
print_text(const char *text, size_t len)
{
	putchar('"');
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

static void
print_leaf(const struct toml_node *node)
{
	static const char *const types[] = {
		[TOML_STRING] = "string",
		[TOML_INTEGER] = "integer",
		[TOML_FLOAT] = "float",
		[TOML_BOOL] = "bool",
		[TOML_DATETIME] = "datetime",
		[TOML_DATETIME_LOCAL] = "datetime-local",
		[TOML_DATE_LOCAL] = "date-local",
		[TOML_TIME_LOCAL] = "time-local",
	};
	char integer[32];

	printf("{\"type\":\"%s\",\"value\":", types[node->kind]);
	if (node->kind == TOML_INTEGER) {
		snprintf(integer, sizeof integer, "%lld", (long long)node->integer);
		print_text(integer, strlen(integer));
	} else if (node->kind == TOML_FLOAT) {
		/* Python and others refuse underscores and a sign before nan. */
		putchar('"');
		for (const char *c = node->text; *c != '\0'; c++)
			if (*c != '_' && *c != '+')
				putchar(*c);
		putchar('"');
	} else {
		print_text(node->text, node->text_len);
	}
	putchar('}');
}

static void
print_node(const struct toml_node *node)
{
	bool table = node->kind == TOML_TABLE;

	if (!table && node->kind != TOML_ARRAY) {
		print_leaf(node);
		return;
	}
	putchar(table ? '{' : '[');
	for (const struct toml_node *n = toml_first(node); n != NULL; n = n->next) {
		if (table) {
			print_text(n->key, n->key_len);
			putchar(':');
		}
		print_node(n);
		if (n->next != NULL)
			putchar(',');
	}
	putchar(table ? '}' : ']');
}

/* For tests/bench/toml.py: the milliseconds of reading it, in processor time. */
static void
print_time(const struct str *text)
{
	struct timespec start, end;
	struct toml_doc *doc = NULL;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
	if (toml_parse((struct bytes) { text->data, text->len }, "stdin", &doc, NULL) != ERR_OK)
		exit(1);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	printf("%.3f\n", (double)(end.tv_sec - start.tv_sec) * 1e3 +
			     (double)(end.tv_nsec - start.tv_nsec) / 1e6);
	toml_free(doc);
}

int
main(int argc, char **argv)
{
	struct str text = STR_EMPTY;
	struct toml_doc *doc = NULL;
	struct err e = ERR_EMPTY;
	bool newer = argc > 1 && strcmp(argv[1], "--1.1") == 0;
	size_t got;
	int status = 1;

	while ((got = fread(str_reserve(&text, 65536), 1, 65536, stdin)) > 0)
		text.len += got;
	if (argc > 1 && strcmp(argv[1], "--time") == 0) {
		print_time(&text);
		str_fini(&text);
		return 0;
	}
	if (toml_parse((struct bytes) { text.data, text.len }, "stdin", &doc, &e) != ERR_OK) {
		fprintf(stderr, "%s\n", e.message);
		goto out;
	}
	if (toml_needs_1_1(doc, NULL) && !newer) {
		fprintf(stderr, "stdin needs TOML 1.1\n");
		goto out;
	}
	print_node(toml_root(doc));
	putchar('\n');
	status = 0;
out:
	toml_free(doc);
	str_fini(&text);
	return status;
}
