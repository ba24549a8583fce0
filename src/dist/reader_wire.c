/* Putting messages together and taking them apart; what they mean is known elsewhere. */
#include "reader_wire.h"

#include <assert.h>
#include <string.h>

uint64_t
wire_number(struct wire *w, size_t bytes)
{
	uint64_t n = 0;

	if (w->bad || w->left < bytes) {
		w->bad = true;
		w->left = 0;
		return 0;
	}
	for (size_t i = bytes; i-- > 0;)
		n = n << 8 | w->at[i];
	w->at += bytes;
	w->left -= bytes;
	return n;
}

struct bytes
wire_rest(struct wire *w)
{
	struct bytes b = { .data = (const char *)w->at, .len = w->left };

	w->at += w->left;
	w->left = 0;
	return b;
}

struct bytes
wire_text(struct wire *w)
{
	size_t len = (size_t)wire_number(w, 4);
	struct bytes b = { .data = (const char *)w->at, .len = len };

	if (w->bad || len > w->left) {
		w->bad = true;
		w->left = 0;
		return (struct bytes) { .data = "", .len = 0 };
	}
	w->at += len;
	w->left -= len;
	return b;
}

bool
wire_next(struct bytes in, enum wire_kind *kind, struct wire *w, size_t *used, bool *bad)
{
	struct wire head = { .at = (const unsigned char *)in.data, .left = in.len };
	size_t len;
	unsigned what;

	if (in.len < WIRE_HEAD)
		return false;
	len = (size_t)wire_number(&head, 4);
	what = (unsigned)wire_number(&head, 1);
	*bad = len > WIRE_MAX || what < WIRE_LIST || what >= WIRE_KIND_END;
	if (*bad || len > head.left)
		return false;
	*kind = (enum wire_kind)what;
	*w = (struct wire) { .at = head.at, .left = len };
	*used = WIRE_HEAD + len;
	return true;
}

size_t
wire_begin(struct str *out, enum wire_kind kind)
{
	size_t begin = out->len;

	wire_put(out, 0, 4);
	wire_put(out, kind, 1);
	return begin;
}

void
wire_end(struct str *out, size_t begin)
{
	size_t len = out->len - begin - WIRE_HEAD;

	assert(len <= WIRE_MAX);
	for (size_t i = 0; i < 4; i++)
		out->data[begin + i] = (char)(len >> 8 * i & 0xff);
}

void
wire_put(struct str *out, uint64_t number, size_t bytes)
{
	char raw[8];

	for (size_t i = 0; i < bytes; i++)
		raw[i] = (char)(number >> 8 * i & 0xff);
	str_append(out, raw, bytes);
}

void
wire_put_text(struct str *out, const char *data, size_t len)
{
	wire_put(out, len, 4);
	if (len > 0)
		str_append(out, data, len);
}
