/* The zip walker: the central directory is the authority on what is in the file. */
#include "zip_priv.h"

#include <string.h>
#include <sys/stat.h>

#define MADE_BY_UNIX 3

static enum member_kind
kind_of(struct bytes name, uint32_t unix_mode)
{
	switch (unix_mode & S_IFMT) {
	case S_IFLNK:
		return MEMBER_SYMLINK;
	case S_IFBLK:
	case S_IFCHR:
	case S_IFIFO:
	case S_IFSOCK:
		return MEMBER_OTHER;
	case S_IFDIR:
		return MEMBER_DIR;
	default:
		return name.len > 0 && name.data[name.len - 1] == '/' ? MEMBER_DIR : MEMBER_FILE;
	}
}

static struct finding_place
place_of(const struct archive *a, struct bytes name)
{
	struct finding_place place = archive_place_named(name);

	place.index = a->count; /* where the member is about to be added */
	return place;
}

static void
tell_entry(struct archive *a, const struct member *m, const struct zip_extra *x, bool sizes_ok,
    size_t comment)
{
	struct finding_place place = place_of(a, m->name);

	if (x->malformed || x->twice)
		findings_add(&a->findings, RULE_ZIP_EXTRA, place,
		    "extra field of the central entry is %s",
		    x->malformed ? "malformed" : "given twice");
	if (!sizes_ok)
		findings_add(&a->findings, RULE_ZIP_ZIP64, place,
		    "ZIP64 extra field of the central entry is missing or of a wrong length");
	if (x->unicode.data != NULL && !bytes_equal(x->unicode, m->name))
		findings_add(&a->findings, RULE_ZIP_NAME, place,
		    "an extra field of the central entry names it %.*s", (int)x->unicode.len,
		    x->unicode.data);
	if (comment > 0)
		findings_add(
		    &a->findings, RULE_ZIP_COMMENT, place, "comment of %zu bytes", comment);
	if (m->flags & ZIP_FLAG_ENCRYPTED)
		findings_add(&a->findings, RULE_ZIP_ENCRYPTED, place, "the member is encrypted");
	if (m->method != ZIP_STORED && m->method != ZIP_DEFLATED)
		findings_add(
		    &a->findings, RULE_ZIP_METHOD, place, "compression method %u", m->method);
	if (m->method == ZIP_STORED && m->size != m->packed && !(m->flags & ZIP_FLAG_ENCRYPTED))
		findings_add(&a->findings, RULE_ZIP_SIZE, place,
		    "stored, but of %llu bytes in %llu", (unsigned long long)m->size,
		    (unsigned long long)m->packed);
	if (m->kind == MEMBER_DIR && (m->size > 0 || m->packed > 2))
		findings_add(&a->findings, RULE_DATA_IN_DIRECTORY, place,
		    "a directory entry with %llu bytes", (unsigned long long)m->size);
}

/* One central entry at *POS, which moves behind it. */
static bool
read_central(struct archive *a, const struct zip_end *end, uint64_t *pos)
{
	const unsigned char *p = NULL;
	struct zip_extra x;
	struct member m = { .kind = MEMBER_FILE };
	uint64_t offset;
	size_t name, extra, comment;
	bool ok;

	if (*pos + ZIP_CENTRAL_SIZE <= end->tail)
		p = input_at(&a->in, *pos, ZIP_CENTRAL_SIZE);
	if (p == NULL || le32(p) != ZIP_SIG_CENTRAL)
		return false;
	name = le16(p + 28);
	extra = le16(p + 30);
	comment = le16(p + 32);
	if (end->tail - *pos - ZIP_CENTRAL_SIZE < name + extra + comment)
		return false;
	p = input_at(&a->in, *pos, ZIP_CENTRAL_SIZE + name + extra + comment);
	if (p == NULL)
		return false;
	if (name > a->limits.name_bytes)
		archive_limit(
		    a, "a name of %zu bytes at byte %llu", name, (unsigned long long)*pos);
	m.name = archive_keep(a, p + ZIP_CENTRAL_SIZE, name);
	m.flags = (uint16_t)le16(p + 8);
	m.method = (uint16_t)le16(p + 10);
	m.crc = le32(p + 16);
	m.packed = le32(p + 20);
	m.size = le32(p + 24);
	offset = le32(p + 42);
	/* pip takes the upper half as a mode whatever made the entry, so that a link cannot hide.
	 */
	m.mode = le32(p + 38) >> 16;
	m.kind = kind_of(m.name, m.mode);
	if ((le16(p + 4) >> 8) != MADE_BY_UNIX && (m.mode & S_IFMT) == 0)
		m.mode = 0;
	m.mode &= 07777;
	zip_extra_parse(p + ZIP_CENTRAL_SIZE + name, extra, &x);
	ok = zip_extra_sizes(&x, &m.size, &m.packed, &offset);
	m.offset = offset + (uint64_t)end->shift;
	tell_entry(a, &m, &x, ok, comment);
	*pos += ZIP_CENTRAL_SIZE + name + extra + comment;
	return archive_add(a, m);
}

static void
read_directory(struct archive *a, const struct zip_end *end)
{
	uint64_t pos = end->begin;

	while (pos < end->tail) {
		if (a->count % 1024 == 0 && !archive_go_on(a, 0))
			return;
		if (!read_central(a, end, &pos)) {
			if (a->count >= a->limits.entries)
				return;
			findings_add(&a->findings, RULE_ZIP_CENTRAL, FINDING_WHOLE_FILE,
			    "no entry of the central directory at byte %llu",
			    (unsigned long long)pos);
			a->incomplete = true;
			return;
		}
	}
	if (a->count != end->entries)
		findings_add(&a->findings, RULE_ZIP_END, FINDING_WHOLE_FILE,
		    "the end record counts %llu entries, there are %zu",
		    (unsigned long long)end->entries, a->count);
}

/* A zip that is a tar too begins with a tar header, whose magic has a fixed place. */
static void
look_for_tar(struct archive *a)
{
	const unsigned char *p = input_at(&a->in, 257, 5);

	if (p == NULL || memcmp(p, "ustar", 5) != 0)
		return;
	p = input_at(&a->in, 0, 4);
	if (p != NULL && le32(p) != ZIP_SIG_LOCAL)
		findings_add(&a->findings, RULE_FILE_POLYGLOT, FINDING_WHOLE_FILE,
		    "the file begins with a tar header");
}

struct link_text {
	char data[4096];
	size_t len;
};

static bool
take_link(void *arg, const void *data, size_t len)
{
	struct link_text *t = arg;
	size_t room = sizeof t->data - t->len;

	if (len > room)
		len = room;
	memcpy(t->data + t->len, data, len);
	t->len += len;
	return t->len < sizeof t->data;
}

static void
read_links(struct archive *a)
{
	size_t budget = 1000;

	for (size_t i = 0; i < a->count && budget > 0; i++) {
		struct link_text t = { .len = 0 };

		if (a->members[i].kind != MEMBER_SYMLINK || a->members[i].hidden)
			continue;
		budget--;
		zip_read(a, &a->members[i], sizeof t.data, take_link, &t, NULL);
		a->members[i].link = archive_keep(a, t.data, t.len);
	}
}

enum err_code
zip_walk(struct archive *a, struct err *e)
{
	struct zip_end end;

	zip_find_end(a, &end);
	if (end.found)
		read_directory(a, &end);
	look_for_tar(a);
	zip_walk_locals(a, &end);
	read_links(a);
	if (a->cancelled)
		return err_set(e, ERR_CANCELLED, "reading %s was cancelled", a->path);
	if (a->in.failed != 0)
		return err_set(e, ERR_IO, "cannot read %s: %s", a->path, strerror(a->in.failed));
	return ERR_OK;
}
