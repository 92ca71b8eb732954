"""Any other file: recognised for display, hashed, never rewritten; its label lies in a sidecar."""

from meti_desk.formats.sidecar.document import SUFFIX, Sidecar, make_sidecar, read_sidecar

__all__ = ["SUFFIX", "Sidecar", "make_sidecar", "read_sidecar"]
