/* The one thread beside the loop's. Jobs go in by a queue under a lock and come home by a list and
 * a byte in a pipe; whatever a job touches belongs to it meanwhile. */
#include "slipway/os/worker.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "spawn.h"

#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "slipway/os/loop.h"

struct worker_job {
	struct worker_job *next;
	worker_run_fn run;
	worker_done_fn done;
	void *arg;
	atomic_bool cancelled;
};

struct job_list {
	struct worker_job *first, **end;
};

struct worker {
	struct loop *loop;
	struct loop_watch *watch;
	int wake[2];
	pthread_t thread;
	bool started;
	bool dispatching, dead; /* a DONE may free the worker that calls it */
	pthread_mutex_t lock;	/* of everything below */
	pthread_cond_t some;
	struct job_list todo, ready;
	struct worker_job *running;
	bool quitting;
};

static void
list_add(struct job_list *l, struct worker_job *job)
{
	job->next = NULL;
	if (l->first == NULL)
		l->end = &l->first;
	*l->end = job;
	l->end = &job->next;
}

static struct worker_job *
list_pop(struct job_list *l)
{
	struct worker_job *job = l->first;

	if (job != NULL)
		l->first = job->next;
	return job;
}

static void *
thread_main(void *arg)
{
	struct worker *w = arg;

	pthread_mutex_lock(&w->lock);
	for (;;) {
		struct worker_job *job;

		while (w->todo.first == NULL && !w->quitting)
			pthread_cond_wait(&w->some, &w->lock);
		if (w->quitting)
			break;
		job = w->running = list_pop(&w->todo);
		pthread_mutex_unlock(&w->lock);
		if (!atomic_load(&job->cancelled))
			job->run(job->arg, &job->cancelled);
		pthread_mutex_lock(&w->lock);
		w->running = NULL;
		list_add(&w->ready, job);
		/* A full pipe already holds a byte that wakes the loop. */
		while (write(w->wake[1], "", 1) < 0 && errno == EINTR)
			continue;
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

static struct worker_job *
next_ready(struct worker *w)
{
	struct worker_job *job;

	pthread_mutex_lock(&w->lock);
	job = list_pop(&w->ready);
	pthread_mutex_unlock(&w->lock);
	return job;
}

static void
job_end(struct loop *l, struct worker_job *job)
{
	job->done(job->arg, atomic_load(&job->cancelled));
	free(job);
	loop_busy_end(l);
}

static void
on_wake(void *arg, short revents)
{
	struct worker *w = arg;
	struct loop *l = w->loop;
	struct worker_job *job;
	char bytes[64];

	(void)revents;
	while (read(w->wake[0], bytes, sizeof bytes) > 0)
		continue;
	w->dispatching = true;
	while (!w->dead && (job = next_ready(w)) != NULL)
		job_end(l, job);
	w->dispatching = false;
	if (w->dead)
		free(w);
}

enum err_code
worker_new(struct loop *l, struct worker **out, struct err *e)
{
	struct worker *w = mem_zalloc(1, sizeof *w);
	enum err_code rc = spawn_pipe(w->wake, e);

	if (rc != ERR_OK) {
		free(w);
		return rc;
	}
	fcntl(w->wake[0], F_SETFL, O_NONBLOCK);
	fcntl(w->wake[1], F_SETFL, O_NONBLOCK);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->some, NULL);
	w->loop = l;
	w->watch = loop_watch(l, w->wake[0], POLLIN, on_wake, w);
	*out = w;
	return ERR_OK;
}

/* Signals are the loop's: none is delivered to this thread. */
static void
start_thread(struct worker *w)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&w->thread, NULL, thread_main, w);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error != 0)
		die("cannot start a thread: %s", strerror(error));
	w->started = true;
}

static void
stop_thread(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	w->quitting = true;
	if (w->running != NULL)
		atomic_store(&w->running->cancelled, true);
	pthread_cond_signal(&w->some);
	pthread_mutex_unlock(&w->lock);
	if (w->started)
		pthread_join(w->thread, NULL);
}

void
worker_free(struct worker *w)
{
	struct worker_job *job;

	if (w == NULL)
		return;
	stop_thread(w);
	/* The lock is not needed any more: the thread is gone. */
	while ((job = list_pop(&w->ready)) != NULL)
		job_end(w->loop, job);
	while ((job = list_pop(&w->todo)) != NULL) {
		atomic_store(&job->cancelled, true);
		job_end(w->loop, job);
	}
	loop_unwatch(w->loop, w->watch);
	fd_close(&w->wake[0]);
	fd_close(&w->wake[1]);
	pthread_cond_destroy(&w->some);
	pthread_mutex_destroy(&w->lock);
	w->dead = true;
	if (!w->dispatching)
		free(w);
}

struct worker_job *
worker_submit(struct worker *w, worker_run_fn run, worker_done_fn done, void *arg)
{
	struct worker_job *job = mem_zalloc(1, sizeof *job);

	job->run = run;
	job->done = done;
	job->arg = arg;
	atomic_init(&job->cancelled, false);
	loop_busy_begin(w->loop);
	if (!w->started)
		start_thread(w);
	pthread_mutex_lock(&w->lock);
	list_add(&w->todo, job);
	pthread_cond_signal(&w->some);
	pthread_mutex_unlock(&w->lock);
	return job;
}

void
worker_cancel(struct worker *w, struct worker_job *job)
{
	(void)w;
	if (job != NULL)
		atomic_store(&job->cancelled, true);
}
