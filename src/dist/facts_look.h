/* Learning the facts of members while their contents stream by. */
#ifndef SLIPWAY_DIST_FACTS_LOOK_H
#define SLIPWAY_DIST_FACTS_LOOK_H

#include <stdbool.h>

#include "slipway/base/digest.h"
#include "slipway/dist/archive.h"
#include "slipway/dist/facts.h"
#include "slipway/dist/filename.h"

/* The part of each name in an archive that says which file of the project it is. */
struct roots {
	enum dist_kind kind;
	struct bytes top; /* of an sdist, with its slash; empty when there is none */
	char *stem;	  /* of a wheel; NULL when its file name is malformed */
	char *version;	  /* as in the file name; NULL likewise */
};

/* TOP is borrowed from A. */
void roots_find(struct roots *r, const struct archive *a, const char *path);
void roots_fini(struct roots *r);
/* What is compared of NAME, a tail of it. */
struct bytes roots_path(const struct roots *r, struct bytes name);

#define LOOK_HEAD 64

/* One lane of a pass. */
struct facts_look {
	struct archive_facts *facts; /* NULL: not wanted */
	const struct roots *roots;
	struct str kept[COMPARE_KEPT_COUNT]; /* those of this lane */
	bool has[COMPARE_KEPT_COUNT];
	/* the member */
	struct str *keep; /* NULL: nothing of it */
	struct digest sha256, blob;
	uint64_t taken;
	unsigned looks;
	char head[LOOK_HEAD];
	char last; /* byte of the piece before */
};

/* Room for COUNT members. */
void facts_make(struct archive_facts *f, size_t count);
/* OWN_SHA256: nobody else hashes it. */
void facts_look_begin(struct facts_look *l, const struct member *m, bool own_sha256);
void facts_look_data(struct facts_look *l, const void *data, size_t len);
/* OK: all of it came. SHA256 is that of somebody else, or NULL. */
void facts_look_end(
    struct facts_look *l, size_t index, bool ok, const uint8_t *sha256, uint16_t marks);
/* Hands over what the lane kept; those of later members count. */
void facts_look_join(struct facts_look *l);

#endif
