/* The TOML document: its memory, its tree and looking things up. The grammar is in toml_parse.c. */
#define _DEFAULT_SOURCE 1 /* MADV_HUGEPAGE */
#include "slipway/base/toml.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "slipway/base/mem.h"
#include "slipway/base/utf8.h"
#include "toml_private.h"

#define CHUNK_MIN 4096
#define CHUNK_MAX ((size_t)32 << 20)
#define CHUNK_HUGE ((size_t)4 << 20) /* from here on in huge pages, where the system has them */
#define INDEX_LARGE 4096	     /* slots: it fills the nearest cache */
#define NODES_FIRST 32
#define INDEX_ABOVE 8 /* entries; below that looking at each is faster */

struct toml_chunk {
	struct toml_chunk *next;
	size_t size;
	_Alignas(struct toml_node) char data[];
};

struct index_slot {
	uint32_t hash; /* 0: empty */
	uint32_t node; /* its number */
};

/* Open addressing, at most three quarters full. Small, since a large document waits for memory more
 * than for anything else. */
struct toml_index {
	const struct toml_doc *doc;
	uint32_t mask;
	struct index_slot *slots;
};

#ifdef MADV_HUGEPAGE
/* A large document is touched all over: with pages of 4 KiB half of the time would go into getting
 * them. Only advice, so that a refusal is fine. */
static void
use_huge_pages(char *data, size_t size)
{
	size_t page = (size_t)2 << 20, skip = (page - (uintptr_t)data % page) % page;

	if (skip < size)
		madvise(data + skip, (size - skip) / page * page, MADV_HUGEPAGE);
}
#endif

/* Makes sure of SIZE bytes between the two ends of the free room. */
static void
make_room(struct toml_doc *doc, size_t size)
{
	size_t room = doc->chunks != NULL ? doc->chunks->size * 2 : CHUNK_MIN;
	struct toml_chunk *chunk;

	if (doc->free != NULL && (size_t)(doc->free_end - doc->free) >= size)
		return;
	if (room > CHUNK_MAX)
		room = CHUNK_MAX;
	if (room < size)
		room = size;
	chunk = mem_alloc(sizeof *chunk + room);
#ifdef MADV_HUGEPAGE
	if (room >= CHUNK_HUGE)
		use_huge_pages(chunk->data, room);
#endif
	chunk->size = room;
	chunk->next = doc->chunks;
	doc->chunks = chunk;
	doc->free = chunk->data;
	doc->free_end = chunk->data + room;
}

/* Structs come from the front of a chunk and texts from its back, so that no padding is needed
 * between. */
void *
toml_alloc(struct toml_doc *doc, size_t size)
{
	size_t align = _Alignof(struct toml_node);

	size = (size + align - 1) / align * align;
	make_room(doc, size);
	doc->free += size;
	return doc->free - size;
}

char *
toml_alloc_text(struct toml_doc *doc, const char *text, size_t len)
{
	char *copy;

	make_room(doc, len + 1);
	doc->free_end -= len + 1;
	copy = doc->free_end;
	if (text != NULL && len > 0)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

void
toml_free(struct toml_doc *doc)
{
	struct toml_chunk *next;

	if (doc == NULL)
		return;
	for (struct toml_chunk *c = doc->chunks; c != NULL; c = next) {
		next = c->next;
		free(c);
	}
	free(doc->text);
	free(doc->name);
	free(doc);
}

/* Seeded, so that a file cannot be made to fall into one slot; not a digest. Never 0. */
static uint32_t
hash_key(uint64_t seed, const char *key, size_t len)
{
	uint64_t hash = seed ^ len, word;

	for (; len >= 8; key += 8, len -= 8) {
		memcpy(&word, key, 8);
		hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
		hash ^= hash >> 32;
	}
	word = 0;
	memcpy(&word, key, len);
	hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
	hash ^= hash >> 29;
	hash *= 0xbf58476d1ce4e5b9u;
	return (uint32_t)(hash >> 32) | 1;
}

/* Block K holds NODES_FIRST << K of them. */
static struct toml_node *
node_at(const struct toml_doc *doc, uint32_t number)
{
	uint32_t size = NODES_FIRST;
	unsigned int block = 0;

	for (; number >= size; size *= 2, block++)
		number -= size;
	return &doc->nodes[block][number];
}

static uint32_t
node_number(const struct toml_doc *doc, const struct toml_node *node)
{
	uint32_t before = 0, size = NODES_FIRST;

	for (unsigned int block = 0;; before += size, size *= 2, block++)
		if (node >= doc->nodes[block] && node < doc->nodes[block] + size)
			return before + (uint32_t)(node - doc->nodes[block]);
}

/* The newest node gets the number node_count - 1. */
static struct toml_node *
node_new(struct toml_doc *doc)
{
	struct toml_node *node;

	if (doc->node_left == 0) {
		doc->node_left = (uint32_t)NODES_FIRST << doc->block_count;
		assert(doc->block_count < TOML_BLOCKS_MAX);
		doc->node_next = toml_alloc(doc, doc->node_left * sizeof *node);
		doc->nodes[doc->block_count++] = doc->node_next;
	}
	doc->node_left--;
	doc->node_count++;
	node = doc->node_next++;
	memset(node, 0, sizeof *node);
	return node;
}

static void
index_put(struct toml_index *index, uint32_t hash, uint32_t node)
{
	uint32_t at = hash >> 1 & index->mask;

	while (index->slots[at].hash != 0)
		at = (at + 1) & index->mask;
	index->slots[at] = (struct index_slot) { .hash = hash, .node = node };
}

static struct toml_index *
index_new(struct toml_doc *doc, uint32_t size)
{
	struct toml_index *index = toml_alloc(doc, sizeof *index);

	index->doc = doc;
	index->mask = size - 1;
	index->slots = toml_alloc(doc, size * sizeof index->slots[0]);
	memset(index->slots, 0, size * sizeof index->slots[0]);
	return index;
}

static struct toml_index *
index_twice(struct toml_doc *doc, const struct toml_index *old)
{
	struct toml_index *index = index_new(doc, 2 * (old->mask + 1));

	for (uint32_t i = 0; i <= old->mask; i++)
		if (old->slots[i].hash != 0)
			index_put(index, old->slots[i].hash, old->slots[i].node);
	return index;
}

static struct toml_node *
index_find(const struct toml_index *index, uint32_t hash, const char *key, size_t len)
{
	for (uint32_t at = hash >> 1 & index->mask; index->slots[at].hash != 0;
	     at = (at + 1) & index->mask) {
		struct toml_node *n;

		if (index->slots[at].hash != hash)
			continue;
		n = node_at(index->doc, index->slots[at].node);
		if (n->key_len == len && memcmp(n->key, key, len) == 0)
			return n;
	}
	return NULL;
}

static struct toml_node *
look_at_each(const struct toml_node *table, const char *key, size_t len)
{
	for (struct toml_node *n = table->first; n != NULL; n = n->next)
		if (n->key_len == len && memcmp(n->key, key, len) == 0)
			return n;
	return NULL;
}

struct toml_node *
toml_child(struct toml_doc *doc, const struct toml_node *table, const char *key, size_t len)
{
	if (table->index == NULL)
		return look_at_each(table, key, len);
	doc->hashed = key;
	doc->hash = hash_key(doc->seed, key, len);
	return index_find(table->index, doc->hash, key, len);
}

bool
toml_is_large(const struct toml_node *table)
{
	return table->index != NULL && table->index->mask >= INDEX_LARGE;
}

void
toml_announce(
    const struct toml_doc *doc, const struct toml_node *table, const char *key, size_t len)
{
	const struct toml_index *index = table->index;

	PREFETCH(&index->slots[hash_key(doc->seed, key, len) >> 1 & index->mask]);
}

static void
index_first(struct toml_doc *doc, struct toml_node *table)
{
	struct toml_index *index = index_new(doc, 2 * INDEX_ABOVE);

	for (const struct toml_node *n = table->first; n != NULL; n = n->next)
		index_put(index, hash_key(doc->seed, n->key, n->key_len), node_number(doc, n));
	table->index = index;
}

/* NODE is the newest one of DOC and the last one of PARENT. */
static void
index_add(struct toml_doc *doc, struct toml_node *parent, const struct toml_node *node)
{
	if (parent->index == NULL) {
		if (parent->count > INDEX_ABOVE)
			index_first(doc, parent);
		return;
	}
	if (parent->count > parent->index->mask / 4 * 3)
		parent->index = index_twice(doc, parent->index);
	if (doc->hashed != node->key)
		doc->hash = hash_key(doc->seed, node->key, node->key_len);
	index_put(parent->index, doc->hash, doc->node_count - 1);
}

struct toml_node *
toml_append(struct toml_doc *doc, struct toml_node *parent, const char *key, size_t key_len)
{
	struct toml_node *node = node_new(doc);

	node->key = key;
	node->key_len = (uint32_t)key_len;
	node->parent = parent;
	if (parent == NULL)
		return node;
	node->depth = parent->depth + 1u;
	if (parent->last != NULL)
		parent->last->next = node;
	else
		parent->first = node;
	parent->last = node;
	parent->count++;
	if (key != NULL)
		index_add(doc, parent, node);
	return node;
}

const struct toml_node *
toml_root(const struct toml_doc *doc)
{
	return doc->root;
}

struct bytes
toml_source(const struct toml_doc *doc)
{
	return (struct bytes) { .data = doc->text, .len = doc->len };
}

const char *
toml_name(const struct toml_doc *doc)
{
	return doc->name;
}

bool
toml_needs_1_1(const struct toml_doc *doc, uint32_t *pos)
{
	if (doc->pos_1_1 == UINT32_MAX)
		return false;
	if (pos != NULL)
		*pos = doc->pos_1_1;
	return true;
}

const struct toml_node *
toml_get(const struct toml_node *table, const char *key)
{
	size_t len = strlen(key);

	if (table == NULL || table->kind != TOML_TABLE)
		return NULL;
	if (table->index == NULL)
		return look_at_each(table, key, len);
	return index_find(table->index, hash_key(table->index->doc->seed, key, len), key, len);
}

const struct toml_node *
toml_find(const struct toml_node *from, const char *const *path)
{
	for (; *path != NULL && from != NULL; path++)
		from = toml_get(from, *path);
	return from;
}

const char *
toml_text(const struct toml_node *table, const char *key)
{
	const struct toml_node *node = toml_get(table, key);

	return node != NULL && node->kind == TOML_STRING ? node->text : NULL;
}

static bool
is_container(const struct toml_node *n)
{
	return n->kind == TOML_TABLE || n->kind == TOML_ARRAY;
}

const struct toml_node *
toml_first(const struct toml_node *container)
{
	return container != NULL && is_container(container) ? container->first : NULL;
}

const struct toml_node *
toml_at(const struct toml_node *array, size_t i)
{
	const struct toml_node *n = NULL;

	if (array != NULL && array->kind == TOML_ARRAY)
		for (n = array->first; n != NULL && i > 0; i--)
			n = n->next;
	return n;
}

const char *
toml_kind_name(enum toml_kind kind)
{
	static const char *const names[] = {
		[TOML_STRING] = "string",
		[TOML_INTEGER] = "integer",
		[TOML_FLOAT] = "float",
		[TOML_BOOL] = "boolean",
		[TOML_DATETIME] = "date and time",
		[TOML_DATETIME_LOCAL] = "local date and time",
		[TOML_DATE_LOCAL] = "local date",
		[TOML_TIME_LOCAL] = "local time",
		[TOML_ARRAY] = "array",
		[TOML_TABLE] = "table",
	};
	_Static_assert(ARRAY_LEN(names) == TOML_KIND_COUNT, "one name per kind");

	assert(kind < TOML_KIND_COUNT);
	return names[kind];
}

static bool
is_bare(const char *key, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = key[i];

		if (!toml_is_digit(c) && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    c != '-' && c != '_')
			return false;
	}
	return len > 0;
}

static void
append_key(const struct toml_node *node, struct str *out)
{
	if (is_bare(node->key, node->key_len)) {
		str_append(out, node->key, node->key_len);
		return;
	}
	str_putc(out, '"');
	for (size_t i = 0; i < node->key_len; i++) {
		unsigned char c = (unsigned char)node->key[i];

		if (c == '"' || c == '\\')
			str_printf(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			str_printf(out, "\\u%04X", c);
		else
			str_putc(out, (char)c);
	}
	str_putc(out, '"');
}

void
toml_path(const struct toml_node *node, struct str *out)
{
	size_t at = 0;

	if (node->parent == NULL)
		return;
	toml_path(node->parent, out);
	if (node->key == NULL) {
		for (const struct toml_node *n = node->parent->first; n != node; n = n->next)
			at++;
		str_printf(out, "[%zu]", at);
		return;
	}
	if (node->parent->parent != NULL)
		str_putc(out, '.');
	append_key(node, out);
}

void
toml_locate(const struct toml_doc *doc, uint32_t pos, size_t *line, size_t *column)
{
	const char *start = doc->text, *end = doc->text + (pos < doc->len ? pos : doc->len), *lf;

	*line = 1;
	*column = 1;
	while ((lf = memchr(start, '\n', (size_t)(end - start))) != NULL) {
		start = lf + 1;
		(*line)++;
	}
	if (*line == 1 && doc->len >= 3 && memcmp(start, "\xef\xbb\xbf", 3) == 0 &&
	    end - start >= 3)
		start += 3;
	/* A continuation byte belongs to the character before it. */
	for (; start < end; start++)
		if (((unsigned char)*start & 0xc0) != 0x80)
			(*column)++;
}

enum err_code
toml_err_at(const struct toml_doc *doc, uint32_t pos, enum err_code code, struct err *e,
    const char *fmt, ...)
{
	va_list args;
	size_t line, column;
	char text[ERR_MESSAGE_SIZE];

	toml_locate(doc, pos, &line, &column);
	va_start(args, fmt);
	if (vsnprintf(text, sizeof text, fmt, args) < 0)
		text[0] = '\0';
	va_end(args);
	return err_set(e, code, "%s:%zu:%zu: %s", doc->name, line, column, text);
}
