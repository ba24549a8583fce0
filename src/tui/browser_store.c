/* Two readers: one lists, tries the rules and answers for small things; the other gives the content
 * that is looked at, and is ended without ado when somebody looks at something else. */
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
#include "slipway/dist/reader.h"
#include "slipway/os/worker.h"

#define FIRST_BYTES (2 * DOC_BLOCK)
#define FILL_BLOCKS 6 /* read around the one that is wanted */
#define META_BYTES ((size_t)4 * 1024 * 1024)
/* What may be looked at and saved, however little of it the rules read: it is only held in parts,
 * and a reader that nobody waits for is ended. */
#define VIEW_BYTES ((uint64_t)4 << 30)
#define VIEW_MS 120000

struct hash_job;
struct save_job;

struct browser_store {
	struct browser_store_opts o;
	char *path;
	size_t inside[ARCHIVE_DEPTH_MAX];
	struct reader *reader, *contents;
	struct err err;
	bool ended, check_needed, checked;
	struct findings findings;
	struct str metadata;
	size_t metadata_at; /* the member that is read, or comes next */
	bool has_metadata;
	struct hash_job *hashing;
	char sha256[DIGEST_HEX_SIZE];
	struct save_job *saving;

	/* of the member looked at */
	struct browser_pass *pass; /* under way */
	size_t wanted, shown;
	struct doc doc;
	struct str note;
	bool whole;  /* the index is of all of it */
	bool broken; /* some of its bytes cannot be had */

	struct str find_text;
	uint64_t find_from, found;
	bool find_back, find_wanted, find_done;
};

static void
tell(struct browser_store *s)
{
	s->o.changed(s->o.arg);
}

/* --- the hash of the file --- */

struct hash_job {
	struct browser_store *s; /* NULL: it was dropped */
	struct worker_job *job;
	char *path;
	char sha256[DIGEST_HEX_SIZE];
};

static void
hash_run(void *arg, const atomic_bool *cancelled)
{
	static const size_t block = 65536;
	struct hash_job *h = arg;
	char *bytes = mem_alloc(block);
	FILE *f = fopen(h->path, "rb");
	struct digest d;
	size_t got;

	digest_init(&d, DIGEST_SHA256);
	while (f != NULL && !atomic_load(cancelled) && (got = fread(bytes, 1, block, f)) > 0)
		digest_update(&d, bytes, got);
	if (f != NULL && !ferror(f) && !atomic_load(cancelled))
		digest_final_hex(&d, h->sha256);
	digest_fini(&d);
	if (f != NULL)
		fclose(f);
	free(bytes);
}

static void
hash_done(void *arg, bool cancelled)
{
	struct hash_job *h = arg;

	if (h->s != NULL) {
		h->s->hashing = NULL;
		if (!cancelled)
			memcpy(h->s->sha256, h->sha256, sizeof h->sha256);
		tell(h->s);
	}
	free(h->path);
	free(h);
}

static void
start_hash(struct browser_store *s)
{
	struct hash_job *h = mem_zalloc(1, sizeof *h);

	h->s = s;
	h->path = mem_strdup(s->path);
	s->hashing = h;
	h->job = worker_submit(s->o.worker, hash_run, hash_done, h);
}

/* --- metadata --- */

static bool
is_metadata(struct bytes name)
{
	static const char *const tails[] = { ".dist-info/METADATA", ".dist-info/WHEEL",
		".dist-info/entry_points.txt", ".dist-info/top_level.txt",
		".egg-info/entry_points.txt" };

	for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
		size_t len = strlen(tails[i]);

		if (name.len >= len && memcmp(name.data + name.len - len, tails[i], len) == 0)
			return true;
	}
	return false;
}

/* PKG-INFO of an sdist lies in its top folder, and nowhere else is it meant. */
static bool
is_pkg_info(struct bytes name)
{
	const char *slash = name.len > 0 ? memchr(name.data, '/', name.len) : NULL;

	return slash != NULL &&
	       bytes_is((struct bytes) { slash + 1, name.len - (size_t)(slash + 1 - name.data) },
		   "PKG-INFO");
}

static void
metadata_data(void *arg, const void *data, size_t len)
{
	struct browser_store *s = arg;

	str_append(&s->metadata, data, len);
}

static void metadata_next(struct browser_store *s);

static void
metadata_done(void *arg, enum err_code rc, const struct err *why)
{
	struct browser_store *s = arg;

	if (rc != ERR_OK)
		str_printf(&s->metadata, "\n# %s", why->message);
	str_puts(&s->metadata, "\n\n");
	s->metadata_at++;
	metadata_next(s);
}

/* One after the other, each behind its name. */
static void
metadata_next(struct browser_store *s)
{
	const struct archive *a = reader_archive(s->reader);

	for (; s->metadata_at < archive_count(a); s->metadata_at++) {
		struct bytes name = archive_member(a, s->metadata_at)->name;

		if (!is_metadata(name) && !is_pkg_info(name))
			continue;
		str_puts(&s->metadata, "# ");
		str_append(&s->metadata, name.data, name.len);
		str_putc(&s->metadata, '\n');
		reader_read(s->reader, s->metadata_at, META_BYTES, metadata_data, metadata_done, s);
		return;
	}
	if (s->metadata.len == 0)
		str_puts(&s->metadata, "no metadata in this file\n");
	s->has_metadata = true;
	tell(s);
}

/* --- the reader that lists --- */

static void start_pass(struct browser_store *s);

static void
on_listed(void *arg)
{
	struct browser_store *s = arg;

	metadata_next(s);
	start_pass(s);
	tell(s);
}

static void
on_progress(void *arg, uint64_t done, uint64_t total)
{
	(void)done;
	(void)total;
	tell(arg);
}

static void
on_ended(void *arg, const struct err *why)
{
	struct browser_store *s = arg;

	s->ended = true;
	if (why != NULL) {
		s->err = *why;
	} else if (s->check_needed) {
		findings_copy(&s->findings, reader_findings(s->reader));
		s->checked = true;
	}
	tell(s);
}

static void
place(const struct browser_store *s, struct reader_opts *how)
{
	memcpy(how->inside, s->inside, sizeof how->inside);
	how->depth = s->o.depth;
}

struct browser_store *
browser_store_open(const struct browser_store_opts *opts)
{
	struct browser_store *s = mem_zalloc(1, sizeof *s);
	struct dist_check_opts check = *opts->check;
	struct reader_opts how = { .path = opts->path,
		.program = opts->program,
		.check = &check,
		.no_check = opts->findings != NULL,
		.facts = opts->findings == NULL,
		.events = {
		    .listed = on_listed, .progress = on_progress, .ended = on_ended, .arg = s } };

	/* Acknowledgements are bound to them. */
	check.hashes = true;
	s->o = *opts;
	s->o.check = NULL;
	s->path = mem_strdup(opts->path);
	if (opts->depth > 0)
		memcpy(s->inside, opts->inside, opts->depth * sizeof s->inside[0]);
	place(s, &how);
	s->wanted = s->shown = FINDING_NO_MEMBER;
	s->check_needed = opts->findings == NULL;
	if (opts->findings != NULL) {
		findings_copy(&s->findings, opts->findings);
		s->checked = true;
	}
	if (reader_open(s->o.loop, &how, &s->reader, &s->err) != ERR_OK) {
		s->reader = NULL;
		s->ended = true;
	}
	if (opts->depth == 0)
		start_hash(s);
	return s;
}

static void save_drop(struct browser_store *s);

void
browser_store_drop(struct browser_store *s)
{
	if (s == NULL)
		return;
	if (s->hashing != NULL) {
		s->hashing->s = NULL;
		worker_cancel(s->o.worker, s->hashing->job);
	}
	reader_close(s->reader);
	reader_close(s->contents);
	save_drop(s);
	browser_pass_free(s->pass);
	findings_fini(&s->findings);
	str_fini(&s->metadata);
	str_fini(&s->note);
	str_fini(&s->find_text);
	doc_fini(&s->doc);
	free(s->path);
	free(s);
}

const struct archive *
browser_store_archive(const struct browser_store *s)
{
	return s->reader != NULL ? reader_archive(s->reader) : NULL;
}

const struct err *
browser_store_error(const struct browser_store *s)
{
	return s->err.code != ERR_OK ? &s->err : NULL;
}

const struct findings *
browser_store_findings(const struct browser_store *s)
{
	return s->checked ? &s->findings : NULL;
}

const struct archive_facts *
browser_store_facts(const struct browser_store *s)
{
	static const struct archive_facts none = ARCHIVE_FACTS_EMPTY;

	return s->reader != NULL && s->ended ? reader_facts(s->reader) : &none;
}

const char *
browser_store_sha256(const struct browser_store *s)
{
	return s->sha256;
}

const struct str *
browser_store_metadata(const struct browser_store *s)
{
	return s->has_metadata ? &s->metadata : NULL;
}

size_t
browser_store_passed(const struct browser_store *s, size_t count)
{
	size_t passed = s->reader != NULL ? reader_passed(s->reader) : 0;

	return passed < count ? passed : count;
}

/* --- contents --- */

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
take_index(struct browser_store *s, struct browser_pass *p, const struct err *why)
{
	if (s->shown != p->member)
		doc_fini(&s->doc);
	doc_index_fini(&s->doc.index);
	s->doc.index = p->index;
	p->index = (struct doc_index) { .begun = false };
	s->doc.at = (struct doc_mark) { .line = 0 };
	s->broken = s->broken && s->shown == p->member;
	s->shown = p->member;
	s->whole = !p->stopped;
	str_clear(&s->note);
	if (why != NULL)
		str_puts(&s->note, why->message);
}

/* The pass has what it wanted, or all there is. */
static void
finish_pass(struct browser_store *s, const struct err *why)
{
	struct browser_pass *p = s->pass;

	s->pass = NULL;
	if (p->member == s->wanted) {
		if (p->indexing) {
			doc_index_feed(&p->index, NULL, 0, true);
			take_index(s, p, why);
		}
		/* Whatever is not there now would be asked for again with every frame. */
		s->broken |= !p->indexing && why != NULL && p->kept.len == 0;
		browser_pass_give_blocks(p, &s->doc);
		if (p->finding)
			take_found(s, p);
	}
	browser_pass_free(p);
	start_pass(s);
	tell(s);
}

/* What still comes is not wanted: the child ends, the next pass gets another one. */
static void
drop_pass(struct browser_store *s)
{
	reader_close(s->contents);
	s->contents = NULL;
	browser_pass_free(s->pass);
	s->pass = NULL;
}

static void
pass_data(void *arg, const void *data, size_t len)
{
	struct browser_store *s = arg;

	browser_pass_take(s->pass, data, len);
	if (!s->pass->stopped || s->pass->stop_at != UINT64_MAX)
		return;
	/* Found: the rest is not read. */
	reader_close(s->contents);
	s->contents = NULL;
	finish_pass(s, NULL);
}

static void
pass_done(void *arg, enum err_code rc, const struct err *why)
{
	struct browser_store *s = arg;

	/* Its own bound is no limit that hides anything. */
	if (rc == ERR_FAILED) {
		reader_close(s->contents);
		s->contents = NULL;
	}
	finish_pass(s, rc == ERR_OK || s->pass->stopped ? NULL : why);
}

/* What is most wanted now; NULL when all is there. */
static struct browser_pass *
next_pass(struct browser_store *s)
{
	struct browser_pass *p;

	if (s->wanted == FINDING_NO_MEMBER)
		return NULL;
	p = browser_pass_new(s->wanted);
	if (s->shown != s->wanted) {
		p->indexing = true;
		p->keep_to = p->stop_at = FIRST_BYTES;
	} else if (s->doc.wants && !s->broken) {
		uint64_t before = (uint64_t)(FILL_BLOCKS / 2) * DOC_BLOCK;

		p->keep_from = s->doc.wanted_offset > before ? s->doc.wanted_offset - before : 0;
		p->keep_to = p->keep_from + (uint64_t)FILL_BLOCKS * DOC_BLOCK;
		p->stop_at = p->keep_to;
		s->doc.wants = false;
	} else if (!s->whole) {
		p->indexing = true;
	} else if (s->find_wanted) {
		browser_pass_find(
		    p, s->doc.index.encoding, str_text(&s->find_text), s->find_from, s->find_back);
	} else {
		browser_pass_free(p);
		p = NULL;
	}
	return p;
}

/* A reader that does nothing but give contents; NULL when it cannot be started. */
static struct reader *
open_viewer(const struct browser_store *s, struct err *e)
{
	struct archive_limits limits = archive_default_limits;
	const struct dist_check_opts check = { .limits = &limits };
	const struct reader_opts how = { .path = s->path,
		.program = s->o.program,
		.check = &check,
		.no_list = true,
		.no_check = true };
	struct reader_opts at = how;
	struct reader *r = NULL;

	place(s, &at);
	limits.member_bytes = limits.total_bytes = VIEW_BYTES;
	limits.wall_ms = VIEW_MS;
	return reader_open(s->o.loop, &at, &r, e) == ERR_OK ? r : NULL;
}

static bool
open_contents(struct browser_store *s)
{
	struct err e = ERR_EMPTY;

	if (s->contents == NULL)
		s->contents = open_viewer(s, &e);
	if (s->contents != NULL)
		return true;
	str_clear(&s->note);
	str_puts(&s->note, e.message);
	return false;
}

static void
start_pass(struct browser_store *s)
{
	if (s->pass != NULL || browser_store_archive(s) == NULL)
		return;
	s->pass = next_pass(s);
	if (s->pass == NULL)
		return;
	if (!open_contents(s)) {
		browser_pass_free(s->pass);
		s->pass = NULL;
		return;
	}
	reader_read(s->contents, s->pass->member, s->pass->stop_at, pass_data, pass_done, s);
}

void
browser_store_wish(struct browser_store *s, size_t member)
{
	if (s->wanted == member)
		return;
	s->wanted = member;
	s->find_wanted = s->find_done = false;
	/* A short pass ends by itself; a long one is about what nobody looks at any more. */
	if (s->pass != NULL && s->pass->stop_at == UINT64_MAX)
		drop_pass(s);
	start_pass(s);
}

void
browser_store_rest(struct browser_store *s)
{
	drop_pass(s);
	doc_rest(&s->doc);
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
		drop_pass(s);
	start_pass(s);
}

bool
browser_store_is_whole(const struct browser_store *s)
{
	return s->whole && s->shown == s->wanted;
}

static int
percent_of(const struct browser_store *s)
{
	uint64_t size = archive_member(browser_store_archive(s), s->wanted)->size;

	return size > 0 && s->pass->at <= size ? (int)(s->pass->at * 100 / size) : 0;
}

int
browser_store_doc_progress(const struct browser_store *s)
{
	bool looks = s->pass != NULL && s->shown == s->wanted && s->wanted != FINDING_NO_MEMBER;

	return looks && !s->whole ? percent_of(s) : -1;
}

int
browser_store_find_progress(const struct browser_store *s)
{
	return s->find_wanted && s->pass != NULL && s->pass->finding ? percent_of(s) : -1;
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
	if (s->pass != NULL && s->pass->finding)
		drop_pass(s);
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

struct save_job {
	struct browser_store *s;
	struct reader *reader;
	struct browser_save *save;
	browser_saved_fn fn;
	void *arg;
};

/* The store goes first: nothing is left of it. */
static void
save_drop(struct browser_store *s)
{
	struct err gone = ERR_EMPTY;

	if (s->saving == NULL)
		return;
	err_set(&gone, ERR_CANCELLED, "saving was cancelled");
	browser_save_end(s->saving->save, &gone, NULL);
	reader_close(s->saving->reader);
	free(s->saving);
	s->saving = NULL;
}

static void
save_data(void *arg, const void *data, size_t len)
{
	struct save_job *j = arg;

	browser_save_take(j->save, data, len);
}

static void
save_done(void *arg, enum err_code rc, const struct err *why)
{
	struct save_job *j = arg;
	struct err e = ERR_EMPTY;
	char *path = mem_strdup(browser_save_path(j->save));

	rc = browser_save_end(j->save, rc != ERR_OK ? why : NULL, &e);
	j->s->saving = NULL;
	reader_close(j->reader);
	j->fn(j->arg, path, rc != ERR_OK ? &e : NULL);
	free(path);
	free(j);
}

void
browser_store_save(struct browser_store *s, size_t member, const char *path, bool replace,
    browser_saved_fn fn, void *arg)
{
	struct reader *reader = NULL;
	struct browser_save *save = NULL;
	struct err e = ERR_EMPTY;

	if (s->saving != NULL)
		err_set(&e, ERR_CONFLICT, "another member is still being saved");
	else if ((reader = open_viewer(s, &e)) != NULL)
		browser_save_begin(path, replace, &save, &e);
	if (save == NULL) {
		reader_close(reader);
		fn(arg, path, &e);
		return;
	}
	s->saving = mem_zalloc(1, sizeof *s->saving);
	*s->saving = (struct save_job) {
		.s = s, .reader = reader, .save = save, .fn = fn, .arg = arg
	};
	reader_read(reader, member, UINT64_MAX, save_data, save_done, s->saving);
}
