/* Other processes, seen through /proc: one that works in a folder, one that has a file open. */
#define _GNU_SOURCE 1
#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "leak_gate.h"
#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "slipway/os/running.h"
#include "temp.h"

/* A child in DIR that is a copy of sleep(1) under NAME; it is there once its pipe is closed by
 * execve(). */
static pid_t
start(const char *dir, const char *name)
{
	char *program = fs_join(dir, name), byte;
	int fds[2];
	pid_t pid;

	cr_assert_eq(fs_copy("/bin/sleep", program, NULL), ERR_OK);
	cr_assert_eq(pipe2(fds, O_CLOEXEC), 0);
	pid = fork();
	cr_assert_geq(pid, 0);
	if (pid == 0) {
		if (chdir(dir) == 0)
			execl(program, name, "60", (char *)NULL);
		_exit(1);
	}
	close(fds[1]);
	cr_assert_eq(read(fds[0], &byte, 1), 0);
	close(fds[0]);
	free(program);
	return pid;
}

Test(running, sees_who_works_in_a_folder_by_name, .fini = leak_gate)
{
	char *made = temp_dir(), *dir = fs_real(made), *sub = fs_join(dir, "sub"), *su = NULL;
	pid_t pid;

	cr_assert_eq(fs_mkdirs(sub, 0755, NULL), ERR_OK);
	su = mem_strndup(sub, strlen(sub) - 1);
	pid = start(sub, "gitlike-test");
	cr_expect(running_in("gitlike-test", sub));
	cr_expect(running_in("gitlike", dir), "below it, by the beginning of its name");
	cr_expect_not(running_in("othername", sub));
	cr_expect_not(running_in("gitlike-test", su), "a folder is no prefix of another");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	cr_expect_not(running_in("gitlike-test", sub));
	free(su);
	free(sub);
	free(dir);
	temp_remove(made);
}

Test(running, sees_who_has_a_file_open, .fini = leak_gate)
{
	char *made = temp_dir(), *dir = fs_real(made), *path = fs_join(dir, "index.lock");
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

	cr_assert_geq(fd, 0);
	cr_expect(running_has_open(path));
	close(fd);
	cr_expect_not(running_has_open(path));
	free(path);
	free(dir);
	temp_remove(made);
}
