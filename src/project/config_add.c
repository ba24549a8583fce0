/* One key more in a configuration: a line is put in, and every other byte stays. */
#include <stdlib.h>
#include <string.h>

#include "config_keys.h"
#include "slipway/base/mem.h"
#include "slipway/base/toml.h"
#include "slipway/project/config.h"
#include "slipway/project/name.h"

/* The table that PACKAGE's tag belongs to; NULL when the document has none yet. */
static const struct toml_node *
find_table(const struct toml_node *root, const char *package)
{
	const struct toml_node *n;

	if (package == NULL)
		return toml_get(root, "release");
	for (n = toml_first(toml_get(root, "package")); n != NULL; n = n->next)
		if (name_equal((struct bytes) { n->key, n->key_len }, bytes_of(package)))
			return n;
	return NULL;
}

/* Behind the line of the table's header; SIZE_MAX when it has no header of its own. */
static size_t
behind_header(struct bytes text, const struct toml_node *table)
{
	size_t at = table->span.end;

	if (text.data[table->span.start] != '[')
		return SIZE_MAX;
	while (at < text.len && text.data[at] != '\n')
		at++;
	return at < text.len ? at + 1 : at;
}

static void
put_line(const char *template, const char *eol, struct str *out)
{
	str_puts(out, "tag = ");
	config_put_text(template, out);
	str_puts(out, eol);
}

/* The whole table, for the end of the document. */
static void
put_table(enum config_kind kind, const char *package, const char *eol, struct str *out)
{
	struct str header = STR_EMPTY;

	config_put_header(
	    package == NULL ? CONFIG_TABLE_RELEASE : CONFIG_TABLE_PACKAGE, package, &header);
	str_printf(out, "%s%s%s", kind == CONFIG_PYPROJECT ? "[tool.slipway." : "[",
	    str_text(&header) + 1, eol);
	str_fini(&header);
}

static enum err_code
insert(struct bytes text, const char *name, enum config_kind kind, const struct toml_node *root,
    const char *package, const char *template, struct str *out, struct err *e)
{
	const char *end = memchr(text.data, '\n', text.len);
	const char *eol = end != NULL && end > text.data && end[-1] == '\r' ? "\r\n" : "\n";
	const struct toml_node *table = find_table(root, package);
	size_t at = table != NULL ? behind_header(text, table) : SIZE_MAX;
	size_t head = at < text.len ? at : text.len;

	if (table != NULL && at == SIZE_MAX)
		return err_set(e, ERR_UNSUPPORTED,
		    "%s:%u: the table has no header of its own, to put a line below", name,
		    (unsigned int)table->line);
	str_append(out, text.data, head);
	if (head > 0 && text.data[head - 1] != '\n')
		str_puts(out, eol);
	if (at == SIZE_MAX) {
		if (head > 0)
			str_puts(out, eol);
		put_table(kind, package, eol, out);
	}
	put_line(template, eol, out);
	str_append(out, text.data + head, text.len - head);
	return ERR_OK;
}

/* What the result says of PACKAGE's tag is what was to be put in. */
static enum err_code
prove(const struct str *after, const char *name, enum config_kind kind, const char *package,
    const char *template, struct err *e)
{
	struct config c = CONFIG_EMPTY;
	const struct config_package *p;
	const char *tag;
	enum err_code rc = config_parse(
	    (struct bytes) { str_text(after), after->len }, name, kind, &c, e);

	if (rc != ERR_OK)
		return rc;
	p = package != NULL ? config_find_package(&c, package) : NULL;
	tag = package == NULL ? c.release.tag : p != NULL ? p->tag : NULL;
	if (tag == NULL || strcmp(tag, template) != 0)
		rc = err_set(e, ERR_UNSUPPORTED, "%s: no line can be put into it", name);
	config_fini(&c);
	return rc;
}

enum err_code
config_add_tag(struct bytes text, const char *name, enum config_kind kind, const char *package,
    const char *template, struct str *out, struct err *e)
{
	struct toml_doc *doc = NULL;
	struct str after = STR_EMPTY;
	const struct toml_node *root;
	enum err_code rc = toml_parse(text, name, &doc, e);

	if (rc != ERR_OK)
		return rc;
	root = toml_root(doc);
	if (kind == CONFIG_PYPROJECT)
		root = toml_find(root, TOML_PATH("tool", "slipway"));
	rc = insert(text, name, kind, root, package, template, &after, e);
	if (rc == ERR_OK)
		rc = prove(&after, name, kind, package, template, e);
	if (rc == ERR_OK)
		str_append(out, str_text(&after), after.len);
	str_fini(&after);
	toml_free(doc);
	return rc;
}
