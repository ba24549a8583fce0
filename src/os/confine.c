/* setrlimit(2), all of it in one place, and a filter of system calls where Linux has one. */
#include "slipway/os/confine.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#ifdef __linux__
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include "slipway/base/compiler.h"

#if defined(__linux__) && defined(__x86_64__)
#define NATIVE_CALLS AUDIT_ARCH_X86_64
#define FOREIGN_BIT 0x40000000U /* of the x32 calls, which have the same architecture */
#elif defined(__linux__) && defined(__aarch64__)
#define NATIVE_CALLS AUDIT_ARCH_AARCH64
#define FOREIGN_BIT 0x80000000U /* there are none */
#endif

static enum err_code
limit(int which, const char *name, uint64_t soft, uint64_t hard, struct err *e)
{
	struct rlimit now, wanted = { .rlim_cur = (rlim_t)soft, .rlim_max = (rlim_t)hard };

	if (getrlimit(which, &now) != 0)
		return err_sys(e, ERR_FAILED, "cannot read the limit on %s", name);
	/* What is narrower already stays. */
	if (now.rlim_max != RLIM_INFINITY && wanted.rlim_max > now.rlim_max)
		wanted.rlim_max = now.rlim_max;
	if (wanted.rlim_cur > wanted.rlim_max)
		wanted.rlim_cur = wanted.rlim_max;
	if (setrlimit(which, &wanted) != 0)
		return err_sys(e, ERR_FAILED, "cannot limit %s", name);
	return ERR_OK;
}

#ifdef NATIVE_CALLS
/* Nothing that is read needs a connection, another program, or another process' memory. On other
 * machines, and where a kernel has no filters, the limits are all there is. */
static void
refuse_calls(void)
{
#define REFUSED(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 1), DENY
#define DENY BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
	struct sock_filter rules[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE_CALLS, 1, 0),
		DENY,
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FOREIGN_BIT, 0, 1),
		DENY,
		REFUSED(SYS_socket),
		REFUSED(SYS_connect),
		REFUSED(SYS_execve),
		REFUSED(SYS_execveat),
		REFUSED(SYS_process_vm_writev),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { .len = ARRAY_LEN(rules), .filter = rules };

	(void)prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}
#endif

static void
ignore_file_limit(void)
{
	struct sigaction sa;

	/* Writing a file fails then, with EFBIG, and does not end us. */
	memset(&sa, 0, sizeof sa);
	sa.sa_handler = SIG_IGN;
	sigemptyset(&sa.sa_mask);
	sigaction(SIGXFSZ, &sa, NULL);
}

enum err_code
confine_self(const struct confine *c, struct err *e)
{
	enum err_code rc;

	ignore_file_limit();
#ifdef __linux__
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#endif
#ifdef NATIVE_CALLS
	refuse_calls();
#endif
	rc = limit(RLIMIT_CORE, "core files", 0, 0, e);
	if (rc == ERR_OK)
		rc = limit(RLIMIT_FSIZE, "written files", 0, 0, e);
	if (rc == ERR_OK)
		rc = limit(RLIMIT_NOFILE, "descriptors", c->files, c->files, e);
	/* Its shadow alone is larger than any limit worth having. */
	if (rc == ERR_OK && !WITH_ASAN)
		rc = limit(RLIMIT_AS, "memory", c->memory_bytes, c->memory_bytes, e);
	return rc;
}

enum err_code
confine_cpu(uint64_t seconds, struct err *e)
{
	struct rusage used;
	struct rlimit now;

	if (getrusage(RUSAGE_SELF, &used) != 0 || getrlimit(RLIMIT_CPU, &now) != 0)
		return err_sys(e, ERR_FAILED, "cannot read the limit on processor time");
	seconds += (uint64_t)used.ru_utime.tv_sec + (uint64_t)used.ru_stime.tv_sec + 1;
	now.rlim_cur = now.rlim_max != RLIM_INFINITY && now.rlim_max < seconds ? now.rlim_max
									       : (rlim_t)seconds;
	if (setrlimit(RLIMIT_CPU, &now) != 0)
		return err_sys(e, ERR_FAILED, "cannot limit processor time");
	return ERR_OK;
}
