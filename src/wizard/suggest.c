/* From the commits of the model to a suggestion. */
#include "suggest.h"

#include <stdlib.h>
#include <string.h>

#include "settings.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/os/fs.h"
#include "slipway/project/commits.h"

static bool
touches_wanted(const struct release_commit *c, const bool *wanted)
{
	for (size_t i = 0; i < c->package_count; i++)
		if (wanted[c->packages[i]])
			return true;
	return false;
}

/* A squashed commit that is named for one package and holds files of two counts for both, and says
 * so: its notes and its weight may be meant for the one alone. */
static void
put_scope(const struct release *r, const struct release_commit *c, struct str *out)
{
	struct conventional parsed;

	if (c->package_count < 2 || r->lockstep)
		return;
	conventional_parse(c->subject, NULL, &parsed);
	for (size_t i = 0; parsed.scope != NULL && i < c->package_count; i++) {
		const struct release_package *p = &r->packages[c->packages[i]];

		if (strcmp(parsed.scope, p->normal) != 0 &&
		    strcmp(parsed.scope, fs_base(p->dir)) != 0)
			continue;
		str_printf(out, "; named for %s, with files of %zu packages", p->normal,
		    c->package_count);
		break;
	}
	conventional_fini(&parsed);
}

static void
note(const struct release *r, struct release_commit *c, const struct commit_reading *reading)
{
	struct str text = STR_EMPTY;

	c->weight = reading->bump == BUMP_MAJOR	  ? WEIGHT_MAJOR
		    : reading->bump == BUMP_MINOR ? WEIGHT_MINOR
		    : reading->bump == BUMP_PATCH ? WEIGHT_PATCH
						  : WEIGHT_NONE;
	c->cancelled = reading->cancelled;
	c->confirm = reading->confirm;
	sanitise(reading->reason, strlen(reading->reason), &text);
	put_scope(r, c, &text);
	free(c->reason);
	c->reason = str_take(&text);
}

enum version_bump
suggest_for(struct wizard *w, const bool *wanted, const struct version *current,
    const struct version *last_final, char **reason)
{
	struct release *r = &w->rel;
	struct commit_info *infos = mem_zalloc(r->commit_count, sizeof *infos);
	size_t *from = mem_zalloc(r->commit_count, sizeof *from), n = 0;
	struct suggest_opts opts = { .policy = settings_zero_policy(w),
		.current = current,
		.last_final = last_final };
	struct suggestion s = { .readings = NULL };
	enum version_bump bump;

	for (size_t i = 0; i < r->commit_count; i++) {
		if (!touches_wanted(&r->commits[i], wanted))
			continue;
		from[n] = i;
		infos[n++] = (struct commit_info) { .hash = r->commits[i].hash,
			.author = r->commits[i].author,
			.date = r->commits[i].time,
			.subject = r->commits[i].subject,
			.body = r->commits[i].body };
	}
	commits_suggest(infos, n, &opts, &s);
	for (size_t i = 0; i < n; i++)
		note(r, &r->commits[from[i]], &s.readings[i]);
	*reason = mem_strdup(s.reason);
	bump = s.bump;
	suggestion_fini(&s);
	free(infos);
	free(from);
	return bump;
}
