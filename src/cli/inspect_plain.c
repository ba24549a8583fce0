/* slipway inspect for people who read lines: a terminal without a screen, a log, a screen reader.
 */
#include <stdlib.h>
#include <string.h>

#include "findings_out.h"
#include "inspect_look.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/os/clock.h"

static void
put_field(const char *name, const char *value, struct str *out)
{
	str_printf(out, "  %-24s ", name);
	sanitise(value, strlen(value), out);
	str_putc(out, '\n');
}

static void
put_metadata(const struct look *k, struct str *out)
{
	str_puts(out, "\nMetadata\n");
	if (!k->has_metadata)
		str_puts(out, "  not there, or not to be read\n");
	for (size_t i = 0; i < k->metadata.count; i++) {
		const struct metadata_field *f = &k->metadata.fields[i];
		char *name = mem_strndup(f->name.data, f->name.len);
		char *safe = safe_text(name);

		if (f->key != METADATA_DESCRIPTION)
			put_field(safe, f->value.data, out);
		free(safe);
		free(name);
	}
}

static void
put_base(const struct comparison *c, const char *title, struct str *out)
{
	str_printf(out, "  %-8s ", title);
	if (comparison_is_done(c)) {
		str_printf(out, "%s: ", c->with);
		compare_summary(c, out);
	} else {
		str_printf(out, "not compared: %s", c->why_not);
	}
	str_putc(out, '\n');
	if (c->remark != NULL)
		str_printf(out, "           %s\n", c->remark);
	for (size_t i = 0; i < c->fact_count; i++) {
		str_puts(out, "           ");
		compare_fact_text(&c->facts[i], out);
		str_putc(out, '\n');
	}
}

/* Behind the name of a member: "   [NOT IN GIT; added]", states that say nothing left out. */
static void
put_states(const struct look *k, size_t member, struct str *out)
{
	bool any = false;

	for (int b = 0; b < COMPARE_BASE_COUNT; b++) {
		const struct compare_row *row = comparison_of(&k->compared->with[b], member);

		if (row == NULL || row->state == COMPARE_SAME ||
		    (row->state == COMPARE_NONE && row->reason == NULL))
			continue;
		str_printf(out, "%s%s", any ? "; " : "   [",
		    compare_word((enum compare_base)b, row->state));
		if (row->reason != NULL)
			str_printf(out, ": %s", row->reason);
		any = true;
	}
	if (any)
		str_putc(out, ']');
}

static void
put_members(const struct look *k, struct str *out)
{
	char size[32];

	str_printf(out, "\nFiles (%zu)\n", archive_count(k->archive));
	for (size_t i = 0; i < archive_count(k->archive); i++) {
		const struct member *m = archive_member(k->archive, i);

		str_printf(out, "  %9s  ",
		    m->kind == MEMBER_FILE ? size_text(m->size, size, sizeof size)
					   : look_kind_word(m->kind));
		sanitise(m->name.data, m->name.len, out);
		if (m->link.len > 0) {
			str_puts(out, " -> ");
			sanitise(m->link.data, m->link.len, out);
		}
		put_states(k, i, out);
		str_puts(out, m->hidden ? "   (hidden from usual readers)\n" : "\n");
	}
	if (!archive_is_complete(k->archive))
		str_puts(out, "  ... the listing is not complete: see the findings\n");
}

/* What a list of members cannot show. */
static void
put_gone(const struct comparison *c, const char *title, struct str *out)
{
	if (!comparison_is_done(c) || c->count == c->members)
		return;
	str_printf(out, "\n%s (%zu)\n", title, c->count - c->members);
	for (size_t i = c->members; i < c->count; i++) {
		str_puts(out, "  ");
		sanitise(c->rows[i].path.data, c->rows[i].path.len, out);
		if (c->rows[i].reason != NULL)
			str_printf(out, "   [%s]", c->rows[i].reason);
		str_puts(out, c->rows[i].notes & COMPARE_LEFT_OUT ? "   [usually left out]\n"
								  : "\n");
	}
}

static void
put_findings(const struct look *k, bool colour, struct str *out)
{
	str_printf(out, "\nFindings (%zu)\n", k->found.count);
	for (size_t i = 0; i < k->found.count; i++) {
		str_puts(out, "  ");
		finding_text(&k->found.items[i], colour, out);
		str_putc(out, '\n');
	}
}

void
inspect_plain(const struct look *k, bool colour, struct str *out)
{
	const struct comparison *git = &k->compared->with[COMPARE_GIT];
	const struct comparison *release = &k->compared->with[COMPARE_RELEASE];
	char size[32];

	str_printf(out, "%s\n  %s, %s, sha256 %s\n", k->name, look_format(k),
	    size_text(k->size, size, sizeof size), k->sha256);
	put_metadata(k, out);
	str_puts(out, "\nCompared\n");
	put_base(git, "git", out);
	put_base(release, "release", out);
	put_members(k, out);
	put_gone(git, "In git alone", out);
	put_gone(release, "Removed since the release", out);
	put_findings(k, colour, out);
}
