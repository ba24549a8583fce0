/* ELF files against what the platform tags of their wheel promise. */
#include <stdlib.h>
#include <string.h>

#include "elf.h"
#include "scan.h"

/* auditwheel's policies of 17 August 2026: the newest version of each kind of symbol by the minor
 * version of glibc in the tag. A tag between two rows has what the row before it has. */
static const struct policy {
	unsigned minor, glibcxx, cxxabi, gcc;
} policies[] = {
	{ 5, 8, 1, 4 },
	{ 12, 13, 3, 4 },
	{ 17, 19, 7, 4 },
	{ 24, 22, 10, 4 },
	{ 26, 24, 11, 7 },
	{ 31, 28, 12, 7 },
	{ 34, 29, 13, 11 },
	{ 35, 30, 13, 12 },
	{ 39, 33, 15, 14 },
};

/* Those that every policy allows; of the same date. */
static const char *const manylinux_libraries[] = { "libGL.so.1", "libICE.so.6", "libSM.so.6",
	"libX11.so.6", "libXext.so.6", "libXrender.so.1", "libanl.so.1", "libatomic.so.1",
	"libc.so.6", "libdl.so.2", "libexpat.so.1", "libgcc_s.so.1", "libglib-2.0.so.0",
	"libgobject-2.0.so.0", "libgthread-2.0.so.0", "libm.so.6", "libmvec.so.1", "libnsl.so.1",
	"libpthread.so.0", "libresolv.so.2", "librt.so.1", "libstdc++.so.6", "libutil.so.1",
	"libz.so.1", NULL };
static const char *const musllinux_libraries[] = { "libc.so", "libz.so.1", NULL };

static const struct {
	const char *arch;
	unsigned machine, bits;
	bool big;
} machines[] = {
	{ "_x86_64", ELF_X86_64, 64, false },
	{ "_i686", ELF_386, 32, false },
	{ "_aarch64", ELF_AARCH64, 64, false },
	{ "_armv7l", ELF_ARM, 32, false },
	{ "_armv6l", ELF_ARM, 32, false },
	{ "_ppc64le", ELF_PPC64, 64, false },
	{ "_ppc64", ELF_PPC64, 64, true },
	{ "_s390x", ELF_S390, 64, true },
	{ "_riscv64", ELF_RISCV, 64, false },
	{ "_loongarch64", ELF_LOONGARCH, 64, false },
};

/* What all of the platform tags say. */
struct promise {
	bool linux_any, others, manylinux, musllinux, fits;
	unsigned glibc; /* the lowest minor version */
};

static unsigned
minor_of(const char *tag, size_t len)
{
	static const struct {
		const char *tag;
		unsigned minor;
	} old[] = { { "manylinux1_", 5 }, { "manylinux2010_", 12 }, { "manylinux2014_", 17 } };
	unsigned minor = 0;

	for (size_t i = 0; i < ARRAY_LEN(old); i++)
		if (text_starts(tag, old[i].tag))
			return old[i].minor;
	for (size_t i = strlen("manylinux_2_"); i < len && tag[i] >= '0' && tag[i] <= '9'; i++)
		minor = minor * 10 + (unsigned)(tag[i] - '0');
	return minor;
}

static bool
tag_fits(const char *tag, size_t len, const struct elf *e)
{
	for (size_t i = 0; i < ARRAY_LEN(machines); i++) {
		size_t tail = strlen(machines[i].arch);

		if (len > tail && memcmp(tag + len - tail, machines[i].arch, tail) == 0)
			return machines[i].machine == e->machine && machines[i].bits == e->bits &&
			       machines[i].big == e->big;
	}
	return true;
}

static struct promise
promise_of(const char *tags, const struct elf *e)
{
	struct promise p = { .glibc = 0 };

	for (size_t len; tags != NULL && *tags != '\0'; tags += len + (tags[len] == '.')) {
		len = strcspn(tags, ".");
		if (text_starts(tags, "manylinux")) {
			unsigned minor = minor_of(tags, len);

			p.manylinux = p.linux_any = true;
			if (p.glibc == 0 || minor < p.glibc)
				p.glibc = minor;
		} else if (text_starts(tags, "musllinux")) {
			p.musllinux = p.linux_any = true;
		} else if (text_starts(tags, "linux")) {
			p.linux_any = true;
		} else {
			/* Android's and others' machines have other names. */
			p.others = true;
			p.fits |= !text_starts(tags, "win") && !text_starts(tags, "macosx");
			continue;
		}
		p.fits |= tag_fits(tags, len, e);
	}
	return p;
}

struct look {
	struct scan *s;
	struct promise promise;
	struct policy policy;
};

static bool
is_one_of(const char *name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(name, *list) == 0)
			return true;
	return false;
}

/* A library of that name is somewhere in the wheel. */
static bool
is_packed(const struct scan *s, const char *name)
{
	for (size_t i = 0; i < archive_count(s->c->a); i++)
		if (bytes_is(check_base(archive_member(s->c->a, i)->name), name))
			return true;
	return false;
}

static void
check_needed(struct look *l, const struct elf *e)
{
	const char *const *allowed = l->promise.manylinux ? manylinux_libraries
							  : musllinux_libraries;
	const char *name;
	size_t at = 0;

	while ((name = elf_needed(e, &at)) != NULL)
		if (!is_one_of(name, allowed) && !text_starts(name, "ld-linux") &&
		    !text_starts(name, "ld64.so") && !text_starts(name, "libc.musl-") &&
		    !is_packed(l->s, name))
			findings_add(l->s->f, RULE_ELF_NEEDED, check_at(l->s->c, l->s->index, 0),
			    "it needs %s, which is neither in the wheel nor on every such system",
			    name);
}

/* The number behind the last dot but N of GLIBCXX_3.4.30, say; false when there is none. */
static bool
part(const char *version, const char *head, unsigned *out)
{
	size_t len = strlen(head);
	char *end;
	unsigned long n;

	if (!text_starts(version, head))
		return false;
	n = strtoul(version + len, &end, 10);
	if (end == version + len || n > 10000)
		return false;
	*out = (unsigned)n;
	return true;
}

static void
see_version(void *arg, const char *library, const char *version)
{
	struct look *l = arg;
	const struct policy *p = &l->policy;
	unsigned n = 0;
	bool newer = (part(version, "GLIBC_2.", &n) && n > l->promise.glibc &&
			 !(n == 18 && l->promise.glibc == 17)) ||
		     (part(version, "GLIBCXX_3.4.", &n) && n > p->glibcxx) ||
		     (part(version, "CXXABI_1.3.", &n) && n > p->cxxabi) ||
		     (part(version, "GCC_", &n) && n > p->gcc);

	if (newer && !is_packed(l->s, library))
		findings_add(l->s->f, RULE_ELF_VERSION, check_at(l->s->c, l->s->index, 0),
		    "it needs %s of %s, newer than manylinux_2_%u has", version, library,
		    l->promise.glibc);
}

/* One folder of a search path leads out of the wheel. */
static bool
path_leaves(const struct scan *s, const char *path, size_t len)
{
	static const char *const origins[] = { "$ORIGIN", "${ORIGIN}" };
	long depth = 0;
	size_t begin = 0, skip = 0;

	for (size_t i = 0; i < ARRAY_LEN(origins); i++)
		if (len >= strlen(origins[i]) && memcmp(path, origins[i], strlen(origins[i])) == 0)
			skip = strlen(origins[i]);
	if (skip == 0)
		return len > 0;
	for (size_t i = 0; i < s->name.len; i++)
		depth += s->name.data[i] == '/';
	begin = skip;
	for (size_t i = skip; i <= len; i++) {
		if (i < len && path[i] != '/')
			continue;
		if (i - begin == 2 && memcmp(path + begin, "..", 2) == 0)
			depth--;
		else if (i > begin && !(i - begin == 1 && path[begin] == '.'))
			depth++;
		if (depth < 0)
			return true;
		begin = i + 1;
	}
	return false;
}

static void
check_path(struct scan *s, const char *kind, const char *path)
{
	while (path != NULL && *path != '\0') {
		size_t len = strcspn(path, ":");

		if (path_leaves(s, path, len))
			findings_add(s->f, RULE_ELF_PATH, check_at(s->c, s->index, 0),
			    "%s has %.*s, outside of the wheel", kind, (int)len, path);
		path += len + (path[len] == ':');
	}
}

/* zlib keeps these to itself; those that link against its own copy find others elsewhere. */
static const char *const private_symbols[] = { "_dist_code", "_length_code", "_tr_align",
	"_tr_flush_bits", "_tr_flush_block", "_tr_init", "_tr_stored_block", "_tr_tally",
	"inflate_fast", "inflate_table", "z_errmsg", "zcalloc", "zcfree", NULL };

static void
see_symbol(void *arg, const char *name)
{
	struct look *l = arg;
	struct finding_place at = check_at(l->s->c, l->s->index, 0);
	const char *abi = l->s->c->name.abi;
	bool wide = text_starts(name, "PyUnicodeUCS4_");

	if (strcmp(name, "PyFPE_jbuf") == 0)
		findings_add(l->s->f, RULE_ELF_SYMBOL, at,
		    "it needs %s, which only a Python --with-fpectl has", name);
	else if ((wide || text_starts(name, "PyUnicodeUCS2_")) &&
		 (abi == NULL || strcmp(abi, wide ? "cp27mu" : "cp27m") != 0))
		findings_add(l->s->f, RULE_ELF_SYMBOL, at,
		    "it needs %s, which a Python for the tag %s does not have", name,
		    abi != NULL ? abi : "none");
	else if (l->promise.manylinux && is_one_of(name, private_symbols))
		findings_add(
		    l->s->f, RULE_ELF_SYMBOL, at, "it needs %s, which zlib keeps to itself", name);
}

/* The levels of x86-64 as its ABI counts them. */
static void
check_isa(struct scan *s, const struct elf *e)
{
	unsigned level = 0;

	for (unsigned bits = e->isa & 0xf; bits > 0; bits >>= 1)
		level++;
	if (level > 1)
		findings_add(s->f, RULE_ELF_ISA, check_at(s->c, s->index, 0),
		    "it needs x86-64-v%u, and no tag says so", level);
}

void
scan_elf(struct scan *s)
{
	struct look l = { .s = s };
	struct finding_place at = check_at(s->c, s->index, 0);
	const char *tags = s->c->name.platform;
	struct elf e;

	if (!elf_parse(s->program.data, s->program.len, &e))
		return;
	if (e.wrong != NULL)
		findings_add(s->f, RULE_ELF_BAD, at, "%s", e.wrong);
	if (tags == NULL || strcmp(tags, "any") == 0)
		return;
	l.promise = promise_of(tags, &e);
	for (size_t i = 0; i < ARRAY_LEN(policies); i++)
		if (policies[i].minor <= l.promise.glibc)
			l.policy = policies[i];
	if (!l.promise.fits)
		findings_add(s->f, RULE_ELF_MACHINE, at,
		    "look here: %u bits for machine %u in a wheel for %s", e.bits, e.machine, tags);
	check_isa(s, &e);
	elf_undefined(&e, see_symbol, &l);
	check_path(s, "RPATH", e.rpath);
	check_path(s, "RUNPATH", e.runpath);
	if (l.promise.manylinux != l.promise.musllinux && l.promise.fits)
		check_needed(&l, &e);
	if (l.promise.manylinux && l.promise.fits)
		elf_versions(&e, see_version, &l);
}
