"""Writes wheels and sdists for the tests of the rules: sound ones, and each with one thing wrong."""
import base64
import hashlib
import io
import os
import sys
import tarfile
import zipfile

OUT = sys.argv[1]
BODY = "# Demo\n\nA package that has everything that its project page could ask for, which is a good deal more than most have.\n"
META = """Metadata-Version: 2.4
Name: demo
Version: 1.0
Summary: A demonstration
License-Expression: MIT
License-File: LICENSE
Project-URL: Home, https://example.org/
Description-Content-Type: text/markdown; charset=UTF-8; variant=GFM
Requires-Dist: other>=1; extra == "x@y"
Requires-Python: >=3.8
Keywords: demo,test
Author-email: "Doe, Jane" <jane@example.org>, Joe <joe@example.org>
Classifier: Development Status :: 5 - Production/Stable
Classifier: Programming Language :: Python :: 3.14

""" + BODY
WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
ENTRY = "[console_scripts]\ndemo = demo.cli:main [x]\n\n[demo.plugins]\nNäme = demo\n"
I = "demo-1.0.dist-info/"


def row(name, data):
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return '%s,sha256=%s,%d' % (name if "," not in name else '"%s"' % name, digest, len(data))


def wheel(case, name="demo-1.0-py3-none-any.whl", record=None, unlisted=(), links=(), info=I, mixed=False, **changes):
    """CHANGES: files by name (None removes one); RECORD is made to fit before RECORD(rows) changes it."""
    files = {"demo/__init__.py": "x = 1\n", "demo/cli.py": "def main(): pass\n", info + "METADATA": META,
             info + "WHEEL": WHEEL, info + "entry_points.txt": ENTRY, info + "licenses/LICENSE": "MIT\n"}
    for key, value in changes.items():
        files[key] = value
    files = {k: v.encode() if isinstance(v, str) else v for k, v in files.items() if v is not None}
    if not mixed:
        files = dict(sorted(files.items(), key=lambda item: item[0].startswith(info)))
    rows = [row(k, v) for k, v in files.items() if k not in unlisted and not k.endswith("/")]
    rows.append(info + "RECORD,,")
    if record:
        rows = record(rows)
    os.makedirs(os.path.join(OUT, case), exist_ok=True)
    with zipfile.ZipFile(os.path.join(OUT, case, name), "w", zipfile.ZIP_DEFLATED) as z:
        for key, value in files.items():
            item = zipfile.ZipInfo(key)
            item.compress_type = zipfile.ZIP_DEFLATED
            item.external_attr = (0o120777 if key in links else 0o100644) << 16
            z.writestr(item, value)
        if rows is not None:
            z.writestr(info + "RECORD", "\r\n".join(rows).encode("utf-8", "surrogateescape") + b"\r\n")


def sdist(case, name="demo-1.0.tar.gz", root="demo-1.0", links={}, format=tarfile.PAX_FORMAT, **changes):
    files = {"PKG-INFO": META, "pyproject.toml": "[build-system]\nrequires = [\"x\"]\n", "LICENSE": "MIT\n", "demo/__init__.py": ""}
    files.update(changes)
    os.makedirs(os.path.join(OUT, case), exist_ok=True)
    with tarfile.open(os.path.join(OUT, case, name), "w:gz", format=format) as t:
        for key, value in files.items():
            if value is None:
                continue
            item = tarfile.TarInfo(key[1:] if key.startswith("^") else root + "/" + key)
            data = value.encode() if isinstance(value, str) else value
            item.size = len(data)
            t.addfile(item, io.BytesIO(data))
        for key, target in links.items():
            item = tarfile.TarInfo(root + "/" + key)
            item.type, item.linkname = tarfile.SYMTYPE, target
            t.addfile(item)


def meta(case, *swaps, add="", **more):
    text = META
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new)
    head, body = text.split("\n\n", 1) if "\n\n" in text else (text, "")
    wheel(case, **{I + "METADATA": head + "\n" + add + "\n" + body}, **more)


def wheels():
    wheel("good")
    wheel("good_folders", **{"demo/data/": "", "demo/a,b.txt": "comma"})
    wheel("fil01", name="demo-1.0-any.whl")
    wheel("fil02", name="Demo-1.0-py3-none-any.whl", info="Demo-1.0.dist-info/")
    wheel("fil03_version", name="demo-1.1-py3-none-any.whl", info="demo-1.1.dist-info/")
    wheel("fil03_same", name="demo-1.0.0-py3-none-any.whl", info="demo-1.0.0.dist-info/")
    wheel("fil04", name="demo-1.0-py3-none-linux_x86_64.whl", **{I + "WHEEL": WHEEL.replace("-any", "-linux_x86_64")})
    many = "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_aarch64.macosx_10_9_x86_64.macosx_11_0_arm64.win32"
    wheel("fil04_good", name="demo-1.0-py3-none-%s.whl" % many, **{I + "WHEEL": WHEEL.replace(
        "Tag: py3-none-any\n", "".join("Tag: py3-none-%s\n" % m for m in many.split(".")))})
    wheel("fil04_mac", name="demo-1.0-py3-none-macosx_11_3_arm64.whl", **{I + "WHEEL": WHEEL.replace("any", "macosx_11_3_arm64")})
    meta("fil07", ("Version: 1.0", "Version: 1.0+abc"), ("\nVersion", "\nVersion"))
    wheel("rec01", record=lambda r: None)
    wheel("rec02", record=lambda r: r + ["one,two"])
    wheel("rec02_quote", record=lambda r: r + ['"open,,'])
    wheel("rec02_size", record=lambda r: [x.rsplit(",", 1)[0] + ",-1" if "cli" in x else x for x in r])
    wheel("rec03", record=lambda r: r + [row("gone.py", b"x")])
    wheel("rec04", unlisted=["evil.pth"], **{"evil.pth": "import os\n"})
    wheel("rec05", record=lambda r: [row("demo/cli.py", b"def main(): Pass\n") if "cli" in x else x for x in r])
    wheel("rec06", record=lambda r: [x.rsplit(",", 1)[0] + ",5" if "cli" in x else x for x in r])
    wheel("rec07", record=lambda r: r + r[:1])
    wheel("rec08", record=lambda r: ["demo/cli.py,md5=%s,17" % base64.urlsafe_b64encode(hashlib.md5(b"def main(): pass\n").digest()).rstrip(b"=").decode() if "cli" in x else x for x in r])
    wheel("rec08_unknown", record=lambda r: ["demo/cli.py,crc=abc,17" if "cli" in x else x for x in r])
    wheel("rec_sha512", record=lambda r: ["demo/cli.py,sha512=%s,17" % base64.urlsafe_b64encode(hashlib.sha512(b"def main(): pass\n").digest()).rstrip(b"=").decode() if "cli" in x else x for x in r])
    wheel("rec09", record=lambda r: ["demo/cli.py,,17" if "cli" in x else x for x in r])
    wheel("rec10", record=lambda r: r + [row("../up.py", b"x")])
    wheel("rec11", record=lambda r: r[:-1] + [r[-1].replace(",,", ",sha256=abc,")])
    wheel("rec_jws", unlisted=[I + "RECORD.jws"], **{I + "RECORD.jws": "{}"})
    wheel("whl01", **{I + "WHEEL": None})
    wheel("whl02", **{I + "WHEEL": WHEEL.replace("true", "yes")})
    wheel("whl03", **{I + "WHEEL": WHEEL.replace("1.0", "2.0")})
    wheel("whl04", name="demo-1.0-py2.py3-none-any.whl")
    wheel("whl05", **{"other-2.dist-info/METADATA": "x"})
    wheel("whl06", **{I + "INSTALLER": "pip"})
    wheel("whl07", **{"demo-1.0.data/odd/x": "x"})
    wheel("whl07_good", **{"demo-1.0.data/scripts/x": "#!python\n"})
    wheel("whl08", **{"demo-1.0.data/data/etc/x": "x"})
    wheel("whl09", **{"demo/__init__.py": None, "demo/cli.py": None, I + "entry_points.txt": None})
    wheel("met01", **{I + "METADATA": None})
    meta("met02", add="no header here\n")
    wheel("met02_bom", **{I + "METADATA": "\ufeff" + META})
    wheel("met03", **{I + "METADATA": META.encode() + b"\xff"})
    meta("met04", ("Name: demo\n", ""))
    meta("met05", ("Metadata-Version: 2.4", "Metadata-Version: 2.0"))
    meta("met06", add="Name: other\n")
    meta("met07", add="License-Files: x\n")
    meta("met08", add="Import-Name: demo\n")
    meta("met08_old", ("Metadata-Version: 2.4", "Metadata-Version: 2.1"), ("License-Expression: MIT", "License: MIT"))
    meta("met09_summary", ("A demonstration", "x" * 513))
    meta("met09_lines", ("A demonstration", "one line\n and two"))
    meta("met09_url", ("https://example.org/", "ftp://example.org/"))
    meta("met09_label", ("Home,", "H" * 33 + ","))
    meta("met09_dynamic", add="Dynamic: version\nDynamic: classifier\n")
    meta("met09_license", add="License: MIT\n")
    meta("met09_name", ("Name: demo", "Name: -demo"))
    meta("met10", ("text/markdown", "text/html"))
    meta("met10_charset", ("UTF-8", "latin-1"))
    meta("met10_variant", ("variant=GFM", "variant=Pandoc"))
    meta("met11", ("Description-Content-Type: text/markdown; charset=UTF-8; variant=GFM\n", ""))
    meta("met12", (BODY, "\n"))
    meta("met13", add="Requires-Dist: other[x] @ https://example.org/o.whl\n")
    meta("met14", add="Home-page: https://example.org\n")
    meta("lic01", add="License-File: COPYING\n")
    meta("lic02", add="License-File: ../COPYING\n")
    e = I + "entry_points.txt"
    wheel("ent01_line", **{e: "[a]\nb\n"})
    wheel("ent01_top", **{e: "b = demo\n"})
    wheel("ent01_twice", **{e: "[a]\nb = demo\nb = demo.cli\n"})
    wheel("ent01_section", **{e: "[a]\nb = demo\n[a]\n"})
    wheel("ent01_good", **{e: "# x\n; y\n[a]\nB = demo\nb =\tdemo.cli : main\n    more\n"})
    wheel("ent02", **{e: "[console_scripts]\nde mo = demo:x\n"})
    wheel("ent03", **{e: "[a]\nb = demo-cli:main\n"})
    wheel("ent04", **{e: "[a]\nb = elsewhere:main\n"})
    wheel("ent05", **{e: "[console_scripts]\ngit = demo:main\n"})
    wheel("sec01", **{"demo/.env": "A=b"})
    wheel("sec01_good", **{"demo/env.py": "", "demo/key": ""})
    wheel("run01", **{"demo.pth": "import demo\n"})
    wheel("run01_start", **{"sitecustomize.py": ""})
    wheel("run01_good", **{"demo/sitecustomize.py": ""})
    wheel("lef01", **{"demo/__pycache__/a.cpython-311.pyc": "x"})
    wheel("lef02", **{"demo/.DS_Store": "x"})
    wheel("lef02_folder", **{"demo/.idea/x.xml": "x"})
    wheel("lef03", **{"tests/test_a.py": ""})
    wheel("nam10", links=["demo/l"], **{"demo/l": "cli.py"})
    wheel("nam03", **{"../up.py": ""})
    wheel("nam04", **{"demo//x.py": ""})
    wheel("nam05", **{"demo/a\u202eb.py": ""})
    wheel("nam08", **{"demo/CLI.py": ""})
    wheel("nam09", **{"demo/cli.py/x": ""})
    wheel("fil06", **{"demo/zeros": bytes(70 << 20)})


def sdists():
    sdist("s_good")
    sdist("s_links", links={"a": "demo/__init__.py", "demo/b": "../LICENSE"})
    sdist("s_fil02", name="Demo-1.0.tar.gz", root="Demo-1.0")
    sdist("s_fil02_version", name="demo-1.0.0.tar.gz", root="demo-1.0.0")
    sdist("s_fil03", name="other-1.0.tar.gz", root="other-1.0")
    sdist("s_sdi01", **{"^other/x": "x"})
    sdist("s_sdi01_file", **{"^setup.py": "x"})
    sdist("s_sdi02", root="demo")
    sdist("s_sdi03", **{"PKG-INFO": None})
    sdist("s_sdi04", **{"pyproject.toml": None})
    sdist("s_lic01", LICENSE=None)
    sdist("s_nam11", links={"a": "../../etc/passwd"})
    sdist("s_nam11_abs", links={"a": "/etc/passwd"})
    sdist("s_nam12", links={"zz": "demo"}, **{"zz/evil.py": "x"})
    sdist("s_lef02", **{".git/config": "x", "a.orig": "x"})
    sdist("s_sec01", **{".env": "x"})


if __name__ == "__main__":
    wheels()
    sdists()
