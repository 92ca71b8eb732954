"""The key of a set, divided: XOR where all parts are needed, SLIP-39 where some may be lost.

A share on its own, and for XOR any number of shares short of all, says nothing about the key: each
is as likely as any other whatever the key is. Neither scheme has a category on the CRYPTREC list;
they hide only a key, which is why none is called listed.
"""

from collections.abc import Callable, Sequence

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection.split import MOST_PARTS, Scheme

KEY_LENGTH = 32
_WORDS = 33
_BITS = 10
_PACKED = 42

RandomBytes = Callable[[int], bytes]


def scheme_for(n: int, k: int) -> Scheme:
    """Choose the scheme, or refuse numbers that make no sense (`split.bad-count`)."""
    if not (2 <= k <= n <= MOST_PARTS):  # noqa: PLR2004 - a secret of one part is none
        raise InvalidInput("split.bad-count", articles=("14-5",), n=n, k=k, most=MOST_PARTS)
    return "xor-split" if k == n else "slip-39"


def divide(key: bytes | bytearray, n: int, k: int, random_bytes: RandomBytes) -> list[bytes]:
    """Divide a key into `n` shares of which any `k` give it back.

    `random_bytes` is asked for the XOR shares; SLIP-39 draws from the system itself.
    """
    if scheme_for(n, k) == "slip-39":
        return _divide_by_slip39(bytes(key), n, k)
    shares = [random_bytes(len(key)) for _ in range(n - 1)]
    return [*shares, _xor([bytes(key), *shares])]


def unite(shares: Sequence[bytes], scheme: Scheme) -> bytearray:
    """Give the key back from all shares (XOR) or exactly as many as needed (SLIP-39).

    Raises `InvalidInput("split.shares-wrong")` where SLIP-39 notices that they do not fit.
    """
    if scheme == "xor-split":
        return bytearray(_xor(shares))
    from shamir_mnemonic import MnemonicError, combine_mnemonics

    try:
        return bytearray(combine_mnemonics([slip39_words(one) for one in shares]))
    except (MnemonicError, ValueError):
        raise InvalidInput("split.shares-wrong") from None


def _xor(values: Sequence[bytes]) -> bytes:
    total = 0
    for value in values:
        total ^= int.from_bytes(value, "big")
    return total.to_bytes(len(values[0]), "big")


def _divide_by_slip39(key: bytes, n: int, k: int) -> list[bytes]:
    from shamir_mnemonic import generate_mnemonics

    # No passphrase and the least count: the key is random, there is nothing to slow down.
    mnemonics = generate_mnemonics(1, [(k, n)], key, iteration_exponent=0)[0]
    return [pack_slip39(one.split()) for one in mnemonics]


def pack_slip39(words: Sequence[str]) -> bytes:
    """Pack the 33 words of a SLIP-39 share into 42 bytes (`split.shares-wrong`)."""
    from shamir_mnemonic.wordlist import WORDLIST

    places = {word: place for place, word in enumerate(WORDLIST)}
    if len(words) != _WORDS or any(word not in places for word in words):
        raise InvalidInput("split.shares-wrong")
    value = 0
    for word in words:
        value = value << _BITS | places[word]
    return value.to_bytes(_PACKED, "big")


def slip39_words(share: bytes) -> str:
    """Give the words of a packed SLIP-39 share, as other programs of that standard read them."""
    from shamir_mnemonic.wordlist import WORDLIST

    value = int.from_bytes(share, "big")
    if len(share) != _PACKED or value >> (_WORDS * _BITS):
        raise InvalidInput("split.shares-wrong")
    mask = (1 << _BITS) - 1
    return " ".join(WORDLIST[value >> _BITS * at & mask] for at in reversed(range(_WORDS)))


def slip39_index(share: bytes) -> int:
    """Tell which part of its set a SLIP-39 share is, counted from 1 (`split.shares-wrong`)."""
    from shamir_mnemonic import MnemonicError, Share

    try:
        return int(Share.from_mnemonic(slip39_words(share)).index) + 1
    except (MnemonicError, ValueError):
        raise InvalidInput("split.shares-wrong") from None
