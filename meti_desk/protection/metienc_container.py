"""The inside of a `.metienc` file: one stream under a random content key, in constant memory.

Nothing here knows passwords or recipients. Whoever has the content key by another way - shares of
a split document - reads and writes the same container.
"""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection import inside
from meti_desk.protection.base import emptied_on_failure, readinto
from meti_desk.protection.inside import PIECE, Piece
from meti_desk.protection.metienc_header import KEY, Header, pack, read

_CHUNK, _TAG = 1 << 14, 16
_MORE = 1 << 15
"""What a piece may grow by beside its tags: header, and what was held back before."""


def seal(pieces: Iterable[Piece], target: BinaryIO, header: Header, key: bytes) -> None:
    """Write a container of `pieces` (see `inside.stream`) behind its header, to an empty target.

    `key` has 32 random bytes and is used for this one container only.
    """
    context = pack(header)
    with emptied_on_failure(target):
        target.write(context)
        encrypt(pieces, target, key, context)


def encrypt(pieces: Iterable[Piece], target: BinaryIO, key: bytes, context: bytes) -> None:
    """Encrypt by Cobblestone-256 (C2SP chunked encryption)."""
    from cryptography.cobblestone import Cobblestone256Encryptor

    engine = Cobblestone256Encryptor(key, context)
    out = bytearray()
    for piece in pieces:
        if len(out) < len(piece) + _MORE:
            out = bytearray(len(piece) + len(piece) // _CHUNK * _TAG + _MORE)
        count = engine.update_into(piece, out)
        target.write(memoryview(out)[:count])
    target.write(engine.finalize())


def decrypted(source: BinaryIO, key: bytes, context: bytes) -> Iterator[memoryview]:
    """Decrypt from the position of `source` to its end, piece by piece.

    A piece is valid until the next is asked for, so that no memory is asked for in between. Every
    piece has been authenticated; that nothing is missing is known only when the iterator ends.
    Raises `InvalidInput("open.tampered")`, for a key of another length too.
    """
    from cryptography.cobblestone import Cobblestone256Decryptor
    from cryptography.exceptions import InvalidTag

    if len(key) != KEY:
        raise InvalidInput("open.tampered", articles=("14-2",))
    into, out = bytearray(PIECE), bytearray(PIECE + _MORE)
    view, given = memoryview(into), memoryview(out)
    try:
        engine = Cobblestone256Decryptor(key, context)
        while count := readinto(source, view):
            yield given[: engine.update_into(view[:count], out)]
        yield memoryview(engine.finalize())
    except InvalidTag:
        raise InvalidInput("open.tampered", articles=("14-2",)) from None


class Container:
    """A container that is read; raises `InvalidInput` by code, whatever its bytes are."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.header, self._context = read(source)

    def listing(self, key: bytes) -> inside.Listing:
        """Read the list alone, which stands first: a large file is not decrypted for it.

        That the file is whole is not known by this. Raises `open.tampered` and what
        `inside.Unpacker` raises.
        """
        unpacker = inside.Unpacker()
        for piece in self._pieces(key):
            unpacker.take(piece)
            if unpacker.listed is not None:
                return unpacker.listed
        return unpacker.finish()

    def extract(self, key: bytes, target: BinaryIO, member: int | None = None) -> inside.Listing:
        """Write one file, or all of them one behind the other (`member` is `None`).

        The whole container is authenticated before this returns; on any error `target` is left
        empty. Raises `open.tampered` and what `inside.Unpacker` raises.
        """
        unpacker = inside.Unpacker(target, member)
        with emptied_on_failure(target):
            for piece in self._pieces(key):
                unpacker.take(piece)
            return unpacker.finish()

    def _pieces(self, key: bytes) -> Iterator[memoryview]:
        self._source.seek(len(self._context))
        return decrypted(self._source, key, self._context)
