/* Downloading what an index serves: only the reviewed bytes are taken. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch.h"
#include "leak_gate.h"
#include "slipway/base/mem.h"
#include "slipway/index/server.h"
#include "slipway/os/fs.h"
#include "slipway/os/http.h"
#include "slipway/os/secret.h"
#include "temp.h"

#define WHEEL "demo_pkg-1.0-py3-none-any.whl"
#define WRONG "0000000000000000000000000000000000000000000000000000000000000000"

struct rig {
	char *dir, *into, *served;
	struct index_server *server;
	struct index_info info;
	struct loop *loop;
	struct http *http;
	struct fetch *fetch;
	size_t listed;
	struct err err;
	bool done;
};

static struct rig
begin(void)
{
	struct rig r = { .dir = temp_dir() };
	char *index = fs_join(r.dir, "index");
	const struct index_server_opts opts = { .dir = index };
	const char *const make[] = { "/usr/bin/python3", MAKE_DIST, r.dir, "demo-pkg", "1.0",
		"wheel", NULL };
	static const char *const send[] = { "/bin/sh", "-c",
		"curl -sSf -u __token__:$T -F name=demo-pkg -F version=1.0 -F metadata_version=2.1 "
		"-F filetype=bdist_wheel -F pyversion=py3 -F sha256_digest=$(sha256sum *.whl | cut "
		"-d' ' -f1) -F content=@" WHEEL " ${U}legacy/",
		NULL };

	cr_assert_eq(index_server_start(&opts, &r.server, NULL), ERR_OK);
	cr_assert_eq(temp_run(r.dir, make), 0);
	setenv("T", secret_text(index_server_token(r.server)), 1);
	setenv("U", index_server_url(r.server), 1);
	cr_assert_eq(temp_run(r.dir, send), 0);
	index_server_info(r.server, "demo", &r.info);
	cr_assert_eq(loop_new(&r.loop, NULL), ERR_OK);
	cr_assert_eq(http_new(r.loop, &r.http, NULL), ERR_OK);
	r.into = fs_join(r.dir, "into");
	r.served = mem_printf("%s/files/demo-pkg/" WHEEL, index);
	free(index);
	return r;
}

static void
end(struct rig *r)
{
	fetch_free(r->fetch);
	http_free(r->http);
	/* A fetch that was called off before it began is freed by its deferred call. */
	loop_turn(r->loop, 0);
	loop_free(r->loop);
	index_server_stop(r->server);
	index_info_fini(&r->info);
	temp_remove(r->dir);
	free(r->into);
	free(r->served);
}

static void
on_listed(void *arg, size_t file)
{
	struct rig *r = arg;

	(void)file;
	r->listed++;
}

static void
on_done(void *arg, const struct err *e)
{
	struct rig *r = arg;

	r->fetch = NULL;
	err_clear(&r->err);
	if (e != NULL)
		r->err = *e;
	r->done = true;
}

static void
start(struct rig *r, const struct fetch_file *file, uint64_t deadline_ms)
{
	const struct fetch_opts opts = { .loop = r->loop,
		.http = r->http,
		.index = &r->info,
		.files = file,
		.count = 1,
		.dir = r->into,
		.deadline_ms = deadline_ms };

	r->done = false;
	r->fetch = fetch_start(&opts, on_listed, on_done, r);
	cr_assert(!r->done);
}

static void
fetch(struct rig *r, const struct fetch_file *file, uint64_t deadline_ms)
{
	start(r, file, deadline_ms);
	for (int i = 0; i < 3000 && !r->done; i++)
		loop_turn(r->loop, 10);
	cr_assert(r->done);
}

static bool
is_there(const struct rig *r)
{
	char *path = fs_join(r->into, WHEEL);
	bool there = fs_exists(path);

	free(path);
	return there;
}

Test(fetch, takes_what_the_listing_says, .fini = leak_gate)
{
	struct rig r = begin();
	const struct fetch_file file = { .project = "demo-pkg", .name = WHEEL };

	fetch(&r, &file, 0);
	cr_expect_eq(r.err.code, ERR_OK, "%s", r.err.message);
	cr_expect_eq(r.listed, 1);
	cr_expect(is_there(&r));
	end(&r);
}

Test(fetch, refuses_what_was_not_reviewed, .fini = leak_gate)
{
	struct rig r = begin();
	const struct fetch_file row[] = {
		{ .project = "demo-pkg", .name = WHEEL, .sha256 = WRONG },
		{ .project = "demo-pkg", .name = WHEEL, .size = 10 },
		{ .project = "demo-pkg", .name = "../" WHEEL },
		{ .project = "demo-pkg", .name = ".hidden" },
		{ .project = "demo-pkg", .name = "other.whl" },
	};
	static const enum err_code want[] = { ERR_CONFLICT, ERR_CONFLICT, ERR_INVALID, ERR_INVALID,
		ERR_NOT_FOUND };

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		fetch(&r, &row[i], 0);
		cr_expect_eq(r.err.code, want[i], "row %zu: %s", i, r.err.message);
		cr_expect(!is_there(&r), "row %zu", i);
	}
	end(&r);
}

Test(fetch, keeps_nothing_of_bytes_that_lie, .fini = leak_gate)
{
	struct rig r = begin();
	const struct fetch_file file = { .project = "demo-pkg", .name = WHEEL };
	struct str text = STR_EMPTY;

	cr_assert_eq(fs_read(r.served, 1 << 20, &text, NULL), ERR_OK);
	text.data[text.len / 2] ^= 1;
	cr_assert_eq(fs_write(r.served, text.data, text.len, 0600, NULL), ERR_OK);
	fetch(&r, &file, 5000);
	cr_expect_eq(r.err.code, ERR_CONFLICT, "%s", r.err.message);
	cr_expect(strstr(r.err.message, "sha256") != NULL, "%s", r.err.message);
	cr_expect(!is_there(&r));
	str_fini(&text);
	end(&r);
}

/* The index reads its folder when it starts. */
static void
restart(struct rig *r)
{
	char *index = fs_join(r->dir, "index");
	const struct index_server_opts opts = { .dir = index };

	index_server_stop(r->server);
	cr_assert_eq(index_server_start(&opts, &r->server, NULL), ERR_OK);
	free(index);
}

Test(fetch, waits_for_a_file_that_is_not_listed_yet, .fini = leak_gate)
{
	struct rig r = begin();
	const struct fetch_file file = { .project = "demo-pkg", .name = WHEEL };
	char *json = mem_printf("%s.json", r.served), *away = mem_printf("%s/away", r.dir);

	cr_assert_eq(rename(json, away), 0);
	restart(&r);
	start(&r, &file, 20000);
	for (int i = 0; i < 20; i++)
		loop_turn(r.loop, 10);
	cr_assert(!r.done);
	cr_assert_eq(rename(away, json), 0);
	restart(&r);
	for (int i = 0; i < 3000 && !r.done; i++)
		loop_turn(r.loop, 10);
	cr_expect(r.done && r.err.code == ERR_OK, "%s", r.err.message);
	free(json);
	free(away);
	end(&r);
}

Test(fetch, is_called_off_at_any_moment, .fini = leak_gate)
{
	struct rig r = begin();
	const struct fetch_file file = { .project = "demo-pkg", .name = WHEEL };

	for (int turns = 0; turns < 12; turns++) {
		start(&r, &file, 5000);
		for (int i = 0; i < turns && !r.done; i++)
			loop_turn(r.loop, 1);
		fetch_free(r.fetch);
		r.fetch = NULL;
		r.done = false;
		for (int i = 0; i < 5; i++)
			loop_turn(r.loop, 1);
		cr_expect(!r.done, "called after it was called off, %d turns", turns);
	}
	end(&r);
}
