/* The tags of a repository, and the work trees and hooks that a release must know of. */
#include "slipway/repo/repo.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "git2_wrap.h"
#include "repo_private.h"
#include "slipway/base/mem.h"
#include "slipway/os/env.h"
#include "slipway/os/fs.h"

static void
add_tag(void *arg, const char *name, const char *hash, int64_t when, bool annotated)
{
	struct repo_tags *t = arg;
	struct repo_tag	 *tag;

	t->items = mem_grow(t->items, &t->cap, t->count + 1, sizeof t->items[0]);
	tag = &t->items[t->count++];
	*tag = (struct repo_tag){ .name = mem_strdup(name), .when = when, .annotated = annotated };
	memccpy(tag->hash, hash, '\0', sizeof tag->hash);
}

static int
newest_first(const void *a, const void *b)
{
	const struct repo_tag *x = a, *y = b;

	if (x->when != y->when)
		return x->when > y->when ? -1 : 1;
	return strcmp(y->name, x->name);
}

enum err_code
repo_tags(struct repo *r, struct repo_tags *out, struct err *e)
{
	struct repo_tags tags = REPO_TAGS_EMPTY;
	enum err_code	 rc = git2_tags(r->git2, add_tag, &tags, e);

	if (rc != ERR_OK) {
		repo_tags_fini(&tags);
		return rc;
	}
	if (tags.count > 1)
		qsort(tags.items, tags.count, sizeof tags.items[0], newest_first);
	*out = tags;
	return ERR_OK;
}

void
repo_tags_fini(struct repo_tags *t)
{
	for (size_t i = 0; i < t->count; i++)
		free(t->items[i].name);
	free(t->items);
	*t = (struct repo_tags)REPO_TAGS_EMPTY;
}

/* A file of one line in DIR, trimmed; NULL when it cannot be read. */
static char *
read_line(const char *dir, const char *name)
{
	struct str   text = STR_EMPTY;
	char	    *path = fs_join(dir, name), *line = NULL;
	struct bytes trimmed;

	if (fs_read(path, 65536, &text, NULL) == ERR_OK) {
		trimmed = bytes_trim((struct bytes){ str_text(&text), text.len });
		line = mem_strndup(trimmed.data, trimmed.len);
	}
	str_fini(&text);
	free(path);
	return line;
}

static bool
head_is(const char *git_dir, const char *ref)
{
	char *line = read_line(git_dir, "HEAD");
	bool same = line != NULL && text_starts(line, "ref: ") &&
		    strcmp(line + strlen("ref: "), ref) == 0;

	free(line);
	return same;
}

/* A linked work tree by its entry below .git/worktrees (gitrepository-layout(5)); NULL when it is
 * gone. */
static char *
linked_root(const char *git_dir)
{
	char *link = read_line(git_dir, "gitdir"), *path = NULL, *dir, *root = NULL;

	if (link != NULL) {
		path = fs_join(git_dir, link);
		dir = fs_dir(path);
		root = fs_exists(path) ? fs_real(dir) : NULL;
		free(dir);
	}
	free(path);
	free(link);
	return root;
}

enum err_code
repo_checked_out_at(struct repo *r, const char *branch, char **out, struct err *e)
{
	struct strlist names = STRLIST_EMPTY;
	char	      *trees = fs_join(r->common_dir, "worktrees"), *found = NULL;
	char	      *ref = mem_printf("refs/heads/%s", branch);
	enum err_code  rc = ERR_OK;

	if (head_is(r->git_dir, ref)) {
		found = mem_strdup(r->root);
	} else if (head_is(r->common_dir, ref) && text_ends(r->common_dir, "/.git")) {
		found = fs_dir(r->common_dir);
	} else if (fs_is_dir(trees)) {
		rc = fs_list(trees, &names, e);
		for (size_t i = 0; found == NULL && i < names.count; i++) {
			char *git_dir = fs_join(trees, names.items[i]);

			if (head_is(git_dir, ref))
				found = linked_root(git_dir);
			free(git_dir);
		}
	}
	if (rc == ERR_OK)
		*out = found;
	strlist_fini(&names);
	free(trees);
	free(ref);
	return rc;
}

static char *
hooks_dir(struct repo *r)
{
	char *set = repo_config(r, "core.hooksPath"), *home, *dir;

	if (set == NULL || set[0] == '\0') {
		dir = fs_join(r->common_dir, "hooks");
	} else if (text_starts(set, "~/")) {
		home = env_home();
		dir = fs_join(home, set + 2);
		free(home);
	} else {
		dir = fs_join(r->root, set);
	}
	free(set);
	return dir;
}

enum err_code
repo_hooks(struct repo *r, struct strlist *out, struct err *e)
{
	struct strlist names = STRLIST_EMPTY;
	char	      *dir = hooks_dir(r);
	enum err_code  rc = fs_is_dir(dir) ? fs_list(dir, &names, e) : ERR_OK;

	for (size_t i = 0; i < names.count; i++) {
		char *path = fs_join(dir, names.items[i]);

		if (!text_ends(names.items[i], ".sample") && fs_is_file(path) &&
		    access(path, X_OK) == 0)
			strlist_add(out, names.items[i]);
		free(path);
	}
	strlist_fini(&names);
	free(dir);
	return rc;
}
