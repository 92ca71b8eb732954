"""Writes a label into a file of any family and proves it."""

from collections.abc import Sequence
from typing import BinaryIO

from meti_desk.formats.base import LabelOrder, LabelReport
from meti_desk.formats.registry import FAMILIES, Entry, find


def label(
    source: BinaryIO, target: BinaryIO, order: LabelOrder, families: Sequence[Entry] = FAMILIES
) -> LabelReport:
    """Write the labelled document to `target` and read it back: what this gives is proven.

    Raises what the family raises, `InvalidInput("label.not-proven")` among it.
    """
    family = find(source, families).family
    report = family.write_label(source, target, order)
    target.flush()
    family.verify_label(source, target, order)
    return report
