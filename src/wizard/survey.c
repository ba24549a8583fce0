/* Reads on the worker what the repository holds, and turns it into the model on the loop. */
#include "survey.h"

#include <stdlib.h>
#include <string.h>

#include "indexes.h"
#include "settings.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/os/clock.h"
#include "slipway/project/commits.h"
#include "slipway/project/packages.h"
#include "slipway/project/tags.h"
#include "slipway/project/version.h"
#include "slipway/repo/log.h"
#include "slipway/repo/repo.h"

#define COMMITS_MAX 1000
#define PATHS_MAX 200

/* One range of history: since the last tag of the packages that share it. */
struct range {
	char *tag; /* NULL: from the beginning */
	uint64_t packages;
	struct repo_log log;
};

struct survey {
	char *root;
	struct strlist paths;
	const struct config *config; /* read only, lives as long as the wizard */
	const struct wizard *w;	     /* for settings, which only read CONFIG */
	struct packages packages;
	char **templates, **tags_last; /* one a package */
	struct strlist tag_names;
	struct range *ranges;
	size_t range_count, range_cap;
};

struct survey *
survey_new(const struct wizard *w)
{
	struct survey *s = mem_zalloc(1, sizeof *s);

	s->root = mem_strdup(w->rel.root);
	s->w = w;
	settings_package_paths(w, &s->paths);
	return s;
}

void
survey_free(struct survey *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->packages.count; i++) {
		if (s->templates != NULL)
			free(s->templates[i]);
		if (s->tags_last != NULL)
			free(s->tags_last[i]);
	}
	free(s->templates);
	free(s->tags_last);
	for (size_t i = 0; i < s->range_count; i++) {
		free(s->ranges[i].tag);
		repo_log_fini(&s->ranges[i].log);
	}
	free(s->ranges);
	packages_fini(&s->packages);
	strlist_fini(&s->paths);
	strlist_fini(&s->tag_names);
	free(s->root);
	free(s);
}

/* -- on the worker -- */

static void
add_range(struct survey *s, size_t package, const char *tag)
{
	struct range *r = NULL;

	for (size_t i = 0; i < s->range_count; i++) {
		const char *other = s->ranges[i].tag;

		if ((tag == NULL && other == NULL) ||
		    (tag != NULL && other != NULL && strcmp(tag, other) == 0))
			r = &s->ranges[i];
	}
	if (r == NULL) {
		s->ranges = mem_grow(s->ranges, &s->range_cap, s->range_count + 1, sizeof *r);
		r = &s->ranges[s->range_count++];
		*r = (struct range) { .tag = mem_strdup(tag) };
	}
	if (package < 64)
		r->packages |= UINT64_C(1) << package;
}

/* The package's tag template, configured or guessed, and its newest tag. */
static void
find_template(struct survey *s, size_t at, struct err *e)
{
	const struct package *p = &s->packages.items[at];
	const char *configured = settings_tag_template(s->w, p->name);
	struct tag_template t = TAG_TEMPLATE_EMPTY;
	struct tag_guess guess = { .text = NULL };
	size_t newest;

	if (configured != NULL) {
		s->templates[at] = mem_strdup(configured);
	} else {
		tags_guess(&s->tag_names, p->name, &p->version,
		    s->packages.count == 1 || s->packages.lockstep, &guess);
		s->templates[at] = mem_strdup(guess.text);
		tag_guess_fini(&guess);
	}
	if (tag_template_parse(s->templates[at], p->name, &t, e) != ERR_OK)
		return;
	newest = tags_newest(&t, &s->tag_names, TAG_ANY, NULL);
	if (newest < s->tag_names.count)
		s->tags_last[at] = mem_strdup(s->tag_names.items[newest]);
	tag_template_fini(&t);
}

static void
read_tags(struct survey *s, struct repo *repo, struct err *e)
{
	struct repo_tags tags = REPO_TAGS_EMPTY;

	if (repo_tags(repo, &tags, e) != ERR_OK)
		return;
	for (size_t i = 0; i < tags.count; i++)
		strlist_add(&s->tag_names, tags.items[i].name);
	repo_tags_fini(&tags);
	for (size_t i = 0; i < s->packages.count && e->code == ERR_OK; i++) {
		find_template(s, i, e);
		add_range(s, i, s->tags_last[i]);
	}
}

void
survey_run(struct survey *s, struct repo *repo, struct err *e)
{
	if (packages_find(s->root, &s->paths, &s->packages, e) != ERR_OK)
		return;
	s->templates = mem_zalloc(s->packages.count, sizeof s->templates[0]);
	s->tags_last = mem_zalloc(s->packages.count, sizeof s->tags_last[0]);
	read_tags(s, repo, e);
	for (size_t i = 0; i < s->range_count && e->code == ERR_OK; i++) {
		char *until = s->ranges[i].tag != NULL
				  ? mem_printf("refs/tags/%s", s->ranges[i].tag)
				  : NULL;
		struct repo_log_opts opts = {
			.until = until, .max = COMMITS_MAX, .max_paths = PATHS_MAX, .paths = true
		};

		repo_log(repo, &opts, &s->ranges[i].log, e);
		free(until);
	}
}

/* -- on the loop -- */

void
survey_text(const struct survey *s, struct str *out)
{
	for (size_t i = 0; i < s->packages.count; i++) {
		const struct package *p = &s->packages.items[i];

		str_printf(out, "%s%s", i > 0 ? ", " : "", p->dir[0] != '\0' ? p->dir : ".");
	}
	str_puts(out, " found");
}

static char *
safe(const char *text)
{
	struct str out = STR_EMPTY;

	sanitise(text, strlen(text), &out);
	return str_take(&out);
}

static void
fill_package(const struct survey *s, size_t at, struct release_package *out)
{
	const struct package *p = &s->packages.items[at];

	*out = (struct release_package) {
		.name = safe(p->name),
		.normal = mem_strdup(p->normal),
		.dir = mem_strdup(p->dir),
		.version = mem_strdup(version_text(&p->version)),
		.tag_last = mem_strdup(s->tags_last[at]),
		.tag_template = mem_strdup(s->templates[at]),
		.selected = true,
	};
	for (size_t i = 0; i < p->need_count; i++)
		strlist_add(&out->needs, s->packages.items[p->needs[i]].normal);
}

static size_t
find_commit(const struct release *r, const char *hash)
{
	size_t i;

	for (i = 0; i < r->commit_count; i++)
		if (strcmp(r->commits[i].hash, hash) == 0)
			break;
	return i;
}

static struct commit_info
info_of(const struct repo_commit *c)
{
	return (struct commit_info) { .hash = c->hash,
		.author = c->author,
		.date = c->when,
		.subject = c->subject,
		.body = c->body,
		.files = (const char *const *)c->paths.items,
		.file_count = c->paths.count };
}

/* Bits of the model's packages (dependency order) that the commit touches. */
static uint64_t
touched(const struct survey *s, const struct range *range, const struct commit_info *info)
{
	uint64_t bits = 0;

	for (size_t at = 0; at < s->packages.count && at < 64; at++) {
		size_t found = s->packages.order[at];
		struct strlist nested = STRLIST_EMPTY;

		if (found >= 64 || (range->packages >> found & 1) == 0)
			continue;
		packages_nested(&s->packages, found, &nested);
		if (commit_touches(info, s->packages.items[found].dir, &nested))
			bits |= UINT64_C(1) << at;
		strlist_fini(&nested);
	}
	return bits;
}

static void
fill_commits(struct survey *s, struct wizard *w)
{
	struct release *r = &w->rel;
	size_t cap = 0;

	for (size_t i = 0; i < s->range_count; i++)
		for (size_t k = 0; k < s->ranges[i].log.count; k++) {
			const struct repo_commit *c = &s->ranges[i].log.items[k];
			struct commit_info info = info_of(c);
			size_t at = find_commit(r, c->hash);

			if (at == r->commit_count) {
				r->commits = mem_grow(
				    r->commits, &cap, at + 1, sizeof r->commits[0]);
				r->commits[r->commit_count++] = (struct release_commit) {
					.hash = mem_strdup(c->hash),
					.short_hash = mem_strdup(c->short_hash),
					.author = safe(c->author),
					.subject = safe(c->subject),
					.body = mem_strdup(c->body),
					.time = c->when,
				};
			}
			r->commits[at].packages |= touched(s, &s->ranges[i], &info);
		}
}

/* --package narrows; a name that is none of ours is a mistake to be told. */
static enum err_code
select_packages(struct wizard *w, struct err *e)
{
	struct release *r = &w->rel;

	if (w->packages.count == 0)
		return ERR_OK;
	for (size_t i = 0; i < r->package_count; i++)
		r->packages[i].selected = false;
	for (size_t k = 0; k < w->packages.count; k++) {
		char *normal = index_normal_name(w->packages.items[k]);
		size_t i;

		for (i = 0; i < r->package_count && strcmp(r->packages[i].normal, normal) != 0; i++)
			;
		free(normal);
		if (i == r->package_count) {
			struct str names = STR_EMPTY;

			for (size_t n = 0; n < r->package_count; n++)
				str_printf(&names, "%s%s", n > 0 ? ", " : "", r->packages[n].name);
			err_set(e, ERR_USAGE, "--package %s: no such package here",
			    w->packages.items[k]);
			err_hint(e, "there are %s", str_text(&names));
			str_fini(&names);
			return ERR_USAGE;
		}
		r->packages[i].selected = true;
	}
	return ERR_OK;
}

enum err_code
survey_apply(struct survey *s, struct wizard *w, struct err *e)
{
	struct release *r = &w->rel;
	enum err_code rc;

	release_clear_packages(r);
	tokens_wipe(w);
	r->packages = mem_zalloc(s->packages.count, sizeof r->packages[0]);
	for (size_t i = 0; i < s->packages.count; i++)
		fill_package(s, s->packages.order[i], &r->packages[i]);
	r->package_count = s->packages.count;
	if (!settings_lockstep(w, &r->lockstep))
		r->lockstep = s->packages.lockstep;
	fill_commits(s, w);
	strlist_fini(&w->tag_names);
	strlist_copy(&w->tag_names, &s->tag_names);
	rc = select_packages(w, e);
	packages_fini(&w->found);
	w->found = s->packages;
	/* What is left of S frees by count: give it none. */
	for (size_t i = 0; i < w->found.count; i++) {
		free(s->templates[i]);
		free(s->tags_last[i]);
	}
	s->packages = (struct packages)PACKAGES_EMPTY;
	if (rc == ERR_OK)
		survey_choices(w);
	return rc;
}

/* -- choices -- */

static void
today(char buf[11])
{
	char iso[32];

	clock_iso(clock_now(), iso, sizeof iso);
	memcpy(buf, iso, 10);
	buf[10] = '\0';
}

static enum version_bump
suggest(struct wizard *w, const struct version *current)
{
	struct release *r = &w->rel;
	struct commit_info *infos = mem_zalloc(r->commit_count, sizeof *infos);
	size_t *from = mem_zalloc(r->commit_count, sizeof *from), n = 0;
	struct suggest_opts opts = { .current = current };
	struct suggestion s = { .readings = NULL };
	uint64_t selected = 0;
	enum version_bump bump;

	for (size_t i = 0; i < r->package_count && i < 64; i++)
		if (r->packages[i].selected)
			selected |= UINT64_C(1) << i;
	for (size_t i = 0; i < r->commit_count; i++)
		if ((r->commits[i].packages & selected) != 0) {
			from[n] = i;
			infos[n++] = (struct commit_info) { .hash = r->commits[i].hash,
				.author = r->commits[i].author,
				.date = r->commits[i].time,
				.subject = r->commits[i].subject,
				.body = r->commits[i].body };
		}
	commits_suggest(infos, n, &opts, &s);
	for (size_t i = 0; i < n; i++)
		r->commits[from[i]].weight = s.readings[i].bump == BUMP_MAJOR	? WEIGHT_MAJOR
					     : s.readings[i].bump == BUMP_MINOR ? WEIGHT_MINOR
					     : s.readings[i].bump == BUMP_PATCH ? WEIGHT_PATCH
										: WEIGHT_NONE;
	mem_set(&r->suggestion, s.reason);
	bump = s.bump;
	suggestion_fini(&s);
	free(infos);
	free(from);
	return bump;
}

static char *
choice_kind(const struct version_choice *c)
{
	/* "minor" and "rc" together have no word of their own: the version itself is the answer. */
	return mem_strdup(c->base == BUMP_COUNT && c->bump < BUMP_LAST ? version_bump_name(c->bump)
								       : version_text(&c->result));
}

void
survey_choices(struct wizard *w)
{
	struct release *r = &w->rel;
	const struct release_package *p = release_main(r);
	struct version current = VERSION_EMPTY;
	struct version_choices choices = VERSION_CHOICES_EMPTY;
	enum version_bump bump;
	char date[11];

	release_clear_choices(r);
	if (p == NULL || version_parse(p->version, &current, NULL) != ERR_OK)
		return;
	today(date);
	version_choices(&current, date, &choices);
	bump = suggest(w, &current);
	r->choices = mem_zalloc(choices.count, sizeof r->choices[0]);
	for (size_t i = 0; i < choices.count; i++) {
		const struct version_choice *c = &choices.items[i];

		if (c->lower)
			continue;
		r->choices[r->choice_count++] = (struct release_choice) {
			.kind = choice_kind(c),
			.label = mem_strdup(version_bump_name(c->bump)),
			.version = mem_strdup(version_text(&c->result)),
			.explanation = mem_strdup(c->note),
			.suggested = c->bump == bump && c->base == BUMP_COUNT,
			.advanced = c->advanced,
		};
	}
	version_choices_fini(&choices);
	version_fini(&current);
}

enum err_code
survey_tag(const struct wizard *w, size_t package, const char *version, char **out, struct err *e)
{
	const struct release_package *p = &w->rel.packages[package];
	struct version v = VERSION_EMPTY;
	struct tag_template t = TAG_TEMPLATE_EMPTY;
	struct str text = STR_EMPTY;
	enum err_code rc = version_parse(version, &v, e);

	if (rc == ERR_OK)
		rc = tag_template_parse(p->tag_template, p->name, &t, e);
	if (rc == ERR_OK)
		rc = tag_render(&t, &v, &text, e);
	if (rc == ERR_OK)
		*out = str_take(&text);
	str_fini(&text);
	tag_template_fini(&t);
	version_fini(&v);
	return rc;
}

const char *
survey_tag_taken(const struct wizard *w, size_t package, const char *version)
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
