"""A share that goes on paper: as the text of a QR code, and as words that can be typed in again.

For XOR the words are those of the shipped list, four to a line with a fifth that checks the line;
for SLIP-39 they are the standard's own, which any program of that standard reads.
"""

import base64
import binascii
import hashlib
import struct

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection.password import words as shipped_words
from meti_desk.protection.split import SHARE_LENGTH, Scheme
from meti_desk.protection.split_shares import pack_slip39, slip39_index, slip39_words

PREFIX = "METISHARE1:"
_RECORD = struct.Struct(">16sBBB")
_CHECK = 4
_SCHEMES: tuple[Scheme, ...] = ("xor-split", "slip-39")
_BITS = 11
_DATA = 4
_LINE = _DATA + 1
_LINES = 7
_SLIP_LINE = 5
_SLIP_WORDS = 33
_SLIP_CHECK = 3
_SLIP_BITS = 10
_TAG = 5
_FORM = 1
_LONGEST = 10_000


class ShareText(msgspec.Struct, frozen=True, kw_only=True):
    """A share as it was read from a code or words; `set` is its beginning only where words told it.

    Empty where not even that stands in the words (SLIP-39): the manifest's hash tells then.
    """

    set: str
    index: int
    scheme: Scheme
    share: bytes

    def __repr__(self) -> str:
        """Leave the share out."""
        return f"ShareText({self.index})"


class WordFault(msgspec.Struct, frozen=True):
    """A word that cannot be right: its place from 1, or a line's, and what was probably meant."""

    place: int
    line: int
    suggestion: str = ""

    def __repr__(self) -> str:
        """Tell the place only: a word belongs to a share."""
        return f"WordFault({self.place}, {self.line})"


def code_text(share: ShareText, n: int) -> str:
    """Write a share as the text of a QR code: capitals and digits, which make it small."""
    record = _RECORD.pack(
        bytes.fromhex(share.set), share.index, n, _SCHEMES.index(share.scheme)
    ) + share.share  # fmt: skip
    record += hashlib.sha256(record).digest()[:_CHECK]
    return PREFIX + base64.b32encode(record).decode().rstrip("=")


def read_code(text: str) -> ShareText:
    """Read the text of a QR code (`split.code-wrong`)."""
    body = "".join(text.split()).upper().removeprefix(PREFIX)
    try:
        record = base64.b32decode(body + "=" * (-len(body) % 8))
    except (binascii.Error, ValueError):
        raise InvalidInput("split.code-wrong") from None
    held, check = record[:-_CHECK], record[-_CHECK:]
    if len(held) < _RECORD.size or hashlib.sha256(held).digest()[:_CHECK] != check:
        raise InvalidInput("split.code-wrong")
    set_id, index, _, scheme = _RECORD.unpack_from(held)
    share = held[_RECORD.size :]
    if scheme >= len(_SCHEMES) or len(share) != SHARE_LENGTH[_SCHEMES[scheme]]:
        raise InvalidInput("split.code-wrong")
    return ShareText(set=set_id.hex(), index=index, scheme=_SCHEMES[scheme], share=share)


def word_lines(share: ShareText) -> tuple[tuple[str, ...], ...]:
    """Write a share as lines of words."""
    if share.scheme == "slip-39":
        words = tuple(slip39_words(share.share).split())
        return tuple(words[at : at + _SLIP_LINE] for at in range(0, len(words), _SLIP_LINE))
    value = int.from_bytes(bytes.fromhex(share.set)[:_TAG] + bytes([share.index]) + share.share)
    value |= _FORM << 8 * (_TAG + 1 + len(share.share))
    places = [value >> _BITS * at & (1 << _BITS) - 1 for at in reversed(range(_LINES * _DATA))]
    known = shipped_words()
    lines = [places[at : at + _DATA] for at in range(0, len(places), _DATA)]
    return tuple(
        tuple(known[place] for place in (*line, _check(number, line)))
        for number, line in enumerate(lines)
    )


def read_share(text: str) -> ShareText:
    """Read a share that was typed or read from a file: words, or the text of a code.

    Raises `InvalidInput`: `split.code-wrong`, `split.words-wrong` (`places` names the words,
    `lines` the lines), `split.words-count`.
    """
    if len(text) > _LONGEST:
        raise InvalidInput("split.words-count", found=len(text), expected=_LINES * _LINE)
    if "".join(text.split()).upper().startswith(PREFIX):
        return read_code(text)
    typed = typed_words(text)
    faults = faults_of(typed)
    if faults:
        raise InvalidInput(
            "split.words-wrong",
            places=", ".join(str(one.place) for one in faults if one.place),
            lines=", ".join(dict.fromkeys(str(one.line) for one in faults)),
        )
    if len(typed) == _SLIP_WORDS:
        packed = pack_slip39(typed)
        return ShareText(set="", index=slip39_index(packed), scheme="slip-39", share=packed)
    if len(typed) != _LINES * _LINE:
        raise InvalidInput("split.words-count", found=len(typed), expected=_LINES * _LINE)
    return _of_words(typed)


def typed_words(text: str) -> tuple[str, ...]:
    """Take words out of what was typed: numbers, commas and full-width letters do not matter."""
    import unicodedata

    plain = unicodedata.normalize("NFKC", text).lower()
    return tuple("".join(c if c.isascii() and c.isalpha() else " " for c in plain).split())


def faults_of(typed: tuple[str, ...]) -> tuple[WordFault, ...]:
    """Find the words that are on no list, and the lines whose check does not fit.

    Of SLIP-39 words one that is on the list and wrong is found by the standard's checksum. What is
    not finished yet gives no faults beyond its unknown words.
    """
    slip, lists = are_slip39(typed), (_slip_words(), frozenset(shipped_words()))
    known, width = (lists[0], _SLIP_LINE) if slip else (lists[1], _LINE)
    faults = [
        WordFault(at + 1, at // width + 1, _nearest(word, known))
        for at, word in enumerate(typed)
        if word not in known
    ]
    if faults:
        return tuple(faults)
    if slip:
        return _slip_fault(typed) if len(typed) == _SLIP_WORDS else ()
    places = {word: place for place, word in enumerate(shipped_words())}
    found = [places[word] for word in typed[: _LINES * _LINE]]
    lines = [found[at : at + _LINE] for at in range(0, len(found), _LINE)]
    return tuple(
        WordFault(0, number + 1)
        for number, line in enumerate(lines)
        if len(line) == _LINE and _check(number, line[:_DATA]) != line[_DATA]
    )


def are_slip39(typed: tuple[str, ...]) -> bool:
    """Tell of which list most of the words are."""
    slip, ours = _slip_words(), frozenset(shipped_words())
    return sum(word in slip for word in typed) > sum(word in ours for word in typed)


def _slip_words() -> frozenset[str]:
    from shamir_mnemonic.wordlist import WORDLIST

    return frozenset(WORDLIST)


def _slip_fault(typed: tuple[str, ...]) -> tuple[WordFault, ...]:
    """Find the one word whose change makes the checksum right; several wrong ones: all lines.

    The checksum is linear: what a change of one word does to it follows from its ten bits.
    """
    from shamir_mnemonic.wordlist import WORDLIST

    places = {word: place for place, word in enumerate(WORDLIST)}
    found = [places[word] for word in typed]
    wrong = _syndrome(found)
    if not wrong:
        return ()
    for at, place in enumerate(found):
        bits = [
            _syndrome([*found[:at], place ^ 1 << bit, *found[at + 1 :]]) ^ wrong
            for bit in range(_SLIP_BITS)
        ]
        reached = [0]
        for bit in bits:
            reached += [one ^ bit for one in reached]
        if wrong in reached:
            meant = WORDLIST[place ^ reached.index(wrong)]
            return (WordFault(at + 1, at // _SLIP_LINE + 1, meant),)
    lines = -(-len(found) // _SLIP_LINE)
    return tuple(WordFault(0, line + 1) for line in range(lines))


def _syndrome(places: list[int]) -> int:
    """Tell how the last three words differ from the checksum of the others; 0 is right.

    It is taken as of an extendable share, which is what is made here, always.
    """
    from shamir_mnemonic.rs1024 import create_checksum

    data, check = places[:-_SLIP_CHECK], places[-_SLIP_CHECK:]
    differ = 0
    for made, typed in zip(create_checksum(data, b"shamir_extendable"), check, strict=True):
        differ = differ << _SLIP_BITS | made ^ typed
    return differ


def _of_words(typed: tuple[str, ...]) -> ShareText:
    places = {word: place for place, word in enumerate(shipped_words())}
    value = 0
    for at, word in enumerate(typed):
        if at % _LINE != _DATA:
            value = value << _BITS | places[word]
    length = SHARE_LENGTH["xor-split"]
    if value >> 8 * (_TAG + 1 + length) != _FORM:
        raise InvalidInput("split.code-wrong")
    raw = (value & (1 << 8 * (_TAG + 1 + length)) - 1).to_bytes(_TAG + 1 + length)
    return ShareText(
        set=raw[:_TAG].hex(), index=raw[_TAG], scheme="xor-split", share=raw[_TAG + 1 :]
    )


def _check(number: int, line: list[int]) -> int:
    """Give the word that checks a line: eleven bits of a hash over its words and its place."""
    raw = bytes([number]) + b"".join(place.to_bytes(2) for place in line)
    digest = hashlib.sha256(b"meti-desk split words 1\0" + raw).digest()
    return int.from_bytes(digest[:2]) >> 16 - _BITS


def _nearest(word: str, known: frozenset[str]) -> str:
    """Give the one word of the list that is one slip of the finger away, if there is just one."""
    near = [one for one in known if _one_slip(word, one)]
    return near[0] if len(near) == 1 else ""


def _one_slip(typed: str, meant: str) -> bool:
    if abs(len(typed) - len(meant)) > 1:
        return False
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    rest_typed, rest_meant = typed[start:], meant[start:]
    return (
        rest_typed[1:] == rest_meant[1:]
        or rest_typed[1:] == rest_meant
        or rest_typed == rest_meant[1:]
        or (rest_typed[2:] == rest_meant[2:] and rest_typed[:2] == rest_meant[1::-1])
    )
