/* What a reviewer marked inside the files. Marks are numbers of members: they hold as long as the
 * bytes do, whose sha256 the review freezes. Each is in the journal before the next key is read. */
#include "review_marks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "journal.h"
#include "slipway/base/log.h"
#include "slipway/base/mem.h"

/* More than any archive has that can be opened. */
#define MEMBERS_MAX ((size_t)1 << 20)
/* Of one run; what is beyond them is kept when the files are accepted. */
#define RECORDS_MAX 20000

bool
release_file_is_marked(const struct release_file *f, size_t member)
{
	return member < f->marks.cap && f->marks.members[member];
}

void
review_marks_fini(struct review_marks *m)
{
	free(m->members);
	free(m->touched);
	*m = (struct review_marks) { .members = NULL };
}

void
review_marks_set(struct review_marks *m, size_t member, bool reviewed)
{
	size_t cap = m->cap;

	if (member >= MEMBERS_MAX)
		return;
	if (member >= cap) {
		m->members = mem_grow(m->members, &m->cap, member + 1, sizeof m->members[0]);
		memset(m->members + cap, 0, (m->cap - cap) * sizeof m->members[0]);
	}
	m->members[member] = reviewed;
}

static void
changed(struct wizard *w, struct review_marks *m)
{
	m->unsaved = true;
	/* One record for all that a key does. */
	loop_defer(w->loop, review_marks_save, w);
	w->front->changed(w->front_arg, STEP_REVIEW);
}

void
wizard_mark_member(struct wizard *w, size_t file, size_t member, bool reviewed)
{
	struct review_marks *m;

	if (file >= w->rel.file_count || member >= MEMBERS_MAX)
		return;
	m = &w->rel.files[file].marks;
	review_marks_set(m, member, reviewed);
	m->touched = mem_grow(
	    m->touched, &m->touched_cap, m->touched_count + 1, sizeof m->touched[0]);
	m->touched[m->touched_count++] = member;
	changed(w, m);
}

void
wizard_count_members(struct wizard *w, size_t file, size_t done, size_t of)
{
	struct review_marks *m;

	if (file >= w->rel.file_count)
		return;
	m = &w->rel.files[file].marks;
	if (m->known && m->done == done && m->of == of)
		return;
	m->known = true;
	m->done = done;
	m->of = of;
	changed(w, m);
}

void
wizard_mark_reviewed(struct wizard *w, size_t file, bool reviewed)
{
	if (file >= w->rel.file_count)
		return;
	w->rel.files[file].reviewed = reviewed;
	changed(w, &w->rel.files[file].marks);
}

/* --- in the journal --- */

void
review_marks_text(const struct review_marks *m, struct str *out)
{
	size_t begin = out->len;

	for (size_t i = 0; i < m->cap; i++)
		if (m->members[i])
			str_printf(out, "%s%zu", out->len > begin ? " " : "", i);
}

static void
parse(struct review_marks *m, const char *text, bool reviewed)
{
	while (text != NULL && *text != '\0') {
		char *end;
		unsigned long long n;

		errno = 0;
		n = strtoull(text, &end, 10);
		if (end == text || errno != 0)
			return;
		review_marks_set(m, (size_t)n, reviewed);
		text = end;
	}
}

void
review_marks_parse(struct review_marks *m, const char *text)
{
	parse(m, text, true);
}

/* Those touched since the last record, as far as they are (not) REVIEWED now. */
static void
put_touched(const struct review_marks *m, bool reviewed, const char *key, struct json *record)
{
	struct str text = STR_EMPTY;

	for (size_t i = 0; i < m->touched_count; i++)
		if (m->members[m->touched[i]] == reviewed)
			str_printf(&text, "%s%zu", text.len > 0 ? " " : "", m->touched[i]);
	if (text.len > 0)
		json_set_text(record, key, str_text(&text));
	str_fini(&text);
}

static void
save(struct wizard *w, struct release_file *f)
{
	struct review_marks *m = &f->marks;
	struct json *record = json_object_new();
	struct err e = ERR_EMPTY;

	json_set_text(record, "file", f->name);
	json_set_text(record, "sha256", f->sha256);
	json_set_bool(record, "reviewed", f->reviewed);
	json_set_bool(record, "known", m->known);
	json_set_int(record, "done", (int64_t)m->done);
	json_set_int(record, "of", (int64_t)m->of);
	put_touched(m, true, "marked", record);
	put_touched(m, false, "unmarked", record);
	m->touched_count = 0;
	m->unsaved = false;
	w->mark_records++;
	/* The review goes on; they are kept again when it ends. */
	if (journal_write(w->journal, "mark", record, &e) != ERR_OK)
		log_debug("%s", e.message);
}

void
review_marks_save(void *arg)
{
	struct wizard *w = arg;

	if (w->journal == NULL)
		return;
	for (size_t i = 0; i < w->rel.file_count && w->mark_records < RECORDS_MAX; i++) {
		struct release_file *f = &w->rel.files[i];

		/* What they are bound to may still be computed. */
		if (f->marks.unsaved && f->sha256[0] != '\0')
			save(w, f);
	}
}

void
review_marks_replay(struct wizard *w, const struct json *record)
{
	const char *name = json_text(record, "file"), *sha256 = json_text(record, "sha256");

	for (size_t i = 0; name != NULL && sha256 != NULL && i < w->rel.file_count; i++) {
		struct release_file *f = &w->rel.files[i];
		struct review_marks *m = &f->marks;

		if (strcmp(f->name, name) != 0 || strlen(sha256) != sizeof m->sha256 - 1)
			continue;
		memcpy(m->sha256, sha256, sizeof m->sha256);
		f->reviewed = json_bool(record, "reviewed", false);
		m->known = json_bool(record, "known", false);
		m->done = (size_t)json_int(record, "done", 0);
		m->of = (size_t)json_int(record, "of", 0);
		parse(m, json_text(record, "marked"), true);
		parse(m, json_text(record, "unmarked"), false);
	}
}

bool
review_marks_bind(struct release_file *f)
{
	bool same = f->marks.sha256[0] == '\0' || strcmp(f->marks.sha256, f->sha256) == 0;

	if (!same) {
		review_marks_fini(&f->marks);
		f->reviewed = false;
	}
	memcpy(f->marks.sha256, f->sha256, sizeof f->marks.sha256);
	return same;
}
