/* A git repository in a home of its own, for the tests of this layer. */
#ifndef SLIPWAY_TESTS_FIXTURE_H
#define SLIPWAY_TESTS_FIXTURE_H

#include "gitrepo.h"
#include "leak_gate.h"
#include "slipway/repo/repo.h"
#include "temp.h"

struct fixture {
	char	    *dir, *path; /* the home, and the repository "work" in it */
	struct repo *repo;
	struct err   e;
};

struct fixture fixture_empty(void);
/* Three commits: a.txt, a.txt again, src/b.txt. */
struct fixture fixture_with_commits(void);
/* Opens it, anew when it is open; the test fails when that does. */
void fixture_open(struct fixture *f);
void fixture_end(struct fixture *f);
/* DIR/NAME, owned by the caller. */
char *path_of(const char *dir, const char *name);

#endif
