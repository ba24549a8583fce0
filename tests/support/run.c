/* Runs a program with pipes and a deadline; plain libc. */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"

struct run {
	pid_t		   pid;
	int		   in, out, err;
	const char	  *input;
	size_t		   input_left;
	struct child_bytes out_bytes, err_bytes;
};

static void
start(struct run *run, const struct run_opts *o)
{
	int    in[2], out[2], err[2];
	char **env = child_env(NULL, o->env);

	if (pipe(in) != 0 || pipe(out) != 0 || pipe(err) != 0)
		child_die("make a pipe");
	fflush(NULL);
	run->pid = fork();
	if (run->pid < 0)
		child_die("fork");
	if (run->pid == 0) {
		setpgid(0, 0);
		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		dup2(err[1], STDERR_FILENO);
		child_exec(o->argv, env, o->cwd, -1);
	}
	setpgid(run->pid, run->pid);
	child_env_free(env);
	close(in[0]);
	close(out[1]);
	close(err[1]);
	run->in = in[1];
	run->out = out[0];
	run->err = err[0];
	fcntl(run->in, F_SETFL, O_NONBLOCK);
}

static void
drop(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
take(int *fd, struct child_bytes *to)
{
	char	buf[65536];
	ssize_t n = read(*fd, buf, sizeof buf);

	if (n > 0)
		child_append(to, buf, (size_t)n);
	else if (n == 0 || errno != EINTR)
		drop(fd);
}

static void
give(struct run *run)
{
	ssize_t n = write(run->in, run->input, run->input_left);

	if (n > 0) {
		run->input += n;
		run->input_left -= (size_t)n;
	}
	if (run->input_left == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		drop(&run->in);
}

/* Until both outputs are closed; false at the deadline. */
static bool
exchange(struct run *run, int64_t deadline)
{
	while (run->out >= 0 || run->err >= 0) {
		struct pollfd fds[] = {
			{ .fd = run->out, .events = POLLIN },
			{ .fd = run->err, .events = POLLIN },
			{ .fd = run->in, .events = POLLOUT },
		};
		int64_t left = deadline - child_now_ms();

		if (left <= 0)
			return false;
		if (poll(fds, 3, (int)left) <= 0)
			continue;
		if (fds[0].revents != 0)
			take(&run->out, &run->out_bytes);
		if (fds[1].revents != 0)
			take(&run->err, &run->err_bytes);
		if (fds[2].revents != 0)
			give(run);
	}
	return true;
}

void
run_program(const struct run_opts *o, struct run_result *r)
{
	struct run	 run = { .input = o->input, .in = -1 };
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old;
	int64_t		 deadline;
	int		 status = 0;

	/* It may close its input early. */
	sigaction(SIGPIPE, &ignore, &old);
	memset(r, 0, sizeof *r);
	run.input_left = o->input != NULL ? strlen(o->input) : 0;
	deadline = child_now_ms() + (o->deadline_ms > 0 ? o->deadline_ms : child_deadline_ms());
	start(&run, o);
	if (run.input_left == 0)
		drop(&run.in);
	r->timed_out = !exchange(&run, deadline);
	if (r->timed_out)
		kill(-run.pid, SIGKILL);
	while (waitpid(run.pid, &status, 0) < 0 && errno == EINTR)
		continue;
	drop(&run.in);
	drop(&run.out);
	drop(&run.err);
	sigaction(SIGPIPE, &old, NULL);
	child_append(&run.out_bytes, "", 0);
	child_append(&run.err_bytes, "", 0);
	r->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	r->out = run.out_bytes.data;
	r->out_len = run.out_bytes.len;
	r->err = run.err_bytes.data;
	r->err_len = run.err_bytes.len;
}

void
run_fini(struct run_result *r)
{
	free(r->out);
	free(r->err);
	memset(r, 0, sizeof *r);
}

void
run_dump(const struct run_result *r)
{
	fprintf(stderr,
	    "---- status %d%s\n---- standard output\n%s\n---- standard error\n%s\n----\n",
	    r->status, r->timed_out ? ", at the deadline" : "", r->out, r->err);
}
