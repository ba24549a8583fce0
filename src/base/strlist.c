/* Lists of owned C strings. */
#include "slipway/base/strlist.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"

void
strlist_fini(struct strlist *l)
{
	for (size_t i = 0; i < l->count; i++)
		free(l->items[i]);
	free(l->items);
	*l = (struct strlist)STRLIST_EMPTY;
}

void
strlist_take(struct strlist *l, char *text)
{
	l->items = mem_grow(l->items, &l->cap, l->count + 2, sizeof l->items[0]);
	l->items[l->count++] = text;
	l->items[l->count] = NULL;
}

void
strlist_add(struct strlist *l, const char *text)
{
	strlist_take(l, mem_strdup(text));
}

void
strlist_addf(struct strlist *l, const char *fmt, ...)
{
	struct str text = STR_EMPTY;
	va_list	   args;

	va_start(args, fmt);
	str_vprintf(&text, fmt, args);
	va_end(args);
	strlist_take(l, str_take(&text));
}

void
strlist_add_all(struct strlist *l, const char *const *items)
{
	for (; *items != NULL; items++)
		strlist_add(l, *items);
}

void
strlist_copy(struct strlist *to, const struct strlist *from)
{
	for (size_t i = 0; i < from->count; i++)
		strlist_add(to, from->items[i]);
}

void
strlist_remove(struct strlist *l, size_t at)
{
	assert(at < l->count);
	free(l->items[at]);
	memmove(&l->items[at], &l->items[at + 1], (l->count - at) * sizeof l->items[0]);
	l->count--;
}

size_t
strlist_find(const struct strlist *l, const char *text)
{
	size_t i;

	for (i = 0; i < l->count; i++)
		if (strcmp(l->items[i], text) == 0)
			break;
	return i;
}

bool
strlist_has(const struct strlist *l, const char *text)
{
	return strlist_find(l, text) < l->count;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void
strlist_sort(struct strlist *l)
{
	if (l->count > 1)
		qsort(l->items, l->count, sizeof l->items[0], compare);
}

void
strlist_join(const struct strlist *l, const char *sep, struct str *out)
{
	for (size_t i = 0; i < l->count; i++) {
		if (i > 0)
			str_puts(out, sep);
		str_puts(out, l->items[i]);
	}
}
