#!/usr/bin/env python3
"""From a key to the screen that it changes, while two builds print as fast as they can: against one frame."""
import fcntl
import os
import pty
import random
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

import common

FRAME_MS = 1000 / 60
ESCAPES = re.compile(rb'\x1b(\[[0-?]*[ -/]*[@-~]|[()][0-9A-Z]|[=>78])')
# The card of the keys, opened and closed again: words that stand on one of the two screens alone.
KEYS = ((b'?', b'Keys of this page'), (b'q', b'help'))


def make_project(folder, index_url):
    """Two packages whose build command prints without end."""
    repository = folder / 'project'
    for name in ('left', 'right'):
        (repository / name).mkdir(parents=True)
        (repository / name / 'pyproject.toml').write_text(
            '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n\n'
            f'[project]\nname = "bench-{name}"\nversion = "1.0.0"\n')
    (repository / 'slipway.toml').write_text(
        '[release]\nbuild = ["yes", "copying src/llmhub/catalog.py -> build/lib/llmhub"]\n'
        f'test-index = "none"\npython = "/usr/bin/python3"\n\n[index.pypi]\nupload = "{index_url}"\n')
    git = ['git', '-c', 'user.name=Bench', '-c', 'user.email=bench@example.org']
    for command in (['init', '-q', '-b', 'main'], ['config', 'user.name', 'Bench'],
                    ['config', 'user.email', 'bench@example.org'], ['add', '-A'], ['commit', '-q', '-m', 'feat: begin'],
                    ['init', '-q', '--bare', str(folder / 'remote.git')],
                    ['remote', 'add', 'origin', str(folder / 'remote.git')], ['push', '-q', '-u', 'origin', 'main']):
        subprocess.run(git + command, cwd=repository, check=True)
    return repository


class Screen:
    """The program in an 80x24 terminal."""

    def __init__(self, argv, env, cwd):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(cwd)
            os.execve(argv[0], argv, env)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
        self.seen = b''

    def read_for(self, seconds):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if select.select([self.fd], [], [], left)[0]:
                self.seen = (self.seen + os.read(self.fd, 65536))[-65536:]

    def wait(self, text, seconds=60):
        """Seconds until TEXT was printed, from now on."""
        start = time.monotonic()
        self.seen = b''
        while text not in ESCAPES.sub(b'', self.seen):
            if time.monotonic() - start > seconds:
                sys.exit(f'{text!r} was never shown; it printed {self.seen[-3000:]!r}')
            if select.select([self.fd], [], [], 1)[0]:
                self.seen += os.read(self.fd, 65536)
        return time.monotonic() - start

    def press(self, key, text):
        os.write(self.fd, key)
        return self.wait(text)

    def end(self):
        os.kill(self.pid, signal.SIGTERM)
        while True:
            try:
                os.read(self.fd, 65536)
            except OSError:
                break
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def main():
    presses = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with common.scratch() as folder:
        env = common.clean_environment(folder, TMPDIR=str(folder), XDG_CACHE_HOME=str(folder / 'cache'))
        with common.rehearsal_index(folder / 'index', env) as (url, _, _):
            screen = Screen([common.slipway(), 'patch', '--yes'], env, make_project(folder, url))
            times = []
            try:
                screen.wait(b'following')
                screen.read_for(1)
                for i in range(presses):
                    key, text = KEYS[i % 2]
                    times.append(screen.press(key, text) * 1000)
                    # Not in step with the frames.
                    screen.read_for(random.uniform(0.03, 0.08))
            finally:
                screen.end()
        times.sort()
        common.report(f'a key while two builds print, median of {presses}', common.median(times), FRAME_MS, 'ms',
                      'one frame')
        common.report('the slowest of a hundred', times[len(times) * 99 // 100], FRAME_MS, 'ms', 'one frame')


if __name__ == '__main__':
    main()
