#!/usr/bin/env python3
"""check of a small wheel and its sdist, as setuptools builds them, against twine check."""
import subprocess
import sys

import common

RUNS = 9
PROJECT = '''[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "small"
version = "1.0"
description = "A small package"
readme = "README.md"
requires-python = ">=3.9"
'''


def main():
    with common.scratch() as folder:
        env = common.clean_environment(folder)
        (folder / 'src/small').mkdir(parents=True)
        (folder / 'src/small/__init__.py').write_text('VALUE = 1\n')
        (folder / 'README.md').write_text('# small\n\nA small package.\n')
        (folder / 'pyproject.toml').write_text(PROJECT)
        subprocess.run([sys.executable, '-m', 'build', '--no-isolation'], cwd=folder, env=env, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        files = sorted(str(path) for path in (folder / 'dist').iterdir())
        ours, theirs = [], []
        for i in range(RUNS + 1):
            one = common.measure([common.slipway(), 'check', *files], env)[0]
            other = common.measure([common.tool('twine'), 'check', *files], env)[0]
            if i > 0:
                ours.append(one)
                theirs.append(other)
        common.report('check, a wheel and its sdist', common.median(ours), common.median(theirs), 's', 'twine check')


if __name__ == '__main__':
    main()
