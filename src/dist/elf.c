/* The dynamic section of an ELF file, reached by its program headers. */
#include "elf.h"

#include <string.h>

#define PT_LOAD 1
#define PT_DYNAMIC 2
#define DT_NEEDED 1
#define PT_GNU_PROPERTY 0x6474e553
#define NT_GNU_PROPERTY 5
#define X86_ISA_NEEDED 0xc0008002
#define DT_HASH 4
#define DT_STRTAB 5
#define DT_SYMTAB 6
#define DT_STRSZ 10
#define DT_RPATH 15
#define DT_RUNPATH 29
#define DT_VERNEED 0x6ffffffe
#define DT_VERNEEDNUM 0x6fffffff

#define SEGMENTS_MAX 1024
#define ENTRIES_MAX 100000
#define VERSIONS_MAX 10000
#define SYMBOLS_MAX 1000000
#define PROPERTIES_MAX 64

/* Zero behind the end, with WRONG set. */
static uint64_t
number(const struct elf *e, uint64_t at, unsigned bytes)
{
	uint64_t n = 0;

	if (at > e->len || bytes > e->len - at)
		return 0;
	for (unsigned i = 0; i < bytes; i++)
		n = n << 8 | e->data[at + (e->big ? i : bytes - 1 - i)];
	return n;
}

static bool
fits(const struct elf *e, uint64_t at, uint64_t len)
{
	return at <= e->len && len <= e->len - at;
}

/* A text of the string table, NULL when it does not end inside. */
static const char *
text(const struct elf *e, uint64_t offset)
{
	const char *begin;

	if (offset >= e->strings_len)
		return NULL;
	begin = (const char *)e->data + e->strings + offset;
	return memchr(begin, '\0', (size_t)(e->strings_len - offset)) != NULL ? begin : NULL;
}

struct segments {
	uint64_t at, size, count;
};

static struct segments
segments_of(const struct elf *e)
{
	bool wide = e->bits == 64;
	struct segments s = { .at = number(e, wide ? 32 : 28, wide ? 8 : 4),
		.size = number(e, wide ? 54 : 42, 2),
		.count = number(e, wide ? 56 : 44, 2) };

	if (s.count > SEGMENTS_MAX || s.size < (wide ? 56u : 32u) ||
	    !fits(e, s.at, s.size * s.count))
		s.count = 0;
	return s;
}

struct segment {
	uint64_t type, offset, address, size;
};

static struct segment
segment_at(const struct elf *e, const struct segments *s, uint64_t i)
{
	uint64_t at = s->at + i * s->size;

	if (e->bits == 64)
		return (struct segment) { number(e, at, 4), number(e, at + 8, 8),
			number(e, at + 16, 8), number(e, at + 32, 8) };
	return (struct segment) { number(e, at, 4), number(e, at + 4, 4), number(e, at + 8, 4),
		number(e, at + 16, 4) };
}

/* Where an address lies in the file; e->len when nowhere. */
static uint64_t
in_file(const struct elf *e, const struct segments *s, uint64_t address)
{
	for (uint64_t i = 0; i < s->count; i++) {
		struct segment g = segment_at(e, s, i);

		if (g.type == PT_LOAD && address >= g.address && address - g.address < g.size &&
		    fits(e, g.offset, g.size))
			return g.offset + (address - g.address);
	}
	return e->len;
}

static bool
entry_at(const struct elf *e, size_t i, uint64_t *tag, uint64_t *value)
{
	unsigned half = e->bits / 8;
	uint64_t at = e->entries + (uint64_t)i * 2 * half;

	if (i >= ENTRIES_MAX || ((uint64_t)i + 1) * 2 * half > e->entries_len)
		return false;
	*tag = number(e, at, half);
	*value = number(e, at + half, half);
	return *tag != 0;
}

static void
find_strings(struct elf *e, const struct segments *s)
{
	uint64_t tag, value, strings = 0, versions = 0;

	for (size_t i = 0; entry_at(e, i, &tag, &value); i++) {
		if (tag == DT_STRTAB)
			strings = in_file(e, s, value);
		else if (tag == DT_STRSZ)
			e->strings_len = value;
		else if (tag == DT_SYMTAB)
			e->symbols = in_file(e, s, value) % e->len;
		else if (tag == DT_HASH)
			e->hash = in_file(e, s, value) % e->len;
		else if (tag == DT_VERNEED)
			versions = in_file(e, s, value);
		else if (tag == DT_VERNEEDNUM)
			e->version_count = value < VERSIONS_MAX ? (size_t)value : VERSIONS_MAX;
	}
	e->strings = strings;
	e->versions = versions;
	if (!fits(e, strings, e->strings_len) || strings == 0) {
		e->wrong = "its string table lies outside";
		e->strings_len = 0;
	}
}

static void
find_paths(struct elf *e)
{
	uint64_t tag, value;

	for (size_t i = 0; entry_at(e, i, &tag, &value); i++) {
		const char *t = tag == DT_RPATH || tag == DT_RUNPATH || tag == DT_NEEDED
				    ? text(e, value)
				    : "";

		if (t == NULL && e->wrong == NULL)
			e->wrong = "a text lies outside of its string table";
		else if (tag == DT_RPATH)
			e->rpath = t;
		else if (tag == DT_RUNPATH)
			e->runpath = t;
	}
}

/* One note of properties (.note.gnu.property): a header of 16 bytes, then number, length and data,
 * padded to the word. */
static void
find_isa(struct elf *e, uint64_t at, uint64_t size)
{
	uint64_t word = e->bits / 8, end = at + size, step;

	if (!fits(e, at, size) || size < 16 || number(e, at, 4) != 4 ||
	    number(e, at + 8, 4) != NT_GNU_PROPERTY || memcmp(e->data + at + 12, "GNU", 4) != 0)
		return;
	at += 16;
	for (size_t i = 0; i < PROPERTIES_MAX && end - at >= 8; i++, at += step) {
		uint64_t len = number(e, at + 4, 4);

		if (number(e, at, 4) == X86_ISA_NEEDED && len == 4 && end - at >= 12)
			e->isa = (unsigned)number(e, at + 8, 4);
		step = 8 + (len + word - 1) / word * word;
		if (step > end - at)
			return;
	}
}

bool
elf_parse(const void *data, size_t len, struct elf *out)
{
	struct elf e = { .data = data, .len = len };
	struct segments s;

	if (len < 20 || memcmp(data,
			    "\x7f"
			    "ELF",
			    4) != 0)
		return false;
	e.bits = e.data[4] == 1 ? 32 : e.data[4] == 2 ? 64 : 0;
	e.big = e.data[5] == 2;
	e.machine = (unsigned)number(&e, 18, 2);
	*out = e;
	if (e.bits == 0 || (e.data[5] != 1 && e.data[5] != 2)) {
		out->wrong = "its class or byte order is unknown";
		return true;
	}
	s = segments_of(&e);
	for (uint64_t i = 0; i < s.count; i++) {
		struct segment g = segment_at(&e, &s, i);

		if (g.type == PT_GNU_PROPERTY && (e.machine == ELF_X86_64 || e.machine == ELF_386))
			find_isa(&e, g.offset, g.size);
		if (g.type != PT_DYNAMIC || e.dynamic)
			continue;
		e.dynamic = true;
		e.entries = g.offset;
		e.entries_len = g.size;
		if (!fits(&e, g.offset, g.size)) {
			e.wrong = "its dynamic section lies outside";
			e.entries_len = 0;
		}
	}
	if (e.dynamic && e.entries_len > 0) {
		find_strings(&e, &s);
		find_paths(&e);
	}
	*out = e;
	return true;
}

const char *
elf_needed(const struct elf *e, size_t *at)
{
	uint64_t tag, value;

	while (entry_at(e, *at, &tag, &value)) {
		const char *t = tag == DT_NEEDED ? text(e, value) : NULL;

		++*at;
		if (t != NULL)
			return t;
	}
	return NULL;
}

void
elf_versions(const struct elf *e, elf_version_fn fn, void *arg)
{
	uint64_t at = e->versions;
	size_t budget = VERSIONS_MAX;

	for (size_t i = 0; i < e->version_count && at != 0 && fits(e, at, 16); i++) {
		uint64_t count = number(e, at + 2, 2), step = number(e, at + 12, 4);
		const char *library = text(e, number(e, at + 4, 4));
		uint64_t aux = at + number(e, at + 8, 4);

		for (uint64_t j = 0; j < count && budget > 0 && fits(e, aux, 16); j++, budget--) {
			const char *version = text(e, number(e, aux + 8, 4));
			uint64_t next = number(e, aux + 12, 4);

			if (library != NULL && version != NULL)
				fn(arg, library, version);
			if (next == 0)
				break;
			aux += next;
		}
		if (step == 0)
			break;
		at += step;
	}
}

/* The hash table counts them; without it they end where the strings begin, as linkers lay it out.
 */
static uint64_t
symbol_count(const struct elf *e, uint64_t size)
{
	uint64_t count = 0;

	if (e->hash != 0 && fits(e, e->hash, 8))
		count = number(e, e->hash + 4, 4);
	else if (e->strings > e->symbols)
		count = (e->strings - e->symbols) / size;
	return count < SYMBOLS_MAX ? count : SYMBOLS_MAX;
}

void
elf_undefined(const struct elf *e, elf_symbol_fn fn, void *arg)
{
	bool wide = e->bits == 64;
	uint64_t size = wide ? 24 : 16;
	uint64_t count = e->symbols != 0 ? symbol_count(e, size) : 0;

	for (uint64_t i = 1; i < count && fits(e, e->symbols + i * size, size); i++) {
		uint64_t at = e->symbols + i * size;
		const char *name = text(e, number(e, at, 4));

		if (number(e, at + (wide ? 6 : 14), 2) == 0 && name != NULL && name[0] != '\0')
			fn(arg, name);
	}
}
