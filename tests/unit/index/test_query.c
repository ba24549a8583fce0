/* Asking an index that answers, one that does not, and one that answers nonsense. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault_index.h"
#include "leak_gate.h"
#include "slipway/base/mem.h"
#include "slipway/index/query.h"
#include "slipway/index/server.h"
#include "slipway/os/fs.h"
#include "slipway/os/http.h"
#include "slipway/os/loop.h"
#include "slipway/os/secret.h"
#include "temp.h"

struct fixture {
	char *dir;
	struct index_server *server;
	struct loop *loop;
	struct http *http;
	struct index_listing listing;
	struct err failure;
	bool is_done;
};

static void
on_list(void *arg, const struct index_listing *l, const struct err *failure)
{
	struct fixture *f = arg;

	index_listing_fini(&f->listing);
	err_clear(&f->failure);
	if (failure != NULL)
		f->failure = *failure;
	else
		index_listing_copy(&f->listing, l);
	f->is_done = true;
}

static struct fixture
begin(void)
{
	struct fixture f = { .dir = temp_dir() };
	char *dir = fs_join(f.dir, "index");
	struct index_server_opts opts = { .dir = dir };
	const char *const make[] = { "/usr/bin/python3", MAKE_DIST, f.dir, "demo-pkg", "1.0",
		"wheel", NULL };
	static const char *const send[] = { "/bin/sh", "-c",
		"curl -sSf -u __token__:$T -F name=demo-pkg -F version=1.0 -F metadata_version=2.1 "
		"-F filetype=bdist_wheel -F pyversion=py3 -F sha256_digest=$(sha256sum *.whl | cut "
		"-d' ' -f1) "
		"-F content=@demo_pkg-1.0-py3-none-any.whl ${U}legacy/",
		NULL };

	cr_assert_eq(index_server_start(&opts, &f.server, NULL), ERR_OK);
	cr_assert_eq(temp_run(f.dir, make), 0);
	setenv("T", secret_text(index_server_token(f.server)), 1);
	setenv("U", index_server_url(f.server), 1);
	cr_assert_eq(temp_run(f.dir, send), 0);
	cr_assert_eq(loop_new(&f.loop, NULL), ERR_OK);
	cr_assert_eq(http_new(f.loop, &f.http, NULL), ERR_OK);
	free(dir);
	return f;
}

static void
end(struct fixture *f)
{
	index_listing_fini(&f->listing);
	http_free(f->http);
	loop_free(f->loop);
	index_server_stop(f->server);
	temp_remove(f->dir);
}

static void
ask(struct fixture *f, const char *url, const char *project)
{
	char *upload = mem_printf("%slegacy/", url);
	struct index_info info = INDEX_INFO_EMPTY;
	struct index_query *q;

	cr_assert_eq(index_info_from_url(upload, NULL, &info, NULL), ERR_OK);
	f->is_done = false;
	cr_assert_eq(index_list(f->http, &info, project, on_list, f, &q, NULL), ERR_OK);
	cr_assert_not(f->is_done);
	index_info_fini(&info);
	for (int i = 0; i < 10000 && !f->is_done; i++)
		loop_turn(f->loop, 1000);
	cr_assert(f->is_done);
	free(upload);
}

Test(query, tells_found_from_not_found, .fini = leak_gate)
{
	struct fixture f = begin();

	ask(&f, index_server_url(f.server), "Demo.Pkg");
	cr_expect_eq(f.failure.code, ERR_OK, "%s", f.failure.message);
	cr_expect_eq(f.listing.state, INDEX_FOUND);
	cr_expect_eq(f.listing.count, 1);
	cr_expect_not_null(index_listing_find(&f.listing, "demo_pkg-1.0-py3-none-any.whl"));
	cr_expect(strlist_has(&f.listing.versions, "1.0"));
	ask(&f, index_server_url(f.server), "nothing-here");
	cr_expect_eq(f.listing.state, INDEX_NOT_FOUND);
	ask(&f, "http://127.0.0.1:1/", "demo-pkg");
	cr_expect_eq(f.failure.code, ERR_NETWORK, "%s", f.failure.message);
	end(&f);
}

Test(query, answers_that_are_none_are_told_in_plain_words, .fini = leak_gate, .timeout = 60)
{
	static const struct {
		const char *fault;
		enum err_code rc;
		enum index_state state;
		const char *says;
	} row[] = {
		{ "elsewhere", ERR_OK, INDEX_ELSEWHERE, "" },
		{ "hidden", ERR_OK, INDEX_NOT_FOUND, "" },
		{ "html", ERR_OK, INDEX_FOUND, "" },
		{ "no-sha", ERR_OK, INDEX_FOUND, "" },
		{ "garbage", ERR_INVALID, INDEX_FOUND, "no list of files" },
		{ "bad-json", ERR_INVALID, INDEX_FOUND, "/simple/demo-pkg/" },
		{ "list-500", ERR_FAILED, INDEX_FOUND, "500" },
		{ "list-503", ERR_BUSY, INDEX_FOUND, "come back later" },
		{ "list-403", ERR_AUTH, INDEX_FOUND, "403" },
	};
	struct fixture f = begin();

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct fault_index *faulty = fault_index_start(
		    index_server_url(f.server), row[i].fault, 0);

		ask(&f, fault_index_url(faulty), "demo-pkg");
		cr_expect_eq(f.failure.code, row[i].rc, "%s: %s", row[i].fault, f.failure.message);
		if (row[i].rc == ERR_OK)
			cr_expect_eq(f.listing.state, row[i].state, "%s", row[i].fault);
		cr_expect_not_null(strstr(f.failure.message, row[i].says), "%s: %s", row[i].fault,
		    f.failure.message);
		cr_expect_null(strchr(f.failure.message, '\x1b'));
		fault_index_stop(faulty);
	}
	end(&f);
}

Test(query, a_cancelled_question_is_not_answered, .fini = leak_gate)
{
	struct fixture f = begin();
	struct index_info info = INDEX_INFO_EMPTY;
	struct index_query *q;

	index_server_info(f.server, "rehearsal", &info);
	cr_assert_eq(index_list(f.http, &info, "demo-pkg", on_list, &f, &q, NULL), ERR_OK);
	index_list_cancel(q);
	for (int i = 0; i < 10 && loop_is_busy(f.loop); i++)
		loop_turn(f.loop, 100);
	cr_expect_not(f.is_done);
	index_info_fini(&info);
	end(&f);
}
