/* What a process cannot do any more once it has confined itself. */
#define _DEFAULT_SOURCE 1 /* MAP_ANONYMOUS */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "leak_gate.h"
#include "slipway/base/compiler.h"
#include "slipway/os/confine.h"
#include "slipway/os/fs.h"
#include "temp.h"

/* In a child: the number of the first thing that was still possible, 0 when none was. */
static int
try_all(const char *file)
{
	const struct confine limits = { .memory_bytes = (uint64_t)256 << 20, .files = 8 };
	int fd = open(file, O_WRONLY | O_CLOEXEC);
	void *much;

	if (fd < 0 || confine_self(&limits, NULL) != ERR_OK)
		return 1;
	if (write(fd, "x", 1) >= 0 || errno != EFBIG)
		return 2;
	for (int i = 0; i < 10; i++)
		if (open("/dev/null", O_RDONLY | O_CLOEXEC) >= 8)
			return 3;
	much = mmap(
	    NULL, (size_t)512 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (much != MAP_FAILED && !WITH_ASAN)
		return 4;
	return 0;
}

static int
status_of(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return status;
}

Test(confine, neither_writes_nor_grows, .fini = leak_gate)
{
	char *dir = temp_dir(), *file;
	int status;
	pid_t pid;

	temp_puts(dir, "file", "old");
	file = fs_join(dir, "file");
	pid = fork();
	if (pid == 0)
		_exit(try_all(file));
	status = status_of(pid);
	cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %x", status);
	free(file);
	temp_remove(dir);
}

/* In a child: the number of the first thing that was still possible, 0 when none was. */
static int
try_calls(void)
{
	char *const argv[] = { (char[]) { "true" }, NULL };
	const struct confine limits = { .memory_bytes = (uint64_t)256 << 20, .files = 8 };

	if (confine_self(&limits, NULL) != ERR_OK)
		return 1;
	/* A kernel without filters. */
	if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != 2)
		return 0;
	if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || errno != EPERM)
		return 2;
	if (socket(AF_UNIX, SOCK_STREAM, 0) >= 0 || errno != EPERM)
		return 3;
	execv("/bin/true", argv);
	return errno == EPERM ? 0 : 4;
}

Test(confine, reaches_no_network_and_runs_nothing, .fini = leak_gate)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(try_calls());
	status = status_of(pid);
	cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %x", status);
}

Test(confine, ends_what_computes_for_ever, .fini = leak_gate)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (confine_cpu(0, NULL) != ERR_OK)
			_exit(1);
		for (volatile unsigned i = 0;; i++)
			continue;
	}
	status = status_of(pid);
	cr_expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU, "status %x", status);
}
