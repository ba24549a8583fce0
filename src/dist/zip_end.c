/* The end of a zip: end record, ZIP64 end record and its locator. Which one counts is decided as
 * CPython's zipfile does, since that is what pip sees; whatever another reader could take instead
 * is a finding. */
#include "zip_priv.h"

#include <string.h>

#define COMMENT_MAX 65535

static void
tell(struct archive *a, enum rule_id rule, const char *what, uint64_t at)
{
	findings_add(&a->findings, rule, FINDING_WHOLE_FILE, "%s at byte %llu", what,
	    (unsigned long long)at);
}

/* Position of the end record that counts; in.size when there is none. */
static uint64_t
find_record(struct archive *a)
{
	uint64_t size = a->in.size;
	size_t span = size < ZIP_END_SIZE + COMMENT_MAX ? (size_t)size : ZIP_END_SIZE + COMMENT_MAX;
	uint64_t start = size - span;
	const unsigned char *p = span >= ZIP_END_SIZE ? input_at(&a->in, start, span) : NULL;
	uint64_t last = size, exact = size, other = size;

	if (p == NULL)
		return size;
	for (size_t i = span - ZIP_END_SIZE + 1; i-- > 0;) {
		if (p[i] != 'P' || le32(p + i) != ZIP_SIG_END)
			continue;
		if (last == size)
			last = start + i;
		if (i + ZIP_END_SIZE + le16(p + i + 20) == span) {
			if (exact == size)
				exact = start + i;
			else
				other = start + i;
		}
	}
	if (exact != size && last != exact)
		other = last;
	if (other != size)
		findings_add(&a->findings, RULE_ZIP_TWO_ENDS, FINDING_WHOLE_FILE,
		    "end records at byte %llu and at byte %llu", (unsigned long long)exact,
		    (unsigned long long)other);
	return exact != size ? exact : last;
}

/* The ZIP64 end record that belongs to the end record at AT; in.size when there is none. */
static uint64_t
find_record64(struct archive *a, uint64_t at)
{
	const unsigned char *p;
	uint64_t here, said;

	p = at >= ZIP_LOCATOR64_SIZE ? input_at(&a->in, at - ZIP_LOCATOR64_SIZE, ZIP_LOCATOR64_SIZE)
				     : NULL;
	if (p == NULL || le32(p) != ZIP_SIG_LOCATOR64) {
		p = at >= ZIP_END64_SIZE ? input_at(&a->in, at - ZIP_END64_SIZE, 4) : NULL;
		if (p != NULL && le32(p) == ZIP_SIG_END64)
			tell(a, RULE_ZIP_ZIP64, "ZIP64 end record without a locator",
			    at - ZIP_END64_SIZE);
		return a->in.size;
	}
	said = le64(p + 8);
	here = at - ZIP_LOCATOR64_SIZE >= ZIP_END64_SIZE ? at - ZIP_LOCATOR64_SIZE - ZIP_END64_SIZE
							 : a->in.size;
	p = here < a->in.size ? input_at(&a->in, here, 4) : NULL;
	if (p != NULL && le32(p) == ZIP_SIG_END64) {
		if (said != here)
			findings_add(&a->findings, RULE_ZIP_ZIP64, FINDING_WHOLE_FILE,
			    "the ZIP64 locator points to byte %llu, the record is at byte %llu",
			    (unsigned long long)said, (unsigned long long)here);
		return here;
	}
	p = said < a->in.size ? input_at(&a->in, said, 4) : NULL;
	if (p != NULL && le32(p) == ZIP_SIG_END64 && said < at) {
		tell(a, RULE_ZIP_ZIP64, "ZIP64 end record not in front of its locator", said);
		return said;
	}
	tell(a, RULE_ZIP_ZIP64, "no ZIP64 end record where its locator points", said);
	return a->in.size;
}

struct counts {
	uint64_t entries, size, offset;
};

/* Reads both records; end->tail is set. */
static struct counts
read_counts(struct archive *a, struct zip_end *end, const unsigned char record[ZIP_END_SIZE])
{
	struct counts c = { le16(record + 10), le32(record + 12), le32(record + 16) };
	struct counts small = c;
	uint64_t at64 = find_record64(a, end->at);
	const unsigned char *p;

	p = at64 < a->in.size ? input_at(&a->in, at64, ZIP_END64_SIZE) : NULL;
	end->tail = end->at;
	if (p == NULL) {
		if (c.size == UINT32_MAX || c.offset == UINT32_MAX)
			tell(a, RULE_ZIP_ZIP64, "no ZIP64 end record for the end record", end->at);
		return c;
	}
	end->tail = at64;
	if (le64(p + 4) != ZIP_END64_SIZE - 12)
		tell(a, RULE_ZIP_ZIP64, "ZIP64 end record of another size than 44", at64);
	c = (struct counts) { le64(p + 32), le64(p + 40), le64(p + 48) };
	if (le64(p + 24) != c.entries || le32(p + 16) != 0 || le32(p + 20) != 0)
		tell(a, RULE_ZIP_ZIP64, "ZIP64 end record speaks of several disks", at64);
	if ((small.entries != UINT16_MAX && small.entries != c.entries) ||
	    (small.size != UINT32_MAX && small.size != c.size) ||
	    (small.offset != UINT32_MAX && small.offset != c.offset))
		tell(a, RULE_ZIP_ZIP64, "end record and ZIP64 end record differ", at64);
	return c;
}

static bool
is_central(struct archive *a, uint64_t pos, uint64_t limit)
{
	const unsigned char *p = pos < limit ? input_at(&a->in, pos, 4) : NULL;

	return p != NULL && le32(p) == ZIP_SIG_CENTRAL;
}

static bool
is_local(struct archive *a, uint64_t pos, uint64_t limit)
{
	const unsigned char *p = pos < limit ? input_at(&a->in, pos, 4) : NULL;

	return p != NULL && le32(p) == ZIP_SIG_LOCAL;
}

/* The first central entry points to a local header without any shift. */
static bool
first_is_in_place(struct archive *a, uint64_t begin, uint64_t said)
{
	const unsigned char *p = input_at(&a->in, begin, ZIP_CENTRAL_SIZE);
	uint64_t offset = p != NULL ? le32(p + 42) : a->in.size;

	return is_local(a, offset, begin) && !is_local(a, offset + (begin - said), begin);
}

static void
place_directory(struct archive *a, struct zip_end *end, const struct counts *c)
{
	uint64_t begin = c->size <= end->tail ? end->tail - c->size : end->tail;

	end->entries = c->entries;
	end->begin = begin;
	if (c->size > end->tail || (!is_central(a, begin, end->tail) && c->entries > 0)) {
		tell(a, RULE_ZIP_END, "size of the central directory is wrong in the end record",
		    end->at);
		if (is_central(a, c->offset, end->tail))
			end->begin = c->offset;
		else
			a->incomplete = true;
		return;
	}
	if (begin == c->offset)
		return;
	findings_add(&a->findings, RULE_ZIP_END, FINDING_WHOLE_FILE,
	    "the end record places the central directory at byte %llu, it is at byte %llu",
	    (unsigned long long)c->offset, (unsigned long long)begin);
	/* Readers move all offsets along, as for a self-extracting archive; but when the first
	 * entry is where it says, only the end record is wrong. */
	if (c->offset <= INT64_MAX && !first_is_in_place(a, begin, c->offset))
		end->shift = (int64_t)begin - (int64_t)c->offset;
}

void
zip_find_end(struct archive *a, struct zip_end *end)
{
	unsigned char record[ZIP_END_SIZE];
	const unsigned char *p;
	struct counts c;
	uint64_t comment;

	*end = (struct zip_end) { .found = false };
	end->at = find_record(a);
	p = end->at < a->in.size ? input_at(&a->in, end->at, ZIP_END_SIZE) : NULL;
	if (p == NULL) {
		end->at = end->tail = end->begin = a->in.size;
		return;
	}
	memcpy(record, p, sizeof record);
	end->found = true;
	comment = end->at + ZIP_END_SIZE + le16(record + 20);
	if (comment > a->in.size)
		tell(a, RULE_ZIP_END, "comment cut off behind the end record", end->at);
	else if (comment < a->in.size)
		findings_add(&a->findings, RULE_ZIP_TRAILING, FINDING_WHOLE_FILE,
		    "%llu bytes behind the archive, from byte %llu",
		    (unsigned long long)(a->in.size - comment), (unsigned long long)comment);
	if (le16(record + 20) > 0) {
		size_t len = 0;

		p = input_some(&a->in, end->at + ZIP_END_SIZE, 80, &len);
		findings_add(&a->findings, RULE_ZIP_ARCHIVE_COMMENT, FINDING_WHOLE_FILE,
		    "comment of %u bytes: %.*s", le16(record + 20), (int)len,
		    p != NULL ? (const char *)p : "");
	}
	if (le16(record + 4) != 0 || le16(record + 6) != 0 || le16(record + 8) != le16(record + 10))
		tell(a, RULE_ZIP_END, "end record speaks of several disks", end->at);
	c = read_counts(a, end, record);
	place_directory(a, end, &c);
}
