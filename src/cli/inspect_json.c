/* slipway inspect --json: one object a file. Its names are explained by slipway help inspect. */
#include <string.h>

#include "findings_out.h"
#include "inspect_look.h"
#include "slipway/base/json.h"
#include "slipway/base/utf8.h"

static void
add_metadata(const struct look *k, struct json *file)
{
	struct json *object;

	if (!k->has_metadata) {
		json_set_null(file, "metadata");
		return;
	}
	object = json_set_object(file, "metadata");
	for (int key = 0; key < METADATA_KEY_COUNT; key++) {
		const struct metadata_key_info *info = metadata_key_info((enum metadata_key)key);
		struct json *list = NULL;
		const char *value;
		size_t at = 0;

		if (key == METADATA_DESCRIPTION)
			continue;
		while ((value = metadata_next(&k->metadata, (enum metadata_key)key, &at)) != NULL) {
			if (!info->multiple) {
				json_set_text(object, info->header, value);
				break;
			}
			if (list == NULL)
				list = json_set_array(object, info->header);
			json_add_text(list, value);
		}
	}
}

/* KEY is safe to show; KEY-base64 holds the bytes when that is another text. */
static void
set_name(struct json *object, const char *key, const char *raw_key, struct bytes name)
{
	struct str raw = STR_EMPTY;

	json_set_bytes(object, key, name);
	if (utf8_valid(name.data, name.len) &&
	    (name.len == 0 || memchr(name.data, '\0', name.len) == NULL)) {
		json_set_null(object, raw_key);
		return;
	}
	digest_to_base64url((const uint8_t *)name.data, name.len, &raw);
	json_set_text(object, raw_key, str_text(&raw));
	str_fini(&raw);
}

static void
set_digest(struct json *object, const char *key, const uint8_t *raw, size_t len, bool known)
{
	char hex[DIGEST_HEX_SIZE];

	if (!known) {
		json_set_null(object, key);
		return;
	}
	digest_to_hex(raw, len, hex);
	json_set_text(object, key, hex);
}

/* -- what it is compared with -- */

static const char *
state_name(enum compare_base base, enum compare_state state)
{
	static const char *const names[COMPARE_BASE_COUNT][COMPARE_STATE_COUNT] = {
		[COMPARE_GIT] = { "not-compared", "same", "modified", "not-in-git", "missing",
		    "moved", "generated" },
		[COMPARE_RELEASE] = { "not-compared", "same", "changed", "added", "removed",
		    "moved", "generated" },
	};

	return names[base][state];
}

static void
add_notes(unsigned notes, struct json *object)
{
	static const struct {
		unsigned note;
		const char *name;
	} names[] = {
		{ COMPARE_LINE_ENDINGS, "line-endings" },
		{ COMPARE_EXECUTABLE, "executable-bit" },
		{ COMPARE_LFS, "lfs" },
		{ COMPARE_POINTER, "lfs-pointer" },
		{ COMPARE_SUBMODULE, "submodule" },
		{ COMPARE_SYMLINK, "symlink" },
		{ COMPARE_LEFT_OUT, "usually-left-out" },
		{ COMPARE_RUNS, "runs-by-itself" },
		{ COMPARE_BUILDS, "runs-at-build" },
		{ COMPARE_CODE, "code" },
		{ COMPARE_BINARY, "binary" },
	};
	struct json *list = json_set_array(object, "notes");

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (notes & names[i].note)
			json_add_text(list, names[i].name);
}

static void
add_state(const struct comparison *c, size_t member, const char *key, struct json *object)
{
	const struct compare_row *row = comparison_of(c, member);
	struct json *state;

	if (row == NULL) {
		json_set_null(object, key);
		return;
	}
	state = json_set_object(object, key);
	json_set_text(state, "state", state_name(c->base, row->state));
	if (row->other.len > 0)
		json_set_bytes(state, "other", row->other);
	else
		json_set_null(state, "other");
	json_set_text(state, "reason", row->reason);
	add_notes(row->notes, state);
}

static void
add_gone(const struct comparison *c, struct json *object)
{
	struct json *list = json_set_array(
	    object, c->base == COMPARE_GIT ? "only-in-git" : "removed");

	for (size_t i = c->members; i < c->count; i++) {
		struct json *row = json_add_object(list);

		set_name(row, "name", "name-base64", c->rows[i].path);
		json_set_text(row, "reason", c->rows[i].reason);
		add_notes(c->rows[i].notes, row);
	}
}

static void
add_facts(const struct comparison *c, struct json *object)
{
	struct json *list = json_set_array(object, "facts");

	for (size_t i = 0; i < c->fact_count; i++) {
		struct json *fact = json_add_object(list);

		json_set_text(fact, "about", compare_topic_word(c->facts[i].topic));
		json_set_text(fact, "before", c->facts[i].before);
		json_set_text(fact, "after", c->facts[i].after);
	}
}

static void
add_base(const struct comparison *c, const char *key, struct json *file)
{
	struct json *object = json_set_object(file, key), *counts;
	struct str text = STR_EMPTY;

	json_set_text(object, "with", c->with);
	json_set_text(object, "why-not", c->why_not);
	json_set_text(object, "remark", c->remark);
	if (!comparison_is_done(c))
		return;
	compare_summary(c, &text);
	json_set_text(object, "summary", str_text(&text));
	str_fini(&text);
	counts = json_set_object(object, "counts");
	for (int s = 0; s < COMPARE_STATE_COUNT; s++)
		json_set_int(counts, state_name(c->base, (enum compare_state)s),
		    (int64_t)c->counts[s]);
	json_set_int(counts, "usually-left-out", (int64_t)c->left_out);
	add_gone(c, object);
	if (c->base == COMPARE_RELEASE) {
		json_set_int(object, "unpacked", (int64_t)c->size);
		json_set_int(object, "unpacked-before", (int64_t)c->size_before);
		add_facts(c, object);
	}
}

/* -- the file -- */

static void
add_members(const struct look *k, struct json *file)
{
	const struct compare_table *t = &k->compared->table;
	struct json *list = json_set_array(file, "members");

	for (size_t i = 0; i < archive_count(k->archive); i++) {
		const struct member *m = archive_member(k->archive, i);
		const struct compare_file *f = i < t->count ? &t->files[i] : NULL;
		struct json *object = json_add_object(list);
		bool hashed = f != NULL && f->hashed;

		set_name(object, "name", "name-base64", m->name);
		json_set_text(object, "kind", look_kind_word(m->kind));
		json_set_int(object, "size", (int64_t)m->size);
		json_set_int(object, "packed", (int64_t)m->packed);
		json_set_int(object, "mode", m->mode);
		if (m->link.len > 0)
			json_set_bytes(object, "link", m->link);
		else
			json_set_null(object, "link");
		json_set_bool(object, "hidden", m->hidden);
		set_digest(object, "sha256", hashed ? f->sha256 : NULL, 32, hashed);
		set_digest(object, "git-blob", hashed ? f->blob : NULL, t->blob_size, hashed);
		add_state(&k->compared->with[COMPARE_GIT], i, "git", object);
		add_state(&k->compared->with[COMPARE_RELEASE], i, "release", object);
	}
}

void
inspect_json(const struct look *k, struct json *list)
{
	struct json *file = json_add_object(list), *findings;

	json_set_text(file, "file", k->path);
	json_set_text(file, "format", look_format(k));
	json_set_int(file, "size", (int64_t)k->size);
	json_set_text(file, "sha256", k->sha256);
	add_metadata(k, file);
	json_set_bool(file, "complete",
	    archive_is_complete(k->archive) && k->compared->table.complete);
	add_base(&k->compared->with[COMPARE_GIT], "git", file);
	add_base(&k->compared->with[COMPARE_RELEASE], "release", file);
	add_members(k, file);
	findings = json_set_array(file, "findings");
	for (size_t i = 0; i < k->found.count; i++)
		finding_json(&k->found.items[i], json_add_object(findings));
	json_set_null(file, "error");
}

void
inspect_json_failure(const char *path, const struct err *e, struct json *list)
{
	struct json *file = json_add_object(list);

	json_set_text(file, "file", path);
	failure_json(e, json_set_object(file, "error"));
}
