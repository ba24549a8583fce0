/* Echo off and on. */
#include "echo.h"

#include <unistd.h>

void
echo_off(struct echo *e)
{
	struct termios quiet;

	if (tcgetattr(STDIN_FILENO, &e->before) != 0)
		return;
	quiet = e->before;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	e->is_off = tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
}

bool
echo_on(struct echo *e)
{
	bool was_off = e->is_off;

	if (was_off)
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &e->before);
	e->is_off = false;
	return was_off;
}
