/* The commit that a file should come from: its package in the repository, the tag of its version,
 * and the tree of that commit. */
#include <stdlib.h>
#include <string.h>

#include "compare_parts.h"
#include "slipway/base/mem.h"
#include "slipway/dist/reading.h"
#include "slipway/project/config.h"
#include "slipway/project/packages.h"
#include "slipway/project/tags.h"
#include "slipway/project/version.h"
#include "slipway/repo/status.h"
#include "slipway/repo/tree.h"

struct finding_git {
	const struct compare_place_opts *o;
	struct compared *c;
	struct repo *repo;
	struct packages packages;
	char *under;
	struct strlist nested;
	char *rev;	     /* that was taken */
	struct str with;     /* "v1.1.0 (9d1e77a)" */
	struct str remark;
	struct repo_tree tree;
};

static void
config_paths(const struct config *c, struct strlist *out)
{
	for (size_t i = 0; i < c->package_count; i++)
		if (c->packages[i].path != NULL)
			strlist_add(out, c->packages[i].path);
}

/* -- the package -- */

static enum err_code
find_package(struct finding_git *g, struct err *e)
{
	struct config config = CONFIG_EMPTY;
	struct strlist paths = STRLIST_EMPTY;
	size_t at;
	enum err_code rc;

	/* A broken configuration is told by the commands that need one. */
	if (config_load(repo_root(g->repo), NULL, &config, NULL) == ERR_OK)
		config_paths(&config, &paths);
	rc = packages_find(repo_root(g->repo), &paths, &g->packages, e);
	strlist_fini(&paths);
	config_fini(&config);
	if (rc != ERR_OK)
		return rc;
	at = packages_index(&g->packages, g->o->project);
	if (at == g->packages.count)
		return err_set(e, ERR_NOT_FOUND, "the repository in %s has no package %s",
		    repo_root(g->repo), g->o->project);
	g->under = mem_strdup(g->packages.items[at].dir);
	packages_nested(&g->packages, at, &g->nested);
	return ERR_OK;
}

/* -- the commit -- */

static char *
template_of(struct finding_git *g, const struct strlist *names)
{
	struct config config = CONFIG_EMPTY;
	struct tag_guess guess = { .text = NULL };
	struct tag_index *tags;
	const struct config_package *table;
	size_t at = packages_index(&g->packages, g->o->project);
	char *text = NULL;

	if (config_load(repo_root(g->repo), NULL, &config, NULL) == ERR_OK) {
		table = config_find_package(&config, g->o->project);
		text = mem_strdup(table != NULL && table->tag != NULL ? table->tag
								      : config.release.tag);
		config_fini(&config);
	}
	if (text != NULL)
		return text;
	tags = tag_index_new(names);
	tags_guess(tags, g->o->project,
	    at < g->packages.count ? &g->packages.items[at].version : NULL,
	    g->packages.count <= 1 || g->packages.lockstep, &guess);
	text = mem_strdup(guess.text);
	tag_guess_fini(&guess);
	tag_index_free(tags);
	return text;
}

/* The tag of the file's version; NULL when there is none. */
static char *
find_tag(struct finding_git *g)
{
	struct repo_tags tags = REPO_TAGS_EMPTY;
	struct strlist names = STRLIST_EMPTY;
	struct tag_template t = TAG_TEMPLATE_EMPTY;
	struct version version = VERSION_EMPTY;
	char *text = NULL, *found = NULL;
	size_t at;

	if (g->o->version == NULL || version_parse(g->o->version, &version, NULL) != ERR_OK ||
	    repo_tags(g->repo, &tags, NULL) != ERR_OK)
		goto out;
	for (size_t i = 0; i < tags.count; i++)
		strlist_add(&names, tags.items[i].name);
	text = template_of(g, &names);
	if (text == NULL || tag_template_parse(text, g->o->project, &t, NULL) != ERR_OK)
		goto out;
	at = tags_find(&t, &names, &version);
	if (at < names.count)
		found = mem_strdup(names.items[at]);
out:
	tag_template_fini(&t);
	version_fini(&version);
	strlist_fini(&names);
	repo_tags_fini(&tags);
	free(text);
	return found;
}

static void
say_dirty(struct finding_git *g)
{
	struct repo_status status = REPO_STATUS_EMPTY;

	if (repo_status(g->repo, 1, &status, NULL) == ERR_OK &&
	    status.staged + status.unstaged + status.untracked + status.conflicted > 0)
		str_puts(&g->remark, "; the work tree has changes that no commit has");
	repo_status_fini(&status);
}

static enum err_code
find_commit(struct finding_git *g, struct err *e)
{
	char hash[REPO_HASH_SIZE];
	char *tag = g->o->rev == NULL ? find_tag(g) : NULL;
	enum err_code rc;

	if (tag != NULL)
		g->rev = mem_printf("refs/tags/%s", tag);
	else
		g->rev = mem_strdup(g->o->rev != NULL ? g->o->rev : "HEAD");
	rc = repo_resolve(g->repo, g->rev, hash, e);
	if (rc == ERR_OK) {
		g->c->commit = mem_strdup(hash);
		if (tag != NULL || g->o->rev == NULL)
			str_printf(&g->with, "%s (%.7s)", tag != NULL ? tag : "HEAD", hash);
		else
			str_printf(&g->with, "%.7s", hash);
		if (tag == NULL && g->o->rev == NULL) {
			str_printf(&g->remark, "no tag of %s here: compared with HEAD",
			    g->o->version != NULL ? g->o->version : "this version");
			say_dirty(g);
		}
	}
	free(tag);
	return rc;
}

/* -- the tree -- */

/* Rows point into these texts for as long as C lives. */
static void
keep_tree(struct compared *c, const struct repo_tree *t)
{
	size_t bytes = 1, used = 0;

	for (size_t i = 0; i < t->count; i++)
		bytes += strlen(t->items[i].path) + strlen(t->items[i].hash) + 2;
	str_reserve(&c->git_names, bytes);
	c->git_files = mem_zalloc(t->count + 1, sizeof c->git_files[0]);
	for (size_t i = 0; i < t->count; i++) {
		const struct repo_file *f = &t->items[i];
		size_t path = strlen(f->path) + 1, hash = strlen(f->hash) + 1;

		str_append(&c->git_names, f->path, path);
		str_append(&c->git_names, f->hash, hash);
		c->git_files[i] = (struct compare_git_file) {
			.path = c->git_names.data + used,
			.hash = c->git_names.data + used + path,
			.mode = f->mode,
		};
		used += path + hash;
	}
}

static bool
read_blob(void *arg, const struct compare_git_file *file, size_t max, struct str *out)
{
	struct finding_git *g = arg;

	return repo_blob(g->repo, g->c->commit, file->path, max, out, NULL) == ERR_OK;
}

/* The file as it was when its table was made, or what is said of it now would be of others. */
static enum err_code
open_again(const struct finding_git *g, struct reading **out, struct err *e)
{
	const struct reader_opts how = {
		.path = g->c->path, .program = g->c->reader, .no_check = true
	};
	struct reading *r = NULL;
	enum err_code rc = reading_open(&how, g->o->cancelled, &r, e);

	if (rc == ERR_OK && archive_count(reading_archive(r)) != g->c->table.count) {
		rc = err_set(e, ERR_CONFLICT, "%s has changed", g->c->table.file);
		reading_close(r);
	} else if (rc == ERR_OK) {
		*out = r;
	}
	return rc;
}

static enum err_code
give_contents(void *arg, const bool *wanted, const struct member_visitor *v, struct err *e)
{
	struct finding_git *g = arg;
	struct reading *own = NULL;
	enum err_code rc = ERR_OK;

	if (g->o->reading == NULL)
		rc = open_again(g, &own, e);
	if (rc == ERR_OK)
		rc = reading_each(own != NULL ? own : g->o->reading, wanted, v, e);
	reading_close(own);
	return rc;
}

static enum err_code
compare_tree(struct finding_git *g, struct err *e)
{
	const struct compare_git_opts opts = { .files = g->c->git_files,
		.count = g->tree.count,
		.under = g->under,
		.nested = &g->nested,
		.with = str_text(&g->with),
		.remark = g->remark.len > 0 ? str_text(&g->remark) : NULL,
		.blob = read_blob,
		.contents = give_contents,
		.arg = g,
		.cancelled = g->o->cancelled };

	return compare_git(&g->c->table, &opts, &g->c->with[COMPARE_GIT], e);
}

enum err_code
compare_with_git(struct compared *c, const struct compare_place_opts *opts, struct err *e)
{
	struct finding_git g = { .o = opts, .c = c };
	struct err why = ERR_EMPTY;
	enum err_code rc = ERR_OK;

	if (opts->dir == NULL) {
		comparison_not_done(&c->with[COMPARE_GIT], COMPARE_GIT, "no repository was given");
		return ERR_OK;
	}
	if (repo_open(opts->dir, &g.repo, &why) != ERR_OK)
		goto out;
	c->root = mem_strdup(repo_root(g.repo));
	if (opts->under != NULL)
		g.under = mem_strdup(opts->under);
	else if (find_package(&g, &why) != ERR_OK)
		goto out;
	if (find_commit(&g, &why) == ERR_OK &&
	    repo_tree_list(g.repo, c->commit, NULL, &g.tree, &why) == ERR_OK) {
		keep_tree(c, &g.tree);
		rc = compare_tree(&g, e);
	}
out:
	if (why.code != ERR_OK)
		comparison_not_done(&c->with[COMPARE_GIT], COMPARE_GIT, "%s", why.message);
	repo_tree_fini(&g.tree);
	packages_fini(&g.packages);
	strlist_fini(&g.nested);
	str_fini(&g.with);
	str_fini(&g.remark);
	repo_close(g.repo);
	free(g.under);
	free(g.rev);
	return rc;
}
