"""Writes for each rule of the tables below a file on which it fires (folder ID) and a near miss (ID_near)."""
import sys

sys.dont_write_bytecode = True

from make_dists import BODY, META, I, meta, sdist, wheel


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


contents()
licenses()
metadata()
page()
