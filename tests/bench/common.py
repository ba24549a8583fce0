"""What the benchmarks share: finding the program, a git repository, wheels, the rehearsal index, measuring."""
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def slipway():
    """The built program: $SLIPWAY, or build/slipway."""
    path = Path(os.environ.get('SLIPWAY', ROOT / 'build/slipway'))
    if not path.is_file():
        sys.exit(f'{path} is not there: ninja -C build, or name another one in $SLIPWAY')
    return str(path)


def tool(name):
    path = shutil.which(name, path=os.environ.get('PATH', '') + ':/usr/bin')
    if not path:
        sys.exit(f'{name} is not installed: there is nothing to compare with')
    return path


@contextmanager
def scratch():
    folder = tempfile.mkdtemp(prefix='slipway-bench-')
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def median(values):
    values = sorted(values)
    return values[len(values) // 2]


def clean_environment(home, **more):
    """Of the caller's nothing but PATH: no token, no configuration, no pager."""
    env = {'PATH': os.environ.get('PATH', '') + ':/usr/bin', 'HOME': str(home), 'LC_ALL': 'C.UTF-8', 'TZ': 'UTC',
           'TERM': 'xterm-256color', 'TMPDIR': tempfile.gettempdir(), 'GIT_CONFIG_NOSYSTEM': '1'}
    env.update(more)
    return env


def make_repository(folder, commits):
    """A package with COMMITS commits, made by git fast-import."""
    folder.mkdir(parents=True)
    subprocess.run(['git', 'init', '-q', '-b', 'main', str(folder)], check=True)
    stream = []
    text = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n\n' \
        '[project]\nname = "bench"\nversion = "1.0.0"\n'
    for i in range(commits):
        message = f'feat: change number {i}'
        body = f'value = {i}\n'
        stream.append(f'commit refs/heads/main\nmark :{i + 1}\n'
                      f'committer Bench <bench@example.org> {1600000000 + i * 60} +0000\n'
                      f'data {len(message)}\n{message}\n')
        if i:
            stream.append(f'from :{i}\n')
        else:
            stream.append(f'M 100644 inline pyproject.toml\ndata {len(text)}\n{text}\n')
        stream.append(f'M 100644 inline bench/part{i % 50}.py\ndata {len(body)}\n{body}\n')
    stream.append(f'reset refs/tags/v1.0.0\nfrom :{max(1, commits - 20)}\n')
    subprocess.run(['git', 'fast-import', '--quiet'], cwd=folder, input=''.join(stream).encode(), check=True)
    subprocess.run(['git', 'reset', '-q', '--hard', 'main'], cwd=folder, check=True)


def make_wheel(folder, name, version, size):
    """A wheel with about SIZE bytes that do not compress."""
    path = folder / f'{name}-{version}-py3-none-any.whl'
    info = f'{name}-{version}.dist-info'
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_STORED) as z:
        with z.open(zipfile.ZipInfo(f'{name}/data.bin'), 'w', force_zip64=True) as member:
            left = size
            while left > 0:
                member.write(os.urandom(min(left, 1 << 20)))
                left -= 1 << 20
        z.writestr(f'{name}/__init__.py', '')
        z.writestr(f'{info}/METADATA', f'Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n')
        z.writestr(f'{info}/WHEEL', 'Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\n'
                   'Tag: py3-none-any\n')
        z.writestr(f'{info}/RECORD', f'{name}/data.bin,,\n{name}/__init__.py,,\n{info}/METADATA,,\n'
                   f'{info}/WHEEL,,\n{info}/RECORD,,\n')
    return str(path)


@contextmanager
def rehearsal_index(folder, env):
    """`slipway index` in FOLDER: (upload URL, token, process)."""
    folder.mkdir(parents=True, exist_ok=True)
    server = subprocess.Popen([slipway(), 'index', str(folder)], env=env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, text=True)
    try:
        printed = ''
        for line in server.stdout:
            printed += line
            url = re.search(r'http://\S+/legacy/', printed)
            if url and (folder / 'token').is_file():
                break
        else:
            sys.exit(f'slipway index ended; it printed:\n{printed}')
        yield url.group(0), (folder / 'token').read_text().strip(), server
    finally:
        server.terminate()
        server.stdout.close()
        server.wait()


def proc_usage(pid):
    """CPU seconds and peak resident megabytes of a process that runs."""
    ticks = os.sysconf('SC_CLK_TCK')
    fields = Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()
    peak = re.search(r'VmHWM:\s+(\d+)', Path(f'/proc/{pid}/status').read_text())
    return (int(fields[11]) + int(fields[12])) / ticks, int(peak.group(1)) / 1000


def measure(argv, env, cwd=None):
    """Runs ARGV: wall seconds, CPU seconds, peak resident megabytes."""
    start = time.monotonic()
    child = subprocess.Popen(argv, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT)
    output = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    child.stdout.close()
    if child.returncode != 0:
        sys.exit(f'{" ".join(argv)} ended with {child.returncode}:\n'
                 f'{output.decode(errors="replace")[-2000:]}')
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000


def time_to_text(argv, env, cwd, text, deadline=60):
    """Seconds from the start of ARGV in an 80x24 terminal until TEXT was printed."""
    import fcntl
    import termios
    start = time.monotonic()
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(cwd)
        os.execve(argv[0], argv, env)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
    seen, want, took = b'', text.encode(), None
    try:
        while time.monotonic() - start < deadline:
            if not select.select([fd], [], [], 1)[0]:
                continue
            try:
                chunk = os.read(fd, 65536)
            except OSError:
                break
            seen += chunk
            # Attributes between the letters are not part of the text.
            if want in re.sub(rb'\x1b(\[[0-?]*[ -/]*[@-~]|[()][0-9A-Z]|[=>78])', b'', seen):
                took = time.monotonic() - start
                break
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(fd)
    if took is None:
        sys.exit(f'{argv[0]} never showed {text!r}; it printed {seen[-2000:]!r}')
    return took


def report(what, ours, theirs, unit, name):
    print(f'{what}: {ours:.3f} {unit}, {name} {theirs:.3f} {unit}, ratio {ours / theirs:.2f}')
