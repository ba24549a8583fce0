/* Looks at one file: its members, metadata and findings, and what it is compared with. */
#include "inspect_look.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "findings_out.h"
#include "options.h"
#include "slipway/base/mem.h"
#include "slipway/dist/check.h"
#include "slipway/dist/filename.h"
#include "slipway/dist/reading.h"
#include "slipway/os/http.h"
#include "slipway/os/loop.h"
#include "slipway/os/worker.h"
#include "slipway/wizard/check_opts.h"
#include "slipway/wizard/find_index.h"

/* -- what may be asked -- */

static bool
is_file(const char *against)
{
	return text_ends(against, ".whl") || text_ends(against, ".tar.gz");
}

/* The network is asked for nothing that nobody asked for: a configured repository, --index or
 * --against VERSION do. */
static enum err_code
choose_index(struct inspector *i, struct err *e)
{
	const struct options *o = i->o;
	const struct config *c = &i->place.config;
	const char *name = o->index;
	bool by_version = o->against != NULL && !is_file(o->against) &&
			  strcmp(o->against, "none") != 0;
	enum err_code rc;

	if (o->against != NULL && !by_version)
		return ERR_OK;
	if (name == NULL && (c->source != NULL || by_version))
		name = c->release.index != NULL ? c->release.index : "pypi";
	if (name == NULL)
		return ERR_OK;
	rc = find_index_or_url(c, name, o->simple, &i->index, e);
	i->has_index = rc == ERR_OK;
	return rc;
}

enum err_code
inspector_init(const struct options *o, struct inspector *out, struct err *e)
{
	enum err_code rc;

	*out = (struct inspector) {
		.o = o, .place = PLACE_EMPTY, .settings = CHECK_SETTINGS_EMPTY
	};
	rc = place_find(o, &out->place, e);
	if (rc == ERR_OK)
		rc = check_settings_load(out->place.root, &out->place.config, &out->settings, e);
	if (rc == ERR_OK)
		rc = choose_index(out, e);
	if (rc == ERR_OK)
		rc = loop_new(&out->loop, e);
	if (rc == ERR_OK)
		rc = worker_new(out->loop, &out->worker, e);
	if (rc == ERR_OK)
		rc = http_new(out->loop, &out->http, e);
	return rc;
}

void
inspector_fini(struct inspector *i)
{
	http_free(i->http);
	worker_free(i->worker);
	loop_free(i->loop);
	index_info_fini(&i->index);
	check_settings_fini(&i->settings);
	place_fini(&i->place);
}

/* -- one file -- */

static enum err_code
hash_file(const char *path, char hex[DIGEST_HEX_SIZE], uint64_t *size, struct err *e)
{
	char block[16384];
	struct digest d;
	enum err_code rc = ERR_OK;
	FILE *f = fopen(path, "rb");
	size_t got;

	if (f == NULL)
		return err_sys(e, ERR_IO, "cannot read %s", path);
	digest_init(&d, DIGEST_SHA256);
	while ((got = fread(block, 1, sizeof block, f)) > 0) {
		digest_update(&d, block, got);
		*size += got;
	}
	if (ferror(f))
		rc = err_sys(e, ERR_IO, "cannot read %s", path);
	else
		digest_final_hex(&d, hex);
	digest_fini(&d);
	fclose(f);
	return rc;
}

struct waiting {
	struct loop *loop;
	struct compared *c;
};

static void
on_compared(void *arg, struct compared *c, const struct err *e)
{
	struct waiting *w = arg;

	/* Why the file could not be read is known from the rules already. */
	(void)e;
	w->c = c;
	loop_stop(w->loop);
}

struct compare_opts
inspector_compare_opts(const struct inspector *i)
{
	return (struct compare_opts) { .loop = i->loop,
		.worker = i->worker,
		.http = i->http,
		.reader = READER_SELF,
		.dir = i->place.root,
		.rev = i->o->rev,
		.against = i->o->against,
		.index = i->has_index ? &i->index : NULL,
		.no_index = "no release was asked for: there is no slipway.toml here; --index pypi "
			    "or --against VERSION does" };
}

/* What the reader said of the file, and a table of that for the comparison. */
static struct compared *
compare(struct inspector *i, const char *path, const struct reading *reading)
{
	struct waiting w = { .loop = i->loop };
	struct compare_opts opts = inspector_compare_opts(i);
	struct compare_table table = COMPARE_TABLE_EMPTY;

	if (reading_is_broken(reading))
		return compared_none(path, "the file was not fully inspected");
	compare_table_make(reading_archive(reading), reading_facts(reading), path, &table);
	opts.path = path;
	opts.table = &table;
	compare_start(&opts, on_compared, &w);
	loop_run(i->loop);
	return w.c;
}

static void
take_metadata(struct look *k)
{
	const struct str *text = &reading_facts(k->reading)->kept[COMPARE_KEPT_METADATA];

	/* Metadata that is missing or broken is a finding already. */
	k->has_metadata = text->len > 0;
	if (k->has_metadata)
		metadata_parse(str_text(text), text->len, &k->metadata);
}

enum err_code
look_at(struct inspector *i, const char *path, struct look *out, struct err *e)
{
	struct dist_check_opts opts = check_opts();
	const struct reader_opts how = {
		.path = path, .program = READER_SELF, .check = &opts, .facts = true
	};
	enum err_code rc;

	*out = (struct look) { .path = path, .name = safe_text(path) };
	opts.sdist = dist_name_sdist_of(path, &i->o->args);
	check_settings_ask(&i->settings, &opts);
	opts.hashes = true;
	rc = reading_open(&how, NULL, &out->reading, e);
	if (rc == ERR_OK)
		rc = hash_file(path, out->sha256, &out->size, e);
	if (rc != ERR_OK)
		return rc;
	out->archive = reading_archive(out->reading);
	take_metadata(out);
	findings_copy(&out->found, reading_findings(out->reading));
	out->found.closed = true;
	out->compared = compare(i, path, out->reading);
	findings_copy(&out->found, &out->compared->findings);
	check_settings_apply(&i->settings, &out->found);
	findings_sort(&out->found);
	return ERR_OK;
}

void
look_fini(struct look *k)
{
	reading_close(k->reading);
	findings_fini(&k->found);
	metadata_fini(&k->metadata);
	compared_free(k->compared);
	free(k->name);
}

const char *
look_format(const struct look *k)
{
	return text_ends(k->path, ".whl") || text_ends(k->path, ".zip") ? "wheel" : "sdist";
}

const char *
look_kind_word(enum member_kind kind)
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
