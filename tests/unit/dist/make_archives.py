"""Writes the archives that the tests of the walkers open: good ones, and every kind of damage by hand."""
import gzip
import io
import os
import struct
import sys
import tarfile
import zipfile
import zlib

OUT = sys.argv[1]


def save(name, data):
    with open(os.path.join(OUT, name), "wb") as f:
        f.write(data)


def deflated(mib, line=b"\0"):
    """MIB mebibytes of a repeated LINE in raw deflate, without compressing them all."""
    co = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = co.compress(line * ((1 << 20) // len(line))) + co.flush(zlib.Z_FULL_FLUSH)
    return block * mib + zlib.compressobj(9, zlib.DEFLATED, -15).flush()


class Entry:
    """One zip entry, of which every header field can lie."""

    def __init__(self, name=b"a.txt", data=b"hello", **lies):
        self.name, self.data, self.lies = name, data, lies
        self.method = lies.get("method", 8)
        if "packed" in lies or self.method != 8:
            self.packed = lies.get("packed", data)
        else:
            co = zlib.compressobj(9, zlib.DEFLATED, -15)
            self.packed = co.compress(data) + co.flush()
        self.crc = zlib.crc32(data)

    def get(self, key, value):
        return self.lies.get(key, value)

    def local(self):
        name = self.get("local_name", self.name)
        extra = self.get("local_extra", b"")
        streamed = self.get("flags", 0) & 8
        fields = (0, 0, 0) if streamed else (
            self.get("local_crc", self.crc), self.get("local_packed", self.get("csize", len(self.packed))),
            self.get("local_size", self.get("size", len(self.data))))
        out = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, self.get("flags", 0), self.get("local_method", self.method),
                          0, 33, *fields, len(name), len(extra)) + name + extra + self.packed
        if streamed:
            wide, signed = self.get("wide", False), self.get("signed", True)
            out += (struct.pack("<I", 0x08074B50) if signed else b"") + struct.pack(
                "<IQQ" if wide else "<III", self.crc, len(self.packed), len(self.data))
        return out

    def central(self, offset):
        extra, comment = self.get("extra", b""), self.get("comment", b"")
        return struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20 | 3 << 8, 20, self.get("flags", 0), self.method, 0, 33,
                           self.get("crc", self.crc), self.get("csize", len(self.packed)),
                           self.get("size", len(self.data)), len(self.name), len(extra), len(comment), 0, 0,
                           self.get("mode", 0o100644) << 16, self.get("offset", offset)) + self.name + extra + comment


def zipped(entries, prefix=b"", gap=b"", trailing=b"", comment=b"", hidden=(), end=None, no_end=False,
           before_end=b"", adjust=True, cut=None):
    out, offsets = prefix, []
    for e in entries:
        offsets.append(len(out) if adjust else len(out) - len(prefix))
        if not e.get("no_local", False):
            out += e.local()
    for e in hidden:
        out += e.local()
    out += gap
    begin = len(out)
    listed = [e for e in entries]
    for e, offset in zip(listed, offsets):
        out += e.central(offset)
    size = len(out) - begin
    out += before_end
    fields = dict(count=len(listed), size=size, offset=begin if adjust else begin - len(prefix))
    fields.update(end or {})
    if not no_end:
        out += struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, fields["count"], fields["count"], fields["size"],
                           fields["offset"], len(comment)) + comment
    out += trailing
    return out[:cut] if cut else out


def unicode_path(name, shown):
    data = struct.pack("<BI", 1, zlib.crc32(name)) + shown
    return struct.pack("<HH", 0x7075, len(data)) + data


def end64(count, size, offset, at, length=44):
    return (struct.pack("<IQHHIIQQQQ", 0x06064B50, length, 45, 45, 0, 0, count, count, size, offset) +
            struct.pack("<IIQI", 0x07064B50, 0, at, 1))


def zips():
    a, b, c = Entry(b"a.txt", b"hello"), Entry(b"d/b.py", b"x = 1\n" * 50), Entry(b"d/", b"", method=0)
    save("good.whl", zipped([a, b, c]))
    with zipfile.ZipFile(os.path.join(OUT, "python.whl"), "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("pkg/__init__.py", "x = 1\n" * 100)
        z.writestr("pkg/ünï.py", "y = 2\n")
        z.writestr("pkg/empty.py", "")
    with zipfile.ZipFile(os.path.join(OUT, "zip64.whl"), "w", zipfile.ZIP_DEFLATED) as z:
        with z.open("big.py", "w", force_zip64=True) as f:
            f.write(b"z" * 1000)
    good = zipped([a, b])
    size = sum(len(e.central(0)) for e in (a, b))
    begin = len(good) - 22 - size
    save("end64.whl", zipped([a, b], before_end=end64(2, size, begin, begin + size),
                             end=dict(count=0xFFFF, size=0xFFFFFFFF, offset=0xFFFFFFFF)))
    save("end64_length.whl", zipped([a, b], before_end=end64(2, size, begin, begin + size, 60)))
    save("end64_locator.whl", zipped([a, b], before_end=end64(2, size, begin, 7)))
    save("end64_alone.whl", zipped([a, b], before_end=end64(2, size, begin, begin + size)[:56]))
    save("end64_missing.whl", zipped([a, b], end=dict(size=0xFFFFFFFF, offset=0xFFFFFFFF)))
    save("end64_differs.whl", zipped([a, b], before_end=end64(1, size, begin, begin + size)))
    save("extra64_short.whl", zipped([Entry(b"a", b"x", csize=0xFFFFFFFF, extra=struct.pack("<HHI", 1, 4, 0))]))
    save("extra64_huge.whl", zipped([Entry(b"a", b"x", size=0xFFFFFFFF, extra=struct.pack("<HHQ", 1, 8, 1 << 63))]))
    save("extra_twice.whl", zipped([Entry(b"a", b"x", extra=struct.pack("<HHHH", 1, 0, 1, 0))]))
    save("extra_cut.whl", zipped([Entry(b"a", b"x", extra=struct.pack("<HH", 9, 100))]))
    save("prefix.whl", zipped([a, b], prefix=b"MZ" + b"\0" * 98))
    save("prefix_shifted.whl", zipped([a, b], prefix=b"#!/bin/sh\n", adjust=False))
    save("gap.whl", zipped([a, b], gap=b"payload"))
    save("trailing.whl", zipped([a, b], trailing=b"more"))
    save("comment.whl", zipped([a, b], comment=b"\x1b]0;hi\x07"))
    save("two_ends.whl", zipped([a, b], comment=zipped([Entry(b"c.txt", b"other")])))
    save("member_comment.whl", zipped([Entry(b"a", b"x", comment=b"psst")]))
    save("hidden.whl", zipped([a, b], hidden=[Entry(b"evil.pth", b"import os")]))
    save("no_local.whl", zipped([a, Entry(b"ghost.py", b"x", offset=3)]))
    save("no_local_far.whl", zipped([a, Entry(b"ghost.py", b"x", no_local=True, offset=5000)]))
    save("names_differ.whl", zipped([Entry(b"cd.txt", b"x", local_name=b"local.txt")]))
    save("unicode_differs.whl", zipped([Entry(b"a.txt", b"x", extra=unicode_path(b"a.txt", b"evil.pth"))]))
    save("unicode_local.whl", zipped([Entry(b"a.txt", b"x", local_extra=unicode_path(b"a.txt", b"evil.pth"))]))
    save("unicode_same.whl", zipped([Entry(b"a.txt", b"x", extra=unicode_path(b"a.txt", b"a.txt"))]))
    save("sizes_differ.whl", zipped([Entry(b"a.txt", b"x" * 100, local_size=50)]))
    save("crcs_differ.whl", zipped([Entry(b"a.txt", b"x" * 100, local_crc=5)]))
    save("methods_differ.whl", zipped([Entry(b"a.txt", b"x" * 100, local_method=0)]))
    save("overlap.whl", zipped([a, Entry(b"c", b"x", no_local=True, offset=0), Entry(b"e", b"y", no_local=True, offset=0)]))
    save("bzip2.whl", zipped([Entry(b"a", b"x", method=12)]))
    save("aes.whl", zipped([Entry(b"a", b"x", method=99, flags=1)]))
    save("encrypted.whl", zipped([Entry(b"a", b"x", flags=1)]))
    save("streamed.whl", zipped([Entry(b"a", b"x", flags=8), Entry(b"b", b"yy", flags=8)]))
    save("duplicate.whl", zipped([Entry(b"a", b"first"), Entry(b"a", b"last")]))
    save("directory_data.whl", zipped([Entry(b"d/", b"surprise")]))
    save("truncated.whl", zipped([a, b])[:-60])
    save("truncated_middle.whl", zipped([a, b])[:40])
    save("count.whl", zipped([a, b], end=dict(count=1)))
    save("cd_offset.whl", zipped([a, b], end=dict(offset=1)))
    save("cd_size.whl", zipped([a, b], end=dict(size=60000)))
    save("not_a_zip.whl", b"this is no archive at all\n" * 10)
    save("empty_zip.whl", zipped([]))
    save("bad_crc.whl", zipped([Entry(b"a", b"x" * 50, crc=1, local_crc=1)]))
    save("lies_small.whl", zipped([Entry(b"a", b"x" * 5000000, size=10)]))
    save("lies_large.whl", zipped([Entry(b"a", b"x" * 10, size=5000)]))
    save("bad_deflate.whl", zipped([Entry(b"a", b"x" * 50, packed=b"\xff\xff\xff")]))
    save("bomb.whl", zipped([Entry(b"a", bytes(70 << 20), packed=deflated(70))]))
    save("link.whl", zipped([Entry(b"l", b"../../etc/passwd", mode=0o120777)]))
    save("device.whl", zipped([Entry(b"dev", b"", mode=0o060600)]))
    save("names.whl", zipped([Entry(b"esc\x1b[2J", b""), Entry(b"nul\0x", b""), Entry(b"\xff.py", b""),
                              Entry(b"/abs", b""), Entry(b"../up", b""), Entry(b"C:/x", b""), Entry(b"a\\..\\b", b""),
                              Entry(b"./dot", b""), Entry(b"a//b", b""), Entry("bi\u202edi".encode(), b""),
                              Entry(b"x" * 300, b""), Entry(b"d/" * 300 + b"e", b""), Entry(b"Case.py", b""),
                              Entry(b"case.py", b""), Entry(b"f", b""), Entry(b"f/g", b""), Entry(b"", b"")]))
    save("long_name.whl", zipped([Entry(b"n" * 65000, b"")]))
    save("many.whl", zipped([Entry(b"%d" % i, b"", method=0) for i in range(3000)]))
    t = io.BytesIO()
    with tarfile.open(fileobj=t, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("tar.txt"))
    save("polyglot.whl", zipped([a], prefix=t.getvalue()))


def hostile():
    """Those of the hostile inputs that no test of the framing needs."""
    a = Entry(b"a.txt", b"hello")
    save("dup_local.whl", zipped([a], hidden=[Entry(b"a.txt", b"other")]))
    save("composed.whl", zipped([Entry("\u00fcber.py".encode(), b""), Entry("u\u0308ber.py".encode(), b"")]))
    save("methods.whl", zipped([Entry(b"%d" % m, b"x", method=m) for m in (12, 14, 93, 99, 200)]))
    for wide in False, True:
        for signed in False, True:
            save("streamed_%d%d.whl" % (wide, signed), zipped(
                [Entry(b"a", b"x" * 9, flags=8, wide=wide, signed=signed), Entry(b"b", b"y", flags=8, wide=wide, signed=signed)]))
    info = b"demo-1.0.dist-info/"
    good = {b"METADATA": b"Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n\n",
            b"WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            b"RECORD": b"demo.py,sha256=AAAA,1\n"}

    def wheel(folder, *more, **changed):
        os.mkdir(os.path.join(OUT, folder))
        members = {**good, **{k.encode(): v for k, v in changed.items()}}
        save(folder + "/demo-1.0-py3-none-any.whl",
             zipped([Entry(b"demo.py", b"x")] + list(more) +
                    [Entry(info + k, v) for k, v in members.items() if info + k not in [e.name for e in more]]))

    wheel("record", RECORD=b'gone.py,sha256=AAAA,1\ndemo.py,sha256=AAAA,1\ndemo.py,md5=AAAA,-1\n'
          b'"a\nb""c",sha256=AAAA,1e9\n../up,sha256=AAAA,1\none,two\n"open,,\n')
    row = b"a" * 31 + b"\n"
    wheel("record_huge", Entry(info + b"RECORD", row * (50 << 15), packed=deflated(50, row)))
    wheel("two_infos", Entry(b"other-2.dist-info/METADATA", b"x"))
    wheel("metadata", METADATA=b"Metadata-Version: 2.1\r\nName: demo\r\nName: other\rVersion: 1.0\n"
          b"Summary: \xff\0\x1b[2J\nKeywords: " + b"k" * (10 << 20) + b"\n\nbody\n")

    def in_tar(data):
        tar = io.BytesIO()
        with tarfile.open(fileobj=tar, mode="w:gz") as t:
            member = tarfile.TarInfo("inner.zip")
            member.size = len(data)
            t.addfile(member, io.BytesIO(data))
        return tar.getvalue()

    def nested(case, *entries):
        wheel(case, Entry(b"demo/data.zip", zipped([Entry(b"data.tar.gz", in_tar(zipped(list(entries))))])))

    nested("nested", Entry(b"deep.txt", b"hello"))
    nested("nested_escape", Entry(b"../up.txt", b"hello"))
    nested("nested_bomb", Entry(b"zeros", bytes(70 << 20), packed=deflated(70)))
    wheel("nested_deeper", Entry(b"a.zip", zipped([Entry(b"b.zip", zipped([Entry(b"c.zip", zipped([
        Entry(b"d.zip", zipped([Entry(b"../up.txt", b"")]))]))]))])))
    wheel("contents", Entry(b"demo/esc.txt", b"\x1b[2J\x1b]52;c;aGk=\x07\x1bPq#0~\x1b\\ \xc2\x9b31m\r\n\ttab\n"),
          Entry(b"demo/line.txt", b"\x1b[31mx" * 200000),
          Entry(b"demo/utf16.txt", "\x1b[2J \u202e hello\n".encode("utf-16")),
          Entry(b"demo/invalid.txt", b"a\xff\xfe\xc0\x80 b\n"),
          Entry(b"demo/wide.txt", "\u4f60\u597d e\u0301 \u200b\U0001f469\u200d\U0001f4bb\n".encode()))


def header(name=b"d-1/f", size=0, type=b"0", mode=0o644, link=b"", raw_size=None, checksum=None, magic=b"ustar\x0000", owner=b""):
    h = bytearray(512)
    h[:len(name)] = name
    h[100:107] = b"%07o" % mode
    h[108:115] = h[116:123] = b"0000000"
    h[124:136] = raw_size if raw_size else b"%011o\0" % size
    h[136:147] = b"00000000000"
    h[156:157] = type
    h[157:157 + len(link)] = link
    h[257:265] = magic
    h[265:265 + len(owner)] = owner
    h[148:156] = b" " * 8
    h[148:155] = b"%06o\0" % (sum(h) if checksum is None else checksum)
    return bytes(h)


def item(name=b"d-1/f", data=b"", pad=True, **more):
    if "size" not in more:
        more["size"] = len(data)
    return header(name, **more) + data + (b"\0" * (-len(data) % 512) if pad else b"")


def pax(type=b"x", **records):
    body = b""
    for key, value in records.items():
        rest = b" " + key.replace("__", ".").encode() + b"=" + value + b"\n"
        length = len(rest)
        while length != len(rest) + len(b"%d" % length):
            length = len(rest) + len(b"%d" % length)
        body += b"%d" % length + rest
    return item(b"pax", body, type=type)


END = b"\0" * 1024


def gz(data, crc=None, size=None, flags=0, head=b""):
    co = zlib.compressobj(6, zlib.DEFLATED, -15)
    return (b"\x1f\x8b\x08" + bytes([flags]) + b"\0" * 6 + head + co.compress(data) + co.flush() +
            struct.pack("<II", zlib.crc32(data) if crc is None else crc,
                        (len(data) if size is None else size) & 0xFFFFFFFF))


def gz_bomb(mib):
    """A tar with one member of MIB mebibytes of zeros; its trailer is never reached."""
    co = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = co.compress(header(b"d-1/zeros", size=mib << 20)) + co.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08" + bytes(7) + head + deflated(mib) + bytes(8)


def tars():
    for name, format in ("ustar", tarfile.USTAR_FORMAT), ("gnu", tarfile.GNU_FORMAT), ("pax", tarfile.PAX_FORMAT):
        with tarfile.open(os.path.join(OUT, name + ".tar.gz"), "w:gz", format=format) as tar:
            for path, data in (("d-1/PKG-INFO", b"Name: d\n"), ("d-1/" + "p" * 90 + "/" + "q" * 90, b"x" * 600),
                               ("d-1/empty", b"")) + ((("d-1/ü" + "l" * 200, b"y"),) if name != "ustar" else ()):
                info = tarfile.TarInfo(path)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
            info = tarfile.TarInfo("d-1/sub")
            info.type = tarfile.DIRTYPE
            tar.addfile(info)
            info = tarfile.TarInfo("d-1/link")
            info.type, info.linkname = tarfile.SYMTYPE, "PKG-INFO"
            tar.addfile(info)
    one, two = item(b"d-1/one", b"first" * 10), item(b"d-1/two", b"second")
    other = item(b"evil-1/setup.py", b"boo")
    save("split.tar.gz", gz(one[:300]) + gz(one[300:] + two + END))
    save("extra_member.tar.gz", gz(one + END) + gz(other + END))
    save("trailing.tar.gz", gz(one + END) + b"junk")
    save("bad_crc.tar.gz", gz(one + END, crc=1))
    save("bad_isize.tar.gz", gz(one + END, size=1))
    save("truncated_gz.tar.gz", gz(one + two + END)[:-30])
    save("not_gzip.tar.gz", b"PK\3\4 not a gzip file" * 20)
    save("gz_name.tar.gz", gz(one + END, flags=0x18, head=b"na\x1b[2Jme\0a comment\0"))
    save("after_end.tar.gz", gz(one + END + other + END))
    save("after_end_junk.tar.gz", gz(one + END + b"junk" * 128))
    save("no_end.tar.gz", gz(one + two))
    save("one_end_block.tar.gz", gz(one + two + b"\0" * 512))
    save("short_member.tar.gz", gz(one + header(b"d-1/x", size=5000) + b"x" * 512))
    save("short_header.tar.gz", gz(one + header(b"d-1/x")[:100]))
    save("checksum.tar.gz", gz(one + header(b"d-1/x", checksum=1) + END))
    save("negative.tar.gz", gz(one + item(b"d-1/x", b"", raw_size=b"\xff" * 12) + END))
    save("negative_pax.tar.gz", gz(one + pax(size=b"-5") + two + END))
    save("huge.tar.gz", gz(one + header(b"d-1/x", raw_size=b"\x80" + b"\0" * 3 + b"\x7f" + b"\xff" * 7) + END))
    save("pax_path.tar.gz", gz(pax(path=b"d-1/real") + item(b"d-1/said", b"x") + END))
    save("pax_global.tar.gz", gz(pax(b"g", path=b"evil.pth") + one + END))
    save("pax_global_comment.tar.gz", gz(pax(b"g", comment=b"0123456789abcdef") + one + END))
    save("pax_size.tar.gz", gz(pax(size=b"6") + item(b"d-1/x", b"second", size=3) + END))
    save("pax_long.tar.gz", gz(pax(comment=b"x" * (3 << 20)) + one + END))
    save("pax_nul.tar.gz", gz(pax(path=b"d-1/a\0b") + item(b"d-1/x", b"x") + END))
    save("pax_malformed.tar.gz", gz(item(b"pax", b"99 path=x\n", type=b"x") + one + END))
    save("sparse.tar.gz", gz(pax(GNU__sparse__major=b"1", GNU__sparse__realsize=b"1099511627776") + one + END))
    save("gnu_sparse.tar.gz", gz(item(b"d-1/s", b"x" * 512, type=b"S", magic=b"ustar  \0") + END))
    save("gnu_long.tar.gz", gz(item(b"././@LongLink", b"d-1/" + b"n" * 99990 + b"\0", type=b"L", magic=b"ustar  \0") + one + END))
    save("device.tar.gz", gz(one + item(b"d-1/dev", type=b"3") + item(b"d-1/fifo", type=b"6") + END))
    save("unknown_type.tar.gz", gz(one + item(b"d-1/odd", b"data", type=b"Z") + two + END))
    save("setuid.tar.gz", gz(item(b"d-1/su", b"x", mode=0o6755) + END))
    save("owner.tar.gz", gz(item(b"d-1/f", b"x", owner=b"me\x1b[31m") + END))
    save("link_loop.tar.gz", gz(item(b"d-1/s2", type=b"2", link=b".") + item(b"d-1/s2/evil", b"x") + END))
    save("link_nowhere.tar.gz", gz(item(b"d-1/h", type=b"1", link=b"d-1/gone") + END))
    save("levels.tar.gz", gz(pax(path=b"d/" * 5000 + b"f") + item(b"d", b"x") + END))
    save("nested_gz.tar.gz", gz(gz(one + END) + b"\0" * 512))
    save("links.tar.gz", gz(item(b"d-1/s", type=b"2", link=b"../../etc") + item(b"d-1/s/evil", b"x") +
                            item(b"d-1/h", type=b"1", link=b"/etc/passwd") +
                            item(b"d-1/ok", type=b"2", link=b"sub/../one") + END))
    save("directory_data.tar.gz", gz(header(b"d-1/d/", size=600, type=b"5") + one + END))
    save("duplicate.tar.gz", gz(one + one + END))
    save("bomb.tar.gz", gz_bomb(150))
    save("deep.tar.gz", gz(pax(path=b"d/" * 1000 + b"f") + item(b"d", b"x") + END))
    save("v7.tar.gz", gz(item(b"d-1/", type=b"\0", magic=b"\0" * 8) + item(b"d-1/f", b"x", type=b"\0", magic=b"\0" * 8) + END))
    save("plain_folder.tar.gz", gz(item(b"d", type=b"5") + item(b"d/e", type=b"5") + item(b"d/e/f", b"x") + END))
    save("empty.tar.gz", gz(END))


zips()
hostile()
tars()
