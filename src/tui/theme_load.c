/* Themes from files: the user's own first, then those compiled in. A mistake in a theme is a
 * warning. */
#include "theme_private.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/base/strlist.h"
#include "slipway/base/toml.h"
#include "slipway/os/env.h"
#include "slipway/os/fs.h"

#define THEME_SIZE_MAX ((size_t)256 << 10)
#define THEME_EXTENDS_MAX 8
#define SUFFIX ".toml"

struct load {
	struct theme *theme;
	const struct toml_doc *doc;
	struct strlist *warnings;
	int depth;
};

static enum err_code apply(struct load *load, const char *file, struct bytes text, struct err *e);

static void
warn(const struct load *l, const struct toml_node *at, const char *what, const char *value)
{
	char safe[80];

	sanitise_line(value, strlen(value), safe, sizeof safe);
	strlist_addf(
	    l->warnings, "%s:%u: %s %s", toml_name(l->doc), (unsigned int)at->line, what, safe);
}

static int
parse_rgb(const char *text)
{
	char *end;
	long value;

	if (text[0] != '#' || strlen(text) != 7 || strspn(text + 1, "0123456789abcdefABCDEF") != 6)
		return -1;
	value = strtol(text + 1, &end, 16);
	return (int)value;
}

static int
index_of(const struct load *l, const struct toml_node *colour, const char *key, int64_t max)
{
	const struct toml_node *n = toml_get(colour, key);

	if (n == NULL)
		return -1;
	if (n->kind != TOML_INTEGER || n->integer < 0 || n->integer > max) {
		warn(l, n, "no colour index:", n->text != NULL ? n->text : key);
		return -1;
	}
	return (int)n->integer;
}

static void
read_palette(struct load *l, const struct toml_node *palette)
{
	for (const struct toml_node *n = toml_first(palette); n != NULL; n = n->next) {
		const char *rgb = n->kind == TOML_STRING ? n->text : toml_text(n, "rgb");

		if (rgb == NULL || parse_rgb(rgb) < 0) {
			warn(l, n, "rgb is not of the form #rrggbb in colour", n->key);
			continue;
		}
		theme_set_colour(l->theme, n->key, parse_rgb(rgb), index_of(l, n, "x256", 255),
		    index_of(l, n, "x16", 15));
	}
}

static void
wish_set(struct load *l, struct theme_wish *w, const struct toml_node *n)
{
	if (n->kind != TOML_STRING) {
		warn(l, n, "not the name of a colour:", n->text != NULL ? n->text : n->key);
		return;
	}
	mem_set(&w->colour, n->text);
	mem_set(&w->file, toml_name(l->doc));
	w->line = n->line;
}

static void
read_attr(struct load *l, struct theme_role *r, const struct toml_node *n)
{
	static const struct {
		const char *word;
		unsigned int attr;
	} words[] = { { "bold", ATTR_BOLD }, { "dim", ATTR_DIM }, { "italic", ATTR_ITALIC },
		{ "underline", ATTR_UNDERLINE }, { "reverse", ATTR_REVERSE } };
	const char *text = n->kind == TOML_STRING ? n->text : "?";

	r->attr = 0;
	r->has_attr = true;
	while (*text != '\0') {
		size_t len = strcspn(text, " ");
		size_t i = 0;
		struct bytes word = { text, len };

		while (i < ARRAY_LEN(words) && !bytes_is(word, words[i].word))
			i++;
		if (i < ARRAY_LEN(words))
			r->attr |= words[i].attr;
		else
			warn(l, n, "unknown attribute:", text);
		text += len + (text[len] == ' ');
	}
}

static void
read_roles(struct load *l, const struct toml_node *roles)
{
	for (const struct toml_node *n = toml_first(roles); n != NULL; n = n->next) {
		enum role role = role_find(n->key);
		struct theme_role *r;

		if (role == ROLE_COUNT) {
			warn(l, n, "unknown role", n->key);
			continue;
		}
		r = &l->theme->role[role];
		if (n->kind == TOML_STRING)
			wish_set(l, &r->fg, n);
		for (const struct toml_node *p = toml_first(n); p != NULL; p = p->next) {
			if (strcmp(p->key, "fg") == 0)
				wish_set(l, &r->fg, p);
			else if (strcmp(p->key, "bg") == 0)
				wish_set(l, &r->bg, p);
			else if (strcmp(p->key, "attr") == 0)
				read_attr(l, r, p);
			else
				warn(l, p, "unknown key", p->key);
		}
	}
}

static const struct theme_builtin *
builtin_find(const char *name)
{
	for (size_t i = 0; i < theme_builtin_count; i++)
		if (strcmp(theme_builtin[i].name, name) == 0)
			return &theme_builtin[i];
	return NULL;
}

static char *
user_dir(void)
{
	char *config = env_config_dir();
	char *dir = fs_join(config, "themes");

	free(config);
	return dir;
}

/* Names are file names, not paths. */
static char *
user_file(const char *name)
{
	char *dir, *file, *path = NULL;

	if (name[0] == '\0' || name[0] == '.' || strchr(name, '/') != NULL)
		return NULL;
	dir = user_dir();
	file = mem_printf("%s" SUFFIX, name);
	path = fs_join(dir, file);
	if (!fs_is_file(path)) {
		free(path);
		path = NULL;
	}
	free(file);
	free(dir);
	return path;
}

static enum err_code
not_found(const char *name, struct err *e)
{
	struct strlist all = STRLIST_EMPTY;
	struct str text = STR_EMPTY;
	char safe[80];
	enum err_code rc;

	sanitise_line(name, strlen(name), safe, sizeof safe);
	theme_names(&all);
	strlist_join(&all, ", ", &text);
	err_set(e, ERR_NOT_FOUND, "no theme is called %s", safe);
	rc = e != NULL ? err_hint(e, "there are %s", str_text(&text)) : ERR_NOT_FOUND;
	str_fini(&text);
	strlist_fini(&all);
	return rc;
}

/* OWN: the file that is being read, which may extend the compiled-in theme of its own name. */
static enum err_code
apply_named(struct load *l, const char *name, const char *own, struct err *e)
{
	char *path = user_file(name);
	const struct theme_builtin *b = builtin_find(name);
	struct str text = STR_EMPTY;
	enum err_code rc;

	if (path != NULL && (own == NULL || strcmp(path, own) != 0)) {
		rc = fs_read(path, THEME_SIZE_MAX, &text, e);
		if (rc == ERR_OK)
			rc = apply(l, path, (struct bytes) { str_text(&text), text.len }, e);
	} else if (b != NULL) {
		rc = apply(l, b->name, (struct bytes) { (const char *)b->text, b->len }, e);
	} else {
		rc = not_found(name, e);
	}
	str_fini(&text);
	free(path);
	return rc;
}

static void
apply_parent(struct load *l, const struct toml_node *extends)
{
	struct load parent = { .theme = l->theme, .warnings = l->warnings, .depth = l->depth + 1 };
	struct err e = ERR_EMPTY;

	if (parent.depth > THEME_EXTENDS_MAX || extends->kind != TOML_STRING) {
		warn(l, extends, "extends itself, or too many others:", toml_name(l->doc));
		return;
	}
	if (apply_named(&parent, extends->text, toml_name(l->doc), &e) != ERR_OK) {
		warn(l, extends, "cannot extend:", e.message);
		apply_named(&parent, "default", toml_name(l->doc), NULL);
	}
}

static enum err_code
apply(struct load *load, const char *file, struct bytes text, struct err *e)
{
	struct load l = *load;
	struct toml_doc *doc = NULL;
	const struct toml_node *root;
	enum err_code rc = toml_parse(text, file, &doc, e);

	if (rc != ERR_OK)
		goto out;
	l.doc = doc;
	root = toml_root(doc);
	if (toml_get(root, "extends") != NULL)
		apply_parent(&l, toml_get(root, "extends"));
	for (const struct toml_node *n = toml_first(root); n != NULL; n = n->next) {
		if (strcmp(n->key, "palette") == 0)
			read_palette(&l, n);
		else if (strcmp(n->key, "role") == 0)
			read_roles(&l, n);
		else if (strcmp(n->key, "extends") != 0 && strcmp(n->key, "about") != 0)
			warn(&l, n, "unknown key", n->key);
	}
out:
	toml_free(doc);
	return rc;
}

enum err_code
theme_parse(const char *file, const char *text, size_t len, struct strlist *warnings,
    struct theme **out, struct err *e)
{
	struct theme *t = theme_new(file);
	struct load l = { .theme = t, .warnings = warnings };
	enum err_code rc = apply(&l, file, (struct bytes) { text, len }, e);

	if (rc == ERR_OK) {
		theme_settle(t, warnings);
		*out = t;
		t = NULL;
	}
	theme_free(t);
	return rc;
}

enum err_code
theme_load(const char *name, struct strlist *warnings, struct theme **out, struct err *e)
{
	struct theme *t = theme_new(name);
	struct load l = { .theme = t, .warnings = warnings };
	enum err_code rc = apply_named(&l, name, NULL, e);

	if (rc == ERR_OK) {
		theme_settle(t, warnings);
		*out = t;
		t = NULL;
	}
	theme_free(t);
	return rc;
}

void
theme_names(struct strlist *out)
{
	char *dir = user_dir();
	struct strlist files = STRLIST_EMPTY;

	for (size_t i = 0; i < theme_builtin_count; i++)
		strlist_add(out, theme_builtin[i].name);
	if (fs_list(dir, &files, NULL) == ERR_OK) {
		for (size_t i = 0; i < files.count; i++) {
			char *name = files.items[i];

			if (!text_ends(name, SUFFIX) || name[0] == '.')
				continue;
			name[strlen(name) - strlen(SUFFIX)] = '\0';
			if (!strlist_has(out, name))
				strlist_add(out, name);
		}
	}
	strlist_sort(out);
	strlist_fini(&files);
	free(dir);
}
