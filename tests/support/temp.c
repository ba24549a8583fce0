/* Temporary directories and commands for tests; plain libc, so that it cannot hide a bug of ours.
 */
#include "temp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void
fail(const char *what, const char *path)
{
	fprintf(stderr, "test support: cannot %s %s: %s\n", what, path, strerror(errno));
	abort();
}

char *
temp_dir(void)
{
	const char *base = getenv("TMPDIR");
	char	    path[4096];
	char	   *dir;

	snprintf(path, sizeof path, "%s/slipway-test-XXXXXX", base != NULL ? base : "/tmp");
	if (mkdtemp(path) == NULL)
		fail("make", path);
	dir = realpath(path, NULL);
	if (dir == NULL)
		fail("resolve", path);
	return dir;
}

int
temp_run(const char *dir, const char *const *argv)
{
	char  *args[64];
	size_t count = 0;
	int    status = 0;
	pid_t  pid;

	while (argv[count] != NULL)
		count++;
	if (count >= sizeof args / sizeof args[0])
		fail("pass so many arguments to", argv[0]);
	memcpy(args, argv, (count + 1) * sizeof args[0]);
	pid = fork();
	if (pid == 0) {
		if (chdir(dir) != 0)
			_exit(126);
		execvp(args[0], args);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		fail("run", argv[0]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void
temp_remove(char *dir)
{
	const char *argv[] = { "rm", "-rf", "--", dir, NULL };

	temp_run("/", argv);
	free(dir);
}

void
temp_write(const char *dir, const char *name, const void *data, size_t len)
{
	char  path[4096];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	for (char *p = path + strlen(dir) + 1; (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		mkdir(path, 0777);
		*p = '/';
	}
	f = fopen(path, "wb");
	if (f == NULL || fwrite(data, 1, len, f) != len || fclose(f) != 0)
		fail("write", path);
}

void
temp_puts(const char *dir, const char *name, const char *text)
{
	temp_write(dir, name, text, strlen(text));
}

char *
temp_read(const char *dir, const char *name, size_t *len)
{
	char	    path[4096];
	struct stat st;
	char	   *data;
	int	    fd;
	ssize_t	    got;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0)
		fail("open", path);
	data = malloc((size_t)st.st_size + 1);
	got = read(fd, data, (size_t)st.st_size);
	if (got != st.st_size)
		fail("read", path);
	close(fd);
	data[got] = '\0';
	if (len != NULL)
		*len = (size_t)got;
	return data;
}
