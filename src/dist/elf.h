/* What the dynamic linker would read of an ELF file: System V ABI, and the GNU versions of symbols.
 * Everything is bounds-checked; sections are not looked at, as the linker does not either. */
#ifndef SLIPWAY_DIST_ELF_H
#define SLIPWAY_DIST_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum elf_machine {
	ELF_386 = 3,
	ELF_PPC64 = 21,
	ELF_S390 = 22,
	ELF_ARM = 40,
	ELF_X86_64 = 62,
	ELF_AARCH64 = 183,
	ELF_RISCV = 243,
	ELF_LOONGARCH = 258,
};

struct elf {
	unsigned bits; /* 32 or 64 */
	bool big;      /* endian */
	unsigned machine;
	bool dynamic;	   /* there is something to link */
	unsigned isa;	   /* what of x86-64 it needs, a bit a level: 1 is the first; 0: not said */
	const char *rpath; /* NULL for none; borrowed from the bytes, like all texts */
	const char *runpath;
	const char *wrong; /* NULL, or what cannot be read; what came before it stays */
	/* for elf_needed() and elf_version() */
	const unsigned char *data;
	size_t len;
	uint64_t strings, strings_len; /* in the file */
	uint64_t entries, entries_len; /* of the dynamic section */
	uint64_t symbols, hash;	       /* in the file; 0: none */
	uint64_t versions;
	size_t version_count;
};

/* False when it is no ELF file at all. DATA must outlive *OUT. */
bool elf_parse(const void *data, size_t len, struct elf *out);
/* The library that entry *AT (0 to begin) or a later one needs, *AT moves on; NULL behind the last.
 */
const char *elf_needed(const struct elf *e, size_t *at);

/* Calls FN for each version of symbols that is needed of a library, "GLIBC_2.17" of "libc.so.6". */
typedef void (*elf_version_fn)(void *arg, const char *library, const char *version);
void elf_versions(const struct elf *e, elf_version_fn fn, void *arg);

/* Each symbol that others must bring, versions of symbols apart. */
typedef void (*elf_symbol_fn)(void *arg, const char *name);
void elf_undefined(const struct elf *e, elf_symbol_fn fn, void *arg);

#endif
