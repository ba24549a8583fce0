/* The hash of what each finding is about: of the member, or of the whole file. */
#include <stdio.h>

#include "check_priv.h"
#include "slipway/base/digest.h"
#include "slipway/base/mem.h"

static void
hash_file(const char *path, char hex[DIGEST_HEX_SIZE])
{
	char block[16384];
	struct digest d;
	FILE *f = fopen(path, "rb");
	size_t got;

	hex[0] = '\0';
	if (f == NULL)
		return;
	digest_init(&d, DIGEST_SHA256);
	while ((got = fread(block, 1, sizeof block, f)) > 0)
		digest_update(&d, block, got);
	if (!ferror(f))
		digest_final_hex(&d, hex);
	digest_fini(&d);
	fclose(f);
}

void
check_hashes(const struct check *c, const char *path, struct findings *f)
{
	char whole[DIGEST_HEX_SIZE] = "", hex[DIGEST_HEX_SIZE];

	hash_file(path, whole);
	for (size_t i = 0; i < f->count; i++) {
		size_t index = f->items[i].index;
		const struct member_facts *m =
		    index < c->facts->count ? &c->facts->items[index] : NULL;

		/* A member that cannot be read, a folder and a link are known by the file alone. */
		if (m != NULL && (m->marks & MARK_HASHED) != 0)
			digest_to_hex(m->sha256, sizeof m->sha256, hex);
		mem_set(&f->items[i].sha256,
		    m != NULL && (m->marks & MARK_HASHED) != 0 ? hex : whole);
	}
}
