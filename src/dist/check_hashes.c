/* The hash of what each finding is about: of the member, or of the whole file. */
#include <stdio.h>
#include <stdlib.h>

#include "check_priv.h"
#include "slipway/base/digest.h"
#include "slipway/base/mem.h"

struct hashing {
	struct check *c;
	char (*hex)[DIGEST_HEX_SIZE]; /* by member; "" where it is not wanted or not to be had */
	bool *wanted;
	struct digest digest;
};

static size_t
index_of(const struct hashing *h, const struct member *m)
{
	return (size_t)(m - archive_member(h->c->a, 0));
}

static bool
begin_member(void *arg, const struct member *m)
{
	struct hashing *h = arg;

	if (!h->wanted[index_of(h, m)])
		return false;
	digest_init(&h->digest, DIGEST_SHA256);
	return true;
}

static void
member_data(void *arg, const void *data, size_t len)
{
	struct hashing *h = arg;

	if (h->digest.evp != NULL)
		digest_update(&h->digest, data, len);
}

static void
end_member(void *arg, const struct member *m, enum err_code rc, const struct err *why)
{
	struct hashing *h = arg;
	size_t i = index_of(h, m);

	(void)why;
	if (h->wanted[i] && rc == ERR_OK && h->digest.evp != NULL)
		digest_final_hex(&h->digest, h->hex[i]);
	digest_fini(&h->digest);
}

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

enum err_code
check_hashes(struct check *c, const char *path, struct findings *f, struct err *e)
{
	size_t count = archive_count(c->a);
	struct hashing h = { .c = c };
	struct archive_visitor visitor = { begin_member, member_data, end_member, &h };
	char whole[DIGEST_HEX_SIZE] = "";
	enum err_code rc = ERR_OK;
	bool any = false;

	h.hex = mem_zalloc(count + 1, sizeof h.hex[0]);
	h.wanted = mem_zalloc(count + 1, sizeof h.wanted[0]);
	for (size_t i = 0; i < f->count; i++)
		if (f->items[i].index < count) {
			h.wanted[f->items[i].index] = true;
			any = true;
		}
	hash_file(path, whole);
	if (any)
		rc = archive_each(c->a, &visitor, e);
	/* A limit ended the pass: the findings say so already. */
	if (rc == ERR_LIMIT)
		rc = ERR_OK;
	/* A member that cannot be read, a folder and a link are known by the file alone. */
	for (size_t i = 0; rc == ERR_OK && i < f->count; i++) {
		const char *hex = f->items[i].index < count ? h.hex[f->items[i].index] : whole;

		mem_set(&f->items[i].sha256, hex[0] != '\0' ? hex : whole);
	}
	free(h.hex);
	free(h.wanted);
	return rc;
}
