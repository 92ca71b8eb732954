"""The header lines of a mail and of its parts without what no reader sees (Arts. 14-7, 15-2)."""

import re
from collections.abc import Mapping
from urllib.parse import quote, unquote

from meti_desk.formats.base import HANDLING_KEY, LABEL_KEY, OWN_PREFIX
from meti_desk.formats.mail import kinds
from meti_desk.formats.mail.headers import PREFIX, SUBJECT_MARK, Block, Field, subject_of
from meti_desk.formats.mail.mime import Part, parameters_of
from meti_desk.formats.mail.words import encode
from meti_desk.formats.noting import Notes

_KEPT_OWN = {PREFIX + key.removeprefix(OWN_PREFIX) for key in (LABEL_KEY, HANDLING_KEY)}
_ADDRESSES = frozenset({"from", "to", "cc"})
_QUOTED_OR_COMMENT = re.compile(rb'"(?:[^"\\]|\\.)*"|\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)')
_PARAMETER = re.compile(r";\s*([^\s=;]+)\s*=\s*(\"(?:[^\"\\]|\\.)*\"?|[^;]*)", re.DOTALL)
_KEPT_PARAMETERS = {
    "content-type": frozenset({"charset", "format", "delsp", "type", "start", "method", "name",
                               "boundary"}),
    "content-disposition": frozenset({"filename"}),
}  # fmt: skip
_ESCAPE = b"\x1b"
_ENCODINGS = frozenset({"7bit", "8bit", "binary", "base64", "quoted-printable"})


def top_lines(block: Block, notes: Notes, place: str) -> list[bytes]:
    """Give the lines above the body but those of MIME; each only once, as readers show it."""
    lines: list[bytes] = []
    seen: set[str] = set()
    for one in block.fields:
        name = one.name.lower()
        if name in kinds.OF_PARTS:
            continue
        if name in kinds.SHOWN and name not in seen:
            lines.append(_shown(one, name, block, notes, place))
        elif name.startswith(PREFIX):
            lines += _own(one, name, notes, place)
        elif (
            name not in kinds.SHOWN and not notes.add(kinds.kind_of_line(name), place, one.raw)
        ) or (name in kinds.SHOWN and not notes.add(kinds.HEADER, place, one.raw)):
            lines.append(_ended(one.raw, block))
        seen.add(name)
    return lines


def _ended(raw: bytes, block: Block) -> bytes:
    return raw if raw.endswith((b"\n", b"\r")) else raw + block.line_end


def _shown(one: Field, name: str, block: Block, notes: Notes, place: str) -> bytes:
    if name == "subject" and notes.order.purpose == "publish":
        mark, plain = subject_of(block)
        if mark:
            notes.add(kinds.OWN, place, mark)
            return encode(one.name, plain, block.line_end)
    raw = _ended(one.raw, block)
    if name == "date" or name in _ADDRESSES:
        return _uncommented(raw, name, notes, place)
    return raw


def _uncommented(raw: bytes, name: str, notes: Notes, place: str) -> bytes:
    """Take comments out of a date, and out of addresses where they are not the name itself.

    `taro@example.jp (Taro)` is how old programs write a name: that one stays. In a text in
    ISO-2022-JP brackets may be halves of letters.
    """
    if _ESCAPE in raw:
        return raw

    def gone(found: re.Match[bytes]) -> bytes:
        text = found.group()
        before = raw[: found.start()].rstrip()
        if text.startswith(b'"') or (name != "date" and not before.endswith(b">")):
            return text
        return b"" if notes.add(kinds.ADDRESS_COMMENT, place, text) else text

    plain = _QUOTED_OR_COMMENT.sub(gone, raw)
    return plain if plain == raw else re.sub(rb"[ \t]+(?=\r?\n\Z|\r\Z)", b"", plain)


def _own(one: Field, name: str, notes: Notes, place: str) -> list[bytes]:
    publish = notes.order.purpose == "publish"
    kept = name in _KEPT_OWN or name == SUBJECT_MARK.lower()
    if kept and not publish:
        return [one.raw]
    return [] if notes.add(kinds.OWN, place, one.raw) else [one.raw]


def part_lines(
    part: Part, changed: Mapping[str, str], notes: Notes, place: str, *, top: bool
) -> list[bytes]:
    """Give the lines of MIME of a part; `changed` are values that are written anew (or go: ``""``).

    The names of those in `changed` are in small letters.
    """
    lines: list[bytes] = []
    seen: set[str] = set()
    end = part.headers.line_end
    for one in part.headers.fields:
        name = one.name.lower()
        if top and name not in kinds.OF_PARTS:
            continue
        if name not in kinds.OF_PARTS or name in seen:
            kept = not notes.add(kinds.PART_HEADER, place, one.raw)
            lines += [_ended(one.raw, part.headers)] if kept else []
            continue
        seen.add(name)
        if name in changed:
            value = changed[name]
            lines += [_line(one.name, value, end)] if value else []
        elif name in _KEPT_PARAMETERS:
            lines.append(_parameters(one, name, part, notes, place))
        else:
            lines.append(_ended(one.raw, part.headers))
    for name, value in changed.items():
        if name not in seen and value:
            lines.append(_line("-".join(word.capitalize() for word in name.split("-")), value, end))
    return lines


def _line(name: str, value: str, end: bytes) -> bytes:
    return f"{name}: {value}".encode("latin-1", "replace") + end


def _parameters(one: Field, name: str, part: Part, notes: Notes, place: str) -> bytes:
    """Keep those parameters that say how the part is shown, and names without their folders."""
    text = re.sub(r"\r?\n[ \t]*|\r[ \t]*", " ", one.value.decode("latin-1")).strip()
    first = re.match(r"[^;]*", text)
    head = first.group().strip() if first else ""
    kept = []
    changed = not re.fullmatch(r"[\w.+-]+(?:/[\w.+-]+)?", head)
    head = re.sub(r"[^\w.+/-].*", "", head)
    wanted = _KEPT_PARAMETERS[name]
    for found in _PARAMETER.finditer(text):
        base = found[1].lower().partition("*")[0]
        value = found[2].strip()
        if base not in wanted or not (value.startswith('"') or _plain(value)):
            if not notes.add(kinds.PART_HEADER, place, found.group()):
                kept.append(f"{found[1]}={value}")
                continue
            changed = True
            if base in wanted and (token := re.match(r"[\w.+/-]+", value)):
                kept.append(f"{found[1]}={token.group()}")
            continue
        kept.append(f"{found[1]}={value}")
    key = "name" if name == "content-type" else "filename"
    names = [item for item in kept if item.partition("=")[0].lower().partition("*")[0] == key]
    shown = parameters_of(one.value).get(key, "")
    base_name = re.split(r"[\\/]", shown)[-1]
    if (base_name != shown or _tells_path(names)) and notes.add(kinds.PATH, place, shown):
        changed = True
        kept = [item for item in kept if item not in names]
        kept.append(f"{key}*=utf-8''{quote(base_name, safe='')}")
    if not changed:
        return _ended(one.raw, part.headers)
    end = part.headers.line_end
    folded = (";" + end.decode() + " ").join((head, *kept))
    return f"{one.name}: {folded}".encode("latin-1", "replace") + end


def _tells_path(items: list[str]) -> bool:
    """Look for a folder in a name that is given in several ways, one of which a reader takes."""
    plain = (unquote(re.sub(r"=\?[^?]*\?[bqBQ]\?[^?]*\?=", "", one)) for one in items)
    return any("/" in one or re.search(r"\\[^\"\\]", one) for one in plain)


def _plain(value: str) -> bool:
    return re.fullmatch(r"[^\s()]+", value) is not None


def encoding_of(part: Part) -> str:
    """Name how a part is encoded; `""` for one that nobody knows."""
    raw = part.headers.first("content-transfer-encoding").decode("latin-1")
    name = raw.split(";")[0].split("(")[0].strip().lower() or "7bit"
    if name in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return "uuencode"
    name = {"8-bit": "8bit", "7-bit": "7bit", "8bits": "8bit", "none": "7bit"}.get(name, name)
    return name if name in _ENCODINGS else ""
