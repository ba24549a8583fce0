/* What is offered as the next version, and what an answer leads to. The version in the files is
 * not always the released one: it may be prepared, with no tag yet, and tags may name candidates of
 * it. */
#include "choices.h"

#include <stdlib.h>
#include <string.h>

#include "indexes.h"
#include "slipway/base/mem.h"
#include "slipway/os/clock.h"
#include "slipway/project/packages.h"
#include "slipway/project/tags.h"
#include "slipway/project/version.h"
#include "suggest.h"

/* From where a package goes on. */
struct footing {
	struct version files;	/* what the files say */
	struct version newest;	/* of its tags; empty: none */
	struct version since;	/* the final version before, by its tag; empty: none */
	struct version phase;	/* what candidates and the final version count from */
	bool prepared;		/* FILES is not released: it may be as it stands */
	bool in_progress;	/* FILES is not released: it marks the work on what comes next */
	bool candidates_tagged; /* NEWEST is a candidate of FILES, which say the final version */
};

static void
footing_fini(struct footing *f)
{
	version_fini(&f->files);
	version_fini(&f->newest);
	version_fini(&f->since);
	version_fini(&f->phase);
}

static void
read_tag(const struct release_package *p, const char *tag, struct version *out)
{
	struct tag_template t = TAG_TEMPLATE_EMPTY;

	if (tag != NULL && tag_template_parse(p->tag_template, p->name, &t, NULL) == ERR_OK)
		tag_read(&t, tag, out);
	tag_template_fini(&t);
}

static bool
has_same_base(const struct version *a, const struct version *b)
{
	struct version x = VERSION_EMPTY, y = VERSION_EMPTY;
	struct str text = STR_EMPTY;
	bool same;

	version_base(a, &text);
	same = version_parse(str_text(&text), &x, NULL) == ERR_OK;
	str_clear(&text);
	version_base(b, &text);
	same = same && version_parse(str_text(&text), &y, NULL) == ERR_OK &&
	       version_compare(&x, &y) == 0;
	version_fini(&x);
	version_fini(&y);
	str_fini(&text);
	return same;
}

/* The version that comes before every candidate of FILES. */
static void
before_all(const struct version *files, struct version *out)
{
	struct str text = STR_EMPTY;

	version_base(files, &text);
	str_puts(&text, ".dev0");
	version_parse(str_text(&text), out, NULL);
	str_fini(&text);
}

/* False when the files give no version. */
static bool
find_footing(const struct wizard *w, size_t package, struct footing *f)
{
	const struct release_package *p = &w->rel.packages[package];
	bool pre, related;

	*f = (struct footing) { .prepared = false };
	if (version_parse(p->version, &f->files, NULL) != ERR_OK)
		return false;
	read_tag(p, p->tag_last, &f->newest);
	read_tag(p, p->tag_since, &f->since);
	pre = version_is_pre(&f->files);
	f->prepared = p->untagged && !version_has_local(&f->files) &&
		      !version_is_placeholder(&f->files) &&
		      !indexes_has_version(w, INDEX_PRODUCTION, package, p->version);
	f->in_progress = f->prepared && version_is_dev(&f->files);
	f->prepared = f->prepared && !f->in_progress;
	related = f->newest.normal != NULL && has_same_base(&f->newest, &f->files);
	f->candidates_tagged = f->prepared && !pre && related && version_is_pre(&f->newest);
	if (f->candidates_tagged ||
	    (related && version_compare(&f->newest, &f->files) > 0 && !version_is_post(&f->newest)))
		version_copy(&f->newest, &f->phase);
	else if (f->prepared && !pre)
		before_all(&f->files, &f->phase);
	else
		version_copy(&f->files, &f->phase);
	return true;
}

/* -- the list -- */

static void
today(char buf[11])
{
	char iso[32];

	clock_iso(clock_now(), iso, sizeof iso);
	memcpy(buf, iso, 10);
	buf[10] = '\0';
}

static bool
is_offered(const struct release *r, const char *version)
{
	for (size_t i = 0; i < r->choice_count; i++)
		if (strcmp(r->choices[i].version, version) == 0)
			return true;
	return false;
}

struct offered {
	const char *kind, *version;
	const char *label; /* NULL: the kind */
	bool advanced;
};

/* Takes EXPLANATION over. */
static void
offer(struct release *r, size_t *cap, const struct offered *o, char *explanation)
{
	r->choices = mem_grow(r->choices, cap, r->choice_count + 1, sizeof r->choices[0]);
	r->choices[r->choice_count++] = (struct release_choice) {
		.kind = mem_strdup(o->kind),
		.label = mem_strdup(o->label != NULL ? o->label : o->kind),
		.version = mem_strdup(o->version),
		.explanation = explanation,
		.advanced = o->advanced,
	};
}

/* What the files say, candidates of it, and the trap between the two. */
static void
offer_prepared(struct release *r, size_t *cap, const struct footing *f)
{
	const char *files = version_text(&f->files);
	struct version next = VERSION_EMPTY;
	bool final = !version_is_pre(&f->files);

	offer(r, cap, &(struct offered) { .kind = files, .version = files, .label = "as it is" },
	    mem_strdup("what the files say; not released yet"));
	if (!final || version_next(&f->phase, BUMP_RC, &next, NULL) != ERR_OK)
		return;
	offer(r, cap, &(struct offered) { .kind = "rc", .version = version_text(&next) },
	    mem_printf("candidate of %s, in the files as well", files));
	if (f->candidates_tagged)
		offer(r, cap,
		    &(struct offered) { .kind = CHOICE_TAG_ALONE,
			.version = version_text(&next),
			.advanced = true },
		    mem_printf("the tag alone: what is built stays %s", files));
	version_fini(&next);
}

/* Nobody who writes 2.1.0.dev0 behind 2.0.0 means to release just that, but it can be done. */
static void
offer_in_progress(struct release *r, size_t *cap, const struct footing *f)
{
	const char *files = version_text(&f->files);

	offer(r, cap,
	    &(struct offered) {
		.kind = files, .version = files, .label = "as it is", .advanced = true },
	    mem_strdup("what the files say: a development release"));
}

static void
offer_usual(struct release *r, size_t *cap, const struct footing *f)
{
	struct version_choices choices = VERSION_CHOICES_EMPTY;
	const struct version *from = f->prepared ? &f->files : &f->phase;
	char date[11];

	today(date);
	version_choices(from, date, &choices);
	for (size_t i = 0; i < choices.count; i++) {
		const struct version_choice *c = &choices.items[i];
		/* "minor" and "rc" together have no word of their own: the version itself is the
		 * answer. */
		const char *kind = c->base == BUMP_COUNT && c->bump < BUMP_LAST
				       ? version_bump_name(c->bump)
				       : version_text(&c->result);

		if (c->lower || is_offered(r, version_text(&c->result)))
			continue;
		offer(r, cap,
		    &(struct offered) { .kind = kind,
			.version = version_text(&c->result),
			.label = version_bump_name(c->bump),
			.advanced = c->advanced || f->prepared },
		    mem_strdup(c->note));
	}
	version_choices_fini(&choices);
}

/* The files hold nothing to go on from: a first version is only proposed. */
static void
offer_first(struct release *r, size_t *cap)
{
	static const char *const first[] = { "0.1.0", "1.0.0" };

	for (size_t i = 0; i < ARRAY_LEN(first); i++)
		offer(r, cap,
		    &(struct offered) { .kind = first[i], .version = first[i], .label = "first" },
		    mem_strdup(i == 0 ? "a first version" : "a first stable version"));
}

/* -- remarks -- */

static void
remark_on(struct wizard *w, const struct release_package *p, const struct footing *f)
{
	struct release *r = &w->rel;
	size_t at = packages_index(&w->found, p->normal);
	const char *files = version_text(&f->files);

	if (f->candidates_tagged) {
		strlist_addf(&r->remarks,
		    "%s: %s is tagged, and the files say %s. As long as they do, what is built of "
		    "a "
		    "candidate is %s: a second one would be a file that the test index has "
		    "already.",
		    p->name, p->tag_last, files, files);
		strlist_addf(&r->remarks,
		    "Either the candidate goes into the files as well (rc), or the tag alone is "
		    "made and not rehearsed again (%s), or %s is released now (%s).",
		    CHOICE_TAG_ALONE, files, files);
	} else if (f->newest.normal != NULL && version_compare(&f->newest, &f->files) > 0) {
		strlist_addf(&r->remarks, "%s: the newest tag is %s, and the files say %s.",
		    p->name, p->tag_last, files);
	}
	if (version_is_post(&f->newest) && p->tag_last != NULL &&
	    strstr(p->tag_last, "post") == NULL)
		strlist_addf(&r->remarks, "%s: the tag %s names %s, by PEP 440.", p->name,
		    p->tag_last, version_text(&f->newest));
	if (at < w->found.count && strcmp(version_text(&w->found.items[at].version), files) == 0 &&
	    strcmp(version_written(&w->found.items[at].version), files) != 0 &&
	    !version_is_padded(&w->found.items[at].version))
		strlist_addf(&r->remarks,
		    "%s: the files spell %s as %s; a workflow that compares the text of a tag "
		    "would "
		    "see two versions. What is written now is the normal form.",
		    p->name, files, version_written(&w->found.items[at].version));
	if (p->tag_doubt != NULL)
		strlist_addf(&r->remarks,
		    "%s: its tags are taken to be %s: %s. [package.%s] tag = \"...\" in "
		    "slipway.toml says it for good.",
		    p->name, p->tag_template, p->tag_doubt, p->normal);
}

/* -- making them -- */

/* What the commits of package AT ask for, alone or together with all that are selected. */
static enum version_bump
suggest(struct wizard *w, size_t at, bool together, const struct footing *f, char **reason)
{
	const struct release *r = &w->rel;
	bool *wanted = mem_zalloc(r->package_count, sizeof wanted[0]);
	const struct version *current = f->files.normal == NULL ? NULL : &f->files;
	enum version_bump bump;

	if (f->prepared && f->since.normal != NULL && !version_is_pre(&f->files))
		current = &f->since;
	for (size_t i = 0; i < r->package_count; i++)
		wanted[i] = together ? r->packages[i].selected : i == at;
	bump = suggest_for(w, wanted, current, f->since.normal != NULL ? &f->since : NULL, reason);
	free(wanted);
	return bump;
}

/* Whether BUMP stays with the base that the files have: a candidate of it, or its end. */
static bool
stays_with_base(enum version_bump bump)
{
	return bump == BUMP_RC || bump == BUMP_ALPHA || bump == BUMP_BETA || bump == BUMP_DEV ||
	       bump == BUMP_FINAL;
}

/* 2.1.0 of 2.1.0.dev0, 0.66b0 of 0.66b0.dev0: what the usual choices begin with. */
static void
suggest_finished(const struct footing *f, char **out)
{
	struct version_choices choices = VERSION_CHOICES_EMPTY;
	char date[11];

	today(date);
	version_choices(&f->files, date, &choices);
	if (choices.count > 0)
		mem_set(out, version_text(&choices.items[0].result));
	version_choices_fini(&choices);
}

/* Of what AT needs, a member that is part of this release with a version of its own: the
 * requirement moves with it, and that is a change to release. NULL: none. */
static const struct release_package *
moved_need(const struct release *r, size_t at)
{
	const struct release_package *p = &r->packages[at];

	for (size_t i = 0; i < r->package_count && p->selected; i++)
		if (i != at && r->packages[i].selected && r->packages[i].suggested != NULL &&
		    strlist_has(&p->needs, r->packages[i].normal))
			return &r->packages[i];
	return NULL;
}

static void
suggest_alone(struct wizard *w, size_t at)
{
	const struct release_package *need;
	struct release_package *p = &w->rel.packages[at];
	struct version next = VERSION_EMPTY;
	struct footing f;
	char *reason = NULL;

	mem_set(&p->suggested, NULL);
	p->follows = false;
	if (find_footing(w, at, &f)) {
		enum version_bump bump = suggest(w, at, false, &f, &reason);

		need = bump == BUMP_COUNT && !f.prepared && !f.in_progress
			   ? moved_need(&w->rel, at)
			   : NULL;
		if (need != NULL) {
			bump = BUMP_PATCH;
			p->follows = true;
			free(reason);
			reason = mem_printf(
			    "nothing of its own, but it needs %s, which moves to %s", need->name,
			    need->suggested);
		}

		if (f.prepared)
			mem_set(&p->suggested, version_text(&f.files));
		else if (f.in_progress && stays_with_base(bump))
			suggest_finished(&f, &p->suggested);
		else if (bump != BUMP_COUNT && version_next(&f.phase, bump, &next, NULL) == ERR_OK)
			mem_set(&p->suggested, version_text(&next));
	}
	free(p->suggestion);
	p->suggestion = reason;
	version_fini(&next);
	footing_fini(&f);
}

/* The one that the title of the question speaks of: release_main(). */
static size_t
main_package(const struct release *r)
{
	const struct release_package *main = release_main(r);

	return main != NULL ? (size_t)(main - r->packages) : r->package_count;
}

/* For the line that stands for all of them: of package MAIN, or of the last one that has any. */
static const char *
shown_suggestion(const struct release *r, size_t main)
{
	for (size_t i = main + 1; i-- > 0;)
		if (r->packages[i].selected && r->packages[i].suggested != NULL)
			return r->packages[i].suggested;
	return r->packages[main].version;
}

/* What a preset takes: the version in the files when it is prepared, else what the commits ask
 * for. */
static void
mark_suggested(struct release *r, const struct footing *f, enum version_bump bump)
{
	for (size_t i = 0; i < r->choice_count; i++) {
		const char *want = f->prepared		? version_text(&f->files)
				   : bump != BUMP_COUNT ? version_bump_name(bump)
							: "";

		r->choices[i].suggested = f->in_progress && stays_with_base(bump)
					      ? i == 0
					      : strcmp(r->choices[i].kind, want) == 0;
		if (r->choices[i].suggested)
			return;
	}
}

void
choices_make(struct wizard *w)
{
	struct release *r = &w->rel;
	size_t main = main_package(r), cap = 0;
	enum version_bump bump = BUMP_COUNT;
	struct footing f;

	release_clear_choices(r);
	if (main == r->package_count)
		return;
	for (size_t i = 0; i < r->package_count && !r->lockstep; i++)
		suggest_alone(w, i);
	for (size_t i = 0; i < r->package_count; i++) {
		if (r->packages[i].selected && (!r->lockstep || i == main) &&
		    find_footing(w, i, &f)) {
			remark_on(w, &r->packages[i], &f);
			footing_fini(&f);
		}
	}
	if (!find_footing(w, main, &f)) {
		offer_first(r, &cap);
		return;
	}
	if (r->lockstep) {
		bump = suggest(w, main, true, &f, &r->suggestion);
	} else if (release_selected(r) > 1) {
		r->suggestion = mem_strdup("each by its own commits");
		offer(r, &cap,
		    &(struct offered) {
			.kind = CHOICE_SUGGESTED, .version = shown_suggestion(r, main) },
		    mem_strdup("each by its own commits"));
		r->choices[0].suggested = true;
	} else {
		bump = suggest(w, main, false, &f, &r->suggestion);
	}
	if (version_is_placeholder(&f.files))
		offer_first(r, &cap);
	else if (f.prepared)
		offer_prepared(r, &cap, &f);
	if (!version_is_placeholder(&f.files))
		offer_usual(r, &cap, &f);
	if (f.in_progress)
		offer_in_progress(r, &cap, &f);
	if (r->lockstep || release_selected(r) == 1)
		mark_suggested(r, &f, bump);
	footing_fini(&f);
}

/* -- an answer -- */

/* Against the released version: the prepared one in the files may become a candidate again. */
static bool
is_lower(const struct footing *f, const struct version *next)
{
	if (!f->prepared)
		return version_compare(next, &f->files) < 0;
	if (f->since.normal != NULL && version_compare(next, &f->since) <= 0)
		return true;
	return f->newest.normal != NULL && has_same_base(&f->newest, next) &&
	       version_compare(next, &f->newest) < 0;
}

static enum err_code
check(const struct footing *f, const char *word, const struct version *next, bool *lower,
    struct err *e)
{
	enum err_code rc = ERR_OK;

	*lower = false;
	if (version_has_local(next)) {
		rc = err_set(
		    e, ERR_INVALID, "%s has a local part, which package indexes refuse", word);
		err_hint(e, "leave out the + and what follows");
	} else if (!f->prepared && !f->in_progress && f->files.normal != NULL &&
		   version_compare(next, &f->files) == 0) {
		rc = err_set(e, ERR_INVALID, "%s is the current version", version_text(next));
	} else if (f->files.normal != NULL && !version_is_placeholder(&f->files) &&
		   is_lower(f, next)) {
		*lower = true;
		rc = err_set(e, ERR_INVALID, "%s is lower than %s", version_text(next),
		    version_text(!f->prepared ? &f->files
				 : f->since.normal != NULL && version_compare(next, &f->since) <= 0
				     ? &f->since
				     : &f->newest));
	}
	return rc;
}

static enum err_code
next_of(const struct release_package *p, const struct footing *f, const char *word,
    struct version *next, struct err *e)
{
	enum version_bump bump;

	if (strcmp(word, CHOICE_SUGGESTED) == 0) {
		if (p->suggested != NULL)
			return version_parse(p->suggested, next, e);
		err_set(e, ERR_INVALID, "%s has no commits that ask for a release", p->name);
		return err_hint(e, "leave it out, or say which version it shall have");
	}
	if (!version_bump_from(word, &bump))
		return version_parse(word, next, e);
	if (f->files.normal == NULL) {
		err_set(e, ERR_INVALID, "%s has no version to go on from", p->name);
		return err_hint(e, "give the version itself");
	}
	/* Nothing to count from: the build replaces it. */
	if (version_is_placeholder(&f->files)) {
		err_set(e, ERR_INVALID, "%s of %s is a placeholder that the build replaces",
		    version_text(&f->files), p->name);
		return err_hint(e, "type the version instead of \"%s\"", word);
	}
	return version_next(stays_with_base(bump) ? &f->phase : &f->files, bump, next, e);
}

enum err_code
choices_apply(const struct wizard *w, size_t package, const char *word, char **out,
    char **candidate, bool *lower, struct err *e)
{
	const struct release_package *p = &w->rel.packages[package];
	struct version next = VERSION_EMPTY;
	struct footing f;
	enum err_code rc = ERR_OK;
	bool alone = strcmp(word, CHOICE_TAG_ALONE) == 0;

	*lower = false;
	*candidate = NULL;
	find_footing(w, package, &f);
	if (alone && (!f.prepared || version_is_pre(&f.files))) {
		rc = err_set(e, ERR_INVALID,
		    "%s tags a candidate of a final version that is not released, and %s is none",
		    word, p->version);
		err_hint(e, "rc makes a candidate, in the files as well");
	} else {
		rc = next_of(p, &f, alone ? "rc" : word, &next, e);
	}
	if (rc == ERR_OK) {
		rc = check(&f, word, &next, lower, e);
		if (rc == ERR_OK || *lower) {
			*out = mem_strdup(alone ? version_text(&f.files) : version_text(&next));
			*candidate = alone ? mem_strdup(version_text(&next)) : NULL;
		}
	}
	version_fini(&next);
	footing_fini(&f);
	return rc;
}

/* -- tags -- */

enum err_code
choices_tag(const struct wizard *w, size_t package, const char *version, char **out, struct err *e)
{
	const struct release_package *p = &w->rel.packages[package];
	struct version v = VERSION_EMPTY;
	struct tag_template t = TAG_TEMPLATE_EMPTY;
	struct str text = STR_EMPTY;
	enum err_code rc = version_parse(version, &v, e);

	if (rc == ERR_OK)
		rc = tag_template_parse(p->tag_template, p->name, &t, e);
	if (rc == ERR_OK)
		rc = tag_render_like(&t, &w->tag_names, &v, &text, e);
	if (rc == ERR_OK)
		*out = str_take(&text);
	str_fini(&text);
	tag_template_fini(&t);
	version_fini(&v);
	return rc;
}

const char *
choices_tag_taken(const struct wizard *w, size_t package, const char *version)
{
	const struct release_package *p = &w->rel.packages[package];
	struct version v = VERSION_EMPTY;
	struct tag_template t = TAG_TEMPLATE_EMPTY;
	const char *taken = NULL;

	if (version_parse(version, &v, NULL) == ERR_OK &&
	    tag_template_parse(p->tag_template, p->name, &t, NULL) == ERR_OK) {
		size_t at = tags_find(&t, &w->tag_names, &v);

		if (at < w->tag_names.count)
			taken = w->tag_names.items[at];
	}
	tag_template_fini(&t);
	version_fini(&v);
	return taken;
}
