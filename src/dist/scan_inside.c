/* Archives inside of what is checked: names, links and contents by the same rules, as far as the
 * limits of the file around them reach. Nothing in one keeps an upload from working. */
#include <stdlib.h>
#include <string.h>

#include "archive_priv.h"
#include "scan.h"
#include "slipway/base/mem.h"

/* Rules that are about what an index takes, not about what others would read. */
static bool
is_for_uploads(enum rule_id rule)
{
	static const enum rule_id rules[] = { RULE_ZIP_METHOD, RULE_ZIP_ENCRYPTED,
		RULE_ZIP_STREAMED, RULE_ZIP_COMMENT, RULE_ZIP_ARCHIVE_COMMENT, RULE_GZ_SPLIT,
		RULE_GZ_HEADER };

	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		if (rules[i] == rule)
			return true;
	return false;
}

/* The same finding about the member of the archive around it, under "outer.zip!inner". */
static void
move_one(struct scan *s, const struct finding *item, struct findings *to, size_t seen[RULE_COUNT])
{
	const struct dist_rule *rule = dist_rule(item->rule);
	bool lower = rule->severity == FINDING_ERROR && item->rule != RULE_LIMIT;
	struct finding_place place = check_at(s->c, s->index, item->line);
	struct str name = STR_EMPTY;

	str_append(&name, s->name.data, s->name.len);
	if (item->member != NULL) {
		str_putc(&name, '!');
		str_puts(&name, item->member);
	}
	place.name = str_text(&name);
	place.name_len = name.len;
	if (lower)
		findings_add(to, RULE_INSIDE, place, "%s: %s", rule->title, item->message);
	else
		findings_add(to, item->rule, place, "%s", item->message);
	/* Those that were cut count under the rule that they became. */
	if (seen[item->rule] > 0) {
		to->seen[lower ? RULE_INSIDE : item->rule] += seen[item->rule];
		seen[item->rule] = 0;
	}
	str_fini(&name);
}

static void
move(struct scan *s, struct findings *found)
{
	struct findings moved = FINDINGS_EMPTY;
	size_t cut[RULE_COUNT] = { 0 };

	for (size_t i = 0; i < RULE_COUNT; i++)
		cut[i] = found->seen[i] > FINDINGS_PER_RULE ? found->seen[i] - FINDINGS_PER_RULE
							    : 0;
	for (size_t i = 0; i < found->count; i++)
		if (!is_for_uploads(found->items[i].rule))
			move_one(s, &found->items[i], &moved, cut);
	if (moved.seen[RULE_SECRET_TEXT] > 0)
		s->marks |= MARK_SECRET;
	findings_take(s->f, &moved);
}

static void
spend(_Atomic uint64_t *left, uint64_t bytes)
{
	uint64_t now = *left;

	while (!atomic_compare_exchange_weak(left, &now, now > bytes ? now - bytes : 0))
		;
}

static void
look_into(struct scan *s, struct archive *a)
{
	struct findings found = FINDINGS_EMPTY;
	struct check inner = { .opts = s->c->opts,
		.a = a,
		.f = &found,
		.name = { .kind = DIST_SDIST },
		.meta_index = FINDING_NO_MEMBER,
		.inside = s->c->inside };

	findings_copy(&found, archive_findings(a));
	check_names(&inner);
	check_pass(&inner, NULL, NULL);
	spend(&s->c->inside->bytes, a->inflated + inner.given);
	spend(&s->c->inside->entries, archive_count(a));
	move(s, &found);
	findings_add(s->f, RULE_BINARY_ARCHIVE, check_at(s->c, s->index, 0),
	    "%s, %zu entries, looked into", s->archive, archive_count(a));
	findings_fini(&found);
}

void
scan_inside(struct scan *s)
{
	struct archive_limits left = s->c->a->limits;
	struct finding_place at = check_at(s->c, s->index, 0);
	struct archive *a = NULL;
	struct err why = ERR_EMPTY;
	enum err_code rc;

	if (s->program.len == 0) {
		rc = ERR_UNSUPPORTED;
	} else if (s->kept_all) {
		left.total_bytes = s->c->inside->bytes;
		left.entries = (size_t)s->c->inside->entries;
		rc = archive_open_memory(
		    s->c->a, s->name, str_text(&s->program), s->program.len, &left, &a, &why);
	} else {
		rc = err_set(&why, ERR_LIMIT, "larger than %zu MiB", SCAN_INSIDE_MAX >> 20);
	}
	if (rc == ERR_OK)
		look_into(s, a);
	else if (rc != ERR_CANCELLED)
		findings_add(s->f, RULE_BINARY_ARCHIVE, at, "%s data, which is not looked into%s%s",
		    s->archive, rc == ERR_LIMIT ? ": " : "", rc == ERR_LIMIT ? why.message : "");
	archive_close(a);
}
