/* Verify: our own rules over every built file, twine check --strict, which alone renders
 * descriptions, and the comparison with the release commit and the release before. */
#include <stdlib.h>
#include <string.h>

#include "acknowledged.h"
#include "jobs.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/dist/filename.h"
#include "slipway/index/known.h"
#include "slipway/os/worker.h"
#include "slipway/wizard/check_opts.h"
#include "slipway/wizard/check_settings.h"
#include "slipway/wizard/compare.h"

struct verify {
	struct jobs *jobs;
	struct worker_job *checking;
	struct compare_run *comparing; /* of file COMPARED */
	size_t compared;
	struct check_settings settings; /* once the rules have run */
	bool twine_done;
	struct err twine_err;
	struct err check_err;
};

/* Belongs to the worker's job; the step may be gone when it ends. */
struct checking {
	struct step_run *s;
	struct strlist paths;
	struct findings *findings;
	struct check_settings settings;
	bool not_for_pypi;
	struct err err;
};

static const struct question_option finding_options[] = {
	{ "go-on", "go on, with a reason", "it is kept in the report" },
};

static size_t
count_at_least(const struct release *r, enum finding_severity severity)
{
	size_t n = 0;

	for (size_t i = 0; i < r->file_count; i++)
		if (r->files[i].findings != NULL)
			n += findings_at_least(r->files[i].findings, severity);
	return n;
}

/* What the comparisons found, by the same settings as the rules. */
static void
join_findings(struct step_run *s)
{
	struct verify *v = s->priv;
	struct release *r = &s->w->rel;

	for (size_t i = 0; i < r->file_count; i++) {
		if (r->files[i].findings == NULL || r->files[i].compared == NULL)
			continue;
		findings_copy(r->files[i].findings, &r->files[i].compared->findings);
		check_settings_apply(&v->settings, r->files[i].findings);
		findings_sort(r->files[i].findings);
	}
}

static void
all_done(struct step_run *s)
{
	struct verify *v = s->priv;
	struct release *r = &s->w->rel;
	size_t errors, warnings;
	struct err e = ERR_EMPTY;

	if (!v->twine_done || v->checking != NULL || v->comparing != NULL)
		return;
	join_findings(s);
	for (size_t i = 0; i < r->file_count; i++)
		acknowledged_apply(s->w, r->files[i].findings);
	step_changed(s);
	errors = count_at_least(r, FINDING_ERROR);
	warnings = count_at_least(r, FINDING_WARN) - errors;
	if (v->check_err.code != ERR_OK)
		e = v->check_err;
	else if (v->twine_err.code != ERR_OK)
		e = v->twine_err;
	else if (errors > 0)
		err_set(&e, ERR_INVALID,
		    "%zu %s that an index would refuse, or that break integrity", errors,
		    errors == 1 ? "finding" : "findings");
	if (e.code != ERR_OK)
		step_fail(s, &e, ASK_FINDINGS, finding_options, ARRAY_LEN(finding_options));
	else if (warnings > 0)
		step_done(s, "no errors, %zu %s to look at", warnings,
		    warnings == 1 ? "warning" : "warnings");
	else
		step_done(s, "%zu files, nothing found", r->file_count);
}

static void
on_twine(void *arg, const struct jobs_end *end)
{
	struct step_run *s = arg;
	const struct release *r = &s->w->rel;
	struct verify *v = s->priv;

	v->jobs = NULL;
	v->twine_done = true;
	if (!end->all_ok)
		v->twine_err = end->err;
	/* Its log names the file; the command says nothing more. */
	if (!end->all_ok && r->verify_count == 1 && r->verifies[0]->result != NULL &&
	    strcmp(r->verifies[0]->result, "exited with 1") == 0) {
		err_set(&v->twine_err, ERR_FAILED, "twine check --strict refuses a file");
		err_hint(&v->twine_err, "%s", end->err.hint);
	}
	all_done(s);
}

static void
checking_run(void *arg, const atomic_bool *cancelled)
{
	struct checking *k = arg;
	struct dist_check_opts opts = check_opts();

	opts.not_for_pypi = k->not_for_pypi;
	opts.cancelled = cancelled;
	check_settings_ask(&k->settings, &opts);
	opts.hashes = true;
	for (size_t i = 0; i < k->paths.count && k->err.code == ERR_OK; i++) {
		opts.sdist = dist_name_sdist_of(k->paths.items[i], &k->paths);
		if (dist_check(k->paths.items[i], &opts, &k->findings[i], &k->err) == ERR_OK)
			check_settings_apply(&k->settings, &k->findings[i]);
	}
}

static void
checking_done(void *arg, bool cancelled)
{
	struct checking *k = arg;
	struct step_run *s = k->s;

	for (size_t i = 0; i < k->paths.count; i++) {
		if (cancelled || i >= s->w->rel.file_count) {
			findings_fini(&k->findings[i]);
			continue;
		}
		s->w->rel.files[i].findings = mem_zalloc(1, sizeof(struct findings));
		*s->w->rel.files[i].findings = k->findings[i];
	}
	if (!cancelled) {
		struct verify *v = s->priv;

		v->checking = NULL;
		v->check_err = k->err;
		v->settings = k->settings;
		k->settings = (struct check_settings)CHECK_SETTINGS_EMPTY;
		step_changed(s);
		all_done(s);
	}
	free(k->findings);
	check_settings_fini(&k->settings);
	strlist_fini(&k->paths);
	free(k);
}

static void
start_checking(struct step_run *s)
{
	struct verify *v = s->priv;
	struct release *r = &s->w->rel;
	struct checking *k = mem_zalloc(1, sizeof *k);

	k->s = s;
	k->not_for_pypi = !index_known_by_url(r->index[INDEX_PRODUCTION].upload_url, NULL);
	k->findings = mem_zalloc(r->file_count, sizeof k->findings[0]);
	for (size_t i = 0; i < r->file_count; i++) {
		strlist_add(&k->paths, r->files[i].path);
		if (r->files[i].findings != NULL)
			findings_fini(r->files[i].findings);
		free(r->files[i].findings);
		r->files[i].findings = NULL;
	}
	check_settings_load(r->root, r->config, &k->settings, &k->err);
	v->checking = worker_submit(s->w->worker, checking_run, checking_done, k);
}

static void compare_next(struct step_run *s);

static void
on_compared(void *arg, struct compared *c, const struct err *e)
{
	struct step_run *s = arg;
	struct verify *v = s->priv;

	/* Why a file cannot be read is for the rules to say. */
	(void)e;
	v->comparing = NULL;
	s->w->rel.files[v->compared++].compared = c;
	step_changed(s);
	compare_next(s);
	all_done(s);
}

static void
compare_next(struct step_run *s)
{
	struct verify *v = s->priv;

	if (v->compared < s->w->rel.file_count)
		v->comparing = wizard_compare(s->w, v->compared, NULL, NULL, on_compared, s);
}

static void
start_comparing(struct step_run *s)
{
	struct release *r = &s->w->rel;

	for (size_t i = 0; i < r->file_count; i++) {
		compared_free(r->files[i].compared);
		r->files[i].compared = NULL;
	}
	compare_next(s);
}

static void
verify_enter(struct step_run *s)
{
	struct verify *v = s->priv;
	struct release *r = &s->w->rel;
	struct job_spec spec = { .title = "twine check", .cwd = r->files_dir };

	static const char *const twine[] = { "-m", "twine", "check", "--strict", "--", NULL };

	strlist_add(&spec.argv, r->python);
	strlist_add_all(&spec.argv, twine);
	for (size_t i = 0; i < r->file_count; i++)
		strlist_add(&spec.argv, r->files[i].path);
	start_checking(s);
	start_comparing(s);
	jobs_start(s, &r->verifies, &r->verify_count, &spec, 1, 0, on_twine, s, &v->jobs);
	strlist_fini(&spec.argv);
}

static void
verify_answer(struct step_run *s, const struct answer *a)
{
	const char *reason = a->reason != NULL ? a->reason : s->w->accept_findings;
	char *found, *text, safe[400];

	if (strcmp(a->text, "go-on") != 0)
		return;
	if (reason == NULL || reason[strspn(reason, " \t\r\n")] == '\0') {
		step_refuse(s, "going on in spite of it takes a reason");
		return;
	}
	found = mem_strdup(s->text);
	sanitise_line(reason, strlen(reason), safe, sizeof safe);
	text = mem_printf("accepted: %s (%s)", safe, found);
	step_skip(s, text);
	free(text);
	free(found);
}

static void
verify_leave(struct step_run *s)
{
	struct verify *v = s->priv;

	if (v->checking != NULL)
		worker_cancel(s->w->worker, v->checking);
	compare_cancel(v->comparing);
	check_settings_fini(&v->settings);
	jobs_free(v->jobs);
}

const struct step_ops step_verify = {
	.id = STEP_VERIFY,
	.priv_size = sizeof(struct verify),
	.enter = verify_enter,
	.answer = verify_answer,
	.leave = verify_leave,
};
