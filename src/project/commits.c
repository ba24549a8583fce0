/* From commits to a suggestion: reverts cancel what they revert, release commits count for nothing,
 * and each commit says why it counts as it does. */
#include "slipway/project/commits.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/str.h"

#define SHORT_HASH 7

static bool
starts_ignoring_case(const char *text, const char *prefix)
{
	for (; *prefix != '\0'; prefix++, text++) {
		char c = *text >= 'A' && *text <= 'Z' ? (char)(*text - 'A' + 'a') : *text;

		if (c != *prefix)
			return false;
	}
	return true;
}

/* Whether TEXT, or its rest behind "v", is a version. */
static bool
is_version(const char *text)
{
	struct version v;
	bool yes = version_parse(text, &v, NULL) == ERR_OK;

	if (yes)
		version_fini(&v);
	return yes;
}

/* What release tools and people write on the commit that raises the version. */
static bool
is_release_commit(const char *subject, const struct conventional *c)
{
	static const char *const openings[] = { "release version ", "bump version",
		"bump: ", "prepare release", "version bump" };
	const char *text = c->parsed ? c->description : subject;
	bool may_be = !c->parsed || strcmp(c->type, "chore") == 0 || strcmp(c->type, "build") == 0;

	if (c->parsed && strcmp(c->type, "bump") == 0)
		return true;
	if (!may_be)
		return false;
	if (c->parsed && c->scope != NULL && strcmp(c->scope, "release") == 0)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(openings); i++)
		if (starts_ignoring_case(text, openings[i]))
			return true;
	if (starts_ignoring_case(text, "release "))
		text += strlen("release ");
	return is_version(text);
}

/* Without a policy: what the change itself asks for. */
static enum version_bump
weight(const struct conventional *c)
{
	if (c->breaking)
		return BUMP_MAJOR;
	if (!c->parsed)
		return BUMP_COUNT;
	if (strcmp(c->type, "feat") == 0)
		return BUMP_MINOR;
	if (strcmp(c->type, "fix") == 0 || strcmp(c->type, "perf") == 0)
		return BUMP_PATCH;
	return BUMP_COUNT;
}

static bool
is_heavier(enum version_bump a, enum version_bump b)
{
	return a != BUMP_COUNT && (b == BUMP_COUNT || a > b);
}

static enum version_bump
by_policy(enum version_bump bump, const struct suggest_opts *opts)
{
	if (opts->policy == ZERO_AS_ONE || opts->current == NULL ||
	    !version_is_zero_major(opts->current))
		return bump;
	if (bump == BUMP_MAJOR)
		return BUMP_MINOR;
	if (bump == BUMP_MINOR && opts->policy == ZERO_SHIFT)
		return BUMP_PATCH;
	return bump;
}

bool
commits_squashed(const char *body, struct strlist *bullets)
{
	struct bytes rest = bytes_of(body != NULL ? body : ""), line;
	bool all = true;

	while (all && bytes_line(&rest, &line)) {
		struct conventional c;

		if (line.len < 2 || memcmp(line.data, "* ", 2) != 0)
			continue;
		strlist_take(bullets, mem_strndup(line.data + 2, line.len - 2));
		conventional_parse(bullets->items[bullets->count - 1], NULL, &c);
		all = c.parsed;
		conventional_fini(&c);
	}
	return all && bullets->count > 0;
}

/* The heaviest of a squashed body; BUMP_COUNT when it is none. */
static enum version_bump
squashed_weight(const char *body)
{
	struct strlist bullets = STRLIST_EMPTY;
	enum version_bump heaviest = BUMP_COUNT;
	bool all = commits_squashed(body, &bullets);

	for (size_t i = 0; all && i < bullets.count; i++) {
		struct conventional c;

		conventional_parse(bullets.items[i], NULL, &c);
		if (is_heavier(weight(&c), heaviest))
			heaviest = weight(&c);
		conventional_fini(&c);
	}
	strlist_fini(&bullets);
	return heaviest;
}

static const char *
word_for(enum version_bump bump)
{
	return bump == BUMP_MAJOR ? "breaking change" : bump == BUMP_MINOR ? "feature" : "fix";
}

static void
read_commit(const struct commit_info *commit, struct commit_reading *r)
{
	enum version_bump squashed;

	conventional_parse(commit->subject, commit->body, &r->c);
	r->bump = weight(&r->c);
	r->confirm = r->c.maybe_breaking;
	if (is_release_commit(commit->subject, &r->c)) {
		r->release = true;
		r->confirm = false;
		r->bump = BUMP_COUNT;
		r->reason = mem_strdup("an earlier release");
		return;
	}
	squashed = squashed_weight(commit->body);
	if (is_heavier(squashed, r->bump)) {
		r->bump = squashed;
		r->reason = mem_printf("%s in its squashed commits", word_for(squashed));
	} else if (r->c.breaking_text != NULL) {
		r->reason = mem_printf("breaking change: %.*s",
		    (int)strcspn(r->c.breaking_text, "\r\n"), r->c.breaking_text);
	} else if (r->c.breaking) {
		r->reason = mem_strdup("breaking change");
	} else if (r->bump == BUMP_PATCH && strcmp(r->c.type, "perf") == 0) {
		r->reason = mem_strdup("performance");
	} else if (r->bump != BUMP_COUNT) {
		r->reason = mem_strdup(word_for(r->bump));
	} else if (r->c.parsed) {
		r->reason = mem_printf("%s: asks for no release", r->c.type);
	} else {
		r->reason = mem_strdup(
		    text_starts(commit->subject, "Merge ") ? "merge" : "not a conventional commit");
	}
	if (r->confirm) {
		char *plain = r->reason;

		r->reason = mem_printf("%s; mentions BREAKING CHANGE, please confirm", plain);
		free(plain);
	}
}

/* The older commit that the one at AT reverts, or COUNT. */
static size_t
find_reverted(const struct commit_info *commits, size_t count, size_t at,
    const struct commit_reading *readings)
{
	const struct conventional *c = &readings[at].c;

	for (size_t h = 0; h < c->reverted_hashes.count; h++)
		for (size_t i = at + 1; i < count; i++)
			if (starts_ignoring_case(commits[i].hash, c->reverted_hashes.items[h]))
				return i;
	if (c->reverted_hashes.count > 0 || c->reverted == NULL)
		return count;
	for (size_t i = at + 1; i < count; i++)
		if (!readings[i].cancelled && strcmp(commits[i].subject, c->reverted) == 0)
			return i;
	return count;
}

static void
set_reason(struct commit_reading *r, char *reason)
{
	mem_set(&r->reason, NULL);
	r->reason = reason;
}

/* From the newest on, so that the revert of a revert restores what the first one took away. */
static void
cancel_reverts(const struct commit_info *commits, struct suggestion *s)
{
	for (size_t i = 0; i < s->count; i++) {
		struct commit_reading *r = &s->readings[i], *other;
		struct conventional old;
		size_t target;

		if (!r->c.revert || r->cancelled)
			continue;
		target = find_reverted(commits, s->count, i, s->readings);
		if (target < s->count) {
			other = &s->readings[target];
			r->cancelled = other->cancelled = true;
			r->confirm = other->confirm = false;
			r->bump = other->bump = BUMP_COUNT;
			set_reason(r, mem_printf("reverts %.*s, which is not released yet",
					  SHORT_HASH, commits[target].hash));
			set_reason(
			    other, mem_printf("reverted by %.*s", SHORT_HASH, commits[i].hash));
			continue;
		}
		if (r->bump == BUMP_COUNT)
			r->bump = BUMP_PATCH;
		conventional_parse(r->c.reverted != NULL ? r->c.reverted : "", NULL, &old);
		r->confirm = r->confirm || weight(&old) == BUMP_MINOR;
		set_reason(
		    r, mem_strdup(r->confirm
				      ? "takes back a released feature: breaking? please confirm"
				      : "takes back a released change"));
		conventional_fini(&old);
	}
}

static void
tally(struct suggestion *s, enum version_bump *heaviest)
{
	*heaviest = BUMP_COUNT;
	for (size_t i = 0; i < s->count; i++) {
		enum version_bump bump = s->readings[i].bump;

		s->breaking += bump == BUMP_MAJOR;
		s->features += bump == BUMP_MINOR;
		s->fixes += bump == BUMP_PATCH;
		s->confirm += s->readings[i].confirm;
		if (is_heavier(bump, *heaviest))
			*heaviest = bump;
	}
}

static void
put_count(struct str *out, size_t count, const char *one, const char *many)
{
	if (count > 0)
		str_printf(
		    out, "%s%zu %s", out->len > 0 ? ", " : "", count, count == 1 ? one : many);
}

static void
explain(struct suggestion *s, enum version_bump heaviest)
{
	struct str out = STR_EMPTY;

	put_count(&out, s->breaking, "breaking change", "breaking changes");
	put_count(&out, s->features, "feature", "features");
	if (s->features == 0 || s->breaking == 0)
		put_count(&out, s->fixes, "fix", "fixes");
	if (s->features > 0 && s->breaking == 0)
		str_puts(&out, ", none breaking");
	if (heaviest == BUMP_COUNT)
		str_puts(&out, s->count == 0 ? "no commits" : "nothing that asks for a release");
	else if (heaviest == BUMP_MAJOR && s->bump == BUMP_MINOR)
		str_puts(&out, "; 0.x raises the minor number");
	if (s->confirm > 0)
		str_printf(&out, "; %zu to confirm", s->confirm);
	s->reason = str_take(&out);
}

static enum version_bump
phase_of(const struct version *v)
{
	return v->phase == 'a'	 ? BUMP_ALPHA
	       : v->phase == 'b' ? BUMP_BETA
	       : v->phase == 'r' ? BUMP_RC
				 : BUMP_DEV;
}

/* A pre-release goes on with its phase as long as its base covers the changes since the last final.
 */
static enum version_bump
from_pre(enum version_bump bump, const struct suggest_opts *opts)
{
	struct version needed = VERSION_EMPTY, base = VERSION_EMPTY;
	struct str text = STR_EMPTY;
	bool covered;

	if (bump == BUMP_COUNT)
		return BUMP_FINAL;
	version_base(opts->current, &text);
	covered = opts->last_final == NULL ||
		  version_next(opts->last_final, bump, &needed, NULL) != ERR_OK ||
		  version_parse(str_text(&text), &base, NULL) != ERR_OK ||
		  version_compare(&needed, &base) <= 0;
	str_fini(&text);
	version_fini(&needed);
	version_fini(&base);
	return covered ? phase_of(opts->current) : bump;
}

void
commits_suggest(const struct commit_info *commits, size_t count, const struct suggest_opts *opts,
    struct suggestion *out)
{
	struct suggestion s = { .readings = mem_zalloc(count, sizeof s.readings[0]),
		.count = count };
	enum version_bump heaviest;

	for (size_t i = 0; i < count; i++)
		read_commit(&commits[i], &s.readings[i]);
	cancel_reverts(commits, &s);
	tally(&s, &heaviest);
	s.bump = by_policy(heaviest, opts);
	if (opts->current != NULL && version_is_pre(opts->current))
		s.bump = from_pre(s.bump, opts);
	explain(&s, heaviest);
	*out = s;
}

void
suggestion_fini(struct suggestion *s)
{
	for (size_t i = 0; i < s->count; i++) {
		conventional_fini(&s->readings[i].c);
		mem_set(&s->readings[i].reason, NULL);
	}
	free(s->readings);
	mem_set(&s->reason, NULL);
	*s = (struct suggestion) { .bump = BUMP_COUNT };
}
