"""`slipway plan` on large repositories, in processor time: 100 packages with 2,000 tags and 50,000 commits since the
last of them, against `git log --name-only` over the same range; a tree of 200,000 files, against `git ls-files`.

usage: plan.py [COMMITS [FILES]]
"""
import random
import subprocess
import sys

from common import clean_environment, measure, median, rehearsal_index, report, scratch, slipway, tool

PACKAGES, RELEASES, MODULES = 100, 20, 20


class Stream:
    """What git fast-import reads."""

    def __init__(self):
        self.parts, self.mark = [], 0

    def commit(self, message, files):
        self.mark += 1
        self.parts.append(f'commit refs/heads/main\nmark :{self.mark}\ncommitter Bench <bench@example.org> '
                          f'{1600000000 + self.mark * 60} +0000\ndata {len(message)}\n{message}\n')
        if self.mark > 1:
            self.parts.append(f'from :{self.mark - 1}\n')
        for path, text in files:
            self.parts.append(f'M 100644 inline {path}\ndata {len(text)}\n{text}\n')

    def tag(self, name):
        self.parts.append(f'reset refs/tags/{name}\nfrom :{self.mark}\n')

    def write(self, folder):
        folder.mkdir()
        subprocess.run(['git', 'init', '-q', '-b', 'main', str(folder)], check=True)
        subprocess.run(['git', 'fast-import', '--quiet'], cwd=folder, input=''.join(self.parts).encode(), check=True)
        subprocess.run(['git', 'reset', '-q', '--hard', 'main'], cwd=folder, check=True)


def project(name, version):
    return f'[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n\n' \
        f'[project]\nname = "{name}"\nversion = "{version}"\n'


def make_history(folder, commits):
    stream, picks = Stream(), random.Random(1)
    files = []
    for i in range(PACKAGES):
        files.append((f'packages/p{i:03}/pyproject.toml', project(f'bench-p{i:03}', '1.0.0')))
        files += [(f'packages/p{i:03}/src/bench_p{i:03}/m{k}.py', 'x = 0\n') for k in range(MODULES)]
    stream.commit('chore: begin', files)
    for release in range(RELEASES):
        for i in range(PACKAGES):
            stream.commit(f'chore: release bench-p{i:03} 1.{release}.0',
                          [(f'packages/p{i:03}/pyproject.toml', project(f'bench-p{i:03}', f'1.{release}.0'))])
            stream.tag(f'bench-p{i:03}-v1.{release}.0')
    for n in range(commits):
        i, k = picks.randrange(PACKAGES), picks.randrange(MODULES)
        stream.commit(f'{"feat" if n % 3 else "fix"}: change number {n}',
                      [(f'packages/p{i:03}/src/bench_p{i:03}/m{k}.py', f'x = {n}\n')])
    stream.write(folder)
    return f'bench-p000-v1.{RELEASES - 1}.0'


def make_tree(folder, files):
    stream = Stream()
    stream.commit('chore: begin', [('pyproject.toml', project('bench', '1.0.0'))] +
                  [(f'src/d{n // 1000}/e{n // 50 % 20}/f{n}.py', '') for n in range(files)])
    stream.tag('v1.0.0')
    stream.write(folder)


def plan_of(folder, config, env, package):
    argv = [slipway(), 'plan', 'minor', '--json', '--config', str(config), '--package', package]
    return [measure(argv, env, cwd=folder) for _ in range(3)]


def main():
    commits = int(sys.argv[1]) if len(sys.argv) > 1 else 50000
    files = int(sys.argv[2]) if len(sys.argv) > 2 else 200000
    with scratch() as folder:
        env = clean_environment(folder)
        (folder / '.gitconfig').write_text('[user]\n\tname = Bench\n\temail = bench@example.org\n')
        with rehearsal_index(folder / 'index', env) as (upload, _, _):
            config = folder / 'slipway.toml'
            config.write_text(f'[release]\ntest-index = "none"\n[index.pypi]\nupload = "{upload}"\n')
            since = make_history(folder / 'history', commits)
            log = [measure([tool('git'), 'log', '--name-only', f'{since}..HEAD'], env, cwd=folder / 'history')
                   for _ in range(3)]
            ours = plan_of(folder / 'history', config, env, 'bench-p000')
            report(f'plan, {commits} commits', median(r[1] for r in ours), median(r[1] for r in log), 's', 'git log')
            make_tree(folder / 'small', 10)
            make_tree(folder / 'tree', files)
            few = median(r[1] for r in plan_of(folder / 'small', config, env, 'bench'))
            many = median(r[1] for r in plan_of(folder / 'tree', config, env, 'bench'))
            init = [measure([slipway(), 'init', '--json'], env, cwd=folder / 'tree')[1] for _ in range(3)]
            base = [measure([slipway(), 'init', '--json'], env, cwd=folder / 'small')[1] for _ in range(3)]
            listed = median(measure([tool('git'), 'ls-files'], env, cwd=folder / 'tree')[1] for _ in range(3))
            report(f'packages found among {files} files', median(init) - median(base), listed, 's', 'git ls-files')
            print(f'plan there: {many:.3f} s, and {few:.3f} s with 10 files')


main()
