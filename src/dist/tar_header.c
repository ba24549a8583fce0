/* Fields of tar and pax headers; no input, no findings. */
#include "tar_header.h"

#include <string.h>

bool
tar_is_zero(const unsigned char block[TAR_BLOCK])
{
	for (size_t i = 0; i < TAR_BLOCK; i++)
		if (block[i] != 0)
			return false;
	return true;
}

/* Octal, or base 256 when the first bit is set (GNU). False for negative, too large or malformed
 * numbers. */
static bool
number(const unsigned char *p, size_t len, uint64_t *out)
{
	uint64_t value = 0;
	size_t i = 0;

	if (p[0] & 0x80) {
		if (p[0] != 0x80)
			return false;
		for (i = 1; i < len; i++) {
			if (value > (uint64_t)INT64_MAX >> 8)
				return false;
			value = value << 8 | p[i];
		}
		*out = value;
		return true;
	}
	while (i < len && (p[i] == ' ' || p[i] == '\0'))
		i++;
	for (; i < len && p[i] >= '0' && p[i] <= '7'; i++)
		value = value << 3 | (uint64_t)(p[i] - '0');
	if (i < len && p[i] != ' ' && p[i] != '\0')
		return false;
	*out = value;
	return true;
}

static bool
checksum_fits(const unsigned char block[TAR_BLOCK])
{
	uint64_t declared;
	int64_t plain = 0, with_sign = 0; /* old tars summed signed bytes */

	if (!number(block + 148, 8, &declared))
		return false;
	for (size_t i = 0; i < TAR_BLOCK; i++) {
		unsigned char c = i >= 148 && i < 156 ? ' ' : block[i];

		plain += c;
		with_sign += (signed char)c;
	}
	return (int64_t)declared == plain || (int64_t)declared == with_sign;
}

static void
field(struct str *out, const unsigned char *p, size_t len)
{
	const unsigned char *nul = memchr(p, '\0', len);

	str_append(out, p, nul != NULL ? (size_t)(nul - p) : len);
}

/* Up to the NUL of each of the two names of 32 bytes. */
static bool
has_odd_owner(const unsigned char *p)
{
	for (size_t i = 0; i < 64; i++) {
		if (p[i] == '\0' && i >= 32)
			return false;
		if (p[i] == '\0')
			i = 31;
		else if (p[i] < 0x20 || p[i] == 0x7f)
			return true;
	}
	return false;
}

const char *
tar_header_parse(const unsigned char block[TAR_BLOCK], struct tar_header *h)
{
	uint64_t mode = 0;

	str_clear(&h->name);
	str_clear(&h->link);
	if (!checksum_fits(block))
		return "header checksum is wrong";
	if (!number(block + 124, 12, &h->size))
		return "size is negative or no number";
	if (!number(block + 100, 8, &mode))
		mode = 0;
	h->mode = (uint32_t)mode & 07777;
	h->type = (char)block[156];
	h->extended = h->type == 'S' && block[482] != 0;
	if (memcmp(block + 257, "ustar\0", 6) == 0)
		h->format = TAR_USTAR;
	else
		h->format = memcmp(block + 257, "ustar ", 6) == 0 ? TAR_GNU : TAR_V7;
	h->odd_owner = h->format != TAR_V7 && has_odd_owner(block + 265);
	if (h->format == TAR_USTAR && block[345] != '\0') {
		field(&h->name, block + 345, 155);
		str_putc(&h->name, '/');
	}
	field(&h->name, block, 100);
	field(&h->link, block + 157, 100);
	return NULL;
}

void
tar_header_fini(struct tar_header *h)
{
	str_fini(&h->name);
	str_fini(&h->link);
}

void
tar_pax_fini(struct tar_pax *p)
{
	str_fini(&p->path);
	str_fini(&p->link);
	*p = (struct tar_pax) { .has_path = false };
}

static void
replace(struct str *to, bool *has, struct bytes value, bool *has_nul)
{
	str_clear(to);
	str_append(to, value.data, value.len);
	*has = true;
	if (value.len > 0 && memchr(value.data, '\0', value.len) != NULL)
		*has_nul = true;
}

static const char *
take_record(struct tar_pax *p, struct bytes key, struct bytes value)
{
	if (bytes_is(key, "path") || bytes_is(key, "GNU.sparse.name")) {
		replace(&p->path, &p->has_path, value, &p->has_nul);
	} else if (bytes_is(key, "linkpath")) {
		replace(&p->link, &p->has_link, value, &p->has_nul);
	} else if (bytes_is(key, "size")) {
		uint64_t size = 0;

		if (value.len == 0 || value.len > 18)
			return "pax size is no number";
		for (size_t i = 0; i < value.len; i++) {
			if (value.data[i] < '0' || value.data[i] > '9')
				return "pax size is negative or no number";
			size = size * 10 + (uint64_t)(value.data[i] - '0');
		}
		p->size = size;
		p->has_size = true;
	}
	if (key.len > 11 && memcmp(key.data, "GNU.sparse.", 11) == 0)
		p->sparse = true;
	return NULL;
}

const char *
tar_pax_parse(const char *text, size_t len, struct tar_pax *p)
{
	const char *wrong = NULL;

	while (len > 0 && wrong == NULL) {
		size_t digits = 0, record = 0;
		const char *equals;

		while (digits < len && digits < 8 && text[digits] >= '0' && text[digits] <= '9')
			record = record * 10 + (size_t)(text[digits++] - '0');
		if (digits == 0 || digits >= len || text[digits] != ' ' || record > len ||
		    record < digits + 3 || text[record - 1] != '\n')
			return "pax record has a wrong length";
		digits++;
		equals = memchr(text + digits, '=', record - digits);
		if (equals == NULL)
			return "pax record without =";
		wrong = take_record(p,
		    (struct bytes) {
			.data = text + digits, .len = (size_t)(equals - text) - digits },
		    (struct bytes) {
			.data = equals + 1, .len = record - (size_t)(equals - text) - 2 });
		text += record;
		len -= record;
	}
	return wrong;
}
