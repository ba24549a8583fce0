/* A git repository in a home of its own. */
#include "fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fixture
fixture_empty(void)
{
	struct fixture f = { .dir = temp_dir() };

	gitrepo_environment(f.dir);
	f.path = gitrepo_new(f.dir, "work");
	return f;
}

struct fixture
fixture_with_commits(void)
{
	struct fixture f = fixture_empty();

	gitrepo_commit(f.path, "a.txt", "one\n", "feat: first");
	gitrepo_commit(f.path, "a.txt", "two\n", "fix: second\n\nWhy it broke.\n\nRefs: #1");
	gitrepo_commit(f.path, "src/b.txt", "b\n", "chore: third");
	return f;
}

void
fixture_open(struct fixture *f)
{
	repo_close(f->repo);
	f->repo = NULL;
	cr_assert_eq(repo_open(f->path, &f->repo, &f->e), ERR_OK, "%s", f->e.message);
}

void
fixture_end(struct fixture *f)
{
	repo_close(f->repo);
	free(f->path);
	temp_remove(f->dir);
}

char *
path_of(const char *dir, const char *name)
{
	size_t size = strlen(dir) + strlen(name) + 2;
	char  *path = malloc(size);

	snprintf(path, size, "%s/%s", dir, name);
	return path;
}
