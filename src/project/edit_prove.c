/* Reading an edited file again: tokens of Python, entries of INI, values of JSON. */
#include "edit_prove.h"

#include <string.h>

#include "slipway/base/ini.h"
#include "slipway/base/json.h"
#include "slipway/base/mem.h"

static bool
is_inside(const struct place_splice *splices, size_t count, struct span s)
{
	for (size_t i = 0; i < count; i++)
		if (splices[i].span.at >= s.at &&
		    splices[i].span.at + splices[i].span.len <= s.at + s.len)
			return true;
	return false;
}

/* The same tokens as before, those that were spliced excepted. */
static bool
same_python(const struct place_file *f, const struct place_splice *splices, size_t count,
    struct bytes text, struct err *e)
{
	struct py_tokens now = PY_TOKENS_EMPTY;
	bool same = py_tokenise(text, f->path, &now, e) == ERR_OK && now.count == f->tokens.count;

	for (size_t i = 0; same && i < now.count; i++) {
		const struct py_token *a = &f->tokens.items[i], *b = &now.items[i];
		struct bytes x = { f->text.data + a->span.at, a->span.len };
		struct bytes y = { text.data + b->span.at, b->span.len };

		same = a->kind == b->kind &&
		       (bytes_equal(x, y) || is_inside(splices, count, a->span));
	}
	py_tokens_fini(&now);
	return same;
}

/* The same keys in the same sections; values differ only where a splice lies in them. */
static bool
same_ini(const struct place_file *f, const struct place_splice *splices, size_t count,
    struct bytes text, struct err *e)
{
	struct bytes old = { str_text(&f->text), f->text.len };
	struct ini before = INI_EMPTY, now = INI_EMPTY;
	bool same = ini_parse(old, f->path, &before, e) == ERR_OK &&
		    ini_parse(text, f->path, &now, e) == ERR_OK && before.count == now.count;

	for (size_t i = 0; same && i < now.count; i++) {
		const struct ini_entry *a = &before.entries[i], *b = &now.entries[i];
		struct span value = { a->value.len > 0 ? (size_t)(a->value.data - old.data) : 0,
			a->value.len };

		same = bytes_equal(a->section, b->section) && bytes_equal(a->key, b->key) &&
		       (bytes_equal(a->value, b->value) || is_inside(splices, count, value));
	}
	ini_fini(&before);
	ini_fini(&now);
	return same;
}

/* The old document with its version set anew is the new document. */
static bool
same_json(const struct place_file *f, const struct place_splice *splices, size_t count,
    struct bytes text, struct err *e)
{
	struct bytes old = { str_text(&f->text), f->text.len };
	struct json *before = NULL, *now = NULL;
	struct str x = STR_EMPTY, y = STR_EMPTY;
	bool same = json_parse(old, f->path, NULL, &before, e) == ERR_OK &&
		    json_parse(text, f->path, NULL, &now, e) == ERR_OK && count == 1 &&
		    json_kind(before) == JSON_KIND_OBJECT;

	if (same) {
		json_set_text(before, "version", splices[0].text);
		json_write(before, JSON_STYLE_LINE, &x);
		json_write(now, JSON_STYLE_LINE, &y);
		same = strcmp(str_text(&x), str_text(&y)) == 0;
	}
	json_free(before);
	json_free(now);
	str_fini(&x);
	str_fini(&y);
	return same;
}

enum err_code
edit_prove(const struct place_file *f, const struct place_splice *splices, size_t count,
    const struct str *after, struct err *e)
{
	struct bytes text = { str_text(after), after->len };
	bool same = true;

	switch (f->form) {
	case PLACE_FORM_TEXT:
	case PLACE_FORM_TOML: /* toml_splice() proves what it makes */
		break;
	case PLACE_FORM_PYTHON:
		same = same_python(f, splices, count, text, e);
		break;
	case PLACE_FORM_INI:
		same = same_ini(f, splices, count, text, e);
		break;
	case PLACE_FORM_JSON:
		same = same_json(f, splices, count, text, e);
		break;
	}
	if (same)
		return ERR_OK;
	return err_set(e, ERR_FAILED,
	    "the edit of %s would change more than the version; it was not made", f->path);
}
