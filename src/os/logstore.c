/* Lines in chunks: the newest in memory, all in a file. Chunks are dropped whole from the old end.
 */
#include "slipway/os/logstore.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"
#include "slipway/base/str.h"
#include "slipway/os/fs.h"

#define MAX_LINES 100000
#define MAX_BYTES ((size_t)16 * 1024 * 1024)
#define CHUNK_LINES 1024
#define CHUNK_BYTES ((size_t)128 * 1024) /* or a line more */
#define BLOCK_LINES 256			 /* between two offsets that are remembered */
#define WRITE_BYTES ((size_t)64 * 1024)

struct record {
	uint32_t at;
	uint16_t len, runs;
	uint8_t class;
};

/* A record's bytes: text, NUL, then its runs, packed without alignment. */
struct chunk {
	size_t first; /* number of its first line */
	size_t count;
	struct record *records;
	size_t records_cap;
	struct str data;
};

struct logstore {
	size_t max_lines, max_bytes;
	struct termline *termline;
	struct chunk **chunks; /* oldest first */
	size_t chunk_count, chunk_cap;
	size_t memory;
	size_t count;
	size_t classes[3];
	uint64_t bytes, version;
	struct termline_run runs[TERMLINE_RUNS_MAX]; /* of the line given out last */
	/* the file */
	char *path;
	int fd;
	struct err failure;
	struct str pending;
	uint64_t offset;   /* of the end, PENDING included */
	uint64_t *offsets; /* of every BLOCK_LINES-th line */
	size_t offset_count, offset_cap;
	/* the block of old lines read last */
	struct str block;
	size_t block_number; /* SIZE_MAX: none */
	size_t starts[BLOCK_LINES + 1];
};

static const char lost[] = "(this line is no longer kept)";

static void add_line(void *arg, const struct termline_line *line);

enum err_code
logstore_new(const struct logstore_opts *o, struct logstore **out, struct err *e)
{
	struct logstore *l;
	int fd = -1;

	if (o->path != NULL) {
		fd = open(o->path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		if (fd < 0)
			return err_sys(e, ERR_IO, "cannot write the log %s", o->path);
	}
	l = mem_zalloc(1, sizeof *l);
	l->max_lines = o->max_lines != 0 ? o->max_lines : MAX_LINES;
	l->max_bytes = o->max_bytes != 0 ? o->max_bytes : MAX_BYTES;
	l->path = mem_strdup(o->path);
	l->fd = fd;
	l->block_number = SIZE_MAX;
	l->termline = termline_new(add_line, l);
	*out = l;
	return ERR_OK;
}

static void
chunk_free(struct chunk *c)
{
	str_fini(&c->data);
	free(c->records);
	free(c);
}

static void
write_pending(struct logstore *l)
{
	if (l->fd < 0 || l->pending.len == 0)
		return;
	/* Nothing is written behind a hole: what is in the file stays true. */
	if (l->failure.code == ERR_OK &&
	    fd_write_all(l->fd, l->pending.data, l->pending.len, &l->failure) != ERR_OK)
		err_wrap(&l->failure, "cannot write the log %s", l->path);
	str_clear(&l->pending);
}

void
logstore_free(struct logstore *l)
{
	if (l == NULL)
		return;
	write_pending(l);
	fd_close(&l->fd);
	termline_free(l->termline);
	for (size_t i = 0; i < l->chunk_count; i++)
		chunk_free(l->chunks[i]);
	free(l->chunks);
	free(l->path);
	free(l->offsets);
	str_fini(&l->pending);
	str_fini(&l->block);
	free(l);
}

static size_t
chunk_memory(const struct chunk *c)
{
	return sizeof *c + c->data.cap + c->records_cap * sizeof c->records[0];
}

/* Drops old chunks while the bounds hold without them. The one being filled stays. */
static void
drop_old(struct logstore *l)
{
	size_t drop = 0;

	while (
	    drop + 1 < l->chunk_count &&
	    (l->count - l->chunks[drop + 1]->first >= l->max_lines || l->memory > l->max_bytes)) {
		l->memory -= chunk_memory(l->chunks[drop]);
		chunk_free(l->chunks[drop++]);
	}
	if (drop == 0)
		return;
	l->chunk_count -= drop;
	memmove(l->chunks, l->chunks + drop, l->chunk_count * sizeof(l->chunks[0]));
}

static struct chunk *
chunk_to_fill(struct logstore *l)
{
	struct chunk *c = l->chunk_count > 0 ? l->chunks[l->chunk_count - 1] : NULL;
	size_t limit = l->max_lines / 4 + 1 < CHUNK_LINES ? l->max_lines / 4 + 1 : CHUNK_LINES;

	if (c != NULL && c->count < limit && c->data.len < CHUNK_BYTES)
		return c;
	drop_old(l);
	c = mem_zalloc(1, sizeof *c);
	c->first = l->count;
	l->chunks = mem_grow(l->chunks, &l->chunk_cap, l->chunk_count + 1, sizeof(l->chunks[0]));
	l->chunks[l->chunk_count++] = c;
	l->memory += chunk_memory(c);
	return c;
}

/* WORD is in lower case; ASCII letters differ in one bit by case. */
static bool
word_at(const char *text, size_t len, const char *word)
{
	for (; *word != '\0'; word++, text++, len--)
		if (len == 0 || (*text | 0x20) != *word)
			return false;
	return true;
}

static enum logstore_class
classify(const char *text, size_t len)
{
	enum logstore_class class = LOGSTORE_PLAIN;

	for (size_t i = 0; i < len; i++) {
		char c = text[i] | 0x20;

		if (c == 'e' && word_at(text + i, len - i, "error"))
			return LOGSTORE_ERROR;
		if (c == 'w' && word_at(text + i, len - i, "warning"))
			class = LOGSTORE_WARNING;
	}
	return class;
}

/* Appends to the file, by way of a buffer. */
static void
keep(struct logstore *l, const struct termline_line *line)
{
	if (l->fd < 0)
		return;
	if (l->count % BLOCK_LINES == 0) {
		l->offsets = mem_grow(
		    l->offsets, &l->offset_cap, l->offset_count + 1, sizeof l->offsets[0]);
		l->offsets[l->offset_count++] = l->offset;
	}
	str_append(&l->pending, line->text, line->len);
	str_putc(&l->pending, '\n');
	l->offset += line->len + 1;
	if (l->pending.len >= WRITE_BYTES)
		write_pending(l);
}

static void
add_line(void *arg, const struct termline_line *line)
{
	struct logstore *l = arg;
	struct chunk *c = chunk_to_fill(l);
	enum logstore_class class = classify(line->text, line->len);
	size_t before = chunk_memory(c);

	c->records = mem_grow(c->records, &c->records_cap, c->count + 1, sizeof c->records[0]);
	c->records[c->count++] = (struct record) { .at = (uint32_t)c->data.len,
		.len = (uint16_t)line->len,
		.runs = (uint16_t)line->run_count,
		.class = (uint8_t) class };
	str_append(&c->data, line->text, line->len);
	str_putc(&c->data, '\0');
	str_append(&c->data, line->runs, line->run_count * sizeof line->runs[0]);
	l->memory += chunk_memory(c) - before;
	keep(l, line);
	l->classes[class]++;
	l->count++;
	l->version++;
}

void
logstore_feed(struct logstore *l, const char *data, size_t len)
{
	if (len == 0)
		return;
	l->bytes += len;
	l->version++;
	termline_feed(l->termline, data, len);
}

void
logstore_end(struct logstore *l)
{
	termline_end(l->termline);
	l->version++;
	write_pending(l);
}

void
logstore_add(struct logstore *l, const char *text, const struct termline_style *style)
{
	char safe[TERMLINE_MAX];
	struct termline_run run = { .start = 0 };
	struct termline_line line = { .text = safe, .runs = &run };

	/* What a process has under way comes before what we say about it. */
	termline_end(l->termline);
	sanitise_line(text, strlen(text), safe, sizeof safe);
	line.len = strlen(safe);
	if (style != NULL && line.len > 0) {
		run.len = (uint16_t)line.len;
		run.style = *style;
		line.run_count = 1;
	}
	add_line(l, &line);
}

static struct chunk *
find_chunk(const struct logstore *l, size_t i)
{
	size_t low = 0, high = l->chunk_count;

	while (low + 1 < high) {
		size_t mid = low + (high - low) / 2;

		if (l->chunks[mid]->first <= i)
			low = mid;
		else
			high = mid;
	}
	return l->chunks[low];
}

static void
line_in_memory(struct logstore *l, size_t i, struct logstore_line *out)
{
	const struct chunk *c = find_chunk(l, i);
	const struct record *r = &c->records[i - c->first];

	memcpy(l->runs, c->data.data + r->at + r->len + 1, r->runs * sizeof l->runs[0]);
	*out = (struct logstore_line) { .text = c->data.data + r->at,
		.len = r->len,
		.runs = l->runs,
		.run_count = r->runs,
		.class = (enum logstore_class)r->class };
}

/* Reads LEN bytes at OFFSET of the file into the block; false when they are not there. */
static bool
read_block(struct logstore *l, uint64_t offset, size_t len)
{
	char *to;

	str_clear(&l->block);
	to = str_reserve(&l->block, len);
	for (size_t done = 0; done < len;) {
		ssize_t got = pread(l->fd, to + done, len - done, (off_t)(offset + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		done += (size_t)got;
	}
	l->block.len = len;
	to[len] = '\0';
	return true;
}

/* Splits the block into COUNT lines. Somebody else may have changed the file: it is not trusted. */
static bool
split_block(struct logstore *l, size_t count)
{
	size_t found = 0;

	l->starts[0] = 0;
	for (size_t i = 0; i < l->block.len && found < count; i++)
		if (l->block.data[i] == '\n') {
			l->block.data[i] = '\0';
			l->starts[++found] = i + 1;
		}
	return found == count;
}

static bool
load_block(struct logstore *l, size_t number)
{
	bool whole = number + 1 < l->offset_count;
	size_t count = whole ? BLOCK_LINES : l->count - number * BLOCK_LINES;
	uint64_t end;

	if (number == l->block_number)
		return true;
	l->block_number = SIZE_MAX;
	if (l->fd < 0)
		return false;
	write_pending(l);
	end = whole ? l->offsets[number + 1] : l->offset;
	if (!read_block(l, l->offsets[number], (size_t)(end - l->offsets[number])))
		return false;
	if (!split_block(l, count))
		return false;
	/* The last one still grows, so it is read again the next time. */
	l->block_number = whole ? number : SIZE_MAX;
	return true;
}

static void
line_of_file(struct logstore *l, size_t i, struct logstore_line *out)
{
	size_t at = i % BLOCK_LINES;

	*out = (struct logstore_line) { .text = lost, .len = sizeof lost - 1 };
	if (!load_block(l, i / BLOCK_LINES))
		return;
	out->text = l->block.data + l->starts[at];
	out->len = l->starts[at + 1] - l->starts[at] - 1;
	out->class = classify(out->text, out->len);
}

void
logstore_line(struct logstore *l, size_t i, struct logstore_line *out)
{
	assert(i < l->count);
	if (i >= logstore_first_in_memory(l))
		line_in_memory(l, i, out);
	else
		line_of_file(l, i, out);
}

bool
logstore_partial(struct logstore *l, struct logstore_line *out)
{
	struct termline_line line;

	if (!termline_partial(l->termline, &line))
		return false;
	*out = (struct logstore_line) { .text = line.text,
		.len = line.len,
		.runs = line.runs,
		.run_count = line.run_count,
		.class = classify(line.text, line.len) };
	return true;
}

size_t
logstore_count(const struct logstore *l)
{
	return l->count;
}

size_t
logstore_first_in_memory(const struct logstore *l)
{
	return l->chunk_count > 0 ? l->chunks[0]->first : 0;
}

size_t
logstore_class_count(const struct logstore *l, enum logstore_class class)
{
	return l->classes[class];
}

uint64_t
logstore_bytes(const struct logstore *l)
{
	return l->bytes;
}

const char *
logstore_path(const struct logstore *l)
{
	return l->path;
}

const struct err *
logstore_failure(const struct logstore *l)
{
	return l->failure.code != ERR_OK ? &l->failure : NULL;
}

uint64_t
logstore_version(const struct logstore *l)
{
	return l->version;
}
