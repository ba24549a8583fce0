/* The file of acknowledged findings: a list of tables, to which new ones are appended. */
#include "slipway/dist/acknowledge.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/base/str.h"
#include "slipway/base/toml.h"
#include "slipway/os/fs.h"

#define FILE_MAX ((size_t)4 << 20)

static const char opening[] =
    "# Findings of 'slipway check' that somebody looked at and accepted. Each is bound to the\n"
    "# content it is about (sha256): when that changes, the finding counts again.\n";

void
acknowledgements_fini(struct acknowledgements *a)
{
	for (size_t i = 0; i < a->count; i++) {
		free(a->items[i].rule);
		free(a->items[i].member);
		free(a->items[i].sha256);
		free(a->items[i].reason);
	}
	free(a->items);
	*a = (struct acknowledgements)ACKNOWLEDGEMENTS_EMPTY;
}

static enum err_code
read_one(const struct toml_doc *doc, const struct toml_node *table, struct acknowledgements *out,
    struct err *e)
{
	const char *rule = toml_text(table, "rule"), *sha256 = toml_text(table, "sha256");
	const char *reason = toml_text(table, "reason"), *member = toml_text(table, "member");
	const struct toml_node *line = toml_get(table, "line");
	bool has_line = line != NULL && line->kind == TOML_INTEGER && line->integer > 0;

	if (rule == NULL || sha256 == NULL || reason == NULL || reason[0] == '\0')
		return toml_err_at(doc, table->span.start, ERR_CONFIG, e,
		    "an acknowledged finding needs rule, sha256 and a reason");
	if (dist_rule_find(rule) == NULL)
		return toml_err_at(doc, table->span.start, ERR_CONFIG, e,
		    "there is no rule \"%s\": slipway help rules lists them", rule);
	out->items = mem_grow(out->items, &out->cap, out->count + 1, sizeof out->items[0]);
	out->items[out->count++] = (struct acknowledgement) {
		.rule = mem_strdup(rule),
		.member = mem_strdup(member != NULL ? member : ""),
		.line = has_line ? (size_t)line->integer : 0,
		.sha256 = mem_strdup(sha256),
		.reason = mem_strdup(reason),
	};
	return ERR_OK;
}

enum err_code
acknowledgements_load(const char *path, struct acknowledgements *out, struct err *e)
{
	struct acknowledgements a = ACKNOWLEDGEMENTS_EMPTY;
	struct toml_doc *doc = NULL;
	struct str text = STR_EMPTY;
	const struct toml_node *list;
	enum err_code rc = ERR_OK;

	if (!fs_exists(path))
		return ERR_OK;
	rc = fs_read(path, FILE_MAX, &text, e);
	if (rc != ERR_OK)
		goto out;
	rc = toml_parse((struct bytes) { .data = str_text(&text), .len = text.len }, path, &doc, e);
	if (rc != ERR_OK) {
		rc = ERR_CONFIG;
		goto out;
	}
	list = toml_get(toml_root(doc), "finding");
	for (const struct toml_node *n = toml_first(list); n != NULL && rc == ERR_OK; n = n->next)
		rc = read_one(doc, n, &a, e);
	if (rc != ERR_OK)
		goto out;
	*out = a;
	a = (struct acknowledgements)ACKNOWLEDGEMENTS_EMPTY;
out:
	if (rc != ERR_OK && e != NULL)
		e->code = rc;
	acknowledgements_fini(&a);
	toml_free(doc);
	str_fini(&text);
	return rc;
}

static bool
is_about(const struct acknowledgement *a, const struct finding *f)
{
	const struct dist_rule *rule = dist_rule_find(a->rule);

	return rule == dist_rule(f->rule) && f->sha256 != NULL &&
	       strcmp(a->sha256, f->sha256) == 0 && a->line == f->line &&
	       strcmp(a->member, f->member != NULL ? f->member : "") == 0;
}

void
acknowledgements_apply(const struct acknowledgements *a, struct findings *f)
{
	for (size_t i = 0; i < f->count; i++)
		for (size_t j = 0; j < a->count; j++)
			if (is_about(&a->items[j], &f->items[i])) {
				findings_acknowledge(f, i, a->items[j].reason);
				break;
			}
}

/* A basic string on one line: what sanitise() leaves needs its backslashes and quotes escaped. */
static void
put_text(struct str *out, const char *key, const char *text)
{
	str_printf(out, "%s = \"", key);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			str_putc(out, '\\');
		str_putc(out, *text);
	}
	str_puts(out, "\"\n");
}

enum err_code
acknowledgements_add(
    const char *path, const struct finding *f, const char *reason, struct err *e)
{
	struct str text = STR_EMPTY, safe = STR_EMPTY;
	enum err_code rc = ERR_OK;

	if (f->sha256 == NULL || f->rule == RULE_LIMIT || f->rule == RULE_CHANGED)
		return err_set(e, ERR_USAGE,
		    "%s cannot be acknowledged: it was not fully inspected",
		    dist_rule(f->rule)->id);
	if (reason == NULL || reason[strspn(reason, " \t\r\n")] == '\0')
		return err_set(e, ERR_USAGE, "a finding is acknowledged with a reason");
	if (fs_exists(path))
		rc = fs_read(path, FILE_MAX, &text, e);
	else
		str_puts(&text, opening);
	if (rc != ERR_OK)
		goto out;
	sanitise(reason, strlen(reason), &safe);
	str_puts(&text, "\n[[finding]]\n");
	put_text(&text, "rule", dist_rule(f->rule)->id);
	if (f->member != NULL)
		put_text(&text, "member", f->member);
	if (f->line > 0)
		str_printf(&text, "line = %zu\n", f->line);
	put_text(&text, "sha256", f->sha256);
	put_text(&text, "reason", str_text(&safe));
	rc = fs_write(path, str_text(&text), text.len, 0644, e);
out:
	str_fini(&text);
	str_fini(&safe);
	return rc;
}

/* From the line of the header to the end of the last line that belongs to TABLE, and the empty line
 * before it. */
static struct toml_span
lines_of(const struct toml_doc *doc, const struct toml_node *table)
{
	struct bytes text = toml_source(doc);
	struct toml_span s = table->span;

	for (const struct toml_node *n = toml_first(table); n != NULL; n = n->next)
		s.end = n->span.end > s.end ? n->span.end : s.end;
	while (s.start > 0 && text.data[s.start - 1] != '\n')
		s.start--;
	if (s.start > 1 && text.data[s.start - 2] == '\n')
		s.start--;
	while (s.end < text.len && text.data[s.end - 1] != '\n')
		s.end++;
	return s;
}

static enum err_code
without(const struct toml_doc *doc, const struct finding *f, struct str *out, struct err *e)
{
	struct acknowledgements one = ACKNOWLEDGEMENTS_EMPTY;
	struct bytes text = toml_source(doc);
	enum err_code rc = ERR_OK;
	uint32_t at = 0;

	for (const struct toml_node *n = toml_first(toml_get(toml_root(doc), "finding"));
	     n != NULL && rc == ERR_OK; n = n->next) {
		struct toml_span s = lines_of(doc, n);

		acknowledgements_fini(&one);
		rc = read_one(doc, n, &one, e);
		if (rc != ERR_OK || !is_about(&one.items[0], f))
			continue;
		if (text.data[n->span.start] != '[')
			rc = err_set(e, ERR_UNSUPPORTED, "%s: take it out there by hand",
			    toml_name(doc));
		str_append(out, text.data + at, s.start - at);
		at = s.end;
	}
	acknowledgements_fini(&one);
	if (rc == ERR_OK && at == 0)
		return err_set(e, ERR_NOT_FOUND, "%s says nothing about it", toml_name(doc));
	str_append(out, text.data + at, text.len - at);
	return rc;
}

enum err_code
acknowledgements_remove(const char *path, const struct finding *f, struct err *e)
{
	struct toml_doc *doc = NULL;
	struct str text = STR_EMPTY, left = STR_EMPTY;
	enum err_code rc = fs_read(path, FILE_MAX, &text, e);

	if (rc == ERR_OK)
		rc = toml_parse((struct bytes) { str_text(&text), text.len }, path, &doc, e);
	if (rc == ERR_OK)
		rc = without(doc, f, &left, e);
	if (rc == ERR_OK)
		rc = fs_write(path, str_text(&left), left.len, 0644, e);
	toml_free(doc);
	str_fini(&text);
	str_fini(&left);
	return rc;
}

void
finding_fingerprint(const struct finding *f, char out[DIGEST_HEX_SIZE])
{
	char *text = mem_printf("%s\n%s\n%zu\n%s", dist_rule(f->rule)->id,
	    f->member != NULL ? f->member : "", f->line, f->sha256 != NULL ? f->sha256 : "");

	digest_hex(DIGEST_SHA256, text, strlen(text), out);
	free(text);
}
