/* slipway inspect: the members, the metadata and the findings of wheels and sdists. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "findings_out.h"
#include "options.h"
#include "slipway/base/digest.h"
#include "slipway/base/json.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/dist/archive.h"
#include "slipway/dist/filename.h"
#include "slipway/dist/metadata.h"
#include "slipway/os/clock.h"
#include "slipway/os/env.h"
#include "slipway/os/fs.h"
#include "slipway/os/loop.h"
#include "slipway/tui/inspect.h"
#include "slipway/wizard/check_opts.h"

/* All that is known of one file. */
struct look {
	const char *path;
	char *name; /* safe */
	struct archive *archive;
	struct findings found;
	struct metadata metadata;
	bool has_metadata;
	char sha256[DIGEST_HEX_SIZE];
};

static void
look_fini(struct look *k)
{
	archive_close(k->archive);
	findings_fini(&k->found);
	metadata_fini(&k->metadata);
	free(k->name);
}

static enum err_code
hash_file(const char *path, char hex[DIGEST_HEX_SIZE], struct err *e)
{
	char block[16384];
	struct digest d;
	enum err_code rc = ERR_OK;
	FILE *f = fopen(path, "rb");
	size_t got;

	if (f == NULL)
		return err_sys(e, ERR_IO, "cannot read %s", path);
	digest_init(&d, DIGEST_SHA256);
	while ((got = fread(block, 1, sizeof block, f)) > 0)
		digest_update(&d, block, got);
	if (ferror(f))
		rc = err_sys(e, ERR_IO, "cannot read %s", path);
	else
		digest_final_hex(&d, hex);
	digest_fini(&d);
	fclose(f);
	return rc;
}

static enum err_code
look_at(const char *path, struct look *k, struct err *e)
{
	const struct dist_check_opts opts = check_opts();
	enum err_code rc;

	*k = (struct look) { .path = path, .name = safe_text(path) };
	rc = archive_open(path, NULL, &k->archive, e);
	if (rc == ERR_OK)
		rc = dist_check(path, &opts, &k->found, e);
	if (rc == ERR_OK)
		rc = hash_file(path, k->sha256, e);
	/* Metadata that is missing or broken is a finding already. */
	if (rc == ERR_OK)
		k->has_metadata = dist_metadata_from_file(path, &k->metadata, NULL) == ERR_OK;
	return rc;
}

static const char *
format_word(const struct look *k)
{
	return archive_format(k->archive) == ARCHIVE_ZIP ? "wheel" : "sdist";
}

static const char *
kind_word(enum member_kind kind)
{
	switch (kind) {
	case MEMBER_FILE:
		return "file";
	case MEMBER_DIR:
		return "directory";
	case MEMBER_SYMLINK:
		return "symlink";
	case MEMBER_HARDLINK:
		return "hardlink";
	case MEMBER_OTHER:
	case MEMBER_KIND_COUNT:
		break;
	}
	return "other";
}

/* -- for people -- */

static void
put_field(const char *name, const char *value, struct str *out)
{
	str_printf(out, "  %-24s ", name);
	sanitise(value, strlen(value), out);
	str_putc(out, '\n');
}

static void
put_metadata(const struct look *k, struct str *out)
{
	str_puts(out, "\nMetadata\n");
	if (!k->has_metadata)
		str_puts(out, "  not there, or not to be read\n");
	for (size_t i = 0; i < k->metadata.count; i++) {
		const struct metadata_field *f = &k->metadata.fields[i];
		char *name = mem_strndup(f->name.data, f->name.len);
		char *safe = safe_text(name);

		if (f->key != METADATA_DESCRIPTION)
			put_field(safe, f->value.data, out);
		free(safe);
		free(name);
	}
}

static void
put_members(const struct look *k, struct str *out)
{
	char size[32];

	str_printf(out, "\nFiles (%zu)\n", archive_count(k->archive));
	for (size_t i = 0; i < archive_count(k->archive); i++) {
		const struct member *m = archive_member(k->archive, i);

		str_printf(out, "  %9s  ",
		    m->kind == MEMBER_FILE ? size_text(m->size, size, sizeof size)
					   : kind_word(m->kind));
		sanitise(m->name.data, m->name.len, out);
		if (m->link.len > 0) {
			str_puts(out, " -> ");
			sanitise(m->link.data, m->link.len, out);
		}
		str_puts(out, m->hidden ? "   (hidden from usual readers)\n" : "\n");
	}
	if (!archive_is_complete(k->archive))
		str_puts(out, "  ... the listing is not complete: see the findings\n");
}

static void
put_findings(const struct look *k, bool colour, struct str *out)
{
	str_printf(out, "\nFindings (%zu)\n", k->found.count);
	for (size_t i = 0; i < k->found.count; i++) {
		str_puts(out, "  ");
		finding_text(&k->found.items[i], colour, out);
		str_putc(out, '\n');
	}
}

static void
put_plain(const struct look *k, bool colour, struct str *out)
{
	char size[32];

	str_printf(out, "%s\n  %s, %s, sha256 %s\n", k->name, format_word(k),
	    size_text(archive_file_size(k->archive), size, sizeof size), k->sha256);
	put_metadata(k, out);
	put_members(k, out);
	put_findings(k, colour, out);
}

/* -- for programs -- */

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

static void
add_members(const struct look *k, struct json *file)
{
	struct json *list = json_set_array(file, "members");

	for (size_t i = 0; i < archive_count(k->archive); i++) {
		const struct member *m = archive_member(k->archive, i);
		struct json *object = json_add_object(list);

		json_set_bytes(object, "name", m->name);
		json_set_text(object, "kind", kind_word(m->kind));
		json_set_int(object, "size", (int64_t)m->size);
		json_set_int(object, "packed", (int64_t)m->packed);
		json_set_int(object, "mode", m->mode);
		if (m->link.len > 0)
			json_set_bytes(object, "link", m->link);
		else
			json_set_null(object, "link");
		json_set_bool(object, "hidden", m->hidden);
	}
}

static void
add_file(const struct look *k, struct json *list)
{
	struct json *file = json_add_object(list), *findings;

	json_set_text(file, "file", k->path);
	json_set_text(file, "format", format_word(k));
	json_set_int(file, "size", (int64_t)archive_file_size(k->archive));
	json_set_text(file, "sha256", k->sha256);
	add_metadata(k, file);
	json_set_bool(file, "complete", archive_is_complete(k->archive));
	add_members(k, file);
	findings = json_set_array(file, "findings");
	for (size_t i = 0; i < k->found.count; i++)
		finding_json(&k->found.items[i], json_add_object(findings));
	json_set_null(file, "error");
}

static void
add_failure(const struct look *k, const struct err *e, struct json *list)
{
	struct json *file = json_add_object(list);

	json_set_text(file, "file", k->path);
	failure_json(e, json_set_object(file, "error"));
}

/* The worst status of all files; what can be seen of the others is shown. */
static int
inspect(const struct options *o, struct json *list)
{
	int status = EXIT_DONE;

	for (size_t i = 0; i < o->args.count; i++) {
		struct look k;
		struct str text = STR_EMPTY;
		struct err e = ERR_EMPTY;
		enum err_code rc = look_at(o->args.items[i], &k, &e);

		if (rc != ERR_OK) {
			report_error(&e, true);
			status = EXIT_NOT_SEEN;
			if (list != NULL)
				add_failure(&k, &e, list);
		} else {
			if (status == EXIT_DONE && findings_at_least(&k.found, FINDING_ERROR) > 0)
				status = EXIT_FAILED;
			if (list != NULL)
				add_file(&k, list);
			else
				put_plain(&k, wants_colour(o), &text);
			printf("%s%s", i > 0 && list == NULL ? "\n" : "", str_text(&text));
			fflush(stdout);
		}
		str_fini(&text);
		look_fini(&k);
	}
	return status;
}

/* A person is at both ends of the terminal, and it can be drawn on. */
static bool
has_screen(const struct options *o)
{
	const char *term = env_get("TERM");

	return !o->json && !o->plain && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) &&
	       term != NULL && strcmp(term, "dumb") != 0;
}

static int
browse(const struct options *o)
{
	const struct inspect_opts opts = { .files = &o->args, .theme = o->theme };
	struct loop *l = NULL;
	struct err e = ERR_EMPTY;
	enum err_code rc = loop_new(&l, &e);

	if (rc == ERR_OK)
		rc = inspect_run(l, &opts, &e);
	loop_free(l);
	return rc == ERR_OK ? EXIT_DONE : report_error(&e, true);
}

int
cmd_inspect(const struct options *o)
{
	struct json *list = o->json ? json_array_new() : NULL;
	struct str text = STR_EMPTY;
	struct err e = ERR_EMPTY;
	int status;

	if (o->args.count == 0) {
		err_set(&e, ERR_USAGE, "slipway inspect needs at least one wheel or sdist");
		status = report_error(&e, false);
	} else if (has_screen(o)) {
		status = browse(o);
	} else {
		status = inspect(o, list);
		if (list != NULL) {
			json_write(list, JSON_STYLE_INDENT, &text);
			printf("%s\n", str_text(&text));
		}
	}
	json_free(list);
	str_fini(&text);
	return status;
}
