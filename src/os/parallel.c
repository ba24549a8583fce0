/* Threads that live for one computation. */
#include "slipway/os/parallel.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>

struct piece {
	parallel_fn fn;
	void *arg;
	pthread_t thread;
	bool started;
};

static void *
run(void *arg)
{
	struct piece *p = arg;

	p->fn(p->arg);
	return NULL;
}

void
parallel_run(parallel_fn fn, void *const *args, size_t count)
{
	struct piece pieces[PARALLEL_MAX];
	sigset_t all, before;

	assert(count <= PARALLEL_MAX);
	/* Signals are the loop's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (size_t i = 1; i < count; i++) {
		pieces[i] = (struct piece) { .fn = fn, .arg = args[i] };
		pieces[i].started = pthread_create(&pieces[i].thread, NULL, run, &pieces[i]) == 0;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (count > 0)
		fn(args[0]);
	for (size_t i = 1; i < count; i++) {
		if (pieces[i].started)
			pthread_join(pieces[i].thread, NULL);
		else
			fn(args[i]);
	}
}
