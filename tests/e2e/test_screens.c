/* The demo, driven by keys at a terminal as a maintainer would: a whole release at 80x24, one that
 * is left at the confirmation at 120x40, and the first page without colours in ASCII.
 *
 * Whole screens are compared with tests/data/screens/<size>-<page>.txt once mask() has taken out
 * what no two runs share. A page that was changed on purpose is written anew by
 *
 *	SLIPWAY_UPDATE_SCREENS=1 meson test -C build 'e2e screens'
 *
 * and then read before it is committed: the test believes what is in the file. */
#include <criterion/criterion.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gitrepo.h"
#include "leak_gate.h"
#include "pty.h"
#include "slipway/base/mem.h"
#include "slipway/base/str.h"
#include "slipway/os/fs.h"
#include "temp.h"
#include "world.h"

#define SHORT_S "30"
#define LONG_S "240"

/* -- screens -- */

/* What differs between two runs of the same release: digits in a match become '#', so that columns
 * stay where they are, or the whole of it becomes AS. */
static const struct {
	const char *pattern, *as;
} masks[] = {
	{ ":[0-9]{4,5}\\>", NULL }, /* a port */
	{ "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+Z", NULL },
	{ "[0-9]{4}-[0-9]{2}-[0-9]{2}$", NULL }, /* today, in a changelog */
	{ "[0-9]{2}:[0-9]{2}", NULL },
	{ "[0-9.]+ [KM]?B\\>", NULL },
	{ " [0-9]+\\.[0-9.]+, build", NULL },
	{ "(build|twine) [0-9][0-9.]+", NULL },
	{ "│ +[0-9]+\\.[0-9]+\\.[0-9]+$", NULL }, /* what twine's line has no room for */
	{ "\\<[0-9a-f]{40}\\>", "<commit>" },
	{ "\\<[0-9a-f]{7,64}\\>", NULL },
	{ "\\<[0-9a-f]{4}…[0-9a-f]{4}\\>", NULL },
	{ "report: .*", "report: <path>" },
	{ "▼ [0-9]+ more lines", "▼ <n> more lines" },
	{ "◜|◝|◞|◟", "*" },
};

static void
mask_match(struct str *row, size_t *from, const regmatch_t *m, const char *as)
{
	static const char variable[] = "0123456789abcdef";
	size_t start = *from + (size_t)m->rm_so, len = (size_t)(m->rm_eo - m->rm_so);
	/* Letters too where the whole match is a hash. */
	bool is_hash = len >= 7 && strspn(row->data + start, variable) >= 4;

	if (as != NULL) {
		str_splice(row, start, len, as, strlen(as));
		*from = start + strlen(as);
		return;
	}
	for (size_t i = start; i < start + len; i++)
		if (strchr(is_hash ? variable : "0123456789", row->data[i]) != NULL)
			row->data[i] = '#';
	*from = start + len;
}

static void
mask_row(struct str *row)
{
	for (size_t i = 0; i < ARRAY_LEN(masks); i++) {
		regex_t re;
		regmatch_t m;
		size_t from = 0;

		cr_assert_eq(
		    regcomp(&re, masks[i].pattern, REG_EXTENDED), 0, "%s", masks[i].pattern);
		while (
		    from < row->len && regexec(&re, row->data + from, 1, &m, 0) == 0 && m.rm_eo > 0)
			mask_match(row, &from, &m, masks[i].as);
		regfree(&re);
	}
}

/* The screen without what differs from run to run; the caller owns it. */
static char *
mask(struct pty *p, int rows)
{
	struct str all = STR_EMPTY;

	for (int i = 0; i < rows; i++) {
		struct str row = STR_EMPTY;

		str_puts(&row, pty_row(p, i));
		mask_row(&row);
		str_printf(&all, "%s\n", str_text(&row));
		str_fini(&row);
	}
	return str_take(&all);
}

/* -- the demo -- */

struct demo {
	struct world w; /* only its folders are used */
	struct pty *p;
	const char *size; /* begins the names of the screens */
	int rows, cols;
	char *tokens[2]; /* of the test index, of the production index */
	size_t opened;	 /* bytes printed before the wizard was: the demo shows its tokens then */
};

enum { TEST_TOKEN, PRODUCTION_TOKEN };

struct comparison {
	const struct demo *d;
	const char *wanted;
};

static bool
test_same(struct pty *p, void *arg)
{
	const struct comparison *c = arg;
	char *got = mask(p, c->d->rows);
	bool same = strcmp(got, c->wanted) == 0;

	free(got);
	return same;
}

static void
expect_screen(struct demo *d, const char *page)
{
	char *name = mem_printf("%s-%s.txt", d->size, page);
	char *path = mem_printf("%s/%s", SCREENS, name), *got;
	struct comparison c = { .d = d };
	char *wanted;

	if (getenv("SLIPWAY_UPDATE_SCREENS") != NULL) {
		cr_assert(pty_wait_quiet(d->p, 600));
		got = mask(d->p, d->rows);
		temp_puts(SCREENS, name, got);
		free(got);
	}
	cr_assert(fs_is_file(path), "%s is missing: see SLIPWAY_UPDATE_SCREENS", name);
	wanted = temp_read(SCREENS, name, NULL);
	c.wanted = wanted;
	if (!pty_wait(d->p, name, test_same, &c)) {
		got = mask(d->p, d->rows);
		cr_assert_fail("not as in %s, which is\n%s\nbut\n%s", name, wanted, got);
	}
	free(wanted);
	free(path);
	free(name);
}

/* For what takes its time on a busy machine. */
static void
expect_later(struct demo *d, const char *text)
{
	setenv("SLIPWAY_TEST_DEADLINE_S", LONG_S, 1);
	pty_expect(d->p, text);
	setenv("SLIPWAY_TEST_DEADLINE_S", SHORT_S, 1);
}

static void
make_folders(struct world *w)
{
	static const char *const names[] = { "home", "cache", "tmp" };

	w->dir = temp_dir();
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char *path = fs_join(w->dir, names[i]);

		fs_mkdirs(path, 0700, NULL);
		free(path);
	}
	w->project = fs_join(w->dir, "demo/project");
	w->remote = fs_join(w->dir, "demo/remote.git");
	w->cache = fs_join(w->dir, "cache");
	w->tmp = fs_join(w->dir, "tmp");
}

/* Up to the first page, with all its lines there. ENV: more variables, two at most. */
static void
demo_start(struct demo *d, const char *const *more)
{
	const char *argv[] = { SLIPWAY, "demo", "demo", NULL };
	char *home, *cache, *tmp, *mark;

	setenv("SLIPWAY_TEST_DEADLINE_S", SHORT_S, 1);
	make_folders(&d->w);
	home = fs_join(d->w.dir, "home");
	cache = mem_printf("XDG_CACHE_HOME=%s", d->w.cache);
	tmp = mem_printf("TMPDIR=%s", d->w.tmp);
	mark = mem_printf("SLIPWAY_TEST_WORLD=%s", d->w.dir);
	gitrepo_environment(home);
	{
		/* The first page shows where python3 was looked for. */
		const char *env[] = { cache, tmp, mark, "PATH=/usr/bin:/bin", "PYPI_API_TOKEN",
			"PYPI_TEST_API_TOKEN", more[0], more[0] != NULL ? more[1] : NULL, NULL };

		d->p = pty_start(&(struct pty_opts) {
		    .argv = argv, .env = env, .cwd = d->w.dir, .rows = d->rows, .cols = d->cols });
	}
	expect_later(d, "Press Enter to begin");
	d->tokens[TEST_TOKEN] = temp_read(d->w.dir, "demo/test-index/token", NULL);
	d->tokens[PRODUCTION_TOKEN] = temp_read(d->w.dir, "demo/production-index/token", NULL);
	for (size_t i = 0; i < ARRAY_LEN(d->tokens); i++)
		d->tokens[i][strcspn(d->tokens[i], "\r\n")] = '\0';
	pty_raw(d->p, &d->opened);
	pty_keys(d->p, "Enter");
	expect_later(d, "Nothing has been changed");
	free(mark);
	free(tmp);
	free(cache);
	free(home);
}

static void
demo_end(struct demo *d)
{
	pty_free(d->p);
	world_expect_no_process(&d->w, "at the end");
	for (size_t i = 0; i < ARRAY_LEN(d->tokens); i++)
		free(d->tokens[i]);
	free(d->w.project);
	free(d->w.remote);
	free(d->w.cache);
	free(d->w.tmp);
	temp_remove(d->w.dir);
	leak_gate();
}

/* Since the wizard was opened, neither the whole token nor a piece of it. */
static void
expect_tokens_unseen(const struct demo *d)
{
	size_t len;
	const char *raw = pty_raw(d->p, &len);

	cr_assert_leq(d->opened, len);
	for (size_t i = 0; i < ARRAY_LEN(d->tokens); i++) {
		char piece[13];

		cr_assert_gt(strlen(d->tokens[i]), 24);
		for (size_t at = strlen("pypi-"); at + 12 <= strlen(d->tokens[i]); at += 12) {
			snprintf(piece, sizeof piece, "%s", d->tokens[i] + at);
			for (size_t k = d->opened; k + 12 <= len; k++)
				cr_assert_neq(memcmp(raw + k, piece, 12), 0,
				    "a piece of token %zu was printed", i);
		}
	}
}

/* Nothing on the production index, no tag, branches where they were, the tree clean. */
static void
expect_unpublished(const struct demo *d, const char *before)
{
	static const char *const packages[] = { "rethink-llmhub", "rethink-llmhub-runtime" };

	world_expect_untouched(&d->w, before, "before the confirmation");
	for (size_t i = 0; i < ARRAY_LEN(packages); i++) {
		char *path = mem_printf("%s/demo/production-index/files/%s", d->w.dir, packages[i]);

		cr_assert_not(fs_is_dir(path), "%s is on the production index", packages[i]);
		free(path);
	}
}

/* -- the way through it -- */

static void
choose_version(struct demo *d)
{
	expect_screen(d, "preflight");
	pty_keys(d->p, "?");
	pty_expect(d->p, "Keys of this page");
	pty_keys(d->p, "Esc");
	pty_expect_gone(d->p, "Keys of this page");
	pty_keys(d->p, "Enter");
	pty_expect(d->p, "Since v1.0.3");
	expect_screen(d, "version");
	pty_keys(d->p, "Down");
	pty_expect(d->p, "▸ major");
	pty_keys(d->p, "Up");
	pty_expect(d->p, "▸ minor");
	pty_keys(d->p, "Enter");
}

static void
accept_edits(struct demo *d)
{
	pty_expect(d->p, "stay as they are");
	expect_screen(d, "edits");
	pty_keys(d->p, "v");
	pty_expect(d->p, "The whole diff");
	expect_screen(d, "diff");
	pty_keys(d->p, "Esc");
	pty_expect_gone(d->p, "The whole diff");
	pty_keys(d->p, "Enter");
}

/* One entry is dropped, and taken again: what is dropped stays in sight. */
static void
accept_notes(struct demo *d)
{
	pty_expect(d->p, "The same text goes");
	pty_keys(d->p, "Space");
	pty_expect(d->p, "▸ [ ]");
	pty_keys(d->p, "Space");
	pty_expect(d->p, "▸ [x]");
	expect_screen(d, "notes");
	pty_keys(d->p, "Enter");
}

/* Whatever is done to the screen while it builds, the build goes on below. */
static void
disturb_build(struct demo *d)
{
	pty_expect(d->p, "Creating");
	pty_resize(d->p, 12, 50);
	pty_expect(d->p, "terminal too small");
	pty_resize(d->p, d->rows, d->cols);
	pty_expect_gone(d->p, "terminal too small");
	pty_expect(d->p, "Build    rethink-llmhub-runtime");
	pty_keys(d->p, "L");
	pty_expect(d->p, "Commands");
	pty_expect(d->p, "git fetch");
	pty_keys(d->p, "Esc");
	pty_expect_gone(d->p, "git fetch");
	pty_keys(d->p, "q");
	pty_expect(d->p, "▸ stay");
	pty_keys(d->p, "Enter");
	pty_expect_gone(d->p, "▸ stay");
}

static void
review_files(struct demo *d)
{
	expect_later(d, "What was reviewed");
	expect_screen(d, "review");
	pty_keys(d->p, "Enter");
	pty_expect(d->p, "retry.py");
	/* Narrow screens show the preview in place of the list, wide ones beside it. */
	pty_keys(d->p, "Down Down Down Enter");
	pty_expect(d->p, "def retry");
	expect_screen(d, "member");
	for (int i = 0; i < 2 && !pty_has(d->p, "What was reviewed"); i++) {
		pty_keys(d->p, "Esc");
		cr_assert(pty_wait_quiet(d->p, 200));
	}
	pty_expect(d->p, "What was reviewed");
	pty_keys(d->p, "a");
}

static void
rehearse(struct demo *d)
{
	pty_expect(d->p, "? Rehearse on TestPyPI");
	expect_screen(d, "rehearse");
	pty_keys(d->p, "Enter");
	pty_expect(d->p, "? Token for TestPyPI");
	expect_screen(d, "token");
	pty_paste(d->p, d->tokens[TEST_TOKEN]);
	/* Not even its length: the prompt looks as before. */
	cr_assert(pty_wait_quiet(d->p, 200));
	expect_screen(d, "token");
	pty_keys(d->p, "Enter");
	expect_later(d, "to release:");
	expect_screen(d, "confirm");
}

static void
publish(struct demo *d)
{
	pty_expect(d->p, "? Token for PyPI");
	pty_paste(d->p, d->tokens[PRODUCTION_TOKEN]);
	pty_keys(d->p, "Enter");
	pty_expect(d->p, "listed, sha256");
	expect_later(d, "Done.");
	expect_screen(d, "summary");
}

Test(screens, whole_release_by_keys, .timeout = 280)
{
	struct demo d = { .size = "80x24", .rows = 24, .cols = 80 };
	char *before;

	demo_start(&d, (const char *const[]) { NULL });
	before = world_snapshot(&d.w);
	choose_version(&d);
	accept_edits(&d);
	accept_notes(&d);
	disturb_build(&d);
	review_files(&d);
	rehearse(&d);
	pty_type(d.p, "1.1");
	pty_keys(d.p, "Enter");
	pty_expect(d.p, "that is not 1.1.0: nothing has been started");
	expect_unpublished(&d, before);
	pty_keys(d.p, "C-u");
	pty_type(d.p, "1.1.0");
	pty_keys(d.p, "Enter");
	publish(&d);
	pty_keys(d.p, "Enter");
	pty_expect_exit(d.p, 0);
	pty_expect_restored(d.p);
	expect_tokens_unseen(&d);
	world_expect_tidy(&d.w, "after the release");
	free(before);
	demo_end(&d);
}

/* As far as the confirmation, and away from there. */
Test(screens, left_at_the_confirmation, .timeout = 280)
{
	struct demo d = { .size = "120x40", .rows = 40, .cols = 120 };
	char *before;

	demo_start(&d, (const char *const[]) { NULL });
	before = world_snapshot(&d.w);
	choose_version(&d);
	accept_edits(&d);
	accept_notes(&d);
	review_files(&d);
	rehearse(&d);
	pty_keys(d.p, "q");
	pty_expect(d.p, "▸ stay");
	pty_keys(d.p, "Down Enter");
	pty_expect_exit(d.p, 130);
	pty_expect_restored(d.p);
	expect_tokens_unseen(&d);
	expect_unpublished(&d, before);
	free(before);
	demo_end(&d);
}

/* The parameters of each "ESC [ ... m"; those that choose a colour are 30 to 38, 40 to 48 and 90 to
 * 107. */
static void
expect_colourless(const char *raw, size_t len)
{
	for (size_t i = 0; i + 2 < len; i++) {
		size_t end = i + 2;

		if (raw[i] != '\033' || raw[i + 1] != '[')
			continue;
		while (end < len && strchr("0123456789;", raw[end]) != NULL)
			end++;
		if (end == len || raw[end] != 'm')
			continue;
		for (size_t at = i + 2; at < end; at += strcspn(raw + at, ";m") + 1) {
			long n = strtol(raw + at, NULL, 10);

			cr_assert_not((n >= 30 && n <= 38) || (n >= 40 && n <= 48) || n >= 90,
			    "a colour: %.*s", (int)(end - i), raw + i + 1);
		}
	}
}

Test(screens, plain_ascii_without_colours, .timeout = 120)
{
	struct demo d = { .size = "80x24-ascii", .rows = 24, .cols = 80 };
	const char *raw;
	size_t len;

	demo_start(&d, (const char *const[]) { "NO_COLOR=1", "LC_ALL=C", NULL });
	expect_screen(&d, "preflight");
	pty_keys(d.p, "q");
	pty_expect(d.p, "stay");
	pty_keys(d.p, "Down Enter");
	pty_expect_exit(d.p, 130);
	pty_expect_restored(d.p);
	raw = pty_raw(d.p, &len);
	for (size_t i = 0; i < len; i++)
		cr_assert_lt((unsigned char)raw[i], 0x80, "not ASCII: %.16s", raw + i);
	expect_colourless(raw, len);
	demo_end(&d);
}
