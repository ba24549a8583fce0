"""Runs toml_decode on the toml-test corpus: its JSON is that of the corpus, and its values are those of tomllib.

usage: toml_decode.py DECODER CORPUS      exit status 77, a skip for meson, when the corpus is not there
"""
import datetime
import json
import math
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def decode(decoder, path):
    with path.open('rb') as f:
        return subprocess.run([decoder], stdin=f, capture_output=True)


def value(tagged):
    """A tagged value as tomllib would give it."""
    kind, text = tagged['type'], tagged['value']
    if kind == 'integer':
        return int(text, 0)
    if kind == 'float':
        return float(text)
    if kind == 'bool':
        return text == 'true'
    if kind == 'time-local':
        return datetime.time.fromisoformat(short(text))
    if kind == 'date-local':
        return datetime.date.fromisoformat(text)
    if kind.startswith('datetime'):
        return datetime.datetime.fromisoformat(short(text.replace('t', 'T').replace('z', 'Z')))
    return text


def short(text):
    """Python keeps microseconds and cuts what is behind them."""
    head, dot, tail = text.partition('.')
    digits = len(tail) - len(tail.lstrip('0123456789'))
    return head + dot + tail[:min(digits, 6)] + tail[digits:]


def values(node):
    if isinstance(node, list):
        return [values(item) for item in node]
    if node.keys() == {'type', 'value'} and isinstance(node['value'], str) and isinstance(node['type'], str):
        return value(node)
    return {key: values(item) for key, item in node.items()}


def same(a, b):
    if isinstance(a, float) and isinstance(b, float):
        return a == b or (math.isnan(a) and math.isnan(b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and a == b


def check(decoder, path):
    """What is wrong with the answer for PATH; None when nothing is."""
    run = decode(decoder, path)
    if 'invalid' in path.parts:
        return None if run.returncode == 1 else f'ended with {run.returncode} on an invalid file'
    if run.returncode != 0:
        return f'refused: {run.stderr.decode()}'
    ours = values(json.loads(run.stdout))
    if not same(ours, values(json.loads(path.with_suffix('.json').read_text()))):
        return 'is not what the corpus says'
    try:
        theirs = tomllib.loads(path.read_bytes().decode('utf-8-sig'))
    except tomllib.TOMLDecodeError:
        return None  # Python's own reader has gaps; the corpus decides
    return None if same(ours, theirs) else 'is not what tomllib reads'


def main():
    decoder, corpus = sys.argv[1], Path(sys.argv[2])
    listed = corpus / 'files-toml-1.0.0'
    if not listed.is_file():
        print(f'{listed} is not there: skipped')
        sys.exit(77)
    paths = [corpus / name for name in listed.read_text().split() if name.endswith('.toml')]
    with ThreadPoolExecutor(2) as pool:
        wrong = [(path, why) for path, why in zip(paths, pool.map(lambda p: check(decoder, p), paths)) if why]
    for path, why in wrong:
        print(f'{path.relative_to(corpus)}: {why}')
    print(f'{len(paths)} files, {len(wrong)} wrong')
    sys.exit(1 if wrong or len(paths) != 709 else 0)


main()
