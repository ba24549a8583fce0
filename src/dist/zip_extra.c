/* Extra fields of zip entries: ZIP64 sizes and the Unicode path, the two that make readers
 * disagree. */
#include "zip_priv.h"

#define ID_ZIP64 0x0001u
#define ID_UNICODE 0x7075u

/* Version and CRC-32 of the header's name before the name itself. */
#define UNICODE_HEAD 5

void
zip_extra_parse(const unsigned char *p, size_t len, struct zip_extra *out)
{
	*out = (struct zip_extra) { .malformed = false };
	while (len > 0) {
		unsigned id;
		size_t size;

		if (len < 4 || le16(p + 2) > len - 4) {
			out->malformed = true;
			return;
		}
		id = le16(p);
		size = le16(p + 2);
		p += 4;
		len -= 4;
		if (id == ID_ZIP64) {
			out->twice |= out->has64;
			out->has64 = true;
			out->data64 = p;
			out->len64 = size;
		} else if (id == ID_UNICODE) {
			out->twice |= out->unicode.data != NULL;
			if (size < UNICODE_HEAD || p[0] != 1)
				out->malformed = true;
			else
				out->unicode = (struct bytes) { .data = (const char *)p +
									UNICODE_HEAD,
					.len = size - UNICODE_HEAD };
		}
		p += size;
		len -= size;
	}
}

static bool
take(const struct zip_extra *x, size_t *used, uint64_t *value)
{
	if (*value != UINT32_MAX)
		return true;
	if (!x->has64 || x->len64 - *used < 8)
		return false;
	*value = le64(x->data64 + *used);
	*used += 8;
	return true;
}

bool
zip_extra_sizes(const struct zip_extra *x, uint64_t *size, uint64_t *packed, uint64_t *offset)
{
	size_t used = 0;
	bool ok = take(x, &used, size);

	ok = take(x, &used, packed) && ok;
	if (offset != NULL)
		ok = take(x, &used, offset) && ok;
	if (x->has64 && x->len64 != 28 && (x->len64 % 8 != 0 || x->len64 > 24))
		ok = false;
	return ok;
}
