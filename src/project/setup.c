/* The two files of setuptools from before pyproject.toml. */
#include "setup.h"

#include <stdlib.h>
#include <string.h>

#include "authority.h"
#include "slipway/base/ini.h"
#include "slipway/base/mem.h"
#include "source.h"

static void
refuse(struct setup_value *v, size_t line, char *why)
{
	v->kind = SETUP_REFUSED;
	v->line = line;
	free(v->why);
	v->why = why;
}

/* "attr: pkg.NAME": what stands behind the word. */
static bool
directive(struct bytes value, const char *word, char **out)
{
	size_t len = strlen(word);
	struct bytes rest;

	if (value.len < len || memcmp(value.data, word, len) != 0)
		return false;
	rest = bytes_trim((struct bytes) { value.data + len, value.len - len });
	*out = mem_strndup(rest.data, rest.len);
	return true;
}

void
setup_cfg_version(struct bytes text, const char *name, struct setup_value *out)
{
	struct setup_value v = SETUP_VALUE_EMPTY;
	struct ini ini = INI_EMPTY;
	struct err e = ERR_EMPTY;
	const struct ini_entry *entry = NULL;

	if (ini_parse(text, name, &ini, &e) == ERR_OK)
		entry = ini_get(&ini, "metadata", "version");
	else
		refuse(&v, 1, mem_strdup(e.message));
	if (entry != NULL && entry->value.len > 0) {
		struct bytes value = entry->value;

		v.line = entry->line;
		v.span = (struct span) { (size_t)(value.data - text.data), value.len };
		if (directive(value, "attr:", &v.name))
			v.kind = SETUP_ATTR;
		else if (directive(value, "file:", &v.name))
			v.kind = SETUP_FILE;
		else if (memchr(value.data, '\n', value.len) != NULL ||
			 memchr(value.data, '\r', value.len) != NULL)
			refuse(&v, entry->line,
			    mem_printf(
				"%s:%zu: the version takes more than one line", name, entry->line));
		else if (memchr(value.data, '%', value.len) != NULL)
			refuse(&v, entry->line,
			    mem_printf("%s:%zu: the version is put together by interpolation", name,
				entry->line));
		else
			v.kind = SETUP_LITERAL;
	}
	ini_fini(&ini);
	*out = v;
}

/* The variable at the margin that setup(version=NAME) names. */
static void
follow_name(struct bytes text, const struct py_tokens *tokens, const struct py_argument *arg,
    struct setup_value *v)
{
	char *name = mem_strndup(text.data + arg->name.at, arg->name.len), *why = NULL;
	const char *const names[] = { name, NULL };
	struct py_assignments all;
	const struct py_assignment *a;

	py_find_assignments(text, tokens, names, &all);
	a = authority_assignment(&all, text, &why);
	v->name = name;
	if (a != NULL && a->value == PY_VALUE_STRING) {
		v->kind = SETUP_LITERAL;
		v->span = a->content;
		v->line = a->line;
	} else {
		v->ordinary = why == NULL || all.count == 0;
		refuse(v, arg->line,
		    why != NULL ? mem_strdup(why)
				: mem_printf("setup() on line %zu takes %s, which is not a string "
					     "in this file",
				      arg->line, name));
	}
	free(why);
	py_assignments_fini(&all);
}

void
setup_py_version(struct bytes text, const struct py_tokens *tokens, struct setup_value *out)
{
	struct setup_value v = SETUP_VALUE_EMPTY;
	struct py_argument arg;

	if (py_find_argument(text, tokens, "setup", "use_scm_version", &arg)) {
		v.kind = SETUP_TAG;
	} else if (py_find_argument(text, tokens, "setup", "version", &arg)) {
		v.line = arg.line;
		if (arg.name.len > 0) {
			follow_name(text, tokens, &arg, &v);
		} else if (arg.value.value == PY_VALUE_STRING) {
			v.kind = SETUP_LITERAL;
			v.span = arg.value.content;
		} else {
			v.ordinary = arg.value.why != NULL &&
				     strcmp(arg.value.why, "it is computed") == 0;
			refuse(&v, arg.line,
			    mem_printf("the version= of setup() on line %zu cannot be edited: %s",
				arg.line, arg.value.why != NULL ? arg.value.why : "it is a tuple"));
		}
	}
	*out = v;
}

static char *
name_in_cfg(struct bytes text, const char *path)
{
	struct ini ini = INI_EMPTY;
	const struct ini_entry *entry = NULL;
	char *name = NULL;

	if (ini_parse(text, path, &ini, NULL) == ERR_OK)
		entry = ini_get(&ini, "metadata", "name");
	if (entry != NULL && entry->value.len > 0)
		name = mem_strndup(entry->value.data, entry->value.len);
	ini_fini(&ini);
	return name;
}

/* setup(name="x"), or the string that setup(name=NAME) names at the margin. */
static char *
name_in_py(struct bytes text, const char *path)
{
	struct py_tokens tokens = PY_TOKENS_EMPTY;
	struct setup_value v = SETUP_VALUE_EMPTY;
	struct py_argument arg;
	char *name = NULL;

	if (py_tokenise(text, path, &tokens, NULL) == ERR_OK &&
	    py_find_argument(text, &tokens, "setup", "name", &arg)) {
		if (arg.name.len > 0)
			follow_name(text, &tokens, &arg, &v);
		else if (arg.value.value == PY_VALUE_STRING)
			v = (struct setup_value) { .kind = SETUP_LITERAL,
				.span = arg.value.content };
		if (v.kind == SETUP_LITERAL)
			name = mem_strndup(text.data + v.span.at, v.span.len);
	}
	setup_value_fini(&v);
	py_tokens_fini(&tokens);
	return name;
}

char *
setup_name(const char *root, const char *dir)
{
	static const struct {
		const char *file;
		char *(*read)(struct bytes text, const char *path);
	} files[] = { { "setup.cfg", name_in_cfg }, { "setup.py", name_in_py } };
	char *name = NULL;

	for (size_t i = 0; i < ARRAY_LEN(files) && name == NULL; i++) {
		char *path = source_join(dir, files[i].file);
		struct str text = STR_EMPTY;

		if (source_read(root, path, &text, NULL) == ERR_OK)
			name = files[i].read((struct bytes) { str_text(&text), text.len }, path);
		free(path);
		str_fini(&text);
	}
	return name;
}

void
setup_value_fini(struct setup_value *v)
{
	mem_set(&v->name, NULL);
	mem_set(&v->why, NULL);
	*v = (struct setup_value)SETUP_VALUE_EMPTY;
}
