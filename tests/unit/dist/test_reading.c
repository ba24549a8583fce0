/* A reader for who waits: as this process would read, with an end to every wait. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "archives.h"
#include "leak_gate.h"
#include "slipway/base/mem.h"
#include "slipway/dist/compare.h"
#include "slipway/dist/reading.h"
#include "slipway/os/env.h"
#include "slipway/os/fs.h"
#include "temp.h"

static struct reading *
opened(const char *path, struct reader_opts o)
{
	struct reading *r = NULL;
	struct err e = ERR_EMPTY;

	o.path = path;
	o.program = READER_CHILD;
	cr_assert_eq(reading_open(&o, NULL, &r, &e), ERR_OK, "%s: %s", path, e.message);
	return r;
}

Test(reading, facts_are_those_of_this_process, .fini = leak_gate)
{
	static const char *const files[] = { "good.whl", "names.whl", "links.tar.gz", "pax.tar.gz",
		"hidden.whl", "many.whl", "bad_crc.whl" };
	char *dir = archives_make();

	for (size_t i = 0; i < 2 * ARRAY_LEN(files); i++) {
		const char *file = files[i / 2];
		char *path = fs_join(dir, file);
		struct archive *a = archives_open(dir, file, NULL);
		struct archive_facts want = { .blob_size = 20 };
		struct reading *r = opened(
		    path, (struct reader_opts) { .facts = true, .no_check = i % 2 == 0 });
		const struct archive_facts *got = reading_facts(r);

		cr_assert_eq(archive_facts_read(a, path, &want, NULL), ERR_OK);
		cr_assert_eq(want.count, got->count, "%s", file);
		cr_expect_eq(got->blob_size, 20);
		for (size_t k = 0; k < want.count; k++) {
			const struct member_facts *x = &want.items[k], *y = &got->items[k];

			cr_expect(memcmp(x->sha256, y->sha256, sizeof x->sha256) == 0 &&
				      memcmp(x->blob, y->blob, sizeof x->blob) == 0 &&
				      x->looks == y->looks,
			    "%s %zu", file, k);
			/* A pass of the rules says more. */
			cr_expect_eq(x->marks & ~y->marks, 0, "%s %zu", file, k);
		}
		for (int k = 0; k < COMPARE_KEPT_COUNT; k++)
			cr_expect_str_eq(str_text(&want.kept[k]), str_text(&got->kept[k]));
		reading_close(r);
		archive_facts_fini(&want);
		archive_close(a);
		free(path);
	}
	temp_remove(dir);
}

struct seen {
	struct str order, data;
};

static bool
take(void *arg, const void *data, size_t len)
{
	struct seen *s = arg;

	str_append(&s->data, data, len);
	return s->data.len < 5000;
}

static void
begin(void *arg, size_t index)
{
	str_printf(&((struct seen *)arg)->order, "%zu:", index);
}

static void
data(void *arg, const void *data, size_t len)
{
	str_append(&((struct seen *)arg)->data, data, len);
}

static void
end(void *arg, size_t index, enum err_code rc)
{
	struct seen *s = arg;

	str_printf(&s->order, "%zu:%zu:%s ", index, s->data.len, err_code_name(rc));
	str_clear(&s->data);
}

Test(reading, gives_one_member_or_many, .fini = leak_gate)
{
	static const struct {
		const char *file;
		bool wanted[3];
		const char *want;
	} row[] = {
		{ "good.whl", { false, true, false }, "1:1:300:ok " },
		{ "bad_crc.whl", { true, false, false }, "0:0:50:invalid " },
		{ "pax.tar.gz", { true, true, false }, "0:0:8:ok 1:1:600:ok " },
		{ "good.whl", { false, false, false }, "" },
	};
	char *dir = archives_make();

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		char *path = fs_join(dir, row[i].file);
		struct reading *r = opened(path, (struct reader_opts) { .no_check = true });
		size_t count = archive_count(reading_archive(r));
		bool *wanted = mem_zalloc(count + 1, sizeof wanted[0]);
		struct seen s = { .data = STR_EMPTY };
		const struct member_visitor v = { begin, data, end, &s };
		struct err e = ERR_EMPTY;

		for (size_t k = 0; k < 3 && k < count; k++)
			wanted[k] = row[i].wanted[k];
		cr_expect_eq(reading_each(r, wanted, &v, &e), ERR_OK, "%s", e.message);
		cr_expect_str_eq(str_text(&s.order), row[i].want);
		/* The child goes on: the next question is answered too. */
		cr_expect_eq(reading_read(r, 99999, 9, take, &s, &e), ERR_NOT_FOUND);
		str_clear(&s.data);
		free(wanted);
		reading_close(r);
		str_fini(&s.order);
		str_fini(&s.data);
		free(path);
	}
	temp_remove(dir);
}

Test(reading, a_sink_that_has_enough_stops_it, .fini = leak_gate)
{
	char *dir = archives_make(), *path = fs_join(dir, "bomb.whl");
	struct reading *r = opened(path, (struct reader_opts) { .no_check = true });
	struct seen s = { .data = STR_EMPTY };
	struct err e = ERR_EMPTY;

	cr_expect_eq(reading_read(r, 0, 1 << 20, take, &s, &e), ERR_OK);
	cr_expect_lt(s.data.len, (size_t)1 << 20);
	str_clear(&s.data);
	cr_expect_eq(reading_read(r, 0, 1000, take, &s, &e), ERR_LIMIT);
	cr_expect_eq(s.data.len, 1000);
	reading_close(r);
	str_fini(&s.data);
	free(path);
	temp_remove(dir);
}

Test(reading, a_limit_is_a_finding_and_no_error, .fini = leak_gate)
{
	struct archive_limits few = archive_default_limits;
	const struct dist_check_opts check = { .limits = &few };
	char *dir = archives_make(), *path = fs_join(dir, "bomb.whl");
	const struct reader_opts row[] = { { .check = &check }, { .check = &check, .facts = true },
		{ .check = &check, .facts = true, .no_check = true } };

	few.total_bytes = 100000;
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct reading *r = opened(path, row[i]);

		cr_expect_gt(archive_count(reading_archive(r)), 0);
		if (!row[i].no_check)
			cr_expect_gt(reading_findings(r)->seen[RULE_LIMIT], 0);
		for (size_t k = 0; k < reading_facts(r)->count; k++)
			cr_expect_eq(reading_facts(r)->items[k].marks & MARK_HASHED, 0);
		reading_close(r);
	}
	free(path);
	temp_remove(dir);
}

Test(reading, a_child_that_dies_is_never_clean, .fini = leak_gate)
{
	static const struct {
		const char *way, *says;
	} row[] = {
		{ "killed", "SIGKILL" },
		{ "talks", "made no sense" },
	};
	const struct archive_limits hasty = { .entries = 10, .name_bytes = 100, .ratio = 200 };
	char *dir = archives_make(), *path = fs_join(dir, "good.whl");

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct dist_check_opts check = { .limits = &hasty };
		struct reader_opts o = { .path = path, .program = READER_CHILD, .check = &check };
		struct err e = ERR_EMPTY;
		struct reading *r;

		env_set("SLIPWAY_TEST_READER", row[i].way);
		r = opened(path, o);
		cr_assert_eq(reading_findings(r)->count, 1);
		cr_expect_eq(reading_findings(r)->items[0].rule, RULE_LIMIT);
		cr_expect_eq(reading_findings(r)->items[0].severity, FINDING_ERROR);
		cr_expect_not_null(strstr(reading_findings(r)->items[0].message, row[i].says), "%s",
		    reading_findings(r)->items[0].message);
		cr_expect_eq(reading_facts(r)->count, 0);
		cr_expect_eq(reading_read(r, 0, 9, take, NULL, &e), ERR_FAILED);
		reading_close(r);
		/* Where nobody wants findings it is an error. */
		o.no_check = true;
		r = NULL;
		cr_expect_eq(reading_open(&o, NULL, &r, &e), ERR_LIMIT);
		cr_expect_not_null(strstr(e.message, row[i].says), "%s", e.message);
		cr_expect_null(r);
	}
	env_set("SLIPWAY_TEST_READER", NULL);
	free(path);
	temp_remove(dir);
}

Test(reading, a_cancel_is_heard, .fini = leak_gate)
{
	char *dir = archives_make(), *path = fs_join(dir, "good.whl");
	const struct reader_opts o = { .path = path, .program = READER_CHILD };
	const atomic_bool cancelled = true;
	struct reading *r = NULL;
	struct err e = ERR_EMPTY;

	env_set("SLIPWAY_TEST_READER", "sleeps");
	cr_expect_eq(reading_open(&o, &cancelled, &r, &e), ERR_CANCELLED);
	cr_expect_null(r);
	env_set("SLIPWAY_TEST_READER", NULL);
	free(path);
	temp_remove(dir);
}

Test(reading, what_cannot_be_looked_at_is_an_error, .fini = leak_gate)
{
	struct reading *r = NULL;
	struct err e = ERR_EMPTY;
	struct reader_opts o = { .path = "/nowhere/x.whl", .program = READER_CHILD };

	cr_expect_eq(reading_open(&o, NULL, &r, &e), ERR_NOT_FOUND);
	o.program = "/nowhere/child";
	cr_expect_eq(reading_open(&o, NULL, &r, &e), ERR_NOT_FOUND);
	cr_expect_null(r);
}

/* -- what the child may and has -- */

/* The one child of this thread. */
static pid_t
child_of(void)
{
	FILE *f = fopen("/proc/thread-self/children", "re");
	long pid = 0;

	cr_assert_not_null(f);
	cr_assert_eq(fscanf(f, "%ld", &pid), 1);
	fclose(f);
	return (pid_t)pid;
}

static char *
about(pid_t pid, const char *what)
{
	char *path = mem_printf("/proc/%ld/%s", (long)pid, what);
	struct str text = STR_EMPTY;

	cr_assert_eq(fs_read(path, 1 << 20, &text, NULL), ERR_OK);
	/* The environment has NULs between its entries. */
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] == '\0')
			text.data[i] = '\n';
	free(path);
	return str_take(&text);
}

static void
expect_limit(const char *limits, const char *name, unsigned long long most)
{
	const char *at = strstr(limits, name);
	unsigned long long soft = 0, hard = 0;

	cr_assert_not_null(at, "%s", name);
	cr_assert_eq(
	    sscanf(at + strlen(name), "%llu %llu", &soft, &hard), 2, "%s: %.60s", name, at);
	cr_expect_eq(soft, most, "%s: %llu", name, soft);
	cr_expect_eq(hard, most, "%s: %llu", name, hard);
}

Test(reading, the_child_has_limits_and_nothing_of_ours, .fini = leak_gate)
{
	static const char token[] = "pypi-AgEIcHlwaS5vcmcCJDAwMDAwMDAwLTAwMDAtMDAwMC0wMDAw";
	char *dir = archives_make(), *path = fs_join(dir, "good.whl"), *text, *fds;
	int secret = open("/dev/zero", O_RDONLY); /* not even closed on exec */
	struct reading *r;
	struct dirent *entry;
	pid_t pid;
	DIR *d;

	env_set("PYPI_API_TOKEN", token);
	env_set("SOMETHING_ELSE", token);
	r = opened(path, (struct reader_opts) { .no_check = true });
	pid = child_of();
	text = about(pid, "limits");
	if (!WITH_ASAN)
		expect_limit(text, "Max address space", 1ULL << 30);
	expect_limit(text, "Max file size", 0);
	expect_limit(text, "Max core file size", 0);
	expect_limit(text, "Max open files", 16);
	cr_expect_null(strstr(text, "Max cpu time              unlimited"));
	free(text);
	text = about(pid, "status");
	cr_expect_not_null(strstr(text, "NoNewPrivs:\t1\n"));
	free(text);
	text = about(pid, "environ");
	cr_expect_not_null(strstr(text, "PATH="));
	cr_expect_not_null(strstr(text, "OPENSSL_CONF=/dev/null"));
	cr_expect_null(strstr(text, token));
	free(text);
	fds = mem_printf("/proc/%ld/fd", (long)pid);
	d = opendir(fds);
	cr_assert_not_null(d);
	while ((entry = readdir(d)) != NULL) {
		char to[512] = "", *link = fs_join(fds, entry->d_name);

		if (readlink(link, to, sizeof to - 1) > 0)
			cr_expect(
			    entry->d_name[0] == '0' ? text_starts(to, "socket:")
			    : strchr("12", entry->d_name[0]) != NULL && entry->d_name[1] == '\0'
				? text_starts(to, "pipe:")
				: strcmp(to, path) == 0,
			    "%s is %s", entry->d_name, to);
		free(link);
	}
	closedir(d);
	reading_close(r);
	env_set("PYPI_API_TOKEN", NULL);
	env_set("SOMETHING_ELSE", NULL);
	close(secret);
	free(fds);
	free(path);
	temp_remove(dir);
}

Test(reading, the_child_ends_with_its_parent, .fini = leak_gate)
{
	char *dir = archives_make(), *path = fs_join(dir, "good.whl");
	int ready[2], status = 0;
	pid_t parent, child = 0, got;

	cr_assert_eq(pipe(ready), 0);
	/* What our child leaves behind is ours to wait for. */
	cr_assert_eq(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	parent = fork();
	if (parent == 0) {
		opened(path, (struct reader_opts) { .no_check = true });
		child = child_of();
		if (write(ready[1], &child, sizeof child) != sizeof child)
			_exit(1);
		raise(SIGKILL);
	}
	cr_assert_eq(read(ready[0], &child, sizeof child), sizeof child);
	cr_expect_eq(waitpid(parent, &status, 0), parent);
	cr_expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	do
		got = waitpid(child, &status, 0);
	while (got < 0 && errno == EINTR);
	cr_expect_eq(got, child);
	close(ready[0]);
	close(ready[1]);
	free(path);
	temp_remove(dir);
}
