/* What a reviewer marked inside the files. Marks are numbers of members: they hold as long as the
 * bytes do, whose sha256 the review freezes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "review_marks.h"
#include "slipway/base/mem.h"

bool
release_file_is_marked(const struct release_file *f, size_t member)
{
	for (size_t i = 0; i < f->marks.count; i++)
		if (f->marks.members[i] == member)
			return true;
	return false;
}

void
review_marks_add(struct review_marks *m, size_t member)
{
	m->members = mem_grow(m->members, &m->cap, m->count + 1, sizeof m->members[0]);
	m->members[m->count++] = member;
}

void
wizard_mark_member(struct wizard *w, size_t file, size_t member, bool reviewed)
{
	struct review_marks *m;

	if (file >= w->rel.file_count)
		return;
	m = &w->rel.files[file].marks;
	if (reviewed && !release_file_is_marked(&w->rel.files[file], member))
		review_marks_add(m, member);
	for (size_t i = 0; !reviewed && i < m->count; i++)
		if (m->members[i] == member)
			m->members[i--] = m->members[--m->count];
	w->front->changed(w->front_arg, STEP_REVIEW);
}

void
wizard_count_members(struct wizard *w, size_t file, size_t done, size_t of)
{
	struct review_marks *m;

	if (file >= w->rel.file_count)
		return;
	m = &w->rel.files[file].marks;
	m->known = true;
	m->done = done;
	m->of = of;
	w->front->changed(w->front_arg, STEP_REVIEW);
}

/* --- in the journal --- */

void
review_marks_text(const struct review_marks *m, struct str *out)
{
	for (size_t i = 0; i < m->count; i++)
		str_printf(out, "%s%zu", i > 0 ? " " : "", m->members[i]);
}

void
review_marks_parse(struct review_marks *m, const char *text)
{
	while (text != NULL && *text != '\0') {
		char *end;
		unsigned long long n;

		errno = 0;
		n = strtoull(text, &end, 10);
		if (end == text || errno != 0)
			return;
		review_marks_add(m, (size_t)n);
		text = end;
	}
}
