/* Listing, findings and facts as messages, there and back. */
#include "reader_model.h"

#include <stdlib.h>
#include <string.h>

#include "archive_priv.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"

#define PART ((size_t)64 * 1024) /* of a long list, in one message */
#define FACTS_BYTES                                                                                \
	(3 + sizeof((struct member_facts *)0)->sha256 + sizeof((struct member_facts *)0)->blob)

void
reader_model_init(struct reader_model *m, const struct archive_limits *limits)
{
	*m = (struct reader_model) { .archive = archive_new_model(limits) };
}

void
reader_model_fini(struct reader_model *m)
{
	archive_close(m->archive);
	findings_fini(&m->findings);
	archive_facts_fini(&m->facts);
	*m = (struct reader_model) { .archive = NULL };
}

/* --- members --- */

static void
put_member(struct str *out, const struct member *m)
{
	wire_put_text(out, m->name.data, m->name.len);
	wire_put_text(out, m->link.data, m->link.len);
	wire_put(out, m->size, 8);
	wire_put(out, m->packed, 8);
	wire_put(out, m->offset, 8);
	wire_put(out, m->crc, 4);
	wire_put(out, m->mode, 4);
	wire_put(out, m->method, 2);
	wire_put(out, m->flags, 2);
	wire_put(out, m->kind, 1);
	wire_put(out, m->hidden, 1);
}

void
reader_put_members(struct str *out, const struct archive *a, size_t *from)
{
	size_t begin = wire_begin(out, WIRE_MEMBERS);

	while (*from < archive_count(a) && out->len - begin < PART)
		put_member(out, archive_member(a, (*from)++));
	wire_end(out, begin);
}

static bool
take_members(struct reader_model *m, struct wire *w)
{
	struct archive *a = m->archive;

	while (w->left > 0) {
		struct member one = { .name = wire_text(w) };
		unsigned kind;

		one.link = wire_text(w);
		one.size = wire_number(w, 8);
		one.packed = wire_number(w, 8);
		one.offset = wire_number(w, 8);
		one.crc = (uint32_t)wire_number(w, 4);
		one.mode = (uint32_t)wire_number(w, 4);
		one.method = (uint16_t)wire_number(w, 2);
		one.flags = (uint16_t)wire_number(w, 2);
		kind = (unsigned)wire_number(w, 1);
		one.hidden = wire_number(w, 1) != 0;
		if (w->bad || kind >= MEMBER_KIND_COUNT || m->listed ||
		    a->count >= a->limits.entries)
			return false;
		one.kind = (enum member_kind)kind;
		one.name = archive_keep(a, one.name.data, one.name.len);
		one.link = archive_keep(a, one.link.data, one.link.len);
		archive_add(a, one);
	}
	return true;
}

void
reader_put_listed(struct str *out, const struct archive *a)
{
	size_t begin = wire_begin(out, WIRE_LISTED);

	wire_put(out, archive_format(a), 1);
	wire_put(out, archive_file_size(a), 8);
	wire_put(out, archive_is_complete(a), 1);
	wire_end(out, begin);
}

static bool
take_listed(struct reader_model *m, struct wire *w)
{
	struct archive *a = m->archive;
	unsigned format = (unsigned)wire_number(w, 1);

	a->in.size = wire_number(w, 8);
	a->incomplete = wire_number(w, 1) == 0;
	if (w->bad || m->listed || format >= ARCHIVE_FORMAT_COUNT)
		return false;
	a->format = (enum archive_format)format;
	archive_sort_names(a, false);
	m->listed = true;
	return true;
}

/* --- findings --- */

static void
put_finding(struct str *out, const struct finding *f)
{
	wire_put(out, f->rule, 2);
	wire_put(out, f->severity, 1);
	wire_put(out, f->index, 8);
	wire_put(out, f->line, 8);
	wire_put(out, f->member != NULL, 1);
	wire_put_text(out, f->member, f->member != NULL ? strlen(f->member) : 0);
	wire_put_text(out, f->message, strlen(f->message));
	wire_put_text(out, f->sha256, f->sha256 != NULL ? strlen(f->sha256) : 0);
}

void
reader_put_findings(struct str *out, const struct findings *f)
{
	size_t begin = wire_begin(out, WIRE_ANEW);

	for (size_t i = 0; i < RULE_COUNT; i++)
		if (f->seen[i] > 0) {
			wire_put(out, i, 2);
			wire_put(out, f->seen[i], 8);
			wire_put(out, f->lowered[i], 1);
		}
	wire_end(out, begin);
	for (size_t i = 0; i < f->count;) {
		begin = wire_begin(out, WIRE_FINDINGS);
		while (i < f->count && out->len - begin < PART)
			put_finding(out, &f->items[i++]);
		wire_end(out, begin);
	}
}

static bool
take_anew(struct reader_model *m, struct wire *w)
{
	findings_fini(&m->findings);
	while (w->left > 0) {
		unsigned rule = (unsigned)wire_number(w, 2);
		uint64_t seen = wire_number(w, 8);
		bool lowered = wire_number(w, 1) != 0;

		if (w->bad || rule >= RULE_COUNT || seen > SIZE_MAX / RULE_COUNT)
			return false;
		m->findings.seen[rule] = (size_t)seen;
		m->findings.lowered[rule] = lowered;
	}
	m->findings.closed = true;
	return true;
}

static char *
safe(struct bytes text)
{
	struct str out = STR_EMPTY;

	sanitise(text.data, text.len < 4096 ? text.len : 4096, &out);
	return str_take(&out);
}

static bool
take_findings(struct reader_model *m, struct wire *w)
{
	while (w->left > 0) {
		unsigned rule = (unsigned)wire_number(w, 2);
		unsigned severity = (unsigned)wire_number(w, 1);
		struct finding f = { .index = (size_t)wire_number(w, 8) };
		struct bytes member, message, sha256;
		bool has_member;

		f.line = (size_t)wire_number(w, 8);
		has_member = wire_number(w, 1) != 0;
		member = wire_text(w);
		message = wire_text(w);
		sha256 = wire_text(w);
		if (w->bad || rule >= RULE_COUNT || severity >= FINDING_SEVERITY_COUNT ||
		    m->findings.count > (size_t)RULE_COUNT * (FINDINGS_PER_RULE + 1))
			return false;
		if (m->listed && f.index >= m->archive->count)
			f.index = FINDING_NO_MEMBER;
		f.rule = (enum rule_id)rule;
		f.severity = (enum finding_severity)severity;
		f.member = has_member ? safe(member) : NULL;
		f.message = safe(message);
		f.sha256 = sha256.len > 0 ? safe(sha256) : NULL;
		findings_put(&m->findings, f);
	}
	return true;
}

/* --- facts --- */

void
reader_put_facts(struct str *out, const struct archive_facts *f, size_t *from)
{
	size_t begin = wire_begin(out, WIRE_FACTS);

	wire_put(out, f->count, 8);
	wire_put(out, *from, 8);
	wire_put(out, f->blob_size, 1);
	for (; *from < f->count && out->len - begin < PART; ++*from) {
		const struct member_facts *one = &f->items[*from];

		wire_put(out, one->marks, 2);
		wire_put(out, one->looks, 1);
		str_append(out, one->sha256, sizeof one->sha256);
		str_append(out, one->blob, sizeof one->blob);
	}
	wire_end(out, begin);
}

static bool
take_facts(struct reader_model *m, struct wire *w)
{
	uint64_t count = wire_number(w, 8), from = wire_number(w, 8);
	size_t blob_size = (size_t)wire_number(w, 1), fit = w->left / FACTS_BYTES;

	if (w->bad || w->left % FACTS_BYTES != 0 || count > m->archive->limits.entries ||
	    from > count || fit > count - from ||
	    (blob_size != 0 && blob_size != 20 && blob_size != COMPARE_BLOB_MAX))
		return false;
	if (m->facts.items == NULL) {
		m->facts.items = mem_zalloc((size_t)count + 1, sizeof m->facts.items[0]);
		m->facts.count = (size_t)count;
		m->facts.blob_size = blob_size;
	}
	if (m->facts.count != count || m->facts.blob_size != blob_size)
		return false;
	for (size_t i = 0; i < fit; i++) {
		struct member_facts *one = &m->facts.items[(size_t)from + i];

		one->marks = (uint16_t)wire_number(w, 2);
		one->looks = (uint8_t)wire_number(w, 1);
		memcpy(one->sha256, w->at, sizeof one->sha256);
		memcpy(one->blob, w->at + sizeof one->sha256, sizeof one->blob);
		w->at += FACTS_BYTES - 3;
		w->left -= FACTS_BYTES - 3;
	}
	return true;
}

void
reader_put_kept(struct str *out, const struct archive_facts *f, enum compare_kept which)
{
	const struct str *text = &f->kept[which];

	for (size_t at = 0, take; at < text->len; at += take) {
		size_t begin = wire_begin(out, WIRE_KEPT);

		take = text->len - at < PART ? text->len - at : PART;
		wire_put(out, which, 1);
		str_append(out, text->data + at, take);
		wire_end(out, begin);
	}
}

static bool
take_kept(struct reader_model *m, struct wire *w)
{
	unsigned which = (unsigned)wire_number(w, 1);
	struct bytes text = wire_rest(w);

	if (w->bad || which >= COMPARE_KEPT_COUNT ||
	    text.len > COMPARE_KEPT_MAX - m->facts.kept[which].len)
		return false;
	str_append(&m->facts.kept[which], text.data, text.len);
	return true;
}

/* --- the end --- */

void
reader_model_break(struct reader_model *m, const char *how)
{
	m->findings.closed = false;
	findings_add(&m->findings, RULE_LIMIT, FINDING_WHOLE_FILE, "%s", how);
	findings_close(&m->findings);
	findings_sort(&m->findings);
	archive_facts_fini(&m->facts);
	err_clear(&m->end);
}

/* --- errors --- */

void
reader_put_err(struct str *out, const struct err *e)
{
	wire_put(out, e->code, 1);
	wire_put_text(out, e->message, strlen(e->message));
	wire_put_text(out, e->hint, strlen(e->hint));
}

bool
reader_take_err(struct wire *w, struct err *e)
{
	unsigned code = (unsigned)wire_number(w, 1);
	struct bytes message = wire_text(w), hint = wire_text(w);

	if (w->bad || code >= ERR_COUNT)
		return false;
	err_clear(e);
	e->code = (enum err_code)code;
	sanitise_line(message.data, message.len, e->message, sizeof e->message);
	sanitise_line(hint.data, hint.len, e->hint, sizeof e->hint);
	return true;
}

bool
reader_model_take(struct reader_model *m, enum wire_kind kind, struct wire *w)
{
	switch (kind) {
	case WIRE_MEMBERS:
		return take_members(m, w);
	case WIRE_LISTED:
		return take_listed(m, w);
	case WIRE_PROGRESS:
		m->done = wire_number(w, 8);
		m->total = wire_number(w, 8);
		m->passed = (size_t)wire_number(w, 8);
		return !w->bad;
	case WIRE_FINDINGS:
		return take_findings(m, w);
	case WIRE_ANEW:
		return take_anew(m, w);
	case WIRE_FACTS:
		return take_facts(m, w);
	case WIRE_KEPT:
		return take_kept(m, w);
	case WIRE_END:
		m->ended = true;
		return reader_take_err(w, &m->end);
	case WIRE_LIST:
	case WIRE_OPEN:
	case WIRE_READ:
	case WIRE_EACH:
	case WIRE_MEMBER:
	case WIRE_MEMBER_END:
	case WIRE_DATA:
	case WIRE_DATA_END:
	case WIRE_KIND_END:
		break;
	}
	return false;
}
