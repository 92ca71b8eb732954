"""QR codes in a photo, a scan or a PDF, read in the worker: share sheets come back this way."""

from meti_desk.formats.codes.reading import CodesOrder, CodesReport, read_codes

__all__ = ["CodesOrder", "CodesReport", "read_codes"]
