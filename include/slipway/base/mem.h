/* Memory that is there or ends the program: nobody checks for NULL. */
#ifndef SLIPWAY_BASE_MEM_H
#define SLIPWAY_BASE_MEM_H

#include <stddef.h>

#include "slipway/base/compiler.h"

void *mem_alloc(size_t size) MUST_USE;
/* COUNT items of SIZE bytes, zeroed; the product is checked. */
void *mem_zalloc(size_t count, size_t size) MUST_USE;
/* Makes room for NEED items of SIZE bytes in an array of *CAP, growing by half; updates *CAP. */
void *mem_grow(void *array, size_t *cap, size_t need, size_t size) MUST_USE;
char *mem_strdup(const char *text) MUST_USE; /* NULL gives NULL */
/* LEN bytes and a NUL. */
char *mem_strndup(const char *text, size_t len) MUST_USE;
char *mem_printf(const char *fmt, ...) PRINTF_LIKE(1, 2) MUST_USE;
/* Replaces *SLOT by a copy of TEXT (NULL gives NULL), freeing what it held; TEXT may lie inside it.
 */
void mem_set(char **slot, const char *text);

typedef void (*die_hook_fn)(void);

/* Called before die() prints, so that a front can give the terminal back. One hook; NULL removes
 * it. */
void die_set_hook(die_hook_fn hook);
/* For our own mistakes and for memory that is out: prints one line on standard error and aborts. */
void die(const char *fmt, ...) PRINTF_LIKE(1, 2) NORETURN;

#endif
