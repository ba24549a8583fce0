/* The loop: order, removal while dispatching, signals, children, frames and idleness. */
#include <criterion/criterion.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "leak_gate.h"
#include "slipway/os/loop.h"

struct fixture {
	struct loop *loop;
	struct loop_watch *first, *second;
	int calls;
	char order[16];
};

static struct loop *
new_loop(void)
{
	struct loop *l = NULL;

	cr_assert_eq(loop_new(&l, NULL), ERR_OK);
	return l;
}

static void
remove_both(void *arg, short revents)
{
	struct fixture *f = arg;

	cr_expect(revents & POLLIN);
	f->calls++;
	loop_unwatch(f->loop, f->first);
	loop_unwatch(f->loop, f->second);
}

Test(loop, a_callback_may_remove_its_own_and_other_sources, .fini = leak_gate)
{
	struct fixture f = { .loop = new_loop() };
	int fds[2];

	cr_assert_eq(pipe(fds), 0);
	cr_assert_eq(write(fds[1], "x", 1), 1);
	f.first = loop_watch(f.loop, fds[0], POLLIN, remove_both, &f);
	f.second = loop_watch(f.loop, fds[0], POLLIN, remove_both, &f);
	loop_turn(f.loop, 1000);
	loop_turn(f.loop, 0);
	cr_assert_eq(f.calls, 1);
	close(fds[0]);
	close(fds[1]);
	loop_free(f.loop);
}

static void
note_a(void *arg)
{
	strcat(((struct fixture *)arg)->order, "a");
}

static void
note_b(void *arg)
{
	struct fixture *f = arg;

	strcat(f->order, "b");
	loop_defer(f->loop, note_a, f);
}

static void
stop(void *arg)
{
	loop_stop(((struct fixture *)arg)->loop);
}

Test(loop, timers_fire_by_due_time_and_deferred_calls_run_in_the_same_turn, .fini = leak_gate)
{
	struct fixture f = { .loop = new_loop() };
	struct loop_timer *gone;

	loop_after(f.loop, 20, stop, &f);
	loop_after(f.loop, 5, note_b, &f);
	loop_after(f.loop, 5, note_a, &f);
	gone = loop_after(f.loop, 1, note_a, &f);
	loop_cancel(f.loop, gone);
	loop_run(f.loop);
	cr_assert(strcmp(f.order, "baa") == 0 || strcmp(f.order, "ba") == 0, "%s", f.order);
	loop_free(f.loop);
}

static void
on_child(void *arg, pid_t pid, int status)
{
	struct fixture *f = arg;

	cr_expect_gt(pid, 0);
	cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 7);
	f->calls++;
	loop_stop(f->loop);
}

Test(loop, reaps_a_child_even_when_it_ended_before_it_was_watched, .fini = leak_gate)
{
	struct fixture f = { .loop = new_loop() };
	siginfo_t info;
	pid_t pid = fork();

	if (pid == 0)
		_exit(7);
	cr_assert_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	loop_child(f.loop, pid, on_child, &f);
	loop_run(f.loop);
	cr_assert_eq(f.calls, 1);
	loop_free(f.loop);
}

static void
on_usr1(void *arg, int signo)
{
	struct fixture *f = arg;

	cr_expect_eq(signo, SIGUSR1);
	f->calls++;
	loop_stop(f->loop);
}

Test(loop, a_signal_before_the_wait_is_not_lost_and_the_old_handler_returns, .fini = leak_gate)
{
	struct fixture f = { .loop = new_loop() };
	struct sigaction now;

	cr_assert_eq(loop_signal(f.loop, SIGUSR1, on_usr1, &f, NULL), ERR_OK);
	raise(SIGUSR1);
	raise(SIGUSR1);
	loop_run(f.loop);
	cr_assert_eq(f.calls, 1);
	loop_free(f.loop);
	sigaction(SIGUSR1, NULL, &now);
	cr_assert(now.sa_handler == SIG_DFL);
}

static void
on_frame(void *arg)
{
	struct fixture *f = arg;

	f->calls++;
	loop_stop(f->loop);
}

static void
on_idle(void *arg)
{
	strcat(((struct fixture *)arg)->order, "i");
}

static void
on_frame_ask_again(void *arg)
{
	struct fixture *f = arg;

	if (++f->calls < 3)
		loop_dirty_now(f->loop);
	else
		loop_dirty(f->loop);
}

Test(loop, a_frame_for_a_person_does_not_wait_for_its_time, .fini = leak_gate)
{
	struct fixture f = { .loop = new_loop() };
	uint64_t begin;

	loop_on_frame(f.loop, on_frame_ask_again, &f);
	loop_dirty_now(f.loop);
	loop_turn(f.loop, 0);
	begin = loop_now_ms(f.loop);
	for (int i = 0; i < 3; i++)
		loop_turn(f.loop, 0);
	/* The fourth was asked for in the usual way. */
	cr_expect(f.calls == 3 || loop_now_ms(f.loop) - begin >= 16, "%d frames", f.calls);
	loop_free(f.loop);
}

Test(loop, draws_once_for_many_requests_and_is_idle_only_then, .fini = leak_gate)
{
	struct fixture f = { .loop = new_loop() };

	loop_on_frame(f.loop, on_frame, &f);
	loop_on_idle(f.loop, on_idle, &f);
	loop_busy_begin(f.loop);
	loop_dirty(f.loop);
	loop_dirty(f.loop);
	cr_assert(loop_is_busy(f.loop));
	loop_run(f.loop);
	cr_assert_eq(f.calls, 1);
	cr_assert_str_eq(f.order, "");
	loop_busy_end(f.loop);
	loop_turn(f.loop, 0);
	cr_assert_str_eq(f.order, "i");
	loop_free(f.loop);
}

/* What is torn down at the end waits for its children in turns: they must not spin. */
Test(loop, a_turn_waits_when_nobody_draws_and_after_a_stop, .fini = leak_gate)
{
	struct loop *l = new_loop();
	uint64_t before;

	loop_dirty(l);
	loop_stop(l);
	loop_turn(l, 0);
	before = loop_now_ms(l);
	loop_turn(l, 50);
	cr_expect_geq(loop_now_ms(l) - before, 45);
	loop_free(l);
}
