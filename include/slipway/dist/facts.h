/* What a pass over all contents learns of each member, beside findings. */
#ifndef SLIPWAY_DIST_FACTS_H
#define SLIPWAY_DIST_FACTS_H

#include <stddef.h>
#include <stdint.h>

#include "slipway/base/err.h"
#include "slipway/base/str.h"

struct archive;

enum member_mark {
	MARK_HASHED = 1,   /* sha256 is there */
	MARK_BLOB = 2,	   /* blob is there */
	MARK_BINARY = 4,   /* no text */
	MARK_PROGRAM = 8,  /* ELF, PE or Mach-O */
	MARK_ARCHIVE = 16, /* an archive, or compressed */
	MARK_PYC = 32,	   /* compiled Python */
	MARK_SECRET = 64,  /* something in it looks like a secret */
	MARK_RUNS = 128,   /* runs by itself at the start of Python */
};

/* What the content of a file looks like, for comparisons. */
enum compare_mark {
	COMPARE_IS_BINARY = 1,	    /* a NUL in its first 8 KiB */
	COMPARE_IS_NATIVE = 2,	    /* ELF, PE or Mach-O */
	COMPARE_HAS_CRLF = 4,	    /* at least one line ends so */
	COMPARE_HAS_LF = 8,	    /* at least one line ends in LF alone */
	COMPARE_IS_CYTHON = 16,	    /* begins as what Cython generates */
	COMPARE_IS_LFS_POINTER = 32 /* git-lfs was not run: the pointer, not the file */
};

/* Files of which more than hashes is kept, up to 1 MiB each; empty when not there. */
enum compare_kept {
	COMPARE_KEPT_METADATA,	   /* METADATA, PKG-INFO */
	COMPARE_KEPT_WHEEL,	   /* WHEEL */
	COMPARE_KEPT_ENTRY_POINTS, /* entry_points.txt of .dist-info or .egg-info */
	COMPARE_KEPT_PYPROJECT,	   /* pyproject.toml of an sdist */
	COMPARE_KEPT_SETUP_CFG,	   /* setup.cfg of an sdist */
	COMPARE_KEPT_COUNT
};

#define COMPARE_KEPT_MAX ((size_t)1024 * 1024)
#define COMPARE_BLOB_MAX 32

struct member_facts {
	uint8_t sha256[32];		/* of the content */
	uint8_t blob[COMPARE_BLOB_MAX]; /* git's id of it: blob_size bytes */
	uint16_t marks;			/* enum member_mark */
	uint8_t looks;			/* enum compare_mark */
};

/* One for each member of the archive, by its index; marks are 0 for what was not read. */
struct archive_facts {
	struct member_facts *items;
	size_t count;
	size_t blob_size; /* 20: SHA-1; 32: SHA-256; 0: no ids */
	struct str kept[COMPARE_KEPT_COUNT];
};

#define ARCHIVE_FACTS_EMPTY                                                                        \
	{                                                                                          \
		.items = NULL                                                                      \
	}

void archive_facts_fini(struct archive_facts *f); /* empty is fine; empty afterwards */
/* Reads all contents of A, which was opened from PATH, for nothing but facts. OUT->blob_size says
 * which ids are wanted; the rest of it must be empty. ERR_CANCELLED and ERR_IO; what a limit or
 * damage kept away has no marks. Blocks. */
enum err_code archive_facts_read(
    struct archive *a, const char *path, struct archive_facts *out, struct err *e);

#endif
