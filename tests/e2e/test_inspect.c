/* slipway inspect at a terminal, over a wheel that wants to act on it. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "leak_gate.h"
#include "pty.h"
#include "slipway/base/compiler.h"
#include "slipway/base/mem.h"
#include "temp.h"

static const char script[] =
    "import zipfile\n"
    "n = 'demo-1.0.dist-info/'\n"
    "esc = b'\\x1b]52;c;aGk=\\x07 \\x1b[31m \\x9b5n \\xe2\\x80\\xae'\n"
    "m = {'demo/code.py': b'first\\n' + esc + b'\\n', 'demo/\\x1b[2Jname.py': esc,\n"
    "     'demo/blob.bin': bytes(range(256)), 'evil\\x07.pth': b'import os\\n',\n"
    "     n + 'METADATA': b'Metadata-Version: 2.1\\nName: demo\\nVersion: 1.0\\nSummary: ' + esc,\n"
    "     n + 'WHEEL': b'Wheel-Version: 1.0\\n' + esc, n + 'RECORD': esc}\n"
    "with zipfile.ZipFile('demo-1.0-py3-none-any.whl', 'w', zipfile.ZIP_DEFLATED) as z:\n"
    "    z.comment = esc\n"
    "    [z.writestr(k, d) for k, d in m.items()]\n";

static char *
make(void)
{
	static const char *const python[] = { "/usr/bin/python3", "make.py", NULL };
	char *dir = temp_dir();

	temp_puts(dir, "make.py", script);
	cr_assert_eq(temp_run(dir, python), 0);
	return dir;
}

static struct pty *
start(const char *dir, const char *const *env, int rows, int cols)
{
	static const char *const argv[] = { SLIPWAY, "inspect", "demo-1.0-py3-none-any.whl", NULL };

	return pty_start(&(struct pty_opts) {
	    .argv = argv, .env = env, .cwd = dir, .rows = rows, .cols = cols });
}

/* All views, the content of all members, the questions in front. */
static void
look_everywhere(struct pty *p)
{
	pty_expect(p, "code.py");
	pty_expect(p, "errors");
	for (int i = 0; i < 12; i++)
		/* Esc and what follows it would be one key. */
		pty_keys(p, "Enter x x x Tab Down");
	pty_keys(p, "2");
	pty_expect(p, "go there");
	pty_keys(p, "] ] w");
	pty_expect(p, "What to do");
	pty_keys(p, "q 3");
	pty_expect(p, "Metadata-Version");
	pty_keys(p, "4");
	pty_expect(p, "not compared");
	pty_keys(p, "5");
	pty_expect(p, "deflate");
	pty_keys(p, "1 / n a m e Enter y");
	pty_expect(p, "Address");
	pty_keys(p, "q e");
	pty_expect(p, "Save as");
	pty_keys(p, "Esc");
	pty_expect_gone(p, "Save as");
}

static void
expect_nothing_acted(const struct pty *p)
{
	static const char *const wishes[] = { "\033]52", "\033[2Jname", "\233", "\xc2\x9b",
		"\xe2\x80\xae", "\033[31m \\" };

	for (size_t i = 0; i < ARRAY_LEN(wishes); i++)
		cr_expect_not(pty_sent(p, wishes[i]), "wish %zu reached the terminal", i);
	cr_expect_eq(pty_bells(p), 0);
}

Test(inspect, nothing_inside_acts_on_the_terminal, .fini = leak_gate)
{
	static const char *const plain[] = { "NO_COLOR=1", "LC_ALL=C", NULL };
	static const struct {
		int rows, cols;
		bool ascii;
	} row[] = { { 24, 80, false }, { 40, 120, false }, { 24, 80, true } };
	char *dir = make();

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct pty *p = start(dir, row[i].ascii ? plain : NULL, row[i].rows, row[i].cols);
		const char *raw;
		size_t len;

		look_everywhere(p);
		pty_resize(p, 12, 40);
		pty_expect(p, "too small");
		pty_resize(p, row[i].rows, row[i].cols);
		pty_expect(p, "code.py");
		pty_keys(p, "Q");
		pty_expect_exit(p, 0);
		pty_expect_restored(p);
		expect_nothing_acted(p);
		raw = pty_raw(p, &len);
		for (size_t k = 0; row[i].ascii && k < len; k++)
			cr_assert_lt((unsigned char)raw[k], 0x80, "not ASCII: %.16s", raw + k);
		pty_free(p);
	}
	temp_remove(dir);
}

/* The processes that stand in DIR. */
static size_t
processes_in(const char *dir)
{
	DIR *proc = opendir("/proc");
	size_t n = 0;

	cr_assert_not_null(proc);
	for (struct dirent *d = readdir(proc); d != NULL; d = readdir(proc)) {
		char *path = mem_printf("/proc/%s/cwd", d->d_name), cwd[4096];
		ssize_t len = readlink(path, cwd, sizeof cwd);

		n += len > 0 && (size_t)len == strlen(dir) && memcmp(cwd, dir, (size_t)len) == 0;
		free(path);
	}
	closedir(proc);
	return n;
}

/* All of them in one browser, looked at faster than they can be read, and left from below a card.
 */
Test(inspect, hostile_archives_at_once_end_with_one_key, .fini = leak_gate)
{
	static const char *const python[] = { "/usr/bin/python3", MAKE_ARCHIVES, ".", NULL };
	static const char *const argv[] = { "/bin/sh", "-c", "exec \"$0\" inspect *.whl *.tar.gz",
		SLIPWAY, NULL };
	static const char *const ways_out[] = { "Q", "3 y Q" };
	char *dir = temp_dir();

	cr_assert_eq(temp_run(dir, python), 0);
	for (size_t i = 0; i < ARRAY_LEN(ways_out); i++) {
		struct pty *p = pty_start(&(struct pty_opts) {
		    .argv = argv, .cwd = dir, .rows = 24, .cols = i % 2 == 0 ? 80 : 120 });

		pty_expect(p, "file 1 of ");
		for (int k = 0; k < 120; k++)
			pty_keys(p, k % 3 == 0 ? "Down >" : ">");
		pty_expect(p, "file ");
		pty_keys(p, ways_out[i]);
		pty_expect_exit(p, 0);
		pty_expect_restored(p);
		cr_expect_eq(processes_in(dir), 0, "a child outlives %s", ways_out[i]);
		pty_free(p);
	}
	temp_remove(dir);
}

Test(inspect, saves_a_member_under_a_name_that_was_typed, .fini = leak_gate)
{
	char *dir = make(), *got;
	struct pty *p = start(dir, NULL, 24, 80);

	pty_expect(p, "errors");
	pty_keys(p, "/ c o d e Enter e");
	pty_expect(p, "Save as");
	pty_type(p, "mine.txt");
	pty_keys(p, "Enter");
	pty_expect(p, "saved as mine.txt");
	got = temp_read(dir, "mine.txt", NULL);
	cr_expect(strncmp(got, "first\n\x1b]52", 10) == 0, "the bytes as they are");
	free(got);
	pty_keys(p, "/ e v i l Enter ]");
	pty_expect(p, "1 of ");
	pty_keys(p, "q");
	pty_expect_exit(p, 0);
	pty_free(p);
	temp_remove(dir);
}
