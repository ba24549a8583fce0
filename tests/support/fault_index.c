/* Runs fault_index.py as a child of the test. */
#include "fault_index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "slipway/base/mem.h"

#define PYTHON "/usr/bin/python3"

struct fault_index {
	pid_t pid;
	FILE *out; /* what it prints */
	int in;	   /* closed to end it */
	char *url;
};

struct fault_index *
fault_index_start(const char *upstream, const char *fault, unsigned times)
{
	struct fault_index *f = mem_zalloc(1, sizeof *f);
	int out[2], in[2];
	char count[16], line[64];

	snprintf(count, sizeof count, "%u", times);
	if (pipe(out) != 0 || pipe(in) != 0)
		die("fault_index: no pipe");
	f->pid = fork();
	if (f->pid == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		close(in[0]);
		close(in[1]);
		close(out[0]);
		close(out[1]);
		execl(PYTHON, PYTHON, FAULT_INDEX, upstream, fault, times == 0 ? "always" : count,
		    (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	f->in = in[1];
	f->out = fdopen(out[0], "r");
	if (f->pid < 0 || f->out == NULL || fgets(line, sizeof line, f->out) == NULL)
		die("fault_index: it did not start");
	f->url = mem_printf("http://127.0.0.1:%.*s/", (int)strcspn(line, "\n"), line);
	return f;
}

const char *
fault_index_url(const struct fault_index *f)
{
	return f->url;
}

unsigned
fault_index_stop(struct fault_index *f)
{
	unsigned taken = 0;
	char line[64];

	close(f->in);
	while (fgets(line, sizeof line, f->out) != NULL)
		taken += strcmp(line, "posted 200\n") == 0;
	fclose(f->out);
	waitpid(f->pid, NULL, 0);
	free(f->url);
	free(f);
	return taken;
}
