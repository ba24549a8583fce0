#!/usr/bin/env python3
"""Wraps the lines that are longer than 100 columns, with clang-format, and touches no other line.

usage: fit.py FILE...      a whole comment is wrapped when one of its lines is too long
"""
import subprocess
import sys
from pathlib import Path

WIDTH = 100


def too_long(lines):
    return [i for i, line in enumerate(lines) if len(line.expandtabs(8)) > WIDTH]


def comment_around(lines, at):
    """First and last line of the comment that line AT starts in or lies in; AT itself for code."""
    first = last = at
    if lines[at].lstrip().startswith(('/*', '*')):
        while first > 0 and not lines[first].lstrip().startswith('/*'):
            first -= 1
        while last < len(lines) - 1 and '*/' not in lines[last]:
            last += 1
    return first, last


def main():
    left = 0
    for name in sys.argv[1:]:
        path = Path(name)
        lines = path.read_text().split('\n')
        ranges = [comment_around(lines, at) for at in too_long(lines)]
        if not ranges:
            continue
        subprocess.run(['clang-format', '-i'] + [f'--lines={a + 1}:{b + 1}' for a, b in ranges] + [name],
                       check=True)
        rest = too_long(path.read_text().split('\n'))
        left += len(rest)
        for at in rest:
            print(f'{name}:{at + 1}: wrap by hand')
    return 1 if left else 0


if __name__ == '__main__':
    sys.exit(main())
