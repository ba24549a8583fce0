/* One tar header and what a pax header says about the next one. POSIX.1-2001 pax, ustar, GNU. */
#ifndef SLIPWAY_DIST_TAR_HEADER_H
#define SLIPWAY_DIST_TAR_HEADER_H

#include <stdbool.h>
#include <stdint.h>

#include "slipway/base/str.h"

#define TAR_BLOCK 512
#define TAR_OCTAL_MAX ((uint64_t)077777777777) /* the largest size of eleven octal digits */

enum tar_format { TAR_V7, TAR_USTAR, TAR_GNU };

struct tar_header {
	struct str name; /* prefix joined */
	struct str link;
	uint64_t size;
	uint32_t mode;
	char type;
	enum tar_format format;
	bool odd_owner; /* control characters in the name of user or group */
	bool extended; /* old GNU sparse: more blocks of the map follow */
};

bool tar_is_zero(const unsigned char block[TAR_BLOCK]);
/* NULL, or what is wrong with it. H is empty or used before; tar_header_fini(). */
const char *tar_header_parse(const unsigned char block[TAR_BLOCK], struct tar_header *h);
void tar_header_fini(struct tar_header *h);

struct tar_pax {
	struct str path, link;
	bool has_path, has_link, has_size, sparse, has_nul;
	uint64_t size;
};

/* Records of one pax header over what P holds. NULL, or what is wrong: then what came before it
 * counts. */
const char *tar_pax_parse(const char *text, size_t len, struct tar_pax *p);
void tar_pax_fini(struct tar_pax *p); /* empty afterwards */

#endif
