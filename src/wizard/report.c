/* Writes the report. Its lines are the summary page's as well, so that screen and file cannot
 * differ. */
#include "report.h"

#include <stdlib.h>
#include <string.h>

#include "acknowledged.h"
#include "plan.h"
#include "release_notes.h"
#include "slipway/base/mem.h"
#include "slipway/index/index.h"
#include "slipway/os/clock.h"
#include "slipway/os/fs.h"

static void
add_packages(struct wizard *w, struct strlist *out)
{
	for (size_t i = 0; i < w->rel.package_count; i++) {
		const struct release_package *p = &w->rel.packages[i];

		if (p->selected)
			strlist_addf(out, "- %s %s → %s", p->name, p->version, p->version_new);
	}
}

static void
add_notes(struct wizard *w, struct strlist *out)
{
	struct strlist lines = STRLIST_EMPTY;
	char *path = w->rel.state_dir != NULL ? release_notes_path(w) : NULL;

	release_notes_lines(w, &lines);
	if (lines.count > 0) {
		strlist_add(out, "");
		strlist_add(out, "## Notes");
		strlist_add(out, "");
		if (path != NULL && fs_exists(path)) {
			strlist_addf(out, "In %s:", path);
			strlist_add(out, "");
		}
		/* Quoted: their headings are not those of the report. */
		for (size_t i = 0; i < lines.count; i++)
			strlist_addf(out, "> %s", lines.items[i]);
	}
	strlist_fini(&lines);
	free(path);
}

static void
add_steps(struct wizard *w, struct strlist *out)
{
	char span[32];

	strlist_add(out, "");
	strlist_add(out, "## Steps");
	strlist_add(out, "");
	for (size_t i = 0; i < STEP_SUMMARY; i++) {
		const struct step_run *s = &w->steps[i];

		if (s->sign != SIGN_TODO)
			strlist_addf(out, "- %s: %s%s%s (%s)", step_name((enum step_id)i),
			    sign_word(s->sign), s->text != NULL && s->text[0] != '\0' ? ", " : "",
			    s->text != NULL ? s->text : "",
			    clock_span(s->elapsed_ms, span, sizeof span));
	}
}

static void
add_files(struct wizard *w, struct strlist *out)
{
	if (w->rel.file_count == 0)
		return;
	strlist_add(out, "");
	strlist_add(out, "## Files");
	strlist_add(out, "");
	for (size_t i = 0; i < w->rel.file_count; i++) {
		const struct release_file *f = &w->rel.files[i];
		char size[32];

		strlist_addf(out, "- %s, %s", f->name, size_text(f->size, size, sizeof size));
		strlist_addf(out, "  sha256 %s", f->sha256);
		if (f->findings != NULL) {
			struct str line = STR_EMPTY;

			release_file_line(f, &line);
			strlist_addf(out, "  %s", str_text(&line));
			str_fini(&line);
		}
		for (size_t role = 0; role < INDEX_ROLE_COUNT; role++)
			if (f->transfer[role].listed)
				strlist_addf(
				    out, "  on %s with this sha256", w->rel.index[role].title);
	}
}

static void
add_urls(struct wizard *w, enum index_role role, struct strlist *out)
{
	if (w->rel.index[role].name == NULL || !w->rel.index[role].token_loaded)
		return;
	if (role == INDEX_TEST) {
		strlist_add(out, "");
		strlist_add(out, "## Rehearsal");
		strlist_add(out, "");
	}
	strlist_addf(out, "- %s", w->rel.index[role].title);
	for (size_t i = 0; i < w->rel.package_count; i++) {
		const struct release_package *p = &w->rel.packages[i];
		char *url;

		if (!p->selected)
			continue;
		url = index_info_page(&w->index_info[role], p->normal, p->version_new);
		if (url != NULL)
			strlist_addf(out, "  %s", url);
		else
			strlist_addf(out, "  %s%s/", w->rel.index[role].simple_url, p->normal);
		free(url);
	}
}

static void
add_effects(struct wizard *w, struct strlist *out)
{
	static const char *const words[] = {
		[EFFECT_PLANNED] = "not done",
		[EFFECT_RUNNING] = "begun",
		[EFFECT_DONE] = "done",
		[EFFECT_FAILED] = "failed",
		[EFFECT_UNDONE] = "undone",
	};

	strlist_add(out, "");
	strlist_add(out, "## Effects");
	strlist_add(out, "");
	for (size_t i = 0; i < w->rel.plan_count; i++)
		strlist_addf(out, "- %s: %s", words[w->rel.plan[i].status], w->rel.plan[i].does);
}

static void
add_commands(struct wizard *w, struct strlist *out)
{
	strlist_add(out, "");
	strlist_add(out, "## Commands");
	strlist_add(out, "");
	for (size_t i = 0; i < w->rel.command_count; i++) {
		const struct command_line *c = &w->rel.commands[i];
		char when[32], span[32];

		strlist_addf(out, "- %s %s (%s, %s)", clock_iso(c->when, when, sizeof when),
		    c->text, c->result != NULL ? c->result : "running",
		    clock_span(c->elapsed_ms, span, sizeof span));
	}
}

static void
add_next_steps(struct wizard *w, struct strlist *out)
{
	const struct release *r = &w->rel;

	strlist_add(out, "");
	strlist_add(out, "## Next steps");
	strlist_add(out, "");
	if (w->acknowledged.count > 0) {
		char *path = acknowledged_path(w);

		strlist_addf(out, "- to acknowledge the same findings next time: cat %s >> %s",
		    path, ACKNOWLEDGED_FILE);
		free(path);
	}
	if (r->dry_run) {
		strlist_addf(out, "- look at the files in %s", r->files_dir);
		strlist_add(out, "- release for real: the same command without --dry-run");
		return;
	}
	for (size_t i = 0; i < r->package_count; i++)
		if (r->packages[i].selected && plan_publishes(w))
			strlist_addf(out, "- pip install %s==%s", r->packages[i].name,
			    r->packages[i].version_new);
	if (r->branch != NULL)
		strlist_addf(out, "- other clones: git pull, on %s", r->branch);
	strlist_addf(out, "- logs and files of this release: %s", r->state_dir);
}

enum err_code
report_write(struct wizard *w, struct err *e)
{
	struct release *r = &w->rel;
	struct strlist *out = &r->report;
	struct str text = STR_EMPTY;
	char span[32], when[32];
	enum err_code rc;

	strlist_fini(out);
	strlist_addf(
	    out, "# %s %s%s", release_main(r)->name, r->version, r->dry_run ? ", a dry run" : "");
	strlist_add(out, "");
	add_packages(w, out);
	if (r->commit != NULL) {
		strlist_addf(out, "- commit %s", r->commit);
		strlist_addf(out, "  %s", r->commit_subject);
	}
	strlist_addf(out, "- ended %s after %s", clock_iso(clock_now(), when, sizeof when),
	    clock_span(wizard_elapsed_ms(w), span, sizeof span));
	add_urls(w, INDEX_PRODUCTION, out);
	add_next_steps(w, out);
	add_files(w, out);
	acknowledged_report(w, out);
	add_urls(w, INDEX_TEST, out);
	add_notes(w, out);
	add_steps(w, out);
	add_effects(w, out);
	add_commands(w, out);
	strlist_join(out, "\n", &text);
	str_putc(&text, '\n');
	free(r->report_path);
	r->report_path = fs_join(r->state_dir, "report.md");
	rc = fs_write(r->report_path, text.data, text.len, 0600, e);
	str_fini(&text);
	return rc;
}
