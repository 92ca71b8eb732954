import struct

from meti_desk.formats.legacy.compound import LARGEST_STREAM
from meti_desk.formats.legacy.word import _pieces


def table(*pieces: tuple[int, int]) -> bytes:
    """Write a table of pieces: their length and where they lie."""
    positions = [0]
    for length, _ in pieces:
        positions.append(positions[-1] + length)
    plc = struct.pack(f"<{len(positions)}L", *positions)
    plc += b"".join(struct.pack("<HLH", 0, place, 0) for _, place in pieces)
    return b"\x01\x02\x00ab" + b"\x02" + struct.pack("<L", len(plc)) + plc


def test_pieces_are_put_together_in_their_order() -> None:
    stream = "前半".encode("utf-16-le") + b"caf\xe9"
    pieces = ((4, (4 * 2) | 1 << 30), (2, 0))
    assert _pieces(stream, table(*pieces)).decode("utf-16-le") == "café前半"


def test_pieces_that_all_point_at_one_place_end() -> None:
    stream = bytes(4 << 20)
    assert len(_pieces(stream, table(*((2 << 20, 0),) * 40))) <= LARGEST_STREAM


def test_what_is_no_table_gives_nothing() -> None:
    for data in (b"", b"\x02", b"\x02\0\0\0\0", b"\x03abcde", b"\x01\xff\xffabc"):
        assert _pieces(b"stream", data) == b""
