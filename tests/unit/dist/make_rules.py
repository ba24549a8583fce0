"""Writes for each rule of the tables below a file on which it fires (folder ID) and a near miss (ID_near)."""
import hashlib
import sys
import tarfile

sys.dont_write_bytecode = True

from make_dists import BODY, META, WHEEL, I, meta, sdist, wheel


def values(rule, fires, near, more=(), **also):
    """FIRES and NEAR: lines added to METADATA."""
    meta(rule, *more, add=fires, **also)
    meta(rule + "_near", *more, add=near, **also)


def contents():
    text = "# The same words in two files of one wheel.\n"
    wheel("w002", **{"demo/a.txt": text, "demo/b.txt": text})
    wheel("w002_near", **{"demo/a/__init__.py": "", "demo/b/__init__.py": "", "demo/c.py": "\n", "demo/d.py": "\n",
                          I + "a.txt": text, "demo/e.py": text, "demo/f.py": "# -*- coding: utf-8 -*-\n",
                          "demo/g.py": "# -*- coding: utf-8 -*-\n"})
    wheel("w003", **{"notes.txt": "x"})
    wheel("w003_near", **{"demo/notes.txt": "x", "notes.py": "x", "demo.pth": "demo\n", "fast.cpython-311-x86_64-linux-gnu.so": ""})
    wheel("w004", **{"demo/class/a.py": "x"})
    wheel("w004_near", **{"demo/Class/a.cpython-311-x86_64-linux-gnu.so": "x", "demo/some-data/a.txt": "x", "demo/größe.py": "x"})
    wheel("w006", **{"__init__.py": "x"})
    wheel("w006_near", **{"demo/x/__init__.py": "x"})
    wheel("w007", **{"demo/__init__.py": None, "demo/cli.py": None, I + "entry_points.txt": None, "demo-1.0.data/scripts/x": "#!python\n"})
    wheel("w007_near", **{"demo/__init__.py": None, "demo/cli.py": None, I + "entry_points.txt": None,
                          "demo-1.0.data/purelib/x.py": ""})
    wheel("w009", **{"other/__init__.py": ""})
    wheel("w009_near", **{"_demo.py": "", "demo.pth": "x\n"})
    wheel("w010", **{"data_files/a.txt": "x"})
    wheel("w010_near", **{"demo-stubs/a.pyi": "x", "other/sub/a.py": ""})
    wheel("whl10", **{"setup.py": "x"})
    wheel("whl10_near", **{"demo/setup.py": "x", "setup_demo.py": ""})
    wheel("run02", **{"json/__init__.py": ""})
    wheel("run02_near", **{"demo/json/__init__.py": "", "jsonx.py": ""})


def licenses():
    swap = "License-Expression: MIT"
    for rule, fires, near in (
            ("lic03", "MIT or", "(MIT OR Apache-2.0+) AND GPL-2.0-only WITH Classpath-exception-2.0"),
            ("lic03_id", "MIT License", "LicenseRef-My-Own"),
            ("lic03_open", "(MIT", "((MIT))"),
            ("lic03_with", "(MIT) WITH Classpath-exception-2.0", "MIT WITH Classpath-exception-2.0"),
            ("lic04", "NOPE-1.0", "LicenseRef-NOPE-1.0"),
            ("lic04_exception", "MIT WITH Nope-exception", "MIT WITH LLVM-exception"),
            ("lic05", "GPL-3.0", "GPL-3.0-only"),
            ("lic06", "mit", "MIT and ISC")):
        meta(rule, (swap, "License-Expression: " + fires))
        meta(rule + "_near", (swap, "License-Expression: " + near))
    meta("lic07", (swap + "\n", ""))
    meta("lic07_near", (swap, "Classifier: License :: OSI Approved :: MIT License"))
    values("lic08", "Classifier: License :: OSI Approved :: MIT License\n", "Classifier: Topic :: Software Development\n")
    values("lic09", "License: GPL-3.0\nClassifier: License :: OSI Approved :: MIT License\n",
           "License: The mit license\nClassifier: License :: OSI Approved :: MIT License\n", more=[(swap + "\n", "")])


def metadata():
    author = 'Author-email: "Doe, Jane" <jane@example.org>, Joe <joe@example.org>\n'
    for n, (fires, near) in enumerate((
            ("Joe <joe>", "joe@example.org"), ("joe@localhost", "Joe <joe@example.co>"),
            ("Doe, Joe <joe@example.org>", '"Doe, Joe" <joe@example.org>'), ("a..b@example.org", "a.b+c@sub.example.org"),
            ("a b@example.org", "<ab@example.org>"), ("a@-x.org", "a@x-y.org"))):
        meta("met09_mail%d" % n, (author, "Author-email: %s\n" % fires))
        meta("met09_mail%d_near" % n, (author, "Author-email: %s\n" % near))
    values("met09_twice", "Project-URL: Home, https://example.org/b\n", "Project-URL: home, https://example.org/b\n")
    values("met09_extra", "Provides-Extra: a b\n", "Provides-Extra: a-b\n")
    values("met09_requires", "Requires-Dist: other >> 1\n", "Requires-Dist: other[x] (>=1) ; python_version < '3'\n")
    meta("met09_python", ("Requires-Python: >=3.8", "Requires-Python: 3.8 or later"))
    meta("met09_python_near", ("Requires-Python: >=3.8", "Requires-Python: >=3.8, !=3.9.*, <4"))
    newest = ("Metadata-Version: 2.4", "Metadata-Version: 2.5")
    values("met09_import", "Import-Name: demo.class\n", "Import-Name: demo.cli ; private\n", more=[newest])
    values("met19", "Import-Name: elsewhere\n", "Import-Name: demo\n", more=[newest])
    for n, (fires, near) in enumerate((("Import-Name: demo\nImport-Namespace: demo\n", "Import-Name: demo\nImport-Namespace: demo.cli\n"),
                                       ("Import-Name: demo\nImport-Name: demo ; private\n", "Import-Name: demo\nImport-Name: demo.cli ; private\n"),
                                       ("Import-Name:\nImport-Name: demo\n", "Import-Name:\n"))):
        values("met20_%d" % n, fires, near, more=[newest])
    meta("met09_long", ("A demonstration", "\u00fc" * 513))
    meta("met09_long_near", ("A demonstration", "\u00fc" * 512))
    meta("met09_label", ("Home,", "\u00fc" * 33 + ","))
    meta("met09_label_near", ("Home,", "\u00fc" * 32 + ","))
    values("met14_license", "License: MIT\n", "", more=[("License-Expression: MIT\n", "")])
    values("met15", "Classifier: Topic :: Nothing At All\n",
           "Classifier: Framework :: Django :: 99.1\nClassifier: Programming Language :: Python :: 3.99\n")
    values("met16", "Classifier: Natural Language :: Ukranian\n", "Classifier: Natural Language :: Ukrainian\n")
    values("met17", "Classifier: Private :: Do Not Upload\n", "Classifier: Environment :: Console\n")
    values("met18", "Provides-Extra: A_b\n", "Provides-Extra: a-b\n")


def page():
    for rule, old, fires, near in (
            ("prj01", "Summary: A demonstration\n", "", "Summary: Something\n"),
            ("prj02", "A demonstration", "Short", "Eleven char"),
            ("prj03", BODY, "# Demo\n", "x" * 101 + "\n"),
            ("prj05", "Python :: 3.14", "Python :: 3", "Python :: 3.9"),
            ("prj06", "Development Status :: 5 - Production/Stable", "Environment :: Console", "Development Status :: 3 - Alpha"),
            ("prj07", "Requires-Python: >=3.8\n", "", "Requires-Python: >=2\n"),
            ("prj08", "Keywords: demo,test\n", "", "Keywords: x\n"),
            ("prj09", '"Doe, Jane" <jane@example.org>, Joe <joe@example.org>', "joe@example.org", "Joe <joe@example.org>"),
            ("prj10", "Author-email:", "Author:", "Maintainer-email:"),
            ("prj11", "Project-URL: Home, https://example.org/\n", "", "Home-page: https://example.org\n")):
        meta(rule, (old, fires))
        meta(rule + "_near", (old, near))
    gone = [("Classifier: Development Status :: 5 - Production/Stable\nClassifier: Programming Language :: Python :: 3.14\n", "")]
    values("prj04", "", "Classifier: Environment :: Console\n", more=gone)
    sdist("prj12", name="json-1.0.tar.gz", root="json-1.0", **{"PKG-INFO": META.replace("Name: demo", "Name: json")})
    sdist("prj12_near", name="jsonx-1.0.tar.gz", root="jsonx-1.0", **{"PKG-INFO": META.replace("Name: demo", "Name: jsonx")})


def shapes():
    wheel("whl11", **{I + "WHEEL": WHEEL.replace("1.0", "1.9")})
    wheel("whl11_near", **{I + "WHEEL": WHEEL})
    wheel("whl12", name="demo-1.0-2-py3-none-any.whl")
    wheel("whl12_near", name="demo-1.0-2-py3-none-any.whl", **{I + "WHEEL": WHEEL + "Build: 2\n"})
    both = WHEEL.replace("Tag: py3-none-any", "Tag: py2-none-any\nTag: py3-none-any")
    wheel("whl13", name="demo-1.0-py3.py2-none-any.whl", **{I + "WHEEL": both})
    wheel("whl13_near", name="demo-1.0-py2.py3-none-any.whl", **{I + "WHEEL": both})
    packed = WHEEL.replace("py3", "py2.py3")
    wheel("whl13_packed", name="demo-1.0-py2.py3-none-any.whl", **{I + "WHEEL": packed})
    wheel("whl13_packed_near", name="demo-1.0-py2.py3-none-any.whl", **{I + "WHEEL": both})
    wheel("whl04_packed", name="demo-1.0-py2.py3-none-any.whl", **{I + "WHEEL": WHEEL.replace("py3", "py2.py4")})
    wheel("whl04_packed_near", name="demo-1.0-py2.py3-none-any.whl", **{I + "WHEEL": packed})
    wheel("whl13_twice", **{I + "WHEEL": WHEEL + "Tag: py3-none-any\n"})
    wheel("whl13_twice_near", **{I + "WHEEL": WHEEL})
    wheel("whl14", **{"demo-1.0.data/purelib/x.py": ""})
    wheel("whl14_near", **{"demo-1.0.data/platlib/x.py": ""})
    wheel("whl15", **{"demo-1.0.data/scripts/x": "#!/usr/bin/python3\n"})
    wheel("whl15_near", **{"demo-1.0.data/scripts/x": "#!python\n", "demo-1.0.data/scripts/y": "#!/bin/sh\npython\n",
                           "demo-1.0.data/scripts/z": bytes(1000)})
    wheel("whl08_headers", **{"demo-1.0.data/headers/x.h": ""})
    wheel("whl08_headers_near", **{"demo/headers/x.h": ""})
    wheel("rec12", record=lambda r: ["./" + x if "cli" in x else x for x in r])
    wheel("rec12_near", **{"demo/.hidden/..x": "x"})
    wheel("whl16", mixed=True, **{"demo/last.py": ""})
    wheel("whl16_near", **{"demo/last.py": ""})
    wheel("rec13", record=lambda r: r + [I + "RECORD.jws,,"], unlisted=[I + "RECORD.jws"], **{I + "RECORD.jws": "{}"})
    wheel("rec13_near", unlisted=[I + "RECORD.jws"], **{I + "RECORD.jws": "{}"})
    wheel("rec02_hex", record=lambda r: ["demo/cli.py,sha256=%s,17" % hashlib.sha256(b"def main(): pass\n").hexdigest() if "cli" in x else x for x in r])
    wheel("rec02_hex_near", record=lambda r: r)
    wheel("rec02_padded", record=lambda r: [x.replace(",17", "=,17") if "cli" in x else x for x in r])
    wheel("rec02_padded_near", record=lambda r: r)
    wheel("nam14", **{"demo/caf\u00e9.txt": "", "demo/cafe\u0301.txt": ""})
    wheel("nam14_near", **{"demo/caf\u00e9.txt": "", "demo/cafe.txt": ""})
    wheel("nam08_accent", **{"demo/\u00c9.txt": "", "demo/\u00e9.txt": ""})
    wheel("nam08_accent_near", **{"demo/\u00c9.txt": "", "demo/\u00e8.txt": ""})
    e = I + "entry_points.txt"
    wheel("ent02_letters", **{e: "[console_scripts]\ngr\u00f6 \u00dfe = demo:x\n"})
    wheel("ent02_letters_near", **{e: "[console_scripts]\ngr\u00f6\u00dfe = demo:x\n"})
    wheel("ent06", **{e: "[demo plugins]\na = demo\n"})
    wheel("ent06_near", **{e: "[demo_2.plugins]\na = demo\n"})
    wheel("ent07", **{e: "[a]\nRun = demo\nrun = demo\n"})
    wheel("ent07_near", **{e: "[a]\nRun = demo\n[b]\nrun = demo\n"})
    wheel("run01_lines", **{"demo.pth": "/x\nimport\tos\n"})
    wheel("run01_lines_near", **{"demo.pth": "/x\n# import os\nimportant\n", "demo/x.pth": "import os\n"})
    wheel("run01_purelib", **{"demo-1.0.data/purelib/usercustomize/__init__.py": ""})
    wheel("run01_purelib_near", **{"demo-1.0.data/data/usercustomize.py": ""})
    wheel("run03", **{"demo.pth": "/x\n"})
    wheel("run03_near", **{"demo.pth": "import os\n"})
    wheel("run04", **{"demo-1.0.data/data/bin/x": ""})
    wheel("run04_near", **{"demo-1.0.data/data/share/bin/x": ""})
    wheel("run04_site", **{"demo-1.0.data/data/lib/python3.12/site-packages/x.pth": ""})
    wheel("run04_site_near", **{"demo-1.0.data/data/etc/x.conf": ""})
    wheel("lef02_more", **{"demo/.#a.py": ""})
    wheel("lef02_more_near", **{"demo/#a.txt": ""})


def sdists():
    build = '[build-system]\nrequires = ["x"]\n'
    sdist("sdi05", **{"pyproject.toml": "[build-system\n"})
    sdist("sdi05_near", **{"pyproject.toml": build, "demo/pyproject.toml": "[x\n"})
    sdist("sdi06", **{"pyproject.toml": "[tool.x]\n"})
    sdist("sdi06_near", **{"pyproject.toml": build})
    sdist("sdi07", **{"PKG-INFO": META.replace("2.4", "2.1").replace("License-Expression: MIT\n", "License: MIT\n")})
    sdist("sdi07_near", **{"PKG-INFO": META.replace("2.4", "2.2").replace("License-Expression: MIT\n", "License: MIT\n")})
    sdist("tar13", format=tarfile.GNU_FORMAT)
    sdist("tar13_near", format=tarfile.USTAR_FORMAT)
    sdist("run05", **{"setup.py": ""})
    sdist("run05_near", **{"demo/setup.py": ""})
    sdist("run05_path", **{"pyproject.toml": build + 'backend-path = ["."]\n'})
    sdist("run05_path_near", **{"pyproject.toml": build + 'build-backend = "x"\n'})


def pairs():
    """Each folder has the wheel and its sdist."""
    same = {"demo/__init__.py": "x = 1\n", "demo/cli.py": "def main(): pass\n"}
    deep = {"demo/__init__.py": None, "packages/demo/src/demo/__init__.py": "x = 1\n", "src/demo/cli.py": "def main(): pass\n"}

    def pair(case, info=META, files=same, **more):
        wheel(case, **more)
        sdist(case, **{"PKG-INFO": info, **files})

    pair("par01", META.replace(">=3.8", ">=3.9"))
    pair("par01_near", META.replace("Requires-Python: >=3.8\n", "Dynamic: Requires-Python\n")
         .replace("Requires-Dist: other>=1; extra", "Requires-Dist: other >= 1 ; extra"))
    pair("par01_body", META + "More.\n")
    pair("par01_body_near", META + "\n\n")
    pair("par01_old", META.replace("2.4", "2.1").replace("Keywords: demo,test", "Keywords: x"))
    pair("par01_old_near", META.replace("2.4", "2.1").replace("Keywords: demo,test\n", "").replace("License-Expression: MIT\n", ""))
    pair("par02", **{"demo/new.py": "x"})
    pair("par02_near", files=deep, **{"demo/new.txt": "x"})
    pair("par03", files={**same, "demo/cli.py": "def main(): PASS\n"})
    pair("par03_near", files={**same, "tests/demo/cli.py": "other\n"})
    pair("par03_size", files={**same, "demo/cli.py": "\n"})
    pair("par03_size_near", files=same)


contents()
shapes()
sdists()
pairs()
licenses()
metadata()
page()
