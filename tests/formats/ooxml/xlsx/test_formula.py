import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.formula.translate import Translator

from meti_desk.formats.base import Wants
from meti_desk.formats.ooxml.sheet_formula import relative
from meti_desk.formats.ooxml.xlsx import XLSX
from tests.formats.ooxml.xlsx.workbooks import book, row, sheet

EXAMPLES = 3000 if os.environ.get("METI_DESK_FULL") else 300


@pytest.mark.parametrize(
    ("formula", "seen"),
    [
        ("A1*2", "R[-1]C[-1]*2"),
        ("$A$1+A$1+$A1", "R1C1+R1C[-1]+R[-1]C1"),
        ("SUM(B1:C9)", "SUM(R[-1]C[0]:R[7]C[1])"),
        ("SUM(A:B)+SUM($A:$B)", "SUM(C[-1]:C[0])+SUM(C1:C2)"),
        ("SUM(1:$2)", "SUM(R[-1]:R2)"),
        ("LOG10(A1)", "LOG10(R[-1]C[-1])"),
        ("表!A1&'A1 B2'!A1", "表!R[-1]C[-1]&'A1 B2'!R[-1]C[-1]"),
        ('IF(A1="A1",""""&"B2")', 'IF(R[-1]C[-1]="A1",""""&"B2")'),
        ("Table1[A1]+TAXE2024+x.A1", "Table1[A1]+TAXE2024+x.A1"),
    ],
)
def test_a_formula_as_it_looks_from_b2(formula: str, seen: str) -> None:
    assert relative(formula, "B", 2) == seen


REFERENCES = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "$"]),
    st.sampled_from(["F", "Z", "AA", "BC"]),
    st.sampled_from(["", "$"]),
    st.integers(20, 500),
)
TERMS = st.one_of(
    REFERENCES,
    st.tuples(REFERENCES, REFERENCES).map(lambda two: f"SUM({two[0]}:{two[1]})"),
    st.sampled_from(['"A1"', "Sheet1!F20", "'A1 x'!$F20", "LOG10(2)", "1.5", "SUM(F:$H)", "名前"]),
)


@settings(max_examples=EXAMPLES, derandomize=True, deadline=None)
@given(
    st.lists(TERMS, min_size=1, max_size=5).map("+".join),
    st.sampled_from("CDE"),
    st.integers(10, 60),
)
def test_filling_keeps_it_the_same(formula: str, column: str, line: int) -> None:
    filled = Translator("=" + formula, "D15").translate_formula(f"{column}{line}")
    assert relative(filled[1:], column, line) == relative(formula, "D", 15)


def _digest(*formulas: str) -> str:
    rows = [row(n, f'<c r="B{n}">{formula}<v>{n}</v></c>') for n, formula in enumerate(formulas, 1)]
    return XLSX.inspect(book(sheet("".join(rows))), Wants(findings=False)).digest


def test_shared_formulas_are_what_each_cell_has() -> None:
    each = _digest("<f>A1*2</f>", "<f>A2*2</f>", "<f>A3*2</f>")
    shared = '<f t="shared" si="0"/>'
    assert _digest('<f t="shared" ref="B1:B3" si="0">A1*2</f>', shared, shared) == each
    assert _digest("<f>A1*2</f>", '<f t="shared" ref="B2:B3" si="4">A2*2</f>',
                   '<f t="shared" si="4"/>') == each  # fmt: skip
    # XML that only a parser reads says the same.
    odd = '<f t="shared" si="0"></f><!-- c -->'
    assert _digest('<f t="shared" ref="B1:B3" si="0">A1*2</f>', odd, shared) == each


def test_another_formula_counts() -> None:
    shared = '<f t="shared" si="0"/>'
    one = _digest('<f t="shared" ref="B1:B2" si="0">A1*2</f>', shared)
    assert _digest('<f t="shared" ref="B1:B2" si="0">A1*3</f>', shared) != one
    assert _digest('<f t="shared" ref="B1:B2" si="0">A1*2</f>', "") != one
    assert _digest('<f t="shared" ref="B1:B2" si="0">$A$1*2</f>', shared) != one
