"""The data of pictures in a PDF as they were put in: JPEG and JPEG 2000 files."""

import base64
import binascii
import zlib
from typing import Any

from pikepdf import Array, Dictionary, Name

_PICTURES = (Name.DCTDecode, Name.JPXDecode, Name("/DCT"))
_MOST = 256 * 1024 * 1024


def picture_data(image: Any) -> bytes | None:
    """Give the JPEG or JPEG 2000 file inside an image, or `None` if it holds none.

    Lossless wrappings around it are taken off; unusual chains are left alone.
    """
    filters = image.get("/Filter")
    names = list(filters) if isinstance(filters, Array) else [filters]
    if not names or names[-1] not in _PICTURES:
        return None
    data = bytes(image.read_raw_bytes())
    for name in names[:-1]:
        unwrapped = _unwrap(name, data)
        if unwrapped is None:
            return None
        data = unwrapped
    return data


def set_picture_data(image: Any, data: bytes) -> None:
    """Store a JPEG or JPEG 2000 file in an image, without any wrapping."""
    filters, parameters = image.get("/Filter"), image.get("/DecodeParms")
    last = filters[-1] if isinstance(filters, Array) else filters
    if isinstance(parameters, Array) and len(parameters):
        parameters = parameters[-1]
    usable = parameters if isinstance(parameters, Dictionary) else None
    image.write(data, filter=last, decode_parms=usable)


def _unwrap(name: Any, data: bytes) -> bytes | None:
    try:
        if name == Name.FlateDecode:
            return zlib.decompressobj().decompress(data, _MOST)
        if name == Name.ASCIIHexDecode:
            digits = b"".join(data.split(b">")[0].split())
            return binascii.unhexlify(digits + b"0" * (len(digits) % 2))
        if name == Name.ASCII85Decode:
            return base64.a85decode(data.split(b"~>")[0])
    except (zlib.error, ValueError):
        return None
    return None
