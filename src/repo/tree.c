/* The files of a commit. */
#include "slipway/repo/tree.h"

#include <stdlib.h>
#include <string.h>

#include "git2_wrap.h"
#include "repo_private.h"
#include "slipway/base/mem.h"

#define FILES_MAX 500000

struct collect {
	struct repo_tree *out;
	const char	 *under;
	bool		  full;
};

static bool
add_file(void *arg, const char *dir, const char *name, unsigned mode, const char *hash)
{
	struct collect	 *c = arg;
	struct repo_tree *t = c->out;
	struct repo_file *f;

	c->full = t->count >= FILES_MAX;
	if (c->full)
		return false;
	t->items = mem_grow(t->items, &t->cap, t->count + 1, sizeof t->items[0]);
	f = &t->items[t->count++];
	*f = (struct repo_file){
		.mode = mode,
		.path = mem_printf("%s%s%s%s", c->under, c->under[0] != '\0' ? "/" : "", dir, name),
	};
	memccpy(f->hash, hash, '\0', sizeof f->hash);
	return true;
}

static int
by_path(const void *a, const void *b)
{
	return strcmp(((const struct repo_file *)a)->path, ((const struct repo_file *)b)->path);
}

enum err_code
repo_tree_list(
    struct repo *r, const char *rev, const char *under, struct repo_tree *out, struct err *e)
{
	struct repo_tree tree = REPO_TREE_EMPTY;
	size_t		 len = under != NULL ? strlen(under) : 0;
	struct collect	 c = { .out = &tree };
	char		*folder;
	enum err_code	 rc;

	while (len > 0 && under[len - 1] == '/')
		len--;
	folder = mem_strndup(under != NULL ? under : "", len);
	c.under = folder;
	rc = git2_tree(r->git2, rev, folder, &(struct git2_files){ .fn = add_file, .arg = &c }, e);
	if (c.full)
		rc = err_set(e, ERR_LIMIT, "%s has more than %d files", rev, FILES_MAX);
	if (rc == ERR_OK) {
		if (tree.count > 1)
			qsort(tree.items, tree.count, sizeof tree.items[0], by_path);
		*out = tree;
	} else {
		repo_tree_fini(&tree);
	}
	free(folder);
	return rc;
}

void
repo_tree_fini(struct repo_tree *t)
{
	for (size_t i = 0; i < t->count; i++)
		free(t->items[i].path);
	free(t->items);
	*t = (struct repo_tree)REPO_TREE_EMPTY;
}

const struct repo_file *
repo_tree_find(const struct repo_tree *t, const char *path)
{
	size_t low = 0, high = t->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int    order = strcmp(path, t->items[mid].path);

		if (order == 0)
			return &t->items[mid];
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

enum err_code
repo_blob(
    struct repo *r, const char *rev, const char *path, size_t max, struct str *out, struct err *e)
{
	return git2_blob(r->git2, rev, path, max, out, e);
}
