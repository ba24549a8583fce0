/* The worker: order, cancelling, and an end that loses no job. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/os/loop.h"
#include "slipway/os/worker.h"

struct fixture {
	struct loop *loop;
	struct worker *worker;
	int expected, finished, cancelled;
	char order[64];
};

struct job {
	struct fixture *fixture;
	char name;
	unsigned int sum;
	pthread_t thread;
	atomic_bool running;
};

static void
fixture_init(struct fixture *f, int expected)
{
	*f = (struct fixture) { .expected = expected };
	cr_assert_eq(loop_new(&f->loop, NULL), ERR_OK);
	cr_assert_eq(worker_new(f->loop, &f->worker, NULL), ERR_OK);
}

static void
fixture_fini(struct fixture *f)
{
	worker_free(f->worker);
	cr_expect_not(loop_is_busy(f->loop));
	loop_free(f->loop);
}

static void
run_sum(void *arg, const atomic_bool *cancelled)
{
	struct job *j = arg;

	j->thread = pthread_self();
	for (unsigned int i = 0; i < 1000 && !atomic_load(cancelled); i++)
		j->sum += i;
}

static void
run_until_cancelled(void *arg, const atomic_bool *cancelled)
{
	struct job *j = arg;

	atomic_store(&j->running, true);
	while (!atomic_load(cancelled))
		sched_yield();
}

static void
on_done(void *arg, bool cancelled)
{
	struct job *j = arg;
	struct fixture *f = j->fixture;

	f->order[f->finished++] = j->name;
	f->cancelled += cancelled;
	if (f->finished == f->expected)
		loop_stop(f->loop);
}

Test(worker, jobs_run_in_order_on_another_thread, .fini = leak_gate)
{
	struct fixture f;
	struct job jobs[20] = { 0 };

	fixture_init(&f, 20);
	for (int i = 0; i < 20; i++) {
		jobs[i].fixture = &f;
		jobs[i].name = (char)('a' + i);
		worker_submit(f.worker, run_sum, on_done, &jobs[i]);
	}
	cr_expect(loop_is_busy(f.loop));
	cr_expect_eq(f.finished, 0, "never called before the loop runs");
	loop_run(f.loop);
	cr_expect_str_eq(f.order, "abcdefghijklmnopqrst");
	for (int i = 0; i < 20; i++) {
		cr_expect_eq(jobs[i].sum, 499500);
		cr_expect_not(pthread_equal(jobs[i].thread, pthread_self()));
	}
	cr_expect_eq(f.cancelled, 0);
	fixture_fini(&f);
}

static void
cancel_when_running(struct fixture *f, struct job *j, struct worker_job *job)
{
	while (!atomic_load(&j->running))
		sched_yield();
	worker_cancel(f->worker, job);
}

Test(worker, a_cancelled_job_stops_and_a_waiting_one_never_runs, .fini = leak_gate)
{
	struct fixture f;
	struct job jobs[3] = { { .fixture = &f, .name = 'a' }, { .fixture = &f, .name = 'b' },
		{ .fixture = &f, .name = 'c' } };
	struct worker_job *first, *second;

	fixture_init(&f, 3);
	first = worker_submit(f.worker, run_until_cancelled, on_done, &jobs[0]);
	second = worker_submit(f.worker, run_sum, on_done, &jobs[1]);
	worker_submit(f.worker, run_sum, on_done, &jobs[2]);
	worker_cancel(f.worker, second);
	cancel_when_running(&f, &jobs[0], first);
	loop_run(f.loop);
	cr_expect_str_eq(f.order, "abc");
	cr_expect_eq(f.cancelled, 2);
	cr_expect_eq(jobs[1].sum, 0);
	cr_expect_eq(jobs[2].sum, 499500);
	fixture_fini(&f);
}

Test(worker, freeing_it_stops_the_job_and_calls_every_done, .fini = leak_gate)
{
	struct fixture f;
	struct job jobs[3] = { { .fixture = &f, .name = 'a' }, { .fixture = &f, .name = 'b' },
		{ .fixture = &f, .name = 'c' } };

	fixture_init(&f, 3);
	worker_submit(f.worker, run_until_cancelled, on_done, &jobs[0]);
	worker_submit(f.worker, run_sum, on_done, &jobs[1]);
	worker_submit(f.worker, run_sum, on_done, &jobs[2]);
	while (!atomic_load(&jobs[0].running))
		sched_yield();
	fixture_fini(&f);
	cr_expect_str_eq(f.order, "abc");
	cr_expect_eq(f.cancelled, 3);
}

static void
free_worker(void *arg, bool cancelled)
{
	struct job *j = arg;

	worker_free(j->fixture->worker);
	j->fixture->worker = NULL;
	on_done(arg, cancelled);
}

Test(worker, a_done_may_free_the_worker, .fini = leak_gate)
{
	struct fixture f;
	struct job jobs[2] = { { .fixture = &f, .name = 'a' }, { .fixture = &f, .name = 'b' } };

	fixture_init(&f, 2);
	worker_submit(f.worker, run_sum, free_worker, &jobs[0]);
	worker_submit(f.worker, run_sum, on_done, &jobs[1]);
	loop_run(f.loop);
	cr_expect_str_eq(f.order, "ba");
	fixture_fini(&f);
}

Test(worker, one_that_had_no_job_costs_no_thread, .fini = leak_gate)
{
	struct fixture f;

	fixture_init(&f, 0);
	fixture_fini(&f);
	worker_free(NULL);
}
