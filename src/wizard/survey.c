/* Reads on the worker what the repository holds, and turns it into the model on the loop. */
#include "survey.h"

#include <stdlib.h>
#include <string.h>

#include "choices.h"
#include "indexes.h"
#include "keep_tag.h"
#include "settings.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/os/fs.h"
#include "slipway/project/commits.h"
#include "slipway/project/packages.h"
#include "slipway/project/tags.h"
#include "slipway/project/version.h"
#include "slipway/repo/log.h"
#include "slipway/repo/repo.h"
#include "slipway/repo/tree.h"
#include "tagged.h"

#define COMMITS_MAX 1000 /* of packages without a tag */
#define NAMED_MAX 8
#define CONFIG_MAX ((size_t)4 << 20)

struct survey {
	char *root;
	struct strlist paths;
	const struct wizard *w; /* for settings, which only read the configuration */
	struct packages packages;
	struct tagged *tagged; /* one a package */
	size_t tagged_count;
	struct strlist tag_names;
	struct repo_log log;
	/* By commit and package: whether it touches it. */
	uint64_t *touched;
	size_t words, touched_cap;
	bool config_in_head;
	bool one_version; /* of all packages, by their files and their tags */
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
	for (size_t i = 0; i < s->tagged_count; i++)
		tagged_fini(&s->tagged[i]);
	free(s->tagged);
	repo_log_fini(&s->log);
	free(s->touched);
	packages_fini(&s->packages);
	strlist_fini(&s->paths);
	strlist_fini(&s->tag_names);
	free(s->root);
	free(s);
}

/* -- on the worker -- */

/* What the tag is, where the files hold none: setuptools-scm and the like. */
static const char *
current_version(const struct survey *s, size_t at)
{
	const struct package *p = &s->packages.items[at];

	return version_text(p->authority.kind == AUTHORITY_TAG && p->version.normal == NULL
				? &s->tagged[at].newest
				: &p->version);
}

/* With what the tags say of the packages whose files do not. */
static bool
is_one_version(const struct survey *s)
{
	struct version first = VERSION_EMPTY;
	bool one = true;

	for (size_t i = 0; i < s->packages.count && one; i++) {
		struct version v = VERSION_EMPTY;

		if (version_parse(current_version(s, i), &v, NULL) != ERR_OK)
			continue;
		one = first.normal == NULL || version_compare(&first, &v) == 0;
		if (first.normal == NULL)
			first = v;
		else
			version_fini(&v);
	}
	version_fini(&first);
	return one;
}

/* ALONE: every tag is one of each package. */
static void
find_tags(struct survey *s, const struct tag_index *index, bool alone, struct err *e)
{
	for (size_t i = 0; i < s->packages.count && e->code == ERR_OK; i++) {
		const struct package *p = &s->packages.items[i];
		const struct tagged_opts opts = {
			.name = p->name,
			.configured = settings_tag_template(s->w, p->name),
			.current = p->version.normal != NULL ? &p->version : NULL,
			.alone = alone,
		};

		tagged_fini(&s->tagged[i]);
		tagged_find(index, &opts, &s->tagged[i], e);
	}
}

static void
read_tags(struct survey *s, struct repo *repo, struct err *e)
{
	struct repo_tags tags = REPO_TAGS_EMPTY;
	struct tag_index *index;

	if (repo_tags(repo, &tags, e) != ERR_OK)
		return;
	for (size_t i = 0; i < tags.count; i++)
		strlist_add(&s->tag_names, tags.items[i].name);
	repo_tags_fini(&tags);
	index = tag_index_new(&s->tag_names);
	s->tagged_count = s->packages.count;
	s->tagged = mem_zalloc(s->tagged_count, sizeof s->tagged[0]);
	find_tags(s, index, s->packages.count == 1 || s->packages.lockstep, e);
	/* One version in the files was not the whole truth: others have theirs from tags alone. */
	s->one_version = s->packages.lockstep && e->code == ERR_OK && is_one_version(s);
	if (s->packages.lockstep && !s->one_version && e->code == ERR_OK)
		find_tags(s, index, false, e);
	tag_index_free(index);
}

static void
on_path(void *arg, size_t commit, const char *path)
{
	struct survey *s = arg;
	size_t owner = packages_owner(&s->packages, path), need = (commit + 1) * s->words;

	if (owner == s->packages.count)
		return;
	if (need > s->touched_cap) {
		size_t had = s->touched_cap;

		s->touched = mem_grow(s->touched, &s->touched_cap, need, sizeof s->touched[0]);
		memset(s->touched + had, 0, (s->touched_cap - had) * sizeof s->touched[0]);
	}
	s->touched[commit * s->words + owner / 64] |= UINT64_C(1) << owner % 64;
}

static bool
has_packages_below(void *arg, const char *folder)
{
	const struct survey *s = arg;

	return packages_below(&s->packages, folder);
}

static void
read_log(struct survey *s, struct repo *repo, struct err *e)
{
	struct strlist until = STRLIST_EMPTY;
	struct repo_log_opts opts = { .until = &until,
		.max = COMMITS_MAX,
		.path = on_path,
		.enter = has_packages_below,
		.arg = s };

	s->words = s->packages.count / 64 + 1;
	for (size_t i = 0; i < s->tagged_count; i++) {
		const char *since = s->tagged[i].since;

		strlist_addf(
		    &until, "%s%s", since != NULL ? "refs/tags/" : "", since != NULL ? since : "");
	}
	repo_log(repo, &opts, &s->log, e);
	strlist_fini(&until);
}

/* Whether the configuration is in HEAD as it lies here, or in neither. */
static bool
is_in_head(const struct survey *s, struct repo *repo)
{
	const char *file = keep_tag_file(s->w);
	struct str here = STR_EMPTY, there = STR_EMPTY;
	struct err e = ERR_EMPTY, f = ERR_EMPTY;
	char *path;
	bool same;

	if (file == NULL)
		return false;
	path = fs_join(s->root, file);
	fs_read(path, CONFIG_MAX, &here, &e);
	repo_blob(repo, "HEAD", file, CONFIG_MAX, &there, &f);
	same = e.code == f.code && here.len == there.len &&
	       memcmp(str_text(&here), str_text(&there), here.len) == 0;
	str_fini(&here);
	str_fini(&there);
	free(path);
	return same;
}

void
survey_run(struct survey *s, struct repo *repo, struct err *e)
{
	if (packages_find(s->root, &s->paths, &s->packages, e) != ERR_OK)
		return;
	read_tags(s, repo, e);
	if (e->code == ERR_OK)
		read_log(s, repo, e);
	if (e->code == ERR_OK)
		s->config_in_head = is_in_head(s, repo);
}

/* -- on the loop -- */

void
survey_text(const struct survey *s, struct str *out)
{
	for (size_t i = 0; i < s->packages.count && i < NAMED_MAX; i++) {
		const struct package *p = &s->packages.items[i];

		str_printf(out, "%s%s", i > 0 ? ", " : "", p->dir[0] != '\0' ? p->dir : ".");
	}
	if (s->packages.count > NAMED_MAX)
		str_printf(out, " and %zu more", s->packages.count - NAMED_MAX);
	str_puts(out, " found");
	if (s->packages.ignored_count > 0)
		str_printf(out, "; %zu passed over", s->packages.ignored_count);
}

static char *
safe(const char *text)
{
	struct str out = STR_EMPTY;

	sanitise(text, strlen(text), &out);
	return str_take(&out);
}

static void
put_capitals(const char *name, bool underscores, struct str *out)
{
	for (const char *c = name; *c != '\0'; c++)
		str_putc(out, underscores && *c == '-' ? '_'
			      : *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A')
						       : *c);
}

/* The variables of P's build tool, with the name of the distribution in them as it spells that. */
static char *
version_env(const struct package *p)
{
	const char *env = p->authority.env, *mark;
	struct str out = STR_EMPTY;

	if (env == NULL)
		return NULL;
	while ((mark = strchr(env, '{')) != NULL) {
		bool normal = text_starts(mark, "{DIST}");

		str_append(&out, env, (size_t)(mark - env));
		put_capitals(normal ? p->normal : p->name, normal, &out);
		env = mark + strlen("{DIST}");
	}
	str_puts(&out, env);
	return str_take(&out);
}

/* In the words of design and documentation: which place decides. */
static char *
authority_text(const struct authority *a)
{
	struct str raw = STR_EMPTY, out = STR_EMPTY;

	if (a->file != NULL)
		str_puts(&raw, a->file);
	if (a->what != NULL)
		str_printf(&raw, "%s%s", raw.len > 0 ? ": " : "", a->what);
	sanitise(raw.data, raw.len, &out);
	str_fini(&raw);
	return str_take(&out);
}

static void
fill_package(const struct survey *s, size_t at, struct release_package *out)
{
	const struct package *p = &s->packages.items[at];
	const struct tagged *t = &s->tagged[at];

	*out = (struct release_package) {
		.name = safe(p->name),
		.normal = mem_strdup(p->normal),
		.dir = mem_strdup(p->dir),
		.version = mem_strdup(current_version(s, at)),
		.authority = authority_text(&p->authority),
		.tag_last = mem_strdup(t->last),
		.tag_since = mem_strdup(t->since),
		.tag_template = mem_strdup(t->template),
		.tag_doubt = t->doubt != NULL ? safe(t->doubt) : NULL,
		.untagged = t->untagged,
		.version_env = version_env(p),
		.selected = true,
	};
	strlist_copy(&out->tag_others, &t->others);
	for (size_t i = 0; i < p->need_count; i++)
		strlist_add(&out->needs, s->packages.items[p->needs[i]].normal);
}

/* Indexes of the model's packages (dependency order) that commit AT touches in their range. */
static size_t
touched(const struct survey *s, size_t at, uint32_t **out)
{
	const uint64_t *bits = &s->touched[at * s->words];
	uint32_t *list = NULL;
	size_t n = 0, cap = 0;

	if ((at + 1) * s->words > s->touched_cap)
		return 0;
	for (size_t i = 0; i < s->packages.count; i++) {
		size_t found = s->packages.order[i];

		if ((bits[found / 64] >> found % 64 & 1) == 0 ||
		    repo_log_reaches(&s->log.items[at], found))
			continue;
		list = mem_grow(list, &cap, n + 1, sizeof list[0]);
		list[n++] = (uint32_t)i;
	}
	*out = list;
	return n;
}

/* A commit that touches no package may name one: feat(cli) for packages/cli. */
static size_t
named(const struct survey *s, size_t at, uint32_t **out)
{
	struct conventional c;
	size_t count = 0;

	conventional_parse(s->log.items[at].subject, NULL, &c);
	for (size_t i = 0; c.scope != NULL && i < s->packages.count && count == 0; i++) {
		size_t found = s->packages.order[i];
		const struct package *p = &s->packages.items[found];

		if ((strcmp(c.scope, p->normal) == 0 || strcmp(c.scope, fs_base(p->dir)) == 0) &&
		    !repo_log_reaches(&s->log.items[at], found)) {
			*out = mem_zalloc(1, sizeof **out);
			**out = (uint32_t)i;
			count = 1;
		}
	}
	conventional_fini(&c);
	return count;
}

/* Takes the texts out of the log. A commit that no package's range has, such as one before the tag
 * of the only package it touches, is not shown. */
static void
fill_commits(struct survey *s, struct wizard *w)
{
	struct release *r = &w->rel;

	r->commits = mem_zalloc(s->log.count, sizeof r->commits[0]);
	for (size_t i = 0; i < s->log.count; i++) {
		struct repo_commit *c = &s->log.items[i];
		struct release_commit *to = &r->commits[r->commit_count];

		to->package_count = touched(s, i, &to->packages);
		if (to->package_count == 0)
			to->package_count = named(s, i, &to->packages);
		if (to->package_count == 0 && s->packages.count > 1 && !r->lockstep)
			continue;
		to->hash = mem_strdup(c->hash);
		to->short_hash = mem_strdup(c->short_hash);
		to->author = safe(c->author);
		to->subject = safe(c->subject);
		to->body = c->body;
		to->time = c->when;
		c->body = NULL;
		r->commit_count++;
	}
}

static void
fill_ignored(const struct survey *s, struct release *r)
{
	r->ignored = mem_zalloc(s->packages.ignored_count, sizeof r->ignored[0]);
	for (size_t i = 0; i < s->packages.ignored_count; i++)
		r->ignored[r->ignored_count++] = (struct release_ignored) {
			.file = safe(s->packages.ignored[i].file),
			.why = safe(s->packages.ignored[i].why),
		};
}

/* The index in the model of the package that a flag names: COUNT and an error when it is none of
 * ours. */
static size_t
named_by(const struct release *r, const char *flag, const char *name, struct err *e)
{
	char *normal = index_normal_name(name);
	struct str names = STR_EMPTY;
	size_t i = 0;

	while (i < r->package_count && strcmp(r->packages[i].normal, normal) != 0)
		i++;
	free(normal);
	if (i < r->package_count)
		return i;
	for (size_t n = 0; n < r->package_count; n++)
		str_printf(&names, "%s%s", n > 0 ? ", " : "", r->packages[n].name);
	err_set(e, ERR_USAGE, "%s %s: no such package here", flag, name);
	err_hint(e, "there are %s", str_text(&names));
	str_fini(&names);
	return i;
}

static enum err_code
check_tag_flags(const struct wizard *w, struct err *e)
{
	for (size_t i = 0; i + 1 < w->tag_answers.count; i += 2) {
		const char *name = w->tag_answers.items[i];

		if (name[0] != '\0' && named_by(&w->rel, "--tag", name, e) == w->rel.package_count)
			return ERR_USAGE;
	}
	return ERR_OK;
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
		size_t i = named_by(r, "--package", w->packages.items[k], e);

		if (i == r->package_count)
			return ERR_USAGE;
		r->packages[i].selected = true;
	}
	return ERR_OK;
}

/* Of packages with versions of their own those are released that have something to release; a
 * person may choose others. */
static void
select_changed(struct wizard *w)
{
	struct release *r = &w->rel;
	size_t changed = 0;

	for (size_t i = 0; i < r->package_count; i++) {
		/* Who only follows is taken in by a person. */
		r->packages[i].selected =
		    r->packages[i].suggested != NULL && !r->packages[i].follows;
		changed += r->packages[i].selected;
	}
	if (changed == 0)
		r->packages[0].selected = true;
	choices_make(w);
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
	w->config_in_head = s->config_in_head;
	if (!settings_lockstep(w, &r->lockstep))
		r->lockstep = s->one_version;
	fill_commits(s, w);
	fill_ignored(s, r);
	strlist_fini(&w->tag_names);
	strlist_copy(&w->tag_names, &s->tag_names);
	rc = select_packages(w, e);
	if (rc == ERR_OK)
		rc = check_tag_flags(w, e);
	/* Mirrors of a tag are compared with what it says. */
	for (size_t i = 0; i < s->packages.count; i++)
		if (s->packages.items[i].version.normal == NULL)
			version_parse(current_version(s, i), &s->packages.items[i].version, NULL);
	packages_fini(&w->found);
	w->found = s->packages;
	s->packages = (struct packages)PACKAGES_EMPTY;
	if (rc != ERR_OK)
		return rc;
	choices_make(w);
	if (!r->lockstep && w->packages.count == 0 && r->package_count > 1)
		select_changed(w);
	return ERR_OK;
}
