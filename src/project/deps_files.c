/* The older files in which requirements stand, each by its own grammar. */
#include "deps_files.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/ini.h"
#include "slipway/base/mem.h"
#include "slipway/base/strlist.h"
#include "slipway/os/fs.h"
#include "slipway/project/requirement.h"
#include "source.h"

static void
add(struct dep_texts *out, struct bytes text, struct bytes item, const char *where,
    enum dep_kind kind, bool hashed)
{
	struct requirement r = REQUIREMENT_EMPTY;

	item = bytes_trim(item);
	if (item.len == 0 || requirement_parse(item, &r, NULL) != ERR_OK)
		return;
	out->items = mem_grow(out->items, &out->cap, out->count + 1, sizeof out->items[0]);
	out->items[out->count++] = (struct dep_text) {
		.span = { (size_t)(item.data - text.data), item.len },
		.name = { item.data + r.name.at, r.name.len },
		.where = where,
		.kind = kind,
		.hashed = hashed,
	};
	requirement_fini(&r);
}

/* -- setup.cfg -- */

/* setuptools: one item a line, or with semicolons between when there is one line. */
static void
add_value(struct dep_texts *out, struct bytes text, struct bytes value, const char *where,
    enum dep_kind kind)
{
	bool lines = memchr(value.data, '\n', value.len) != NULL ||
		     memchr(value.data, '\r', value.len) != NULL;
	struct bytes line;

	while (lines && ini_value_line(&value, &line))
		add(out, text, line, where, kind, false);
	while (!lines && value.len > 0) {
		const char *end = memchr(value.data, ';', value.len);
		size_t len = end != NULL ? (size_t)(end - value.data) : value.len;

		add(out, text, (struct bytes) { value.data, len }, where, kind, false);
		value.data += len + (end != NULL);
		value.len -= len + (end != NULL);
	}
}

void
deps_of_setup_cfg(struct bytes text, const char *name, struct dep_texts *out)
{
	static const struct {
		const char *key, *where;
		enum dep_kind kind;
	} keys[] = {
		{ "install_requires", "options.install_requires", DEP_HARD },
		{ "setup_requires", "options.setup_requires", DEP_HARD },
		{ "tests_require", "options.tests_require", DEP_DEV },
	};
	struct ini ini = INI_EMPTY;

	if (ini_parse(text, name, &ini, NULL) != ERR_OK)
		goto out;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		const struct ini_entry *entry = ini_get(&ini, "options", keys[i].key);

		if (entry != NULL && entry->value.len > 0)
			add_value(out, text, entry->value, keys[i].where, keys[i].kind);
	}
	for (size_t i = 0; i < ini.count; i++)
		if (bytes_is(ini.entries[i].section, "options.extras_require") &&
		    ini.entries[i].value.len > 0)
			add_value(out, text, ini.entries[i].value, "options.extras_require",
			    DEP_SOFT);
out:
	ini_fini(&ini);
}

/* -- setup.py -- */

static void
add_tokens(struct dep_texts *out, struct bytes text, const struct py_tokens *tokens, size_t from,
    size_t end, const char *where, enum dep_kind kind)
{
	for (size_t i = from; i < end; i++) {
		struct span s = tokens->items[i].content;

		if (py_list_item(tokens, text, i))
			add(out, text, (struct bytes) { text.data + s.at, s.len }, where, kind,
			    false);
	}
}

void
deps_of_setup_py(struct bytes text, const struct py_tokens *tokens, struct dep_texts *out)
{
	static const struct {
		const char *keyword;
		enum dep_kind kind;
	} keys[] = { { "install_requires", DEP_HARD }, { "setup_requires", DEP_HARD },
		{ "extras_require", DEP_SOFT }, { "tests_require", DEP_DEV } };

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		struct py_argument arg;
		struct py_assignments all;
		char *name;

		if (!py_find_argument(text, tokens, "setup", keys[i].keyword, &arg))
			continue;
		if (arg.name.len == 0) {
			add_tokens(out, text, tokens, arg.from, arg.end, keys[i].keyword,
			    keys[i].kind);
			continue;
		}
		/* A variable of the same file, assigned once. */
		name = mem_strndup(text.data + arg.name.at, arg.name.len);
		py_find_assignments(text, tokens, (const char *const[]) { name, NULL }, &all);
		if (all.count == 1)
			add_tokens(out, text, tokens, all.items[0].from, all.items[0].end,
			    keys[i].keyword, keys[i].kind);
		py_assignments_fini(&all);
		free(name);
	}
}

/* -- requirements.txt -- */

static bool
holds(struct bytes line, const char *word, struct bytes *before)
{
	size_t len = strlen(word);

	for (size_t i = 0; i + len <= line.len; i++) {
		if (memcmp(line.data + i, word, len) == 0) {
			*before = (struct bytes) { line.data, i };
			return true;
		}
	}
	return false;
}

void
deps_of_requirements(struct bytes text, struct dep_texts *out)
{
	struct bytes rest = text, line, options;

	if (rest.len >= 3 && memcmp(rest.data, "\xef\xbb\xbf", 3) == 0) {
		rest.data += 3;
		rest.len -= 3;
	}
	while (bytes_line(&rest, &line)) {
		bool goes_on = line.len > 0 && line.data[line.len - 1] == '\\', hashed;

		line.len -= goes_on;
		line = bytes_trim(line);
		if (line.len == 0 || line.data[0] == '#' || line.data[0] == '-')
			continue;
		holds(line, " #", &line);
		holds(line, "\t#", &line);
		hashed = goes_on || holds(line, "--hash", &options);
		holds(line, " --", &line);
		add(out, text, line, "requirement", DEP_DEV, hashed);
		/* The lines behind a backslash are its options. */
		while (goes_on && bytes_line(&rest, &line))
			goes_on = line.len > 0 && line.data[line.len - 1] == '\\';
	}
}

/* -- reading them -- */

static void
read_one(const char *root, const char *path, struct deps_files *out)
{
	struct deps_file f = { .text = STR_EMPTY };
	struct py_tokens tokens = PY_TOKENS_EMPTY;
	char *full = fs_join(root, path);
	bool there = fs_is_file(full);
	struct bytes b;

	free(full);
	if (!there || source_read(root, path, &f.text, NULL) != ERR_OK) {
		str_fini(&f.text);
		return;
	}
	b = (struct bytes) { str_text(&f.text), f.text.len };
	if (text_ends(path, "setup.cfg"))
		deps_of_setup_cfg(b, path, &f.deps);
	else if (!text_ends(path, ".py"))
		deps_of_requirements(b, &f.deps);
	else if (py_tokenise(b, path, &tokens, NULL) == ERR_OK)
		deps_of_setup_py(b, &tokens, &f.deps);
	py_tokens_fini(&tokens);
	f.path = mem_strdup(path);
	out->items = mem_grow(out->items, &out->cap, out->count + 1, sizeof out->items[0]);
	out->items[out->count++] = f;
}

/* requirements.txt, requirements-dev.in, constraints.txt; below requirements/ any of that kind. */
static void
read_requirements(
    const char *root, const char *dir, bool any, struct deps_files *out)
{
	struct strlist names = STRLIST_EMPTY;
	char *full = fs_join(root, dir);

	if (fs_is_dir(full))
		fs_list(full, &names, NULL);
	for (size_t i = 0; i < names.count; i++) {
		const char *name = names.items[i];
		bool kind = text_ends(name, ".txt") || text_ends(name, ".in");
		bool ours = any || text_starts(name, "requirements") ||
			    text_starts(name, "constraints");
		char *path = source_join(dir, name);

		if (kind && ours)
			read_one(root, path, out);
		free(path);
	}
	strlist_fini(&names);
	free(full);
}

void
deps_files_read(const char *root, const char *dir, enum deps_which which, struct deps_files *out)
{
	static const char *const setup[] = { "setup.cfg", "setup.py" };
	struct deps_files files = DEPS_FILES_EMPTY;
	char *below = source_join(dir, "requirements");

	for (size_t i = 0; i < ARRAY_LEN(setup); i++) {
		char *path = source_join(dir, setup[i]);

		read_one(root, path, &files);
		free(path);
	}
	if (which == DEPS_ALL) {
		read_requirements(root, dir, false, &files);
		read_requirements(root, below, true, &files);
	}
	free(below);
	*out = files;
}

void
deps_files_fini(struct deps_files *f)
{
	for (size_t i = 0; i < f->count; i++) {
		free(f->items[i].path);
		str_fini(&f->items[i].text);
		free(f->items[i].deps.items);
	}
	free(f->items);
	*f = (struct deps_files)DEPS_FILES_EMPTY;
}
