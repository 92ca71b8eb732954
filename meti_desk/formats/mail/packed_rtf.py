"""The packed RTF in which Outlook keeps bodies ([MS-OXRTFCP])."""

import struct

_BEGINNING = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    b"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    b"\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
"""What both sides know beforehand."""
_PACKED, _PLAIN = 0x75465A4C, 0x414C454D
_WINDOW = 4096
_HEAD = 16
_LARGEST = 32 << 20


def unpack(data: bytes) -> bytes:
    """Give the RTF; of damaged data what could be read."""
    if len(data) < _HEAD:
        return b""
    size, kind = struct.unpack_from("<4xLL", data)
    if kind == _PLAIN:
        return data[_HEAD : _HEAD + size]
    return _expand(data, min(size, _LARGEST)) if kind == _PACKED else b""


def _expand(data: bytes, size: int) -> bytes:
    window = bytearray(_BEGINNING.ljust(_WINDOW, b"\0"))
    write = len(_BEGINNING)
    out = bytearray()
    at = _HEAD
    while at < len(data) and len(out) < size:
        control = data[at]
        at += 1
        for bit in range(8):
            if control & (1 << bit):
                if at + 2 > len(data):
                    return bytes(out)
                word = data[at] << 8 | data[at + 1]
                at += 2
                start, length = word >> 4, (word & 0xF) + 2
                if start == write:
                    return bytes(out)
                piece = (window[(start + n) % _WINDOW] for n in range(length))
            else:
                if at >= len(data):
                    return bytes(out)
                piece = iter(data[at : at + 1])  # type: ignore[assignment] # both give bytes
                at += 1
            for byte in piece:
                out.append(byte)
                window[write] = byte
                write = (write + 1) % _WINDOW
    return bytes(out)
