/* Tuples of numbers and words, as Django, sys.version_info and Jupyter write them. */
#include "pytuple.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"

#define PACKED_NUMBERS 3

static struct bytes
element(struct bytes text, const struct py_assignment *a, size_t i)
{
	return (struct bytes) { text.data + a->element[i].at, a->element[i].len };
}

static bool
is_digits(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.data[i] < '0' || b.data[i] > '9')
			return false;
	return b.len > 0;
}

/* How many numbers stand before the words. */
static size_t
number_count(struct bytes text, const struct py_assignment *a)
{
	size_t n = 0;

	while (n < a->elements && is_digits(element(text, a, n)))
		n++;
	return n;
}

static bool
is_final(struct bytes word)
{
	return word.len == 0 || bytes_is(word, "final");
}

/* Behind the numbers there may be one word, or a word and a number. */
static bool
has_shape(struct bytes text, const struct py_assignment *a, size_t n)
{
	size_t rest = a->elements - n;

	if (n == 0 || rest > 2 || (rest > 0 && !a->quoted[n]))
		return false;
	return rest < 2 || is_digits(element(text, a, n + 1)) || element(text, a, n + 1).len == 0;
}

bool
py_tuple_version(struct bytes text, const struct py_assignment *a, struct version *out)
{
	struct str joined = STR_EMPTY;
	size_t n = number_count(text, a);
	bool ok;

	if (!has_shape(text, a, n))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct bytes b = element(text, a, i);

		str_printf(&joined, "%s%.*s", i > 0 ? "." : "", (int)b.len, b.data);
	}
	for (size_t i = n; i < a->elements && !is_final(element(text, a, n)); i++) {
		struct bytes b = element(text, a, i);

		str_append(&joined, b.data, b.len);
	}
	ok = version_parse(str_text(&joined), out, NULL) == ERR_OK;
	str_fini(&joined);
	return ok;
}

bool
py_tuple_says(struct bytes text, const struct py_assignment *a, const struct version *v)
{
	size_t n = number_count(text, a);
	struct version own = VERSION_EMPTY;
	bool same = n == a->elements && py_tuple_version(text, a, &own);

	for (size_t i = 0; i < n && same; i++)
		same = bytes_equal(version_release_at(&own, i), version_release_at(v, i));
	version_fini(&own);
	return same;
}

/* "alpha" where the tuple speaks so, else "a". */
static const char *
phase_word(struct bytes old, bool quoted_number, const struct version *v)
{
	bool long_words = bytes_is(old, "final") || bytes_is(old, "alpha") ||
			  bytes_is(old, "beta") || bytes_is(old, "candidate") ||
			  (bytes_is(old, "rc") && !quoted_number);

	if (v->phase == 'a')
		return long_words ? "alpha" : "a";
	if (v->phase == 'b')
		return long_words ? "beta" : "b";
	if (v->phase == 'r')
		return bytes_is(old, "candidate") ? "candidate" : "rc";
	if (v->dev.len > 0)
		return "dev";
	return v->post.len > 0 ? "post" : long_words ? "final" : "";
}

static struct bytes
part(const struct version *v, struct version_part p)
{
	return (struct bytes) { v->normal + p.at, p.len };
}

/* The digits behind the phase, dev or post of V; empty for a final. */
static struct bytes
phase_number(const struct version *v)
{
	struct bytes b = part(v, v->pre.len > 0 ? v->pre : v->dev.len > 0 ? v->dev : v->post);

	while (b.len > 0 && (b.data[0] < '0' || b.data[0] > '9')) {
		b.data++;
		b.len--;
	}
	return b;
}

bool
py_tuple_spell(struct bytes text, const struct py_assignment *a, const struct version *v,
    char *parts[PY_TUPLE_MAX], bool *exact)
{
	size_t n = number_count(text, a), rest = a->elements - n;
	unsigned kinds = (v->pre.len > 0) + (v->dev.len > 0) + (v->post.len > 0);
	struct bytes number = phase_number(v), word = { "", 0 };
	bool final = kinds == 0;

	*exact = final || rest > 0;
	for (size_t i = n; i < version_release_len(v); i++)
		if (!bytes_is(version_release_at(v, i), "0"))
			*exact = false;
	if (rest > 0 && (kinds > 1 || !*exact || v->epoch.len > 0))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct bytes b = version_release_at(v, i);

		parts[i] = mem_strndup(b.data, b.len);
	}
	if (rest > 0)
		word = element(text, a, n);
	if (rest == 1)
		parts[n] = mem_printf(
		    "%s%.*s", phase_word(word, true, v), (int)number.len, number.data);
	if (rest == 2) {
		bool quoted = a->quoted[n + 1];

		parts[n] = mem_strdup(phase_word(word, quoted, v));
		parts[n + 1] = final ? mem_strdup(quoted ? "" : "0")
				     : mem_strndup(number.data, number.len);
	}
	return true;
}

bool
py_packed_says(struct bytes number, const struct version *v)
{
	char *now;
	bool same;

	if (number.len != 2 + 2 * PACKED_NUMBERS || number.data[0] != '0' ||
	    (number.data[1] != 'x' && number.data[1] != 'X'))
		return false;
	now = py_packed_spell(number, v);
	same = now != NULL && bytes_is(number, now);
	free(now);
	return same;
}

char *
py_packed_spell(struct bytes number, const struct version *v)
{
	struct str out = STR_EMPTY;

	str_append(&out, number.data, 2);
	for (size_t i = 0; i < PACKED_NUMBERS; i++) {
		struct bytes b = version_release_at(v, i);

		if (b.len > 2) {
			str_fini(&out);
			return NULL;
		}
		str_printf(&out, "%s%.*s", b.len < 2 ? "0" : "", (int)b.len, b.data);
	}
	return str_take(&out);
}
