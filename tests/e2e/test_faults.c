/* Releases to a production index that misbehaves: each ends, by itself or with a resume, with every
 * file published once and none lost. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault_index.h"
#include "slipway/base/mem.h"
#include "slipway/index/server.h"
#include "world.h"

static const struct world_opts plain = { .rehearse = false };

static struct fault_index *
break_production(struct world *w, const char *fault, unsigned times)
{
	struct fault_index *f = fault_index_start(index_server_url(w->production), fault, times);

	mem_set(&w->production_url, fault_index_url(f));
	world_configure(w, &plain);
	return f;
}

static void
mend_production(struct world *w)
{
	mem_set(&w->production_url, NULL);
	world_configure(w, &plain);
}

/* One fault for each of the four files, and one release for each row. */
static void
gets_over(const char *faults)
{
	struct world w;
	struct fault_index *f;
	unsigned taken;

	world_init(&w, &plain);
	f = break_production(&w, faults, 1);
	world_expect(&w, "release minor --yes --confirm 1.1.0", 0);
	taken = fault_index_stop(f);
	cr_expect_eq(taken, WORLD_FILES, "%s: the index took %u uploads", faults, taken);
	world_expect_published(&w, "1.1.0", false);
	world_expect_tidy(&w, faults);
	world_fini(&w);
}

Test(faults, connections_cut_in_the_first_half_are_tried_again, .timeout = 200)
{
	gets_over("cut-0,pass,cut-1,pass,cut-2,pass,cut-3,pass");
}

Test(faults, connections_cut_in_the_second_half_are_tried_again, .timeout = 200)
{
	gets_over("cut-4,pass,cut-5,pass,cut-6,pass,cut-7,pass");
}

Test(faults, connections_cut_near_the_end_are_tried_again, .timeout = 200)
{
	gets_over("cut-8,pass,cut-9,pass,reset-stored,reset-lost,pass");
}

Test(faults, servers_in_trouble_are_asked_before_trying_again, .timeout = 200)
{
	gets_over("500-stored,500-lost,pass,503-lost,pass,429-lost,pass");
}

/* Most of it is waiting for the answer that never comes. */
Test(faults, no_answer_behind_the_body_is_found_out_by_asking, .timeout = 400)
{
	gets_over("timeout-stored,pass");
}

/* What cannot be got over stops the release, with nothing lost: resume finishes it once the index
 * is well. */
Test(faults, what_stops_a_release_is_told_and_gone_on_from, .timeout = 400)
{
	static const struct {
		const char *fault;
		unsigned times;
		size_t listed; /* files that are public when it stops */
		const char *says, *hint;
	} row[] = {
		{ "403-Invalid or non-existent authentication information", 0, 0, "403", "token" },
		{ "long-lost", 1, 0, "asks to wait 24:00:00", "go on then" },
		{ "lying-sha", 0, 1, "other bytes", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct world w;
		struct fault_index *f;
		struct run_result r;

		world_init(&w, &plain);
		f = break_production(&w, row[i].fault, row[i].times);
		world_run(&w, "release minor --yes --confirm 1.1.0", &r);
		fault_index_stop(f);
		mend_production(&w);
		if (strstr(r.err, row[i].says) == NULL || strstr(r.err, row[i].hint) == NULL)
			run_dump(&r);
		cr_expect_eq(r.status, 1, "%s: %d", row[i].fault, r.status);
		cr_expect_not_null(strstr(r.err, row[i].says), "%s: %s", row[i].fault, r.err);
		cr_expect_not_null(strstr(r.err, row[i].hint), "%s: %s", row[i].fault, r.err);
		cr_expect_eq(
		    world_listed(&w, "production", "1.1.0"), row[i].listed, "%s", row[i].fault);
		world_expect(&w, "status", 0);
		run_fini(&r);
		world_expect(&w, "resume --yes --confirm 1.1.0", 0);
		world_expect_published(&w, "1.1.0", false);
		world_expect_tidy(&w, row[i].fault);
		world_fini(&w);
	}
}
