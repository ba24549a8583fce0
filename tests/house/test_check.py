#!/usr/bin/env python3
"""Each house rule must be able to fail: a tree that obeys all of them gets one violation at a time."""
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import check

HEADER = '#ifndef SLIPWAY_{0}_{1}_H\n#define SLIPWAY_{0}_{1}_H\n\nint {2}(void);\n\n#endif\n'
SOURCE = '/* A module. */\n#include "slipway/{0}/{1}.h"\n\n#include <stdio.h>\n\nint\n{1}(void)\n{{\n\treturn 0;\n}}\n'


def plant_good(root):
    def put(name, text):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for layer in check.LAYERS:
        name = 'mod_' + layer
        put(f'include/slipway/{layer}/{name}.h', HEADER.format(layer.upper(), name.upper(), name))
        put(f'src/{layer}/{name}.c', SOURCE.format(layer, name))
        put(f'src/{layer}/meson.build', f"files('{name}.c')\n")
        put(f'tests/unit/{layer}/test_mod.c', '/* system("x"), curl and pypi.org are fine in a test */\n')
        put(f'tests/unit/{layer}/meson.build', "foreach name : ['mod']\n")
    put('tests/unit/base/untested.txt', '# path: reason\n')
    put('tests/fuzz/meson.build', "targets = {'bytes': base_dep}\n")
    put('tests/fuzz/fuzz_bytes.c', '/* bytes */\n')
    return put


def add(path, text):
    """TEXT at the end of the file."""
    return lambda root: (root / path).open('a').write(text)


def new(path, text):
    return lambda root: (root / path).write_text(text)


BASE, OS, WIZARD, TUI = ('src/%s/mod_%s.c' % (n, n) for n in ('base', 'os', 'wizard', 'tui'))

PLANTS = [
    ('layers', add(BASE, '#include "slipway/os/mod_os.h"\n')),
    ('layers', add(WIZARD, '#include "slipway/tui/mod_tui.h"\n')),
    ('layers', add(TUI, '#include "slipway/index/mod_index.h"\n')),
    ('layers', add('include/slipway/dist/mod_dist.h', '#include "slipway/project/mod_project.h"\n')),
    ('layers', add(OS, '#include "../base/private.h"\n')),
    ('layers', add(OS, '#include "base/private.h"\n')),
    ('layers', new('src/main.c', '/* nowhere */\n')),
    ('libraries', add(WIZARD, '#include <curses.h>\n')),
    ('libraries', add(TUI, '#include <curl/curl.h>\n')),
    ('libraries', add(BASE, '#include <glib.h>\n')),
    ('libraries', lambda root: (add(BASE, '#include <jansson.h>\n')(root),
                                add('include/slipway/base/mod_base.h', '#include <jansson.h>\n')(root))),
    ('libraries', add(WIZARD, '#include <pthread.h>\n')),
    ('banned', add(WIZARD, '\tstrcpy(a, b);\n')),
    ('banned', add(WIZARD, '\tn = atoi (text);\n')),
    ('banned', add(WIZARD, '\tif (system(line) != 0)\n')),
    ('environment', add(WIZARD, '\tx = getenv("HOME");\n')),
    ('environment', add(OS, 'extern char **environ;\n')),
    ('printing', add(WIZARD, '\tprintf("x");\n')),
    ('printing', add(BASE, '\tfprintf(stderr, "x");\n')),
    ('hosts', add(WIZARD, '\tx = "https://upload.pypi.org/legacy/";\n')),
    ('hosts', add(TUI, '\tx = "files.pythonhosted.org";\n')),
    ('archives', add(WIZARD, '\trc = archive_open(path, NULL, &a, e);\n')),
    ('archives', new('src/dist/compare_mod.c', '/* x */\n\trc = archive_read (a, 0, 1, f, x, e);\n')),
    ('size', add(BASE, '\n' * 700)),
    ('size', add(BASE, 'int\nlong_one(void)\n{\n' + '\tcall();\n' * 79 + '}\n')),
    ('size', add(BASE, 'int\nlong_one(void)\n{\n\tint row[] = {\n\t\t1,\n\t};\n' + '\tcall();\n' * 79 + '}\n')),
    ('size', add(BASE, '/* ' + 'x' * 95 + ' */\n')),
    ('size', add(BASE, '\t' * 12 + 'call();\n')),
    ('guards', new('src/os/private.h', '#ifndef PRIVATE_H\n#define PRIVATE_H\n#endif\n')),
    ('guards', new('src/os/private.h', '#pragma once\n')),
    ('tests', lambda root: (root / 'tests/unit/repo/test_mod.c').unlink()),
    ('tests', add('tests/unit/base/untested.txt', 'src/gone.c: it was hard\n')),
    ('tests', add('tests/unit/base/untested.txt', BASE + ': it has one\n')),
    ('built', new('tests/unit/os/test_mod_os.c', '/* nobody runs it */\n')),
    ('built', new('src/os/mod.c', '/* nobody builds it */\n')),
    ('built', new('tests/fuzz/fuzz_other.c', '/* nobody builds it */\n')),
    ('text', add(BASE, '/* TODO later */\n')),
    ('text', add(BASE, 'int x; \n')),
    ('text', add(BASE, '/* end */')),
]

# What looks like a violation and is none.
FINE = [
    add(WIZARD, '/* strcpy(a, b) and getenv("x") in a comment, pypi.org too */\n'),
    add(WIZARD, '\tx = "strcpy(a, b); // printf(1)";\n'),
    add('src/dist/mod_dist.c', '\trc = archive_open(path, NULL, &a, e);\n'),
    add(WIZARD, '\tsafe_system(x); p->signal(x); t.gets(y); snprintf(b, 1, "x");\n'),
    add('src/cli/mod_cli.c', '\tprintf("x");\n'),
    add(WIZARD, '/* TODO(#12): later */\n'),
    add(BASE, 'static const int table[] = {\n' + '\t1,\n' * 100 + '};\n'),
    add(BASE, 'int\nlong_one(void)\n{\n' + '\tcall();\n' * 78 + '}\n'),
    add(BASE, 'int\nwith_table(void)\n{\n\tstatic const int row[] = {\n' + '\t\t{ 1, 2 },\n' * 99 + '\t};\n\tcall();\n}\n'),
    lambda root: ((root / 'tests/unit/repo/test_mod.c').unlink(),
                  add('tests/unit/base/untested.txt', 'src/repo/mod_repo.c: covered by the engine\n')(root)),
]


def findings_of(plant):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        plant_good(root)
        if plant:
            plant(root)
        return check.check(root)


def main():
    failed = 0
    covered = set()
    for rule, plant in PLANTS:
        found = {f[2] for f in findings_of(plant)}
        covered.add(rule)
        # A new file without a test is found by more than one rule.
        if rule not in found or not found <= {rule, 'tests', 'built'}:
            print(f'row {PLANTS.index((rule, plant))}: planted {rule}, found {sorted(found)}')
            failed += 1
    for number, plant in enumerate([None] + FINE):
        found = findings_of(plant)
        if found:
            print(f'fine row {number}: {found}')
            failed += 1
    missing = {r.__name__[5:] for r in check.RULES} - covered
    if missing:
        print(f'no violation is planted for {sorted(missing)}')
        failed += 1
    print(f'{len(PLANTS)} violations planted, {failed} failures')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
