/* The worker's side of the browser. Jobs hold a reference; the loop's thread keeps the counts. */
#include "browser_store.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "browser_pass.h"
#include "browser_save.h"
#include "slipway/base/compiler.h"
#include "slipway/base/digest.h"
#include "slipway/base/mem.h"
#include "slipway/dist/archive.h"
#include "slipway/dist/check.h"
#include "slipway/dist/filename.h"
#include "slipway/dist/metadata.h"
#include "slipway/os/worker.h"

#define FIRST_BYTES (2 * DOC_BLOCK)
#define FILL_BLOCKS 6 /* read around the one that is wanted */
#define META_BYTES ((size_t)4 * 1024 * 1024)

struct browser_store {
	unsigned int refs; /* the browser's, and one for each job */
	struct browser_store_opts o; /* o.changed NULL: the browser is gone */
	char *path;
	struct archive *archive;
	struct err err;
	bool listed;

	/* of the scan */
	struct worker_job *scanning;
	_Atomic uint64_t done, total;
	struct findings findings;
	bool checked, check_needed;
	struct dist_check_opts check;
	struct err check_err;
	struct str metadata;
	bool has_metadata;
	char sha256[DIGEST_HEX_SIZE];

	/* of the member looked at */
	struct browser_pass *pass; /* under way */
	struct worker_job *passing;
	size_t wanted, shown;
	struct doc doc;
	struct str note;
	bool whole; /* the index is of all of it */

	struct str find_text;
	uint64_t find_from, found;
	bool find_back, find_wanted, find_done;
};

static void
unref(struct browser_store *s)
{
	if (--s->refs > 0)
		return;
	archive_close(s->archive);
	findings_fini(&s->findings);
	str_fini(&s->metadata);
	str_fini(&s->note);
	str_fini(&s->find_text);
	doc_fini(&s->doc);
	free(s->path);
	free(s);
}

static void
tell(struct browser_store *s)
{
	if (s->o.changed != NULL)
		s->o.changed(s->o.arg);
}

/* --- listing --- */

static void
list_run(void *arg, const atomic_bool *cancelled)
{
	struct browser_store *s = arg;

	if (!atomic_load(cancelled))
		archive_open(s->path, NULL, &s->archive, &s->err);
}

static void start_scan(struct browser_store *s);

static void
list_done(void *arg, bool cancelled)
{
	struct browser_store *s = arg;

	s->listed = !cancelled && s->archive != NULL;
	if (s->o.changed != NULL && s->listed)
		start_scan(s);
	tell(s);
	unref(s);
}

struct browser_store *
browser_store_open(const struct browser_store_opts *opts)
{
	struct browser_store *s = mem_zalloc(1, sizeof *s);

	s->refs = 2;
	s->o = *opts;
	s->path = mem_strdup(opts->path);
	s->wanted = s->shown = FINDING_NO_MEMBER;
	s->check_needed = opts->findings == NULL;
	if (opts->check != NULL)
		s->check = *opts->check;
	if (opts->findings != NULL) {
		findings_copy(&s->findings, opts->findings);
		s->checked = true;
	}
	worker_submit(s->o.look, list_run, list_done, s);
	return s;
}

void
browser_store_drop(struct browser_store *s)
{
	if (s == NULL)
		return;
	s->o.changed = NULL;
	if (s->scanning != NULL)
		worker_cancel(s->o.scan, s->scanning);
	if (s->passing != NULL)
		worker_cancel(s->o.look, s->passing);
	unref(s);
}

const struct archive *
browser_store_archive(const struct browser_store *s)
{
	return s->listed ? s->archive : NULL;
}

const struct err *
browser_store_error(const struct browser_store *s)
{
	if (s->err.code != ERR_OK)
		return &s->err;
	return s->check_err.code != ERR_OK ? &s->check_err : NULL;
}

const struct findings *
browser_store_findings(const struct browser_store *s)
{
	return s->checked ? &s->findings : NULL;
}

const char *
browser_store_sha256(const struct browser_store *s)
{
	return s->scanning == NULL ? s->sha256 : "";
}

const struct str *
browser_store_metadata(const struct browser_store *s)
{
	return s->has_metadata ? &s->metadata : NULL;
}

int
browser_store_progress(const struct browser_store *s)
{
	uint64_t done = atomic_load(&s->done), total = atomic_load(&s->total);

	if (s->scanning == NULL && s->listed)
		return -1;
	return total > 0 && done <= total ? (int)(done * 100 / total) : 0;
}

/* --- scanning --- */

struct scan {
	struct browser_store *s;
	struct findings findings;
	struct str metadata;
	struct err err;
	char sha256[DIGEST_HEX_SIZE];
};

static void
on_progress(void *arg, uint64_t done, uint64_t total)
{
	struct browser_store *s = arg;

	atomic_store(&s->done, done);
	atomic_store(&s->total, total);
}

static void
put_member(struct archive *a, size_t member, struct str *out)
{
	struct err e = ERR_EMPTY;

	if (member == FINDING_NO_MEMBER)
		return;
	str_printf(out, "# ");
	str_append(out, archive_member(a, member)->name.data, archive_member(a, member)->name.len);
	str_puts(out, "\n");
	if (archive_read_all(a, member, META_BYTES, out, &e) != ERR_OK)
		str_printf(out, "\n# %s", e.message);
	str_puts(out, "\n\n");
}

static bool
is_metadata(struct bytes name)
{
	static const char *const tails[] = { ".dist-info/WHEEL", ".dist-info/entry_points.txt",
		".dist-info/top_level.txt", ".egg-info/entry_points.txt" };

	for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
		size_t len = strlen(tails[i]);

		if (name.len >= len && memcmp(name.data + name.len - len, tails[i], len) == 0)
			return true;
	}
	return false;
}

static void
read_metadata(struct scan *c)
{
	struct archive *a = NULL;
	struct dist_name name = DIST_NAME_EMPTY;

	if (archive_open(c->s->path, NULL, &a, &c->err) != ERR_OK)
		return;
	if (dist_name_parse(c->s->path, &name, NULL) == ERR_OK)
		put_member(a, dist_metadata_member(a, &name), &c->metadata);
	for (size_t i = 0; i < archive_count(a); i++)
		if (is_metadata(archive_member(a, i)->name))
			put_member(a, i, &c->metadata);
	if (c->metadata.len == 0)
		str_puts(&c->metadata, "no metadata in this file\n");
	dist_name_fini(&name);
	archive_close(a);
}

static void
hash_file(struct scan *c, const atomic_bool *cancelled)
{
	static const size_t block = 65536;
	char *bytes = mem_alloc(block);
	FILE *f = fopen(c->s->path, "rb");
	struct digest d;
	size_t got;

	digest_init(&d, DIGEST_SHA256);
	while (f != NULL && !atomic_load(cancelled) && (got = fread(bytes, 1, block, f)) > 0)
		digest_update(&d, bytes, got);
	if (f != NULL && !ferror(f) && !atomic_load(cancelled))
		digest_final_hex(&d, c->sha256);
	digest_fini(&d);
	if (f != NULL)
		fclose(f);
	free(bytes);
}

static void
scan_run(void *arg, const atomic_bool *cancelled)
{
	struct scan *c = arg;
	struct dist_check_opts opts = c->s->check;

	opts.cancelled = cancelled;
	opts.progress = on_progress;
	opts.progress_arg = c->s;
	opts.hashes = true;
	if (atomic_load(cancelled))
		return;
	hash_file(c, cancelled);
	if (!atomic_load(cancelled))
		read_metadata(c);
	if (c->s->check_needed && c->err.code == ERR_OK && !atomic_load(cancelled))
		dist_check(c->s->path, &opts, &c->findings, &c->err);
}

static void
scan_done(void *arg, bool cancelled)
{
	struct scan *c = arg;
	struct browser_store *s = c->s;

	s->scanning = NULL;
	if (!cancelled) {
		s->check_err = c->err;
		s->metadata = c->metadata;
		s->has_metadata = true;
		memcpy(s->sha256, c->sha256, sizeof s->sha256);
		c->metadata = (struct str)STR_EMPTY;
		if (s->check_needed && c->err.code == ERR_OK) {
			findings_take(&s->findings, &c->findings);
			s->checked = true;
		}
	}
	findings_fini(&c->findings);
	str_fini(&c->metadata);
	free(c);
	tell(s);
	unref(s);
}

static void
start_scan(struct browser_store *s)
{
	struct scan *c = mem_zalloc(1, sizeof *c);

	c->s = s;
	s->refs++;
	s->scanning = worker_submit(s->o.scan, scan_run, scan_done, c);
}

/* --- contents --- */

static void start_pass(struct browser_store *s);

static void
take_found(struct browser_store *s, const struct browser_pass *p)
{
	s->find_wanted = false;
	s->find_done = true;
	s->found = p->find_back ? p->last_match : p->first_match;
	/* Around the end. */
	if (s->found == UINT64_MAX)
		s->found = p->find_back ? p->match_behind : p->match_before;
}

static void
pass_done(void *arg, bool cancelled)
{
	struct browser_pass *p = arg;
	struct browser_store *s = p->owner;

	s->passing = NULL;
	s->pass = NULL;
	if (!cancelled && p->member == s->wanted) {
		if (p->indexing) {
			if (s->shown != p->member)
				doc_fini(&s->doc);
			doc_index_fini(&s->doc.index);
			s->doc.index = p->index;
			p->index = (struct doc_index) { .begun = false };
			s->doc.at = (struct doc_mark) { .line = 0 };
			s->shown = p->member;
			s->whole = !p->stopped;
			str_clear(&s->note);
			if (p->err.code != ERR_OK)
				str_puts(&s->note, p->err.message);
		}
		browser_pass_give_blocks(p, &s->doc);
		if (p->finding)
			take_found(s, p);
	}
	browser_pass_free(p);
	if (s->o.changed != NULL)
		start_pass(s);
	tell(s);
	unref(s);
}

/* What is most wanted now; NULL when all is there. */
static struct browser_pass *
next_pass(struct browser_store *s)
{
	struct browser_pass *p;

	if (s->wanted == FINDING_NO_MEMBER)
		return NULL;
	p = browser_pass_new(s, s->archive, s->wanted);
	if (s->shown != s->wanted) {
		p->indexing = true;
		p->keep_to = p->stop_at = FIRST_BYTES;
	} else if (s->doc.wants) {
		uint64_t before = (uint64_t)(FILL_BLOCKS / 2) * DOC_BLOCK;

		p->keep_from = s->doc.wanted_offset > before ? s->doc.wanted_offset - before : 0;
		p->keep_to = p->keep_from + (uint64_t)FILL_BLOCKS * DOC_BLOCK;
		p->stop_at = p->keep_to;
		s->doc.wants = false;
	} else if (s->find_wanted) {
		browser_pass_find(
		    p, s->doc.index.encoding, str_text(&s->find_text), s->find_from, s->find_back);
	} else if (!s->whole) {
		p->indexing = true;
		p->stop_at = UINT64_MAX;
	} else {
		browser_pass_free(p);
		p = NULL;
	}
	return p;
}

static void
start_pass(struct browser_store *s)
{
	if (s->pass != NULL || !s->listed)
		return;
	s->pass = next_pass(s);
	if (s->pass == NULL)
		return;
	s->refs++;
	s->passing = worker_submit(s->o.look, browser_pass_run, pass_done, s->pass);
}

void
browser_store_wish(struct browser_store *s, size_t member)
{
	if (s->wanted == member)
		return;
	s->wanted = member;
	s->find_wanted = s->find_done = false;
	/* A long pass over what nobody looks at any more. */
	if (s->passing != NULL)
		worker_cancel(s->o.look, s->passing);
	start_pass(s);
}

struct doc *
browser_store_doc(struct browser_store *s)
{
	return s->wanted != FINDING_NO_MEMBER && s->shown == s->wanted ? &s->doc : NULL;
}

const char *
browser_store_doc_note(const struct browser_store *s)
{
	return str_text(&s->note);
}

void
browser_store_fill(struct browser_store *s)
{
	/* Somebody waits for what is to be shown; the rows of the rest are found later. */
	if (s->pass != NULL && s->pass->indexing && s->pass->stop_at == UINT64_MAX &&
	    s->doc.wants && s->shown == s->wanted)
		worker_cancel(s->o.look, s->passing);
	start_pass(s);
}

int
browser_store_doc_progress(const struct browser_store *s)
{
	uint64_t size, at;

	if (s->whole || s->pass == NULL || s->shown != s->wanted)
		return -1;
	size = archive_member(s->archive, s->wanted)->size;
	at = atomic_load(&s->pass->at);
	return size > 0 && at <= size ? (int)(at * 100 / size) : 0;
}

void
browser_store_find(struct browser_store *s, const char *text, uint64_t from, bool back)
{
	str_clear(&s->find_text);
	str_puts(&s->find_text, text);
	s->find_from = from;
	s->find_back = back;
	s->find_wanted = text[0] != '\0';
	s->find_done = false;
	if (s->pass != NULL && (s->pass->finding || s->pass->stop_at == UINT64_MAX))
		worker_cancel(s->o.look, s->passing);
	start_pass(s);
}

bool
browser_store_found(struct browser_store *s, uint64_t *offset)
{
	bool done = s->find_done;

	*offset = s->found;
	s->find_done = false;
	return done;
}

/* --- saving --- */

struct save {
	struct browser_store *s;
	size_t member;
	char *path;
	bool replace;
	browser_saved_fn fn;
	void *arg;
	struct err err;
};

static void
save_run(void *arg, const atomic_bool *cancelled)
{
	struct save *v = arg;

	browser_save(v->s->archive, v->member, v->path, v->replace, cancelled, &v->err);
}

static void
save_done(void *arg, bool cancelled)
{
	struct save *v = arg;

	if (!cancelled && v->s->o.changed != NULL)
		v->fn(v->arg, v->path, v->err.code != ERR_OK ? &v->err : NULL);
	unref(v->s);
	free(v->path);
	free(v);
}

void
browser_store_save(struct browser_store *s, size_t member, const char *path, bool replace,
    browser_saved_fn fn, void *arg)
{
	struct save *v = mem_zalloc(1, sizeof *v);

	*v = (struct save) { .s = s,
		.member = member,
		.path = mem_strdup(path),
		.replace = replace,
		.fn = fn,
		.arg = arg };
	s->refs++;
	worker_submit(s->o.look, save_run, save_done, v);
}
