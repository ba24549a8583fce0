/* Child processes: streams, ends, time-outs and what a child must not inherit. */
#define _DEFAULT_SOURCE 1
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "leak_gate.h"
#include "slipway/base/str.h"
#include "slipway/os/loop.h"
#include "slipway/os/process.h"
#include "temp.h"

static const char *const env[] = { "PATH=/usr/bin:/bin", "LC_ALL=C", NULL };

struct run {
	struct loop *loop;
	struct process *process;
	struct str text[2];
	struct process_end end;
	size_t pieces, biggest;
	int ended;
	bool cancel_on_output;
};

static void
on_output(void *arg, enum process_stream stream, const char *data, size_t len)
{
	struct run *r = arg;

	r->pieces++;
	if (len > r->biggest)
		r->biggest = len;
	str_append(&r->text[stream], data, len);
	if (r->cancel_on_output)
		process_cancel(r->process);
}

static void
on_end(void *arg, const struct process_end *end)
{
	struct run *r = arg;

	r->end = *end;
	r->ended++;
	loop_stop(r->loop);
}

static void
run_init(struct run *r)
{
	*r = (struct run) { .loop = NULL };
	cr_assert_eq(loop_new(&r->loop, NULL), ERR_OK);
}

static void
run_fini(struct run *r)
{
	str_fini(&r->text[0]);
	str_fini(&r->text[1]);
	loop_free(r->loop);
}

/* Runs a shell line to its end. OPTS may hold what differs from the default. */
static void
run_shell(struct run *r, const char *line, struct process_opts o)
{
	const char *argv[] = { "sh", "-c", line, NULL };
	struct err e = ERR_EMPTY;

	o.argv = argv;
	o.env = env;
	o.on_output = on_output;
	o.on_end = on_end;
	o.arg = r;
	cr_assert_eq(process_start(r->loop, &o, &r->process, &e), ERR_OK, "%s", e.message);
	cr_expect(loop_is_busy(r->loop));
	loop_run(r->loop);
	cr_expect_eq(r->ended, 1);
	cr_expect_not(loop_is_busy(r->loop));
}

Test(process, tells_how_it_ended, .fini = leak_gate)
{
	static const struct {
		const char *line, *out, *err, *end;
		bool ok;
	} row[] = {
		{ "echo a; echo b >&2", "a\n", "b\n", "exited with 0", true },
		{ "exit 3", "", "", "exited with 3", false },
		{ "kill -SEGV $$", "", "", "killed by SIGSEGV", false },
		{ "kill -42 $$", "", "", "killed by signal 42", false },
		{ "cat", "", "", "exited with 0", true },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct run r;
		char text[64];

		run_init(&r);
		run_shell(&r, row[i].line, (struct process_opts) { .cwd = "/" });
		cr_expect_str_eq(str_text(&r.text[0]), row[i].out, "%s", row[i].line);
		cr_expect_str_eq(str_text(&r.text[1]), row[i].err, "%s", row[i].line);
		process_end_text(&r.end, text, sizeof text);
		cr_expect_str_eq(text, row[i].end, "%s: %s", row[i].line, text);
		cr_expect_eq(process_end_ok(&r.end), row[i].ok, "%s", row[i].line);
		run_fini(&r);
	}
}

Test(process, what_cannot_run_fails_at_the_start, .fini = leak_gate)
{
	char *dir = temp_dir();
	char script[4096], plain[4096];
	const struct {
		const char *program, *cwd;
		enum err_code code;
	} row[] = {
		{ "slipway-no-such-program", NULL, ERR_NOT_FOUND },
		{ "/no/such/program", NULL, ERR_NOT_FOUND },
		{ "sh", "/no/such/folder", ERR_NOT_FOUND },
		{ script, NULL, ERR_NOT_FOUND },
		{ plain, NULL, ERR_NOT_FOUND },
	};

	snprintf(script, sizeof script, "%s/script", dir);
	snprintf(plain, sizeof plain, "%s/plain", dir);
	temp_puts(dir, "script", "#!/no/such/interpreter\n");
	temp_puts(dir, "plain", "text");
	cr_assert_eq(chmod(script, 0755), 0);
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct run r;
		const char *argv[] = { row[i].program, NULL };
		struct err e = ERR_EMPTY;
		struct process_opts o = {
			.argv = argv, .env = env, .cwd = row[i].cwd, .on_end = on_end, .arg = &r
		};

		run_init(&r);
		cr_expect_eq(process_start(r.loop, &o, &r.process, &e), row[i].code, "row %zu", i);
		cr_expect(strstr(e.message, row[i].program) != NULL, "%s", e.message);
		cr_expect_not(loop_is_busy(r.loop));
		cr_expect_eq(r.ended, 0);
		cr_expect(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "no child stays");
		run_fini(&r);
	}
	temp_remove(dir);
}

Test(process, a_child_inherits_no_descriptor_no_signal_setting_and_no_terminal, .fini = leak_gate)
{
	struct run r;
	sigset_t mask;
	int leaky[2];

	cr_assert_eq(pipe(leaky), 0); /* not closed on exec */
	cr_assert_eq(dup2(leaky[0], 9), 9);
	sigemptyset(&mask);
	run_init(&r); /* ignores SIGPIPE */
	run_shell(&r,
	    "ls /proc/self/fd | wc -l; grep -E 'SigIgn|SigBlk' /proc/self/status;"
	    "(: </dev/tty) 2>/dev/null && echo tty; cut -d' ' -f5,6 /proc/self/stat; echo $$",
	    (struct process_opts) { .cwd = "/" });
	/* 0, 1, 2 and the directory that ls reads. */
	cr_expect(strncmp(str_text(&r.text[0]), "4\n", 2) == 0, "%s", str_text(&r.text[0]));
	cr_expect(strstr(str_text(&r.text[0]), "SigIgn:\t0000000000000000") != NULL);
	cr_expect(strstr(str_text(&r.text[0]), "SigBlk:\t0000000000000000") != NULL);
	cr_expect(strstr(str_text(&r.text[0]), "tty") == NULL);
	run_fini(&r);
	close(leaky[0]);
	close(leaky[1]);
	close(9);
}

Test(process, a_big_input_and_a_big_output_flow_at_once_in_bounded_pieces, .fini = leak_gate)
{
	struct run r;
	size_t len = 3000000;
	char *data = malloc(len);

	for (size_t i = 0; i < len; i++)
		data[i] = (char)(i % 251);
	run_init(&r);
	run_shell(&r, "cat", (struct process_opts) { .input = data, .input_len = len });
	cr_expect(r.text[0].len == len && memcmp(r.text[0].data, data, len) == 0);
	cr_expect_leq(r.biggest, 65536);
	cr_expect(process_end_ok(&r.end));
	run_fini(&r);
	run_init(&r);
	run_shell(&r, "exit 4", (struct process_opts) { .input = data, .input_len = len });
	cr_expect_eq(r.end.status, 4, "a child that does not read its input is no failure");
	run_fini(&r);
	run_init(&r);
	run_shell(&r, "wc -c", (struct process_opts) { .input = "", .input_len = 0 });
	cr_expect_str_eq(str_text(&r.text[0]), "0\n");
	run_fini(&r);
	free(data);
}

Test(process, a_pseudo_terminal_has_the_size_asked_for_and_is_the_childs_own, .fini = leak_gate)
{
	struct run r;

	run_init(&r);
	run_shell(&r, "test -t 1 && test -t 2 && stty size </dev/tty; echo error >&2; cat",
	    (struct process_opts) { .mode = PROCESS_PTY, .rows = 33, .cols = 77 });
	cr_expect_str_eq(str_text(&r.text[0]), "33 77\r\nerror\r\n");
	cr_expect(process_end_ok(&r.end));
	run_fini(&r);
}

static void
resize(void *arg)
{
	struct run *r = arg;

	process_resize(r->process, 50, 100);
}

Test(process, a_resize_reaches_the_child, .fini = leak_gate)
{
	struct run r;

	run_init(&r);
	loop_after(r.loop, 50, resize, &r);
	run_shell(&r, "trap 'stty size </dev/tty; exit' WINCH; while :; do sleep 0.02; done",
	    (struct process_opts) { .mode = PROCESS_PTY, .timeout_ms = 5000 });
	cr_expect_str_eq(str_text(&r.text[0]), "50 100\r\n");
	run_fini(&r);
}

Test(process, a_time_out_ends_the_whole_group, .fini = leak_gate)
{
	struct run r;
	pid_t grandchild;
	char text[32];

	run_init(&r);
	run_shell(&r, "sleep 100 & echo $!; wait", (struct process_opts) { .timeout_ms = 100 });
	cr_expect(r.end.timed_out && !r.end.cancelled && r.end.status == -1 && r.end.signo == 0);
	cr_expect_str_eq(process_end_text(&r.end, text, sizeof text), "timed out");
	grandchild = (pid_t)strtol(str_text(&r.text[0]), NULL, 10);
	cr_assert_gt(grandchild, 1);
	cr_expect(kill(grandchild, 0) != 0 || r.end.elapsed_ms < 2500);
	run_fini(&r);
}

Test(process, a_cancel_is_gentle_first_and_then_not, .fini = leak_gate)
{
	static const struct {
		const char *line, *out;
		uint64_t at_least, at_most;
	} row[] = {
		{ "trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.02; done",
		    "ready\nbye\n", 0, 1500 },
		{ "trap '' TERM; echo ready; while :; do sleep 0.05; done", "ready\n", 1900, 4500 },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct run r;

		run_init(&r);
		r.cancel_on_output = true;
		run_shell(&r, row[i].line, (struct process_opts) { .timeout_ms = 20000 });
		cr_expect(r.end.cancelled && !r.end.timed_out && r.end.status == -1);
		cr_expect_str_eq(str_text(&r.text[0]), row[i].out);
		cr_expect(r.end.elapsed_ms >= row[i].at_least && r.end.elapsed_ms <= row[i].at_most,
		    "row %zu took %lu ms", i, (unsigned long)r.end.elapsed_ms);
		run_fini(&r);
	}
}

Test(process, a_grandchild_that_holds_the_pipe_is_given_a_second, .fini = leak_gate)
{
	struct run r;

	run_init(&r);
	run_shell(&r, "sleep 100 & echo done", (struct process_opts) { .timeout_ms = 20000 });
	cr_expect_str_eq(str_text(&r.text[0]), "done\n");
	cr_expect(process_end_ok(&r.end));
	cr_expect(r.end.elapsed_ms >= 900 && r.end.elapsed_ms < 5000);
	run_fini(&r);
}

static void
on_result(void *arg, const struct process_result *result)
{
	struct run *r = arg;

	r->end = result->end;
	r->ended++;
	str_append(&r->text[0], result->out.data, result->out.len);
	str_append(&r->text[1], result->err.data, result->err.len);
	loop_stop(r->loop);
}

Test(process, a_capture_keeps_the_start_of_each_stream, .fini = leak_gate)
{
	struct run r;
	const char *argv[] = { "sh", "-c", "yes | head -c 100000; echo problem >&2; exit 1", NULL };
	struct process_opts o = { .argv = argv, .env = env };

	run_init(&r);
	cr_assert_eq(process_capture(r.loop, &o, 1000, on_result, &r, &r.process, NULL), ERR_OK);
	loop_run(r.loop);
	cr_expect_eq(r.text[0].len, 1000);
	cr_expect_str_eq(str_text(&r.text[1]), "problem\n");
	cr_expect_eq(r.end.status, 1);
	run_fini(&r);
}

Test(process, the_foreground_runs_on_our_streams_even_without_a_terminal, .fini = leak_gate)
{
	const char *argv[] = { "sh", "-c", "echo here; exit 5", NULL };
	struct process_opts o = { .argv = argv, .env = env, .mode = PROCESS_FOREGROUND };
	struct run r;
	char *dir = temp_dir(), *text;
	char path[4096];
	int fd, saved;

	snprintf(path, sizeof path, "%s/out", dir);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	fflush(stdout);
	saved = dup(1);
	dup2(fd, 1);
	run_init(&r);
	o.on_end = on_end;
	o.arg = &r;
	cr_assert_eq(process_start(r.loop, &o, &r.process, NULL), ERR_OK);
	loop_run(r.loop);
	dup2(saved, 1);
	close(saved);
	close(fd);
	text = temp_read(dir, "out", NULL);
	cr_expect_str_eq(text, "here\n");
	cr_expect_eq(r.end.status, 5);
	free(text);
	run_fini(&r);
	temp_remove(dir);
}

Test(process, the_foreground_is_heard_by_who_listens, .fini = leak_gate)
{
	struct run r;

	run_init(&r);
	run_shell(&r, "echo here; echo there >&2; exit 5",
	    (struct process_opts) { .mode = PROCESS_FOREGROUND });
	cr_expect_str_eq(str_text(&r.text[0]), "here\n");
	cr_expect_str_eq(str_text(&r.text[1]), "there\n");
	cr_expect_eq(r.end.status, 5);
	run_fini(&r);
}
