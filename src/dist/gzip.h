/* A gzip file as one stream of bytes, its members and their checksums looked at. RFC 1952. */
#ifndef SLIPWAY_DIST_GZIP_H
#define SLIPWAY_DIST_GZIP_H

#include "archive_priv.h"
#include "inflate.h"

enum gzip_state {
	GZIP_HEADER, /* a member header comes next */
	GZIP_DATA,
	GZIP_PLAIN,   /* no gzip at all: a tar as it is */
	GZIP_END,     /* all of the file was seen */
	GZIP_DAMAGED, /* told as a finding, unless quiet */
	GZIP_STOPPED, /* by a limit or cancelled */
};

struct gzip {
	struct archive *a;
	struct inflate *inflate;
	bool quiet; /* a second reading: its findings were told already */
	enum gzip_state state;
	uint64_t pos; /* in the file */
	uint64_t out; /* bytes given so far, from all members */
	size_t members;
	uint64_t member_out; /* OUT where the running member began */
	uint32_t crc;
	uint64_t since_look;
};

void gzip_init(struct gzip *g, struct archive *a, bool quiet);
void gzip_fini(struct gzip *g);
/* Up to ROOM (> 0) bytes; 0 at the end, whatever it is: see the state. */
size_t gzip_read(struct gzip *g, unsigned char *buf, size_t room);
/* As many of LEN bytes as there are. */
size_t gzip_fill(struct gzip *g, unsigned char *buf, size_t len);
/* Passes over LEN bytes; false when there were less. */
bool gzip_skip(struct gzip *g, uint64_t len);

#endif
