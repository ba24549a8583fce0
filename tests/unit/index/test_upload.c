/* Uploads to a rehearsal index, straight and through one that misbehaves: after each fault no file
 * is published twice or lost. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault_index.h"
#include "leak_gate.h"
#include "slipway/base/digest.h"
#include "slipway/base/mem.h"
#include "slipway/index/query.h"
#include "slipway/index/server.h"
#include "slipway/index/upload.h"
#include "slipway/os/fs.h"
#include "slipway/os/http.h"
#include "slipway/os/loop.h"
#include "slipway/os/secret.h"
#include "slipway/os/worker.h"
#include "temp.h"

#define FILES 4
#define WHEEL "demo_pkg-1.0-py3-none-any.whl"

struct fixture {
	char *dir;
	struct index_server *server;
	struct loop *loop;
	struct http *http;
	struct worker *worker;
	struct index_info index;
	struct upload *upload;
	struct upload_progress last[FILES];
	struct err failures[FILES];
	struct err failure;
	char trail[1024];     /* states of file 0, and starts of files as digits */
	unsigned running_max; /* files under way at once */
	uint64_t bytes;
	bool is_done, stop_at_sending;
	enum upload_stop how;
	struct index_listing listing;
};

static void
on_progress(void *arg, size_t file, const struct upload_progress *p)
{
	struct fixture *f = arg;
	const char *name = upload_state_name(p->state);
	size_t len = strlen(f->trail);
	unsigned running = 0;

	if (p->state != f->last[file].state)
		snprintf(f->trail + len, sizeof f->trail - len, "%zu:%s ", file, name);
	f->last[file] = *p;
	for (size_t i = 0; i < FILES; i++)
		running += f->last[i].state > UPLOAD_WAITING && f->last[i].state < UPLOAD_DONE;
	if (running > f->running_max)
		f->running_max = running;
	if (p->failure != NULL)
		f->failures[file] = *p->failure;
	if (p->state == UPLOAD_SENDING && p->sent > f->bytes)
		f->bytes = p->sent;
	if (p->state == UPLOAD_SENDING && f->stop_at_sending) {
		f->stop_at_sending = false;
		upload_stop(f->upload, f->how);
	}
}

static void
on_done(void *arg, const struct err *failure)
{
	struct fixture *f = arg;

	err_clear(&f->failure);
	if (failure != NULL)
		f->failure = *failure;
	f->is_done = true;
}

static void
make(const struct fixture *f, const char *name, const char *version, const char *kind,
    const char *filler)
{
	const char *const argv[] = { "/usr/bin/python3", MAKE_DIST, f->dir, name, version, kind,
		filler, NULL };

	cr_assert_eq(temp_run(f->dir, argv), 0);
}

static struct fixture
begin(void)
{
	struct fixture f = { .dir = temp_dir() };
	char *dir = fs_join(f.dir, "index");
	struct index_server_opts opts = { .dir = dir };

	cr_assert_eq(index_server_start(&opts, &f.server, NULL), ERR_OK);
	cr_assert_eq(loop_new(&f.loop, NULL), ERR_OK);
	cr_assert_eq(http_new(f.loop, &f.http, NULL), ERR_OK);
	cr_assert_eq(worker_new(f.loop, &f.worker, NULL), ERR_OK);
	index_server_info(f.server, "rehearsal", &f.index);
	free(dir);
	return f;
}

static void
end(struct fixture *f)
{
	index_listing_fini(&f->listing);
	index_info_fini(&f->index);
	worker_free(f->worker);
	http_free(f->http);
	loop_free(f->loop);
	index_server_stop(f->server);
	temp_remove(f->dir);
}

static void
point_at(struct fixture *f, const char *base)
{
	char *url = mem_printf("%slegacy/", base);

	index_info_fini(&f->index);
	cr_assert_eq(index_info_from_url(url, NULL, &f->index, NULL), ERR_OK);
	free(url);
}

/* Starts an upload of files given by name; their token is right unless FILES say otherwise. */
static void
start(struct fixture *f, const struct upload_file *wanted, size_t count, unsigned parallel)
{
	struct upload_file files[FILES];
	struct upload_opts opts = {
		.http = f->http,
		.worker = f->worker,
		.reader = READER_CHILD,
		.index = &f->index,
		.files = files,
		.count = count,
		.parallel = parallel,
		.pauses = { .first = 1,
		    .longest = 4,
		    .asked = 5000,
		    .reading = 1,
		    .deadline = 400,
		    .stall = 400 },
		.on_progress = on_progress,
		.on_done = on_done,
		.arg = f,
	};
	char *paths[FILES];
	struct err e = ERR_EMPTY;

	for (size_t i = 0; i < count; i++) {
		files[i] = wanted[i];
		paths[i] = fs_join(f->dir, files[i].path);
		files[i].path = paths[i];
		if (files[i].token == NULL)
			files[i].token = index_server_token(f->server);
	}
	f->is_done = false;
	f->trail[0] = '\0';
	memset(f->last, 0, sizeof f->last);
	cr_assert_eq(upload_start(f->loop, &opts, &f->upload, &e), ERR_OK, "%s", e.message);
	cr_assert_not(f->is_done);
	for (size_t i = 0; i < count; i++)
		free(paths[i]);
}

static void
run(struct fixture *f, const struct upload_file *files, size_t count, unsigned parallel)
{
	start(f, files, count, parallel);
	for (int i = 0; i < 100000 && !f->is_done; i++)
		loop_turn(f->loop, 1000);
	cr_assert(f->is_done);
	cr_expect_not(loop_is_busy(f->loop));
}

static void
send_one(struct fixture *f, const char *name)
{
	struct upload_file file = { .path = name };

	run(f, &file, 1, 1);
}

static void
on_list(void *arg, const struct index_listing *l, const struct err *failure)
{
	struct fixture *f = arg;

	cr_assert_null(failure);
	index_listing_fini(&f->listing);
	index_listing_copy(&f->listing, l);
	f->is_done = true;
}

/* How many files the real index lists of PROJECT, each with the bytes that are on our disk. */
static size_t
listed(struct fixture *f, const char *project)
{
	struct index_info real = INDEX_INFO_EMPTY;
	struct index_query *q;

	index_server_info(f->server, "rehearsal", &real);
	f->is_done = false;
	cr_assert_eq(index_list(f->http, &real, project, on_list, f, &q, NULL), ERR_OK);
	while (!f->is_done)
		loop_turn(f->loop, 1000);
	index_info_fini(&real);
	for (size_t i = 0; i < f->listing.count; i++) {
		size_t len;
		char *data = temp_read(f->dir, f->listing.files[i].name, &len),
		     hex[DIGEST_HEX_SIZE];

		digest_hex(DIGEST_SHA256, data, len, hex);
		cr_expect_str_eq(f->listing.files[i].sha256, hex);
		free(data);
	}
	return f->listing.count;
}

Test(upload, sends_files_in_order_and_knows_them_again, .fini = leak_gate, .timeout = 60)
{
	struct fixture f = begin();
	struct upload_file files[] = {
		{ .path = "top-1.0-py3-none-any.whl", .group = 1 },
		{ .path = "demo_pkg-1.0.tar.gz" },
		{ .path = WHEEL },
	};

	make(&f, "demo-pkg", "1.0", "wheel", "0");
	make(&f, "demo-pkg", "1.0", "sdist", "0");
	make(&f, "top", "1.0", "wheel", "0");
	run(&f, files, 3, 1);
	cr_expect_eq(f.failure.code, ERR_OK, "%s", f.failure.message);
	cr_expect_str_eq(f.trail,
	    "2:hashing 2:asking the index 2:sending 2:reading back 2:uploaded "
	    "1:hashing 1:sending 1:reading back 1:uploaded "
	    "0:hashing 0:asking the index 0:sending 0:reading back 0:uploaded ");
	cr_expect_eq(listed(&f, "demo-pkg"), 2);
	for (int i = 0; i < 3; i++)
		cr_expect_eq(f.last[i].presence, UPLOAD_PRESENT);
	send_one(&f, WHEEL);
	cr_expect_str_eq(f.trail, "0:hashing 0:asking the index 0:already there ");
	cr_expect_eq(f.failure.code, ERR_OK);
	end(&f);
}

Test(upload, the_form_is_filled_from_the_file, .fini = leak_gate, .timeout = 60)
{
	struct fixture f = begin();
	char *text;

	make(&f, "demo-pkg", "1.0", "wheel", "0");
	send_one(&f, WHEEL);
	cr_assert_eq(f.failure.code, ERR_OK, "%s", f.failure.message);
	text = temp_read(f.dir, "index/files/demo-pkg/" WHEEL ".json", NULL);
	cr_expect_not_null(strstr(text, "\"Operating System :: POSIX\""), "%s", text);
	cr_expect_not_null(strstr(text, "\"Home, https://example.org/x\""), "%s", text);
	cr_expect_not_null(strstr(text, "\"requires_python\": \">=3.8\""), "%s", text);
	cr_expect_not_null(
	    strstr(text, "\"description_content_type\": \"text/markdown\""), "%s", text);
	cr_expect_not_null(strstr(text, "\"description\": \"# Test <b>&\\n\\n"), "%s", text);
	cr_expect_not_null(strstr(text, "\"pyversion\": \"py3\""), "%s", text);
	free(text);
	end(&f);
}

Test(upload, several_at_once_within_a_group_only, .fini = leak_gate, .timeout = 60)
{
	struct fixture f = begin();
	struct upload_file files[] = {
		{ .path = "a-1.0-py3-none-any.whl" },
		{ .path = "b-1.0-py3-none-any.whl" },
		{ .path = "c-1.0-py3-none-any.whl", .group = 1 },
	};

	make(&f, "a", "1.0", "wheel", "3000000");
	make(&f, "b", "1.0", "wheel", "3000000");
	make(&f, "c", "1.0", "wheel", "0");
	run(&f, files, 3, 4);
	cr_expect_eq(f.failure.code, ERR_OK, "%s", f.failure.message);
	cr_expect_gt(f.bytes, 3000000);
	cr_expect_not_null(strstr(f.trail, "uploaded 2:hashing"), "%s", f.trail);
	cr_expect_eq(f.running_max, 2);
	end(&f);
}

Test(upload, other_bytes_stop_everything, .fini = leak_gate, .timeout = 60)
{
	struct fixture f = begin();
	struct upload_file files[] = {
		{ .path = WHEEL },
		{ .path = "top-1.0-py3-none-any.whl", .group = 1 },
	};
	struct upload_file wrong = {
		.path = WHEEL,
		.sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
	};

	make(&f, "demo-pkg", "1.0", "wheel", "0");
	make(&f, "top", "1.0", "wheel", "0");
	run(&f, &wrong, 1, 1);
	cr_expect_eq(f.failure.code, ERR_CONFLICT, "%s", f.failure.message);
	cr_expect_str_eq(f.trail, "0:hashing 0:failed ");
	cr_expect_eq(f.last[0].presence, UPLOAD_ABSENT);

	send_one(&f, WHEEL);
	make(&f, "demo-pkg", "1.0", "wheel", "99");
	run(&f, files, 2, 1);
	cr_expect_eq(f.failure.code, ERR_CONFLICT, "%s", f.failure.message);
	cr_expect_eq(f.last[0].presence, UPLOAD_PRESENT);
	cr_expect_not_null(strstr(f.failure.hint, "next version"), "%s", f.failure.hint);
	cr_expect_eq(f.last[1].state, UPLOAD_WAITING);
	cr_expect_eq(listed(&f, "top"), 0);
	end(&f);
}

Test(upload, a_wrong_token_or_file_is_told_at_once, .fini = leak_gate, .timeout = 60)
{
	struct fixture f = begin();
	struct secret *wrong = secret_new();
	struct upload_file file = { .path = WHEEL, .token = wrong };
	struct upload_file junk = { .path = "junk-1.0-py3-none-any.whl" };
	struct upload_file none = { .path = "none-1.0-py3-none-any.whl" };

	secret_append(wrong, "pypi-wrong", 10);
	make(&f, "demo-pkg", "1.0", "wheel", "2000000");
	run(&f, &file, 1, 1);
	cr_expect_eq(f.failure.code, ERR_AUTH, "%s", f.failure.message);
	cr_expect_eq(f.last[0].attempt, 1);
	cr_expect_null(strstr(f.failure.message, "pypi-wrong"));
	temp_puts(f.dir, "junk-1.0-py3-none-any.whl", "junk");
	run(&f, &junk, 1, 1);
	cr_expect_neq(f.failure.code, ERR_OK);
	cr_expect_eq(f.last[0].presence, UPLOAD_ABSENT);
	run(&f, &none, 1, 1);
	cr_expect_eq(f.failure.code, ERR_NOT_FOUND, "%s", f.failure.message);
	secret_free(wrong);
	end(&f);
}

Test(upload, after_each_fault_nothing_is_published_twice_or_lost, .fini = leak_gate, .timeout = 200)
{
	static const struct {
		const char *fault;
		unsigned times; /* 0: always */
		enum err_code rc;
		enum upload_presence presence;
		unsigned taken; /* by the real index */
	} row[] = {
		{ "timeout-stored", 1, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "timeout-lost", 1, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "timeout-lost", 0, ERR_TIMEOUT, UPLOAD_UNSURE, 0 },
		{ "500-stored", 1, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "500-lost", 1, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "500-lost", 4, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "500-lost", 0, ERR_FAILED, UPLOAD_UNSURE, 0 },
		{ "500-stored", 0, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "503-lost", 1, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "429-lost", 1, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "long-lost", 1, ERR_BUSY, UPLOAD_UNSURE, 0 },
		{ "reset-stored", 1, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "reset-lost", 1, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "cut-0", 1, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "cut-1", 1, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "cut-2", 1, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "cut-3", 1, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "cut-4", 1, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "cut-5", 1, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "cut-6", 1, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "cut-7", 1, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "cut-8", 1, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "cut-9", 1, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "cut-5", 0, ERR_NETWORK, UPLOAD_UNSURE, 0 },
		{ "200-lost", 1, ERR_TIMEOUT, UPLOAD_UNSURE, 0 },
		{ "308-lost", 1, ERR_CONFIG, UPLOAD_ABSENT, 0 },
		{ "403-no", 1, ERR_AUTH, UPLOAD_ABSENT, 0 },
		{ "400-File already exists", 1, ERR_CONFLICT, UPLOAD_UNSURE, 0 },
		{ "lying-sha", 0, ERR_CONFLICT, UPLOAD_PRESENT, 1 },
		{ "no-sha", 0, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "html", 0, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "garbage", 1, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "garbage", 0, ERR_INVALID, UPLOAD_UNSURE, 0 },
		{ "bad-json", 2, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "list-500", 1, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "list-403", 0, ERR_AUTH, UPLOAD_UNSURE, 0 },
		{ "elsewhere", 1, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "hidden", 4, ERR_OK, UPLOAD_PRESENT, 1 },
		{ "hidden", 0, ERR_TIMEOUT, UPLOAD_UNSURE, 1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct fixture f = begin();
		struct fault_index *faulty = fault_index_start(
		    index_server_url(f.server), row[i].fault, row[i].times);
		unsigned taken;

		make(&f, "demo-pkg", "1.0", "wheel", "300000");
		point_at(&f, fault_index_url(faulty));
		send_one(&f, WHEEL);
		taken = fault_index_stop(faulty);
		if (strstr(row[i].fault, "500-stored") && row[i].times == 0)
			cr_expect_eq(f.last[0].attempt, 1);
		cr_expect_eq(f.failure.code, row[i].rc, "%s x%u: %s [%s]", row[i].fault,
		    row[i].times, f.failure.message, f.trail);
		cr_expect_eq(
		    f.last[0].presence, row[i].presence, "%s x%u", row[i].fault, row[i].times);
		cr_expect_eq(taken, row[i].taken, "%s x%u: taken %u times [%s]", row[i].fault,
		    row[i].times, taken, f.trail);
		cr_expect_eq(
		    listed(&f, "demo-pkg"), row[i].taken, "%s x%u", row[i].fault, row[i].times);
		cr_expect(row[i].rc == ERR_OK || f.failure.hint[0] != '\0', "%s: %s", row[i].fault,
		    f.failure.message);
		cr_expect_null(strchr(f.failure.message, '\x1b'));
		end(&f);
	}
}

Test(upload, can_be_stopped_softly_and_at_once, .fini = leak_gate, .timeout = 60)
{
	struct fixture f = begin();
	struct upload_file files[] = {
		{ .path = WHEEL },
		{ .path = "top-1.0-py3-none-any.whl", .group = 1 },
	};
	struct upload_file again = { .path = "top-1.0-py3-none-any.whl" };

	make(&f, "demo-pkg", "1.0", "wheel", "2000000");
	make(&f, "top", "1.0", "wheel", "2000000");
	f.stop_at_sending = true;
	f.how = UPLOAD_STOP_SOFT;
	run(&f, files, 2, 1);
	cr_expect_eq(f.failure.code, ERR_CANCELLED);
	cr_expect_eq(f.last[0].state, UPLOAD_DONE);
	cr_expect_eq(f.last[1].state, UPLOAD_WAITING);
	cr_expect_eq(listed(&f, "demo-pkg"), 1);

	f.stop_at_sending = true;
	f.how = UPLOAD_STOP_NOW;
	start(&f, &again, 1, 1);
	for (int i = 0; i < 1000 && f.stop_at_sending; i++)
		loop_turn(f.loop, 100);
	for (int i = 0; i < 10; i++)
		loop_turn(f.loop, 0);
	cr_expect_not(f.is_done);
	cr_expect_not(loop_is_busy(f.loop));
	cr_expect_eq(listed(&f, "top"), 0);

	start(&f, &again, 1, 1);
	upload_stop(f.upload, UPLOAD_STOP_NOW);
	cr_expect_not(loop_is_busy(f.loop));
	end(&f);
}
