/* Starts slipway index and reads what it prints. */
#include "index_process.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program.h"
#include "slipway/base/mem.h"
#include "slipway/base/str.h"
#include "temp.h"

struct index_process {
	pid_t pid;
	char *url, *token;
	struct str output;
};

/* The last line of what it prints at the start. */
static const char ready[] = "Ctrl-C stops it";

static void
read_start(struct index_process *p, int fd)
{
	char block[512];
	ssize_t got;

	while (strstr(str_text(&p->output), ready) == NULL &&
	       (got = read(fd, block, sizeof block)) > 0)
		str_append(&p->output, block, (size_t)got);
	cr_assert_not_null(
	    strstr(str_text(&p->output), ready), "it printed: %s", str_text(&p->output));
}

struct index_process *
index_process_start(const char *dir)
{
	struct index_process *p = mem_zalloc(1, sizeof *p);
	char *folder = mem_printf("%s/index", dir);
	const char **argv = program_argv(ARGS("index", folder));
	const char *url;
	int out[2];

	cr_assert_eq(pipe(out), 0);
	p->pid = fork();
	if (p->pid == 0) {
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		close(out[1]);
		execl(argv[0], argv[0], "index", folder, (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	read_start(p, out[0]);
	close(out[0]);
	url = strstr(str_text(&p->output), "http://");
	cr_assert_not_null(url);
	p->url = mem_strndup(url, strcspn(url, "\n"));
	p->token = temp_read(folder, "token", NULL);
	p->token[strcspn(p->token, "\n")] = '\0';
	free(argv);
	free(folder);
	return p;
}

const char *
index_process_url(const struct index_process *p)
{
	return p->url;
}

const char *
index_process_token(const struct index_process *p)
{
	return p->token;
}

const char *
index_process_output(const struct index_process *p)
{
	return str_text(&p->output);
}

int
index_process_stop(struct index_process *p)
{
	int status = -1;

	kill(p->pid, SIGTERM);
	if (waitpid(p->pid, &status, 0) != p->pid || !WIFEXITED(status))
		status = -1;
	else
		status = WEXITSTATUS(status);
	free(p->url);
	free(p->token);
	str_fini(&p->output);
	free(p);
	return status;
}
