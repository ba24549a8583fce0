/* Requests against a server that says exactly what it is told to, or breaks there. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "leak_gate.h"
#include "slipway/base/mem.h"
#include "slipway/os/http.h"
#include "slipway/os/loop.h"
#include "slipway/os/secret.h"
#include "temp.h"

struct fixture {
	struct loop *loop;
	struct http *http;
	struct http_request *request;
	pid_t server;
	int server_in, port;
	int done, status;
	struct str reason, body, headers, message, url;
	enum err_code code;
	bool body_sent, monotone, wrong_byte, cancel_in_sink, free_in_done;
	uint64_t sent, send_total, got, get_total, sink_bytes, sink_stop, retry_after;
};

static void
start_server(struct fixture *f)
{
	int in[2], out[2];
	char text[16] = "";
	ssize_t got;

	cr_assert(pipe(in) == 0 && pipe(out) == 0);
	f->server = fork();
	if (f->server == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		close(in[1]);
		execl("/usr/bin/python3", "python3", HTTP_SERVER, (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	f->server_in = in[1];
	got = read(out[0], text, sizeof text - 1);
	cr_assert_gt(got, 0);
	f->port = (int)strtol(text, NULL, 10);
	close(out[0]);
}

static void
fixture_init(struct fixture *f, bool server)
{
	*f = (struct fixture) { .monotone = true };
	if (server)
		start_server(f);
	cr_assert_eq(loop_new(&f->loop, NULL), ERR_OK);
	cr_assert_eq(http_new(f->loop, &f->http, NULL), ERR_OK);
}

static void
forget(struct fixture *f)
{
	struct str *all[] = { &f->reason, &f->body, &f->headers, &f->message, &f->url };

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		str_fini(all[i]);
	f->done = f->status = 0;
	f->sent = f->send_total = f->got = f->get_total = f->sink_bytes = 0;
	f->code = ERR_OK;
}

static void
fixture_fini(struct fixture *f)
{
	forget(f);
	http_free(f->http);
	cr_expect_not(loop_is_busy(f->loop));
	loop_free(f->loop);
	if (f->server > 0) {
		close(f->server_in);
		waitpid(f->server, NULL, 0);
	}
}

static void
on_done(void *arg, const struct http_answer *a)
{
	struct fixture *f = arg;

	f->done++;
	f->status = a->status;
	str_puts(&f->reason, a->reason);
	str_append(&f->body, a->body.data, a->body.len);
	cr_expect_eq(a->body.data[a->body.len], '\0');
	strlist_join(&a->headers, "\n", &f->headers);
	str_puts(&f->url, a->url);
	if (a->failure != NULL) {
		f->code = a->failure->code;
		str_puts(&f->message, a->failure->message);
	}
	f->body_sent = a->body_sent;
	f->retry_after = http_retry_after(a, 0);
	if (f->free_in_done) {
		http_free(f->http);
		f->http = NULL;
	}
	loop_stop(f->loop);
}

static void
on_progress(void *arg, uint64_t sent, uint64_t send_total, uint64_t got, uint64_t get_total)
{
	struct fixture *f = arg;

	if (sent < f->sent || got < f->got)
		f->monotone = false;
	f->sent = sent;
	f->send_total = send_total;
	f->got = got;
	f->get_total = get_total;
}

static void
send_to(struct fixture *f, const char *path, struct http_opts o)
{
	char url[512];
	struct err e = ERR_EMPTY;

	snprintf(url, sizeof url, "http://127.0.0.1:%d%s", f->port, path);
	o.url = url;
	o.on_done = on_done;
	o.on_progress = on_progress;
	o.arg = f;
	forget(f);
	cr_assert_eq(http_send(f->http, &o, &f->request, &e), ERR_OK, "%s", e.message);
	cr_expect_eq(f->done, 0);
	cr_expect(loop_is_busy(f->loop));
}

static void
get(struct fixture *f, const char *path, struct http_opts o)
{
	send_to(f, path, o);
	loop_run(f->loop);
	cr_expect_eq(f->done, 1, "%s", path);
	cr_expect_not(loop_is_busy(f->loop), "%s", path);
}

Test(http, an_answer_comes_whole, .fini = leak_gate)
{
	struct fixture f;

	fixture_init(&f, true);
	get(&f, "/hello", (struct http_opts) { .url = NULL });
	cr_expect(f.status == 200 && f.code == ERR_OK && f.body_sent);
	cr_expect_str_eq(str_text(&f.body), "hello");
	cr_expect_str_eq(str_text(&f.reason), "OK");
	cr_expect_eq(f.got, 5);
	get(&f, "/hello", (struct http_opts) { .method = "HEAD" });
	cr_expect(f.status == 200 && f.body.len == 0);
	get(&f, "/nowhere", (struct http_opts) { .url = NULL });
	cr_expect(f.status == 404 && f.code == ERR_OK);
	get(&f, "/reason", (struct http_opts) { .url = NULL });
	cr_expect_eq(f.status, 403);
	cr_expect_str_eq(str_text(&f.reason), "Invalid \\x1b[31mtoken\\xff");
	get(&f, "/busy", (struct http_opts) { .url = NULL });
	cr_expect(f.status == 503 && f.retry_after == 7);
	cr_expect(strstr(str_text(&f.headers), "x-odd: a: b\n") != NULL ||
		  text_ends(str_text(&f.headers), "x-odd: a: b"));
	fixture_fini(&f);
}

Test(http, failures_say_what_and_where, .fini = leak_gate)
{
	static const struct {
		const char *path, *message;
		enum err_code code;
		int status;
		uint64_t stall_ms, total_ms;
		size_t max_body;
	} row[] = {
		{ "/cut", "in the middle of the answer", ERR_NETWORK, 200, 0, 0, 0 },
		{ "/taken", "without an answer", ERR_NETWORK, 0, 0, 0, 0 },
		{ "/stall", "nothing came from 127.0.0.1 port", ERR_TIMEOUT, 200, 150, 0, 0 },
		{ "/stall", "did not finish in time", ERR_TIMEOUT, 200, 0, 150, 0 },
		{ "/garbage", "127.0.0.1 port", ERR_NETWORK, 0, 0, 0, 0 },
		{ "/big?5000", "larger than 4999 bytes", ERR_LIMIT, 200, 0, 0, 4999 },
		{ "/big?5000", "", ERR_OK, 200, 0, 0, 5000 },
	};
	struct fixture f;

	fixture_init(&f, true);
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		get(&f, row[i].path,
		    (struct http_opts) { .stall_ms = row[i].stall_ms,
			.total_ms = row[i].total_ms,
			.max_body = row[i].max_body });
		cr_expect_eq(
		    f.code, row[i].code, "row %zu: %d %s", i, f.code, str_text(&f.message));
		cr_expect_eq(f.status, row[i].status, "row %zu: %d", i, f.status);
		cr_expect(strstr(str_text(&f.message), row[i].message) != NULL, "row %zu: %s", i,
		    str_text(&f.message));
	}
	fixture_fini(&f);
}

Test(http, a_refused_connection_names_host_and_port, .fini = leak_gate)
{
	struct fixture f;
	struct http_opts o = { .on_done = on_done, .arg = &f };
	struct err e = ERR_EMPTY;

	fixture_init(&f, false);
	f.port = 1;
	get(&f, "/", (struct http_opts) { .url = NULL });
	cr_expect(f.code == ERR_NETWORK && f.status == 0 && !f.body_sent);
	cr_expect_str_eq(
	    str_text(&f.message), "cannot connect to 127.0.0.1 port 1: Connection refused");
	forget(&f);
	o.url = "http://no-such-host.invalid/";
	cr_assert_eq(http_send(f.http, &o, NULL, &e), ERR_OK);
	loop_run(f.loop);
	cr_expect_eq(f.code, ERR_NETWORK);
	cr_expect(strstr(str_text(&f.message), "no-such-host.invalid") != NULL);
	fixture_fini(&f);
}

Test(http, what_must_not_be_sent_is_refused_at_once, .fini = leak_gate)
{
	static const char *const bad_header[] = { "X: a\r\nY: b", NULL };
	static const struct http_field missing[] = { { .name = "content",
	    .path = "/no/such/file" } };
	static const struct {
		struct http_opts o;
		enum err_code code;
	} row[] = {
		{ { .url = "file:///etc/passwd" }, ERR_INVALID },
		{ { .url = "ftp://localhost/" }, ERR_INVALID },
		{ { .url = "http://user:hunter2@localhost/" }, ERR_INVALID },
		{ { .url = "http://localhost/", .headers = bad_header }, ERR_INVALID },
		{ { .url = "http://localhost/", .fields = missing, .field_count = 1 },
		    ERR_NOT_FOUND },
	};
	struct fixture f;

	fixture_init(&f, false);
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct http_opts o = row[i].o;
		struct err e = ERR_EMPTY;

		o.on_done = on_done;
		o.arg = &f;
		cr_expect_eq(http_send(f.http, &o, NULL, &e), row[i].code, "row %zu", i);
		cr_expect(strstr(e.message, "hunter2") == NULL, "%s", e.message);
		cr_expect_not(loop_is_busy(f.loop));
	}
	cr_expect_eq(f.done, 0);
	fixture_fini(&f);
}

Test(http, follows_only_what_stays_on_the_same_server, .fini = leak_gate)
{
	struct fixture f;
	char other[128];

	fixture_init(&f, true);
	get(&f, "/to?/hello", (struct http_opts) { .follow = true });
	cr_expect_str_eq(str_text(&f.body), "hello");
	cr_expect(text_ends(str_text(&f.url), "/hello"));
	get(&f, "/to?/hello", (struct http_opts) { .url = NULL });
	cr_expect(f.status == 302 && strcmp(str_text(&f.body), "moved") == 0);
	get(&f, "/loop", (struct http_opts) { .follow = true });
	cr_expect_eq(f.status, 302);
	get(&f, "/count?/loop", (struct http_opts) { .url = NULL });
	cr_expect_str_eq(str_text(&f.body), "6", "the first and five more");
	snprintf(other, sizeof other, "/to?http://localhost:%d/hello", f.port);
	get(&f, other, (struct http_opts) { .follow = true });
	cr_expect_eq(f.status, 302, "another host");
	get(&f, "/to?file:///etc/passwd", (struct http_opts) { .follow = true });
	cr_expect_eq(f.status, 302, "another scheme");
	get(&f, "/to?/hello", (struct http_opts) { .follow = true, .method = "POST" });
	cr_expect_eq(f.status, 302, "what changes something is not sent twice");
	fixture_fini(&f);
}

/* As strstr(), in bytes that may hold NUL. */
static const char *
find(struct bytes in, const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i + len <= in.len; i++)
		if (memcmp(in.data + i, text, len) == 0)
			return in.data + i;
	return NULL;
}

/* The bytes behind the header of a part named NAME, up to the next boundary. */
static struct bytes
part_of(const struct str *echo, const char *name, const char *boundary)
{
	char *start = mem_printf("name=\"%s\"", name);
	struct bytes rest = { echo->data, echo->len };
	const char *marks[] = { start, "\r\n\r\n" }, *end;

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		const char *at = find(rest, marks[i]);

		cr_assert_not_null(at);
		at += strlen(marks[i]);
		rest = (struct bytes) { at, (size_t)(echo->data + echo->len - at) };
	}
	free(start);
	end = find(rest, boundary);
	cr_assert_not_null(end);
	return (struct bytes) { rest.data, (size_t)(end - rest.data) };
}

Test(http, a_form_arrives_byte_for_byte, .fini = leak_gate)
{
	struct fixture f;
	char *dir = temp_dir(), *path = mem_printf("%s/file.whl", dir), *boundary;
	size_t len = 700000;
	char *data = malloc(len);
	struct secret *password = secret_new();
	struct bytes part;
	const char *mark;

	for (size_t i = 0; i < len; i++)
		data[i] = (char)(i * 31 % 256);
	temp_write(dir, "file.whl", data, len);
	secret_append(password, "pypi-secret", 11);
	fixture_init(&f, true);
	get(&f, "/echo",
	    (struct http_opts) { .fields =
				     (struct http_field[]) {
					 { .name = ":action", .value = bytes_of("file_upload") },
					 { .name = "summary", .value = { "a\0b\r\n--c", 8 } },
					 { .name = "content",
					     .path = path,
					     .file_name = "a \"b\".whl",
					     .type = "application/octet-stream" },
				     },
		.field_count = 3,
		.user = "__token__",
		.password = password });
	cr_expect_eq(f.status, 200);
	cr_expect(f.body_sent && f.monotone && f.sent == f.send_total && f.sent > len);
	mark = strstr(str_text(&f.body), "boundary=");
	cr_assert_not_null(mark);
	boundary = mem_printf("\r\n--%.*s", (int)strcspn(mark + 9, "\r\n"), mark + 9);
	part = part_of(&f.body, ":action", boundary);
	cr_expect(bytes_is(part, "file_upload"));
	part = part_of(&f.body, "summary", boundary);
	cr_expect(part.len == 8 && memcmp(part.data, "a\0b\r\n--c", 8) == 0);
	part = part_of(&f.body, "content", boundary);
	cr_expect(part.len == len && memcmp(part.data, data, len) == 0);
	part = (struct bytes) { f.body.data, f.body.len };
	cr_expect_not_null(find(part, "filename=\"a %22b%22.whl\""));
	cr_expect(
	    strstr(str_text(&f.body), "Authorization: Basic X190b2tlbl9fOnB5cGktc2VjcmV0") != NULL);
	cr_expect(strstr(str_text(&f.body), "User-Agent: slipway/") != NULL);
	cr_expect(strstr(str_text(&f.body), "Expect:") == NULL);
	fixture_fini(&f);
	secret_free(password);
	free(boundary);
	free(data);
	free(path);
	temp_remove(dir);
}

Test(http, a_raw_body_and_own_headers_are_sent, .fini = leak_gate)
{
	static const char *const headers[] = { "Content-Type: application/json",
		"User-Agent: other", NULL };
	struct fixture f;

	fixture_init(&f, true);
	get(&f, "/echo",
	    (struct http_opts) { .method = "PATCH", .headers = headers, .body = { "{}x", 2 } });
	cr_expect(strncmp(str_text(&f.body), "PATCH /echo HTTP/1.1\r\n", 22) == 0);
	cr_expect(text_ends(str_text(&f.body), "\r\n\r\n{}"));
	cr_expect(strstr(str_text(&f.body), "Content-Type: application/json\r\n") != NULL);
	cr_expect(strstr(str_text(&f.body), "User-Agent: other\r\n") != NULL);
	get(&f, "/echo", (struct http_opts) { .method = "DELETE" });
	cr_expect(strncmp(str_text(&f.body), "DELETE /echo", 12) == 0);
	cr_expect(strstr(str_text(&f.body), "Content-Length") == NULL);
	get(&f, "/echo", (struct http_opts) { .method = "POST" });
	cr_expect(strstr(str_text(&f.body), "Content-Length: 0") != NULL);
	fixture_fini(&f);
}

Test(http, tells_whether_the_whole_body_had_left, .fini = leak_gate)
{
	static const struct {
		const char *path;
		enum err_code code;
		uint64_t stall_ms;
		bool body_sent;
	} row[] = {
		{ "/cut-send", ERR_NETWORK, 0, false },
		{ "/stall-send", ERR_TIMEOUT, 300, false },
		{ "/taken", ERR_NETWORK, 0, true },
		{ "/stall", ERR_TIMEOUT, 2000, true },
	};
	struct fixture f;
	char *dir = temp_dir(), *path = mem_printf("%s/file", dir), *data = calloc(1, 30000000);

	temp_write(dir, "file", data, 30000000);
	free(data);
	fixture_init(&f, true);
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct http_field field = { .name = "content", .path = path };

		get(&f, row[i].path,
		    (struct http_opts) {
			.fields = &field, .field_count = 1, .stall_ms = row[i].stall_ms });
		cr_expect_eq(f.code, row[i].code, "%s: %s", row[i].path, str_text(&f.message));
		cr_expect_eq(
		    f.body_sent, row[i].body_sent, "%s: %s", row[i].path, str_text(&f.message));
		cr_expect(f.monotone);
	}
	get(&f, "/refuse-early",
	    (struct http_opts) { .fields = &(struct http_field) { .name = "content", .path = path },
		.field_count = 1 });
	cr_expect(f.code == ERR_OK && f.status == 403 && !f.body_sent, "%d %s", f.status,
	    str_text(&f.message));
	cr_expect_str_eq(str_text(&f.reason), "Invalid token");
	fixture_fini(&f);
	free(path);
	temp_remove(dir);
}

Test(http, a_form_is_never_sent_twice_when_a_kept_connection_dies, .fini = leak_gate)
{
	struct fixture f;
	char *dir = temp_dir(), *path = mem_printf("%s/file", dir);
	struct http_field field = { .name = "content", .path = path };

	temp_puts(dir, "file", "content");
	fixture_init(&f, true);
	get(&f, "/second-dies", (struct http_opts) { .fields = &field, .field_count = 1 });
	cr_expect_str_eq(str_text(&f.body), "first");
	get(&f, "/second-dies", (struct http_opts) { .fields = &field, .field_count = 1 });
	cr_expect_eq(f.code, ERR_NETWORK, "%d %s", f.status, str_text(&f.body));
	cr_expect(f.body_sent, "%s", str_text(&f.message));
	get(&f, "/count?/second-dies", (struct http_opts) { .url = NULL });
	cr_expect_str_eq(str_text(&f.body), "2");
	fixture_fini(&f);
	free(path);
	temp_remove(dir);
}

static bool
on_sink(void *arg, const char *data, size_t len)
{
	struct fixture *f = arg;

	for (size_t i = 0; i < len; i++)
		if ((unsigned char)data[i] != (f->sink_bytes + i) % 256)
			f->wrong_byte = true;
	f->sink_bytes += len;
	if (f->cancel_in_sink)
		http_cancel(f->request);
	return f->sink_stop == 0 || f->sink_bytes < f->sink_stop;
}

static void
stop(void *arg)
{
	loop_stop(((struct fixture *)arg)->loop);
}

Test(http, a_sink_takes_a_big_body_and_may_end_it, .fini = leak_gate)
{
	struct fixture f;

	fixture_init(&f, true);
	get(&f, "/big?50000000", (struct http_opts) { .sink = on_sink });
	cr_expect(f.code == ERR_OK && f.sink_bytes == 50000000 && !f.wrong_byte);
	cr_expect(f.monotone && f.got == 50000000 && f.get_total == 50000000);
	get(&f, "/nowhere", (struct http_opts) { .sink = on_sink });
	cr_expect(f.status == 404 && f.sink_bytes == 0, "only of a 2xx");
	f.sink_stop = 1000000;
	get(&f, "/big?50000000", (struct http_opts) { .sink = on_sink });
	cr_expect(f.code == ERR_CANCELLED && f.sink_bytes < 5000000);
	f.cancel_in_sink = true;
	send_to(&f, "/big?50000000", (struct http_opts) { .sink = on_sink });
	while (loop_is_busy(f.loop))
		loop_turn(f.loop, 1000);
	cr_expect_eq(f.done, 0);
	fixture_fini(&f);
}

Test(http, requests_run_side_by_side_and_can_be_cancelled, .fini = leak_gate)
{
	struct fixture f;
	struct http_request *stalled;

	fixture_init(&f, true);
	send_to(&f, "/stall", (struct http_opts) { .url = NULL });
	stalled = f.request;
	send_to(&f, "/hello", (struct http_opts) { .url = NULL });
	loop_run(f.loop);
	cr_expect_str_eq(str_text(&f.body), "hello");
	cr_expect(loop_is_busy(f.loop));
	http_cancel(stalled);
	cr_expect_not(loop_is_busy(f.loop));
	cr_expect_eq(f.done, 1);
	fixture_fini(&f);
}

Test(http, everything_may_be_freed_from_done_or_while_it_runs, .fini = leak_gate)
{
	struct fixture f;

	fixture_init(&f, true);
	send_to(&f, "/stall", (struct http_opts) { .url = NULL });
	f.free_in_done = true;
	send_to(&f, "/hello", (struct http_opts) { .url = NULL });
	loop_run(f.loop);
	cr_expect_eq(f.done, 1);
	cr_expect_null(f.http);
	f.free_in_done = false;
	cr_assert_eq(http_new(f.loop, &f.http, NULL), ERR_OK);
	send_to(&f, "/stall", (struct http_opts) { .url = NULL });
	loop_after(f.loop, 50, stop, &f);
	loop_run(f.loop);
	http_free(f.http);
	f.http = NULL;
	cr_expect_not(loop_is_busy(f.loop));
	cr_expect_eq(f.done, 0);
	fixture_fini(&f);
}
