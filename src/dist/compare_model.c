/* Words, badges and sums of a comparison. Knows no archive. */
#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/dist/compare.h"

void
comparison_fini(struct comparison *c)
{
	for (size_t i = 0; i < c->count; i++)
		free(c->rows[i].reason);
	for (size_t i = 0; i < c->fact_count; i++) {
		free(c->facts[i].before);
		free(c->facts[i].after);
	}
	free(c->rows);
	free(c->facts);
	free(c->with);
	free(c->label);
	free(c->why_not);
	free(c->remark);
	*c = (struct comparison)COMPARISON_EMPTY;
}

void
comparison_not_done(struct comparison *c, enum compare_base base, const char *fmt, ...)
{
	struct str text = STR_EMPTY, safe = STR_EMPTY;
	va_list args;

	va_start(args, fmt);
	str_vprintf(&text, fmt, args);
	va_end(args);
	sanitise(str_text(&text), text.len, &safe);
	str_fini(&text);
	*c = (struct comparison) { .base = base, .why_not = str_take(&safe) };
}

bool
comparison_is_done(const struct comparison *c)
{
	return c->with != NULL;
}

const struct compare_row *
comparison_of(const struct comparison *c, size_t member)
{
	return comparison_is_done(c) && member < c->members ? &c->rows[member] : NULL;
}

struct state_text {
	const char *word;
	const char *counted; /* behind its number */
	char badge;
};

static const struct state_text texts[COMPARE_BASE_COUNT][COMPARE_STATE_COUNT] = {
	[COMPARE_GIT] = {
		[COMPARE_NONE] = { "not compared", "not compared", ' ' },
		[COMPARE_SAME] = { "SAME", "same", ' ' },
		[COMPARE_MODIFIED] = { "MODIFIED", "modified", 'g' },
		[COMPARE_ADDED] = { "NOT IN GIT", "not in git", 'G' },
		[COMPARE_MISSING] = { "MISSING", "missing", '-' },
		[COMPARE_MOVED] = { "MOVED", "moved", 'M' },
		[COMPARE_GENERATED] = { "GENERATED", "generated", '.' },
	},
	[COMPARE_RELEASE] = {
		[COMPARE_NONE] = { "not compared", "not compared", ' ' },
		[COMPARE_SAME] = { "same", "same", ' ' },
		[COMPARE_MODIFIED] = { "changed", "changed", '~' },
		[COMPARE_ADDED] = { "added", "added", '+' },
		[COMPARE_MISSING] = { "removed", "removed", '-' },
		[COMPARE_MOVED] = { "moved", "moved", 'M' },
		[COMPARE_GENERATED] = { "written anew", "written anew", '.' },
	},
};

const char *
compare_word(enum compare_base base, enum compare_state state)
{
	return texts[base][state].word;
}

char
compare_badge(enum compare_base base, enum compare_state state)
{
	return texts[base][state].badge;
}

/* What makes a file worse news than another one of its state. */
static int
note_weight(unsigned notes)
{
	return notes & (COMPARE_RUNS | COMPARE_BUILDS) ? 3
	       : notes & COMPARE_BINARY		       ? 2
	       : notes & COMPARE_CODE		       ? 1
						       : 0;
}

int
compare_weight(enum compare_base base, const struct compare_row *row)
{
	switch (row->state) {
	case COMPARE_NONE:
	case COMPARE_SAME:
		return 0;
	case COMPARE_GENERATED:
		return 1;
	case COMPARE_MISSING:
		return row->notes & COMPARE_LEFT_OUT ? 0 : 2;
	case COMPARE_MOVED:
		return 3;
	case COMPARE_MODIFIED:
		if (row->notes & (COMPARE_LINE_ENDINGS | COMPARE_EXECUTABLE))
			return 2;
		return (base == COMPARE_GIT ? 8 : 4) + note_weight(row->notes);
	case COMPARE_ADDED:
		return (base == COMPARE_GIT ? 8 : 5) + note_weight(row->notes);
	case COMPARE_STATE_COUNT:
		break;
	}
	return 0;
}

const char *
compare_topic_word(enum compare_topic topic)
{
	static const char *const words[] = {
		[COMPARE_DEPENDENCY] = "dependency",
		[COMPARE_REQUIRES_PYTHON] = "Requires-Python",
		[COMPARE_ENTRY_POINT] = "entry point",
		[COMPARE_AUTHOR] = "author",
		[COMPARE_URL] = "project URL",
		[COMPARE_LICENSE] = "licence",
		[COMPARE_BACKEND] = "build backend",
		[COMPARE_GENERATOR] = "generator",
		[COMPARE_NATIVE] = "binary",
		[COMPARE_STARTS] = "file that runs by itself",
		[COMPARE_GROWTH] = "unpacked size",
	};
	_Static_assert(ARRAY_LEN(words) == COMPARE_TOPIC_COUNT, "one word a topic");

	assert(topic < COMPARE_TOPIC_COUNT);
	return words[topic];
}

void
compare_fact_text(const struct compare_fact *f, struct str *out)
{
	str_puts(out, compare_topic_word(f->topic));
	if (f->before == NULL)
		str_printf(out, " added: %s", f->after);
	else if (f->after == NULL)
		str_printf(out, " removed: %s", f->before);
	else
		str_printf(out, " changed: %s -> %s", f->before, f->after);
}

void
compare_short(const struct comparison *c, struct str *out)
{
	static const struct {
		enum compare_state state;
		const char *sign;
	} shown[] = {
		{ COMPARE_ADDED, "+" },
		{ COMPARE_MISSING, "\xe2\x88\x92" },
		{ COMPARE_MODIFIED, "~" },
		{ COMPARE_MOVED, "M" },
	};
	size_t start;

	if (!comparison_is_done(c)) {
		str_printf(out, "%s: not compared", c->base == COMPARE_GIT ? "git" : "release");
		return;
	}
	str_printf(out, "%s%s", c->label, c->base == COMPARE_GIT ? "" : ":");
	start = out->len;
	for (size_t i = 0; i < ARRAY_LEN(shown); i++)
		if (c->counts[shown[i].state] > 0)
			str_printf(out, " %s%zu", shown[i].sign, c->counts[shown[i].state]);
	if (c->counts[COMPARE_NONE] > 0)
		str_printf(out, " ?%zu", c->counts[COMPARE_NONE]);
	if (out->len == start)
		str_puts(out, " \xe2\x9c\x93");
}

static void
put_growth(const struct comparison *c, struct str *out)
{
	double more = (double)c->size - (double)c->size_before;
	double percent;

	if (c->size_before == 0)
		return;
	percent = 100 * more / (double)c->size_before;
	if (percent >= 1)
		str_printf(out, ", %.0f %% larger", percent);
	else if (percent <= -1)
		str_printf(out, ", %.0f %% smaller", -percent);
}

void
compare_summary(const struct comparison *c, struct str *out)
{
	static const enum compare_state order[] = { COMPARE_ADDED, COMPARE_MISSING,
		COMPARE_MODIFIED, COMPARE_MOVED, COMPARE_GENERATED, COMPARE_SAME, COMPARE_NONE };
	size_t start = out->len;

	if (!comparison_is_done(c)) {
		str_puts(out, c->why_not != NULL ? c->why_not : "not compared");
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		if (c->counts[order[i]] > 0)
			str_printf(out, "%s%zu %s", out->len > start ? ", " : "",
			    c->counts[order[i]], texts[c->base][order[i]].counted);
	if (c->left_out > 0)
		str_printf(out, "%s%zu usually left out", out->len > start ? ", " : "",
		    c->left_out);
	if (out->len == start)
		str_puts(out, "no files");
	if (c->base == COMPARE_RELEASE)
		put_growth(c, out);
}
