/* Findings and the one table of rules. Knows nothing of archives. */
#include "slipway/dist/finding.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/base/str.h"

#define NAME_SHOWN 1024
#define MESSAGE_SHOWN 2048

static const struct dist_rule rules[] = {
#define RULE(name, id_, severity_, title_, meaning_, fix_)                                         \
	[RULE_##name] = { .id = id_,                                                               \
		.severity = FINDING_##severity_,                                                   \
		.title = title_,                                                                   \
		.meaning = meaning_,                                                               \
		.fix = fix_ },
#include "slipway/dist/rules.def"
#undef RULE
};
_Static_assert(ARRAY_LEN(rules) == RULE_COUNT, "one row per rule");

const struct dist_rule *
dist_rule(enum rule_id id)
{
	assert(id < RULE_COUNT);
	return &rules[id];
}

/* check-wheel-contents had these first; its other ids are ours too. */
static const struct {
	const char *other;
	enum rule_id rule;
} aliases[] = {
	{ "W001", RULE_LEFT_PYC },
	{ "W005", RULE_LEFT_TOP_LEVEL },
	{ "W008", RULE_WHEEL_EMPTY },
};

const struct dist_rule *
dist_rule_find(const char *id)
{
	for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
		if (strcasecmp(aliases[i].other, id) == 0)
			return &rules[aliases[i].rule];
	for (size_t i = 0; i < RULE_COUNT; i++)
		if (strcasecmp(rules[i].id, id) == 0)
			return &rules[i];
	return NULL;
}

enum rule_id
dist_rule_index(const struct dist_rule *rule)
{
	return (enum rule_id)(rule - rules);
}

const char *
finding_severity_name(enum finding_severity severity)
{
	static const char *const names[] = {
		[FINDING_INFO] = "INFO",
		[FINDING_WARN] = "WARN",
		[FINDING_ERROR] = "ERROR",
	};
	_Static_assert(ARRAY_LEN(names) == FINDING_SEVERITY_COUNT, "one name per severity");

	assert(severity < FINDING_SEVERITY_COUNT);
	return names[severity];
}

static void
finding_fini(struct finding *f)
{
	free(f->member);
	free(f->message);
	free(f->sha256);
	free(f->reason);
}

void
findings_fini(struct findings *f)
{
	for (size_t i = 0; i < f->count; i++)
		finding_fini(&f->items[i]);
	free(f->items);
	*f = (struct findings)FINDINGS_EMPTY;
}

static char *
safe(const char *text, size_t len, size_t max)
{
	char *buf = mem_alloc(max);
	char *copy;

	sanitise_line(text, len, buf, max);
	copy = mem_strdup(buf);
	free(buf);
	return copy;
}

void
findings_put(struct findings *f, struct finding item)
{
	f->items = mem_grow(f->items, &f->cap, f->count + 1, sizeof f->items[0]);
	f->items[f->count++] = item;
}

void
findings_add(
    struct findings *f, enum rule_id rule, struct finding_place place, const char *fmt, ...)
{
	struct str text = STR_EMPTY;
	va_list args;

	assert(rule < RULE_COUNT);
	if (f->seen[rule]++ >= FINDINGS_PER_RULE)
		return;
	va_start(args, fmt);
	str_vprintf(&text, fmt, args);
	va_end(args);
	findings_put(f,
	    (struct finding) {
		.rule = rule,
		.severity = rules[rule].severity,
		.index = place.index,
		.member = place.name != NULL ? safe(place.name, place.name_len, NAME_SHOWN) : NULL,
		.line = place.line,
		.message = safe(str_text(&text), text.len, MESSAGE_SHOWN),
	    });
	str_fini(&text);
}

void
findings_close(struct findings *f)
{
	if (f->closed)
		return;
	for (size_t i = 0; i < RULE_COUNT; i++) {
		if (f->seen[i] <= FINDINGS_PER_RULE)
			continue;
		findings_put(f, (struct finding) {
			    .rule = (enum rule_id)i,
			    .severity = rules[i].severity,
			    .index = FINDING_NO_MEMBER,
			    .message = mem_printf(
				"and %zu more: %s", f->seen[i] - FINDINGS_PER_RULE, rules[i].title),
			});
	}
	f->closed = true;
}

void
findings_take(struct findings *to, struct findings *from)
{
	size_t kept[RULE_COUNT] = { 0 };

	for (size_t i = 0; i < to->count; i++)
		kept[to->items[i].rule]++;
	for (size_t i = 0; i < RULE_COUNT; i++) {
		/* Of two sides that do not agree the worse one counts. */
		if (from->seen[i] > 0)
			to->lowered[i] =
			    from->lowered[i] && (to->seen[i] == 0 || to->lowered[i]);
		to->seen[i] += from->seen[i];
		to->acknowledged[i] += from->acknowledged[i];
	}
	for (size_t i = 0; i < from->count; i++) {
		if (kept[from->items[i].rule]++ < FINDINGS_PER_RULE)
			findings_put(to, from->items[i]);
		else
			finding_fini(&from->items[i]);
	}
	free(from->items);
	*from = (struct findings)FINDINGS_EMPTY;
}

void
findings_copy(struct findings *to, const struct findings *from)
{
	struct findings copy = *from;

	copy.items = NULL;
	copy.count = copy.cap = 0;
	for (size_t i = 0; i < from->count; i++) {
		struct finding item = from->items[i];

		item.member = mem_strdup(item.member);
		item.message = mem_strdup(item.message);
		item.sha256 = mem_strdup(item.sha256);
		item.reason = mem_strdup(item.reason);
		findings_put(&copy, item);
	}
	findings_take(to, &copy);
}

size_t
findings_at_least(const struct findings *f, enum finding_severity severity)
{
	size_t count = 0;

	for (size_t i = 0; i < RULE_COUNT; i++)
		if ((f->lowered[i] ? FINDING_WARN : rules[i].severity) >= severity)
			count += f->seen[i] - f->acknowledged[i];
	return count;
}

void
findings_lower(struct findings *f, enum rule_id rule)
{
	if (rules[rule].severity != FINDING_ERROR)
		return;
	f->lowered[rule] = true;
	for (size_t i = 0; i < f->count; i++)
		if (f->items[i].rule == rule)
			f->items[i].severity = FINDING_WARN;
}

void
findings_ignore(struct findings *f, enum rule_id rule)
{
	size_t kept = 0;

	if (rule == RULE_LIMIT || rule == RULE_CHANGED)
		return;
	f->seen[rule] = f->acknowledged[rule] = 0;
	for (size_t i = 0; i < f->count; i++) {
		if (f->items[i].rule == rule)
			finding_fini(&f->items[i]);
		else
			f->items[kept++] = f->items[i];
	}
	f->count = kept;
}

void
findings_acknowledge(struct findings *f, size_t i, const char *reason)
{
	struct finding *item = &f->items[i];

	assert(i < f->count);
	if (item->reason == NULL && reason != NULL)
		f->acknowledged[item->rule]++;
	else if (item->reason != NULL && reason == NULL)
		f->acknowledged[item->rule]--;
	mem_set(&item->reason, reason);
}

static int
compare(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int names;

	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	names = strcmp(x->member != NULL ? x->member : "", y->member != NULL ? y->member : "");
	if (names != 0)
		return names;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->rule != y->rule)
		return x->rule < y->rule ? -1 : 1;
	return strcmp(x->message, y->message);
}

void
findings_sort(struct findings *f)
{
	if (f->count > 1)
		qsort(f->items, f->count, sizeof f->items[0], compare);
}
