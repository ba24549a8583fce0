/* PEP 508 without the markers' inside: the parts and where they stand. */
#include "slipway/project/requirement.h"

#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/project/name.h"

struct cursor {
	const char *start;
	const char *p;
	const char *end;
};

static enum err_code
refuse(const struct cursor *c, const char *why, struct err *e)
{
	return err_set(e, ERR_INVALID, "\"%.*s\" is not a requirement: %s at \"%.*s\"",
	    (int)(c->end - c->start), c->start, why, (int)(c->end - c->p), c->p);
}

static void
skip_space(struct cursor *c)
{
	while (c->p < c->end && (*c->p == ' ' || *c->p == '\t'))
		c->p++;
}

static bool
take(struct cursor *c, char want)
{
	if (c->p >= c->end || *c->p != want)
		return false;
	c->p++;
	return true;
}

static struct span
span_from(const struct cursor *c, const char *from)
{
	return (struct span) { (size_t)(from - c->start), (size_t)(c->p - from) };
}

static bool
is_name_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '-' || c == '_' || c == '.';
}

static bool
take_name(struct cursor *c, struct span *out)
{
	const char *from = c->p;

	while (c->p < c->end && is_name_byte(*c->p))
		c->p++;
	*out = span_from(c, from);
	return name_is_valid((struct bytes) { from, out->len });
}

static enum err_code
take_extras(struct cursor *c, struct requirement *r, struct err *e)
{
	const char *from;
	struct span one;

	if (!take(c, '['))
		return ERR_OK;
	from = c->p;
	skip_space(c);
	while (c->p < c->end && *c->p != ']') {
		if (!take_name(c, &one))
			return refuse(c, "an extra must be a name", e);
		skip_space(c);
		if (!take(c, ','))
			break;
		skip_space(c);
	}
	r->extras = span_from(c, from);
	if (!take(c, ']'))
		return refuse(c, "the extras have no closing bracket", e);
	return ERR_OK;
}

static enum err_code
take_url(struct cursor *c, struct requirement *r, struct err *e)
{
	const char *from;

	skip_space(c);
	from = c->p;
	while (c->p < c->end && *c->p != ' ' && *c->p != '\t')
		c->p++;
	r->url = span_from(c, from);
	if (r->url.len == 0)
		return refuse(c, "a URL must follow the @", e);
	return ERR_OK;
}

static enum err_code
take_specifiers(struct cursor *c, struct requirement *r, struct err *e)
{
	bool closed = take(c, '(');
	const char *from = c->p;
	struct bytes text;
	enum err_code rc;

	while (c->p < c->end && *c->p != ';' && !(closed && *c->p == ')'))
		c->p++;
	text = (struct bytes) { from, (size_t)(c->p - from) };
	rc = specifiers_parse(text, (size_t)(from - c->start), &r->specifiers, e);
	if (rc != ERR_OK) {
		err_wrap(e, "\"%.*s\"", (int)(c->end - c->start), c->start);
		return rc;
	}
	if (closed && !take(c, ')'))
		return refuse(c, "a closing parenthesis is missing", e);
	return ERR_OK;
}

enum err_code
requirement_parse(struct bytes text, struct requirement *out, struct err *e)
{
	struct requirement r = REQUIREMENT_EMPTY;
	struct cursor c = { text.data, text.data, text.data + text.len };
	enum err_code rc;

	skip_space(&c);
	if (!take_name(&c, &r.name)) {
		rc = refuse(&c, "it must start with a name", e);
		goto out;
	}
	skip_space(&c);
	rc = take_extras(&c, &r, e);
	if (rc != ERR_OK)
		goto out;
	skip_space(&c);
	rc = take(&c, '@') ? take_url(&c, &r, e) : take_specifiers(&c, &r, e);
	if (rc != ERR_OK)
		goto out;
	skip_space(&c);
	if (take(&c, ';')) {
		const char *from = c.p;

		c.p = c.end;
		r.marker = span_from(&c, from);
	}
	if (c.p != c.end) {
		rc = refuse(&c, "something unexpected stands", e);
		goto out;
	}
	*out = r;
	r = (struct requirement)REQUIREMENT_EMPTY;
out:
	requirement_fini(&r);
	return rc;
}

void
requirement_fini(struct requirement *r)
{
	specifiers_fini(&r->specifiers);
	*r = (struct requirement)REQUIREMENT_EMPTY;
}

static char *
why_not(const struct requirement *r, struct bytes text, const struct version *v)
{
	struct bytes name = { text.data + r->name.at, r->name.len };

	return mem_printf("\"%.*s\" would not admit %.*s %s", (int)text.len, text.data,
	    (int)name.len, name.data, version_text(v));
}

/* The first COUNT numbers of V, with what follows them when there are no more. */
static void
put_shortened(const struct version *v, size_t count, struct str *out)
{
	str_append(out, version_text(v), v->release.at);
	for (size_t i = 0; i < count; i++) {
		struct bytes number = version_release_at(v, i);

		str_printf(out, "%s%.*s", i > 0 ? "." : "", (int)number.len, number.data);
	}
}

/* The token that S must carry for V. A ~= keeps its count of numbers, for the count is its upper
 * bound. */
static void
put_token(const struct specifier *s, const struct version *v, struct str *out)
{
	size_t count = version_release_len(&s->version);
	const char *tail = version_text(v) + v->release.at + v->release.len;
	size_t tail_len = v->local.len > 0 ? v->local.at - 1 : strlen(version_text(v));

	tail_len -= v->release.at + v->release.len;
	if (s->op == SPECIFIER_COMPATIBLE) {
		put_shortened(v, count, out);
		str_append(out, tail, tail_len);
	} else if (s->wildcard) {
		put_shortened(v, count, out);
		str_puts(out, ".*");
	} else {
		str_append(out, version_text(v),
		    s->op == SPECIFIER_ARBITRARY ? strlen(version_text(v))
						 : (size_t)(tail - version_text(v)) + tail_len);
	}
}

static const struct specifier *
only_floor(const struct specifiers *set, size_t *count)
{
	const struct specifier *found = NULL;

	*count = 0;
	for (size_t i = 0; i < set->count; i++) {
		if (specifier_is_floor(&set->items[i])) {
			found = &set->items[i];
			++*count;
		}
	}
	return found;
}

/* Reads the edited text again: it must admit the version, pre-release rules included. */
static bool
still_admits(const struct str *text, const struct version *v)
{
	struct requirement again = REQUIREMENT_EMPTY;
	struct bytes b = { str_text(text), text->len };
	bool ok = requirement_parse(b, &again, NULL) == ERR_OK &&
		  specifiers_contain(&again.specifiers, b, v, SPECIFIER_PRE_NAMED);

	requirement_fini(&again);
	return ok;
}

/* 1.1 and 1.1.0 are one floor; its spelling is left alone. */
static bool
says_same(
    const struct specifier *s, struct bytes text, const struct str *token, const struct version *v)
{
	struct bytes old = { text.data + s->token.at, s->token.len };

	if (bytes_is(old, str_text(token)))
		return true;
	return (s->op == SPECIFIER_AT_LEAST || s->op == SPECIFIER_EQUAL) && !s->wildcard &&
	       version_compare(&s->version, v) == 0;
}

void
requirement_raise(const struct requirement *r, struct bytes text, const struct version *version,
    enum floor_how how, struct floor *out)
{
	struct floor f = FLOOR_EMPTY;
	struct str token = STR_EMPTY, edited = STR_EMPTY;
	size_t count;
	const struct specifier *s = only_floor(&r->specifiers, &count);
	bool pin;

	if (s == NULL || count > 1) {
		bool fine = specifiers_contain(
		    &r->specifiers, text, version, SPECIFIER_PRE_ALLOWED);

		if (count > 1 || !fine) {
			f.result = FLOOR_ASK;
			f.why = fine ? mem_printf("\"%.*s\" has more than one lower bound",
					   (int)text.len, text.data)
				     : why_not(r, text, version);
		}
		goto out;
	}
	pin = how == FLOOR_PIN && s->op != SPECIFIER_EQUAL && s->op != SPECIFIER_ARBITRARY;
	f.token = pin ? s->clause : s->token;
	if (pin)
		str_printf(&token, "==%s", version_text(version));
	else
		put_token(s, version, &token);
	str_append(&edited, text.data, text.len);
	str_splice(&edited, f.token.at, f.token.len, token.data, token.len);
	if (!still_admits(&edited, version)) {
		f.result = FLOOR_ASK;
		f.why = why_not(r, (struct bytes) { edited.data, edited.len }, version);
	} else if (!pin && says_same(s, text, &token, version)) {
		f.result = FLOOR_SAME;
	} else {
		f.result = FLOOR_EDIT;
		f.text = str_take(&token);
	}
out:
	str_fini(&token);
	str_fini(&edited);
	*out = f;
}

void
floor_fini(struct floor *f)
{
	mem_set(&f->text, NULL);
	mem_set(&f->why, NULL);
	*f = (struct floor)FLOOR_EMPTY;
}
