"""Results of the worker's jobs that speak of recipients; see `meti_desk.formats.jobs`."""

import msgspec

from meti_desk.protection.keys.base import Wrap


class WrapsReport(msgspec.Struct, frozen=True):
    """How a file is protected, and its content key as it is wrapped for each certificate.

    Nothing of it is secret: it stands in the file for everybody to read.
    """

    method: str
    wraps: tuple[Wrap, ...] = ()
