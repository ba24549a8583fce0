/* Archives inside of archives: what kind one is by its first bytes, and what of the limits is left
 * for it. */
#include <stdlib.h>
#include <string.h>

#include "archive_priv.h"
#include "gzip.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "tar_header.h"

#define HELD_MAX ((size_t)128 * 1024 * 1024)

static bool
is_tar_block(const unsigned char *p, size_t len)
{
	struct tar_header h = { .type = '\0' };
	bool is;

	if (len < TAR_BLOCK || tar_is_zero(p))
		return false;
	is = tar_header_parse(p, &h) == NULL;
	tar_header_fini(&h);
	return is || memcmp(p + 257, "ustar", 5) == 0;
}

/* A tar begins behind the gzip header. */
static bool
holds_tar(struct archive *a)
{
	unsigned char block[TAR_BLOCK];
	struct gzip g;
	size_t got;

	gzip_init(&g, a, true);
	got = gzip_fill(&g, block, sizeof block);
	gzip_fini(&g);
	a->incomplete = false;
	return is_tar_block(block, got);
}

static bool
find_format(struct archive *a, const unsigned char *p, size_t len)
{
	if (len >= 4 && p[0] == 'P' && p[1] == 'K' &&
	    ((p[2] == 3 && p[3] == 4) || (p[2] == 5 && p[3] == 6)))
		a->format = ARCHIVE_ZIP;
	else if (len > 2 && p[0] == 0x1f && p[1] == 0x8b)
		a->format = holds_tar(a) ? ARCHIVE_TAR_GZ : ARCHIVE_GZ;
	else if (is_tar_block(p, len))
		a->format = ARCHIVE_TAR;
	else
		return false;
	return true;
}

/* "data.json" for "demo/data.json.gz". */
static struct bytes
name_in_gzip(struct archive *a, struct bytes name)
{
	size_t at = name.len;

	while (at > 0 && name.data[at - 1] != '/')
		at--;
	name.data += at;
	name.len -= at;
	if (name.len > 3 && memcmp(name.data + name.len - 3, ".gz", 3) == 0)
		name.len -= 3;
	return archive_keep(a, name.data, name.len);
}

enum err_code
archive_open_memory(const struct archive *outer, struct bytes name, const void *data, size_t len,
    const struct archive_limits *limits, struct archive **out, struct err *e)
{
	struct archive *a;
	char shown[512];
	enum err_code rc;

	if (outer->depth >= ARCHIVE_DEPTH_MAX)
		return err_set(e, ERR_LIMIT, "archives are looked into %d deep, and no deeper",
		    ARCHIVE_DEPTH_MAX);
	a = mem_zalloc(1, sizeof *a);
	input_open_memory(&a->in, len > 0 ? data : "", len);
	a->opts.cancelled = outer->opts.cancelled;
	a->limits = *limits;
	a->depth = outer->depth + 1;
	a->root_size = outer->root_size;
	a->latest_ms = outer->latest_ms;
	sanitise_line(name.data, name.len, shown, sizeof shown);
	a->path = mem_printf("%s!%s", outer->path, shown);
	archive_begin_pass(a);
	if (!find_format(a, data, len))
		rc = err_set(e, ERR_UNSUPPORTED, "%s is no zip, tar or gzip", shown);
	else if (a->format == ARCHIVE_GZ)
		rc = gzip_walk(a, name_in_gzip(a, name), e);
	else
		rc = archive_walk(a, e);
	if (rc == ERR_OK && a->format == ARCHIVE_GZ)
		archive_sort_names(a, false);
	if (rc != ERR_OK) {
		archive_close(a);
		return rc;
	}
	*out = a;
	return ERR_OK;
}

static uint64_t
less(uint64_t from, uint64_t what)
{
	return from > what ? from - what : 0;
}

/* What ten archives give out that lie in each other is what the file gives out. */
uint64_t
archive_most_bytes(const struct archive *a)
{
	const struct archive_limits *l = &a->limits;
	uint64_t by_ratio = a->root_size > UINT64_MAX / (l->ratio + 1) ? UINT64_MAX
								       : a->root_size * l->ratio;

	if (by_ratio < RATIO_FLOOR)
		by_ratio = RATIO_FLOOR;
	return l->total_bytes < by_ratio ? l->total_bytes : by_ratio;
}

enum err_code
archive_open_inside(struct archive *outer, size_t index, struct archive **out, struct err *e)
{
	const struct member *m = archive_member(outer, index);
	struct archive_limits left = outer->limits;
	struct str text = STR_EMPTY;
	enum err_code rc;

	if (outer->depth >= ARCHIVE_DEPTH_MAX)
		return err_set(e, ERR_LIMIT, "archives are looked into %d deep, and no deeper",
		    ARCHIVE_DEPTH_MAX);
	if (m->size > HELD_MAX)
		return err_set(e, ERR_LIMIT,
		    "an archive of more than %zu MiB inside of another one", HELD_MAX >> 20);
	rc = archive_read_all(outer, index, (size_t)m->size, &text, e);
	left.total_bytes = less(archive_most_bytes(outer), text.len);
	left.entries = (size_t)less(left.entries, outer->count);
	if (rc == ERR_OK)
		rc = archive_open_memory(outer, m->name, str_text(&text), text.len, &left, out, e);
	if (rc == ERR_OK)
		(*out)->held = text;
	else
		str_fini(&text);
	return rc;
}
