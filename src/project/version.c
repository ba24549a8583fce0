/* PEP 440 texts: one pass over the bytes writes the normal form and notes where its parts stand, so
 * a version is two strings and its order needs no numbers that could overflow. */
#include "slipway/project/version.h"

#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/utf8.h"

/* The text that is left, and what was read so far for the message. */
struct cursor {
	const char *start;
	const char *p;
	const char *end;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool
is_alnum(char c)
{
	return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z');
}

static bool
is_separator(char c)
{
	return c == '.' || c == '-' || c == '_';
}

/* White space as Python's \s has it: the version pattern allows it around. */
static bool
is_space(uint32_t cp)
{
	return (cp >= 0x09 && cp <= 0x0d) || (cp >= 0x1c && cp <= 0x20) || cp == 0x85 ||
	       cp == 0xa0 || cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200a) || cp == 0x2028 ||
	       cp == 0x2029 || cp == 0x202f || cp == 0x205f || cp == 0x3000;
}

static struct bytes
trim(struct bytes b)
{
	uint32_t cp;
	size_t used;

	while (b.len > 0 && (used = utf8_decode(b.data, b.len, &cp)) > 0 && is_space(cp)) {
		b.data += used;
		b.len -= used;
	}
	while (b.len > 0) {
		size_t at = b.len - 1;

		while (at > 0 && b.len - at < 4 && ((unsigned char)b.data[at] & 0xc0) == 0x80)
			at--;
		used = utf8_decode(b.data + at, b.len - at, &cp);
		if (used != b.len - at || !is_space(cp))
			break;
		b.len = at;
	}
	return b;
}

static bool
peek(const struct cursor *c, char want)
{
	return c->p < c->end && lower(*c->p) == want;
}

/* Takes digits without their leading zeros; false when there are none. */
static bool
take_digits(struct cursor *c, struct bytes *out)
{
	const char *start = c->p;

	while (c->p < c->end && is_digit(*c->p))
		c->p++;
	if (c->p == start)
		return false;
	while (start + 1 < c->p && *start == '0')
		start++;
	*out = (struct bytes) { start, (size_t)(c->p - start) };
	return true;
}

static struct version_part
put_part(struct str *out, struct bytes b)
{
	struct version_part part = { out->len, b.len };

	str_append(out, b.data, b.len);
	return part;
}

static bool
take_word(struct cursor *c, const char *word)
{
	const char *p = c->p;

	for (; *word != '\0'; word++, p++)
		if (p >= c->end || lower(*p) != *word)
			return false;
	c->p = p;
	return true;
}

/* [._-]? WORD [._-]? N?, the number 0 when it is missing; false takes nothing. */
static bool
take_segment(struct cursor *c, const char *const *words, size_t *which, struct bytes *number)
{
	struct cursor at = *c;

	if (at.p < at.end && is_separator(*at.p))
		at.p++;
	for (*which = 0; words[*which] != NULL; ++*which)
		if (take_word(&at, words[*which]))
			break;
	if (words[*which] == NULL)
		return false;
	if (at.p < at.end && is_separator(*at.p))
		at.p++;
	if (!take_digits(&at, number))
		*number = bytes_of("0");
	*c = at;
	return true;
}

static void
take_pre(struct cursor *c, struct str *out, struct version *v)
{
	/* Longer words before those that they begin with. */
	static const char *const words[] = { "alpha", "a", "beta", "b", "preview", "pre", "c", "rc",
		NULL };
	static const char phase[] = { 'a', 'a', 'b', 'b', 'r', 'r', 'r', 'r' };
	struct bytes number;
	size_t which;

	if (!take_segment(c, words, &which, &number))
		return;
	v->phase = phase[which];
	str_puts(out, v->phase == 'a' ? "a" : v->phase == 'b' ? "b" : "rc");
	v->pre = put_part(out, number);
}

static void
take_post(struct cursor *c, struct str *out, struct version *v)
{
	static const char *const words[] = { "post", "rev", "r", NULL };
	struct cursor at = *c;
	struct bytes number;
	size_t which;

	if (peek(&at, '-')) {
		at.p++;
		if (take_digits(&at, &number)) {
			*c = at;
			str_puts(out, ".post");
			v->post = put_part(out, number);
			return;
		}
	}
	if (!take_segment(c, words, &which, &number))
		return;
	str_puts(out, ".post");
	v->post = put_part(out, number);
}

static void
take_dev(struct cursor *c, struct str *out, struct version *v)
{
	static const char *const words[] = { "dev", NULL };
	struct bytes number;
	size_t which;

	if (!take_segment(c, words, &which, &number))
		return;
	str_puts(out, ".dev");
	v->dev = put_part(out, number);
}

static bool
all_digits(const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_digit(p[i]))
			return false;
	return true;
}

/* +part[._-]part: lower case, dots, parts of digits without leading zeros. */
static bool
take_local(struct cursor *c, struct str *out, struct version *v)
{
	size_t at;

	if (!peek(c, '+'))
		return true;
	c->p++;
	str_putc(out, '+');
	at = out->len;
	for (;;) {
		const char *start = c->p;

		while (c->p < c->end && is_alnum(*c->p))
			c->p++;
		if (c->p == start)
			return false;
		if (all_digits(start, (size_t)(c->p - start)))
			while (start + 1 < c->p && *start == '0')
				start++;
		for (; start < c->p; start++)
			str_putc(out, lower(*start));
		if (c->p == c->end || !is_separator(*c->p))
			break;
		c->p++;
		str_putc(out, '.');
	}
	v->local = (struct version_part) { at, out->len - at };
	return true;
}

static enum err_code
refuse(const struct cursor *c, const char *what, struct err *e)
{
	int whole = (int)(c->end - c->start), done = (int)(c->p - c->start);
	int left = (int)(c->end - c->p);
	enum err_code rc;

	if (whole == 0)
		rc = err_set(e, ERR_INVALID, "\"\" is not a PEP 440 version: it is empty");
	else if (what != NULL && left > 0)
		rc = err_set(e, ERR_INVALID, "\"%.*s\" is not a PEP 440 version: %s, not \"%.*s\"",
		    whole, c->start, what, left, c->p);
	else if (what != NULL)
		rc = err_set(e, ERR_INVALID, "\"%.*s\" is not a PEP 440 version: %s, but it ends",
		    whole, c->start, what);
	else
		rc = err_set(e, ERR_INVALID,
		    "\"%.*s\" is not a PEP 440 version: \"%.*s\" cannot follow \"%.*s\"", whole,
		    c->start, left, c->p, done, c->start);
	err_hint(e, "a version looks like 1.2.3, 1.2.3rc1, 1.2.3.post1 or 1.2.3.dev1");
	return rc;
}

static enum err_code
parse_release(struct cursor *c, struct str *out, struct version *v, struct err *e)
{
	struct bytes number;
	size_t at;

	if (peek(c, 'v'))
		c->p++;
	if (!take_digits(c, &number))
		return refuse(c,
		    c->p == c->start ? "it must start with a number" : "a number must follow the v",
		    e);
	if (peek(c, '!')) {
		c->p++;
		if (!bytes_is(number, "0")) {
			v->epoch = put_part(out, number);
			str_putc(out, '!');
		}
		if (!take_digits(c, &number))
			return refuse(c, "a number must follow the epoch", e);
	}
	at = out->len;
	put_part(out, number);
	while (peek(c, '.')) {
		struct cursor next = { c->start, c->p + 1, c->end };

		if (!take_digits(&next, &number))
			break;
		*c = next;
		str_putc(out, '.');
		put_part(out, number);
	}
	v->release = (struct version_part) { at, out->len - at };
	return ERR_OK;
}

enum err_code
version_parse_bytes(struct bytes text, struct version *out, struct err *e)
{
	struct version v = VERSION_EMPTY;
	struct str normal = STR_EMPTY;
	struct cursor c;
	enum err_code rc;

	text = trim(text);
	c = (struct cursor) { text.data, text.data, text.data + text.len };
	rc = parse_release(&c, &normal, &v, e);
	if (rc != ERR_OK)
		goto out;
	take_pre(&c, &normal, &v);
	take_post(&c, &normal, &v);
	take_dev(&c, &normal, &v);
	if (!take_local(&c, &normal, &v))
		rc = refuse(&c, "letters or digits must follow in the local part", e);
	else if (c.p != c.end)
		rc = refuse(&c, NULL, e);
	if (rc != ERR_OK)
		goto out;
	v.normal = str_take(&normal);
	v.written = mem_strndup(text.data, text.len);
	*out = v;
out:
	str_fini(&normal);
	return rc;
}

enum err_code
version_parse(const char *text, struct version *out, struct err *e)
{
	return version_parse_bytes(bytes_of(text), out, e);
}

void
version_fini(struct version *v)
{
	mem_set(&v->normal, NULL);
	mem_set(&v->written, NULL);
	*v = (struct version)VERSION_EMPTY;
}

void
version_copy(const struct version *from, struct version *to)
{
	*to = *from;
	to->normal = mem_strdup(from->normal);
	to->written = mem_strdup(from->written);
}

char *
version_normal(const char *text)
{
	struct version v = VERSION_EMPTY;
	char *normal = NULL;

	if (version_parse(text, &v, NULL) == ERR_OK)
		normal = mem_strdup(version_text(&v));
	version_fini(&v);
	return normal;
}

const char *
version_text(const struct version *v)
{
	return v->normal != NULL ? v->normal : "";
}

const char *
version_written(const struct version *v)
{
	return v->written != NULL ? v->written : "";
}

static struct bytes
part(const struct version *v, struct version_part p)
{
	return (struct bytes) { version_text(v) + p.at, p.len };
}

/* Without leading zeros the longer number is the greater one. */
static int
compare_numbers(struct bytes a, struct bytes b)
{
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return memcmp(a.data, b.data, a.len);
}

/* Takes the piece before the next dot off REST; false at the end. */
static bool
take_piece(struct bytes *rest, struct bytes *piece)
{
	const char *dot;

	if (rest->len == 0)
		return false;
	dot = memchr(rest->data, '.', rest->len);
	piece->data = rest->data;
	piece->len = dot != NULL ? (size_t)(dot - rest->data) : rest->len;
	rest->data += piece->len + (dot != NULL);
	rest->len -= piece->len + (dot != NULL);
	return true;
}

static int
compare_release(struct bytes a, struct bytes b)
{
	for (;;) {
		struct bytes x = bytes_of("0"), y = bytes_of("0");
		bool more_a = take_piece(&a, &x), more_b = take_piece(&b, &y);
		int order = compare_numbers(x, y);

		if (order != 0 || (!more_a && !more_b))
			return order;
	}
}

static int
compare_local(struct bytes a, struct bytes b)
{
	for (;;) {
		struct bytes x = bytes_of(""), y = bytes_of("");
		bool more_a = take_piece(&a, &x), more_b = take_piece(&b, &y);
		bool number_x, number_y;
		int order;

		if (!more_a || !more_b)
			return (int)more_a - (int)more_b;
		number_x = all_digits(x.data, x.len);
		number_y = all_digits(y.data, y.len);
		if (number_x != number_y)
			return number_x ? 1 : -1;
		if (number_x) {
			order = compare_numbers(x, y);
		} else {
			order = memcmp(x.data, y.data, x.len < y.len ? x.len : y.len);
			if (order == 0)
				order = (x.len > y.len) - (x.len < y.len);
		}
		if (order != 0)
			return order;
	}
}

/* A release that has only dev lies before its first alpha; one without pre behind its last
 * candidate. */
static int
pre_rank(const struct version *v)
{
	switch (v->phase) {
	case 'a':
		return 0;
	case 'b':
		return 1;
	case 'r':
		return 2;
	default:
		return v->dev.len > 0 && v->post.len == 0 ? -1 : 3;
	}
}

/* Compares a part that may be absent: ABSENT is the rank of a missing one against 0. */
static int
compare_optional(const struct version *a, struct version_part x, const struct version *b,
    struct version_part y, int absent)
{
	if (x.len == 0 || y.len == 0)
		return (x.len == 0 ? absent : 0) - (y.len == 0 ? absent : 0);
	return compare_numbers(part(a, x), part(b, y));
}

int
version_compare(const struct version *a, const struct version *b)
{
	int order = compare_optional(a, a->epoch, b, b->epoch, -1);

	if (order == 0)
		order = compare_release(part(a, a->release), part(b, b->release));
	if (order == 0)
		order = pre_rank(a) - pre_rank(b);
	if (order == 0)
		order = compare_optional(a, a->pre, b, b->pre, 0);
	if (order == 0)
		order = compare_optional(a, a->post, b, b->post, -1);
	if (order == 0)
		order = compare_optional(a, a->dev, b, b->dev, 1);
	if (order == 0)
		order = compare_local(part(a, a->local), part(b, b->local));
	return order;
}

bool
version_is_pre(const struct version *v)
{
	return v->phase != 0 || v->dev.len > 0;
}

bool
version_is_dev(const struct version *v)
{
	return v->dev.len > 0;
}

bool
version_is_post(const struct version *v)
{
	return v->post.len > 0;
}

bool
version_has_local(const struct version *v)
{
	return v->local.len > 0;
}

bool
version_has_epoch(const struct version *v)
{
	return v->epoch.len > 0;
}

bool
version_is_placeholder(const struct version *v)
{
	return compare_release(part(v, v->release), bytes_of("0")) == 0 && v->phase == 0 &&
	       v->post.len == 0;
}

bool
version_is_zero_major(const struct version *v)
{
	return bytes_is(version_release_at(v, 0), "0");
}

size_t
version_release_len(const struct version *v)
{
	struct bytes rest = part(v, v->release), piece;
	size_t count = 0;

	while (take_piece(&rest, &piece))
		count++;
	return count;
}

struct bytes
version_release_at(const struct version *v, size_t index)
{
	struct bytes rest = part(v, v->release), piece;

	while (take_piece(&rest, &piece))
		if (index-- == 0)
			return piece;
	return bytes_of("0");
}

void
version_base(const struct version *v, struct str *out)
{
	str_append(out, version_text(v), v->release.at + v->release.len);
}

static void
spell_dashed(const struct version *v, struct str *out)
{
	struct bytes number;

	version_base(v, out);
	number = part(v, v->pre);
	if (v->phase != 0)
		str_printf(out, "-%s%.*s",
		    v->phase == 'r'   ? "rc"
		    : v->phase == 'a' ? "a"
				      : "b",
		    (int)number.len, number.data);
	number = part(v, v->post);
	if (number.len > 0)
		str_printf(out, "-post%.*s", (int)number.len, number.data);
	number = part(v, v->dev);
	if (number.len > 0)
		str_printf(out, "-dev%.*s", (int)number.len, number.data);
	number = part(v, v->local);
	if (number.len > 0)
		str_printf(out, "+%.*s", (int)number.len, number.data);
}

static enum err_code
spell_semver(const struct version *v, struct str *out, struct err *e)
{
	size_t count = version_release_len(v);
	struct bytes number;

	if (v->post.len > 0 || v->epoch.len > 0 || count > 3) {
		err_set(e, ERR_UNSUPPORTED, "%s has no SemVer form: SemVer knows no %s",
		    version_text(v),
		    v->post.len > 0    ? "post releases"
		    : v->epoch.len > 0 ? "epochs"
				       : "fourth number");
		err_hint(e, "use {version} or {dashed} in the tag template");
		return ERR_UNSUPPORTED;
	}
	version_base(v, out);
	for (; count < 3; count++)
		str_puts(out, ".0");
	number = part(v, v->pre);
	if (v->phase != 0)
		str_printf(out, "-%s.%.*s",
		    v->phase == 'r'   ? "rc"
		    : v->phase == 'a' ? "alpha"
				      : "beta",
		    (int)number.len, number.data);
	number = part(v, v->dev);
	if (number.len > 0)
		str_printf(
		    out, "%cdev.%.*s", v->phase != 0 ? '.' : '-', (int)number.len, number.data);
	number = part(v, v->local);
	if (number.len > 0)
		str_printf(out, "+%.*s", (int)number.len, number.data);
	return ERR_OK;
}

enum err_code
version_spell(
    const struct version *v, enum version_spelling spelling, struct str *out, struct err *e)
{
	switch (spelling) {
	case VERSION_DASHED:
		spell_dashed(v, out);
		return ERR_OK;
	case VERSION_SEMVER:
		return spell_semver(v, out, e);
	case VERSION_PEP440:
	case VERSION_SPELLING_COUNT:
		break;
	}
	str_puts(out, version_text(v));
	return ERR_OK;
}

/* The number at INDEX of the release as it was written; empty when there are fewer. */
static struct bytes
written_number(const struct version *v, size_t index)
{
	const char *p = version_written(v), *bang = strchr(p, '!');
	size_t len;

	p = bang != NULL ? bang + 1 : p;
	while (*p == 'v' || *p == 'V' || *p == ' ')
		p++;
	for (len = strspn(p, "0123456789"); index > 0 && len > 0; index--) {
		p += len;
		p += *p == '.';
		len = strspn(p, "0123456789");
	}
	return (struct bytes) { p, len };
}

bool
version_is_padded(const struct version *like)
{
	for (size_t i = 0; i < version_release_len(like); i++)
		if (written_number(like, i).len > version_release_at(like, i).len)
			return true;
	return false;
}

void
version_pad(const struct version *v, const struct version *like, size_t at, struct str *text)
{
	at += v->release.at;
	for (size_t i = 0; i < version_release_len(v); i++) {
		size_t len = version_release_at(v, i).len, wide = written_number(like, i).len;

		if (i < version_release_len(like) && wide > version_release_at(like, i).len)
			for (; len < wide; len++)
				str_splice(text, at, 0, "0", 1);
		at += len + 1;
	}
}
