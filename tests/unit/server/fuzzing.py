"""Makes wrong requests out of right ones: structures, bytes, packing, proofs; by a number each."""

import random
import struct
from typing import Any

import msgspec
import zstandard

INJECTIONS = (
    "' OR '1'='1", "'; DROP TABLE people; --", '"; DELETE FROM events; --', "x' UNION SELECT 1 --",
    "%s%n%s", "$(id)", "`id`", "${jndi:ldap://x}", "{{7*7}}", "../../../etc/passwd", "\x00",
    "a\x00b", "\r\nSet-Cookie: a=b", "\r\n\r\nHTTP/1.1 200 OK", "\u202e\u2066", "\ufeff",
    "\U0010ffff", "?", "?1", ":name", "\\", "😀" * 40, "課" * 300, "x" * 70_000, "",
)  # fmt: skip
NUMBERS = (
    -1, 0, 1, 2**31 - 1, 2**31, -(2**31) - 1, 2**53, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1,
    -(2**63), 10**15,
)  # fmt: skip


class Pairs(list[tuple[Any, Any]]):
    """A map that may have a key twice."""


class Raw(bytes):
    """Bytes that stand in a message as they are."""


def pack(value: Any) -> bytes:
    """Write MessagePack, also what no library writes."""
    if isinstance(value, Raw):
        return bytes(value)
    if isinstance(value, dict):
        value = Pairs(value.items())
    if isinstance(value, Pairs):
        return _head(0x80, 0xDE, len(value)) + b"".join(pack(k) + pack(v) for k, v in value)
    if isinstance(value, (list, tuple)):
        return _head(0x90, 0xDC, len(value)) + b"".join(map(pack, value))
    return msgspec.msgpack.encode(value)


def _head(short: int, long: int, count: int) -> bytes:
    return bytes([short + count]) if count < 16 else struct.pack(">BH", long, count)


def plain(message: bytes) -> Any:
    """Read a message as maps, lists and values."""
    return msgspec.msgpack.decode(message)


def _deep(draw: random.Random) -> Raw:
    depth = draw.choice([10, 200, 1000, 20_000])
    return Raw(draw.choice([b"\x91", b"\x81\xa1x"]) * depth + b"\xc0")


def _lying(draw: random.Random) -> Raw:
    """Announce more than there is: lengths of 4 GiB, types that do not exist, broken UTF-8."""
    return Raw(
        draw.choice(
            [
                b"\xc6\xff\xff\xff\xff", b"\xdb\xff\xff\xff\xff", b"\xdd\xff\xff\xff\xff",
                b"\xdf\xff\xff\xff\xff", b"\xc1", b"\xa2\xff\xfe", b"\xc7\x05\x01abcde",
                b"\xd6\xff\x00\x00\x00\x00", b"\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00",
                b"\xcb\x7f\xf0\x00\x00\x00\x00\x00\x00", b"\xd9\xff", b"\xcf" + b"\xff" * 8,
            ]
        )
    )  # fmt: skip


def _value(draw: random.Random) -> Any:
    makers = (
        lambda: draw.choice(INJECTIONS),
        lambda: draw.choice(NUMBERS),
        lambda: draw.randbytes(draw.choice([0, 1, 16, 31, 32, 33, 64, 65, 5000])),
        lambda: None,
        lambda: draw.random() < 0.5,
        lambda: draw.random() * 1e300,
        list,
        dict,
        lambda: [draw.choice(NUMBERS)] * draw.choice([1, 6, 300]),
        lambda: {draw.choice(INJECTIONS): draw.choice(NUMBERS)},
        lambda: Pairs([(1, 2), (None, 3)]),
        lambda: _deep(draw),
        lambda: _lying(draw),
    )
    return draw.choice(makers)()


def mutated(draw: random.Random, value: Any) -> Any:
    """Give a structure with one thing in it changed."""
    if isinstance(value, dict) and value and draw.random() < 0.85:
        return _map(draw, value)
    if isinstance(value, list) and value and draw.random() < 0.85:
        place = draw.randrange(len(value))
        parts = [*value]
        match draw.randrange(6):
            case 0:
                del parts[place]
            case 1:
                parts.insert(place, parts[place])
            case 2:
                draw.shuffle(parts)
            case _:
                parts[place] = mutated(draw, parts[place])
        return parts
    return _value(draw)


def _map(draw: random.Random, value: dict[Any, Any]) -> Any:
    name = draw.choice([*value])
    changed = dict(value)
    match draw.randrange(7):
        case 0:
            del changed[name]
        case 1:
            changed[draw.choice(INJECTIONS)] = _value(draw)
        case 2:
            return Pairs([*value.items(), (name, mutated(draw, value[name]))])
        case 3:
            return Pairs([(name, mutated(draw, value[name])), *value.items()])
        case _:
            changed[name] = mutated(draw, value[name])
    return changed


def bitten(draw: random.Random, message: bytes) -> bytes:
    """Give bytes with something flipped, cut, doubled, moved or put in."""
    raw = bytearray(message)
    for _ in range(draw.choice([1, 1, 2, 5])):
        place = draw.randrange(len(raw) + 1)
        match draw.randrange(6):
            case 0 if raw:
                raw[place % len(raw)] ^= 1 << draw.randrange(8)
            case 1 if raw:
                raw[place % len(raw)] = draw.randrange(256)
            case 2:
                del raw[place:]
            case 3:
                del raw[place : place + draw.randrange(1, 9)]
            case 4:
                raw[place:place] = draw.randbytes(draw.randrange(1, 9))
            case _:
                raw[place:place] = raw[place : place + draw.randrange(1, 60)]
    return bytes(raw)


def packed(draw: random.Random, message: bytes) -> bytes:  # noqa: PLR0911 - one line a case
    """Pack by zstd, well or badly."""
    whole = zstandard.ZstdCompressor().compress(message)
    match draw.randrange(9):
        case 0:
            return whole[: draw.randrange(len(whole))]
        case 1:
            return bitten(draw, whole)
        case 2:
            return whole + draw.randbytes(draw.randrange(1, 9))
        case 3:
            return whole + whole
        case 4:  # without its size
            return zstandard.ZstdCompressor(write_content_size=False).compress(message)
        case 5:  # a size that is a lie
            return whole[:5] + draw.randbytes(1) + whole[6:]
        case 6:
            return zstandard.ZstdCompressor().compress(bytes(draw.choice([1 << 20, 5 << 20])))
        case 7:  # one frame within another
            return zstandard.ZstdCompressor().compress(whole)
        case _:
            return whole


def proved(draw: random.Random, proof: str) -> str:
    """Give a proof with one part of it changed."""
    parts = proof.split(" ")
    place = draw.randrange(len(parts))
    match draw.randrange(8):
        case 0:
            del parts[place]
        case 1:
            parts.insert(place, parts[place])
        case 2:
            parts[place] = str(draw.choice(NUMBERS))
        case 3:
            parts[place] = parts[place][:-1]
        case 4:
            parts[place] = parts[place].upper()
        case 5:
            parts[place] = "٣٤" if place == 2 else "é" * 32
        case 6:
            parts[place] = draw.choice(INJECTIONS)
        case _:
            parts[place] = draw.randbytes(draw.choice([0, 16, 64])).hex()
    return " ".join(parts)
