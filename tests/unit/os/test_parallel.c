/* Pieces of a computation at the same time. */
#include <criterion/criterion.h>
#include <stdatomic.h>

#include "leak_gate.h"
#include "slipway/base/compiler.h"
#include "slipway/os/parallel.h"

struct piece {
	atomic_int *waiting;
	int result;
};

/* Ends only when all pieces have begun: that one after the other would not do. */
static void
meet(void *arg)
{
	struct piece *p = arg;

	atomic_fetch_sub(p->waiting, 1);
	while (atomic_load(p->waiting) > 0)
		continue;
	p->result++;
}

Test(parallel, all_pieces_run_at_the_same_time_and_once, .fini = leak_gate, .timeout = 60)
{
	atomic_int waiting = 3;
	struct piece pieces[3] = { { .waiting = &waiting }, { .waiting = &waiting },
		{ .waiting = &waiting } };
	void *args[] = { &pieces[0], &pieces[1], &pieces[2] };

	parallel_run(meet, args, ARRAY_LEN(args));
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++)
		cr_expect_eq(pieces[i].result, 1);
	parallel_run(meet, args, 0);
}
