/* What a file does, by its name and first bytes: whether it runs by itself, at a build, or when it
 * is used. */
#include <string.h>

#include "check_priv.h"
#include "compare_priv.h"

struct rule {
	const char *text;
	enum { WHOLE, TAIL, HEAD } how; /* of the last part of the path */
	unsigned notes;
};

static const struct rule everywhere[] = {
	{ ".pth", TAIL, COMPARE_RUNS },
	{ "sitecustomize.py", WHOLE, COMPARE_RUNS },
	{ "usercustomize.py", WHOLE, COMPARE_RUNS },
	{ ".py", TAIL, COMPARE_CODE },
	{ ".pyw", TAIL, COMPARE_CODE },
	{ ".pyx", TAIL, COMPARE_CODE },
	{ ".sh", TAIL, COMPARE_CODE },
	{ ".bat", TAIL, COMPARE_CODE },
	{ ".cmd", TAIL, COMPARE_CODE },
	{ ".ps1", TAIL, COMPARE_CODE },
	{ ".js", TAIL, COMPARE_CODE },
	{ ".pyc", TAIL, COMPARE_CODE | COMPARE_BINARY },
	{ ".so", TAIL, COMPARE_CODE | COMPARE_BINARY },
	{ ".pyd", TAIL, COMPARE_CODE | COMPARE_BINARY },
	{ ".dll", TAIL, COMPARE_CODE | COMPARE_BINARY },
	{ ".dylib", TAIL, COMPARE_CODE | COMPARE_BINARY },
	{ ".exe", TAIL, COMPARE_CODE | COMPARE_BINARY },
};

/* Read or run by a build backend. */
static const struct rule in_sdists[] = {
	{ "setup.py", WHOLE, COMPARE_BUILDS },
	{ "setup.cfg", WHOLE, COMPARE_BUILDS },
	{ "pyproject.toml", WHOLE, COMPARE_BUILDS },
	{ "build.py", WHOLE, COMPARE_BUILDS },
	{ "hatch_build.py", WHOLE, COMPARE_BUILDS },
	{ "pdm_build.py", WHOLE, COMPARE_BUILDS },
	{ "build.rs", WHOLE, COMPARE_BUILDS },
	{ "Cargo.toml", WHOLE, COMPARE_BUILDS },
	{ "configure", WHOLE, COMPARE_BUILDS },
	{ "configure.ac", WHOLE, COMPARE_BUILDS },
	{ "config.guess", WHOLE, COMPARE_BUILDS },
	{ "config.sub", WHOLE, COMPARE_BUILDS },
	{ "meson.build", WHOLE, COMPARE_BUILDS },
	{ "meson_options.txt", WHOLE, COMPARE_BUILDS },
	{ "meson.options", WHOLE, COMPARE_BUILDS },
	{ "CMakeLists.txt", WHOLE, COMPARE_BUILDS },
	{ "Makefile", HEAD, COMPARE_BUILDS },
	{ "GNUmakefile", WHOLE, COMPARE_BUILDS },
	{ ".m4", TAIL, COMPARE_BUILDS },
	{ ".mk", TAIL, COMPARE_BUILDS },
	{ ".cmake", TAIL, COMPARE_BUILDS },
	{ ".am", TAIL, COMPARE_BUILDS },
};

static unsigned
notes_of(struct bytes base, const struct rule *rules, size_t count)
{
	unsigned notes = 0;

	for (size_t i = 0; i < count; i++) {
		const struct rule *r = &rules[i];

		if (r->how == WHOLE	? bytes_is(base, r->text)
			: r->how == TAIL ? check_ends(base, r->text)
					 : check_starts(base, r->text))
			notes |= r->notes;
	}
	return notes;
}

unsigned
compare_notes_of_path(enum dist_kind kind, struct bytes path)
{
	struct bytes base = check_base(path);
	unsigned notes = notes_of(base, everywhere, ARRAY_LEN(everywhere));

	if (kind == DIST_SDIST)
		notes |= notes_of(base, in_sdists, ARRAY_LEN(in_sdists));
	else if (check_starts(path, ".data/scripts/"))
		notes |= COMPARE_CODE;
	return notes;
}

unsigned
compare_notes_of(enum dist_kind kind, const struct compare_file *f)
{
	unsigned notes = compare_notes_of_path(kind, f->path);

	if (f->marks & (COMPARE_IS_BINARY | COMPARE_IS_NATIVE))
		notes |= COMPARE_BINARY;
	if (f->marks & COMPARE_IS_NATIVE)
		notes |= COMPARE_CODE;
	if (f->kind == MEMBER_FILE && (f->mode & 0111) != 0)
		notes |= COMPARE_CODE;
	if (f->kind == MEMBER_SYMLINK)
		notes |= COMPARE_SYMLINK;
	if (f->marks & COMPARE_IS_LFS_POINTER)
		notes |= COMPARE_POINTER;
	return notes;
}
