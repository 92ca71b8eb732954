"""Formulas as they look from their cell, so that filling down writes the same one each time.

Excel stores a formula that was filled into many cells once (`t="shared"`) or in each of them, as it
likes; both are the same to a reader. Seen from the cell (`R[-1]C` for the one above) they are the
same to the digest.
"""

import re

_PIECE = re.compile(
    r"""(?P<text>"(?:[^"]|"")*+"|'(?:[^']|'')*+'|\[[^\[\]]*+\])
    |(?<![\w.$\\])(?:
      (?P<cc>\$?)(?P<column>[A-Z]{1,3})(?P<rr>\$?)(?P<row>[1-9][0-9]{0,6})(?![\w.(!\[])
      |(?P<c1>\$?)(?P<first>[A-Z]{1,3}):(?P<c2>\$?)(?P<last>[A-Z]{1,3})(?![\w.(!\[$])
      |(?P<r1>\$?)(?P<top>[1-9][0-9]{0,6}):(?P<r2>\$?)(?P<bottom>[1-9][0-9]{0,6})(?![\w.(!\[$])
    )""",
    re.VERBOSE,
)


def column_number(letters: str) -> int:
    """Give the number of a column from 1: `A` is 1, `AA` is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def relative(formula: str, column: str, row: int) -> str:
    """Write a formula as it looks from a cell; text in quotes and names stay as they are."""
    at = column_number(column)

    def across(fixed: str, letters: str) -> str:
        number = column_number(letters)
        return f"C{number}" if fixed else f"C[{number - at}]"

    def down(fixed: str, digits: str) -> str:
        return f"R{digits}" if fixed else f"R[{int(digits) - row}]"

    def seen(found: re.Match[str]) -> str:
        if found["column"]:
            return down(found["rr"], found["row"]) + across(found["cc"], found["column"])
        if found["first"]:
            return f"{across(found['c1'], found['first'])}:{across(found['c2'], found['last'])}"
        if found["top"]:
            return f"{down(found['r1'], found['top'])}:{down(found['r2'], found['bottom'])}"
        return found[0]

    return _PIECE.sub(seen, formula)
