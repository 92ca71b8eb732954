"""Recognising encrypted OOXML: a compound file that holds `EncryptedPackage` ([MS-OFFCRYPTO]).

It is encrypted with a password (`EncryptionInfo` says how), or with a label of Microsoft's rights
management (IRM): then the label itself can be read without any key.
"""

import struct
from typing import TYPE_CHECKING, BinaryIO

from meti_desk.formats.base import ProtectionFound

if TYPE_CHECKING:
    from collections.abc import Callable

    import olefile

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
VARIANT = "ooxml-encrypted"
LABEL_PLACE = "LabelInfo"
_TRANSFORMS = "\x06DataSpaces/TransformInfo/"
_LABEL = _TRANSFORMS + LABEL_PLACE
_RIGHTS = _TRANSFORMS + "DRMEncryptedTransform"
_LARGEST_LABEL = 1 << 20
_AGILE = (4, 4)
_CIPHERS = {0x660E: "AES-128", 0x660F: "AES-192", 0x6610: "AES-256", 0x6801: "RC4"}
_HASHES = {
    "SHA1": "SHA-1", "SHA256": "SHA-256", "SHA384": "SHA-384", "SHA512": "SHA-512", "MD5": "MD5"
}  # fmt: skip
_MODES = {"ChainingModeCBC": "CBC", "ChainingModeCFB": "CFB"}


def is_encrypted_package(head: bytes, source: BinaryIO) -> bool:
    """Tell whether a compound file is an encrypted OOXML document; never fails on damaged ones."""
    return head.startswith(MAGIC) and encryption_info(source) is not None


def encryption_info(source: BinaryIO) -> bytes | None:
    """Give the stream `EncryptionInfo` when the file is an encrypted OOXML document.

    It is empty for one that is encrypted by rights management, which has no such stream.
    """
    return _read(source, _info)


def label_stream(source: BinaryIO) -> bytes:
    """Give the label of an encrypted document (2.6.2), or nothing."""
    return _read(source, _label) or b""


def _info(compound: "olefile.OleFileIO") -> bytes | None:
    if not compound.exists("EncryptedPackage"):
        return None
    if compound.exists("EncryptionInfo"):
        return bytes(compound.openstream("EncryptionInfo").read())
    return b"" if compound.exists(_RIGHTS) else None


def _label(compound: "olefile.OleFileIO") -> bytes | None:
    if not compound.exists(_LABEL) or compound.get_size(_LABEL) > _LARGEST_LABEL:
        return None
    return bytes(compound.openstream(_LABEL).read())


def _read(source: BinaryIO, wanted: "Callable[[olefile.OleFileIO], bytes | None]") -> bytes | None:
    import olefile

    source.seek(0)
    try:
        with olefile.OleFileIO(source) as compound:
            return wanted(compound)
    except (OSError, ValueError, IndexError, struct.error, AttributeError, TypeError):
        # olefile reports damage in all these ways.
        return None


def protection_of(info: bytes) -> ProtectionFound:
    """Name the algorithms of an encrypted document: cipher with key length, hash, mode."""
    if len(info) >= 4 and struct.unpack_from("<HH", info) == _AGILE:  # noqa: PLR2004
        return ProtectionFound("office", _agile(info[8:]))
    return ProtectionFound("office", _standard(info))


def _agile(data: bytes) -> tuple[str, ...]:
    from meti_desk.domain.errors import InvalidInput
    from meti_desk.formats.ooxml.xml import parse

    try:
        root = parse(data.rstrip(b"\0"), "EncryptionInfo")
    except InvalidInput:
        return ()
    found: list[str] = []
    for one in root.iter():
        bits, cipher = one.get("keyBits"), one.get("cipherAlgorithm")
        if cipher and bits:
            found.append(f"{cipher}-{bits}")
        digest = one.get("hashAlgorithm")
        if digest:
            found.append(_HASHES.get(digest, digest))
        mode = one.get("cipherChaining")
        if mode:
            found.append(_MODES.get(mode, mode))
    return tuple(dict.fromkeys(found))


def _standard(info: bytes) -> tuple[str, ...]:
    """Read the binary header: flags, size, then flags, extra, cipher, hash, key bits."""
    if len(info) < 12 + 20:
        return ()
    _, _, cipher, digest = struct.unpack_from("<4L", info, 12)
    names = [_CIPHERS.get(cipher, f"0x{cipher:x}")]
    names.append("SHA-1" if digest in {0, 0x8004} else f"0x{digest:x}")
    if cipher in _CIPHERS and names[0].startswith("AES"):
        names.append("ECB")
    return tuple(names)
