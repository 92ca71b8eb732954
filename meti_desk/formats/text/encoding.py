"""Finds out how bytes are written: Unicode, or one of the old Japanese encodings."""

import codecs

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ESCAPES = (b"\x1b$B", b"\x1b$@", b"\x1b$(D", b"\x1b(J", b"\x1b(I")
_KANA = range(0x3041, 0x3100)
_HALF_KANA = range(0xFF61, 0xFFA0)
_KANJI = range(0x4E00, 0xA000)
_WIDE = (range(0x3000, 0x3100), range(0xFF01, 0xFF5F))
_SAMPLE = 1 << 16
_LIKE = {
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932",
    "ms_kanji": "cp932", "windows-31j": "cp932", "cp932": "cp932",
    "iso-2022-jp": "iso2022_jp_ext", "iso-2022-jp-ms": "iso2022_jp_ext",
    "csiso2022jp": "iso2022_jp_ext", "euc-jp": "euc_jis_2004", "x-euc-jp": "euc_jis_2004",
    "us-ascii": "utf-8", "ascii": "utf-8", "unicode-1-1-utf-7": "utf-7",
}  # fmt: skip
"""What is written under a name in truth: programs say Shift_JIS and mean that of Windows."""

CODECS = (
    "encodings.cp932",
    "encodings.euc_jis_2004",
    "encodings.iso2022_jp_ext",
    "encodings.utf_16",
    "encodings.cp1252",
)
"""Modules that decoding asks for, to be loaded ahead."""


def decode(data: bytes, declared: str = "") -> str:
    """Decode text; never fails, what cannot be read becomes U+FFFD.

    `declared` is what the file says of itself. It is believed where the bytes agree; else the
    bytes decide.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data.decode(name, "replace")
    codec = _codec(declared)
    if codec:
        try:
            return data.decode(codec)
        except (UnicodeError, ValueError):
            pass
    return _guessed(data)


def _codec(declared: str) -> str:
    name = declared.strip().strip("\"'").lower()
    name = _LIKE.get(name, name)
    if not name:
        return ""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    # Codecs that are no encodings of text (zip, rot13, idna …) have no business here.
    plain = getattr(found, "_is_text_encoding", False) and found.name not in {"idna", "punycode"}
    return name if plain and "escape" not in found.name else ""


def _guessed(data: bytes) -> str:
    if any(mark in data for mark in _ESCAPES):
        return data.decode("iso2022_jp_ext", "replace")
    wide = _utf16_without_bom(data)
    if wide:
        return data.decode(wide, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as bad:
        # A character that was cut off at the end makes it no other encoding.
        if bad.reason == "unexpected end of data":
            return data[: bad.start].decode("utf-8")
    best = max(("cp932", "euc_jis_2004"), key=lambda name: _plausible(data[:_SAMPLE], name))
    if _plausible(data[:_SAMPLE], best) > 0:
        return data.decode(best, "replace")
    # Some bad bytes make no other encoding of a text that is UTF-8 else.
    text = data.decode("utf-8", "replace")
    sample = text[:_SAMPLE]
    lost = sample.count("\ufffd")
    kept = sum(1 for char in sample if char > "\x7f") - lost
    return text if kept >= lost else data.decode("cp1252", "replace")


def _utf16_without_bom(data: bytes) -> str:
    """Tell UTF-16 by the zeros that half of its bytes are in text with line ends and spaces."""
    sample = data[:4096]
    if len(sample) % 2 == 1:
        sample = sample[:-1]
    for name, odd in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        even = sample[::2] if name == "utf-16-le" else sample[1::2]
        if odd.count(0) > max(2, len(odd) // 20) and even.count(0) == 0:
            return name
    return ""


def _plausible(data: bytes, codec: str) -> float:
    """Weigh how much a text looks like Japanese when it is read so; bad bytes cost."""
    text = data.decode(codec, "replace")
    score = 0.0
    for char in text:
        code = ord(char)
        if code in _KANA:
            score += 2
        elif code in _KANJI or any(code in span for span in _WIDE):
            score += 1
        elif code in _HALF_KANA:
            score -= 0.5
        elif char == "\ufffd":
            score -= 20
    return score / max(len(text), 1)
