/* The commits of several ranges. What they touch is compared only when the caller wants it. */
#include "slipway/repo/log.h"

#include <stdlib.h>
#include <string.h>

#include "git2_wrap.h"
#include "repo_private.h"
#include "slipway/base/mem.h"
#include "tree_compare.h"
#include "walk.h"

struct collect {
	struct repo		   *repo;
	const struct repo_log_opts *opts;
	struct repo_log		   *out;
	struct tree_compare	   *trees;
	size_t			   *end_of; /* by revision: its place among the ends, or COUNT */
	size_t			    revision_count, end_count;
	size_t short_len; /* as many digits as that of HEAD needs: asking for each
			     commit would take longer than reading it */
	enum err_code		    rc;
	struct err		   *e;
};

static void
commit_fini(struct repo_commit *c)
{
	free(c->author);
	free(c->email);
	free(c->subject);
	free(c->body);
	free(c->reached);
}

/* The body without the blank lines that libgit2 may leave at its end. */
static void
trim_body(struct repo_commit *commit)
{
	size_t len = strlen(commit->body);

	while (len > 0 && (commit->body[len - 1] == '\n' || commit->body[len - 1] == ' '))
		len--;
	commit->body[len] = '\0';
}

static bool
on_folder(void *arg, const char *folder)
{
	const struct collect *c = arg;

	return c->opts->enter(c->opts->arg, folder);
}

static void
on_path(void *arg, const char *path)
{
	const struct collect *c = arg;

	c->opts->path(c->opts->arg, c->out->count - 1, path);
}

/* From the ends that the walk knows, each once, to the revisions that were asked for. */
static uint64_t *
spread(const struct collect *c, const uint64_t *reached)
{
	uint64_t *out = mem_zalloc(c->revision_count / 64 + 1, sizeof out[0]);

	for (size_t i = 0; i < c->revision_count; i++) {
		size_t at = c->end_of[i];

		if (at < c->end_count && (reached[at / 64] >> at % 64 & 1) != 0)
			out[i / 64] |= UINT64_C(1) << i % 64;
	}
	return out;
}

static bool
add_commit(void *arg, const struct walk_commit *walked)
{
	struct collect	  *c = arg;
	struct repo_log	  *log = c->out;
	struct repo_commit commit = { .author = NULL };
	char		   hash[2 * OBJECT_ID_SIZE + 1];

	object_id_write(&walked->id, hash);
	c->rc = git2_commit(c->repo->git2, hash, &commit, c->e);
	if (c->rc != ERR_OK)
		return false;
	trim_body(&commit);
	memcpy(commit.short_hash, commit.hash, c->short_len);
	commit.reached = spread(c, walked->reached);
	log->items = mem_grow(log->items, &log->cap, log->count + 1, sizeof log->items[0]);
	log->items[log->count++] = commit;
	if (c->opts->path != NULL)
		tree_compare_run(c->trees, walked->has_parent ? &walked->parent_tree : NULL,
		    &walked->tree,
		    &(struct tree_watch){ .path = on_path,
			.enter = c->opts->enter != NULL ? on_folder : NULL,
			.arg = c });
	return true;
}

/* The ends of the ranges, each once; false when a revision is not there. */
static bool
find_ends(struct collect *c, struct object_id *ends)
{
	for (size_t i = 0; i < c->revision_count && c->rc == ERR_OK; i++) {
		const char	*rev = c->opts->until->items[i];
		struct object_id id;
		char		 hash[REPO_HASH_SIZE];
		size_t		 at = 0;

		c->end_of[i] = SIZE_MAX;
		if (rev[0] == '\0')
			continue;
		c->rc = git2_resolve(c->repo->git2, rev, hash, NULL, c->e);
		if (c->rc != ERR_OK || !object_id_read(bytes_of(hash), &id))
			break;
		while (at < c->end_count && memcmp(&ends[at], &id, sizeof id) != 0)
			at++;
		ends[at] = id;
		c->end_of[i] = at;
		c->end_count += at == c->end_count;
	}
	return c->rc == ERR_OK;
}

static bool
is_open(const struct collect *c)
{
	for (size_t i = 0; i < c->revision_count; i++)
		if (c->end_of[i] == SIZE_MAX)
			return true;
	return c->revision_count == 0;
}

enum err_code
repo_log(struct repo *r, const struct repo_log_opts *opts, struct repo_log *out, struct err *e)
{
	struct repo_log	  log = REPO_LOG_EMPTY;
	struct repo_head  head = REPO_HEAD_EMPTY;
	struct collect	  c = { .repo = r, .opts = opts, .out = &log, .rc = ERR_OK, .e = e };
	struct walk_opts  w = { .open_max = opts->max > 0 ? opts->max : 1000 };
	struct object_id  from, *ends;
	char		  hash[REPO_HASH_SIZE], brief[REPO_HASH_SIZE];
	bool		 *ours;

	c.revision_count = opts->until != NULL ? opts->until->count : 0;
	c.end_of = mem_zalloc(c.revision_count + 1, sizeof c.end_of[0]);
	ends = mem_zalloc(c.revision_count + 1, sizeof ends[0]);
	ours = mem_zalloc(c.revision_count + 1, sizeof ours[0]);
	log.ours = mem_zalloc(c.revision_count + 1, sizeof log.ours[0]);
	c.rc = repo_head(r, &head, e);
	if (c.rc != ERR_OK || head.unborn)
		goto out;
	c.rc = git2_resolve(r->git2, "HEAD", hash, brief, e);
	c.short_len = c.rc == ERR_OK ? strlen(brief) : 0;
	if (c.rc != ERR_OK || !object_id_read(bytes_of(hash), &from) || !find_ends(&c, ends))
		goto out;
	if (opts->path != NULL)
		c.trees = tree_compare_new(r->git2);
	w.from = &from;
	w.until = ends;
	w.until_count = c.end_count;
	w.open = is_open(&c);
	walk_history(r->git2, &w, add_commit, &c, &log.more, ours);
	for (size_t i = 0; i < c.revision_count; i++)
		log.ours[i] = c.end_of[i] < c.end_count && ours[c.end_of[i]];
out:
	if (c.rc == ERR_OK)
		*out = log;
	else
		repo_log_fini(&log);
	repo_head_fini(&head);
	tree_compare_free(c.trees);
	free(c.end_of);
	free(ends);
	free(ours);
	return c.rc;
}

bool
repo_log_reaches(const struct repo_commit *c, size_t at)
{
	return (c->reached[at / 64] >> at % 64 & 1) != 0;
}

void
repo_log_fini(struct repo_log *l)
{
	for (size_t i = 0; i < l->count; i++)
		commit_fini(&l->items[i]);
	free(l->items);
	free(l->ours);
	*l = (struct repo_log)REPO_LOG_EMPTY;
}
