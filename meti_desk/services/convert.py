"""Convert an old document to the format that replaced it, so that it can be scrubbed (Art. 14-7).

LibreOffice does it where it is installed (decision 018). The copy has no label of its own unless
the old properties carried it over: the person decides its label with the original as source
(Art. 6).
"""

import io
from pathlib import Path
from typing import BinaryIO

import msgspec

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput, RuleViolation
from meti_desk.formats.base import Inspection, Wants
from meti_desk.services.batch import each
from meti_desk.services.context import Context
from meti_desk.services.copying import check_second_file
from meti_desk.services.deciding import check_special
from meti_desk.services.facts import Facts, opened, require_unchanged
from meti_desk.services.messages import Done, DoneFile
from meti_desk.services.ports import Progress
from meti_desk.services.suggest import QUICK
from meti_desk.services.views import error_view, label_view
from meti_desk.services.writing import place_paper
from meti_desk.system import office

WANTED = {"doc": "docx", "xls": "xlsx", "ppt": "pptx", "rtf": "docx"}
"""What each old format becomes."""
LABEL_AGAIN = "convert.label-again"
NETWORK = "convert.network-not-denied"
_LARGEST = 256 << 20


class ConvertRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Convert `paths` into `out`."""

    paths: tuple[str, ...]
    out: str


def convert(ctx: Context, request: ConvertRequest, progress: Progress | None = None) -> Done:
    """Write a converted copy of each document to `out`; the originals stay as they are.

    Each row may have an error by code: `convert.unsupported-format`, `convert.not-installed`,
    `convert.failed`, `document.encrypted`, and what forbids a second file (`copy.needs-approval`).
    """
    ctx.open_store()
    folder = Path(request.out)
    folder.mkdir(parents=True, exist_ok=True)
    rows = each(
        request.paths,
        lambda path: _one(ctx, path, folder),
        lambda path, error: DoneFile(path=path, error=error_view(error)),
        progress,
    )
    return Done(files=tuple(rows))


def _one(ctx: Context, path: Path, folder: Path) -> DoneFile:
    with opened(ctx, path, QUICK) as facts, ctx.files.scratch(folder) as target:
        wanted = _wanted(facts)
        check_special(ctx, facts)
        check_second_file(ctx, facts)
        made = office.convert(_content(facts), facts.inspection.format, wanted)
        target.write(made.data)
        target.flush()
        inspection = _recognised(ctx, target, wanted)
        require_unchanged(facts)
        placed = place_paper(ctx, target, folder / f"{path.stem}.{wanted}")
        notes = () if made.network_denied else (NETWORK,)
        if facts.label is not None and not inspection.properties:
            notes = (*notes, LABEL_AGAIN)
        return DoneFile(
            path=str(path), out=(str(placed),), label=label_view(facts.label), notes=notes
        )


def _wanted(facts: Facts) -> str:
    found = facts.inspection
    if found.protection is not None or found.obstacle == "encrypted":
        raise RuleViolation("document.encrypted")
    if found.format not in WANTED:
        raise InvalidInput("convert.unsupported-format", format=found.format)
    return WANTED[found.format]


def _content(facts: Facts) -> bytes:
    if facts.size > _LARGEST:
        raise InvalidInput("document.too-large", size=facts.size, limit=_LARGEST)
    facts.file.seek(0, io.SEEK_SET)
    return facts.file.read()


def _recognised(ctx: Context, target: BinaryIO, wanted: str) -> Inspection:
    """Look at the result in the confined worker: it is as untrusted as what it was made of."""
    wants = Wants(findings=False, digest=False)
    found = ctx.workers.run("inspect", wants, {"source": target}, Inspection)
    if found.format != wanted:
        raise EnvironmentProblem("convert.failed", reason=found.format)
    return found
