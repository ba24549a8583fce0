/* Which version may follow another: the bumps, and the list of choices that the wizard offers.
 * Results are built as text and read back, so nothing leaves here that is not a version greater
 * than the current one. */
#include "slipway/project/version.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"

static const char *const names[BUMP_COUNT] = {
	[BUMP_PATCH] = "patch",
	[BUMP_MINOR] = "minor",
	[BUMP_MAJOR] = "major",
	[BUMP_FINAL] = "final",
	[BUMP_RC] = "rc",
	[BUMP_ALPHA] = "alpha",
	[BUMP_BETA] = "beta",
	[BUMP_DEV] = "dev",
	[BUMP_POST] = "post",
	[BUMP_LAST] = "last",
	[BUMP_CALENDAR] = "calendar",
};
_Static_assert(ARRAY_LEN(names) == BUMP_COUNT, "one word per bump");

const char *
version_bump_name(enum version_bump bump)
{
	return bump < BUMP_COUNT ? names[bump] : "";
}

bool
version_bump_from(const char *word, enum version_bump *out)
{
	for (size_t i = 0; i <= BUMP_POST; i++) {
		if (strcmp(word, names[i]) == 0) {
			*out = (enum version_bump)i;
			return true;
		}
	}
	return false;
}

static struct bytes
part(const struct version *v, struct version_part p)
{
	return (struct bytes) { version_text(v) + p.at, p.len };
}

/* Appends NUMBER + 1, whatever its length. */
static void
put_incremented(struct str *out, struct bytes number)
{
	size_t at = out->len, i;

	str_append(out, number.data, number.len);
	for (i = out->len; i > at && out->data[i - 1] == '9'; i--)
		out->data[i - 1] = '0';
	if (i > at)
		out->data[i - 1]++;
	else
		str_splice(out, at, 0, "1", 1);
}

static void
put_epoch(const struct version *v, struct str *out)
{
	str_append(out, version_text(v), v->release.at);
}

/* Raises the number at INDEX and zeroes those behind it; the release keeps its length or grows to
 * INDEX. */
static void
put_release(const struct version *v, size_t index, struct str *out)
{
	size_t count = version_release_len(v);

	put_epoch(v, out);
	for (size_t i = 0; i < count || i <= index; i++) {
		struct bytes number = version_release_at(v, i);

		if (i > 0)
			str_putc(out, '.');
		if (i == index)
			put_incremented(out, number);
		else if (i < index)
			str_append(out, number.data, number.len);
		else
			str_putc(out, '0');
	}
}

static const char *
phase_word(char phase)
{
	return phase == 'a' ? "a" : phase == 'b' ? "b" : "rc";
}

/* Appends "rc1" and the like; BUMP is one of alpha, beta, rc and dev. */
static void
put_first_pre(enum version_bump bump, struct str *out)
{
	str_puts(out, bump == BUMP_ALPHA  ? "a1"
		      : bump == BUMP_BETA ? "b1"
		      : bump == BUMP_RC	  ? "rc1"
					  : ".dev1");
}

static bool
is_phase(enum version_bump bump)
{
	return bump == BUMP_ALPHA || bump == BUMP_BETA || bump == BUMP_RC;
}

/* alpha, beta, rc: the next of its phase, or the first one; of a final version that of the next
 * minor. */
static void
put_phase(const struct version *v, enum version_bump bump, struct str *out)
{
	char phase = bump == BUMP_ALPHA ? 'a' : bump == BUMP_BETA ? 'b' : 'r';
	struct bytes number = part(v, v->pre);

	if (!version_is_pre(v) || (v->phase == 0 && version_is_post(v))) {
		put_release(v, 1, out);
		put_first_pre(bump, out);
		return;
	}
	version_base(v, out);
	if (v->phase != phase) {
		put_first_pre(bump, out);
		return;
	}
	str_puts(out, phase_word(phase));
	if (version_is_dev(v) && !version_is_post(v))
		str_append(out, number.data, number.len);
	else
		put_incremented(out, number);
}

/* The text before .postN and .devN: release and pre. */
static void
put_trunk(const struct version *v, struct str *out)
{
	size_t end = v->phase != 0 ? v->pre.at + v->pre.len : v->release.at + v->release.len;

	str_append(out, version_text(v), end);
}

static void
put_dev(const struct version *v, struct str *out)
{
	if (version_is_dev(v)) {
		str_append(out, version_text(v), v->dev.at);
		put_incremented(out, part(v, v->dev));
		return;
	}
	if (v->phase != 0) {
		version_base(v, out);
		str_puts(out, phase_word(v->phase));
		put_incremented(out, part(v, v->pre));
	} else {
		put_release(v, 1, out);
	}
	put_first_pre(BUMP_DEV, out);
}

static enum err_code
put_post(const struct version *v, struct str *out, struct err *e)
{
	struct bytes number = part(v, v->post);

	if (version_is_dev(v) && !version_is_post(v)) {
		err_set(e, ERR_INVALID,
		    "a post release follows a release, and %s is a development version",
		    version_text(v));
		err_hint(e, "make it final first");
		return ERR_INVALID;
	}
	put_trunk(v, out);
	str_puts(out, ".post");
	if (number.len == 0)
		str_putc(out, '1');
	else if (version_is_dev(v))
		str_append(out, number.data, number.len);
	else
		put_incremented(out, number);
	return ERR_OK;
}

static void
put_final(const struct version *v, struct str *out)
{
	struct bytes number = part(v, v->post);

	version_base(v, out);
	if (v->phase == 0 && number.len > 0)
		str_printf(out, ".post%.*s", (int)number.len, number.data);
}

/* Reads TEXT back as *OUT, when it is greater than CURRENT. */
static enum err_code
accept(const struct version *current, const struct str *text, enum version_bump bump,
    struct version *out, struct err *e)
{
	struct version v = VERSION_EMPTY;
	enum err_code rc = version_parse(str_text(text), &v, e);

	if (rc != ERR_OK)
		return rc;
	if (version_compare(&v, current) <= 0) {
		rc = err_set(e, ERR_INVALID, "%s of %s would be %s, which is not greater",
		    version_bump_name(bump), version_text(current), version_text(&v));
		err_hint(e, bump == BUMP_FINAL
				? "it is final already: choose patch, minor or major"
				: "a later phase, final, patch, minor or major go on");
		version_fini(&v);
		return rc;
	}
	*out = v;
	return ERR_OK;
}

enum err_code
version_next(
    const struct version *current, enum version_bump bump, struct version *out, struct err *e)
{
	struct str text = STR_EMPTY;
	enum err_code rc = ERR_OK;

	switch (bump) {
	case BUMP_PATCH:
		put_release(current, 2, &text);
		break;
	case BUMP_MINOR:
		put_release(current, 1, &text);
		break;
	case BUMP_MAJOR:
		put_release(current, 0, &text);
		break;
	case BUMP_LAST:
		put_release(current, version_release_len(current) - 1, &text);
		break;
	case BUMP_FINAL:
		put_final(current, &text);
		break;
	case BUMP_RC:
	case BUMP_ALPHA:
	case BUMP_BETA:
		put_phase(current, bump, &text);
		break;
	case BUMP_DEV:
		put_dev(current, &text);
		break;
	case BUMP_POST:
		rc = put_post(current, &text, e);
		break;
	case BUMP_CALENDAR:
	case BUMP_COUNT:
		rc = err_set(e, ERR_USAGE, "no such bump");
		break;
	}
	if (rc == ERR_OK)
		rc = accept(current, &text, bump, out, e);
	str_fini(&text);
	return rc;
}

enum err_code
version_next_pre(const struct version *current, enum version_bump base, enum version_bump pre,
    struct version *out, struct err *e)
{
	struct str text = STR_EMPTY;
	size_t index = base == BUMP_MAJOR ? 0 : base == BUMP_MINOR ? 1 : 2;
	enum err_code rc;

	if (base > BUMP_MAJOR || !(is_phase(pre) || pre == BUMP_DEV))
		return err_set(e, ERR_USAGE,
		    "\"%s and %s\" is no bump: patch, minor or major, then alpha, beta, rc or dev",
		    version_bump_name(base), version_bump_name(pre));
	put_release(current, index, &text);
	put_first_pre(pre, &text);
	rc = accept(current, &text, pre, out, e);
	str_fini(&text);
	return rc;
}

/* Takes V and NOTE over. */
static void
add(struct version_choices *c, enum version_bump bump, enum version_bump base, bool advanced,
    struct version *v, char *note)
{
	c->items = mem_grow(c->items, &c->cap, c->count + 1, sizeof c->items[0]);
	c->items[c->count++] = (struct version_choice) {
		.bump = bump, .base = base, .advanced = advanced, .result = *v, .note = note
	};
}

static const char *
release_note(const struct version *current, enum version_bump bump)
{
	bool zero = version_is_zero_major(current);

	if (version_is_pre(current) && !version_is_post(current))
		return bump == BUMP_PATCH   ? "gives this release up for the next patch"
		       : bump == BUMP_MINOR ? "gives this release up for the next minor"
					    : "gives this release up for the next major";
	if (bump == BUMP_MAJOR)
		return zero ? "declares it stable" : "breaking changes";
	if (bump == BUMP_MINOR)
		return zero ? "new features, and breaking changes while it is 0.x" : "new features";
	return bump == BUMP_LAST ? "the last number alone" : "fixes only";
}

static char *
note_for(const struct version *current, enum version_bump bump, const struct version *v)
{
	struct str base = STR_EMPTY;
	char *note;

	version_base(v, &base);
	switch (bump) {
	case BUMP_PATCH:
	case BUMP_MINOR:
	case BUMP_MAJOR:
	case BUMP_LAST:
		note = mem_strdup(release_note(current, bump));
		break;
	case BUMP_FINAL:
		note = mem_printf("the release that %s led up to", version_text(current));
		break;
	case BUMP_RC:
		note = mem_printf("candidate of %s", str_text(&base));
		break;
	case BUMP_ALPHA:
	case BUMP_BETA:
		note = mem_printf("%s of %s", version_bump_name(bump), str_text(&base));
		break;
	case BUMP_DEV:
		note = mem_printf("development version before %s", str_text(&base));
		break;
	case BUMP_POST:
		note = mem_strdup("the same code with corrected metadata");
		break;
	case BUMP_CALENDAR:
		note = mem_strdup("by today's date");
		break;
	case BUMP_COUNT:
	default:
		note = mem_strdup("");
		break;
	}
	str_fini(&base);
	return note;
}

/* Adds the bump when it leads to a greater version that is not in the list yet. */
static void
offer(struct version_choices *c, const struct version *current, enum version_bump bump,
    enum version_bump base, bool advanced)
{
	struct version v = VERSION_EMPTY;
	enum err_code rc = base == BUMP_COUNT ? version_next(current, bump, &v, NULL)
					      : version_next_pre(current, base, bump, &v, NULL);

	if (rc != ERR_OK)
		return;
	for (size_t i = 0; i < c->count; i++) {
		if (version_compare(&c->items[i].result, &v) == 0) {
			version_fini(&v);
			return;
		}
	}
	add(c, bump, base, advanced, &v, note_for(current, bump, &v));
}

static void
offer_all(struct version_choices *c, const struct version *current, const enum version_bump *bumps,
    size_t count, bool advanced)
{
	for (size_t i = 0; i < count; i++)
		offer(c, current, bumps[i], BUMP_COUNT, advanced);
}

/* 1.2.0rc1.dev3 goes to rc1; rc2 is the way to skip it. */
static void
offer_second(struct version_choices *c, const struct version *current)
{
	struct version v = VERSION_EMPTY, skipped = VERSION_EMPTY;
	enum version_bump bump = current->phase == 'a'	 ? BUMP_ALPHA
				 : current->phase == 'b' ? BUMP_BETA
							 : BUMP_RC;

	if (version_next(current, bump, &v, NULL) == ERR_OK &&
	    version_next(&v, bump, &skipped, NULL) == ERR_OK)
		add(c, bump, BUMP_COUNT, true, &skipped, note_for(current, bump, &skipped));
	version_fini(&v);
}

static bool
is_calendar(const struct version *v)
{
	struct bytes year = version_release_at(v, 0), month = version_release_at(v, 1);
	const char *y = year.data;
	size_t count = version_release_len(v);

	if (count < 2 || month.len > 2 || (month.len == 2 && memcmp(month.data, "12", 2) > 0))
		return false;
	return (year.len == 4 && y[0] == '2' && y[1] == '0') ||
	       (year.len == 2 && y[0] >= '2' && count == 3);
}

/* Year and month of TODAY with the current width of the year, then zeros; nothing unless it is
 * greater. */
static void
offer_calendar(struct version_choices *c, const struct version *current, const char *today)
{
	struct version v = VERSION_EMPTY;
	struct str text = STR_EMPTY;
	bool wide = version_release_at(current, 0).len == 4;

	if (today == NULL || strlen(today) != strlen("YYYY-MM-DD") || !is_calendar(current))
		return;
	put_epoch(current, &text);
	str_printf(&text, "%.*s.%.2s", wide ? 4 : 2, today + (wide ? 0 : 2), today + 5);
	for (size_t i = 2; i < version_release_len(current); i++)
		str_puts(&text, ".0");
	if (accept(current, &text, BUMP_CALENDAR, &v, NULL) == ERR_OK)
		add(c, BUMP_CALENDAR, BUMP_COUNT, false, &v, note_for(current, BUMP_CALENDAR, &v));
	str_fini(&text);
}

static void
offer_from_final(struct version_choices *c, const struct version *current)
{
	static const enum version_bump releases[] = { BUMP_PATCH, BUMP_MINOR, BUMP_MAJOR };
	static const enum version_bump pres[] = { BUMP_RC, BUMP_ALPHA, BUMP_BETA, BUMP_DEV };

	if (version_release_len(current) > 3)
		offer(c, current, BUMP_LAST, BUMP_COUNT, false);
	offer_all(c, current, releases, ARRAY_LEN(releases), false);
	if (version_is_post(current))
		offer(c, current, BUMP_POST, BUMP_COUNT, false);
	for (size_t i = 0; i < ARRAY_LEN(pres); i++)
		for (size_t k = 0; k < ARRAY_LEN(releases); k++)
			offer(c, current, pres[i], releases[k], true);
	offer(c, current, BUMP_POST, BUMP_COUNT, true);
}

static void
offer_from_pre(struct version_choices *c, const struct version *current)
{
	static const enum version_bump away[] = { BUMP_PATCH, BUMP_MINOR, BUMP_MAJOR };
	static const enum version_bump candidate[] = { BUMP_RC, BUMP_FINAL };
	static const enum version_bump early[] = { BUMP_ALPHA, BUMP_BETA, BUMP_RC, BUMP_FINAL };
	static const enum version_bump dev[] = { BUMP_FINAL, BUMP_RC, BUMP_BETA, BUMP_ALPHA,
		BUMP_DEV };

	if (current->phase == 0 && version_is_post(current)) {
		offer(c, current, BUMP_POST, BUMP_COUNT, false);
		offer(c, current, BUMP_DEV, BUMP_COUNT, false);
	} else if (current->phase == 0) {
		offer_all(c, current, dev, ARRAY_LEN(dev), false);
	} else if (current->phase == 'r') {
		offer_all(c, current, candidate, ARRAY_LEN(candidate), false);
	} else {
		offer_all(c, current, early, ARRAY_LEN(early), false);
	}
	if (current->phase != 0 && version_is_dev(current)) {
		offer(c, current, BUMP_DEV, BUMP_COUNT, false);
		offer_second(c, current);
	}
	offer_all(c, current, away, ARRAY_LEN(away), true);
	for (size_t i = 0; i < ARRAY_LEN(away); i++)
		offer(c, current, BUMP_RC, away[i], true);
}

/* 1.0.0+cu121 cannot go to an index; its public part is offered although it is lower. */
static void
offer_public(struct version_choices *c, const struct version *current)
{
	struct version v = VERSION_EMPTY;
	struct str text = STR_EMPTY;

	str_append(&text, version_text(current), current->local.at - 1);
	if (version_parse(str_text(&text), &v, NULL) == ERR_OK) {
		add(c, BUMP_FINAL, BUMP_COUNT, true, &v,
		    mem_printf("the public version; lower than %s", version_text(current)));
		c->items[c->count - 1].lower = true;
	}
	str_fini(&text);
}

void
version_choices(const struct version *current, const char *today, struct version_choices *out)
{
	struct version_choices c = VERSION_CHOICES_EMPTY;

	offer_calendar(&c, current, today);
	if (version_is_pre(current))
		offer_from_pre(&c, current);
	else
		offer_from_final(&c, current);
	if (version_has_local(current))
		offer_public(&c, current);
	*out = c;
}

void
version_choices_fini(struct version_choices *c)
{
	for (size_t i = 0; i < c->count; i++) {
		version_fini(&c->items[i].result);
		mem_set(&c->items[i].note, NULL);
	}
	free(c->items);
	*c = (struct version_choices)VERSION_CHOICES_EMPTY;
}
