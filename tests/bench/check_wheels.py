"""Wheels of many entries whose RECORD is right, made of the texts of Python's own library."""
import base64
import hashlib
import random
import sysconfig
import zipfile
from pathlib import Path


def texts(least):
    """The library's sources one behind the other, at least so many bytes."""
    out, length = [], 0
    for path in sorted(Path(sysconfig.get_path('stdlib')).glob('*.py')):
        out.append(path.read_bytes())
        length += len(out[-1])
        if length >= least:
            break
    return b''.join(out)


def make(folder, entries, size):
    """A wheel of ENTRIES members and about SIZE bytes; its path."""
    path = folder / 'bench-1.0-py3-none-any.whl'
    info = 'bench-1.0.dist-info/'
    pool = texts(4 << 20)
    each = min(size // entries, len(pool) // 2)
    pick = random.Random(1)
    record = []
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as z:
        def add(name, data):
            z.writestr(name, data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()
            record.append(f'{name},sha256={digest},{len(data)}\n')

        for i in range(entries):
            begin = pick.randrange(len(pool) - each)
            add(f'bench/part{i // 100}/module{i}.py', pool[begin:begin + each] + b'\n# %d\n' % i)
        add(info + 'METADATA', b'Metadata-Version: 2.1\nName: bench\nVersion: 1.0\n'
            b'Description-Content-Type: text/plain\n\nA benchmark\n')
        add(info + 'WHEEL', b'Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n')
        z.writestr(info + 'RECORD', ''.join(record) + info + 'RECORD,,\n')
    return str(path)
