/* Gives the bytes of a fuzzer as a file of a wanted name, since archives are opened by path. */
#ifndef SLIPWAY_TESTS_FUZZ_ARCHIVE_FILE_H
#define SLIPWAY_TESTS_FUZZ_ARCHIVE_FILE_H

#include <stddef.h>
#include <stdint.h>

/* Writes the bytes as NAME into a private folder, which is removed at exit; the path is borrowed.
 */
const char *archive_file(const char *name, const uint8_t *data, size_t size);
/* Opens it with narrow limits, reads everything there is, builds the tree and runs all rules.
 * Aborts when something that must hold does not. */
void archive_exercise(const char *path);

#endif
