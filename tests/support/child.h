/* What pty.c and run.c share: the environment of a child, deadlines, and growing bytes. */
#ifndef SLIPWAY_TESTS_CHILD_H
#define SLIPWAY_TESTS_CHILD_H

#include <stddef.h>
#include <stdint.h>

struct child_bytes {
	char  *data; /* closed by a NUL once it is not NULL */
	size_t len, cap;
};

void child_append(struct child_bytes *b, const void *data, size_t len);
/* Prints and aborts. */
void child_die(const char *what);

/* The environment of the test with CHANGES over it (see pty.h); the caller frees it:
 * child_env_free(). */
char **child_env(const char *const *standard, const char *const *changes);
void   child_env_free(char **env);
/* In the child: default signals, no inherited descriptors above 2, cwd; does not return. */
void child_exec(const char *const *argv, char **env, const char *cwd, int report_fd);

int64_t child_now_ms(void);
/* How long a test waits at most. */
int child_deadline_ms(void);

#endif
