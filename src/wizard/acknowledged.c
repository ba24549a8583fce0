/* Findings that are accepted while a release is under way. They are kept beside its journal: in the
 * project's own file they would make the work tree dirty. The report says how to keep them. */
#include "acknowledged.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "slipway/base/log.h"
#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "slipway/wizard/check_settings.h"

char *
acknowledged_path(const struct wizard *w)
{
	return fs_join(w->rel.state_dir, ACKNOWLEDGED_FILE);
}

void
acknowledged_load(struct wizard *w)
{
	char *path = acknowledged_path(w);
	struct err e = ERR_EMPTY;

	acknowledgements_fini(&w->acknowledged);
	/* Then they count again, and are seen again. */
	if (acknowledgements_load(path, &w->acknowledged, &e) != ERR_OK)
		log_debug("%s", e.message);
	free(path);
}

void
acknowledged_apply(const struct wizard *w, struct findings *f)
{
	if (f != NULL)
		acknowledgements_apply(&w->acknowledged, f);
}

void
wizard_settle_findings(const struct wizard *w, struct findings *f)
{
	struct check_settings settings = CHECK_SETTINGS_EMPTY;

	/* What is wrong with them, verify has said. */
	if (w->rel.config != NULL &&
	    check_settings_load(w->rel.root, w->rel.config, &settings, NULL) == ERR_OK)
		check_settings_apply(&settings, f);
	acknowledged_apply(w, f);
	check_settings_fini(&settings);
}

/* What is taken back counts again wherever it was found. */
static void
count_again(struct wizard *w, const struct finding *taken)
{
	char print[DIGEST_HEX_SIZE], other[DIGEST_HEX_SIZE];

	finding_fingerprint(taken, print);
	for (size_t i = 0; i < w->rel.file_count; i++) {
		struct findings *f = w->rel.files[i].findings;

		for (size_t k = 0; f != NULL && k < f->count; k++) {
			finding_fingerprint(&f->items[k], other);
			if (strcmp(print, other) == 0)
				findings_acknowledge(f, k, NULL);
		}
	}
}

enum err_code
wizard_acknowledge(struct wizard *w, const struct finding *f, const char *reason, struct err *e)
{
	char *path;
	enum err_code rc;

	if (w->rel.state_dir == NULL)
		return err_set(e, ERR_USAGE, "there is no release to keep it for");
	path = acknowledged_path(w);
	if (reason != NULL)
		rc = acknowledgements_add(path, f, reason, e);
	else if (fs_exists(path))
		rc = acknowledgements_remove(path, f, e);
	else
		rc = ERR_NOT_FOUND;
	free(path);
	if (rc == ERR_NOT_FOUND)
		return err_set(
		    e, rc, "it is acknowledged in %s: take it out there", ACKNOWLEDGED_FILE);
	if (rc != ERR_OK)
		return rc;
	acknowledged_load(w);
	if (reason == NULL)
		count_again(w, f);
	for (size_t i = 0; i < w->rel.file_count; i++)
		acknowledged_apply(w, w->rel.files[i].findings);
	w->front->changed(w->front_arg, STEP_REVIEW);
	return ERR_OK;
}

void
acknowledged_report(const struct wizard *w, struct strlist *out)
{
	for (size_t i = 0; i < w->acknowledged.count; i++) {
		const struct acknowledgement *a = &w->acknowledged.items[i];
		char line[32] = "";

		if (i == 0) {
			strlist_add(out, "");
			strlist_add(out, "## Acknowledged findings");
			strlist_add(out, "");
		}
		if (a->line > 0)
			snprintf(line, sizeof line, ":%zu", a->line);
		strlist_addf(out, "- %s %s%s: %s", a->rule, a->member, line, a->reason);
		strlist_addf(out, "  of content with sha256 %s", a->sha256);
	}
}
