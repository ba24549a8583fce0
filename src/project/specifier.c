/* Specifier clauses and what they admit, by the rules of PEP 440 (checked against Python's
 * packaging). */
#include "slipway/project/specifier.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"

/* Longer operators before those that they begin with. */
static const struct {
	const char *text;
	enum specifier_op op;
} operators[] = {
	{ "===", SPECIFIER_ARBITRARY },
	{ "==", SPECIFIER_EQUAL },
	{ "!=", SPECIFIER_NOT_EQUAL },
	{ "<=", SPECIFIER_AT_MOST },
	{ ">=", SPECIFIER_AT_LEAST },
	{ "~=", SPECIFIER_COMPATIBLE },
	{ "<", SPECIFIER_BELOW },
	{ ">", SPECIFIER_ABOVE },
};
_Static_assert(ARRAY_LEN(operators) == SPECIFIER_OP_COUNT, "one row per operator");

const char *
specifier_op_text(enum specifier_op op)
{
	for (size_t i = 0; i < ARRAY_LEN(operators); i++)
		if (operators[i].op == op)
			return operators[i].text;
	return "";
}

bool
specifier_is_floor(const struct specifier *s)
{
	return s->op == SPECIFIER_AT_LEAST || s->op == SPECIFIER_COMPATIBLE ||
	       s->op == SPECIFIER_EQUAL || s->op == SPECIFIER_ARBITRARY;
}

static enum err_code
refuse(struct bytes clause, const char *why, struct err *e)
{
	return err_set(e, ERR_INVALID, "\"%.*s\" is not a version specifier: %s", (int)clause.len,
	    clause.data, why);
}

/* What the grammar forbids behind the operator although the version itself is legal. */
static enum err_code
check_clause(const struct specifier *s, struct bytes clause, struct err *e)
{
	bool equality = s->op == SPECIFIER_EQUAL || s->op == SPECIFIER_NOT_EQUAL;

	if (s->wildcard && !equality)
		return refuse(clause, "only == and != take a wildcard", e);
	if (s->wildcard && (version_is_pre(&s->version) || version_is_post(&s->version) ||
			       version_has_local(&s->version)))
		return refuse(clause, "a wildcard follows plain numbers only", e);
	if (version_has_local(&s->version) && !equality)
		return refuse(clause, "only == and != take a local version", e);
	if (s->op == SPECIFIER_COMPATIBLE && version_release_len(&s->version) < 2)
		return refuse(clause, "~= needs two numbers at least", e);
	return ERR_OK;
}

static enum err_code
parse_clause(struct bytes clause, size_t at, struct specifier *out, struct err *e)
{
	struct specifier s = { .clause = { at, clause.len } };
	struct bytes token, plain;
	struct err why = ERR_EMPTY;
	size_t i;
	enum err_code rc;

	for (i = 0; i < ARRAY_LEN(operators); i++) {
		size_t len = strlen(operators[i].text);

		if (clause.len >= len && memcmp(clause.data, operators[i].text, len) == 0)
			break;
	}
	if (i == ARRAY_LEN(operators))
		return refuse(clause, "it must start with ==, !=, <=, >=, <, >, ~= or ===", e);
	s.op = operators[i].op;
	token.data = clause.data + strlen(operators[i].text);
	token.len = clause.len - strlen(operators[i].text);
	token = bytes_trim(token);
	s.token = (struct span) { at + (size_t)(token.data - clause.data), token.len };
	plain = token;
	if (s.op == SPECIFIER_ARBITRARY) {
		if (token.len == 0)
			return refuse(clause, "there is nothing behind ===", e);
		if (version_parse_bytes(token, &s.version, NULL) != ERR_OK)
			s.version = (struct version)VERSION_EMPTY;
		*out = s;
		return ERR_OK;
	}
	if (plain.len > 2 && memcmp(plain.data + plain.len - 2, ".*", 2) == 0) {
		s.wildcard = true;
		plain.len -= 2;
	}
	rc = version_parse_bytes(plain, &s.version, &why);
	if (rc != ERR_OK)
		return refuse(clause, why.message, e);
	rc = check_clause(&s, clause, e);
	if (rc != ERR_OK) {
		version_fini(&s.version);
		return rc;
	}
	*out = s;
	return ERR_OK;
}

enum err_code
specifiers_parse(struct bytes text, size_t offset, struct specifiers *out, struct err *e)
{
	struct specifiers set = SPECIFIERS_EMPTY;
	const char *p = text.data, *end = text.data + text.len;
	enum err_code rc = ERR_OK;

	while (p < end) {
		const char *comma = memchr(p, ',', (size_t)(end - p));
		struct bytes clause = { p, (size_t)((comma != NULL ? comma : end) - p) };
		struct specifier s;

		p = comma != NULL ? comma + 1 : end;
		clause = bytes_trim(clause);
		if (clause.len == 0)
			continue;
		rc = parse_clause(clause, offset + (size_t)(clause.data - text.data), &s, e);
		if (rc != ERR_OK)
			goto out;
		set.items = mem_grow(set.items, &set.cap, set.count + 1, sizeof set.items[0]);
		set.items[set.count++] = s;
	}
	*out = set;
	set = (struct specifiers)SPECIFIERS_EMPTY;
out:
	specifiers_fini(&set);
	return rc;
}

void
specifiers_fini(struct specifiers *s)
{
	for (size_t i = 0; i < s->count; i++)
		version_fini(&s->items[i].version);
	free(s->items);
	*s = (struct specifiers)SPECIFIERS_EMPTY;
}

/* Shallow copies without some parts; they borrow the texts of V. */
static struct version
public_of(const struct version *v)
{
	struct version p = *v;

	p.local.len = 0;
	return p;
}

static struct version
base_of(const struct version *v)
{
	struct version b = public_of(v);

	b.pre.len = b.post.len = b.dev.len = 0;
	b.phase = 0;
	return b;
}

static bool
same_base(const struct version *a, const struct version *b)
{
	struct version x = base_of(a), y = base_of(b);

	return version_compare(&x, &y) == 0;
}

/* The first COUNT numbers of the release and the epoch are those of WANT. */
static bool
has_prefix(const struct version *v, const struct version *want, size_t count)
{
	struct bytes a = { version_text(v), v->epoch.len },
		     b = { version_text(want), want->epoch.len };

	if (!bytes_equal(a, b))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!bytes_equal(version_release_at(v, i), version_release_at(want, i)))
			return false;
	return true;
}

static bool
is_equal(const struct specifier *s, const struct version *v)
{
	struct version plain = public_of(v);

	if (s->wildcard)
		return has_prefix(v, &s->version, version_release_len(&s->version));
	return version_compare(version_has_local(&s->version) ? v : &plain, &s->version) == 0;
}

static bool
is_below(const struct specifier *s, const struct version *v)
{
	if (version_compare(v, &s->version) >= 0)
		return false;
	return version_is_pre(&s->version) || !version_is_pre(v) || !same_base(v, &s->version);
}

static bool
is_above(const struct specifier *s, const struct version *v)
{
	if (version_compare(v, &s->version) <= 0)
		return false;
	if (!version_is_post(&s->version) && version_is_post(v) && same_base(v, &s->version))
		return false;
	return !version_has_local(v) || !same_base(v, &s->version);
}

static bool
equal_ignoring_case(const char *a, const char *b, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char x = a[i], y = b[i];

		if (x >= 'A' && x <= 'Z')
			x = (char)(x - 'A' + 'a');
		if (y >= 'A' && y <= 'Z')
			y = (char)(y - 'A' + 'a');
		if (x != y)
			return false;
	}
	return true;
}

static bool
admits(const struct specifier *s, struct bytes text, const struct version *v)
{
	struct version plain = public_of(v);

	switch (s->op) {
	case SPECIFIER_EQUAL:
		return is_equal(s, v);
	case SPECIFIER_NOT_EQUAL:
		return !is_equal(s, v);
	case SPECIFIER_AT_MOST:
		return version_compare(&plain, &s->version) <= 0;
	case SPECIFIER_AT_LEAST:
		return version_compare(&plain, &s->version) >= 0;
	case SPECIFIER_BELOW:
		return is_below(s, v);
	case SPECIFIER_ABOVE:
		return is_above(s, v);
	case SPECIFIER_COMPATIBLE:
		return version_compare(&plain, &s->version) >= 0 &&
		       has_prefix(v, &s->version, version_release_len(&s->version) - 1);
	case SPECIFIER_ARBITRARY:
		return s->token.len == strlen(version_text(v)) &&
		       equal_ignoring_case(text.data + s->token.at, version_text(v), s->token.len);
	case SPECIFIER_OP_COUNT:
		break;
	}
	return false;
}

/* A clause that names a pre-release, in an operator that could select it. */
static bool
names_pre(const struct specifier *s)
{
	return version_is_pre(&s->version) && s->op != SPECIFIER_NOT_EQUAL &&
	       s->op != SPECIFIER_BELOW && s->op != SPECIFIER_ABOVE;
}

bool
specifiers_contain(
    const struct specifiers *s, struct bytes text, const struct version *v, enum specifier_pre pre)
{
	bool named = pre == SPECIFIER_PRE_ALLOWED || !version_is_pre(v);

	for (size_t i = 0; i < s->count && !named; i++)
		named = names_pre(&s->items[i]);
	if (!named)
		return false;
	for (size_t i = 0; i < s->count; i++)
		if (!admits(&s->items[i], text, v))
			return false;
	return true;
}
