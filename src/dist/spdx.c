/* Reading license expressions: ids, AND, OR, WITH and parentheses, without recursion. */
#include "spdx.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define DEPTH_MAX 64

static struct bytes
take_word(const char **at)
{
	struct bytes word;

	*at += strspn(*at, " \t");
	word = (struct bytes) { .data = *at, .len = 0 };
	if (**at == '(' || **at == ')')
		word.len = 1;
	else
		word.len = strcspn(*at, " \t()");
	*at += word.len;
	return word;
}

static bool
is_word(struct bytes word, const char *text)
{
	return word.len == strlen(text) && strncasecmp(word.data, text, word.len) == 0;
}

/* Letters, digits, - and . with a + behind a license that may be a later version. */
static bool
is_id(struct bytes word)
{
	if (word.len == 0 || is_word(word, "AND") || is_word(word, "OR") || is_word(word, "WITH"))
		return false;
	for (size_t i = 0; i < word.len; i++)
		if (!isalnum((unsigned char)word.data[i]) && strchr("-.", word.data[i]) == NULL &&
		    !(word.data[i] == '+' && i + 1 == word.len && i > 0))
			return false;
	return true;
}

const char *
spdx_parse(const char *text, spdx_id_fn fn, void *arg)
{
	enum { WANT_ID, HAVE_ID, WANT_EXCEPTION, HAVE_ALL } state = WANT_ID;
	struct bytes word;
	size_t depth = 0;

	while ((word = take_word(&text)).len > 0) {
		if (word.data[0] == '(') {
			if (state != WANT_ID)
				return "a parenthesis opens where AND, OR or WITH is expected";
			if (++depth > DEPTH_MAX)
				return "too many parentheses";
		} else if (word.data[0] == ')') {
			if (depth == 0 || (state != HAVE_ID && state != HAVE_ALL))
				return "a parenthesis closes too early";
			depth--;
			state = HAVE_ALL;
		} else if (state == WANT_ID || state == WANT_EXCEPTION) {
			if (!is_id(word))
				return "a license is expected where there is another word";
			fn(arg, word, state == WANT_EXCEPTION);
			state = state == WANT_ID ? HAVE_ID : HAVE_ALL;
		} else if (is_word(word, "AND") || is_word(word, "OR")) {
			state = WANT_ID;
		} else if (is_word(word, "WITH") && state == HAVE_ID) {
			state = WANT_EXCEPTION;
		} else {
			return "AND, OR or WITH is expected between two licenses";
		}
	}
	if (depth > 0)
		return "a parenthesis is not closed";
	return state == WANT_ID || state == WANT_EXCEPTION ? "it ends where a license is expected"
							   : NULL;
}
