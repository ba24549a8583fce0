/* entry_points.txt: INI as Python's configparser reads it with = alone and names as they are. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check_priv.h"
#include "slipway/base/mem.h"
#include "slipway/base/strlist.h"
#include "slipway/base/utf8.h"

#define ENTRY_POINTS_MAX ((size_t)4 * 1024 * 1024)
/* Each one is compared with all others and with every member. */
#define ENTRIES_MAX 2000

struct reading {
	struct check *c;
	size_t index, line;
	struct strlist sections;
	struct strlist names; /* "section\nname" */
	char *section;
	bool in_value; /* an indented line goes on with it */
};

static void
wrong(struct reading *r, enum rule_id rule, const char *what, struct bytes text)
{
	findings_add(r->c->f, rule, check_at(r->c, r->index, r->line), "%s: %.*s", what,
	    (int)text.len, text.data);
}

static size_t
identifier(struct bytes b)
{
	size_t len = 0;

	while (len < b.len && (isalnum((unsigned char)b.data[len]) || b.data[len] == '_' ||
				  (unsigned char)b.data[len] >= 0x80))
		len++;
	return len > 0 && isdigit((unsigned char)b.data[0]) ? 0 : len;
}

/* Passes over a.b.c; false when there is none. */
static bool
dotted(struct bytes *b)
{
	for (;;) {
		size_t len = identifier(*b);

		if (len == 0)
			return false;
		b->data += len;
		b->len -= len;
		if (b->len == 0 || b->data[0] != '.')
			return true;
		b->data++;
		b->len--;
	}
}

static void
skip_blanks(struct bytes *b)
{
	*b = bytes_trim(*b);
}

/* module[:object] [extras]. *MODULE gets the module. */
static bool
is_reference(struct bytes value, struct bytes *module)
{
	struct bytes b = value;

	if (!dotted(&b))
		return false;
	*module = (struct bytes) { .data = value.data, .len = value.len - b.len };
	skip_blanks(&b);
	if (b.len > 0 && b.data[0] == ':') {
		b.data++;
		b.len--;
		skip_blanks(&b);
		if (b.len > 0 && b.data[0] != '[' && !dotted(&b))
			return false;
		skip_blanks(&b);
	}
	return b.len == 0 || (b.data[0] == '[' && b.data[b.len - 1] == ']');
}

static bool
is_script_name(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++)
		/* Letters of all scripts count, for the index too. */
		if (!isalnum((unsigned char)name.data[i]) && (unsigned char)name.data[i] < 0x80 &&
		    (name.data[i] == '\0' || strchr("_.-", name.data[i]) == NULL))
			return false;
	return name.len > 0;
}

/* The module, or a file or folder of its name, is in the wheel. */
bool
check_has_module(const struct check *c, struct bytes module)
{
	char *path = mem_strndup(module.data, module.len);
	char *head[3] = { mem_strdup(""), mem_printf("%s.data/purelib/", c->name.stem),
		mem_printf("%s.data/platlib/", c->name.stem) };
	bool found = false;

	for (char *p = path; *p != '\0'; p++)
		if (*p == '.')
			*p = '/';
	for (size_t i = 0; i < archive_count(c->a) && !found; i++) {
		struct bytes name = archive_member(c->a, i)->name;

		for (size_t j = 0; j < ARRAY_LEN(head) && !found; j++) {
			size_t skip = strlen(head[j]), len = strlen(path);

			found = check_starts(name, head[j]) && name.len > skip + len &&
				memcmp(name.data + skip, path, len) == 0 &&
				strchr("./", name.data[skip + len]) != NULL;
		}
	}
	for (size_t j = 0; j < ARRAY_LEN(head); j++)
		free(head[j]);
	free(path);
	return found;
}

static void
check_script(struct reading *r, struct bytes name)
{
	static const char *const common[] = { "python", "python3", "pip", "pip3", "uv", "twine",
		"pytest", "git", "ls", "cd", "env", "echo", "chmod", "kill", "ps", "wget", "su",
		"perl", "ruby", "java", "go", "cargo", "gpg", "openssl", "systemctl", "kubectl",
		"cp", "mv", "rm", "cat", "sh", "bash", "sudo", "ssh", "curl", "make", "gcc", "cc",
		"sed", "awk", "grep", "find", "tar", "vi", "vim", "node", "npm", "docker", "test",
		NULL };

	if (!is_script_name(name))
		wrong(r, RULE_ENTRY_NAME, "script name", name);
	for (const char *const *p = common; *p != NULL; p++)
		if (bytes_is(name, *p))
			wrong(r, RULE_ENTRY_SHADOWS, "script", name);
}

/* Words with dots between. */
static bool
is_group(struct bytes b)
{
	bool word = false;

	for (size_t i = 0; i < b.len; i++) {
		unsigned char ch = (unsigned char)b.data[i];

		if (ch == '.' ? !word : !isalnum(ch) && ch != '_' && ch < 0x80)
			return false;
		word = ch != '.';
	}
	return word;
}

/* Another name of this section that differs in case alone. */
static bool
differs_in_case(const struct reading *r, const char *key)
{
	for (size_t i = 0; i < r->names.count; i++)
		if (strcasecmp(r->names.items[i], key) == 0)
			return true;
	return false;
}

static void
take_entry(struct reading *r, struct bytes line)
{
	const char *equals = memchr(line.data, '=', line.len);
	struct bytes name, value, module = { .data = NULL, .len = 0 };
	char *key;
	bool script;

	if (r->section == NULL || equals == NULL) {
		wrong(r, RULE_ENTRY_SYNTAX,
		    r->section == NULL ? "no section above" : "no = in the line", line);
		return;
	}
	name = bytes_trim(
	    (struct bytes) { .data = line.data, .len = (size_t)(equals - line.data) });
	value = bytes_trim((struct bytes) {
	    .data = equals + 1, .len = line.len - (size_t)(equals - line.data) - 1 });
	key = mem_printf("%s\n%.*s", r->section, (int)name.len, name.data);
	if (name.len == 0)
		wrong(r, RULE_ENTRY_SYNTAX, "no name before =", line);
	else if (strlist_has(&r->names, key))
		wrong(r, RULE_ENTRY_SYNTAX, "name given twice", name);
	else if (differs_in_case(r, key))
		wrong(r, RULE_ENTRY_CASE, "name", name);
	strlist_take(&r->names, key);
	script = strcmp(r->section, "console_scripts") == 0 ||
		 strcmp(r->section, "gui_scripts") == 0;
	if (script)
		check_script(r, name);
	if (!is_reference(value, &module))
		wrong(r, RULE_ENTRY_VALUE, "no module:object", value);
	else if (!check_has_module(r->c, module))
		wrong(r, RULE_ENTRY_TARGET, "not in this wheel", module);
	r->in_value = true;
}

static void
take_section(struct reading *r, struct bytes line)
{
	const char *end = memchr(line.data, ']', line.len);

	free(r->section);
	r->section = NULL;
	r->in_value = false;
	if (end == NULL || end == line.data + 1) {
		wrong(r, RULE_ENTRY_SYNTAX, "section not closed or empty", line);
		return;
	}
	r->section = mem_strndup(line.data + 1, (size_t)(end - line.data) - 1);
	if (!is_group(bytes_of(r->section)))
		wrong(r, RULE_ENTRY_GROUP, "group", bytes_of(r->section));
	if (strlist_has(&r->sections, r->section))
		wrong(r, RULE_ENTRY_SYNTAX, "section given twice", line);
	strlist_add(&r->sections, r->section);
}

static void
read_lines(struct reading *r, struct bytes rest)
{
	struct bytes line;

	while (bytes_line(&rest, &line)) {
		struct bytes text = bytes_trim(line);
		bool indented = line.len > 0 && (line.data[0] == ' ' || line.data[0] == '\t');

		r->line++;
		if (r->names.count + r->sections.count >= ENTRIES_MAX) {
			wrong(r, RULE_LIMIT, "more entry points than are looked at", text);
			return;
		}
		if (text.len == 0 || text.data[0] == '#' || text.data[0] == ';')
			continue;
		if (indented && r->in_value)
			continue;
		if (text.data[0] == '[')
			take_section(r, text);
		else
			take_entry(r, text);
	}
}

void
check_entry_points(struct check *c)
{
	struct reading r = { .c = c };
	struct str text = STR_EMPTY;

	if (c->name.stem == NULL)
		return;
	r.index = check_find(c, "%s.dist-info/entry_points.txt", c->name.stem);
	if (r.index == FINDING_NO_MEMBER || !check_read(c, r.index, ENTRY_POINTS_MAX, &text))
		goto out;
	if (!utf8_valid(str_text(&text), text.len))
		findings_add(c->f, RULE_ENTRY_SYNTAX, check_at(c, r.index, 0), "it is not UTF-8");
	read_lines(&r, (struct bytes) { .data = str_text(&text), .len = text.len });
out:
	strlist_fini(&r.sections);
	strlist_fini(&r.names);
	free(r.section);
	str_fini(&text);
}
