/* The one pass over all contents: each member's own checksum, its hash in RECORD, what is in it,
 * and the facts that others want to know. */
#include <stdlib.h>
#include <string.h>

#include "archive_priv.h"
#include "check_record.h"
#include "facts_look.h"
#include "scan.h"
#include "slipway/base/mem.h"

#define LANES 2

/* What one lane of the pass has of its own. */
struct lane {
	struct check *c;
	struct facts_look look;
	struct findings found;
	struct scan scan;
	struct verify verify;
	bool facts_only; /* the member is hidden: installers do not see it, RECORD neither */
	size_t programs;
	uint64_t given;
};

static size_t
index_of(const struct lane *l, const struct member *m)
{
	return (size_t)(m - archive_member(l->c->a, 0));
}

/* Of the file itself, not of what is inside of it. */
static void
count_member(const struct lane *l)
{
	if (l->c->opts != NULL && l->c->opts->passed != NULL && l->c->a->depth == 0)
		atomic_fetch_add(l->c->opts->passed, 1);
}

static bool
begin_member(void *arg, const struct member *m)
{
	struct lane *l = arg;
	size_t index = index_of(l, m);

	l->facts_only = m->hidden && archive_format(l->c->a) == ARCHIVE_ZIP;
	if (m->kind == MEMBER_DIR || (l->facts_only && l->look.facts == NULL)) {
		count_member(l);
		return false;
	}
	if (!l->facts_only)
		verify_begin(&l->verify, index);
	if (m->kind == MEMBER_FILE)
		facts_look_begin(&l->look, m,
		    l->facts_only || !l->verify.hashing || l->verify.digest.kind != DIGEST_SHA256);
	if (m->kind == MEMBER_FILE && !l->facts_only)
		scan_begin(&l->scan, index);
	return true;
}

static void
member_data(void *arg, const void *data, size_t len)
{
	struct lane *l = arg;

	facts_look_data(&l->look, data, len);
	if (l->facts_only)
		return;
	l->given += len;
	verify_data(&l->verify, data, len);
	scan_data(&l->scan, data, len);
}

static void
tell_failure(struct lane *l, size_t index, enum err_code rc, const struct err *why)
{
	struct finding_place at = check_at(l->c, index, 0);

	switch (rc) {
	case ERR_OK:
		break;
	case ERR_CONFLICT:
		findings_add(&l->found, RULE_DATA_SIZE_LIES, at, "%s", why->message);
		break;
	case ERR_LIMIT:
		findings_add(&l->found, RULE_LIMIT, at, "%s", why->message);
		break;
	case ERR_UNSUPPORTED:
		/* Encryption and methods were told by the walker. Test data may well have both. */
		findings_add(&l->found, l->c->a->depth > 0 ? RULE_INSIDE : RULE_LIMIT, at,
		    "the content was not looked at: %s", why->message);
		break;
	case ERR_FAILED:
	case ERR_IO:
	case ERR_NOT_FOUND:
	case ERR_INVALID:
	case ERR_USAGE:
	case ERR_CONFIG:
	case ERR_EXISTS:
	case ERR_AUTH:
	case ERR_REFUSED:
	case ERR_NETWORK:
	case ERR_TIMEOUT:
	case ERR_BUSY:
	case ERR_CANCELLED:
	case ERR_COUNT:
		/* Of a tar the walker says where it breaks off. */
		if (archive_format(l->c->a) == ARCHIVE_ZIP)
			findings_add(&l->found, RULE_DATA_DAMAGED, at, "%s", why->message);
		break;
	}
}

static void
end_member(void *arg, const struct member *m, enum err_code rc, const struct err *why)
{
	struct lane *l = arg;
	size_t index = index_of(l, m);
	uint8_t sha256[32] = { 0 };
	uint16_t marks = 0;
	bool known;

	if (l->facts_only) {
		if (m->kind == MEMBER_FILE)
			facts_look_end(&l->look, index, rc == ERR_OK, NULL, 0);
		count_member(l);
		return;
	}
	if (m->kind == MEMBER_FILE)
		marks = scan_end(&l->scan);
	l->programs += (marks & MARK_PROGRAM) != 0;
	known = verify_end(&l->verify, index, rc == ERR_OK, sha256);
	if (m->kind == MEMBER_FILE)
		facts_look_end(&l->look, index, rc == ERR_OK, known ? sha256 : NULL, marks);
	tell_failure(l, index, rc, why);
	count_member(l);
}

/* A wheel for a platform that could be for any. */
static void
check_platform_is_used(struct check *c, size_t programs)
{
	if (programs == 0 && c->name.platform != NULL && strcmp(c->name.platform, "any") != 0 &&
	    archive_is_complete(c->a))
		findings_add(c->f, RULE_BINARY_NONE, FINDING_WHOLE_FILE,
		    "tagged %s, and no program or library in it", c->name.platform);
}

/* Archives inside share what the file around them leaves of the limits, in bytes, entries and
 * time. */
static void
share_limits(struct check *c, struct check_inside *left)
{
	uint64_t most = archive_most_bytes(c->a);

	for (size_t i = 0; i < archive_count(c->a); i++) {
		uint64_t size = archive_member(c->a, i)->size;

		most = size < most ? most - size : 0;
	}
	left->bytes = most;
	left->entries = c->a->limits.entries - archive_count(c->a);
	c->inside = left;
	archive_begin_pass(c->a);
	c->a->latest_ms = c->a->deadline_ms;
}

enum err_code
check_pass(struct check *c, const char *path, struct err *e)
{
	size_t count = c->a->depth == 0 ? LANES : 1;
	struct check_inside left;
	struct record_rows rows;
	struct roots roots = { .stem = NULL };
	struct scan_words *words = scan_words_new();
	struct lane lanes[LANES] = { { .c = c } };
	struct archive_visitor visitors[LANES];
	size_t programs = 0;
	enum err_code rc;

	if (c->facts != NULL) {
		roots_find(&roots, c->a, path);
		facts_make(c->facts, archive_count(c->a));
	}
	if (c->a->depth == 0)
		share_limits(c, &left);
	record_rows_read(c, &rows);
	for (size_t i = 0; i < count; i++) {
		lanes[i] = (struct lane) { .c = c, .look = { .facts = c->facts, .roots = &roots } };
		lanes[i].verify = (struct verify) { .rows = &rows, .f = &lanes[i].found };
		scan_init(&lanes[i].scan, c, &lanes[i].found, words);
		visitors[i] = (struct archive_visitor) { begin_member, member_data, end_member,
			&lanes[i] };
	}
	rc = archive_each_lane(c->a, visitors, count, e);
	for (size_t i = 0; i < count; i++) {
		c->given += lanes[i].given;
		findings_take(c->f, &lanes[i].found);
		programs += lanes[i].programs;
		scan_fini(&lanes[i].scan);
		verify_fini(&lanes[i].verify);
		if (c->facts != NULL)
			facts_look_join(&lanes[i].look);
	}
	/* A pass that a limit ended is a finding of the archive. */
	if (rc == ERR_OK) {
		record_rows_left(&rows);
		check_platform_is_used(c, programs);
	}
	if (c->a->depth == 0) {
		c->a->latest_ms = 0;
		c->inside = NULL;
	}
	record_rows_fini(&rows);
	roots_fini(&roots);
	free(words);
	return rc == ERR_LIMIT ? ERR_OK : rc;
}
