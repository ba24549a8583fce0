/* The reader and its child: the same as in this process, and never clean when the child dies. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "archives.h"
#include "leak_gate.h"
#include "slipway/base/mem.h"
#include "slipway/dist/reading.h"
#include "slipway/os/env.h"
#include "slipway/os/fs.h"
#include "slipway/os/loop.h"
#include "temp.h"

struct seen {
	struct loop *loop;
	struct reader *reader;
	int listed, ended;
	struct err why;
	struct str data;
	enum err_code rc;
	int reads;
};

static void
on_listed(void *arg)
{
	struct seen *s = arg;

	s->listed++;
	cr_expect_not_null(reader_archive(s->reader));
}

static void
on_ended(void *arg, const struct err *why)
{
	struct seen *s = arg;

	s->ended++;
	if (why != NULL)
		s->why = *why;
}

static void
seen_open(struct seen *s, const char *path, struct reader_opts o)
{
	struct err e = ERR_EMPTY;

	*s = (struct seen) { .loop = NULL };
	cr_assert_eq(loop_new(&s->loop, NULL), ERR_OK);
	o.path = path;
	o.program = READER_CHILD;
	o.events = (struct reader_events) { .listed = on_listed, .ended = on_ended, .arg = s };
	cr_assert_eq(reader_open(s->loop, &o, &s->reader, &e), ERR_OK, "%s", e.message);
	while (s->ended == 0)
		loop_turn(s->loop, -1);
}

static void
seen_close(struct seen *s)
{
	reader_close(s->reader);
	while (loop_has_work(s->loop))
		loop_turn(s->loop, -1);
	loop_free(s->loop);
	str_fini(&s->data);
}

static void
take_data(void *arg, const void *data, size_t len)
{
	struct seen *s = arg;

	str_append(&s->data, data, len);
}

static void
take_end(void *arg, enum err_code rc, const struct err *why)
{
	struct seen *s = arg;

	cr_expect_eq(rc, why->code);
	s->rc = rc;
	s->reads++;
}

static void
read_one(struct seen *s, size_t index, uint64_t max)
{
	int before = s->reads;

	str_clear(&s->data);
	reader_read(s->reader, index, max, take_data, take_end, s);
	while (s->reads == before)
		loop_turn(s->loop, -1);
}

Test(reader, lists_and_finds_what_this_process_does, .fini = leak_gate)
{
	static const char *const files[] = { "good.whl", "names.whl", "links.tar.gz", "pax.tar.gz",
		"hidden.whl", "many.whl", "extra_member.tar.gz", "bad_crc.whl" };
	char *dir = archives_make();

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct archive *a = archives_open(dir, files[i], NULL);
		struct findings f = FINDINGS_EMPTY;
		char *path = fs_join(dir, files[i]);
		const struct archive *b;
		struct seen s;

		cr_assert_eq(dist_check(path, NULL, &f, NULL), ERR_OK);
		seen_open(&s, path, (struct reader_opts) { .path = NULL });
		b = reader_archive(s.reader);
		cr_expect_eq(s.listed, 1);
		cr_assert_eq(archive_count(a), archive_count(b), "%s", files[i]);
		cr_expect_eq(archive_file_size(a), archive_file_size(b));
		cr_expect_eq(archive_format(a), archive_format(b));
		for (size_t j = 0; j < archive_count(a); j++) {
			const struct member *m = archive_member(a, j), *n = archive_member(b, j);

			cr_expect(bytes_equal(m->name, n->name) && bytes_equal(m->link, n->link) &&
				      m->size == n->size && m->kind == n->kind &&
				      m->hidden == n->hidden && m->mode == n->mode,
			    "%s %zu", files[i], j);
			cr_expect_eq(archive_find(a, m->name.data, m->name.len),
			    archive_find(b, n->name.data, n->name.len));
		}
		cr_assert_eq(f.count, reader_findings(s.reader)->count, "%s", files[i]);
		for (size_t j = 0; j < f.count; j++)
			cr_expect_str_eq(
			    f.items[j].message, reader_findings(s.reader)->items[j].message);
		cr_expect_eq(findings_at_least(&f, FINDING_WARN),
		    findings_at_least(reader_findings(s.reader), FINDING_WARN));
		seen_close(&s);
		findings_fini(&f);
		archive_close(a);
		free(path);
	}
	temp_remove(dir);
}

Test(reader, gives_contents_on_request, .fini = leak_gate)
{
	static const struct {
		const char *file;
		size_t index;
		uint64_t max;
		enum err_code rc;
		size_t len;
	} row[] = {
		{ "good.whl", 1, 9999, ERR_OK, 300 },
		{ "good.whl", 1, 7, ERR_LIMIT, 7 },
		{ "good.whl", 99, 7, ERR_NOT_FOUND, 0 },
		{ "bad_crc.whl", 0, 100, ERR_INVALID, 50 },
		{ "lies_small.whl", 0, 1000, ERR_CONFLICT, 10 },
		{ "pax.tar.gz", 1, 1000, ERR_OK, 600 },
		{ "bomb.whl", 0, 1 << 20, ERR_LIMIT, 1 << 20 },
	};
	char *dir = archives_make();

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		char *path = fs_join(dir, row[i].file);
		struct seen s;

		seen_open(&s, path, (struct reader_opts) { .no_check = true });
		cr_expect_not(loop_is_busy(s.loop), "a reader that waits is not work");
		read_one(&s, row[i].index, row[i].max);
		cr_expect_eq(s.rc, row[i].rc, "%s: %s", row[i].file, err_code_name(s.rc));
		cr_expect_eq(s.data.len, row[i].len, "%s: %zu", row[i].file, s.data.len);
		seen_close(&s);
		free(path);
	}
	temp_remove(dir);
}

Test(reader, a_child_that_dies_is_never_clean, .fini = leak_gate)
{
	static const char *const ways[] = { "killed", "talks" };
	char *dir = archives_make(), *path = fs_join(dir, "good.whl");

	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		struct seen s;

		env_set("SLIPWAY_TEST_READER", ways[i]);
		seen_open(&s, path, (struct reader_opts) { .path = NULL });
		cr_expect_eq(s.why.code, ERR_OK);
		cr_expect_eq(findings_at_least(reader_findings(s.reader), FINDING_ERROR), 1);
		cr_expect_eq(reader_findings(s.reader)->items[0].rule, RULE_LIMIT);
		read_one(&s, 0, 10);
		cr_expect_eq(s.rc, ERR_FAILED);
		seen_close(&s);
	}
	env_set("SLIPWAY_TEST_READER", NULL);
	free(path);
	temp_remove(dir);
}

Test(reader, memory_of_the_child_is_limited, .fini = leak_gate)
{
	char *dir, *path;
	struct seen s;

	if (WITH_ASAN)
		cr_skip("AddressSanitizer needs more than any limit");
	dir = archives_make();
	path = fs_join(dir, "many.whl");
	/* Less than its libraries have already: the first large buffer cannot be had. */
	seen_open(&s, path, (struct reader_opts) { .memory_bytes = 1 << 20 });
	cr_expect_eq(s.why.code, ERR_OK);
	cr_assert_eq(reader_findings(s.reader)->seen[RULE_LIMIT], 1);
	cr_expect_not_null(strstr(reader_findings(s.reader)->items[0].message, "memory"), "%s",
	    reader_findings(s.reader)->items[0].message);
	seen_close(&s);
	free(path);
	temp_remove(dir);
}

Test(reader, what_cannot_be_looked_at_is_an_error, .fini = leak_gate)
{
	struct findings f = FINDINGS_EMPTY;
	struct err e = ERR_EMPTY;
	struct seen s;

	seen_open(&s, "/nowhere/x.whl", (struct reader_opts) { .path = NULL });
	cr_expect_eq(s.why.code, ERR_NOT_FOUND);
	cr_expect_eq(s.listed, 0);
	seen_close(&s);
	cr_expect_eq(reading_check(READER_CHILD, "/nowhere/x.whl", NULL, &f, &e), ERR_NOT_FOUND);
	cr_expect_eq(
	    reading_check("/nowhere/child", "/nowhere/x.whl", NULL, &f, &e), ERR_NOT_FOUND);
	cr_expect_eq(f.count, 0);
}

Test(reader, closing_in_the_middle_leaves_nothing, .fini = leak_gate)
{
	char *dir = archives_make(), *path = fs_join(dir, "many.whl");
	struct seen s = { .loop = NULL };
	struct reader_opts o = { .path = path, .program = READER_CHILD };

	cr_assert_eq(loop_new(&s.loop, NULL), ERR_OK);
	cr_assert_eq(reader_open(s.loop, &o, &s.reader, NULL), ERR_OK);
	reader_read(s.reader, 0, 10, take_data, take_end, &s);
	seen_close(&s);
	cr_expect_eq(s.reads, 0);
	free(path);
	temp_remove(dir);
}

Test(reader, opens_what_is_inside_of_the_file, .fini = leak_gate)
{
	static const char name[] = "demo/data.zip";
	char *dir = archives_make(), *path = fs_join(dir, "nested/demo-1.0-py3-none-any.whl");
	struct archive *a = archives_open(dir, "nested/demo-1.0-py3-none-any.whl", NULL);
	struct reader_opts o = { .no_check = true, .depth = 3 };
	struct seen s;

	/* A zip in a tar in a zip. */
	o.inside[0] = archive_find(a, name, strlen(name));
	seen_open(&s, path, o);
	cr_assert_eq(s.why.code, ERR_OK, "%s", s.why.message);
	cr_assert_eq(archive_count(reader_archive(s.reader)), 1);
	cr_expect(bytes_is(archive_member(reader_archive(s.reader), 0)->name, "deep.txt"));
	read_one(&s, 0, 100);
	cr_expect_eq(s.rc, ERR_OK);
	cr_expect_str_eq(str_text(&s.data), "hello");
	seen_close(&s);
	/* What is none, and what is not there. */
	o.depth = 1;
	o.inside[0] = 0;
	seen_open(&s, path, o);
	cr_expect_eq(s.why.code, ERR_UNSUPPORTED);
	cr_expect_eq(s.listed, 0);
	seen_close(&s);
	o.inside[0] = 1000;
	seen_open(&s, path, o);
	cr_expect_eq(s.why.code, ERR_NOT_FOUND);
	seen_close(&s);
	archive_close(a);
	free(path);
	temp_remove(dir);
}
