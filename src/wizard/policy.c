/* Who answers a question, and the order of the steps. Silence is never "yes". */
#include "policy.h"

#include <stdio.h>
#include <string.h>

#include "ask_tag.h"
#include "choices.h"
#include "settings.h"
#include "slipway/base/mem.h"
#include "slipway/project/version.h"

static bool
is_dry(const struct wizard *w)
{
	return w->dry_run || w->mode == WIZARD_PLAN;
}

/* The flag's answer to Q, or NULL when no flag speaks of it. */
static const char *
from_flags(const struct wizard *w, const struct question *q)
{
	/* Only questions that a flag of its own answers; the rest is for presets or a person. */
	if (q->id == ASK_VERSION)
		return w->bump;
	if (q->id == ASK_CONFIRM)
		return w->confirm;
	if (q->id == ASK_FINDINGS && w->accept_findings != NULL)
		return q->reason_for;
	if (q->id == ASK_NOTES && w->no_notes)
		return "without";
	if (q->id == ASK_TEST_INDEX)
		return w->test_index;
	return NULL;
}

enum policy
policy_answer(const struct wizard *w, const struct question *q, const char **text, struct err *e)
{
	const char *flag = from_flags(w, q);

	if (w->went_back && !w->unattended && q->step <= STEP_NOTES)
		return POLICY_ASK;
	if (flag != NULL) {
		*text = flag;
		return POLICY_ANSWERED;
	}
	/* A plan only looks: what it would take is its answer. */
	if (q->preset != NULL && q->undoable &&
	    (w->take_presets || (w->unattended && w->mode == WIZARD_PLAN))) {
		*text = q->preset;
		return POLICY_ANSWERED;
	}
	if (!w->unattended)
		return POLICY_ASK;
	err_set(e, ERR_USAGE, "%s needs an answer: %s", step_name(q->step), q->title);
	if (q->flag != NULL)
		err_hint(e, "give it with %s", q->flag);
	return POLICY_REFUSED;
}

static void
need(struct str *list, size_t *count, const char *text)
{
	str_puts(list, *count > 0 ? "; " : "");
	str_puts(list, text);
	++*count;
}

/* Whether BUMP, as far as it can be told before a version is chosen, asks for one that is not sent
 * to production. */
static bool
asks_for_candidate(const struct wizard *w)
{
	static const enum version_bump pre[] = { BUMP_RC, BUMP_ALPHA, BUMP_BETA, BUMP_DEV };
	struct version v = VERSION_EMPTY;
	enum version_bump bump;
	bool candidate = false;

	if (w->bump == NULL)
		return false;
	if (strcmp(w->bump, CHOICE_TAG_ALONE) == 0)
		return true;
	if (version_bump_from(w->bump, &bump)) {
		for (size_t i = 0; i < ARRAY_LEN(pre); i++)
			candidate |= bump == pre[i];
	} else if (version_parse(w->bump, &v, NULL) == ERR_OK) {
		candidate = version_is_pre(&v);
		version_fini(&v);
	}
	return candidate;
}

enum err_code
policy_missing(const struct wizard *w, struct err *e)
{
	const struct release *r = &w->rel;
	struct str list = STR_EMPTY;
	size_t count = 0;
	enum err_code rc = ERR_OK;

	if (!w->unattended || w->mode == WIZARD_PLAN)
		return ERR_OK;
	if (w->bump == NULL && !w->take_presets)
		need(&list, &count, "the version: BUMP, such as \"patch\", or a version");
	if (!w->take_presets)
		need(&list, &count, "whether to take the defaults of what can be undone: --yes");
	ask_tag_missing(w, &list, &count);
	if (!is_dry(w)) {
		if (w->confirm == NULL)
			need(&list, &count, "the confirmation of production: --confirm VERSION");
		if (r->index[INDEX_PRODUCTION].token_source == NULL && !asks_for_candidate(w))
			need(&list, &count,
			    "a token for the production index, for example in PYPI_API_TOKEN");
		/* What was found by looking is a guess, and an upload cannot be undone. */
		if (!settings_test_index_named(w))
			need(&list, &count, "where to rehearse: --test-index NAME, or none");
		else if (r->index[INDEX_TEST].name != NULL &&
			 r->index[INDEX_TEST].token_source == NULL)
			need(&list, &count,
			    "a token for the test index, for example in PYPI_TEST_API_TOKEN");
	}
	if (count > 0) {
		rc = err_set(e, ERR_USAGE, "%zu %s missing: %s", count,
		    count == 1 ? "answer is" : "answers are", str_text(&list));
		err_hint(e, "nobody is there to ask: give them on the command line, or run it on a "
			    "terminal; nothing has been changed");
	}
	str_fini(&list);
	return rc;
}

enum step_id
policy_next_step(const struct wizard *w, enum step_id step)
{
	/* After the review a dry run has seen all it may. */
	if (step == STEP_REVIEW && is_dry(w))
		return STEP_SUMMARY;
	return (enum step_id)(step + 1);
}
