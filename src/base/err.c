/* Fills error values. Knows no screen; foreign text is made safe here because errors end on one. */
#include "slipway/base/err.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "slipway/base/sanitise.h"

static const char *const code_names[] = {
	[ERR_OK] = "ok",
	[ERR_FAILED] = "failed",
	[ERR_IO] = "io",
	[ERR_NOT_FOUND] = "not-found",
	[ERR_INVALID] = "invalid",
	[ERR_USAGE] = "usage",
	[ERR_CONFIG] = "config",
	[ERR_EXISTS] = "exists",
	[ERR_CONFLICT] = "conflict",
	[ERR_AUTH] = "auth",
	[ERR_REFUSED] = "refused",
	[ERR_NETWORK] = "network",
	[ERR_TIMEOUT] = "timeout",
	[ERR_BUSY] = "busy",
	[ERR_LIMIT] = "limit",
	[ERR_UNSUPPORTED] = "unsupported",
	[ERR_CANCELLED] = "cancelled",
};
_Static_assert(ARRAY_LEN(code_names) == ERR_COUNT, "one name per code");

static void
fill(char *out, size_t size, const char *fmt, va_list args) PRINTF_LIKE(3, 0);

static void
fill(char *out, size_t size, const char *fmt, va_list args)
{
	char raw[ERR_MESSAGE_SIZE];
	int  len = vsnprintf(raw, sizeof raw, fmt, args);

	if (len < 0)
		len = 0;
	if ((size_t)len >= sizeof raw)
		len = sizeof raw - 1;
	sanitise_line(raw, (size_t)len, out, size);
}

enum err_code
err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
	va_list args;

	assert(code != ERR_OK && code < ERR_COUNT);
	if (e == NULL)
		return code;
	e->code = code;
	e->hint[0] = '\0';
	va_start(args, fmt);
	fill(e->message, sizeof e->message, fmt, args);
	va_end(args);
	return code;
}

enum err_code
err_sys(struct err *e, enum err_code code, const char *fmt, ...)
{
	int	saved = errno;
	va_list args;
	char	what[ERR_MESSAGE_SIZE];

	va_start(args, fmt);
	fill(what, sizeof what, fmt, args);
	va_end(args);
	err_set(e, code, "%s: %s", what, strerror(saved));
	if (saved == ENOSPC)
		err_hint(e, "the disk is full: free some space and try again");
	return code;
}

enum err_code
err_wrap(struct err *e, const char *fmt, ...)
{
	struct err inner;
	va_list	   args;
	char	   what[ERR_MESSAGE_SIZE];

	if (e == NULL)
		return ERR_FAILED;
	inner = *e;
	va_start(args, fmt);
	fill(what, sizeof what, fmt, args);
	va_end(args);
	err_set(e, inner.code, "%s: %s", what, inner.message);
	memcpy(e->hint, inner.hint, sizeof e->hint);
	return e->code;
}

enum err_code
err_hint(struct err *e, const char *fmt, ...)
{
	va_list args;

	if (e == NULL)
		return ERR_FAILED;
	va_start(args, fmt);
	fill(e->hint, sizeof e->hint, fmt, args);
	va_end(args);
	return e->code;
}

void
err_clear(struct err *e)
{
	if (e != NULL)
		*e = (struct err)ERR_EMPTY;
}

const char *
err_code_name(enum err_code code)
{
	assert(code < ERR_COUNT);
	return code_names[code];
}
