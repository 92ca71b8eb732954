"""An independent look at a scrubbed archive: nothing may be left in it, and every file stayed.

Shares no code with the removal, on purpose: it opens both with the standard library, pairs the
files by name and asks the auditor of each file's own family.
"""

import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.formats.base import ScrubOrder

_EPOCH = (1980, 1, 1, 0, 0, 0)
_LEFTOVERS = (".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", ".apdisk", ".localized",
              ".directory", ".volumeicon.icns")  # fmt: skip
_LEFTOVER_FOLDERS = ("__macosx/", ".spotlight-v100/", ".trashes/", ".fseventsd/")
_GROUPS = {"zip.system-file": "8", "zip.member-unsupported": "3", "zip.member-refused": "3",
           "zip.link": "6", "zip.hidden-name": "7"}  # fmt: skip
_DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    KeyError,
)


class _File(NamedTuple):
    name: str
    data: bytes
    folder: bool


def audit(source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
    """Raise where the result still tells what it should not, or another file lies in it.

    `InvalidInput("scrub.left-behind", kind=…, member=…)`, `InvalidInput("scrub.text-changed",
    what=…, member=…)`. Kinds that a person chose to keep are not looked for.
    """
    try:
        result.seek(0)
        head = result.read(4)
        if head[:2] == b"PK":
            _Zip(order).left(result)
        elif head[:2] == b"\x1f\x8b":
            _left_in_gzip(result, order)
        elif head[:3] != b"BZh" and head != b"\xfd7zX":
            _left_in_tar(result, order)
        before, after = list(_files(source)), list(_files(result))
    except _DAMAGE as bad:
        raise InvalidInput("scrub.left-behind", kind="document.damaged", member="") from bad
    _compare(before, after, order)


def _keeps(kind: str, order: ScrubOrder) -> bool:
    return kind in order.keep or _GROUPS.get(kind, "13") in order.keep


def _left(kind: str, name: str, order: ScrubOrder) -> None:
    if not _keeps(kind, order):
        raise InvalidInput("scrub.left-behind", kind=kind, member=name[:80])


class _Zip:
    def __init__(self, order: ScrubOrder) -> None:
        self._order = order

    def left(self, result: BinaryIO) -> None:
        """Go through the directory and through every byte between the files."""
        with zipfile.ZipFile(result) as box:
            if box.comment:
                _left("zip.comment", "", self._order)
            expected = 0
            for info in box.infolist():
                self._entry(info)
                result.seek(info.header_offset)
                local = result.read(30)
                names = int.from_bytes(local[26:28], "little")
                extras = int.from_bytes(local[28:30], "little")
                if info.header_offset != expected or (
                    local[10:14] != b"\0\0\x21\0" and info.date_time == _EPOCH
                ):
                    _left("zip.slack", info.filename, self._order)
                if extras and not info.extra:
                    _left("zip.extra-field", info.filename, self._order)
                expected = info.header_offset + 30 + names + extras + info.compress_size
            if box.start_dir != expected:
                _left("zip.slack", "", self._order)

    def _entry(self, info: zipfile.ZipInfo) -> None:
        told = {
            "zip.time": info.date_time != _EPOCH,
            "zip.extra-field": bool(info.extra),
            "zip.comment": bool(info.comment),
            "zip.system": bool(info.create_system or info.external_attr or info.internal_attr),
            "zip.link": info.external_attr >> 28 == 0xA,  # noqa: PLR2004 - a link of Unix
            "zip.hidden-name": not info.filename.isprintable(),
        }
        for kind, found in told.items():
            if found:
                _left(kind, info.filename, self._order)


def _left_in_gzip(result: BinaryIO, order: ScrubOrder) -> None:
    result.seek(0)
    head = result.read(10)
    told = {
        "zip.packed-name": head[3] != 0, "zip.time": head[4:8] != bytes(4),
        "zip.system": head[9] != 0xFF,  # noqa: PLR2004 - not told
    }  # fmt: skip
    for kind, found in told.items():
        if found:
            _left(kind, "", order)


def _left_in_tar(result: BinaryIO, order: ScrubOrder) -> None:
    result.seek(0)
    with tarfile.open(fileobj=result, mode="r:") as box:
        for info in box.getmembers():
            usual = info.mode == (0o755 if info.isdir() else 0o644)
            if info.uid or info.gid or info.uname or info.gname or info.pax_headers or not usual:
                _left("zip.owner", info.name, order)
            if info.mtime:
                _left("zip.time", info.name, order)
            if not info.isreg() and not info.isdir():
                _left("zip.link", info.name, order)


def _files(source: BinaryIO) -> Iterator[_File]:
    source.seek(0)
    head = source.read(4)
    source.seek(0)
    if head[:3] in (b"\x1f\x8b\x08", b"BZh", b"\xfd7z"):
        yield _File("", _unpacked(source, head), folder=False)
    elif zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as box:
            for info in box.infolist():
                yield _File(_name(info), box.read(info), info.filename.endswith("/"))
    else:
        source.seek(0)
        with tarfile.open(fileobj=source, mode="r:", errors="surrogateescape") as tar:
            for one in tar.getmembers():
                held = tar.extractfile(one) if one.isreg() else None
                raw = one.name.encode("utf-8", "surrogateescape")
                yield _File(_decoded(raw), held.read() if held else b"", one.isdir())


def _unpacked(source: BinaryIO, head: bytes) -> bytes:
    import bz2
    import gzip
    import lzma

    if head[:2] == b"\x1f\x8b":
        return _first_streams(source, gzip.decompress)
    return _first_streams(source, bz2.decompress if head[:3] == b"BZh" else lzma.decompress)


def _first_streams(source: BinaryIO, expand: "object") -> bytes:
    data = source.read()
    try:
        return expand(data)  # type: ignore[operator,no-any-return] # one of three functions
    except _DAMAGE:
        # Something that is no packed content stands behind it: what comes before counts.
        opened = zlib.decompressobj(31)
        return opened.decompress(data)


def _name(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    at = info.extra.find(b"\x75\x70")
    if at >= 0:
        size = int.from_bytes(info.extra[at + 2 : at + 4], "little")
        told = info.extra[at + 4 : at + 4 + size]
        if told[:1] == b"\1" and told[1:5] == zlib.crc32(raw).to_bytes(4, "little"):
            return told[5:].decode("utf-8", "replace")
    return _decoded(raw)


def _decoded(raw: bytes) -> str:
    for codec in ("utf-8", "cp932"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")


def _is_leftover(name: str) -> bool:
    low = name.replace("\\", "/").lower()
    last = low.rpartition("/")[2]
    beside = any(f"/{low}".find("/" + folder) >= 0 for folder in _LEFTOVER_FOLDERS)
    return beside or last in _LEFTOVERS or last.startswith(("~$", "._", ".~lock."))


def _compare(before: list[_File], after: list[_File], order: ScrubOrder) -> None:
    """Ask for each file whether it is there, and whether its own family's auditor agrees."""
    wanted = [
        one for one in before if _keeps("zip.system-file", order) or not _is_leftover(one.name)
    ]
    if [(one.name, one.folder) for one in wanted] != [(one.name, one.folder) for one in after]:
        raise InvalidInput("scrub.text-changed", what="members", member="")
    for old, new in zip(wanted, after, strict=True):
        if not old.data and not new.data:
            continue
        if _is_leftover(old.name):
            same = old.data == new.data
            if not same:
                raise InvalidInput("scrub.text-changed", what="members", member=old.name[:80])
            continue
        _inside(old, new, order)


def _inside(old: _File, new: _File, order: ScrubOrder) -> None:
    from meti_desk.formats.registry import find

    asked = _keeps("zip.member-unsupported", order) or _keeps("zip.member-refused", order)
    was, now = find(io.BytesIO(old.data)), find(io.BytesIO(new.data))
    if was.variant != now.variant:
        raise InvalidInput("scrub.text-changed", what="format", member=old.name[:80])
    try:
        was.family.verify_scrub(io.BytesIO(old.data), io.BytesIO(new.data), order)
    except RuleViolation:
        if not asked or old.data != new.data:
            raise
    except InvalidInput as error:
        if asked and old.data == new.data:
            return
        told = {**error.params, "member": old.name[:80]}
        raise InvalidInput(error.code, articles=error.articles, **told) from error
