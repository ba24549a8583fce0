/* The echo of the terminal on standard input, off while a secret is typed. */
#ifndef SLIPWAY_CLI_ECHO_H
#define SLIPWAY_CLI_ECHO_H

#include <stdbool.h>
#include <termios.h>

struct echo {
	struct termios before;
	bool is_off;
};

void echo_off(struct echo *e);
/* As it was; false when it was on all the time. */
bool echo_on(struct echo *e);

#endif
