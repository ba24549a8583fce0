/* Allocation that cannot fail, and the one way to die. */
#include "slipway/base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Static because die() is called where nothing can be passed: it must work when memory is out. */
static die_hook_fn die_hook;

void
die_set_hook(die_hook_fn hook)
{
	die_hook = hook;
}

void
die(const char *fmt, ...)
{
	va_list	    args;
	die_hook_fn hook = die_hook;

	die_hook = NULL;
	if (hook != NULL)
		hook();
	fputs("slipway: internal error: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	abort();
}

void *
mem_alloc(size_t size)
{
	void *p = malloc(size > 0 ? size : 1);

	if (p == NULL)
		die("out of memory for %zu bytes", size);
	return p;
}

void *
mem_zalloc(size_t count, size_t size)
{
	void *p = calloc(count > 0 ? count : 1, size > 0 ? size : 1);

	if (p == NULL)
		die("out of memory for %zu times %zu bytes", count, size);
	return p;
}

void *
mem_grow(void *array, size_t *cap, size_t need, size_t size)
{
	size_t cap_new = *cap;

	if (need <= cap_new)
		return array;
	while (cap_new < need) {
		if (cap_new > SIZE_MAX / 2)
			die("out of memory for %zu items", need);
		cap_new += cap_new / 2 + 8;
	}
	if (size != 0 && cap_new > SIZE_MAX / size)
		die("out of memory for %zu items", need);
	array = realloc(array, cap_new * size);
	if (array == NULL)
		die("out of memory for %zu items", cap_new);
	*cap = cap_new;
	return array;
}

char *
mem_strdup(const char *text)
{
	return text != NULL ? mem_strndup(text, strlen(text)) : NULL;
}

char *
mem_strndup(const char *text, size_t len)
{
	char *copy = mem_alloc(len + 1);

	if (len > 0)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

char *
mem_printf(const char *fmt, ...)
{
	va_list args;
	char   *text;
	int	len;

	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0)
		die("cannot format \"%s\"", fmt);
	text = mem_alloc((size_t)len + 1);
	va_start(args, fmt);
	vsnprintf(text, (size_t)len + 1, fmt, args);
	va_end(args);
	return text;
}

void
mem_set(char **slot, const char *text)
{
	char *old = *slot;

	*slot = mem_strdup(text);
	free(old);
}
