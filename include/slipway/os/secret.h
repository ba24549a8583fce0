/* Secrets: tokens and passwords in memory that is locked, left out of core dumps and zeroed after
 * use. While one is alive the process makes no core dump. Never copy one into a struct str. */
#ifndef SLIPWAY_OS_SECRET_H
#define SLIPWAY_OS_SECRET_H

#include <stdbool.h>
#include <stddef.h>

struct secret;

#define SECRET_MAX 8192 /* bytes; a PyPI token has about 200 */

struct secret *secret_new(void);    /* empty; the caller owns it: secret_free() */
void secret_free(struct secret *s); /* NULL is fine */
/* False, with nothing added, when it would exceed SECRET_MAX. */
bool secret_append(struct secret *s, const char *data, size_t len);
void secret_drop_last(struct secret *s); /* the last character (UTF-8) */
void secret_clear(struct secret *s);
size_t secret_len(const struct secret *s);
/* Closed by a NUL; borrowed until S changes. Hand it only to what sends it. */
const char *secret_text(const struct secret *s);
struct secret *secret_copy(const struct secret *s); /* NULL gives NULL */
/* Drops white space at both ends (a pasted newline). */
void secret_trim(struct secret *s);
bool secret_starts(const struct secret *s, const char *prefix);
/* Zeroes memory in a way that the compiler keeps. */
void secret_wipe(void *data, size_t len);

#endif
