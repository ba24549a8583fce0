#!/usr/bin/env python3
"""House rules that a compiler does not know: layers, libraries, banned calls, sizes, names.

usage: check.py [ROOT]     prints "FILE:LINE: RULE: what" for each finding; exit 1 when there is one.

Each rule is a function that yields findings, listed in RULES; test_check.py plants a violation of each.
"""
import re
import sys
from pathlib import Path

# Who may include whose public headers: section 6 of the design.
LAYERS = {
    'base': {'base'},
    'os': {'base', 'os'},
    'project': {'base', 'os', 'project'},
    'repo': {'base', 'os', 'repo'},
    'dist': {'base', 'os', 'dist'},
    'index': {'base', 'os', 'dist', 'index'},
    'forge': {'base', 'os', 'forge'},
    'wizard': {'base', 'os', 'project', 'repo', 'dist', 'index', 'forge', 'wizard'},
    'tui': {'base', 'os', 'wizard', 'project', 'repo', 'dist', 'tui'},
    'cli': {'base', 'os', 'project', 'repo', 'dist', 'index', 'forge', 'wizard', 'tui', 'cli'},
}

# Header of a library, the library, the layers where its one file may lie.
LIBRARIES = [
    (r'jansson\.h', 'jansson', {'base'}),
    (r'openssl/.*', 'OpenSSL', {'base'}),
    (r'curl/.*', 'curl', {'os'}),
    # The worker's; the rehearsal server's, which answers from threads of libmicrohttpd; and the one-time
    # start of libgit2, which the worker and the loop both use.
    (r'pthread\.h|threads\.h', 'threads', {'os', 'index', 'repo'}),
    (r'git2\.h|git2/.*', 'libgit2', {'repo'}),
    (r'zlib\.h', 'zlib', {'dist'}),
    (r'archive\.h|archive_entry\.h', 'libarchive', {'dist'}),
    (r'microhttpd\.h', 'libmicrohttpd', {'index'}),
    (r'n?curses\w*\.h|ncursesw?/.*|term\.h', 'curses', {'tui'}),
    (r'vterm\.h', 'libvterm', {'tests'}),
]

# C17, POSIX and what the system gives; anything else in angle brackets is a library nobody decided on.
SYSTEM = set('''assert ctype errno fcntl fenv float fnmatch ftw glob grp inttypes iconv iso646 langinfo
limits locale math netdb nl_types poll pwd regex sched search semaphore setjmp signal spawn stdalign
stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string strings sysexits syslog termios
tgmath time uchar unistd utime wchar wctype wordexp dirent dlfcn getopt libgen'''.split())
SYSTEM_FOLDERS = ('sys/', 'arpa/', 'netinet/', 'net/', 'linux/')

BANNED = '''strcpy strcat sprintf vsprintf gets strtok atoi atol atof system popen strncpy strncat signal
alloca strerror_l tmpnam tempnam mktemp rand srand'''.split()
ENVIRONMENT = 'getenv secure_getenv setenv putenv unsetenv clearenv'.split()

# (file, word): why it may.
PRINTS_BELOW_FRONTS = {
    ('src/base/mem.c', 'stderr'): 'die() has nothing else left',
}

HOSTS = re.compile(r'\b(?:pypi\.org|pythonhosted\.org|pypi\.python\.org)')
HOSTS_FILE = 'src/index/known.c'

# What opens archives or takes contents out of them: only the reader's child does. In dist these are the files of
# the other side, where what the child says is taken, and of what is made of that.
WALKING = '''archive_open archive_open_inside archive_open_memory archive_read archive_read_all archive_each
archive_each_lane archive_lane archive_facts_read dist_check dist_check_archive preview_load zip_walk zip_read
zip_each tar_walk tar_read tar_each'''.split()
CHILD_SIDE = re.compile(r'src/dist/(?!(reader|reader_model|reader_open|reading|metadata_file|compare_\w+|tree)\.c)')

MAX_FILE, MAX_FUNCTION, MAX_WIDTH = 700, 80, 100


class Source:
    """A C file: its text, and its code with comments (and then strings) blanked out, line by line."""

    def __init__(self, root, path):
        self.path = path.relative_to(root).as_posix()
        self.parts = self.path.split('/')
        raw = path.read_bytes()
        self.text = raw.decode('utf-8', 'replace')
        self.lines = self.text.split('\n')
        blank = lambda m: re.sub(r'[^\n]', ' ', m.group(0))
        literal = r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
        keep = lambda m: m.group(0) if m.group(0)[0] in '"\'' else blank(m)
        code = re.sub(literal + r'|/\*.*?\*/|//[^\n]*', keep, self.text, flags=re.S)
        self.code = code.split('\n')
        self.bare = re.sub(literal, lambda m: m.group(0)[0] + blank(m)[2:] + m.group(0)[0], code).split('\n')

    @property
    def layer(self):
        """base ... cli for the program's own files; tests for the others."""
        if self.parts[0] == 'src' and len(self.parts) > 2:
            return self.parts[1]
        if self.parts[:2] == ['include', 'slipway'] and len(self.parts) > 3:
            return self.parts[2]
        return 'tests' if self.parts[0] == 'tests' else None

    def includes(self):
        for number, line in enumerate(self.code, 1):
            m = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
            if m:
                yield number, m.group(1) == '<', m.group(2)

    def words(self, names):
        pattern = re.compile(r'(?<![\w.>])(%s)\b' % '|'.join(names))
        for number, line in enumerate(self.bare, 1):
            for m in pattern.finditer(line):
                yield number, m.group(1), line[m.end():]


class Tree:
    def __init__(self, root):
        self.root = root
        self.sources = [Source(root, p) for folder in ('src', 'include', 'tests')
                        for p in sorted((root / folder).rglob('*'))
                        if p.suffix in ('.c', '.h') and p.is_file() and 'data' not in p.relative_to(root).parts]
        self.program = [s for s in self.sources if s.layer != 'tests']

    def read(self, name):
        path = self.root / name
        return path.read_text() if path.is_file() else ''


def rule_layers(tree):
    """a layer includes only the layers of its row"""
    for s in tree.program:
        if s.layer not in LAYERS:
            yield s.path, 1, 'lies in no layer of the design'
            continue
        for line, system, name in s.includes():
            m = re.match(r'slipway/(\w+)/', name)
            if m and m.group(1) not in LAYERS[s.layer]:
                yield s.path, line, f'{s.layer} must not include {name}'
            elif '..' in name.split('/'):
                yield s.path, line, f'includes by a relative path: {name}'
            elif not system and not m and '/' in name and name.split('/')[0] in LAYERS:
                yield s.path, line, f'includes a private header of another layer: {name}'


def rule_libraries(tree):
    """a library's headers are included by one file, in the layer that owns it"""
    users = {}
    for s in tree.sources:
        for line, system, name in s.includes():
            found = [(lib, layers) for pattern, lib, layers in LIBRARIES if re.fullmatch(pattern, name)]
            for lib, layers in found:
                if lib == 'threads' and s.layer == 'tests':
                    continue
                if lib != 'threads':
                    users.setdefault(lib, {})[s.path] = line
                if s.layer not in layers and not (s.layer == 'tests' and s.parts[1] != 'support'):
                    yield s.path, line, f'{name} belongs to {", ".join(sorted(layers))}'
            stem = name[:-2] if name.endswith('.h') else name
            if system and not found and s.layer != 'tests' and stem not in SYSTEM and \
                    not name.startswith(SYSTEM_FOLDERS) and name != 'sanitizer/lsan_interface.h':
                yield s.path, line, f'<{name}> is of no library that the design names'
    for lib, files in users.items():
        own = sorted(f for f in files if not f.startswith('tests/') or lib == 'libvterm')
        for path in own[1:]:
            yield path, files[path], f'{lib} is included in {own[0]} already'


def rule_banned(tree):
    """functions that cannot be used safely are not used"""
    for s in tree.program:
        for line, word, rest in s.words(BANNED):
            if re.match(r'\s*\(', rest):
                yield s.path, line, f'{word}() is banned'


def rule_environment(tree):
    """the environment is read and changed in os/env.c alone"""
    for s in tree.program:
        if s.path == 'src/os/env.c':
            continue
        for line, word, rest in s.words(ENVIRONMENT + ['environ']):
            if word == 'environ' or re.match(r'\s*\(', rest):
                yield s.path, line, f'{word} belongs to os/env'


def rule_printing(tree):
    """only fronts print"""
    words = 'printf vprintf puts putchar perror stdout stderr'.split()
    for s in tree.program:
        if s.layer in ('tui', 'cli'):
            continue
        for line, word, rest in s.words(words):
            called = word in ('stdout', 'stderr') or re.match(r'\s*\(', rest)
            if called and (s.path, word) not in PRINTS_BELOW_FRONTS:
                yield s.path, line, f'{word} in a layer below the fronts'


def rule_hosts(tree):
    """the host names of PyPI stand in one file"""
    for s in tree.program:
        for line, text in enumerate(s.code, 1):
            if s.path != HOSTS_FILE and HOSTS.search(text):
                yield s.path, line, f'a host of PyPI outside {HOSTS_FILE}'


def rule_archives(tree):
    """archives are read in the reader's child alone"""
    for s in tree.program:
        if not s.path.startswith('src/') or CHILD_SIDE.match(s.path):
            continue
        for line, word, rest in s.words(WALKING):
            if re.match(r'\s*\(', rest):
                yield s.path, line, f'{word}() belongs to the reader\'s child: dist/reader.h, dist/reading.h'


def rule_size(tree):
    """files, functions and lines stay short"""
    for s in tree.sources:
        if len(s.lines) - 1 > MAX_FILE:
            yield s.path, MAX_FILE, f'{len(s.lines) - 1} lines, more than {MAX_FILE}'
        start = table = None
        for number, line in enumerate(s.code, 1):
            if line.startswith('{') or re.match(r'[A-Za-z].*\)\s*\{\s*$', line):
                start, counted = number, 0
            if start and not table:
                counted += 1
            # The rows of a table inside a function do not count.
            if re.search(r'\]\s*=\s*\{\s*$', line):
                table = True
            elif table and re.match(r'\s*\}.*[;,]\s*$', line) and '{' not in line:
                table = None
            elif line.startswith('}') and start:
                if counted > MAX_FUNCTION:
                    yield s.path, start, f'a function of {counted} lines, more than {MAX_FUNCTION}'
                start = table = None
        for number, line in enumerate(s.lines, 1):
            if len(line.expandtabs(8)) > MAX_WIDTH:
                yield s.path, number, f'{len(line.expandtabs(8))} columns, more than {MAX_WIDTH}'


def rule_guards(tree):
    """a header is guarded by its own name"""
    for s in tree.sources:
        if not s.path.endswith('.h'):
            continue
        stem = re.sub(r'\W', '_', Path(s.path).stem).upper()
        want = f'SLIPWAY_{s.layer.upper() if s.layer else "X"}_{stem}_H'
        m = re.search(r'^#ifndef (\w+)\n#define (\w+)$', s.text, re.M)
        names = {m.group(1), m.group(2)} if m else set()
        # Folders below tests/ may be part of the name.
        if s.layer == 'tests':
            names = {re.sub('^SLIPWAY_TESTS_(' + '_|'.join(s.parts[1:-1]).upper() + '_)', 'SLIPWAY_TESTS_', n)
                     for n in names}
        if names != {want}:
            yield s.path, 1, f'the guard is not {want}'


def rule_tests(tree):
    """every module has its test, or a reason in tests/unit/<layer>/untested.txt"""
    reasons = {}
    for listing in sorted(tree.root.glob('tests/unit/*/untested.txt')):
        for number, line in enumerate(listing.read_text().split('\n'), 1):
            if not line.strip() or line.startswith('#'):
                continue
            path, _, reason = line.partition(':')
            place = listing.relative_to(tree.root).as_posix(), number
            if not reason.strip():
                yield *place, 'no reason is given'
            reasons[path.strip()] = place
    for s in tree.program:
        if not s.path.endswith('.c'):
            continue
        folder = tree.root / 'tests/unit' / (s.layer or '')
        words = Path(s.path).stem.split('_')
        # fs_temp.c may be tested by test_fs.c.
        names = ['test_' + '_'.join(words[:n]) + '.c' for n in range(len(words), 0, -1)]
        header = Path(s.path).stem + '.h'
        # A test of its layer that includes its header counts as well.
        tested = any((folder / name).is_file() for name in names) or any(
            t.path.startswith(f'tests/unit/{s.layer}/test_') and name in (header, f'slipway/{s.layer}/{header}')
            for t in tree.sources if t.layer == 'tests' for _, _, name in t.includes())
        if not tested and s.path not in reasons:
            yield s.path, 1, f'has neither tests/unit/{s.layer}/{names[0]} nor a reason in untested.txt'
        elif tested and s.path in reasons:
            yield *reasons[s.path], f'{s.path} has a test'
        reasons.pop(s.path, None)
    for path, place in reasons.items():
        yield *place, f'{path} does not exist'


def rule_built(tree):
    """every C file is built: it stands in the meson.build of its folder"""
    for s in tree.sources:
        if not s.path.endswith('.c') or s.parts[0] == 'include':
            continue
        stem = Path(s.path).stem
        names = {stem + '.c', stem}
        for prefix in ('test_', 'fuzz_'):
            if stem.startswith(prefix):
                names.add(stem[len(prefix):])
        folder = Path(s.path).parent
        text = tree.read((folder / 'meson.build').as_posix()) + tree.read((folder.parent / 'meson.build').as_posix())
        if not any(re.search(r"'(?:[\w/]*/)?%s'" % re.escape(n), text) for n in names):
            yield s.path, 1, f'is not in {folder.as_posix()}/meson.build'


def rule_text(tree):
    """plain text: UTF-8, no white space at ends, a newline at the end, no TODO without an issue"""
    for s in tree.sources:
        if '\ufffd' in s.text:
            yield s.path, 1, 'is not UTF-8'
        if s.text and not s.text.endswith('\n'):
            yield s.path, len(s.lines), 'no newline at the end'
        for number, line in enumerate(s.lines, 1):
            if line != line.rstrip():
                yield s.path, number, 'white space at the end of the line'
            if re.search(r'\b(TODO|FIXME|XXX)\b(?!.*#\d)', line):
                yield s.path, number, 'a TODO that names no issue'


RULES = [rule_layers, rule_libraries, rule_banned, rule_environment, rule_printing, rule_hosts,
         rule_archives, rule_size, rule_guards, rule_tests, rule_built, rule_text]


def check(root):
    tree = Tree(Path(root).resolve())
    return [(path, line, rule.__name__[5:], what) for rule in RULES for path, line, what in rule(tree)]


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]
    findings = check(root)
    for path, line, rule, what in findings:
        print(f'{path}:{line}: {rule}: {what}')
    print(f'{len(findings)} findings')
    return 1 if findings else 0


if __name__ == '__main__':
    sys.exit(main())
