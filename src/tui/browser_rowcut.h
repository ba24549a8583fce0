/* Where a row of a document ends: at a line end, or, in a long line, at a character. */
#ifndef SLIPWAY_TUI_BROWSER_ROWCUT_H
#define SLIPWAY_TUI_BROWSER_ROWCUT_H

#include <stdbool.h>
#include <stddef.h>

#include "browser_doc.h"

#define ROWCUT_MAX (DOC_ROW_BYTES + 2) /* bytes that are enough to cut any row */

struct rowcut {
	size_t len; /* bytes of the row */
	size_t eol; /* bytes of its line end, 0 for none */
};

/* Of a row that begins at DATA. False when more bytes are needed to know, never when LAST. */
bool rowcut(enum doc_encoding encoding, const char *data, size_t len, bool last,
    struct rowcut *out);

#endif
