/* Several readers of one archive: in the middle of a pass, and for a pass on several threads. */
#include <stdlib.h>

#include "archive_priv.h"
#include "slipway/base/mem.h"
#include "slipway/os/parallel.h"

/* Starting a thread for less is not worth it. */
#define LANE_WORK ((uint64_t)256 * 1024)
#define MEMBER_WORK 1024 /* what a member costs, whatever its size */

struct archive *
archive_lane(const struct archive *a)
{
	struct archive *lane = mem_zalloc(1, sizeof *lane);

	*lane = *a;
	lane->findings = (struct findings)FINDINGS_EMPTY;
	lane->opts.progress = NULL;
	lane->latest_ms = 0;
	input_again(&lane->in);
	return lane;
}

void
archive_lane_free(struct archive *lane)
{
	if (lane == NULL)
		return;
	free(lane->in.window);
	findings_fini(&lane->findings);
	free(lane);
}

struct run {
	struct archive *a;
	const struct archive_visitor *visitor;
	size_t begin, end;
	_Atomic uint64_t *total;
	enum err_code rc;
	struct err err;
};

static void
run_lane(void *arg)
{
	struct run *r = arg;

	r->rc = zip_each(r->a, r->visitor, r->begin, r->end, r->total, &r->err);
}

static uint64_t
work_of(const struct member *m)
{
	uint64_t bytes = m->packed < m->size ? m->size : m->packed;

	return MEMBER_WORK + (bytes < INT64_MAX / 1024 ? bytes : INT64_MAX / 1024);
}

/* Cuts the members into parts of about the same work. */
static size_t
share_out(const struct archive *a, struct run *runs, size_t count)
{
	uint64_t all = 0, done = 0;
	size_t lane = 0;

	for (size_t i = 0; i < a->count; i++)
		all = all + work_of(&a->members[i]) < all ? UINT64_MAX
							  : all + work_of(&a->members[i]);
	if (all / count < LANE_WORK)
		count = 1;
	for (size_t i = 0; i < a->count; i++) {
		if (lane + 1 < count && done > all / count * (lane + 1)) {
			runs[lane++].end = i;
			runs[lane].begin = i;
		}
		done += work_of(&a->members[i]);
	}
	runs[lane].end = a->count;
	return lane + 1;
}

static void
take_lane(struct archive *a, struct archive *lane)
{
	findings_take(&a->findings, &lane->findings);
	a->incomplete |= lane->incomplete;
	a->cancelled |= lane->cancelled;
	if (a->in.failed == 0)
		a->in.failed = lane->in.failed;
}

static enum err_code
each_of_zip(struct archive *a, const struct archive_visitor *visitors, size_t count, struct err *e)
{
	struct run runs[PARALLEL_MAX] = { { .a = a, .begin = 0 } };
	void *args[PARALLEL_MAX];
	_Atomic uint64_t total = 0;
	enum err_code rc = ERR_OK;

	count = share_out(a, runs, count < PARALLEL_MAX ? count : PARALLEL_MAX);
	for (size_t i = 0; i < count; i++) {
		runs[i].a = i == 0 ? a : archive_lane(a);
		runs[i].visitor = &visitors[i];
		runs[i].total = &total;
		args[i] = &runs[i];
	}
	parallel_run(run_lane, args, count);
	for (size_t i = 0; i < count; i++) {
		if (rc == ERR_OK && runs[i].rc != ERR_OK) {
			rc = runs[i].rc;
			if (e != NULL)
				*e = runs[i].err;
		}
		if (i > 0) {
			take_lane(a, runs[i].a);
			archive_lane_free(runs[i].a);
		}
	}
	return rc;
}

enum err_code
archive_each_lane(
    struct archive *a, const struct archive_visitor *visitors, size_t count, struct err *e)
{
	enum err_code rc;

	archive_begin_pass(a);
	rc = a->format == ARCHIVE_ZIP ? each_of_zip(a, visitors, count, e)
				      : tar_each(a, &visitors[0], e);
	return archive_settle(a, rc, e);
}
