"""Going on where a run over many files stopped: what needs nothing any more is left alone."""

from pathlib import Path

from meti_desk.domain.label import Label
from meti_desk.services.context import Context
from meti_desk.services.deciding import is_mine
from meti_desk.services.facts import Facts, opened
from meti_desk.services.messages import ClassifyRequest, DoneFile
from meti_desk.services.suggest import QUICK
from meti_desk.services.views import label_view

DONE, LABELLED = "batch.already-done", "batch.already-labelled"


def labelled_before(facts: Facts, request: ClassifyRequest) -> DoneFile | None:
    """Give the row of a file that has a label already, where only the others were meant."""
    if not (request.undecided_only and isinstance(facts.label, Label)):
        return None
    return DoneFile(path=str(facts.path), label=label_view(facts.label), notes=(LABELLED,))


def done_before(
    ctx: Context, facts: Facts, request: ClassifyRequest, label: Label, folder: Path
) -> DoneFile | None:
    """Give the row of a file that an earlier run gave this very label; else `None`.

    In place it is the person's own label on unchanged content. With `out` it is the copy that lies
    there, with this label and the content of today.
    """
    if not request.resume:
        return None
    if not request.out:
        same = facts.label is not None and label_view(facts.label) == label_view(label)
        mine = same and is_mine(ctx, facts) and facts.seal == "sealed"
        return _row(facts, label, facts.path) if mine else None
    copy = folder / facts.path.name
    if not copy.is_file():
        return None
    with opened(ctx, copy, QUICK) as made:
        same = made.label is not None and label_view(made.label) == label_view(label)
        alike = made.inspection.digest == facts.inspection.digest != ""
        return _row(facts, label, copy) if same and alike and is_mine(ctx, made) else None


def _row(facts: Facts, label: Label, out: Path) -> DoneFile:
    return DoneFile(path=str(facts.path), out=(str(out),), label=label_view(label), notes=(DONE,))
