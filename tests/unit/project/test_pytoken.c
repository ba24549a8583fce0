/* Python tokens and the assignments of version names in them. */
#include <criterion/criterion.h>
#include <string.h>

#include "leak_gate.h"
#include "slipway/base/str.h"
#include "slipway/project/pytoken.h"

static const char *const wanted[] = { "__version__", "VERSION", "__version_info__", "version_info",
	NULL };

/* Each assignment as LINE NAME kind content, one a line. */
static void
describe(const char *text, struct str *out)
{
	struct py_tokens t = PY_TOKENS_EMPTY;
	struct py_assignments a;
	struct err e = ERR_EMPTY;

	if (py_tokenise(bytes_of(text), "f.py", &t, &e) != ERR_OK) {
		str_puts(out, e.message);
		return;
	}
	py_find_assignments(bytes_of(text), &t, wanted, &a);
	for (size_t i = 0; i < a.count; i++) {
		const struct py_assignment *p = &a.items[i];

		str_printf(out, "%s%zu %.*s", i > 0 ? "|" : "", p->line, (int)p->name.len,
		    text + p->name.at);
		if (p->value == PY_VALUE_STRING)
			str_printf(out, " =%.*s", (int)p->content.len, text + p->content.at);
		for (size_t k = 0; p->value == PY_VALUE_TUPLE && k < p->elements; k++)
			str_printf(out, " %s%.*s", p->quoted[k] ? "'" : "", (int)p->element[k].len,
			    text + p->element[k].at);
		if (p->why != NULL)
			str_printf(out, " %s", p->why);
	}
	py_assignments_fini(&a);
	py_tokens_fini(&t);
}

Test(pytoken, finds_what_is_assigned_and_nothing_that_looks_like_it, .fini = leak_gate)
{
	static const struct {
		const char *text, *found;
	} row[] = {
		{ "__version__ = \"1.2.3\"\n", "1 __version__ =1.2.3" },
		{ "__version__='1.2.3'          # old", "1 __version__ =1.2.3" },
		{ "__version__: str = r\"\"\"1.0\"\"\"\r\n", "1 __version__ =1.0" },
		{ "__version__: Final[Dict[str, int]] = '1'", "1 __version__ =1" },
		{ "__version__ = VERSION = (\n  '1.0'  # x\n)\n",
		    "1 __version__ =1.0|1 VERSION =1.0" },
		{ "VERSION = ((\"1\"))\n", "1 VERSION =1" },
		{ "\"\"\"Doc.\n__version__ = '9'\n\"\"\"\n__version__ = '1'\n",
		    "4 __version__ =1" },
		{ "x = '''\n__version__ = \"9\"\n'''; __version__ = '1'", "3 __version__ =1" },
		{ "# __version__ = '9'\n\\\n__version__ = '1'", "3 __version__ =1" },
		{ "\f\n__version__ = '1'\n", "2 __version__ =1" },
		{ "f(__version__='9', y={1: '2'})\n", "" },
		{ "a.__version__ = '9'\n__version__ == '9'\n", "" },
		{ "__version__ = '1'\n__version__ = '2'\n", "1 __version__ =1|2 __version__ =2" },
		{ "if x:\n\t__version__ = '1'\n", "2 __version__ it stands inside a block" },
		{ "if x: y = 1; __version__ = '1'\n", "1 __version__ it stands inside a block" },
		{ "if x: __version__ = '1'\nelse: __version__ = '2'\n",
		    "1 __version__ it stands inside a block|2 __version__ it stands inside a "
		    "block" },
		{ "if (y := {1: 2}): pass\n__version__ = '1'; VERSION = '2'\n",
		    "2 __version__ =1|2 VERSION =2" },
		{ "if y := 1: VERSION = '2'\nclass_ = 1; __version__ = '1'\n",
		    "1 VERSION it stands inside a block|2 __version__ =1" },
		{ "def f(): __version__ = '1'\n", "1 __version__ it stands inside a block" },
		{ "__version__ = f'{x}'\n", "1 __version__ it is an f-string" },
		{ "__version__ = f\"{d[\"a\"]:{w}}{{\"\nVERSION = '1'\n",
		    "1 __version__ it is an f-string|2 VERSION =1" },
		{ "x = f'{y:\">10}'\nVERSION = '1'\n", "2 VERSION =1" },
		{ "__version__ = b'1'\n", "1 __version__ it is a bytes literal" },
		{ "__version__ = '1.' '0'\n",
		    "1 __version__ it is put together from several strings" },
		{ "__version__ = ('1.'\n '0')\n",
		    "1 __version__ it is put together from several strings" },
		{ "__version__ = '1\\x2e0'\n", "1 __version__ it holds an escape" },
		{ "__version__ = '.'.join(map(str, VERSION))\n", "1 __version__ it is computed" },
		{ "__version__ = version('x')\n", "1 __version__ it is computed" },
		{ "__version__ += 'x'\n", "1 __version__ it is changed in place" },
		{ "__version_info__ = (0, 2, 2)   # old\n", "1 __version_info__ 0 2 2" },
		{ "VERSION = (4, 2, 2, \"alpha\", 0)\n", "1 VERSION 4 2 2 'alpha 0" },
		{ "version_info = 1, 15, 1, \"\", \"\"\n", "1 version_info 1 15 1 ' '" },
		{ "VERSION = (7,)\n", "1 VERSION 7" },
		{ "VERSION = (7)\n", "1 VERSION it is computed" },
		{ "VERSION = (1, x)\n", "1 VERSION it is computed" },
		{ "VERSION = tuple(map(int, '1.2'.split('.')))\n", "1 VERSION it is computed" },
		{ "\xef\xbb\xbf__version__ = '1'", "1 __version__ =1" },
		{ "na\xc3\xafve = 1\nVERSION = u'1'\n", "2 VERSION =1" },
		{ "x = 1e-5 + 0x1f + .5\nVERSION = '1'", "2 VERSION =1" },
		{ "@d\ndef f(a: int = 1) -> str:\n    return a[1:2]\n\nVERSION = '1'",
		    "5 VERSION =1" },
		{ "__version__: str\n", "" },
		{ "", "" },
		{ "x = 'abc\ny = 1\n", "f.py:1: a string is not closed" },
		{ "x = '''abc\n", "f.py:1: a string is not closed" },
		{ "x = (1,\n", "f.py:2: the file ends inside brackets" },
		{ "x = 1)\n", "f.py:1: \")\" closes nothing" },
		{ "x = '\xff'\n", "f.py is not UTF-8" },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct str found = STR_EMPTY;

		describe(row[i].text, &found);
		cr_expect_str_eq(
		    str_text(&found), row[i].found, "%s: %s", row[i].text, str_text(&found));
		str_fini(&found);
	}
}
