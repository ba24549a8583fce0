/* The second look at a zip: its bytes from the first to the central directory, beside the listing.
 */
#include "zip_priv.h"

#include <stdlib.h>

#include "slipway/base/mem.h"

bool
zip_local_at(struct archive *a, uint64_t pos, struct zip_local *out)
{
	const unsigned char *p = input_at(&a->in, pos, ZIP_LOCAL_SIZE);
	size_t name, extra;

	if (p == NULL || le32(p) != ZIP_SIG_LOCAL)
		return false;
	name = le16(p + 26);
	extra = le16(p + 28);
	p = input_at(&a->in, pos, ZIP_LOCAL_SIZE + name + extra);
	if (p == NULL)
		return false;
	*out = (struct zip_local) {
		.pos = pos,
		.data = pos + ZIP_LOCAL_SIZE + name + extra,
		.flags = le16(p + 6),
		.method = le16(p + 8),
		.crc = le32(p + 14),
		.packed = le32(p + 18),
		.size = le32(p + 22),
		.name = { .data = (const char *)p + ZIP_LOCAL_SIZE, .len = name },
	};
	zip_extra_parse(p + ZIP_LOCAL_SIZE + name, extra, &out->extra);
	out->sizes_ok = zip_extra_sizes(&out->extra, &out->size, &out->packed, NULL);
	return true;
}

/* The walk: members by offset beside a position in the file. */
struct walk {
	struct archive *a;
	const struct zip_end *end;
	size_t *order;
	size_t count;	 /* of listed members */
	size_t streamed; /* how many have a data descriptor */
	size_t first_streamed;
	uint64_t pos;
};

static void
compare_local(struct archive *a, size_t index, const struct zip_local *l)
{
	const struct member *m = &a->members[index];
	struct finding_place place = archive_place(a, index, 0);
	bool streamed = (l->flags & ZIP_FLAG_DESCRIPTOR) != 0;

	if (!bytes_equal(l->name, m->name))
		findings_add(&a->findings, RULE_ZIP_NAME, place, "its local header names it %.*s",
		    (int)l->name.len, l->name.data);
	if (l->extra.unicode.data != NULL && !bytes_equal(l->extra.unicode, m->name))
		findings_add(&a->findings, RULE_ZIP_NAME, place,
		    "an extra field of its local header names it %.*s", (int)l->extra.unicode.len,
		    l->extra.unicode.data);
	if (l->extra.malformed || l->extra.twice)
		findings_add(&a->findings, RULE_ZIP_EXTRA, place,
		    "extra field of its local header is %s",
		    l->extra.malformed ? "malformed" : "given twice");
	if (!l->sizes_ok)
		findings_add(&a->findings, RULE_ZIP_ZIP64, place,
		    "ZIP64 extra field of its local header is missing or of a wrong length");
	if (l->method != m->method)
		findings_add(&a->findings, RULE_ZIP_METHOD_DIFFERS, place,
		    "method %u in the local header, %u in the central directory", l->method,
		    m->method);
	if ((l->flags ^ m->flags) & (ZIP_FLAG_ENCRYPTED | ZIP_FLAG_DESCRIPTOR))
		findings_add(&a->findings, RULE_ZIP_METHOD_DIFFERS, place,
		    "flags %#x in the local header, %#x in the central directory", l->flags,
		    m->flags);
	/* A streamed entry leaves them zero in the local header. */
	if (streamed && l->crc == 0 && l->size == 0 && l->packed == 0)
		return;
	if (l->size != m->size || l->packed != m->packed)
		findings_add(&a->findings, RULE_ZIP_SIZE, place,
		    "%llu bytes in %llu by the local header, %llu in %llu by the central directory",
		    (unsigned long long)l->size, (unsigned long long)l->packed,
		    (unsigned long long)m->size, (unsigned long long)m->packed);
	else if (l->crc != m->crc)
		findings_add(&a->findings, RULE_ZIP_SIZE, place,
		    "checksum %08x in the local header, %08x in the central directory",
		    (unsigned)l->crc, (unsigned)m->crc);
}

/* Offset of the next listed member from the I-th on, or the end of the entries. */
static uint64_t
boundary(const struct walk *w, size_t i)
{
	uint64_t offset = i < w->count ? w->a->members[w->order[i]].offset : w->end->begin;

	return offset < w->end->begin ? offset : w->end->begin;
}

/* A local header that no central entry points to; false when there is none at the position. */
static bool
take_hidden(struct walk *w, uint64_t until)
{
	struct archive *a = w->a;
	struct zip_local l;
	struct member m = { .hidden = true };
	uint64_t behind;

	if (!zip_local_at(a, w->pos, &l) || l.data > until)
		return false;
	m.name = archive_keep(a, l.name.data, l.name.len);
	m.size = l.size;
	m.packed = l.packed;
	m.offset = l.pos;
	m.crc = l.crc;
	m.method = (uint16_t)l.method;
	m.flags = (uint16_t)l.flags;
	if (m.name.len > 0 && m.name.data[m.name.len - 1] == '/')
		m.kind = MEMBER_DIR;
	if (!archive_add(a, m))
		return false;
	if (w->end->found)
		findings_add(&a->findings, RULE_ZIP_HIDDEN, archive_place(a, a->count - 1, 0),
		    "a local header at byte %llu that is not in the central directory",
		    (unsigned long long)l.pos);
	/* Where a streamed entry ends is not said in front of it. */
	behind = until - l.data < l.packed ? until : l.data + l.packed;
	w->pos = (l.flags & ZIP_FLAG_DESCRIPTOR) ? until : behind;
	return true;
}

/* Bytes from the position to UNTIL belong to no listed member. */
static void
pass_unlisted(struct walk *w, uint64_t until)
{
	struct archive *a = w->a;

	while (w->pos < until && take_hidden(w, until))
		if (!archive_go_on(a, w->pos))
			return;
	if (w->pos >= until || !w->end->found)
		return;
	findings_add(&a->findings, w->pos == 0 ? RULE_ZIP_PREFIX : RULE_ZIP_GAP, FINDING_WHOLE_FILE,
	    "%llu bytes %s, from byte %llu", (unsigned long long)(until - w->pos),
	    w->pos == 0 ? "in front of the archive" : "that belong to no entry",
	    (unsigned long long)w->pos);
	w->pos = until;
}

/* Steps over a data descriptor: 4 to 8 byte sizes, with or without a signature. */
static void
pass_descriptor(struct walk *w, size_t index, uint64_t next)
{
	uint64_t left = next > w->pos ? next - w->pos : 0;
	const unsigned char *p;

	if (w->streamed++ == 0)
		w->first_streamed = index;
	if (left == 12 || left == 16 || left == 20 || left == 24) {
		w->pos = next;
		return;
	}
	p = input_at(&w->a->in, w->pos, 4);
	if (p != NULL && le32(p) == ZIP_SIG_DESCRIPTOR && left > 16)
		w->pos += 16;
}

/* The I-th member by offset. */
static void
walk_member(struct walk *w, size_t i)
{
	struct archive *a = w->a;
	size_t index = w->order[i];
	struct zip_local l;
	uint64_t offset = a->members[index].offset, packed = a->members[index].packed;

	if (offset < w->pos) {
		findings_add(&a->findings, RULE_ZIP_OVERLAP, archive_place(a, index, 0),
		    "the entry begins at byte %llu, inside another one",
		    (unsigned long long)offset);
		if (zip_local_at(a, offset, &l))
			compare_local(a, index, &l);
		else
			findings_add(&a->findings, RULE_ZIP_NO_LOCAL, archive_place(a, index, 0),
			    "no entry at byte %llu", (unsigned long long)offset);
		return;
	}
	if (offset < w->end->begin)
		pass_unlisted(w, offset);
	if (offset >= w->end->begin || !zip_local_at(a, offset, &l)) {
		findings_add(&a->findings, RULE_ZIP_NO_LOCAL, archive_place(a, index, 0),
		    "no entry at byte %llu", (unsigned long long)offset);
		return;
	}
	compare_local(a, index, &l);
	if (l.data > w->end->begin || packed > w->end->begin - l.data) {
		findings_add(&a->findings, RULE_ZIP_OVERLAP, archive_place(a, index, 0),
		    "the entry reaches into the central directory");
		w->pos = w->end->begin;
		return;
	}
	w->pos = l.data + packed;
	if ((l.flags | a->members[index].flags) & ZIP_FLAG_DESCRIPTOR)
		pass_descriptor(w, index, boundary(w, i + 1));
}

struct order_item {
	uint64_t offset;
	size_t index;
};

static int
compare_offsets(const void *a, const void *b)
{
	const struct order_item *x = a, *y = b;

	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static size_t *
order_members(const struct archive *a)
{
	struct order_item *items = mem_zalloc(a->count + 1, sizeof *items);
	size_t *order = mem_zalloc(a->count + 1, sizeof *order);

	for (size_t i = 0; i < a->count; i++)
		items[i] = (struct order_item) { .offset = a->members[i].offset, .index = i };
	if (a->count > 1)
		qsort(items, a->count, sizeof items[0], compare_offsets);
	for (size_t i = 0; i < a->count; i++)
		order[i] = items[i].index;
	free(items);
	return order;
}

void
zip_walk_locals(struct archive *a, const struct zip_end *end)
{
	struct walk w = { .a = a, .end = end, .order = order_members(a), .count = a->count };

	for (size_t i = 0; i < w.count; i++) {
		if (i % 256 == 0 && !archive_go_on(a, w.pos))
			goto out;
		walk_member(&w, i);
	}
	/* A directory that broke off says nothing about what is not in it. */
	if (!a->incomplete)
		pass_unlisted(&w, end->begin);
	if (w.streamed > 0)
		findings_add(&a->findings, RULE_ZIP_STREAMED, archive_place(a, w.first_streamed, 0),
		    "%zu of %zu entries have a data descriptor, this is the first one", w.streamed,
		    w.count);
	if (!end->found) {
		findings_add(&a->findings, RULE_ZIP_NO_END, FINDING_WHOLE_FILE,
		    "no end record; %zu local headers found up to byte %llu", a->count,
		    (unsigned long long)w.pos);
		a->incomplete = true;
	}
out:
	free(w.order);
}
