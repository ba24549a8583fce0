/* The log: every line can be read again, memory is bounded, the file is whole, searches are in
 * steps. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "leak_gate.h"
#include "slipway/base/str.h"
#include "slipway/os/fs.h"
#include "slipway/os/logstore.h"
#include "temp.h"

static struct logstore *
open_log(const char *path, size_t max_lines, size_t max_bytes)
{
	struct logstore_opts o = { .path = path, .max_lines = max_lines, .max_bytes = max_bytes };
	struct logstore *l = NULL;

	cr_assert_eq(logstore_new(&o, &l, NULL), ERR_OK);
	return l;
}

static void
feed_lines(struct logstore *l, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		char text[64];
		int len = snprintf(text, sizeof text,
		    "\x1b[3%zum"
		    "line\x1b[0m %zu%s\n",
		    i % 8, i,
		    i % 1000 == 7   ? " Warning"
		    : i % 1000 == 9 ? " ERROR"
				    : "");

		logstore_feed(l, text, (size_t)len);
	}
}

static void
expect_line(struct logstore *l, size_t i)
{
	struct logstore_line line;
	char text[64];

	snprintf(text, sizeof text, "line %zu%s", i,
	    i % 1000 == 7   ? " Warning"
	    : i % 1000 == 9 ? " ERROR"
			    : "");
	logstore_line(l, i, &line);
	cr_assert_str_eq(line.text, text);
	cr_assert_eq(line.len, strlen(text));
	cr_assert_eq(line.class, i % 1000 == 7	 ? LOGSTORE_WARNING
				 : i % 1000 == 9 ? LOGSTORE_ERROR
						 : LOGSTORE_PLAIN);
	if (i >= logstore_first_in_memory(l)) {
		cr_assert_eq(line.run_count, 1);
		cr_assert(line.runs[0].start == 0 && line.runs[0].len == 4);
		cr_assert_eq(line.runs[0].style.fg, TERMLINE_INDEX | (uint32_t)(i % 8));
	}
}

Test(logstore, every_line_can_be_read_again_in_any_order, .fini = leak_gate)
{
	static const size_t max[] = { 1, 10, 1000, 100000 };
	char *dir = temp_dir(), *path = fs_join(dir, "log");

	for (size_t m = 0; m < ARRAY_LEN(max); m++) {
		struct logstore *l = open_log(path, max[m], 0);
		size_t count = 20000, i = 1;

		feed_lines(l, 0, count);
		cr_assert_eq(logstore_count(l), count);
		cr_expect_geq(count - logstore_first_in_memory(l), max[m] < count ? max[m] : count);
		cr_expect_leq(count - logstore_first_in_memory(l), 2 * max[m] + 1024);
		for (size_t k = 0; k < 3000; k++) {
			expect_line(l, i);
			i = (i * 7919 + 13) % count;
		}
		for (i = 0; i < 2000; i++)
			expect_line(l, i);
		for (i = count; i-- > count - 2000;)
			expect_line(l, i);
		cr_expect_eq(logstore_class_count(l, LOGSTORE_WARNING), 20);
		cr_expect_eq(logstore_class_count(l, LOGSTORE_ERROR), 20);
		logstore_free(l);
	}
	free(path);
	temp_remove(dir);
}

Test(logstore, the_file_is_the_whole_log_as_plain_text, .fini = leak_gate)
{
	char *dir = temp_dir(), *path = fs_join(dir, "log"), *text;
	struct logstore *l = open_log(path, 2, 0);
	static const char raw[] = "\x1b[31mred\x1b[0m\n10%\r100%\nbell\x07\nend";
	struct termline_style bold = { .attrs = TERMLINE_BOLD };
	struct logstore_line line;

	logstore_add(l, "$ make\n", &bold);
	logstore_line(l, 0, &line);
	cr_expect(line.run_count == 1 && line.runs[0].style.attrs == TERMLINE_BOLD);
	logstore_feed(l, raw, strlen(raw));
	cr_expect(logstore_partial(l, &line) && strcmp(line.text, "end") == 0);
	cr_expect_eq(logstore_count(l), 4);
	logstore_end(l);
	cr_expect_not(logstore_partial(l, &line));
	cr_expect_eq(logstore_bytes(l), strlen(raw));
	text = temp_read(dir, "log", NULL);
	cr_expect_str_eq(text, "$ make\\n\nred\n100%\nbell\\x07\nend\n");
	cr_expect(!fs_is_shared(path));
	cr_expect_str_eq(logstore_path(l), path);
	free(text);
	logstore_free(l);
	free(path);
	temp_remove(dir);
}

Test(logstore, memory_is_bounded_by_bytes_too, .fini = leak_gate)
{
	char *dir = temp_dir(), *path = fs_join(dir, "log");
	struct logstore *l = open_log(path, 0, 2000000);
	struct logstore_line line;
	char *big = malloc(10001);

	memset(big, 'x', 10000);
	big[10000] = '\n';
	for (size_t i = 0; i < 2000; i++)
		logstore_feed(l, big, 10001);
	cr_expect_eq(logstore_count(l), 2000);
	cr_expect_leq((2000 - logstore_first_in_memory(l)) * 10000, 2500000);
	cr_expect_gt(logstore_first_in_memory(l), 1000);
	logstore_line(l, 0, &line);
	cr_expect_eq(line.len, 10000);
	free(big);
	logstore_free(l);
	free(path);
	temp_remove(dir);
}

Test(logstore, lines_that_are_gone_say_so, .fini = leak_gate)
{
	char *dir = temp_dir(), *path = fs_join(dir, "log");
	struct logstore *l = open_log(NULL, 10, 0);
	struct logstore_line line;
	struct err e = ERR_EMPTY;
	struct logstore_opts bad = { .path = "/no/such/folder/log" };

	feed_lines(l, 0, 1000);
	logstore_line(l, 0, &line);
	cr_expect_str_eq(line.text, "(this line is no longer kept)");
	expect_line(l, 999);
	logstore_free(l);
	l = open_log(path, 10, 0);
	feed_lines(l, 0, 1000);
	logstore_end(l);
	cr_assert_eq(truncate(path, 10), 0);
	logstore_line(l, 0, &line);
	cr_expect_str_eq(line.text, "(this line is no longer kept)");
	logstore_free(l);
	cr_expect_eq(logstore_new(&bad, &l, &e), ERR_IO);
	free(path);
	temp_remove(dir);
}

Test(logstore, a_full_disk_is_told_and_the_newest_lines_stay, .fini = leak_gate)
{
	struct logstore *l = open_log("/dev/full", 10, 0);

	cr_expect_null(logstore_failure(l));
	feed_lines(l, 0, 50000);
	logstore_end(l);
	cr_assert_not_null(logstore_failure(l));
	cr_expect(strstr(logstore_failure(l)->message, "cannot write the log /dev/full") != NULL);
	expect_line(l, 49999);
	logstore_free(l);
}

static size_t
search(struct logstore_search *s, struct logstore *l, size_t *steps)
{
	size_t line = SIZE_MAX;

	for (*steps = 1;; ++*steps) {
		enum logstore_found found = logstore_search_step(s, l, &line);

		if (found != LOGSTORE_MORE)
			return found == LOGSTORE_FOUND ? line : SIZE_MAX;
	}
}

Test(logstore, a_search_goes_both_ways_wraps_and_works_in_steps, .fini = leak_gate)
{
	static const struct {
		const char *needle;
		size_t from;
		bool backwards;
		size_t found;
	} row[] = {
		{ "line 777", 0, false, 777 },
		{ "line 777", 778, false, 7770 },
		{ "LINE 777", 0, false, SIZE_MAX },
		{ "warning", 8, false, 1007 },
		{ "Warning", 8, false, 1007 },
		{ "error", 5000, true, 4009 },
		{ "line 5 ", 0, false, SIZE_MAX },
		{ "line 19999", 0, true, 19999 },
		{ "line 3", 19999, false, 3 },
		{ "", 0, false, SIZE_MAX },
		{ "line 1", 999999, false, 1 },
	};
	char *dir = temp_dir(), *path = fs_join(dir, "log");
	struct logstore *l = open_log(path, 1000, 0);
	struct logstore_search s;
	size_t steps, line;

	feed_lines(l, 0, 20000);
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		logstore_search_begin(&s, l, row[i].needle, row[i].from, row[i].backwards);
		line = search(&s, l, &steps);
		cr_expect_eq(line, row[i].found, "row %zu: %zu", i, line);
	}
	logstore_search_begin(&s, l, "nowhere", 0, false);
	cr_expect_eq(search(&s, l, &steps), SIZE_MAX);
	cr_expect_geq(steps, 5);
	logstore_search_begin(&s, l, "error", 0, false);
	for (size_t i = 0; i < 20; i++)
		cr_expect_eq(search(&s, l, &steps), i * 1000 + 9, "the next step goes on");
	cr_expect_eq(search(&s, l, &steps), SIZE_MAX);
	cr_expect_eq(logstore_search_match(&s, "an eRRor, error", 15, 0), 3);
	cr_expect_eq(logstore_search_match(&s, "an eRRor, error", 15, 4), 10);
	cr_expect_eq(logstore_search_match(&s, "an eRRor, error", 15, 11), SIZE_MAX);
	logstore_free(l);
	l = open_log(NULL, 0, 0);
	logstore_search_begin(&s, l, "x", 0, true);
	cr_expect_eq(search(&s, l, &steps), SIZE_MAX, "an empty log");
	logstore_free(l);
	free(path);
	temp_remove(dir);
}
