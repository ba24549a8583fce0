/* Foreign bytes made safe for a terminal, a log or a message. The one function behind every such
 * text. */
#ifndef SLIPWAY_BASE_SANITISE_H
#define SLIPWAY_BASE_SANITISE_H

#include <stdbool.h>
#include <stddef.h>

#include "slipway/base/str.h"

/* Appends TEXT to OUT with everything that a terminal could act on spelled out: controls (C0, DEL,
 * C1) and invalid bytes as \x1b, bidi controls, zero-width and other invisible characters as
 * <U+202E>. Tab and LF are spelled out too (\t, \n), so the result is one line of printable UTF-8.
 */
void sanitise(const char *text, size_t len, struct str *out);
/* As sanitise(), but keeps LF (a CR before it is dropped) and turns a tab into spaces up to the
 * next eighth column: for texts of many lines. */
void sanitise_text(const char *text, size_t len, struct str *out);
/* As sanitise() into a buffer of SIZE (> 0) bytes, cut at a character with "…" when it is too long.
 * The result is closed by a NUL. */
void sanitise_line(const char *text, size_t len, char *out, size_t size);
/* One code point that must not reach a terminal as it is. */
bool sanitise_is_unsafe(unsigned int cp);

#endif
