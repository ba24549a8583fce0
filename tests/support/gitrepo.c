/* Real git repositories for tests. */
#include "gitrepo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "temp.h"

#define FIRST_DATE 1767225600L /* 2026-01-01T00:00:00Z */

/* One test a process: criterion forks for each. */
static long next_date = FIRST_DATE;

static void
set_dates(void)
{
	char text[64];

	snprintf(text, sizeof text, "%ld +0000", next_date);
	setenv("GIT_AUTHOR_DATE", text, 1);
	setenv("GIT_COMMITTER_DATE", text, 1);
	next_date += 60;
}

void
gitrepo_environment(const char *home_dir)
{
	static const char *const drop[] = {
		"GIT_DIR",
		"GIT_WORK_TREE",
		"GIT_INDEX_FILE",
		"GIT_CONFIG_COUNT",
		"GIT_AUTHOR_NAME",
		"GIT_AUTHOR_EMAIL",
		"GIT_COMMITTER_NAME",
		"GIT_COMMITTER_EMAIL",
		"EMAIL",
		"GIT_SSH",
		"GIT_SSH_COMMAND",
		"GIT_ASKPASS",
		"SSH_ASKPASS",
		"GIT_CONFIG_GLOBAL",
		"GIT_CONFIG_SYSTEM",
		"XDG_CONFIG_HOME",
		"GIT_CEILING_DIRECTORIES",
	};

	for (size_t i = 0; i < sizeof drop / sizeof drop[0]; i++)
		unsetenv(drop[i]);
	setenv("HOME", home_dir, 1);
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	temp_puts(home_dir, ".gitconfig",
	    "[user]\n\tname = Ada Lovelace\n\temail = ada@example.org\n"
	    "[init]\n\tdefaultBranch = main\n[gc]\n\tauto = 0\n[advice]\n\tdetachedHead = false\n");
	set_dates();
}

/* The child's side: never returns. */
static void
exec_git(const char *dir, const char *args)
{
	char  copy[4096], *save = NULL;
	char *argv[64] = { (char[]){ "git" } };
	int   count = 1;

	snprintf(copy, sizeof copy, "%s", args);
	for (char *word = strtok_r(copy, " ", &save); word != NULL && count < 63;
	     word = strtok_r(NULL, " ", &save))
		argv[count++] = word;
	argv[count] = NULL;
	if (chdir(dir) != 0)
		_exit(126);
	execvp("git", argv);
	_exit(127);
}

/* Runs git with its standard output kept (at most SIZE - 1 bytes) or dropped; the exit status. */
static int
run(const char *dir, const char *args, char *out, size_t size)
{
	int    fds[2], status = 0;
	size_t len = 0;
	char   rest[4096];
	pid_t  pid;

	if (pipe(fds) != 0 || (pid = fork()) < 0)
		abort();
	if (pid == 0) {
		dup2(fds[1], STDOUT_FILENO);
		if (out == NULL)
			dup2(fds[1], STDERR_FILENO);
		close(fds[0]);
		close(fds[1]);
		exec_git(dir, args);
	}
	close(fds[1]);
	for (;;) {
		ssize_t got = out != NULL && len + 1 < size
				  ? read(fds[0], out + len, size - 1 - len)
				  : read(fds[0], rest, sizeof rest);

		if (got <= 0)
			break;
		if (out != NULL && len + 1 < size)
			len += (size_t)got;
	}
	if (out != NULL)
		out[len] = '\0';
	close(fds[0]);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int
gitrepo_try(const char *dir, const char *args)
{
	set_dates();
	return run(dir, args, NULL, 0);
}

void
gitrepo_git(const char *dir, const char *args)
{
	int status = gitrepo_try(dir, args);

	if (status != 0) {
		fprintf(stderr, "test support: git %s in %s: %d\n", args, dir, status);
		abort();
	}
}

char *
gitrepo_output(const char *dir, const char *args)
{
	size_t size = 65536, len;
	char  *out = malloc(size);

	if (out == NULL || run(dir, args, out, size) != 0) {
		fprintf(stderr, "test support: git %s in %s failed\n", args, dir);
		abort();
	}
	len = strlen(out);
	if (len > 0 && out[len - 1] == '\n')
		out[len - 1] = '\0';
	return out;
}

char *
gitrepo_new(const char *dir, const char *name)
{
	char args[4096];
	int  len = snprintf(NULL, 0, "%s/%s", dir, name);
	char *path = malloc((size_t)len + 1);

	snprintf(path, (size_t)len + 1, "%s/%s", dir, name);
	snprintf(args, sizeof args, "init -q %s", name);
	gitrepo_git(dir, args);
	return path;
}

void
gitrepo_commit(const char *repo, const char *file, const char *text, const char *message)
{
	const char *add[] = { "git", "add", "-f", "--", file, NULL };
	const char *commit[] = { "git", "commit", "-q", "-m", message, NULL };

	temp_puts(repo, file, text);
	set_dates();
	if (temp_run(repo, add) != 0 || temp_run(repo, commit) != 0)
		abort();
}

char *
gitrepo_remote(const char *repo, const char *dir, const char *name)
{
	char  args[4096];
	int   len = snprintf(NULL, 0, "%s/%s", dir, name);
	char *path = malloc((size_t)len + 1);

	snprintf(path, (size_t)len + 1, "%s/%s", dir, name);
	snprintf(args, sizeof args, "init -q --bare %s", name);
	gitrepo_git(dir, args);
	snprintf(args, sizeof args, "remote add origin %s", path);
	gitrepo_git(repo, args);
	gitrepo_git(repo, "push -q -u origin HEAD --tags");
	return path;
}

void
gitrepo_history(const char *repo, size_t count)
{
	const char *import[] = { "sh", "-c",
		"git fast-import --quiet < .git/history && rm .git/history", NULL };
	char	    path[4096];
	FILE	   *f;

	snprintf(path, sizeof path, "%s/.git/history", repo);
	f = fopen(path, "w");
	if (f == NULL)
		abort();
	for (size_t i = 0; i < count; i++) {
		char message[64];
		int  len = snprintf(message, sizeof message, "fix: change %zu\n", i);

		fprintf(f,
		    "commit refs/heads/main\nmark :%zu\ncommitter Ada Lovelace <ada@example.org> "
		    "%ld +0000\ndata %d\n%s",
		    i + 1, next_date, len, message);
		if (i > 0)
			fprintf(f, "from :%zu\n", i);
		fprintf(f, "M 100644 inline file.txt\ndata <<END\n%zu\nEND\n\n", i);
		next_date += 60;
	}
	if (fclose(f) != 0 || temp_run(repo, import) != 0)
		abort();
	gitrepo_git(repo, "reset -q --hard main");
}
