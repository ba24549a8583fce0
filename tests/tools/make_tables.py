#!/usr/bin/env python3
"""Writes the dated tables of src/dist from what this machine has: run it by hand to bring them up to date.

usage: make_tables.py FOLDER     needs trove_classifiers (python3-trove-classifiers) and packaging.licenses
                                 (packaging 24.2 or later) in PYTHONPATH
"""
import sys
import unicodedata
from importlib import metadata
from pathlib import Path

import trove_classifiers
try:
    from packaging.licenses import _spdx
except ImportError:
    from setuptools._vendor.packaging.licenses import _spdx

OUT = Path(sys.argv[1])


def write(name, comment, rows):
    (OUT / name).write_text('/* %s Made by tests/tools/make_tables.py. */\n' % comment + ''.join(rows))


def classifiers():
    version = metadata.version('trove_classifiers')
    date = '-'.join('%02d' % int(part) for part in version.split('.')[:3])
    rows = ['CLASSIFIER_DATE("%s")\n' % date]
    rows += ['CLASSIFIER("%s")\n' % c for c in sorted(trove_classifiers.classifiers, key=str.encode)]
    rows += ['CLASSIFIER_OLD("%s", "%s")\n' % (old, '; '.join(new))
             for old, new in sorted(trove_classifiers.deprecated_classifiers.items())]
    write('classifiers.def', 'Classifiers that PyPI takes, sorted bytewise, and those that it no longer takes.', rows)


def spdx():
    rows = ['SPDX_VERSION("%s")\n' % _spdx.VERSION]
    for macro, table in (('SPDX_LICENSE', _spdx.LICENSES), ('SPDX_EXCEPTION', _spdx.EXCEPTIONS)):
        rows += ['%s("%s", "%s", %s)\n' % (macro, key, table[key]['id'], str(table[key]['deprecated']).lower())
                 for key in sorted(table, key=str.encode)]
    write('spdx.def', 'Identifiers of the SPDX license list, sorted by their lower-case form.', rows)


def decompositions():
    rows = []
    for code in range(0x80, 0x10000):
        parts = unicodedata.decomposition(chr(code)).split()
        if not parts or parts[0].startswith('<') or 0xf900 <= code <= 0xfaff:
            continue
        rows.append('DECOMPOSES(0x%04x, 0x%04x, 0x%04x)\n' % (code, int(parts[0], 16), int(parts[1], 16) if parts[1:] else 0))
    write('decompositions.def', 'Canonical decompositions of Unicode %s, without those of CJK compatibility ideographs.'
          % unicodedata.unidata_version, rows)


def stdlib():
    names = sorted(n for n in sys.stdlib_module_names if not n.startswith('_'))
    write('stdlib.def', 'Modules of the standard library of Python %d.%d, sorted.' % sys.version_info[:2],
          ['STDLIB("%s")\n' % n for n in names])


classifiers()
spdx()
decompositions()
stdlib()
