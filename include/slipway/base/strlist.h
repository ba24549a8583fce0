/* Lists of owned C strings, closed by a NULL so that they serve as an argument vector. */
#ifndef SLIPWAY_BASE_STRLIST_H
#define SLIPWAY_BASE_STRLIST_H

#include <stdbool.h>
#include <stddef.h>

#include "slipway/base/compiler.h"
#include "slipway/base/str.h"

struct strlist {
	char **items; /* items[count] is NULL; items itself is NULL while empty */
	size_t count;
	size_t cap;
};

#define STRLIST_EMPTY { .items = NULL, .count = 0, .cap = 0 }

void strlist_fini(struct strlist *l); /* empty is fine; empty afterwards */
void strlist_add(struct strlist *l, const char *text); /* copies */
void strlist_take(struct strlist *l, char *text); /* owns TEXT from here on */
void strlist_addf(struct strlist *l, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Adds each of a NULL-terminated array. */
void strlist_add_all(struct strlist *l, const char *const *items);
void strlist_copy(struct strlist *to, const struct strlist *from); /* appends copies */
void strlist_remove(struct strlist *l, size_t at);
/* Index of TEXT, or count when it is not there. */
size_t strlist_find(const struct strlist *l, const char *text);
bool   strlist_has(const struct strlist *l, const char *text);
void   strlist_sort(struct strlist *l); /* bytewise */
/* The items with SEP between them, appended to OUT. */
void strlist_join(const struct strlist *l, const char *sep, struct str *out);

#endif
