"""Builds a wheel and an sdist in milliseconds, for tests that release often. No stand-in for a build backend: it
knows projects with src/ or the module's folder, and the few fields of pyproject.toml that the tests use.

usage: fast_build.py OUTDIR        in the project's folder

As with many real builds, no two give the same bytes: a release that built again behind the review would be found out.
"""
import base64
import hashlib
import io
import os
import sys
import tarfile
import time
import tomllib
import zipfile
from pathlib import Path

WHEEL = 'Wheel-Version: 1.0\nGenerator: fast_build\nRoot-Is-Purelib: true\nTag: py3-none-any\n'


def metadata(project):
    lines = ['Metadata-Version: 2.1', f'Name: {project["name"]}', f'Version: {project["version"]}',
             f'Summary: {project["description"]}', f'Requires-Python: {project.get("requires-python", ">=3.9")}',
             'Description-Content-Type: text/markdown']
    lines += [f'Requires-Dist: {text}' for text in project.get('dependencies', ())]
    return '\n'.join(lines) + '\n\n' + Path('README.md').read_text()


def write_wheel(path, project, stem, files):
    info = f'{stem}.dist-info'
    scripts = ''.join(f'{name} = {at}\n' for name, at in project.get('scripts', {}).items())
    members = {str(f.relative_to('src') if f.parts[0] == 'src' else f): f.read_bytes() for f in files}
    members[f'{info}/METADATA'] = metadata(project).encode()
    members[f'{info}/WHEEL'] = WHEEL.encode()
    if scripts:
        members[f'{info}/entry_points.txt'] = f'[console_scripts]\n{scripts}'.encode()
    members[f'{info}/built.txt'] = f'{time.time_ns()} {os.getpid()}\n'.encode()
    record = ''
    for name, data in members.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()
        record += f'{name},sha256={digest},{len(data)}\n'
    members[f'{info}/RECORD'] = f'{record}{info}/RECORD,,\n'.encode()
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data)


def write_sdist(path, project, stem, files):
    members = {str(f): f.read_bytes() for f in [Path('pyproject.toml'), Path('README.md'), *files]}
    members['PKG-INFO'] = metadata(project).encode()
    with tarfile.open(path, 'w:gz') as archive:
        for name, data in members.items():
            member = tarfile.TarInfo(f'{stem}/{name}')
            member.size, member.mtime = len(data), int(time.time())
            archive.addfile(member, io.BytesIO(data))


def load():
    document = tomllib.loads(Path('pyproject.toml').read_text())
    project = document.get('project') or document['tool']['poetry']
    if 'version' not in project:
        where = Path(document['tool']['hatch']['version']['path'])
        project['version'] = where.read_text().split('__version__ = "')[1].split('"')[0]
    return {**project, 'dependencies': project.get('dependencies', ()) if 'project' in document else ()}


def main():
    outdir = Path(sys.argv[1])
    project = load()
    stem = f'{project["name"].replace("-", "_")}-{project["version"]}'
    module = Path(project['name'].replace('-', '_'))
    source = next(p for p in (Path('src'), module, Path(project['name'])) if p.is_dir())
    files = sorted(f for f in source.rglob('*') if f.is_file() and '__pycache__' not in f.parts
                   and not any((parent / 'pyproject.toml').is_file() for parent in f.parents if parent != Path('.')))
    write_wheel(outdir / f'{stem}-py3-none-any.whl', project, stem, files)
    write_sdist(outdir / f'{stem}.tar.gz', project, stem, files)
    print(f'built {stem}')


main()
