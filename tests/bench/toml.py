"""How long a TOML document of 10 MB takes to read, against tomllib: a lock file, one array of numbers, tiny tables.

usage: toml.py      $TOML_DECODE names the built tests/toml_decode
"""
import os
import random
import subprocess
import sys
import time
import tomllib
from pathlib import Path

from common import ROOT, median, report

SIZE = 10_000_000
PACKAGE = '''[[package]]
name = "package-{0}"
version = "1.{0}.0"
source = {{ registry = "https://pypi.org/simple" }}
dependencies = [
    {{ name = "dep-{0}" }},
    {{ name = "other", marker = "python_full_version < '3.11'" }},
]

'''


def repeated(template):
    parts, size = [], 0
    while size < SIZE:
        parts.append(template.format(len(parts)))
        size += len(parts[-1])
    return ''.join(parts)


def main():
    decoder = os.environ.get('TOML_DECODE', str(ROOT / 'build/tests/toml_decode'))
    if not Path(decoder).is_file():
        sys.exit(f'{decoder} is not there: name another one in $TOML_DECODE')
    numbers = random.Random(3)
    documents = {
        'a lock file': repeated(PACKAGE),
        '1.4 million numbers': 'a = [' + ', '.join(str(numbers.randrange(100000)) for _ in range(1400000)) + ']\n',
        '720,000 tables': repeated('[t{}]\na=1\n'),
    }
    for name, text in documents.items():
        ours = [float(subprocess.run([decoder, '--time'], input=text.encode(), capture_output=True, check=True).stdout)
                for _ in range(7)]
        start = time.process_time()
        tomllib.loads(text)
        report(f'{name}, {len(text) / 1e6:.1f} MB', median(ours),
               (time.process_time() - start) * 1000, 'ms', 'tomllib')


main()
