/* Data that is more than it seems: pickles that run, images with something behind their end. */
#include <string.h>

#include "scan.h"

static const struct {
	const char *what, *begin;
	size_t begin_len;
	const char *end;
	size_t end_len;
} images[] = {
	{ "PNG", "\x89PNG\r\n", 6, "IEND\xae\x42\x60\x82", 8 },
	{ "JPEG", "\xff\xd8\xff", 3, "\xff\xd9", 2 },
	{ "GIF", "GIF89a", 6, ";", 1 },
};

/* Protocol 2 and later say so; what follows is an opcode that pickles begin with. */
static bool
is_pickle(const unsigned char *p, size_t len)
{
	return len > 4 && p[0] == 0x80 && p[1] >= 2 && p[1] <= 5 &&
	       strchr("\x95\x8c}](cXKNG", p[2]) != NULL && p[2] != '\0';
}

void
scan_data_kind(struct scan *s, const unsigned char *p, size_t len)
{
	struct finding_place at = check_at(s->c, s->index, 0);

	if (is_pickle(p, len))
		findings_add(
		    s->f, RULE_BINARY_PICKLE, at, "a pickle of protocol %u", (unsigned)p[1]);
	if (len > 4 && memcmp(p, "\0asm", 4) == 0)
		findings_add(s->f, RULE_BINARY_WASM, at, "a module of WebAssembly");
	for (size_t i = 0; i < ARRAY_LEN(images); i++)
		if (len > 16 && memcmp(p, images[i].begin, images[i].begin_len) == 0)
			s->image = images[i].what;
}

void
scan_image_data(struct scan *s, const void *data, size_t len)
{
	size_t size = sizeof s->tail, keep = len < size ? size - len : 0;

	/* Whether it is one may not be known before its end. */
	if (s->begun && s->image == NULL)
		return;
	memmove(s->tail, s->tail + size - keep, keep);
	memcpy(s->tail + keep, (const char *)data + len - (size - keep), size - keep);
}

void
scan_image_end(struct scan *s)
{
	for (size_t i = 0; s->image != NULL && i < ARRAY_LEN(images); i++) {
		const unsigned char *end = s->tail + sizeof s->tail - images[i].end_len;

		if (strcmp(s->image, images[i].what) == 0 &&
		    memcmp(end, images[i].end, images[i].end_len) != 0)
			findings_add(s->f, RULE_BINARY_IMAGE, check_at(s->c, s->index, 0),
			    "look here: a %s that does not end as such images do", s->image);
	}
}
