"""Removing 付加情報 from a zip: each file inside by its own family, and what the zip itself tells.

The zip is written anew: what lies between and behind its files, comments, extra fields, times and
systems go. Names stay as people read them, in Unicode.
"""

import io
import stat
import struct
import zipfile
from typing import BinaryIO

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.archive.kinds import (
    COMMENT,
    EXTRA,
    HIDDEN_NAME,
    INSIDE,
    LINK,
    SLACK,
    SYSTEM,
    SYSTEM_FILE,
    TIME,
    is_system_file,
)
from meti_desk.formats.archive.zips import name_of
from meti_desk.formats.container import Container, Limits, damaged
from meti_desk.formats.deflate import packed
from meti_desk.formats.inner import clean_inside, spend
from meti_desk.formats.members import LARGEST_MEMBER, Nest
from meti_desk.formats.noting import Notes
from meti_desk.formats.shown import is_plain
from meti_desk.formats.zip_directory import Member
from meti_desk.formats.zip_writer import Numbers, ZipWriter

_STORED, _DEFLATED = 0, 8
_UTF8_NAME, _DESCRIBED = 0x800, 0x8
_DESCRIPTOR = 24
"""Bytes that may follow a file whose size was not known when it was begun."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_END = 22


def clean(source: BinaryIO, target: BinaryIO, notes: Notes, nest: Nest) -> None:
    """Write the zip without what its files and it tell; see `Notes.report` for what blocks.

    Raises `InvalidInput`: `document.damaged` (among others for names that lead out of a folder,
    and names that stand there twice), `document.encrypted`, `document.bomb`, `document.too-large`.
    """
    container = Container(source, Limits(total=nest.budget.expanded))
    _slack(source, container, notes)
    writer = ZipWriter(target)
    seen: set[str] = set()
    for member in container.members.values():
        name = name_of(member.info)
        if _unsafe(name) or name in seen:
            raise damaged("path" if _unsafe(name) else "duplicate-name", member=name[:80])
        seen.add(name)
        if not is_system_file(name) or not notes.add(SYSTEM_FILE, name):
            info = _stamp(member.info, name, notes)
            _write(container, member, _Named(writer, name, info), notes, nest)
    writer.close()
    if container.comment and not notes.add(COMMENT, "", container.comment):
        target.seek(-2, io.SEEK_END)
        target.write(len(container.comment).to_bytes(2, "little") + container.comment)


def _unsafe(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or parts[0] == "" or parts[0][1:2] == ":" or "\0" in name


class _Named:
    """Writes one file under its name."""

    def __init__(self, writer: ZipWriter, name: str, info: zipfile.ZipInfo | None) -> None:
        self.writer = writer
        self.name = name
        self.info = info

    def write(self, data: bytes) -> None:
        """Compress and write; what deflate cannot shrink is stored."""
        made = packed((data,))
        stored = len(made.data) >= len(data)
        body = data if stored else made.data
        method = _STORED if stored else _DEFLATED
        self.writer.write(self.name, (body,), Numbers(method, made.crc, len(body), len(data)),
                          self.info)  # fmt: skip


def _write(container: Container, member: Member, out: _Named, notes: Notes, nest: Nest) -> None:
    if stat.S_ISLNK(member.info.external_attr >> 16):
        notes.add(LINK, out.name)
    if not is_plain(out.name):
        notes.add(HIDDEN_NAME, out.name)
    if out.name.endswith("/"):
        spend(nest, 0)
        if member.size:
            raise damaged("folder", member=out.name[:80])
        out.write(b"")
        return
    if member.size > LARGEST_MEMBER:
        raise InvalidInput("document.too-large", member=out.name[:80], limit=LARGEST_MEMBER)
    data, exact = container.read_exactly(member.name)
    cleaned = data
    if not is_system_file(out.name):
        cleaned = clean_inside(data, out.name, notes, INSIDE, nest)
    if cleaned != data or not exact:
        out.write(cleaned)
        return
    numbers = Numbers(member.method, member.crc, member.packed, member.size)
    out.writer.write(out.name, container.packed_pieces(member.name), numbers, out.info)


def _stamp(info: zipfile.ZipInfo, name: str, notes: Notes) -> zipfile.ZipInfo | None:
    """Note what the directory tells of a file; give what a person wants to keep of it."""
    kept = zipfile.ZipInfo(name, _EPOCH)
    kept.create_system, kept.flag_bits = 0, _UTF8_NAME
    blank = True
    if info.date_time != _EPOCH and not notes.add(TIME, name, "-".join(map(str, info.date_time))):
        kept.date_time, blank = info.date_time, False
    if info.extra and not notes.add(EXTRA, name, info.extra.hex()):
        kept.extra, blank = info.extra, False
    if info.comment and not notes.add(COMMENT, name, info.comment):
        kept.comment, blank = info.comment, False
    system = info.create_system or info.external_attr or info.internal_attr
    if system and not notes.add(SYSTEM, name, f"{info.create_system} {info.external_attr:#x}"):
        kept.create_system, kept.external_attr = info.create_system, info.external_attr
        kept.internal_attr, blank = info.internal_attr, False
    return None if blank else kept


def _slack(source: BinaryIO, container: Container, notes: Notes) -> None:
    """Note bytes that belong to no file: before, between and behind them."""
    at = 0
    loose = 0
    for member in sorted(container.members.values(), key=lambda one: one.info.header_offset):
        loose += member.info.header_offset - at
        at = member.data_at + member.packed
        if member.info.flag_bits & _DESCRIBED:
            source.seek(at)
            at += _descriptor(source.read(_DESCRIPTOR), member)
    with zipfile.ZipFile(source) as directory:
        start = directory.start_dir
    loose += max(0, start - at)
    source.seek(start)
    rest = source.read()
    behind = len(rest) - _directory_size(rest) - _END - len(container.comment)
    if loose + behind:
        notes.add(SLACK, "", f"{loose + behind} bytes")


def _directory_size(rest: bytes) -> int:
    """Measure the directory, entry by entry."""
    at = 0
    while rest[at : at + 4] == b"PK\1\2":
        name, extra, comment = struct.unpack_from("<3H", rest, at + 28)
        at += 46 + name + extra + comment
    return at


def _descriptor(data: bytes, member: Member) -> int:
    """Measure what follows a file whose size was told behind it, as 32 or 64 bits."""
    head = 4 if data.startswith(b"PK\x07\x08") else 0
    crc = member.crc.to_bytes(4, "little")
    for width in (4, 8):
        sizes = member.packed.to_bytes(width, "little") + member.size.to_bytes(width, "little")
        if data[head : head + 4 + 2 * width] == crc + sizes:
            return head + 4 + 2 * width
    return 0
