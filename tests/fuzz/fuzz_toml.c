/* libFuzzer: a document that is read must equal itself read again, every span must lie inside it,
 * and an edit of any string is refused or changes that string alone (the splice proves it). */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "slipway/base/toml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
expect_inside(const struct toml_doc *doc, struct toml_span span)
{
	if (span.start > span.end || span.end > toml_source(doc).len)
		abort();
}

static void
try_edit(const struct toml_doc *doc, const struct toml_node *node)
{
	static const char *const texts[] = { "1.2.3rc1", "\"\\\n'''", "" };
	struct toml_edit edit = { .node = node };
	struct str out = STR_EMPTY;
	struct err e = ERR_EMPTY;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		enum err_code rc;

		edit.part = TOML_WHOLE(node);
		edit.text = bytes_of(texts[i]);
		str_clear(&out);
		rc = toml_splice(doc, &edit, 1, &out, &e);
		/* A plain version fits between any quotes. */
		if (rc != ERR_OK && (i == 0 || rc != ERR_UNSUPPORTED))
			abort();
		edit.part.start = node->text_len / 3;
		edit.part.end = node->text_len - node->text_len / 3;
		rc = toml_splice(doc, &edit, 1, &out, &e);
		if (rc != ERR_OK && rc != ERR_UNSUPPORTED)
			abort();
	}
	str_fini(&out);
}

static void
visit(const struct toml_doc *doc, const struct toml_node *node, int *budget)
{
	expect_inside(doc, node->span);
	if (node->kind != TOML_TABLE && node->kind != TOML_ARRAY)
		expect_inside(doc, node->content);
	expect_inside(doc, node->key_span);
	if (node->kind == TOML_STRING && (*budget)-- > 0)
		try_edit(doc, node);
	for (const struct toml_node *n = toml_first(node); n != NULL; n = n->next) {
		if (n->parent != node ||
		    (n->key != NULL && strlen(n->key) == n->key_len && toml_get(node, n->key) != n))
			abort();
		visit(doc, n, budget);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct toml_doc *doc = NULL, *again = NULL;
	struct err e = ERR_EMPTY;
	struct bytes text = { (const char *)data, size };
	int budget = 8;

	if (toml_parse(text, "fuzz", &doc, &e) != ERR_OK)
		return 0;
	if (toml_parse(text, "fuzz", &again, &e) != ERR_OK ||
	    !toml_equal(toml_root(doc), toml_root(again)))
		abort();
	visit(doc, toml_root(doc), &budget);
	toml_free(doc);
	toml_free(again);
	return 0;
}
