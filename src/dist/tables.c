/* Looking things up in the generated tables. */
#include "tables.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/utf8.h"

#define CLASSIFIER_DATE(date)
#define CLASSIFIER(text) text,
#define CLASSIFIER_OLD(text, new)
static const char *const classifiers[] = {
#include "classifiers.def"
};
#undef CLASSIFIER
#undef CLASSIFIER_OLD

#define CLASSIFIER(text)
#define CLASSIFIER_OLD(text, new) { text, new },
static const struct {
	const char *text, *instead;
} old_classifiers[] = {
#include "classifiers.def"
};
#undef CLASSIFIER_DATE
#undef CLASSIFIER_OLD

#define CLASSIFIER_DATE(date) date
#define CLASSIFIER_OLD(text, new)
static const char classifier_date[] =
#include "classifiers.def"
    ;

struct spdx {
	const char *key, *id;
	bool deprecated;
};

#define SPDX_VERSION(version)
#define SPDX_LICENSE(key, id, deprecated) { key, id, deprecated },
#define SPDX_EXCEPTION(key, id, deprecated)
static const struct spdx licenses[] = {
#include "spdx.def"
};
#undef SPDX_LICENSE
#undef SPDX_EXCEPTION

#define SPDX_LICENSE(key, id, deprecated)
#define SPDX_EXCEPTION(key, id, deprecated) { key, id, deprecated },
static const struct spdx exceptions[] = {
#include "spdx.def"
};
#undef SPDX_VERSION
#undef SPDX_EXCEPTION

#define SPDX_VERSION(version) version
#define SPDX_EXCEPTION(key, id, deprecated)
static const char spdx_version[] =
#include "spdx.def"
    ;

#define STDLIB(name) name,
static const char *const stdlib[] = {
#include "stdlib.def"
};

#define DECOMPOSES(code, first, second) { code, first, second },
static const struct decomposition {
	uint16_t code, first, second;
} decompositions[] = {
#include "decompositions.def"
};

static int
order_text(const void *key, const void *item)
{
	return strcmp(key, *(const char *const *)item);
}

static bool
has_text(const char *const *list, size_t count, const char *text)
{
	return bsearch(text, list, count, sizeof list[0], order_text) != NULL;
}

/* The last part is "3", "3.12" or "5.2". */
static bool
is_number(const char *text)
{
	return isdigit((unsigned char)text[0]) && text[strspn(text, "0123456789.")] == '\0';
}

enum table_answer
table_classifier(const char *text, const char **instead)
{
	const char *last = NULL;
	enum table_answer answer = TABLE_UNKNOWN;
	char *parent;

	if (has_text(classifiers, ARRAY_LEN(classifiers), text))
		return TABLE_KNOWN;
	for (size_t i = 0; i < ARRAY_LEN(old_classifiers); i++)
		if (strcmp(old_classifiers[i].text, text) == 0) {
			if (instead != NULL)
				*instead = old_classifiers[i].instead;
			return TABLE_DEPRECATED;
		}
	for (const char *at = strstr(text, " :: "); at != NULL; at = strstr(at + 1, " :: "))
		last = at;
	if (last == NULL || !is_number(last + strlen(" :: ")))
		return TABLE_UNKNOWN;
	parent = mem_strndup(text, (size_t)(last - text));
	if (has_text(classifiers, ARRAY_LEN(classifiers), parent))
		answer = TABLE_KNOWN;
	free(parent);
	return answer;
}

const char *
table_classifier_date(void)
{
	return classifier_date;
}

static int
order_spdx(const void *key, const void *item)
{
	return strcmp(key, ((const struct spdx *)item)->key);
}

static enum table_answer
find_spdx(struct bytes id, const struct spdx *list, size_t count, const char **spelling)
{
	char *key = mem_strndup(id.data, id.len);
	const struct spdx *found;

	for (char *p = key; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	found = bsearch(key, list, count, sizeof list[0], order_spdx);
	free(key);
	if (found == NULL)
		return TABLE_UNKNOWN;
	if (spelling != NULL)
		*spelling = found->id;
	return found->deprecated ? TABLE_DEPRECATED : TABLE_KNOWN;
}

enum table_answer
table_spdx_license(struct bytes id, const char **spelling)
{
	return find_spdx(id, licenses, ARRAY_LEN(licenses), spelling);
}

enum table_answer
table_spdx_exception(struct bytes id)
{
	return find_spdx(id, exceptions, ARRAY_LEN(exceptions), NULL);
}

const char *
table_spdx_version(void)
{
	return spdx_version;
}

bool
table_is_stdlib(struct bytes module)
{
	char *name = mem_strndup(module.data, module.len);
	bool found = has_text(stdlib, ARRAY_LEN(stdlib), name);

	free(name);
	return found;
}

bool
table_is_keyword(struct bytes word)
{
	static const char *const keywords[] = { "False", "None", "True", "and", "as", "assert",
		"async", "await", "break", "class", "continue", "def", "del", "elif", "else",
		"except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda",
		"nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with",
		"yield" };

	for (size_t i = 0; i < ARRAY_LEN(keywords); i++)
		if (bytes_is(word, keywords[i]))
			return true;
	return false;
}

static void
put_utf8(struct str *out, uint32_t cp)
{
	char text[4];

	str_append(out, text, utf8_encode(cp, text));
}

/* The parts of Hangul syllables are computed (Unicode, section 3.12). */
static bool
put_hangul(uint32_t cp, struct str *out)
{
	const uint32_t base = 0xac00, vowels = 21, tails = 28, count = 19 * vowels * tails;
	uint32_t at = cp - base;

	if (cp < base || at >= count)
		return false;
	put_utf8(out, 0x1100 + at / (vowels * tails));
	put_utf8(out, 0x1161 + at % (vowels * tails) / tails);
	if (at % tails > 0)
		put_utf8(out, 0x11a7 + at % tails);
	return true;
}

static int
order_code(const void *key, const void *item)
{
	uint32_t cp = *(const uint32_t *)key;
	uint16_t code = ((const struct decomposition *)item)->code;

	return cp < code ? -1 : cp > code;
}

/* First parts decompose again, at most four deep in all of Unicode. */
static void
put_decomposed(uint32_t cp, struct str *out)
{
	uint16_t marks[8];
	size_t count = 0;
	const struct decomposition *found;

	while (cp >= 0x80 && count < ARRAY_LEN(marks) &&
	       (found = bsearch(&cp, decompositions, ARRAY_LEN(decompositions),
		    sizeof decompositions[0], order_code)) != NULL) {
		if (found->second != 0)
			marks[count++] = found->second;
		cp = found->first;
	}
	if (cp < 0x80)
		str_putc(out, (char)cp);
	else if (!put_hangul(cp, out))
		put_utf8(out, cp);
	while (count > 0)
		put_utf8(out, marks[--count]);
}

void
table_decompose(struct bytes name, struct str *out)
{
	size_t step;

	for (size_t i = 0; i < name.len; i += step) {
		uint32_t cp = 0;

		step = utf8_decode(name.data + i, name.len - i, &cp);
		if (step > 0) {
			put_decomposed(cp, out);
			continue;
		}
		str_putc(out, name.data[i]);
		step = 1;
	}
}
