"""The family of archives: zip, tar, gzip, bzip2, xz; 7z and rar are known by name only."""

import io
from collections.abc import Iterator
from typing import BinaryIO, NoReturn

from meti_desk.domain.errors import MetiDeskError, RuleViolation
from meti_desk.formats.archive.kinds import KINDS
from meti_desk.formats.base import (
    Finding,
    Inspection,
    LabelOrder,
    LabelReport,
    Purpose,
    ScrubOrder,
    ScrubReport,
    Wants,
)
from meti_desk.formats.inner import first_nest
from meti_desk.formats.members import Inside, Nest, look
from meti_desk.formats.noting import Notes
from meti_desk.formats.sidecar.hashing import sha256
from meti_desk.formats.sidecar.kinds import kind_of

OPENED = frozenset({"zip", "tar", "gz", "bz2", "xz"})
CLOSED = frozenset({"7z", "rar", "zst"})
"""Archives that nothing here can open: what lies in them is not known, so they stay undecided."""
_EMPTY_OR_SPANNED = (b"PK\x05\x06", b"PK\x07\x08")


class Archive:
    """The family of archives, of the shape that `DocumentFormat` describes.

    The digest goes over names and digests of the files inside, sorted: packing them anew, in
    another order or by another program, does not change it. Where one file cannot be had, it is
    the SHA-256 of all bytes.
    """

    id = "archive"

    def recognise(self, head: bytes, source: BinaryIO) -> str | None:
        """Name the kind of archive; documents that are zips inside are none."""
        kind = "zip" if head.startswith(_EMPTY_OR_SPANNED) else kind_of(head, source)
        if kind in OPENED or kind in CLOSED:
            return kind
        return "tar" if _is_tar(head) else None

    def inspect(self, source: BinaryIO, wants: Wants) -> Inspection:
        """List the files inside with what each says of itself."""
        return self.inspect_within(source, wants, Nest())

    def inspect_within(self, source: BinaryIO, wants: Wants, nest: Nest) -> Inspection:
        """Inspect as one file among others; see `formats.members`."""
        source.seek(0)
        kind = self.recognise(source.read(4096), source) or "zip"
        looked = look(_files(source, kind, wants.name, nest), wants, nest)
        return Inspection(
            format=kind,
            findings=self._listed(source, kind, wants.purpose) if wants.findings else (),
            digest=(looked.digest or sha256(source)) if wants.digest else "",
            text=looked.text,
            embeds=False,
            markable=False,
            members=looked.members,
        )

    def write_label(self, source: BinaryIO, target: BinaryIO, order: LabelOrder) -> LabelReport:
        """Refuse with `format.not-embeddable`: the services write a sidecar."""
        del target, order
        self._refuse("format.not-embeddable", source)

    def verify_label(self, source: BinaryIO, result: BinaryIO, order: LabelOrder) -> None:
        """Refuse with `format.not-embeddable`."""
        del result, order
        self._refuse("format.not-embeddable", source)

    def scrub(self, source: BinaryIO, target: BinaryIO, order: ScrubOrder) -> ScrubReport:
        """Write the archive with each file inside scrubbed by its own family (Arts. 14-7, 15-2).

        Raises `RuleViolation`: `scrub.blocked` for a file inside that cannot be cleaned,
        `scrub.unsupported-format` for archives that nothing here can open; `InvalidInput`:
        `document.damaged`, `document.encrypted`, `document.bomb`, `document.too-large`.
        """
        return self.scrub_within(source, target, order, first_nest())

    def scrub_within(
        self, source: BinaryIO, target: BinaryIO, order: ScrubOrder, nest: Nest
    ) -> ScrubReport:
        """Scrub as one file among others; see `formats.inner`."""
        return self._cleaned(source, target, Notes(order, KINDS), nest).report()

    def findings_within(
        self, source: BinaryIO, order: ScrubOrder, nest: Nest
    ) -> tuple[Finding, ...]:
        """List what a scrub with the standard choices would take out, or leave."""
        notes = Notes(order, KINDS, showing=True)
        return self._cleaned(source, io.BytesIO(), notes, nest).findings()

    def verify_scrub(self, source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
        """Prove with the independent auditor that nothing was left and every file stayed."""
        from meti_desk.formats.archive.audit import audit

        audit(source, result, order)

    def _cleaned(self, source: BinaryIO, target: BinaryIO, notes: Notes, nest: Nest) -> Notes:
        source.seek(0)
        kind = self.recognise(source.read(4096), source) or "zip"
        if kind in CLOSED:
            self._refuse("scrub.unsupported-format", source, "14-7")
        if kind == "zip":
            from meti_desk.formats.archive.clean_zip import clean

            clean(source, target, notes, nest)
        elif kind == "tar":
            from meti_desk.formats.archive.clean_tar import clean_tar

            clean_tar(source, target, notes, nest)
        else:
            from meti_desk.formats.archive.clean_tar import clean_packed

            clean_packed(source, target, kind, notes, nest)
        return notes

    def _listed(self, source: BinaryIO, kind: str, purpose: Purpose) -> tuple[Finding, ...]:
        """List findings; what cannot be opened is told by its members, and has none."""
        if kind in CLOSED:
            return ()
        try:
            return self.findings_within(source, ScrubOrder(purpose), first_nest())
        except MetiDeskError:
            return ()

    def _refuse(self, code: str, source: BinaryIO, *articles: str) -> NoReturn:
        source.seek(0)
        kind = self.recognise(source.read(4096), source) or "zip"
        raise RuleViolation(code, articles=articles, format=kind)


def _is_tar(head: bytes) -> bool:
    """Tell an old tar without a name of its format; what cannot be one costs nothing."""
    if len(head) < 512 or head[148:156].strip(b" \0")[:1] not in (b"0", b"1"):  # noqa: PLR2004
        return False
    from meti_desk.formats.archive.tars import is_tar

    return is_tar(head)


def _files(source: BinaryIO, kind: str, name: str, nest: Nest) -> Iterator[Inside]:
    if kind in CLOSED:
        return iter((Inside("", obstacle="unreadable-archive"),))
    if kind == "zip":
        from meti_desk.formats.archive.zips import files as zipped

        return zipped(source, nest)
    from meti_desk.formats.archive.tars import files as tarred

    return tarred(source, kind, name, nest)


ARCHIVE = Archive()
