/* What the parts of the zip walker share. Layouts: APPNOTE.TXT 6.3.10, sections 4.3 and 4.5. */
#ifndef SLIPWAY_DIST_ZIP_PRIV_H
#define SLIPWAY_DIST_ZIP_PRIV_H

#include "archive_priv.h"

#define ZIP_SIG_LOCAL 0x04034b50u
#define ZIP_SIG_CENTRAL 0x02014b50u
#define ZIP_SIG_END 0x06054b50u
#define ZIP_SIG_END64 0x06064b50u
#define ZIP_SIG_LOCATOR64 0x07064b50u
#define ZIP_SIG_DESCRIPTOR 0x08074b50u

#define ZIP_END_SIZE 22
#define ZIP_LOCATOR64_SIZE 20
#define ZIP_END64_SIZE 56
#define ZIP_CENTRAL_SIZE 46
#define ZIP_LOCAL_SIZE 30

#define ZIP_FLAG_ENCRYPTED 0x0001u
#define ZIP_FLAG_DESCRIPTOR 0x0008u
#define ZIP_STORED 0
#define ZIP_DEFLATED 8

/* Where the central directory is, after all end records were weighed as CPython weighs them. */
struct zip_end {
	bool found;
	uint64_t at;	/* of the end record */
	uint64_t tail;	/* where the end records begin: the central directory should end there */
	uint64_t begin; /* of the central directory */
	uint64_t entries;
	int64_t shift; /* to be added to every offset in the central directory */
};

void zip_find_end(struct archive *a, struct zip_end *end);

/* Extra fields of one entry; DATA64 and UNICODE are borrowed from the field. */
struct zip_extra {
	bool malformed, twice, has64;
	const unsigned char *data64;
	size_t len64;
	struct bytes unicode; /* the name in a 0x7075 field, data NULL for none */
};

void zip_extra_parse(const unsigned char *p, size_t len, struct zip_extra *out);
/* Replaces each value that says "see ZIP64"; false when the field is missing or of another length.
 */
bool zip_extra_sizes(const struct zip_extra *x, uint64_t *size, uint64_t *packed, uint64_t *offset);

struct zip_local {
	uint64_t pos, data, packed, size;
	uint32_t crc;
	unsigned flags, method;
	struct bytes name; /* borrowed from the window: until the next read */
	struct zip_extra extra;
	bool sizes_ok;
};

/* False when no local header lies whole at POS. */
bool zip_local_at(struct archive *a, uint64_t pos, struct zip_local *out);
/* Walks the file from byte 0 to LIMIT beside the listed members: what is hidden, missing,
 * overlapping or said twice. Without an end record every local header found becomes a hidden
 * member. */
void zip_walk_locals(struct archive *a, const struct zip_end *end);

#endif
