/* The browser over a real wheel: what its views show, what its keys do, and that nothing of what is
 * inside acts on the terminal. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "browser.h"
#include "leak_gate.h"
#include "screen.h"
#include "slipway/base/compiler.h"
#include "slipway/base/mem.h"
#include "slipway/os/fs.h"
#include "slipway/os/loop.h"
#include "slipway/os/worker.h"
#include "slipway/wizard/compare.h"
#include "temp.h"

static const char script[] =
    "import zipfile, hashlib, base64\n"
    "n = 'demo-1.0.dist-info/'\n"
    "m = {'demo/__init__.py': b'x = 1\\n', 'demo/big.txt': b'0123456789' * 300000 + "
    "b'\\nNEEDLE\\n',\n"
    "     'demo/code.py': b'first\\nsecond\\n\\x1b]52;c;aGk=\\x07\\n',\n"
    "     'demo/\\x1b[31mred.py': b'', 'demo/blob.bin': bytes(range(200)),\n"
    "     'start.pth': b'import demo\\n',\n"
    "     n + 'METADATA': b'Metadata-Version: 2.1\\nName: demo\\nVersion: 1.0\\n',\n"
    "     n + 'WHEEL': b'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n'}\n"
    "h = lambda d: 'sha256=' + "
    "base64.urlsafe_b64encode(hashlib.sha256(d).digest()).decode().rstrip('=')\n"
    "rows = ['%s,%s,%d\\n' % (k, h(d), len(d)) for k, d in m.items()]\n"
    "m[n + 'RECORD'] = (''.join(rows) + n + 'RECORD,,\\n').encode()\n"
    "with zipfile.ZipFile('demo-1.0-py3-none-any.whl', 'w', zipfile.ZIP_DEFLATED) as z:\n"
    "    [z.writestr(k, d) for k, d in m.items()]\n";

struct fixture {
	struct compare_run *comparing;
	char *before; /* what it is compared with; NULL: nothing */
	struct loop *loop;
	struct worker *worker;
	struct shell *shell;
	struct browser *browser;
	char *dir, *path;
	bool left;
};

static void
file(void *arg, size_t index, const char **path, const struct findings **findings)
{
	struct fixture *f = arg;

	(void)index;
	*path = f->path;
	*findings = NULL;
}

static void
on_compared(void *arg, struct compared *c, const struct err *e)
{
	struct fixture *f = arg;

	(void)e;
	f->comparing = NULL;
	browser_compared(f->browser, 0, c);
}

static void
compare(void *arg, struct browser *b, size_t index, const char *rev, const char *against)
{
	struct fixture *f = arg;

	(void)index;
	(void)rev;
	(void)against;
	f->browser = b;
	f->comparing = compare_start(
	    &(struct compare_opts) { .loop = f->loop,
		.worker = f->worker,
		.reader = READER_CHILD,
		.path = f->path,
		.against = f->before },
	    on_compared, f);
}

static bool
act(void *arg, enum action a)
{
	struct fixture *f = arg;

	f->left |= a == ACT_QUIT || a == ACT_QUIT_ALL;
	return f->left;
}

static const struct shell_ops shell_ops = { .act = act };

static const struct surface *
drawn(struct fixture *f)
{
	return shell_draw(f->shell);
}

/* Waits for the workers. */
static void
settle(struct fixture *f)
{
	for (int i = 0; i < 1000; i++) {
		/* A frame may begin something. */
		drawn(f);
		if (i > 3 && !loop_has_work(f->loop))
			return;
		loop_turn(f->loop, 5);
	}
}

/* Over NAME, which TEXT makes in a folder of its own. */
static void
start_with(struct fixture *f, int w, int h, const char *text, const char *name, const char *before)
{
	static const char *const python[] = { "/usr/bin/python3", "make.py", ".", NULL };
	struct browser_owner owner = { .files = 1, .file = file, .arg = f };

	memset(f, 0, sizeof *f);
	f->dir = temp_dir();
	temp_puts(f->dir, "make.py", text);
	cr_assert_eq(temp_run(f->dir, python), 0);
	f->path = fs_join(f->dir, name);
	if (before != NULL) {
		f->before = fs_join(f->dir, before);
		owner.compare = compare;
	}
	cr_assert_eq(loop_new(&f->loop, NULL), ERR_OK);
	cr_assert_eq(worker_new(f->loop, &f->worker, NULL), ERR_OK);
	f->shell = shell_new(f->loop, &shell_ops, f, w, h, false);
	owner.loop = f->loop;
	owner.reader = READER_CHILD;
	owner.worker = f->worker;
	browser_open(f->shell, &owner, 0, false);
}

static void
start(struct fixture *f, int w, int h)
{
	start_with(f, w, h, script, "demo-1.0-py3-none-any.whl", NULL);
}

static void
stop(struct fixture *f)
{
	shell_free(f->shell);
	/* The children end on the loop. */
	for (int i = 0; i < 1000 && loop_has_work(f->loop); i++)
		loop_turn(f->loop, 5);
	worker_free(f->worker);
	loop_free(f->loop);
	free(f->path);
	free(f->before);
	temp_remove(f->dir);
}

static void
press(struct fixture *f, const char *name)
{
	struct input_event ev = { .type = INPUT_KEY };

	cr_assert(input_key_parse(name, &ev.key, &ev.mods), "%s", name);
	if (ev.key < 0x80 && ev.mods == 0)
		ev.text[0] = (char)ev.key;
	shell_event(f->shell, &ev);
	drawn(f);
}

static void
type(struct fixture *f, const char *text)
{
	for (const char *c = text; *c != '\0'; c++)
		press(f, *c == ' ' ? "Space" : (char[]) { *c, '\0' });
}

#define has(f, text)                                                                               \
	do {                                                                                       \
		char *screen_ = screen_text(drawn(f));                                             \
		cr_expect(strstr(screen_, text) != NULL, "no \"%s\" in\n%s", text, screen_);       \
		free(screen_);                                                                     \
	} while (0)
#define has_not(f, text) cr_expect_not(screen_has(drawn(f), text), "\"%s\"", text)

/* Brings the cursor to the member whose name has TEXT. */
static void
go_to(struct fixture *f, const char *text)
{
	press(f, "/");
	type(f, text);
	press(f, "Enter");
}

Test(browser, lists_at_once_and_judges_last, .fini = leak_gate)
{
	struct fixture f;

	start(&f, 80, 24);
	has(&f, "Reading the archive");
	settle(&f);
	has(&f, "▾ demo/");
	has(&f, "red.py");
	has(&f, "\\x1b[31m");
	has(&f, "not compared");
	has(&f, "reviewed 0 of 9 files");
	has_not(&f, "✓ no errors");
	has(&f, "✗ 1 error");
	/* The fixed columns: size, severity, kind. */
	go_to(&f, "start.pth");
	has(&f, "▸    12 B ?  N");
	stop(&f);
}

Test(browser, views_by_number, .fini = leak_gate)
{
	struct fixture f;

	start(&f, 80, 24);
	settle(&f);
	press(&f, "2");
	has(&f, "WARN  RUN01");
	has(&f, "Enter go there");
	press(&f, "3");
	has(&f, "Metadata-Version: 2.1");
	has(&f, "Root-Is-Purelib: true");
	has_not(&f, "Enter go there");
	press(&f, "4");
	has(&f, "not compared");
	press(&f, "5");
	has(&f, "deflate");
	has(&f, "sha256 ");
	press(&f, "Down");
	press(&f, "Enter");
	has(&f, "1 files");
	has(&f, "▸  3.0 MB");
	press(&f, "3");
	press(&f, "q");
	has(&f, "▸  3.0 MB");
	cr_expect_not(f.left, "q goes one level back");
	press(&f, "q");
	cr_expect(f.left);
	f.left = false;
	press(&f, "3");
	press(&f, "Q");
	cr_expect(f.left, "Q leaves from anywhere");
	f.left = false;
	press(&f, "y");
	has(&f, "Address");
	press(&f, "Q");
	cr_expect(f.left, "from a text in front");
	f.left = false;
	press(&f, "Esc");
	press(&f, "?");
	press(&f, "Q");
	cr_expect(f.left, "from below the help");
	press(&f, "Esc");
	f.left = false;
	press(&f, "1");
	press(&f, "e");
	press(&f, "Q");
	cr_expect_not(f.left, "where it is typed, it is a letter");
	has(&f, "Save as");
	stop(&f);
}

Test(browser, previews_as_text_escaped_and_hex, .fini = leak_gate)
{
	struct fixture f;

	start(&f, 120, 40);
	settle(&f);
	go_to(&f, "code.py");
	settle(&f);
	has(&f, "    2  second");
	has(&f, "\\x1b]52;c;aGk=\\x07");
	has(&f, "escaped 2 control characters");
	has(&f, " text");
	press(&f, "x");
	has(&f, " escaped");
	press(&f, "x");
	has(&f, "00000000 66 69 72 73 74");
	/* Remembered for texts alone. */
	go_to(&f, "blob.bin");
	settle(&f);
	has(&f, "000000c0 c0 c1");
	/* At 100 columns a row has no place beside the list. */
	shell_event(f.shell, &(struct input_event) { .type = INPUT_RESIZE, .w = 100, .h = 40 });
	has_not(&f, "|@ABCDEFGHIJKLMNO|");
	press(&f, "Tab");
	has(&f, "|@ABCDEFGHIJKLMNO|");
	press(&f, "Tab");
	shell_event(f.shell, &(struct input_event) { .type = INPUT_RESIZE, .w = 120, .h = 40 });
	press(&f, "x");
	has(&f, "\\x00\\x01");
	go_to(&f, "__init__.py");
	settle(&f);
	has(&f, "78 20 3d 20 31 0a");
	stop(&f);
}

Test(browser, finds_text_in_a_long_line_and_goes_to_lines, .fini = leak_gate)
{
	struct fixture f;

	start(&f, 120, 40);
	settle(&f);
	go_to(&f, "big.txt");
	settle(&f);
	has(&f, "    1  0123456789");
	press(&f, "Tab");
	press(&f, "/");
	type(&f, "needle");
	press(&f, "Enter");
	settle(&f);
	has(&f, "    2  NEEDLE");
	press(&f, "g");
	settle(&f);
	has_not(&f, "NEEDLE");
	press(&f, "#");
	type(&f, "2");
	press(&f, "Enter");
	settle(&f);
	has(&f, "    2  NEEDLE");
	press(&f, "y");
	has(&f, "demo-1.0-py3-none-any.whl!demo/big.txt:2");
	press(&f, "Esc");
	press(&f, "x");
	press(&f, "x");
	press(&f, "#");
	type(&f, "0x2dc6c0");
	press(&f, "Enter");
	settle(&f);
	has(&f, "002dc6c0 0a 4e 45 45 44 4c 45 0a");
	stop(&f);
}

/* 53: whatever is in a member, in every view all of it is printable. */
Test(browser, shows_nothing_that_acts_on_a_terminal, .fini = leak_gate)
{
	static const char run[] = "import runpy\nrunpy.run_path('" MAKE_ARCHIVES "')\n";
	struct fixture f;

	start_with(&f, 120, 40, run, "contents/demo-1.0-py3-none-any.whl", NULL);
	settle(&f);
	press(&f, "=");
	for (int i = 0; i < 40; i++) {
		char *screen;

		settle(&f);
		screen = screen_text(drawn(&f));
		for (const char *c = screen; *c != '\0'; c++)
			cr_assert(
			    ((unsigned char)*c >= 0x20 && *c != 0x7f) || *c == '\n', "%s", screen);
		cr_assert_null(strstr(screen, "\xc2\x9b"));
		cr_assert_null(strstr(screen, "\xe2\x80\xae"));
		free(screen);
		press(&f, i % 4 == 3 ? "Down" : "x");
	}
	stop(&f);
}

/* The same zip in a zip in a zip; the fourth is one too many. */
static const char nested[] =
    "import zipfile, io\n"
    "def put(m):\n"
    "    b = io.BytesIO()\n"
    "    with zipfile.ZipFile(b, 'w') as z:\n"
    "        [z.writestr(k, d) for k, d in m.items()]\n"
    "    return b.getvalue()\n"
    "d = put({'deep.txt': b'never seen\\n'})\n"
    "for i in (4, 3, 2, 1):\n"
    "    d = put({'level%d.txt' % i: b'this is %d\\n' % i, 'a%d\\x1b.zip' % i: d})\n"
    "open('demo-1.0-py3-none-any.whl', 'wb').write(put({'demo/a.zip': d, 'demo/b.txt': b''}))\n";

Test(browser, looks_into_archives_inside_of_archives, .fini = leak_gate)
{
	static const char *const into[] = { "a.zip", "a1", "a2", "a3" };
	struct fixture f;
	char *out, *got;

	start_with(&f, 120, 40, nested, "demo-1.0-py3-none-any.whl", NULL);
	settle(&f);
	for (int i = 0; i < 3; i++) {
		go_to(&f, into[i]);
		press(&f, "Enter");
		settle(&f);
	}
	has(&f, "demo-1.0-py3-none-any.whl!demo/a.zip!a1\\x1b.zip!a2\\x1b.zip");
	has(&f, "inside, 3 of 3 deep");
	has_not(&f, "✓");
	go_to(&f, "level3");
	settle(&f);
	has(&f, "    1  this is 3");
	press(&f, "y");
	has(&f, "!a2\\x1b.zip!level3.txt:1");
	press(&f, "Esc");
	press(&f, "m");
	has(&f, "it is reviewed with the archive that it lies in");
	out = fs_join(f.dir, "out");
	press(&f, "e");
	type(&f, out);
	press(&f, "Enter");
	settle(&f);
	got = temp_read(f.dir, "out", NULL);
	cr_expect_str_eq(got, "this is 3\n");
	free(got);
	free(out);
	go_to(&f, "a3");
	press(&f, "Enter");
	has(&f, "3 deep, and no deeper");
	press(&f, "2");
	has(&f, "with the file around it");
	press(&f, "5");
	has(&f, "zip, ");
	/* One level at a time. */
	press(&f, "1");
	press(&f, "Esc");
	has(&f, "inside, 2 of 3 deep");
	press(&f, "Esc");
	press(&f, "Esc");
	has(&f, "reviewed 0 of 2 files");
	go_to(&f, "a.zip");
	press(&f, "Right");
	settle(&f);
	has(&f, "00000000 50 4b 03 04");
	stop(&f);
}

static const char two[] =
    "import zipfile\n"
    "a = {'demo/a.py': b'one\\ntwo\\n', 'demo/old.py': b'gone\\n', 'demo/x.bin': bytes(64), "
    "'demo/same.py': b'same\\n'}\n"
    "b = {'demo/a.py': b'one\\n2\\n', 'demo/new.py': b'new\\n', 'demo/x.bin': bytes(40) + b'A' * "
    "30, "
    "'demo/same.py': b'same\\n'}\n"
    "for v, m in ('1.0', a), ('1.1', b):\n"
    "    with zipfile.ZipFile('demo-%s-py3-none-any.whl' % v, 'w') as z:\n"
    "        [z.writestr(k, d) for k, d in m.items()]\n";

/* Everything that changed, looked at and marked without leaving the differences. */
Test(browser, goes_from_difference_to_difference, .fini = leak_gate)
{
	struct fixture f;

	start_with(&f, 100, 30, two, "demo-1.1-py3-none-any.whl", "demo-1.0-py3-none-any.whl");
	settle(&f);
	has(&f, "1.0: +1 −1 ~2");
	go_to(&f, "old.py");
	has(&f, "▸       -  -         old.py");
	has(&f, "not in this file");
	press(&f, "4");
	has(&f, "1 added, 1 removed, 2 changed, 1 same");
	has(&f, "removed               -   demo/old.py");
	press(&f, "g");
	press(&f, "/");
	type(&f, "a.py");
	press(&f, "Enter");
	press(&f, "Enter");
	settle(&f);
	has(&f, "− two");
	has(&f, "+ 2");
	has(&f, "reviewed 0 of 3");
	press(&f, "d");
	has(&f, "there is only this to compare it with");
	press(&f, "m");
	settle(&f);
	has(&f, "reviewed 1 of 3");
	has_not(&f, "− two");
	press(&f, "m");
	settle(&f);
	press(&f, "m");
	settle(&f);
	has(&f, "all changed files of this package are reviewed");
	press(&f, "Esc");
	has(&f, "✓ demo/a.py");
	has(&f, "reviewed 3 of 3 changed files");
	/* What is gone is passed too, and back again. */
	press(&f, "/");
	type(&f, "x.bin");
	press(&f, "Enter");
	press(&f, "d");
	settle(&f);
	has(&f, "the first difference is at byte 40");
	has(&f, "+ 00000020  00 00 00 00 00 00 00 00 41");
	for (int i = 0; i < 4; i++) {
		press(&f, "}");
		settle(&f);
	}
	has(&f, "the first difference is at byte 40");
	press(&f, "{");
	settle(&f);
	has_not(&f, "the first difference is at byte 40");
	press(&f, "Q");
	cr_expect(f.left);
	stop(&f);
}

Test(browser, goes_from_finding_to_finding, .fini = leak_gate)
{
	struct fixture f;

	start(&f, 80, 24);
	settle(&f);
	press(&f, "]");
	has(&f, "1 of ");
	press(&f, "]");
	has(&f, "2 of ");
	press(&f, "[");
	has(&f, "1 of ");
	go_to(&f, "start.pth");
	settle(&f);
	has(&f, "RUN01");
	press(&f, "w");
	has(&f, "What to do:");
	press(&f, "Esc");
	press(&f, "a");
	has(&f, "Acknowledge RUN01?");
	press(&f, "Enter");
	has(&f, "only acknowledged with a reason");
	press(&f, "a");
	type(&f, "it is meant");
	press(&f, "Enter");
	has(&f, "▸    12 B a  N");
	press(&f, "2");
	has(&f, "taken RUN01 start.pth");
	has(&f, "it is meant");
	press(&f, "g");
	press(&f, "/");
	type(&f, "prj");
	press(&f, "Enter");
	has(&f, "▸ WARN  PRJ01");
	press(&f, "n");
	has(&f, "▸ INFO  PRJ04");
	press(&f, "N");
	has(&f, "▸ WARN  PRJ01");
	press(&f, "/");
	type(&f, "run01");
	press(&f, "Enter");
	has(&f, "▸ taken RUN01 start.pth");
	press(&f, "n");
	has(&f, "▸ taken RUN01 start.pth");
	/* Taken back, where it is not kept anywhere. */
	press(&f, "a");
	has(&f, "RUN01 counts again");
	has_not(&f, "taken");
	stop(&f);
}

Test(browser, marks_what_was_reviewed, .fini = leak_gate)
{
	struct fixture f;

	start(&f, 80, 24);
	settle(&f);
	go_to(&f, "code.py");
	press(&f, "m");
	has(&f, "reviewed 1 of 9 files");
	for (int i = 0; i < 8; i++)
		press(&f, "m");
	has(&f, "all changed files of this package are reviewed");
	press(&f, "f");
	has(&f, "reviewed 9 of 9 files");
	stop(&f);
}

Test(browser, saves_under_the_name_that_was_typed, .fini = leak_gate)
{
	struct fixture f;
	char *out, *got;

	start(&f, 80, 24);
	settle(&f);
	out = fs_join(f.dir, "out");
	go_to(&f, "code.py");
	press(&f, "e");
	press(&f, "Enter");
	cr_expect_not(fs_exists(out), "no name, no file");
	press(&f, "e");
	type(&f, out);
	press(&f, "Enter");
	settle(&f);
	has(&f, "saved as");
	got = temp_read(f.dir, "out", NULL);
	cr_expect_str_eq(got, "first\nsecond\n\x1b]52;c;aGk=\x07\n");
	free(got);
	go_to(&f, "__init__.py");
	press(&f, "e");
	type(&f, out);
	press(&f, "Enter");
	has(&f, "Replace?");
	press(&f, "Enter");
	settle(&f);
	got = temp_read(f.dir, "out", NULL);
	cr_expect_eq(strlen(got), 26, "kept");
	free(got);
	press(&f, "e");
	type(&f, out);
	press(&f, "Enter");
	press(&f, "Down");
	press(&f, "Enter");
	settle(&f);
	got = temp_read(f.dir, "out", NULL);
	cr_expect_str_eq(got, "x = 1\n");
	free(got);
	free(out);
	stop(&f);
}

Test(browser, stays_inside_at_every_size, .fini = leak_gate)
{
	struct fixture f;

	start(&f, 80, 24);
	for (int view = 0; view < 6; view++) {
		settle(&f);
		press(&f, (char[]) { (char)('1' + view % 5), '\0' });
		if (view == 5)
			press(&f, "Tab");
		for (int w = 1; w <= 300; w += w < 130 ? 7 : 31)
			for (int h = 1; h <= 100; h += h < 30 ? 3 : 17) {
				shell_event(f.shell,
				    &(struct input_event) { .type = INPUT_RESIZE, .w = w, .h = h });
				drawn(&f);
			}
		shell_event(
		    f.shell, &(struct input_event) { .type = INPUT_RESIZE, .w = 80, .h = 24 });
	}
	stop(&f);
}

/* While a long pass runs, the page is closed: the jobs end on their own. */
Test(browser, can_be_left_at_any_moment, .fini = leak_gate)
{
	for (int turns = 0; turns < 12; turns += 3) {
		struct fixture f;

		start(&f, 80, 24);
		for (int i = 0; i < turns; i++) {
			drawn(&f);
			loop_turn(f.loop, 2);
		}
		press(&f, "Down");
		press(&f, "Down");
		stop(&f);
	}
}

Test(browser, says_why_a_file_cannot_be_opened, .fini = leak_gate)
{
	struct fixture f;

	start(&f, 80, 24);
	shell_free(f.shell);
	settle(&(struct fixture) {
	    .loop = f.loop, .shell = f.shell = shell_new(f.loop, &shell_ops, &f, 80, 24, false) });
	free(f.path);
	f.path = fs_join(f.dir, "not-there.whl");
	browser_open(f.shell,
	    &(struct browser_owner) { .files = 1,
		.loop = f.loop,
		.reader = READER_CHILD,
		.worker = f.worker,
		.file = file,
		.arg = &f },
	    0, false);
	settle(&f);
	has(&f, "not-there.whl");
	has_not(&f, "Reading");
	press(&f, "]");
	press(&f, "Enter");
	press(&f, "x");
	press(&f, "m");
	press(&f, "4");
	drawn(&f);
	stop(&f);
}
