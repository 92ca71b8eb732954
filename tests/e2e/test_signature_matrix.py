"""The table of signatures in docs/protection.md, made by trying every cell of it.

`METI_DESK_WRITE_DOCS=1` writes the table; without it the test fails where the document is old.
"""

import os
from pathlib import Path

import pytest

from tests.e2e import signature_matrix
from tests.e2e.signature_matrix import OURS, THEIRS, Cells, Row

DOCUMENT = Path(__file__).parents[2] / "docs" / "protection.md"
BEGIN = "<!-- signatures: made by tests/e2e/test_signature_matrix.py -->\n"
END = "<!-- /signatures -->\n"
YES, NO = "○", "×"
FOUND: dict[Row, Cells] = {}


@pytest.fixture(autouse=True)
def _programs() -> None:
    absent = signature_matrix.missing()
    if absent:
        pytest.skip(f"not installed: {', '.join(absent)}")


@pytest.mark.parametrize("one", [*OURS, *THEIRS], ids=lambda one: f"{one.program}-{one.kind}")
def test_a_signature_is_taken_whole_and_not_changed(one: Row, tmp_path: Path) -> None:
    FOUND[one] = one.tries(tmp_path)
    assert FOUND[one] == (True, True)


def test_the_document_says_the_same() -> None:
    if len(FOUND) != len(OURS) + len(THEIRS):
        pytest.skip("only together with the tests above")
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    wanted = f"{before}{BEGIN}\n{_table(OURS, 'ほかのソフトで確かめる')}\n"
    wanted += f"{_table(THEIRS, 'meti-desk で確かめる')}\n{END}{after}"
    if os.environ.get("METI_DESK_WRITE_DOCS") == "1":
        DOCUMENT.write_text(wanted, encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == wanted


def _table(rows: tuple[Row, ...], head: str) -> str:
    who = "ソフト" if rows is OURS else "作ったソフト"
    what = "meti-desk の署名" if rows is OURS else "署名"
    lines = [f"| {what} | {who} | {head} | 変更を見つける |", "|---|---|---|---|"]
    for one in rows:
        cells = " | ".join(YES if cell else NO for cell in FOUND[one])
        lines.append(f"| {one.kind} | {one.program} | {cells} |")
    return "\n".join(lines) + "\n"
