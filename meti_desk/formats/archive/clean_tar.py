"""Removing 付加情報 from a tar, and from what gzip, bzip2 and xz pack.

A tar is written anew with plain headers: owners, groups, times, devices and extended fields go.
"""

import bz2
import gzip
import io
import lzma
import tarfile
import zlib
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.archive import tars
from meti_desk.formats.archive.kinds import (
    HIDDEN_NAME,
    INSIDE,
    LINK,
    OWNER,
    PACKED_NAME,
    SLACK,
    SYSTEM,
    SYSTEM_FILE,
    TIME,
    is_system_file,
)
from meti_desk.formats.container import damaged
from meti_desk.formats.inner import clean_inside, spend
from meti_desk.formats.members import LARGEST_MEMBER, Nest
from meti_desk.formats.noting import Notes
from meti_desk.formats.shown import is_plain

if TYPE_CHECKING:
    from collections.abc import Callable

_BLOCK = 512
_FILE_MODE, _FOLDER_MODE = 0o644, 0o755
_NO_SYSTEM = 0xFF
"""What gzip writes for a system that is not told."""
_GZIP_EXTRAS = 0x1C
"""Flags of gzip for an extra field, a name and a comment."""


def clean_tar(source: BinaryIO, target: BinaryIO, notes: Notes, nest: Nest) -> None:
    """Write the tar anew; links and devices block, names that lead out of a folder are refused."""
    source.seek(0)
    try:
        with tarfile.open(
            fileobj=source, mode="r:", encoding="utf-8", errors="surrogateescape"
        ) as old:
            with tarfile.open(fileobj=target, mode="w", format=tarfile.GNU_FORMAT,
                              encoding="utf-8") as new:  # fmt: skip
                seen: set[str] = set()
                for info in old:
                    _entry(old, info, new, seen, notes, nest)
            end = old.offset
    except tars.DAMAGE as bad:
        raise InvalidInput("document.damaged", reason="tar") from bad
    source.seek(end)
    if source.read().strip(b"\0"):
        notes.add(SLACK, "")


def _entry(
    old: tarfile.TarFile,
    info: tarfile.TarInfo,
    new: tarfile.TarFile,
    seen: set[str],
    notes: Notes,
    nest: Nest,
) -> None:
    name = tars.name_of(info.name)
    parts = name.split("/")
    if ".." in parts or not parts[0] or name in seen:
        raise damaged("path" if name not in seen else "duplicate-name", member=name[:80])
    seen.add(name)
    if is_system_file(name) and notes.add(SYSTEM_FILE, name):
        return
    if not is_plain(name):
        notes.add(HIDDEN_NAME, name)
    if not (info.isreg() or info.isdir()):
        notes.add(LINK, name, info.linkname)
        return
    made = _stamped(info, name, notes)
    if info.isdir():
        spend(nest, 0)
        new.addfile(made)
        return
    if info.size > min(LARGEST_MEMBER, nest.budget.expanded):
        raise InvalidInput("document.too-large", member=name[:80], limit=LARGEST_MEMBER)
    held = old.extractfile(info)
    data = held.read() if held is not None else b""
    if len(data) != info.size:
        raise damaged("truncated", member=name[:80])
    cleaned = data
    if not is_system_file(name):
        cleaned = clean_inside(data, name, notes, INSIDE, nest)
    made.size = len(cleaned)
    new.addfile(made, io.BytesIO(cleaned))


def _stamped(info: tarfile.TarInfo, name: str, notes: Notes) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type = tarfile.DIRTYPE if info.isdir() else tarfile.REGTYPE
    made.mode = _FOLDER_MODE if info.isdir() else _FILE_MODE
    owner = (info.uname, info.gname, info.uid, info.gid)
    told = any(owner) or info.mode != made.mode or info.pax_headers
    value = f"{info.uname}:{info.gname} {info.uid}:{info.gid} {info.mode:o}"
    if told and not notes.add(OWNER, name, value):
        made.uname, made.gname, made.uid, made.gid = owner
        made.mode = info.mode
    if info.mtime and not notes.add(TIME, name, str(info.mtime)):
        made.mtime = int(info.mtime)
    return made


def clean_packed(source: BinaryIO, target: BinaryIO, kind: str, notes: Notes, nest: Nest) -> None:
    """Clean the one file that was packed; it is packed anew only where something changes."""
    room = min(LARGEST_MEMBER, nest.budget.expanded)
    source.seek(0)
    packed = source.read(room + 1)
    data, exact = _unpacked(packed, kind, room)
    name = "content.tar" if tars.is_tar(data[:_BLOCK]) else "content"
    cleaned = clean_inside(data, name, notes, INSIDE, nest)
    goes = not exact and notes.add(SLACK, "")
    if kind == "gz":
        if packed[3] & _GZIP_EXTRAS:
            goes |= notes.add(PACKED_NAME, "", packed[10:200].split(b"\0")[0])
        if packed[4:8] != bytes(4):
            goes |= notes.add(TIME, "", str(int.from_bytes(packed[4:8], "little")))
        if packed[9] != _NO_SYSTEM:
            goes |= notes.add(SYSTEM, "", str(packed[9]))
    target.write(_packed(cleaned, kind) if goes or cleaned != data else packed)


def _packed(data: bytes, kind: str) -> bytes:
    if kind == "bz2":
        return bz2.compress(data)
    if kind == "xz":
        return lzma.compress(data)
    made = bytearray(gzip.compress(data, mtime=0))
    made[9] = _NO_SYSTEM
    return bytes(made)


def _unpacked(packed: bytes, kind: str, room: int) -> tuple[bytes, bool]:
    """Give the content, and whether the packed bytes are this one stream and nothing behind it."""
    opener = _OPENERS[kind]
    try:
        data = b""
        rest, exact = packed, True
        while rest:
            opened = opener()
            piece = opened.decompress(rest, room + 1 - len(data))
            if len(data) + len(piece) > room:
                raise InvalidInput("document.too-large", limit=room)
            if not opened.eof:
                raise damaged(kind)
            data, rest = data + piece, opened.unused_data
            if rest:
                exact = False
            if not rest.startswith(packed[:2]):
                break  # not one more stream, as several parts in a row would be
    except tars.DAMAGE as bad:
        raise InvalidInput("document.damaged", reason=kind) from bad
    return data, exact


class _Opened(Protocol):
    eof: bool
    unused_data: bytes

    def decompress(self, data: bytes, room: int, /) -> bytes: ...


_OPENERS = cast(
    "dict[str, Callable[[], _Opened]]",
    {
        "gz": lambda: zlib.decompressobj(31),
        "bz2": bz2.BZ2Decompressor,
        "xz": lzma.LZMADecompressor,
    },
)
