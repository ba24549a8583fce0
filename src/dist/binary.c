/* A summary of a binary, to be laid beside that of its other version. */
#include "slipway/dist/binary.h"

#include <stdlib.h>

#include "elf.h"
#include "scan.h"
#include "slipway/base/mem.h"
#include "slipway/base/sanitise.h"

static const char *
machine_name(unsigned machine)
{
	switch (machine) {
	case ELF_386:
		return "i686";
	case ELF_PPC64:
		return "ppc64";
	case ELF_S390:
		return "s390x";
	case ELF_ARM:
		return "arm";
	case ELF_X86_64:
		return "x86-64";
	case ELF_AARCH64:
		return "aarch64";
	case ELF_RISCV:
		return "riscv";
	case ELF_LOONGARCH:
		return "loongarch";
	default:
		return NULL;
	}
}

static void
add(struct strlist *facts, const char *what, const char *name)
{
	struct str safe = STR_EMPTY;

	sanitise(name, strlen(name), &safe);
	strlist_addf(facts, "%s %s", what, str_text(&safe));
	str_fini(&safe);
}

struct wanted {
	struct strlist *facts;
	size_t count;
};

static void
on_version(void *arg, const char *library, const char *version)
{
	struct wanted *w = arg;
	char *text;

	if (w->count++ >= BINARY_FACTS_MAX)
		return;
	text = mem_printf("%s of %s", version, library);
	add(w->facts, "wants", text);
	free(text);
}

static void
on_symbol(void *arg, const char *name)
{
	(void)name;
	++*(size_t *)arg;
}

static void
add_elf(const struct elf *e, struct strlist *facts)
{
	struct wanted w = { .facts = facts };
	const char *machine = machine_name(e->machine), *library;
	size_t at = 0, libraries = 0, symbols = 0;

	if (machine != NULL)
		strlist_addf(facts, "ELF, %u bits, %s", e->bits, machine);
	else
		strlist_addf(facts, "ELF, %u bits, machine %u", e->bits, e->machine);
	while ((library = elf_needed(e, &at)) != NULL)
		if (libraries++ < BINARY_FACTS_MAX)
			add(facts, "needs", library);
	elf_versions(e, on_version, &w);
	if (e->rpath != NULL)
		add(facts, "RPATH", e->rpath);
	if (e->runpath != NULL)
		add(facts, "RUNPATH", e->runpath);
	elf_undefined(e, on_symbol, &symbols);
	if (e->dynamic)
		strlist_addf(facts, "takes %zu symbols of others", symbols);
	if (libraries > BINARY_FACTS_MAX || w.count > BINARY_FACTS_MAX)
		strlist_add(facts, "and more libraries or versions than are listed here");
	if (e->wrong != NULL)
		add(facts, "not read to its end:", e->wrong);
}

void
binary_facts(struct bytes data, struct strlist *facts)
{
	const char *what = NULL;
	struct elf e;

	if (elf_parse(data.data, data.len, &e))
		add_elf(&e, facts);
	else if (scan_magic((const unsigned char *)data.data, data.len, &what) != MAGIC_NONE &&
		 what != NULL)
		strlist_add(facts, what);
}
