/* The tar walker: one pass over the inflated stream. Where CPython's tarfile and others would see
 * different things, CPython's view is listed and the difference told. */
#include <stdlib.h>
#include <string.h>

#include "gzip.h"
#include "slipway/base/mem.h"
#include "tar_header.h"

#define SPECIAL_MAX ((uint64_t)1024 * 1024) /* of a pax header or a GNU long name */
#define CHUNK ((size_t)64 * 1024)

struct walk {
	struct archive *a;
	struct gzip gz;
	struct tar_header header;
	struct tar_pax pax;
	struct str long_name, long_link; /* GNU L and K, for the next header */
	struct str special;		 /* content of one */
	bool has_long_name, has_long_link;
	bool any_zero; /* an end block was seen */
	bool told_after_end, told_gnu;
	uint64_t end_out;   /* where the archive ended */
	size_t end_members; /* gzip members until then */
};

static void
tell(struct walk *w, enum rule_id rule, const char *what, uint64_t at)
{
	findings_add(&w->a->findings, rule, FINDING_WHOLE_FILE, "%s, at byte %llu of the tar", what,
	    (unsigned long long)at);
}

static uint64_t
padded(uint64_t size)
{
	return (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
}

/* The content of a pax header or long name into w->special; false when the stream ended. */
static bool
read_special(struct walk *w, uint64_t size, uint64_t at)
{
	size_t len;

	str_clear(&w->special);
	if (size > SPECIAL_MAX) {
		archive_limit(w->a,
		    "a pax header or long name of %llu bytes at byte %llu of the tar",
		    (unsigned long long)size, (unsigned long long)at);
		return size <= INT64_MAX - TAR_BLOCK && gzip_skip(&w->gz, padded(size));
	}
	len = (size_t)padded(size);
	if (gzip_fill(&w->gz, (unsigned char *)str_reserve(&w->special, len), len) != len)
		return false;
	w->special.len = (size_t)size;
	return true;
}

static void
take_long(struct walk *w, struct str *to, bool *has)
{
	const char *nul = w->special.len > 0 ? memchr(w->special.data, '\0', w->special.len) : NULL;

	str_clear(to);
	str_append(
	    to, w->special.data, nul != NULL ? (size_t)(nul - w->special.data) : w->special.len);
	*has = true;
}

static void
take_pax(struct walk *w, bool global, uint64_t at)
{
	struct tar_pax all = { .has_path = false };
	const char *wrong = tar_pax_parse(w->special.data, w->special.len, global ? &all : &w->pax);

	if (wrong != NULL)
		tell(w, RULE_TAR_PAX, wrong, at);
	/* CPython gives every file the global path, others none: neither is followed. */
	if (global && (all.has_path || all.has_link || all.has_size))
		tell(w, RULE_TAR_PAX_GLOBAL, "a global pax header sets path or size", at);
	if ((global ? &all : &w->pax)->has_nul)
		tell(w, RULE_TAR_PAX, "NUL in a pax path", at);
	tar_pax_fini(&all);
}

static bool
is_ascii(const struct str *s)
{
	for (size_t i = 0; i < s->len; i++)
		if ((unsigned char)s->data[i] >= 0x80)
			return false;
	return true;
}

/* A pax path that would have fitted into the header, and is not what is there. */
static void
compare_names(struct walk *w, struct finding_place place)
{
	const struct str *said = &w->header.name, *pax = &w->pax.path;

	if (pax->len > 100 || !is_ascii(pax) || w->pax.sparse)
		return;
	if (pax->len == said->len && memcmp(pax->data, said->data, pax->len) == 0)
		return;
	findings_add(&w->a->findings, RULE_TAR_PAX_DIFFERS, place, "the tar header names it %s",
	    str_text(said));
}

static enum member_kind
kind_of(struct walk *w, const struct bytes name)
{
	switch (w->header.type) {
	case '\0':
		return name.len > 0 && name.data[name.len - 1] == '/' ? MEMBER_DIR : MEMBER_FILE;
	case '0':
	case '7':
		return w->pax.sparse ? MEMBER_OTHER : MEMBER_FILE;
	case '1':
		return MEMBER_HARDLINK;
	case '2':
		return MEMBER_SYMLINK;
	case '5':
		return MEMBER_DIR;
	default:
		return MEMBER_OTHER;
	}
}

static void
tell_member(struct walk *w, const struct member *m)
{
	struct findings *f = &w->a->findings;
	struct finding_place place = archive_place(w->a, w->a->count - 1, 0);
	char type = w->header.type;

	if (w->pax.has_path)
		compare_names(w, place);
	if (w->pax.has_size && w->pax.size != w->header.size && w->pax.size <= TAR_OCTAL_MAX &&
	    m->kind == MEMBER_FILE)
		findings_add(f, RULE_TAR_PAX_SIZE, place,
		    "%llu bytes by the pax header, %llu by the tar header",
		    (unsigned long long)w->pax.size, (unsigned long long)w->header.size);
	if (type == 'S' || w->pax.sparse)
		findings_add(f, RULE_TAR_SPARSE, place, "the member is sparse");
	else if (m->kind == MEMBER_OTHER)
		findings_add(
		    f, RULE_TAR_TYPE, place, "tar type %c is no file, directory or link", type);
	if (m->kind == MEMBER_DIR && m->size > 0)
		findings_add(f, RULE_DATA_IN_DIRECTORY, place, "a directory entry with %llu bytes",
		    (unsigned long long)m->size);
	if (w->header.odd_owner)
		findings_add(f, RULE_TAR_OWNER, place, "the name of its user or group");
	if ((m->mode & 07000) && m->kind != MEMBER_SYMLINK)
		findings_add(f, RULE_TAR_MODE, place, "mode %04o", (unsigned)m->mode);
	if (m->hidden)
		findings_add(
		    f, RULE_TAR_AFTER_END, place, "the entry is behind the end of the tar");
}

/* The content of the member just added: given to the visitor, or passed over. */
static bool
pass_content(struct walk *w, uint64_t size)
{
	const struct archive_visitor *v = w->a->opts.visitor;
	struct member m = w->a->members[w->a->count - 1];
	uint64_t left = m.kind == MEMBER_FILE ? size : 0, given = 0;
	unsigned char *buf = NULL;
	enum err_code rc = ERR_OK;
	struct err why = ERR_EMPTY;

	if (v == NULL || (v->begin != NULL && !v->begin(v->arg, &m)))
		return gzip_skip(&w->gz, padded(size));
	buf = mem_alloc(CHUNK);
	while (given < left && given < w->a->limits.member_bytes) {
		uint64_t want = left - given;
		size_t got = gzip_read(&w->gz, buf, want < CHUNK ? (size_t)want : CHUNK);

		if (got == 0)
			break;
		if (v->data != NULL)
			v->data(v->arg, buf, got);
		given += got;
	}
	free(buf);
	if (given < left && given >= w->a->limits.member_bytes)
		rc = err_set(&why, ERR_LIMIT, "only the first %llu bytes were read",
		    (unsigned long long)given);
	else if (given < left)
		rc = err_set(&why, ERR_INVALID, "the archive breaks off after %llu bytes",
		    (unsigned long long)given);
	if (v->end != NULL)
		v->end(v->arg, &m, rc, &why);
	return gzip_skip(&w->gz, padded(size) - given);
}

static bool
skip_sparse_map(struct walk *w)
{
	unsigned char block[TAR_BLOCK];

	while (w->header.extended) {
		if (gzip_fill(&w->gz, block, TAR_BLOCK) != TAR_BLOCK)
			return false;
		w->header.extended = block[504] != 0;
	}
	return true;
}

/* A header of something that is listed. False ends the walk. */
static bool
take_member(struct walk *w)
{
	struct archive *a = w->a;
	const struct str *name = &w->header.name, *link = &w->header.link;
	struct member m = { .mode = w->header.mode, .hidden = w->any_zero };
	uint64_t content;
	bool ok;

	if (w->has_long_name)
		name = &w->long_name;
	if (w->pax.has_path)
		name = &w->pax.path;
	if (w->has_long_link)
		link = &w->long_link;
	if (w->pax.has_link)
		link = &w->pax.link;
	if (name->len > a->limits.name_bytes || link->len > a->limits.name_bytes)
		archive_limit(
		    a, "a name of %zu bytes", name->len > link->len ? name->len : link->len);
	m.name = archive_keep(a, name->data, name->len);
	m.kind = kind_of(w, m.name);
	if (m.kind == MEMBER_SYMLINK || m.kind == MEMBER_HARDLINK)
		m.link = archive_keep(a, link->data, link->len);
	m.size = w->pax.has_size ? w->pax.size : w->header.size;
	m.packed = m.size;
	/* Links, directories and devices have no content, whatever their size says. */
	content = m.kind == MEMBER_FILE || strchr("123456", w->header.type) == NULL ? m.size : 0;
	if (m.kind == MEMBER_SYMLINK || m.kind == MEMBER_HARDLINK)
		m.size = m.packed = 0;
	ok = skip_sparse_map(w);
	m.offset = w->gz.out;
	ok = ok && archive_add(a, m);
	if (ok)
		tell_member(w, &m);
	tar_pax_fini(&w->pax);
	w->has_long_name = w->has_long_link = false;
	if (!ok)
		return false;
	if (content > INT64_MAX - TAR_BLOCK) {
		findings_add(&a->findings, RULE_TAR_BAD, archive_place(a, a->count - 1, 0),
		    "%llu bytes cannot be", (unsigned long long)content);
		a->incomplete = true;
		return false;
	}
	if (pass_content(w, content))
		return true;
	if (w->gz.state == GZIP_END) {
		findings_add(&a->findings, RULE_TAR_TRUNCATED, archive_place(a, a->count - 1, 0),
		    "the archive ends inside this member");
		a->incomplete = true;
	}
	return false;
}

/* False ends the walk. */
static bool
take_header(struct walk *w, const unsigned char block[TAR_BLOCK], uint64_t at)
{
	const char *wrong = tar_header_parse(block, &w->header);

	if (w->any_zero && !w->told_after_end) {
		tell(w, RULE_TAR_AFTER_END, "data behind the end blocks", at);
		w->told_after_end = true;
	}
	if (wrong == NULL && w->header.format == TAR_GNU && !w->told_gnu && w->a->depth == 0) {
		tell(w, RULE_TAR_FORMAT, "a header of GNU tar", at);
		w->told_gnu = true;
	}
	if (wrong != NULL) {
		if (!w->any_zero) {
			tell(w, RULE_TAR_BAD, wrong, at);
			w->a->incomplete = true;
		}
		return false;
	}
	switch (w->header.type) {
	case 'x':
	case 'X':
	case 'g':
		if (!read_special(w, w->header.size, at))
			return false;
		take_pax(w, w->header.type == 'g', at);
		return true;
	case 'L':
	case 'K':
		if (!read_special(w, w->header.size, at))
			return false;
		if (w->header.type == 'L')
			take_long(w, &w->long_name, &w->has_long_name);
		else
			take_long(w, &w->long_link, &w->has_long_link);
		return true;
	default:
		return take_member(w);
	}
}

static void
walk_blocks(struct walk *w)
{
	unsigned char block[TAR_BLOCK];
	bool go = true;

	while (go) {
		uint64_t at = w->gz.out;
		size_t got = gzip_fill(&w->gz, block, TAR_BLOCK);

		if (got == 0)
			return;
		if (got < TAR_BLOCK) {
			if (w->gz.state == GZIP_END && !w->any_zero) {
				tell(w, RULE_TAR_TRUNCATED, "the archive ends inside a header", at);
				w->a->incomplete = true;
			}
			return;
		}
		if (tar_is_zero(block)) {
			if (!w->any_zero) {
				w->end_out = at;
				w->end_members = w->gz.members;
			}
			w->any_zero = true;
			continue;
		}
		go = take_header(w, block, at);
	}
	/* To the end, so that checksums and what follows are looked at. */
	gzip_skip(&w->gz, UINT64_MAX);
}

static void
tell_stream(struct walk *w)
{
	struct findings *f = &w->a->findings;

	if (w->gz.state == GZIP_END && !w->any_zero && w->a->count > 0 && !w->a->incomplete)
		findings_add(f, RULE_TAR_NO_END, FINDING_WHOLE_FILE, "no end blocks");
	if (w->any_zero && w->gz.members > w->end_members && w->gz.out > w->gz.member_out)
		findings_add(f, RULE_GZ_EXTRA_MEMBER, FINDING_WHOLE_FILE,
		    "another gzip member with %llu bytes behind the end of the tar",
		    (unsigned long long)(w->gz.out - w->gz.member_out));
	else if (w->gz.members > 1)
		findings_add(
		    f, RULE_GZ_SPLIT, FINDING_WHOLE_FILE, "%zu gzip members", w->gz.members);
}

enum err_code
tar_walk(struct archive *a, struct err *e)
{
	struct walk w = { .a = a };

	gzip_init(&w.gz, a, false);
	walk_blocks(&w);
	tell_stream(&w);
	a->inflated = w.gz.out;
	gzip_fini(&w.gz);
	tar_header_fini(&w.header);
	tar_pax_fini(&w.pax);
	str_fini(&w.long_name);
	str_fini(&w.long_link);
	str_fini(&w.special);
	if (a->cancelled)
		return err_set(e, ERR_CANCELLED, "reading %s was cancelled", a->path);
	if (a->in.failed != 0)
		return err_set(e, ERR_IO, "cannot read %s: %s", a->path, strerror(a->in.failed));
	return ERR_OK;
}
