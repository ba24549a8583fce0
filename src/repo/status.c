/* The state of the work tree: counts of everything, and a bounded list. */
#include "slipway/repo/status.h"

#include <stdlib.h>

#include "git2_wrap.h"
#include "repo_private.h"
#include "slipway/base/mem.h"

static const char letters[] = {
	[REPO_UNCHANGED] = ' ',	   [REPO_ADDED] = 'A',	   [REPO_MODIFIED] = 'M',
	[REPO_DELETED] = 'D',	   [REPO_RENAMED] = 'R',   [REPO_TYPE_CHANGED] = 'T',
	[REPO_UNTRACKED] = '?',	   [REPO_CONFLICTED] = 'U',
};
_Static_assert(sizeof letters == REPO_CHANGE_COUNT, "one letter per change");

char
repo_change_letter(enum repo_change change)
{
	return letters[change];
}

struct collect {
	struct repo	   *repo;
	struct repo_status *out;
	size_t		    max;
};

static void
add_entry(void *arg, const char *path, enum repo_change staged, enum repo_change unstaged)
{
	struct collect	   *c = arg;
	struct repo_status *s = c->out;
	bool filtered = unstaged == REPO_MODIFIED && git2_is_filtered(c->repo->git2, path);

	s->total++;
	if (unstaged == REPO_UNTRACKED)
		s->untracked++;
	else if (staged == REPO_CONFLICTED || unstaged == REPO_CONFLICTED)
		s->conflicted++;
	else {
		s->staged += staged != REPO_UNCHANGED;
		s->unstaged += unstaged != REPO_UNCHANGED;
		s->filtered += filtered;
	}
	if (s->count >= c->max)
		return;
	s->items = mem_grow(s->items, &s->cap, s->count + 1, sizeof s->items[0]);
	s->items[s->count++] = (struct repo_status_entry) {
		.path = mem_strdup(path),
		.staged = staged,
		.unstaged = unstaged,
		.filtered = filtered,
	};
}

enum err_code
repo_status(struct repo *r, size_t max, struct repo_status *out, struct err *e)
{
	struct repo_status s = REPO_STATUS_EMPTY;
	struct collect	   c = { .repo = r, .out = &s, .max = max > 0 ? max : 1000 };
	enum err_code	   rc = git2_status(r->git2, add_entry, &c, e);

	if (rc == ERR_OK)
		*out = s;
	else
		repo_status_fini(&s);
	return rc;
}

void
repo_status_fini(struct repo_status *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->items[i].path);
	free(s->items);
	*s = (struct repo_status)REPO_STATUS_EMPTY;
}
