/* Looking at contents while they stream by: secrets, programs, archives, deceiving text. One struct
 * a pass and thread; nothing here reads by itself. Everything found is a reason to look. */
#ifndef SLIPWAY_DIST_SCAN_H
#define SLIPWAY_DIST_SCAN_H

#include "check_priv.h"

/* What follows a trigger is looked at as far as this; what lies before it, as far as that. */
#define SCAN_AHEAD 1024
#define SCAN_BEHIND 128

/* A piece of a member; AT is where something was seen. */
struct scan_view {
	const unsigned char *data;
	size_t len, at;
};

struct scan_words;

struct scan {
	struct check *c;
	struct findings *f;
	const struct scan_words *words;
	/* the member */
	size_t index;
	struct bytes name;
	bool text, code, python, pyc, settings, quiet; /* QUIET: tests and documentation */
	uint16_t marks;
	bool begun; /* its first bytes were looked at */
	struct str window;
	uint64_t window_at;	/* of the window in the member */
	size_t done;		/* bytes of the window that were looked at */
	size_t line, line_upto; /* number of the line at that byte of the window */
	uint64_t line_length, longest;
	size_t longest_line;
	struct str program; /* all of an ELF file, or of an archive */
	const char *archive; /* "zip"; NULL: it is none */
	size_t bidi, invisible, paths, chars;
	size_t bidi_line, invisible_line, exec_line;
	char path[64]; /* the first build path */
	size_t look_alikes, look_alike_line;
	size_t noted[3];       /* line + 1 of the first of each enum scan_note; 0: none */
	bool setup;	       /* it is a setup.py */
	unsigned char tail[8]; /* the last bytes of an image */
	const char *image;     /* "PNG"; NULL: it is none */
	bool keep, kept_all; /* the program; whether it is whole */
	bool elf, execs, decodes, pye_begins, pyarmor;
	unsigned secrets; /* told of this member */
};

/* One word to be found, by two of its bytes that are rare together. */
struct scan_word {
	const char *text;
	uint8_t pair; /* offset of these two */
	bool any_case;
	bool texts_only; /* not in binaries */
	void (*seen)(struct scan *s, const struct scan_view *v, unsigned arg);
	unsigned arg;
};

enum scan_note { NOTE_BUILD, NOTE_CREDENTIALS, NOTE_HOSTS };

#define SCAN_WORDS_MAX 255

struct scan_words {
	uint8_t first[65536]; /* by pair: 1 + index of a word, 0 for none */
	uint8_t next[SCAN_WORDS_MAX];
	const struct scan_word *words[SCAN_WORDS_MAX];
	uint8_t lens[SCAN_WORDS_MAX];
	size_t count;
};

/* The table for all members of all threads; the caller owns it: free(). */
struct scan_words *scan_words_new(void);
/* A word of any two bytes, the first of them from FIRST to LAST, the second one of a character's.
 */
void scan_words_add_lead(
    struct scan_words *w, const struct scan_word *word, unsigned first, unsigned last);
void scan_words_add(struct scan_words *w, const struct scan_word *words, size_t count);
/* The groups of words, each with what it does when one is seen. */
void scan_add_secrets(struct scan_words *w);
void scan_add_texts(struct scan_words *w);

void scan_init(struct scan *s, struct check *c, struct findings *f, const struct scan_words *words);
void scan_fini(struct scan *s);
void scan_begin(struct scan *s, size_t index);
void scan_data(struct scan *s, const void *data, size_t len);
/* What was learned: enum member_mark. */
uint16_t scan_end(struct scan *s);

/* For the groups: the line of that byte of the window, its place, the byte behind a run. */
size_t scan_line(struct scan *s, const struct scan_view *v, size_t at);
/* The kind of a file by its first bytes. */
enum scan_magic {
	MAGIC_NONE,
	MAGIC_ELF,
	MAGIC_PE,
	MAGIC_MACHO,
	MAGIC_ARCHIVE,
	MAGIC_OTHER, /* binary, of no kind that is told */
};
enum scan_magic scan_magic(const unsigned char *p, size_t len, const char **what);
/* Rules over ELF files and PE libraries as wholes. */
void scan_program(
    struct scan *s, enum scan_magic magic, const char *what, const void *p, size_t len);
void scan_elf(struct scan *s);
/* Looks into an archive of at most this size. */
#define SCAN_INSIDE_MAX ((size_t)32 * 1024 * 1024)
void scan_inside(struct scan *s);
/* Pickles, WebAssembly, images: data that is not what one looks for. SCAN_IMAGE_END at the end. */
void scan_data_kind(struct scan *s, const unsigned char *p, size_t len);
void scan_image_data(struct scan *s, const void *data, size_t len);
void scan_image_end(struct scan *s);
void scan_pyc(struct scan *s, const unsigned char *p, size_t len);

/* A letter of Greek or Cyrillic that is drawn as a Latin one. */
bool scan_is_look_alike(uint32_t cp);
/* Shannon entropy in bits a byte. */
double scan_entropy(const unsigned char *p, size_t len);

#endif
