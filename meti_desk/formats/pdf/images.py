"""The data of pictures in a PDF as they were put in: JPEG and JPEG 2000 files."""

from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

_PICTURES = (Name.DCTDecode, Name.JPXDecode, Name("/DCT"))


def picture_data(image: Any) -> bytes | None:
    """Give the JPEG or JPEG 2000 file inside an image, or `None` if it holds none.

    Lossless wrappings around it are taken off; unusual chains are left alone.
    """
    filters = image.get("/Filter")
    names = list(filters) if isinstance(filters, Array) else [filters]
    if not names or names[-1] not in _PICTURES:
        return None
    data = bytes(image.read_raw_bytes())
    return data if len(names) == 1 else _unwrapped(data, names[:-1], image.get("/DecodeParms"))


def set_picture_data(image: Any, data: bytes) -> None:
    """Store a JPEG or JPEG 2000 file in an image, without any wrapping."""
    filters, parameters = image.get("/Filter"), image.get("/DecodeParms")
    last = filters[-1] if isinstance(filters, Array) else filters
    if isinstance(parameters, Array) and len(parameters):
        parameters = parameters[-1]
    usable = parameters if isinstance(parameters, Dictionary) else None
    image.write(data, filter=last, decode_parms=usable)


def _unwrapped(data: bytes, filters: list[Any], parameters: Any) -> bytes | None:
    """Take lossless wrappings off; the library does it only for streams that have no others."""
    scratch = pikepdf.new()
    stream = scratch.make_stream(data)
    stream.Filter = Array([Name(str(one)) for one in filters])
    if isinstance(parameters, Array) and any(
        isinstance(one, Dictionary) for one in list(parameters)[: len(filters)]
    ):
        return None
    try:
        return bytes(stream.read_bytes())
    except pikepdf.PdfError:
        return None
