"""The table of docs/protection.md, made by trying every cell of it.

`METI_DESK_WRITE_DOCS=1` writes the table; without it the test fails where the document is old.
"""

import os
from pathlib import Path

import pytest

from meti_desk.protection import registry
from meti_desk.wording import wording
from tests.e2e import matrix
from tests.e2e.conftest import Cli
from tests.e2e.matrix import MAKERS, OPENERS, PASSWORD, WRONG, Maker, Opener

DOCUMENT = Path(__file__).parents[2] / "docs" / "protection.md"
BEGIN, END = "<!-- matrix: made by tests/e2e/test_matrix.py -->\n", "<!-- /matrix -->\n"
YES, NO = "○", "×"

OPENED: dict[Opener, tuple[bool, bool, bool]] = {}
TAKEN: dict[Maker, tuple[bool, bool]] = {}


@pytest.fixture(autouse=True)
def _programs() -> None:
    absent = matrix.missing()
    if absent:
        pytest.skip(f"not installed: {', '.join(absent)}")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give one folder to all programs: LibreOffice makes its profile once."""
    return tmp_path_factory.mktemp("strangers")


@pytest.mark.libreoffice
@pytest.mark.parametrize("one", OPENERS, ids=lambda one: f"{one.command}-{one.kind}")
def test_a_stranger_opens_ours_with_the_key_only(one: Opener, place: Path) -> None:
    found = (
        one.tries(place, PASSWORD),
        not one.tries(place, WRONG),
        not one.tries(place, ""),
    )
    OPENED[one] = found
    assert found == (True, True, True)


@pytest.mark.parametrize("one", MAKERS, ids=lambda one: f"{one.command}-{one.kind}")
def test_we_open_what_strangers_made(one: Maker, tmp_path: Path, cli: Cli) -> None:
    path, content, options = one.makes(tmp_path)
    secret, wrong = tmp_path / "secret", tmp_path / "not"
    secret.write_text(PASSWORD, encoding="utf-8")
    wrong.write_text(WRONG, encoding="utf-8")
    given = "--key-password-file" if options else "--password-file"
    out = tmp_path / "taken"
    code, done = cli("open", path, "--out", out, *options, given, secret)
    (name,) = done["files"][0]["out"] or [""]
    opened = code == 0 and content in _plain(Path(name))
    code, _ = cli("open", path, "--out", tmp_path / "no", *options, given, wrong)
    refused = code != 0 and not list((tmp_path / "no").glob("*"))
    TAKEN[one] = (opened, refused)
    assert (opened, refused) == (True, True)


def _plain(path: Path) -> bytes:
    """Give the bytes of what was taken out; of a PDF its text."""
    raw = path.read_bytes()
    if raw.startswith(b"%PDF"):
        return matrix.ran(path.parent, "pdftotext", str(path), "-").stdout
    return raw


def test_the_document_says_the_same() -> None:
    if len(OPENED) != len(OPENERS) or len(TAKEN) != len(MAKERS):
        pytest.skip("only together with the tests above")
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    wanted = before + BEGIN + "\n" + _tables() + "\n" + END + after
    if os.environ.get("METI_DESK_WRITE_DOCS") == "1":
        DOCUMENT.write_text(wanted, encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == wanted


def _tables() -> str:
    term = wording("ja").term
    lines = ["| 方法 | 満たすもの |", "|---|---|"]
    lines += [f"| `{name}` | {term(one.sentence)} |" for name, one in registry.METHODS.items()]
    lines += [
        "",
        "| 方法 | 形 | ほかのソフト | 正しい鍵で開く | 違う鍵では開かない | 鍵なしでは開かない |",
        "|---|---|---|---|---|---|",
    ]
    for one, found in OPENED.items():
        cells = " | ".join(YES if cell else NO for cell in found)
        lines.append(f"| `{one.method}` | {one.kind} | {one.program} | {cells} |")
    lines += [
        "",
        "| ほかのソフトで作ったもの | 暗号 | `meti-desk open` で開く | 違う鍵では開かない |",
        "|---|---|---|---|",
    ]
    for maker, outcome in TAKEN.items():
        cells = " | ".join(YES if cell else NO for cell in outcome)
        lines.append(f"| {maker.program} | {maker.kind} | {cells} |")
    return "\n".join(lines) + "\n"
