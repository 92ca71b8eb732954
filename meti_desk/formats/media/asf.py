"""ASF (WMV, WMA): what it tells is shown, and nothing is removed.

Its streams carry times and scripts of their own amid the packets, which are not looked into here:
such a film is refused, and the way out is to convert it to MP4.
"""

from collections.abc import Iterator

from meti_desk.formats.image.data import Data, damaged
from meti_desk.formats.media.cleaner import Cleaner
from meti_desk.formats.media.kinds import APPLICATION, ENCODER, TAG, TIME

MAGIC = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_EXTENSION = bytes.fromhex("b503bf5f2ea9cf118ee300c00c205365")
_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_TOLD = {
    bytes.fromhex("3326b2758e66cf11a6d900aa0062ce6c"): ("description", TAG),
    bytes.fromhex("40a4d0d207e3d21197f000a0c95ea850"): ("extended description", TAG),
    bytes.fromhex("eacbf8c5af5b77488467aa8c44fa4cca"): ("metadata", TAG),
    bytes.fromhex("941c23449894d149a1411d134e457054"): ("metadata library", TAG),
    bytes.fromhex("4052d1861d31d011a3a400a0c90348f6"): ("codecs", ENCODER),
    bytes.fromhex("301afb1e620bd011a39b00a0c90348f6"): ("scripts", APPLICATION),
    bytes.fromhex("01cd87f451a9cf118ee600c00c205365"): ("markers", TAG),
}
_HEAD = 24
_FIRST = 30
_EXTENSION_HEAD = 46
_MOST = 1000


def clean(data: Data, cleaner: Cleaner) -> None:
    """Note what the head tells; all of it stays, so that nothing can be given away."""
    stop = data.number(16, 8, order="little")
    if stop > data.size:
        raise damaged("header")
    for kind, start, end in _objects(data, _FIRST, stop):
        if kind == _EXTENSION:
            for inner, at, last in _objects(data, start + _EXTENSION_HEAD, end):
                _tell(data, cleaner, inner, at, last)
        else:
            _tell(data, cleaner, kind, start, end)


def _objects(data: Data, at: int, stop: int) -> Iterator[tuple[bytes, int, int]]:
    for _ in range(_MOST):
        if at + _HEAD > stop:
            return
        end = at + data.number(at + 16, 8, order="little")
        if end > stop or end < at + _HEAD:
            raise damaged("object")
        yield data[at : at + 16], at, end
        at = end


def _tell(data: Data, cleaner: Cleaner, kind: bytes, start: int, end: int) -> None:
    block = data[start + _HEAD : min(end, start + 600)]
    if kind == _PROPERTIES:
        if block[24:32].strip(b"\0"):
            cleaner.blocked(TIME, "file")
    elif kind in _TOLD and block.strip(b"\0"):
        place, finding = _TOLD[kind]
        # Two bytes a letter, among numbers: what cannot be read is left out.
        text = "".join(
            one if one.isprintable() else " " for one in block.decode("utf-16-le", "replace")
        ).replace("\ufffd", " ")
        cleaner.blocked(finding, place, text)
