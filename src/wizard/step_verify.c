/* Verify: our own rules over every built file, twine check --strict, which alone renders
 * descriptions, and the comparison with the release commit and the release before. */
#include <stdlib.h>
#include <string.h>

#include "acknowledged.h"
#include "compare_parts.h"
#include "jobs.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/dist/filename.h"
#include "slipway/dist/reader.h"
#include "slipway/index/known.h"
#include "slipway/wizard/check_opts.h"
#include "slipway/wizard/check_settings.h"

struct verify {
	struct jobs *jobs;
	struct reader *reader; /* of file CHECKED; NULL: none runs */
	size_t checked;
	struct compare_table *tables;  /* of the files, for their comparisons */
	bool *unseen;		       /* the reader of it died */
	struct compare_run *comparing; /* of file COMPARED */
	struct compare_asked *asked;
	size_t compared;
	struct check_settings settings;
	struct strlist paths;
	bool twine_done;
	struct err twine_err;
	struct err check_err;
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

	if (!v->twine_done || v->reader != NULL || v->checked < r->file_count ||
	    v->compared < r->file_count)
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

/* -- the comparisons: each once the rules have run over its file -- */

static void compare_next(struct step_run *s);

static void
take_compared(struct step_run *s, struct compared *c)
{
	struct verify *v = s->priv;

	s->w->rel.files[v->compared++].compared = c;
	step_changed(s);
	compare_next(s);
}

static void
on_compared(void *arg, struct compared *c, const struct err *e)
{
	struct step_run *s = arg;

	/* Why a file cannot be read is for the rules to say. */
	(void)e;
	((struct verify *)s->priv)->comparing = NULL;
	take_compared(s, c);
	all_done(s);
}

static void
compare_next(struct step_run *s)
{
	struct verify *v = s->priv;

	if (v->comparing != NULL || v->compared >= v->checked)
		return;
	if (v->unseen[v->compared]) {
		take_compared(s, compared_none(s->w->rel.files[v->compared].path,
				     "the file was not fully inspected"));
		return;
	}
	v->comparing = compare_built(
	    s->w, v->compared, &v->tables[v->compared], v->asked, on_compared, s);
}

/* -- the rules, in a child for each file -- */

static void check_next(struct step_run *s);

static void
file_checked(struct step_run *s)
{
	struct verify *v = s->priv;

	reader_close(v->reader);
	v->reader = NULL;
	v->checked++;
	step_changed(s);
	check_next(s);
	compare_next(s);
	all_done(s);
}

static void
on_checked(void *arg, const struct err *why)
{
	struct step_run *s = arg;
	struct verify *v = s->priv;
	struct release_file *f = &s->w->rel.files[v->checked];
	const struct archive_facts *facts = reader_facts(v->reader);

	v->unseen[v->checked] = why != NULL || facts->items == NULL;
	if (why != NULL) {
		if (v->check_err.code == ERR_OK)
			v->check_err = *why;
	} else {
		f->findings = mem_zalloc(1, sizeof *f->findings);
		findings_copy(f->findings, reader_findings(v->reader));
		f->findings->closed = true;
		check_settings_apply(&v->settings, f->findings);
	}
	if (!v->unseen[v->checked])
		compare_table_make(
		    reader_archive(v->reader), facts, f->path, &v->tables[v->checked]);
	file_checked(s);
}

static void
on_progress(void *arg, uint64_t done, uint64_t total)
{
	struct step_run *s = arg;
	struct verify *v = s->priv;

	s->w->rel.files[v->checked].looked_at = total > 0 && done <= total
						    ? (int)(done * 100 / total)
						    : 0;
	step_changed(s);
}

void
wizard_check_opts(const struct wizard *w, const struct check_settings *settings,
    const struct strlist *paths, size_t file, struct dist_check_opts *out)
{
	const struct release *r = &w->rel;

	*out = check_opts();
	out->not_for_pypi = !index_known_by_url(r->index[INDEX_PRODUCTION].upload_url, NULL);
	check_settings_ask(settings, out);
	out->sdist = dist_name_sdist_of(r->files[file].path, paths);
	out->hashes = true;
}

static void
check_next(struct step_run *s)
{
	struct verify *v = s->priv;
	struct release *r = &s->w->rel;
	struct dist_check_opts check;
	struct reader_opts how = { .program = s->w->reader,
		.check = &check,
		.facts = true,
		.events = { .progress = on_progress, .ended = on_checked, .arg = s } };
	struct err e = ERR_EMPTY;

	/* A file that no reader can be started for is as little looked at as the others. */
	for (; v->checked < r->file_count; v->checked++) {
		how.path = r->files[v->checked].path;
		wizard_check_opts(s->w, &v->settings, &v->paths, v->checked, &check);
		if (reader_open(s->w->loop, &how, &v->reader, &e) == ERR_OK)
			return;
		v->reader = NULL;
		v->unseen[v->checked] = true;
		if (v->check_err.code == ERR_OK)
			v->check_err = e;
	}
}

static void
start_checking(struct step_run *s)
{
	struct verify *v = s->priv;
	struct release *r = &s->w->rel;

	v->tables = mem_zalloc(r->file_count + 1, sizeof v->tables[0]);
	v->unseen = mem_zalloc(r->file_count + 1, sizeof v->unseen[0]);
	v->asked = compare_asked_new();
	for (size_t i = 0; i < r->file_count; i++) {
		struct release_file *f = &r->files[i];

		strlist_add(&v->paths, f->path);
		if (f->findings != NULL)
			findings_fini(f->findings);
		free(f->findings);
		f->findings = NULL;
		compared_free(f->compared);
		f->compared = NULL;
	}
	check_settings_load(r->root, r->config, &v->settings, &v->check_err);
	check_next(s);
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

	reader_close(v->reader);
	compare_cancel(v->comparing);
	compare_asked_free(v->asked);
	for (size_t i = 0; v->tables != NULL && i < v->paths.count; i++)
		compare_table_fini(&v->tables[i]);
	free(v->tables);
	free(v->unseen);
	strlist_fini(&v->paths);
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
