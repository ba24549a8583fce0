/* The parts of starting a child that the terminal and the plain runner share; plain libc. */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

void
child_die(const char *what)
{
	fprintf(stderr, "test support: cannot %s: %s\n", what, strerror(errno));
	abort();
}

void
child_append(struct child_bytes *b, const void *data, size_t len)
{
	if (b->len + len + 1 > b->cap) {
		b->cap = (b->len + len + 1) * 2;
		b->data = realloc(b->data, b->cap);
		if (b->data == NULL)
			child_die("get memory");
	}
	if (len > 0)
		memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = '\0';
}

static size_t
apply(char **env, size_t count, const char *change)
{
	size_t len = strcspn(change, "=");

	for (size_t i = count; i-- > 0;) {
		if (strncmp(env[i], change, len) == 0 && env[i][len] == '=') {
			free(env[i]);
			env[i] = env[--count];
		}
	}
	if (change[len] == '=')
		env[count++] = strdup(change);
	return count;
}

char **
child_env(const char *const *standard, const char *const *changes)
{
	static const char *const none[] = { NULL };
	size_t			 count = 0, room = 1;
	char		       **env;

	standard = standard != NULL ? standard : none;
	changes = changes != NULL ? changes : none;
	for (char **e = environ; *e != NULL; e++)
		room++;
	for (const char *const *c = standard; *c != NULL; c++)
		room++;
	for (const char *const *c = changes; *c != NULL; c++)
		room++;
	env = calloc(room, sizeof *env);
	for (char **e = environ; *e != NULL; e++)
		env[count++] = strdup(*e);
	for (const char *const *c = standard; *c != NULL; c++)
		count = apply(env, count, *c);
	for (const char *const *c = changes; *c != NULL; c++)
		count = apply(env, count, *c);
	env[count] = NULL;
	return env;
}

void
child_env_free(char **env)
{
	for (char **e = env; *e != NULL; e++)
		free(*e);
	free(env);
}

void
child_exec(const char *const *argv, char **env, const char *cwd, int report_fd)
{
	sigset_t none;
	char   **args;
	size_t	 count = 0;
	int	 error;

	sigemptyset(&none);
	for (int signo = 1; signo < 32; signo++)
		if (signo != SIGKILL && signo != SIGSTOP)
			sigaction(signo, &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int fd = 3; fd < 1024; fd++)
		if (fd != report_fd)
			close(fd);
	fcntl(report_fd, F_SETFD, FD_CLOEXEC);
	while (argv[count] != NULL)
		count++;
	args = calloc(count + 1, sizeof *args);
	for (size_t i = 0; i < count; i++)
		args[i] = strdup(argv[i]);
	environ = env;
	if (cwd == NULL || chdir(cwd) == 0)
		execvp(args[0], args);
	error = errno;
	fprintf(stderr, "test support: cannot run %s: %s\n", args[0], strerror(error));
	_exit(127);
}

int64_t
child_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int
child_deadline_ms(void)
{
	const char *seconds = getenv("SLIPWAY_TEST_DEADLINE_S");
	long	    n = seconds != NULL ? strtol(seconds, NULL, 10) : 0;

	return n > 0 && n < 86400 ? (int)n * 1000 : 30000;
}
