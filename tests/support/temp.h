/* A directory of its own for a test, removed with everything below it. */
#ifndef SLIPWAY_TESTS_TEMP_H
#define SLIPWAY_TESTS_TEMP_H

#include <stddef.h>

/* Absolute path, owned by the caller: temp_remove(). Aborts the test when it cannot be made. */
char *temp_dir(void);
void  temp_remove(char *dir);
/* Writes DIR/NAME, making folders on the way. */
void temp_write(const char *dir, const char *name, const void *data, size_t len);
void temp_puts(const char *dir, const char *name, const char *text);
/* The whole of DIR/NAME as a C string, owned by the caller; *LEN may be NULL. */
char *temp_read(const char *dir, const char *name, size_t *len);
/* Runs ARGV (NULL-terminated) in DIR with the environment of the test; the exit status. */
int temp_run(const char *dir, const char *const *argv);

#endif
