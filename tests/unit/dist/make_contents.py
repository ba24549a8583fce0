"""Writes wheels and sdists, each with one thing inside that the scans of contents tell, or nearly tell."""
import base64
import hashlib
import gzip
import io
import lzma
import os
import pickle
import struct
import sys
import tarfile
import zipfile

OUT = sys.argv[1]
RANDOM = "kJ8fQ2mZx7Lw4TbV9sYd3HnRc6PgUe1AoXiM5Sq0DvBtFzWhGyNjCuElIrKpOa"


def save(case, files, platform="any"):
    """A wheel whose RECORD is right, in a folder of its own."""
    info = "demo-1.0.dist-info/"
    members = {"demo/__init__.py": b"", info + "METADATA": b"Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n\n",
               info + "WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: %s\nTag: py3-none-any\n" % (b"true" if platform == "any" else b"false")}
    members.update((k, v.encode() if isinstance(v, str) else v) for k, v in files.items())
    os.mkdir(os.path.join(OUT, case))
    with zipfile.ZipFile(os.path.join(OUT, case, "demo-1.0-py3-none-%s.whl" % platform), "w", zipfile.ZIP_DEFLATED) as z:
        record = ""
        for name, data in members.items():
            z.writestr(name, data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record += "%s,sha256=%s,%d\n" % (name, digest, len(data))
        z.writestr(info + "RECORD", record + info + "RECORD,,\n")


def sdist(case, files):
    os.mkdir(os.path.join(OUT, case))
    with tarfile.open(os.path.join(OUT, case, "demo-1.0.tar.gz"), "w:gz") as t:
        for name, data in files.items():
            info = tarfile.TarInfo("demo-1.0/" + name)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))


def elf(needed=("libc.so.6",), versions=(), rpath=None, runpath=None, machine=62, bits=64, cut=None, strings_at=None, pad=0, undefined=(), isa=None):
    """A shared library with nothing but what the dynamic linker reads."""
    strings, offsets = b"\0", {}
    for text in list(needed) + [t for pair in versions for t in pair] + [t for t in (rpath, runpath) if t] + list(undefined):
        if text not in offsets:
            offsets[text] = len(strings)
            strings += text.encode() + b"\0"
    word, head, size = ("Q", 64, 56) if bits == 64 else ("I", 52, 32)
    dyn_at = head + 3 * size
    rows = [(1, offsets[n]) for n in needed]
    rows += [(15, offsets[rpath])] if rpath else []
    rows += [(29, offsets[runpath])] if runpath else []
    count = len(rows) + (7 if undefined else 5)
    strings_pos = dyn_at + count * 2 * struct.calcsize(word)
    need_pos = strings_pos + len(strings)
    need = b""
    for i, (library, version) in enumerate(versions):
        last = i == len(versions) - 1
        need += struct.pack("<HHIII", 1, 1, offsets[library], 16, 0 if last else 32)
        need += struct.pack("<IHHII", 0, 0, 2, offsets[version], 0)
    # Symbols: one that is defined, then those that are not; the hash table behind them counts them.
    symbols = b""
    for at, where in [(0, 0), (offsets[needed[0]], 1)] * bool(undefined) + [(offsets[u], 0) for u in undefined]:
        symbols += struct.pack("<IBBHQQ", at, 18, 0, where, 0, 0) if bits == 64 else struct.pack("<IIIBBH", at, 0, 0, 18, 0, where)
    if undefined:
        at = need_pos + len(need)
        rows += [(6, at), (4, at + len(symbols))]
        need += symbols + struct.pack("<II", 0, len(undefined) + 2)
    rows += [(5, strings_pos if strings_at is None else strings_at), (10, len(strings)), (0x6ffffffe, need_pos),
             (0x6fffffff, len(versions)), (0, 0)]
    dyn = b"".join(struct.pack("<2" + word, *row) for row in rows)
    total = need_pos + len(need)
    note = struct.pack("<III4sIII", 4, 16, 5, b"GNU\0", 0xc0008002, 4, isa) + bytes(4) if isa else b""
    if bits == 64:
        segs = struct.pack("<IIQQQQQQ", 1, 5, 0, 0, 0, total, total, 4096)
        segs += struct.pack("<IIQQQQQQ", 2, 6, dyn_at, dyn_at, dyn_at, len(dyn), len(dyn), 8)
        segs += struct.pack("<IIQQQQQQ", 0x6474e553 if isa else 0, 4, total, total, total, len(note), len(note), 8)
        start = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 3, machine, 1, 0, 64, 0, 0, 64, 56, 3, 0, 0, 0)
    else:
        segs = struct.pack("<IIIIIIII", 1, 0, 0, 0, total, total, 5, 4096)
        segs += struct.pack("<IIIIIIII", 2, dyn_at, dyn_at, dyn_at, len(dyn), len(dyn), 6, 4)
        segs += struct.pack("<IIIIIIII", 0, 0, 0, 0, 0, 0, 0, 0)
        start = b"\x7fELF\1\1\1" + bytes(9) + struct.pack("<HHIIIIIHHHHHH", 3, machine, 1, 0, 52, 0, 0, 52, 32, 3, 0, 0, 0)
    return (start + segs + dyn + strings + need + note + bytes(pad))[:cut]


def pe(machine=0x8664):
    return b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<H", machine) + bytes(100)


def macho(*cpus):
    if len(cpus) == 1:
        return struct.pack("<II", 0xfeedfacf, cpus[0]) + bytes(100)
    return struct.pack(">II", 0xcafebabe, len(cpus)) + b"".join(struct.pack(">IIIII", c, 0, 4096, 10, 0) for c in cpus) + bytes(100)


def pyc(size):
    return b"\xa7\r\r\n" + struct.pack("<III", 0, 1, size) + b"\xe3" + bytes(50)


def secrets():
    key = "-----BEGIN %s-----\n" + "\n".join([RANDOM] * 3) + "\n"
    fire = {
        "pypi": "pypi-AgEIcHlwaS5vcmc" + RANDOM, "testpypi": "pypi-AgENdGVzdC5weXBpLm9yZw" + RANDOM,
        "github": "ghp_" + RANDOM[:36], "github_pat": "github_pat_" + (RANDOM * 2)[:82], "gitlab": "glpat-" + RANDOM[:20],
        "aws": "AKIAQ2WERT5YUIOP3ASD", "aws_secret": "aws_secret_access_key = " + RANDOM[:40],
        "key": key % "RSA PRIVATE KEY", "key_pgp": key % "PGP PRIVATE KEY BLOCK",
        "key_json": '{"k": "' + (key % "PRIVATE KEY").replace("\n", "\\n") + '"}',
        "google": "AIza" + RANDOM[:35], "slack": "xoxb-" + RANDOM[:40], "anthropic": "sk-ant-api03-" + (RANDOM * 2)[:90],
        "hugging": "hf_" + RANDOM[:34], "stripe": "sk_live_" + RANDOM[:24], "npm": "npm_" + RANDOM[:36],
        "npmrc": "//registry/:_authToken=" + RANDOM[:36], "sendgrid": "SG." + RANDOM[:22] + "." + (RANDOM * 2)[:43],
        "jwt": "eyJhbGciOiJIUzI1NiJ9x.eyJzdWIiOiIxMjM0NTY3ODkwIn0." + RANDOM[:43],
        "url": "https://bob:kJ8fQ2mZx7@example.org/", "azure": "abc8Q~" + RANDOM[:34],
    }
    miss = {
        "pypi": "pypi-AgEIcHlwaS5vcmc is how they begin", "github": "ghp_" + "x" * 36, "github_long": "ghp_" + RANDOM[:40],
        "github_inside": "xghp_" + RANDOM[:36], "aws": "AKIAAAAAAAAAAAAAAAAA", "key": "-----BEGIN PUBLIC KEY-----\n" + RANDOM * 3,
        "key_named": '"-----BEGIN PRIVATE KEY-----" is looked for', "google": "AIza" + RANDOM[:20],
        "url": "https://user:password@example.org/", "url_var": "https://bob:{token}@example.org/", "azure": "Q~",
        "jwt": "eyJ alone", "short": "npm_install",
    }
    for name, text in fire.items():
        save("secret_" + name, {"demo/a.py": "x = 1\n# %s\n" % text})
    for name, text in miss.items():
        save("nosecret_" + name, {"demo/a.py": "x = 1\n# %s\n" % text})
    save("secret_binary", {"demo/a.pyc": pyc(0) + ("ghp_" + RANDOM[:36]).encode(), "demo/a.py": ""})
    save("secret_far", {"demo/a.py": "x = 1\n" * 40000 + "t = 'ghp_%s'\n" % RANDOM[:36]})
    # On the edge of the window, at every distance that matters.
    for cut in (1, 3, 20, 39):
        save("secret_edge_%d" % cut, {"demo/a.py": b"x" * (131072 - cut - 1) + b"\n" + ("ghp_" + RANDOM[:36]).encode() + b"\n"
                                      + b"y = 1\n" * 30000})
    save("secret_sample", {"demo/a.py": "k = 'AKIAIOSFODNN7EXAMPLE'\n"})
    save("generic", {"demo/a.py": "api_key = '%s'\n" % RANDOM[:30]})
    save("generic_ini", {"demo/a.ini": "Password: %s\n" % RANDOM[:30]})
    save("generic_call", {"demo/a.py": "token = make_token_8f3a9c2b7d()\n"})
    save("generic_words", {"demo/a.py": "token = 'the-default-token-name'\n"})
    save("generic_tests", {"demo/tests/a.py": "api_key = '%s'\n" % RANDOM[:30]})


def programs():
    many = "manylinux_2_17_x86_64.manylinux2014_x86_64"
    good = elf(("libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2"), [("libc.so.6", "GLIBC_2.17"), ("libm.so.6", "GLIBC_2.2.5")])
    save("pure_elf", {"demo/x.so": good})
    save("purelib_elf", {"demo/x.so": good, "demo-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}, many)
    save("purelib_data_elf", {"demo-1.0.data/purelib/x.so": good}, many)
    save("platlib_elf", {"demo-1.0.data/platlib/x.so": good, "demo-1.0.data/scripts/x": good}, many)
    save("pure_pe", {"demo/x.exe": pe()})
    save("pure_macho", {"demo/x.dylib": b"\xcf\xfa\xed\xfe" + bytes(60)})
    save("pure_java", {"demo/x.class": b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(60)})
    save("pure_mz", {"demo/x.txt": "MZ is how it begins\n"})
    sdist("sdist_elf", {"x.so": good, "PKG-INFO": b"Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n", "pyproject.toml": b""})
    save("elf_good", {"demo/x.so": good}, many)
    save("elf_large", {"demo/x.so": elf(("libevil.so.1",), pad=300000)}, many)
    save("elf_32", {"demo/x.so": elf(machine=3, bits=32)}, "manylinux_2_17_i686")
    save("elf_32_needed", {"demo/x.so": elf(("libx.so",), machine=3, bits=32)}, "manylinux_2_17_i686")
    save("elf_machine", {"demo/x.so": elf(machine=183)}, many)
    save("elf_class", {"demo/x.so": elf(bits=32)}, many)
    save("elf_windows", {"demo/x.so": good}, "win_amd64")
    save("elf_needed", {"demo/x.so": elf(("libc.so.6", "libpng16.so.16"))}, many)
    save("elf_needed_packed", {"demo/x.so": elf(("libpng16-1234.so.16",)), "demo.libs/libpng16-1234.so.16": good}, many)
    save("elf_musl", {"demo/x.so": elf(("libc.musl-x86_64.so.1",))}, "musllinux_1_2_x86_64")
    save("elf_musl_glibc", {"demo/x.so": elf(("libc.so.6",))}, "musllinux_1_2_x86_64")
    save("elf_version", {"demo/x.so": elf(versions=[("libc.so.6", "GLIBC_2.2.5"), ("libc.so.6", "GLIBC_2.34")])}, many)
    save("elf_version_new_tag", {"demo/x.so": elf(versions=[("libc.so.6", "GLIBC_2.34")])}, "manylinux_2_34_x86_64")
    save("elf_version_cxx", {"demo/x.so": elf(("libstdc++.so.6",), [("libstdc++.so.6", "GLIBCXX_3.4.20")])}, many)
    save("elf_version_cxx_old", {"demo/x.so": elf(("libstdc++.so.6",), [("libstdc++.so.6", "GLIBCXX_3.4.19")])}, many)
    save("elf_rpath", {"demo/x.so": elf(rpath="/opt/lib")}, many)
    save("elf_runpath", {"demo/x.so": elf(runpath="$ORIGIN/../..")}, many)
    save("elf_runpath_good", {"demo/x.so": elf(runpath="$ORIGIN/../demo.libs:$ORIGIN")}, many)
    save("elf_isa", {"demo/x.so": elf(isa=3)}, many)
    save("elf_isa_first", {"demo/x.so": elf(isa=1)}, many)
    save("elf_private", {"demo/x.so": elf(undefined=("inflate", "_tr_tally"))}, many)
    save("elf_private_not", {"demo/x.so": elf(undefined=("inflate", "malloc"))}, many)
    save("elf_fpe", {"demo/x.so": elf(undefined=("PyFPE_jbuf",), machine=3, bits=32)}, "manylinux_2_17_i686")
    save("elf_ucs", {"demo/x.so": elf(undefined=("PyUnicodeUCS4_FromString",))}, many)
    save("macho_thin", {"demo/x.so": macho(0x0100000c)}, "macosx_11_0_x86_64")
    save("macho_good", {"demo/x.so": macho(0x01000007)}, "macosx_11_0_x86_64")
    save("macho_half", {"demo/x.so": macho(0x01000007)}, "macosx_11_0_universal2")
    save("macho_fat", {"demo/x.so": macho(0x01000007, 0x0100000c)}, "macosx_11_0_universal2")
    save("macho_cut", {"demo/x.so": struct.pack(">IIII", 0xcafebabe, 19, 0x01000007, 0)}, "macosx_11_0_x86_64")
    save("elf_cut", {"demo/x.so": elf(cut=260)}, many)
    save("elf_strings", {"demo/x.so": elf(strings_at=1 << 40)}, many)
    save("elf_head", {"demo/x.so": b"\x7fELF\2\1\1"}, many)
    save("pe_good", {"demo/x.pyd": pe()}, "win_amd64")
    save("pe_machine", {"demo/x.pyd": pe(0x14c)}, "win_amd64")
    save("none", {}, many)
    save("paths", {"demo/x.so": good + b"\0/home/alice/src/x.c\0/home/alice/y\0"}, many)
    save("paths_ci", {"demo/x.so": good + b"\0/home/runner/work/x.c\0/Users/runner/x\0/homepage/\0"}, many)
    save("paths_text", {"demo/a.py": "'/home/alice/src'\n"})
    save("archive_zip", {"demo/x.zip": b"PK\3\4" + bytes(60)})
    save("archive_gz", {"demo/x.gz": b"\x1f\x8b\x08" + bytes(60)})
    save("archive_not", {"demo/x.py": "BZh = 1\n"})


def zipped(files, make=None):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in files.items():
            z.writestr(name, data)
    return out.getvalue()


def tarred(files, links={}, mode="w"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as t:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
        for name, target in links.items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, target
            t.addfile(info)
    return out.getvalue()


def streamed(files):
    """A zip as written to a pipe, which every .jar is."""
    class Pipe(io.RawIOBase):
        data = b""

        def writable(self):
            return True

        def write(self, part):
            self.data += bytes(part)
            return len(part)
    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in files.items():
            z.writestr(name, data)
    return out.data


def inside():
    """Archives in a wheel."""
    secret = b"x = 1\nt = 'ghp_" + RANDOM[:36].encode() + b"'\n"
    save("inside_good", {"demo/x.zip": zipped({"a.py": b"x = 1\n", "b/c.txt": b"x"}), "demo/y.tar": tarred({"a.py": b"x = 1\n"}),
                         "demo/z.tar.gz": tarred({"a/b.py": b"x"}, {"a/c": "b.py"}, "w:gz")})
    save("inside_named_otherwise", {"demo/x.dat": zipped({"a.py": secret})})
    save("inside_escape", {"demo/x.zip": zipped({"../evil.py": b"x = 1\n"})})
    save("inside_link", {"demo/x.tar": tarred({"a": b""}, {"b": "../../etc/passwd"})})
    save("inside_secret_gz", {"demo/x.txt.gz": gzip.compress(secret)})
    save("inside_secret_name", {"demo/x.zip": zipped({"a/.pypirc": b"x"})})
    save("inside_pyc", {"demo/x.zip": zipped({"a.pyc": pyc(1)})})
    save("inside_elf", {"demo/x.tgz": tarred({"a.so": elf()}, mode="w:gz")})
    save("inside_streamed", {"demo/x.jar": streamed({"a.txt": b"x"})})
    three = zipped({"y.tar": tarred({"z.zip": zipped({"a.py": secret})})})
    save("inside_three", {"demo/x.zip": three})
    save("inside_four", {"demo/x.zip": zipped({"w.zip": three})})
    save("inside_xz", {"demo/x.xz": lzma.compress(b"x" * 100)})
    half = zipped({"zeros": bytes(36 << 20)})
    save("inside_large", {"demo/x.zip": half})
    save("inside_large_twice", {"demo/x.zip": half, "demo/y.zip": half + b""})


def texts():
    save("pyc_alone", {"demo/a.pyc": pyc(3)})
    save("pyc_beside", {"demo/a.pyc": pyc(6), "demo/a.py": "x = 1\n"})
    save("pyc_cached", {"demo/__pycache__/a.cpython-311.pyc": pyc(6), "demo/a.py": "x = 1\n"})
    save("pyc_stale", {"demo/__pycache__/a.cpython-311.pyc": pyc(7), "demo/a.py": "x = 1\n"})
    save("bidi", {"demo/a.py": "x = 1\n# \u202e reversed\n"})
    save("bidi_isolate", {"demo/a.py": "x = 1\n# \u2066 reversed\n"})
    save("bidi_readme", {"demo/a.txt": "\u202e reversed\n"})
    save("bidi_spelled", {"demo/a.py": "x = '\\u202e'  # \u2026 \u2014\n"})
    save("invisible", {"demo/a.py": "ad\u200bmin = 1\n"})
    save("invisible_joiner", {"demo/a.py": "ad\u200dmin = 1\n"})
    save("invisible_bom", {"demo/a.py": "\ufeffx = 1\n"})
    save("invisible_bom_inside", {"demo/a.py": "x\ufeff = 1\n"})
    save("invisible_emoji", {"demo/a.py": "x = '\U0001f469\u200d\U0001f4bb'\n"})
    save("long", {"demo/a.py": "x = 1\ny = '" + "a" * 2000 + "'\n"})
    save("long_over_window", {"demo/a.py": "x = 1\n" * 21000 + "y = '" + "a" * 90000 + "'\nz = 2\n"})
    save("long_not", {"demo/a.py": "y = '" + "a" * 1900 + "'\n" * 3})
    save("long_json", {"demo/a.json": "[" + "1," * 2000 + "1]"})
    save("unpacks", {"demo/a.py": "import base64\n\nexec(base64.b64decode('eA=='))\n"})
    save("unpacks_chr", {"demo/a.py": "eval(" + "+".join("chr(%d)" % i for i in range(25)) + ")\n"})
    save("unpacks_not", {"demo/a.py": "re.compile(x)\nmodel.eval()\nbase64.b64decode(y)\n"})
    save("unpacks_def", {"demo/a.py": "def exec(x):\n    return x\nbase64.b64decode(y)\n"})
    save("unpacks_exec", {"demo/a.py": "exec(code)\n"})
    save("look_alike", {"demo/a.py": "x = 1\np\u0430ssword = 2\n"})
    save("look_alike_other", {"demo/a.py": "\u0394x = 1  # \u043f\u0430\u0440\u043e\u043b\u044c x\ny = '\\n\u0410 B'\n"})
    save("look_alike_text", {"demo/a.txt": "p\u0430ssword\n"})
    sdist("setup_runs", {"setup.py": b"import subprocess\n\nsubprocess.run(['make'])\n"})
    sdist("setup_class", {"setup.py": b"setup(cmdclass={})\n"})
    sdist("setup_quiet", {"setup.py": b"setup()\n", "demo/a.py": b"subprocess.run(['make'])\n"})
    save("credentials", {"demo/a.py": "open(home + '/.ssh/id_rsa')\n"})
    save("credentials_tests", {"demo/tests/a.py": "open(home + '/.ssh/id_rsa')\n"})
    save("hosts", {"demo/a.py": "x = 1\nu = 'https://discord.com/api/webhooks/1/x'\n"})
    save("hosts_other", {"demo/a.py": "u = 'https://discord.com/api/users'\n"})
    save("pickle", {"demo/a.pkl": pickle.dumps({"a": list(range(50))}, 4)})
    save("pickle_old", {"demo/a.dat": pickle.dumps({"a": 1}, 2)})
    save("pickle_not", {"demo/a.dat": b"\x80\x09}" + bytes(20)})
    save("wasm", {"demo/a.wasm": b"\0asm\1\0\0\0" + bytes(20)})
    png = b"\x89PNG\r\n\x1a\n" + bytes(30) + b"\0\0\0\0IEND\xaeB`\x82"
    save("image", {"demo/a.png": png, "demo/b.png": png[:8] + bytes(9000) + png[8:], "demo/c.jpg": b"\xff\xd8\xff\xe0" + bytes(30) + b"\xff\xd9"})
    save("image_more", {"demo/a.png": png + b"import os"})
    save("image_more_large", {"demo/a.png": png + bytes(200000)})
    save("pyarmor", {"demo/a.py": "from x import __pyarmor__\n__pyarmor__(__name__, __file__, b'')\n"})
    save("pyarmor_word", {"demo/a.py": "# pyarmor\n"})
    save("pye", {"demo/a.pye": "---BEGIN PYE FILE---\nabc\n---END PYE FILE---\n"})
    save("pye_half", {"demo/a.pye": "---BEGIN PYE FILE---\nabc\n"})


secrets()
programs()
inside()
texts()
