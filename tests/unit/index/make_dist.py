"""Makes a small wheel or sdist for tests: make_dist.py DIR NAME VERSION wheel|sdist [FILLER_BYTES]."""
import base64
import hashlib
import io
import os
import sys
import tarfile
import zipfile

folder, name, version, kind = sys.argv[1:5]
filler = int(sys.argv[5]) if len(sys.argv) > 5 else 0
stem = name.replace("-", "_") + "-" + version
metadata = (
    f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: a test of uploads\nKeywords: test\n"
    "Author-email: T <t@example.org>\nLicense: MIT\nRequires-Python: >=3.8\n"
    "Classifier: Programming Language :: Python :: 3.11\nClassifier: Operating System :: POSIX\n"
    "Classifier: Development Status :: 3 - Alpha\n"
    "Project-URL: Home, https://example.org/x\nDescription-Content-Type: text/markdown\n\n# Test <b>&\n"
    "\nWhat it is for stands here in so many words that nobody can say that the page of the project is empty.\n"
)
module = name.replace("-", "_") + ".py"
if kind == "wheel":
    path = os.path.join(folder, stem + "-py3-none-any.whl")
    info = stem + ".dist-info/"
    files = {
        module: b"VALUE = 1\n",
        info + "METADATA": metadata.encode(),
        info + "WHEEL": b"Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    if filler:
        files["filler.bin"] = os.urandom(filler)
    record = ""
    for member, data in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        record += f"{member},sha256={digest},{len(data)}\n"
    files[info + "RECORD"] = (record + info + "RECORD,,\n").encode()
    with zipfile.ZipFile(path, "w") as archive:
        for member, data in files.items():
            archive.writestr(zipfile.ZipInfo(member, (2024, 1, 1, 0, 0, 0)), data)
else:
    path = os.path.join(folder, stem + ".tar.gz")
    with tarfile.open(path, "w:gz") as archive:
        for member, data in ((module, b"VALUE = 1\n"), ("PKG-INFO", metadata.encode())):
            entry = tarfile.TarInfo(f"{stem}/{member}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
print(path)
