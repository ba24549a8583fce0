/* Everything that is done with the bytes of a member while they go by. */
#include "browser_pass.h"

#include <stdlib.h>
#include <string.h>

#include "slipway/base/mem.h"

struct browser_pass *
browser_pass_new(size_t member)
{
	struct browser_pass *p = mem_zalloc(1, sizeof *p);

	p->member = member;
	p->stop_at = UINT64_MAX;
	p->first_match = p->last_match = p->match_before = p->match_behind = UINT64_MAX;
	return p;
}

void
browser_pass_free(struct browser_pass *p)
{
	if (p == NULL)
		return;
	doc_index_fini(&p->index);
	str_fini(&p->kept);
	str_fini(&p->overlap);
	doc_needle_fini(&p->needle);
	free(p);
}

void
browser_pass_find(struct browser_pass *p, enum doc_encoding encoding, const char *text,
    uint64_t from, bool back)
{
	p->finding = true;
	p->find_back = back;
	p->find_from = from;
	doc_needle_init(&p->needle, encoding, text);
}

static void
keep(struct browser_pass *p, uint64_t at, const char *data, size_t len)
{
	uint64_t from = at < p->keep_from ? p->keep_from : at;
	uint64_t to = at + len < p->keep_to ? at + len : p->keep_to;

	if (from < to)
		str_append(&p->kept, data + (from - at), (size_t)(to - from));
}

static void
match(struct browser_pass *p, uint64_t offset)
{
	if (offset < p->find_from) {
		if (p->match_before == UINT64_MAX)
			p->match_before = offset;
		p->last_match = offset;
	} else {
		if (p->first_match == UINT64_MAX)
			p->first_match = offset;
		p->match_behind = offset;
	}
}

static void
find(struct browser_pass *p, uint64_t at, const char *data, size_t len)
{
	uint64_t start = at - p->overlap.len;
	size_t wanted = p->needle.bytes.len, found;

	str_append(&p->overlap, data, len);
	for (found = doc_needle_find(&p->needle, p->overlap.data, p->overlap.len, 0);
	     found < p->overlap.len;
	     found = doc_needle_find(&p->needle, p->overlap.data, p->overlap.len, found + 1))
		match(p, start + found);
	/* One byte less than a match: nothing is found twice. */
	if (p->overlap.len >= wanted)
		str_splice(&p->overlap, 0, p->overlap.len - (wanted - 1), NULL, 0);
}

void
browser_pass_take(struct browser_pass *p, const void *data, size_t len)
{
	if (p->indexing)
		doc_index_feed(&p->index, data, len, false);
	keep(p, p->at, data, len);
	if (p->finding)
		find(p, p->at, data, len);
	p->at += len;
	/* The first match is enough unless the last one is wanted. */
	p->stopped = p->at >= p->stop_at ||
		     (p->finding && !p->find_back && p->first_match != UINT64_MAX);
}

void
browser_pass_give_blocks(struct browser_pass *p, struct doc *d)
{
	for (size_t at = 0; at < p->kept.len; at += DOC_BLOCK) {
		struct str block = STR_EMPTY;
		size_t left = p->kept.len - at;

		str_append(&block, p->kept.data + at, left < DOC_BLOCK ? left : DOC_BLOCK);
		doc_take_block(d, p->keep_from + at, &block);
	}
}
