/* Where something stands in a text. */
#ifndef SLIPWAY_PROJECT_SPAN_H
#define SLIPWAY_PROJECT_SPAN_H

#include <stddef.h>

/* Bytes from the start of the text; len 0: it is not there. */
struct span {
	size_t at;
	size_t len;
};

#endif
