"""What is known of one file before anything is done with it: content, label, seal, record."""

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from dataclasses import replace as dataclass_replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from msgspec.structs import replace

from meti_desk.domain import stored_label
from meti_desk.domain.errors import EnvironmentProblem, MetiDeskError
from meti_desk.domain.label import AnyLabel
from meti_desk.domain.mark_text import MarkTexts
from meti_desk.domain.records import DocumentRecord
from meti_desk.faults import fault
from meti_desk.formats.base import Inspection, Wants
from meti_desk.services.context import Context
from meti_desk.services.messages import Seal, SourceView
from meti_desk.services.views import label_view
from meti_desk.system import label_cache
from meti_desk.system.files import write_all
from meti_desk.system.naming import LONGEST_NAME

if TYPE_CHECKING:
    from meti_desk.services.ports import Session, Sessions

SIDECAR_SUFFIX = ".metilabel.json"
PIECE = 1 << 20
"""Bytes hashed at a time."""
_USUAL = MarkTexts().confidentiality
"""Marks that every family knows."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One open file and what was found about it; valid while `opened` is.

    `label` is what the file itself says; where it says nothing, what the record of the same
    content says (`from_record`). `document_id` is empty for a file that never had one. A copy of a
    document that still lies elsewhere has none of its own either: `copied_from` names that other
    document, and `record` is the other's, whose label it inherits (Art. 6-2).
    """

    path: Path
    file: BinaryIO
    inspection: Inspection
    label: AnyLabel | None
    from_record: bool
    document_id: str
    seal: Seal
    record: DocumentRecord | None
    file_hash: str
    jobs: "Session"
    """For further jobs on this file, in the process that looked at it."""
    target: BinaryIO | None = None
    """A scratch file that those jobs may write, where one was asked for and could be made."""
    copied_from: str = ""

    @property
    def is_plain_copy(self) -> bool:
        """Tell whether it was copied as it is: the recorded bytes, or the id with that content.

        The same words in a file without an id may have been written twice: there the person who
        decided the one may decide the other.
        """
        held = self.record
        if held is None or not self.copied_from:
            return False
        carried = self.inspection.properties.get(stored_label.ID_KEY) == held.id
        same_content = held.digest != "" and held.digest in self.digests
        return held.file_hash == self.file_hash or (carried and same_content)

    @property
    def digests(self) -> tuple[str, ...]:
        """The normalized content digest, and as earlier versions took it of the same content."""
        return (self.inspection.digest, *self.inspection.earlier)

    @property
    def title(self) -> str:
        """The name under which the record knows the document."""
        return self.path.name

    @property
    def size(self) -> int:
        """Bytes of the file that was opened, were it removed meanwhile."""
        return os.fstat(self.file.fileno()).st_size

    @property
    def mode(self) -> int:
        """Rights of the file that was opened, for a copy of it."""
        return os.fstat(self.file.fileno()).st_mode & 0o777

    @property
    def embeds(self) -> bool:
        """Tell whether label and mark go into the file itself, not into a sidecar."""
        return self.inspection.embeds and not self.inspection.obstacle


def sidecar_of(path: Path) -> Path:
    """Name the sidecar of a file."""
    return path.with_name(path.name + SIDECAR_SUFFIX)


@contextmanager
def opened(
    ctx: Context,
    path: Path,
    wants: Wants,
    *,
    target: Path | None = None,
    sessions: "Sessions | None" = None,
) -> Iterator[Facts]:
    """Open a file, look at it in a worker and keep both while the caller works with it.

    `target` is the folder that a result would be written to: a scratch file there is handed over
    with the document, because a confined process takes no files later on. `sessions` is the batch
    that the document belongs to.
    """
    with ExitStack() as stack:
        file = stack.enter_context(ctx.files.open_source(path))
        files = {"source": file}
        companion = sidecar_of(path)
        if _may_exist(companion) and companion.is_file():
            files["sidecar"] = stack.enter_context(ctx.files.open_source(companion))
        elif cached := _cached(path, file):
            files["sidecar"] = stack.enter_context(label_cache.as_file(cached))
        looked_at = tuple(files)
        if target is not None:
            # Whatever keeps us from writing is told once there is something to write.
            with suppress(MetiDeskError, OSError):
                files["target"] = stack.enter_context(ctx.files.scratch(target))
        jobs = stack.enter_context((sessions or ctx.workers).session(files))
        named = replace(
            wants,
            name=os.fsencode(path.name).decode(errors="replace"),
            marks=tuple(one for one in ctx.policy.marks.confidentiality if one not in _USUAL),
        )
        inspection = jobs.run("inspect", named, Inspection, uses=looked_at)
        facts = _facts(ctx, path, file, inspection, jobs)
        yield facts if target is None else dataclass_replace(facts, target=files.get("target"))


def _cached(path: Path, file: BinaryIO) -> bytes:
    """Give the sidecar that is kept with the file itself, as long as it speaks of this content."""
    kept = label_cache.read(path, file)
    return kept if kept and hash_of(file).encode() in kept else b""


def _may_exist(path: Path) -> bool:
    """Tell whether a name is short enough for a file system: beside a long one lies no sidecar."""
    return len(os.fsencode(path.name)) <= LONGEST_NAME


def _facts(
    ctx: Context, path: Path, file: BinaryIO, inspection: Inspection, jobs: "Session"
) -> Facts:
    properties = inspection.properties
    label = stored_label.parse(properties, ctx.policy.vocabulary)
    document_id = properties.get(stored_label.ID_KEY, "")
    file_hash = hash_of(file)
    record = _record(ctx, document_id, file_hash, (inspection.digest, *inspection.earlier))
    copied_from = record.id if record is not None and _lies_elsewhere(record, file) else ""
    from_record = label is None and record is not None
    if label is None and record is not None:
        label = recorded(ctx, record)
    return Facts(
        path=path,
        file=file,
        inspection=inspection,
        label=label,
        from_record=from_record,
        document_id="" if copied_from else document_id or (record.id if record else ""),
        seal=_seal(ctx, inspection),
        record=record,
        file_hash=file_hash,
        jobs=jobs,
        copied_from=copied_from,
    )


def _lies_elsewhere(record: DocumentRecord, file: BinaryIO) -> bool:
    """Tell whether the recorded document still lies at its path, and is not this file.

    Then this one is a copy. One that was renamed or moved left nothing behind, and another name of
    the same file - a link - is the same document.
    """
    if not record.path:
        return False
    try:
        there = Path(record.path).stat()
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(there.st_mode) and not os.path.samestat(there, os.fstat(file.fileno()))


def hash_of(file: BinaryIO) -> str:
    """Hash an open file from its beginning (SHA-256, hex), in constant memory."""
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256")  # type: ignore[arg-type] # any binary file
    file.seek(0)
    return digest.hexdigest()


def require_unchanged(facts: Facts) -> None:
    """Refuse to give a result its name when the file was written to meanwhile (`file.changed`).

    What was looked at and what was worked on would be two different contents.
    """
    if hash_of(facts.file) != facts.file_hash:
        raise EnvironmentProblem("file.changed", path=str(facts.path))


def copy_source(facts: Facts, target: BinaryIO) -> None:
    """Copy the file as it is, and prove that it is what was looked at (`file.changed`)."""
    fault("source.copy")
    write_all(target, facts.file)
    target.flush()
    if hash_of(target) != facts.file_hash:
        raise EnvironmentProblem("file.changed", path=str(facts.path))


def _record(
    ctx: Context, document_id: str, file_hash: str, digests: Sequence[str]
) -> DocumentRecord | None:
    if ctx.store is None:
        return None
    documents = ctx.store.documents
    return (
        (documents.get(document_id) if document_id else None)
        or documents.by_hash(file_hash)
        or next((found for one in digests if one and (found := documents.by_digest(one))), None)
    )


def recorded(ctx: Context, record: DocumentRecord) -> AnyLabel:
    """Give the label that the record of a document holds."""
    return stored_label.parse_texts(record.label, record.handling, ctx.policy.vocabulary)


def _seal(ctx: Context, inspection: Inspection) -> Seal:
    properties = inspection.properties
    return stored_label.seal_state(
        stored_label.decode_seal(properties.get(stored_label.SEAL_KEY, "")),
        label=properties.get(stored_label.LABEL_KEY, ""),
        handling=properties.get(stored_label.HANDLING_KEY, ""),
        digest=inspection.digest,
        verify=ctx.verify_seal,
        earlier=inspection.earlier,
    )


def sources_of(ctx: Context, facts: Facts) -> tuple[SourceView, ...] | None:
    """Name the known sources of a document (Art. 6); `None` while the store is locked."""
    if ctx.store is None:
        return None
    if facts.record is None:
        return ()
    found = []
    for source in (facts.copied_from,) if facts.copied_from else facts.record.sources:
        record = ctx.store.documents.get(source)
        if record is None:
            continue
        view = label_view(recorded(ctx, record))
        if view is not None:
            found.append(SourceView(record.id, record.title, view))
    return tuple(found)
