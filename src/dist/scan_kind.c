/* What a file is by its first bytes, and what such a file has to do in a package. */
#include <string.h>

#include "input.h"
#include "scan.h"

static bool
starts(const unsigned char *p, size_t len, const char *magic, size_t magic_len)
{
	return len >= magic_len && memcmp(p, magic, magic_len) == 0;
}

static uint32_t
be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool
is_pe(const unsigned char *p, size_t len)
{
	size_t at;

	if (len < 64 || p[0] != 'M' || p[1] != 'Z')
		return false;
	at = le32(p + 60);
	return at <= len - 6 && memcmp(p + at, "PE\0\0", 4) == 0;
}

static bool
is_macho(const unsigned char *p, size_t len)
{
	uint32_t magic = len >= 8 ? be32(p) : 0;

	if (magic == 0xfeedface || magic == 0xfeedfacf || magic == 0xcefaedfe ||
	    magic == 0xcffaedfe)
		return true;
	/* Java classes begin alike; their version is higher than any count of architectures. */
	return magic == 0xcafebabe && be32(p + 4) > 0 && be32(p + 4) < 20;
}

enum scan_magic
scan_magic(const unsigned char *p, size_t len, const char **what)
{
	static const struct {
		const char *magic;
		size_t len;
		const char *what;
		enum scan_magic kind;
	} table[] = {
		{ "\x7f"
		  "ELF",
		    4, "ELF", MAGIC_ELF },
		{ "PK\3\4", 4, "zip", MAGIC_ARCHIVE },
		{ "\x1f\x8b\x08", 3, "gzip", MAGIC_ARCHIVE },
		{ "\xfd"
		  "7zXZ\0",
		    6, "xz", MAGIC_ARCHIVE },
		{ "BZh", 3, "bzip2", MAGIC_ARCHIVE },
		{ "\x28\xb5\x2f\xfd", 4, "zstd", MAGIC_ARCHIVE },
		{ "7z\xbc\xaf\x27\x1c", 6, "7z", MAGIC_ARCHIVE },
		{ "Rar!\x1a\x07", 6, "rar", MAGIC_ARCHIVE },
		{ "\0asm", 4, "WebAssembly", MAGIC_OTHER },
	};

	*what = NULL;
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (starts(p, len, table[i].magic, table[i].len) &&
		    (table[i].kind != MAGIC_ARCHIVE || len > 16)) {
			*what = table[i].what;
			return table[i].kind;
		}
	if (is_pe(p, len)) {
		*what = "PE";
		return MAGIC_PE;
	}
	if (is_macho(p, len)) {
		*what = "Mach-O";
		return MAGIC_MACHO;
	}
	if (len > 262 && memcmp(p + 257, "ustar", 5) == 0) {
		*what = "tar";
		return MAGIC_ARCHIVE;
	}
	return MAGIC_NONE;
}

static bool
is_pure(const struct check *c)
{
	return c->name.platform != NULL && strcmp(c->name.platform, "any") == 0;
}

/* It lands in purelib, whatever the tags say. Scripts and data land elsewhere. */
static bool
is_in_purelib(const struct scan *s)
{
	const char *slash = s->name.len > 0 ? memchr(s->name.data, '/', s->name.len) : NULL;
	struct bytes top = { .data = s->name.data,
		.len = slash != NULL ? (size_t)(slash - s->name.data) : 0 };
	struct bytes rest = { .data = s->name.data + top.len, .len = s->name.len - top.len };

	if (check_ends(top, ".data"))
		return check_starts(rest, "/purelib/");
	return s->c->purelib;
}

/* The machine of a library for Windows against the platform tags. */
static void
check_pe(struct scan *s, const unsigned char *p)
{
	static const struct {
		unsigned machine;
		const char *tag;
	} machines[] = { { 0x14c, "win32" }, { 0x8664, "win_amd64" }, { 0xaa64, "win_arm64" } };
	const char *tags = s->c->name.platform;
	unsigned machine = le16(p + le32(p + 60) + 4);

	if (tags == NULL || strstr(tags, "win") == NULL ||
	    (!check_ends(s->name, ".pyd") && !check_ends(s->name, ".dll")))
		return;
	for (size_t i = 0; i < ARRAY_LEN(machines); i++)
		if (machines[i].machine == machine && strstr(tags, machines[i].tag) == NULL)
			findings_add(s->f, RULE_ELF_MACHINE, check_at(s->c, s->index, 0),
			    "a library for %s in a wheel for %s", machines[i].tag, tags);
}

/* The processors of a program for macOS against what each tag promises. */
static void
check_macho(struct scan *s, const unsigned char *p, size_t len)
{
	static const struct {
		uint32_t cpu;
		const char *arch, *more; /* tags that promise it */
	} cpus[] = { { 0x01000007, "_x86_64", "_universal2" },
		{ 0x0100000c, "_arm64", "_universal2" }, { 7, "_i386", "_intel" } };
	const char *tags = s->c->name.platform;
	uint32_t magic = be32(p);
	bool fat = magic == 0xcafebabe, big = magic == 0xfeedface || magic == 0xfeedfacf;
	size_t count = fat ? be32(p + 4) : 1;
	bool has[ARRAY_LEN(cpus)] = { false };

	if (tags == NULL || strstr(tags, "macosx") == NULL)
		return;
	for (size_t i = 0; i < count && 12 + 20 * i <= len; i++) {
		uint32_t cpu = fat ? be32(p + 8 + 20 * i) : big ? be32(p + 4) : le32(p + 4);

		for (size_t k = 0; k < ARRAY_LEN(cpus); k++)
			has[k] |= cpu == cpus[k].cpu;
	}
	for (size_t k = 0; k < ARRAY_LEN(cpus); k++)
		if (!has[k] &&
		    (strstr(tags, cpus[k].arch) != NULL || strstr(tags, cpus[k].more) != NULL))
			findings_add(s->f, RULE_ELF_MACHINE, check_at(s->c, s->index, 0),
			    "look here: no code for %s in a wheel for %s", cpus[k].arch + 1, tags);
}

void
scan_program(struct scan *s, enum scan_magic magic, const char *what, const void *p, size_t len)
{
	struct finding_place at = check_at(s->c, s->index, 0);
	bool program = magic == MAGIC_ELF || magic == MAGIC_PE || magic == MAGIC_MACHO;

	if (magic == MAGIC_ARCHIVE) {
		s->marks |= MARK_ARCHIVE;
		s->archive = what;
		s->keep = strcmp(what, "zip") == 0 || strcmp(what, "gzip") == 0 ||
			  strcmp(what, "tar") == 0;
	}
	if (!program)
		return;
	s->marks |= MARK_PROGRAM;
	s->elf = s->keep = magic == MAGIC_ELF;
	if (s->c->name.kind == DIST_SDIST)
		findings_add(s->f, RULE_BINARY_SDIST, at, "look here: %s, already compiled", what);
	else if (is_pure(s->c))
		findings_add(s->f, RULE_BINARY_PURE, at,
		    "look here: %s in a wheel that is tagged for any platform", what);
	else if (is_in_purelib(s))
		findings_add(s->f, RULE_BINARY_PURE, at,
		    "look here: %s in purelib, which is for code that runs everywhere", what);
	if (magic == MAGIC_PE)
		check_pe(s, p);
	if (magic == MAGIC_MACHO)
		check_macho(s, p, len);
}

/* The source that belongs to a compiled file, FINDING_NO_MEMBER when it is not there. */
static size_t
source_of(const struct scan *s)
{
	static const char folder[] = "__pycache__/";
	struct bytes base = check_base(s->name);
	size_t dir = s->name.len - base.len, cut = strlen(folder);
	const char *dot = base.len > 0 ? memchr(base.data, '.', base.len) : NULL;
	size_t stem = dot != NULL ? (size_t)(dot - base.data) : base.len;

	if (dir >= cut && memcmp(s->name.data + dir - cut, folder, cut) == 0)
		return check_find(
		    s->c, "%.*s%.*s.py", (int)(dir - cut), s->name.data, (int)stem, base.data);
	return check_find(s->c, "%.*s.py", (int)(dir + stem), s->name.data);
}

void
scan_pyc(struct scan *s, const unsigned char *p, size_t len)
{
	size_t source = source_of(s);
	struct finding_place at = check_at(s->c, s->index, 0);

	s->marks |= MARK_PYC;
	if (source == FINDING_NO_MEMBER) {
		findings_add(
		    s->f, RULE_PYC_ALONE, at, "look here: its source is not in the package");
		return;
	}
	/* PEP 552: with flags 0 the time and the size of the source follow. */
	if (len >= 16 && le16(p + 2) == 0x0a0d && le32(p + 4) == 0 &&
	    le32(p + 12) != (uint32_t)archive_member(s->c->a, source)->size)
		findings_add(s->f, RULE_PYC_STALE, at,
		    "look here: compiled from a source of %u bytes, the one here has %llu",
		    (unsigned)le32(p + 12),
		    (unsigned long long)archive_member(s->c->a, source)->size);
}
