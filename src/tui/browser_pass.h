/* One reading of a member: for its rows, for some of its blocks, or for a text. */
#ifndef SLIPWAY_TUI_BROWSER_PASS_H
#define SLIPWAY_TUI_BROWSER_PASS_H

#include "browser_doc.h"

struct browser_pass {
	size_t member;
	uint64_t at;	  /* bytes seen */
	uint64_t stop_at; /* needs no more bytes than these; UINT64_MAX: all */
	bool stopped;	  /* there, or at what it looked for */

	bool indexing;
	struct doc_index index;

	uint64_t keep_from, keep_to; /* multiples of DOC_BLOCK */
	struct str kept;

	bool finding, find_back;
	struct doc_needle needle;
	uint64_t find_from;
	struct str overlap; /* the last bytes, in which a match may have begun */
	/* UINT64_MAX for none: the first from find_from on, the last before it, and around the
	 * ends the first and the last of all. */
	uint64_t first_match, last_match, match_before, match_behind;
};

struct browser_pass *browser_pass_new(size_t member);
void browser_pass_free(struct browser_pass *p); /* NULL is fine */
void browser_pass_find(struct browser_pass *p, enum doc_encoding encoding, const char *text,
    uint64_t from, bool back);
/* The next bytes of the member; p->stopped says whether more are needed. */
void browser_pass_take(struct browser_pass *p, const void *data, size_t len);
void browser_pass_give_blocks(struct browser_pass *p, struct doc *d);

#endif
