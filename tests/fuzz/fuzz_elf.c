/* libFuzzer: an ELF file; every text that is given ends inside of it. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/dist/elf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
expect_inside(const struct elf *e, const char *text)
{
	const char *begin = (const char *)e->data;

	if (text != NULL && (text < begin || text + strnlen(text, e->len) >= begin + e->len))
		abort();
}

static void
see_version(void *arg, const char *library, const char *version)
{
	expect_inside(arg, library);
	expect_inside(arg, version);
}

static void
see_symbol(void *arg, const char *name)
{
	expect_inside(arg, name);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct elf e;
	const char *name;
	size_t at = 0;

	if (!elf_parse(data, size, &e))
		return 0;
	expect_inside(&e, e.rpath);
	expect_inside(&e, e.runpath);
	while ((name = elf_needed(&e, &at)) != NULL)
		expect_inside(&e, name);
	elf_versions(&e, see_version, &e);
	elf_undefined(&e, see_symbol, &e);
	return 0;
}
