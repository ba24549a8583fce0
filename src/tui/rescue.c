/* What has to work when nothing else does. */
#include "slipway/tui/rescue.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "slipway/base/compiler.h"
#include "slipway/base/mem.h"

#define STACK_SIZE 65536

/* Static because signal handlers and atexit() have no argument. Written only while disarmed. */
static volatile sig_atomic_t armed;
static int terminal_fd = -1;
static struct termios terminal_modes;
static char restore_bytes[512];
static size_t restore_len;
static char note_text[512];
static size_t note_len;
static char stack[STACK_SIZE];

static void
write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		data += n;
		len -= (size_t)n;
	}
}

void
rescue_now(void)
{
	if (!armed)
		return;
	armed = 0;
	write_all(terminal_fd, restore_bytes, restore_len);
	tcsetattr(terminal_fd, TCSANOW, &terminal_modes);
}

static void
on_crash(int signo)
{
	rescue_now();
	write_all(STDERR_FILENO, note_text, note_len);
	/* SA_RESETHAND put the default back: the signal is reported as what it was. */
	raise(signo);
}

void
rescue_install(void)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
	stack_t alternate = { .ss_sp = stack, .ss_size = sizeof stack };
	struct sigaction action = { .sa_handler = on_crash };

	sigemptyset(&action.sa_mask);
	action.sa_flags = SA_ONSTACK | (int)SA_RESETHAND;
	sigaltstack(&alternate, NULL);
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		sigaction(signals[i], &action, NULL);
	die_set_hook(rescue_now);
	atexit(rescue_now);
}

void
rescue_arm(int fd, const struct termios *modes, const char *bytes, size_t len)
{
	armed = 0;
	terminal_fd = fd;
	terminal_modes = *modes;
	restore_len = len < sizeof restore_bytes ? len : sizeof restore_bytes;
	memcpy(restore_bytes, bytes, restore_len);
	armed = 1;
}

void
rescue_disarm(void)
{
	armed = 0;
}

void
rescue_set_note(const char *note)
{
	size_t len = note != NULL ? strlen(note) : 0;

	note_len = 0;
	if (len > sizeof note_text - 1)
		len = sizeof note_text - 1;
	if (len == 0)
		return;
	memcpy(note_text, note, len);
	note_text[len] = '\n';
	note_len = len + 1;
}
