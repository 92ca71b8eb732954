"""Labels every real file through the real desk and tells what came of it, by format.

`python -m tests.e2e.whole_corpus` prints the table of docs/corpus.md.
"""

import email
import os
import sys
import tempfile
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from email import policy
from pathlib import Path

import docx
import olefile
import openpyxl
import pikepdf
import pptx
from lxml import etree
from PIL import Image

from meti_desk.app import make_desk
from meti_desk.services.desk import Desk
from meti_desk.services.messages import ClassifyRequest, DoneFile, Person

PASSPHRASE = "とても長いパスフレーズ 2026"
MINE = Person("山田太郎", "係長", "政策課", "yamada@meti.go.jp")


def _odf(path: Path) -> None:
    with zipfile.ZipFile(path) as box:
        etree.fromstring(box.read("content.xml"))


def _picture(path: Path) -> None:
    with Image.open(path) as picture:
        picture.load()


def _mail(path: Path) -> None:
    if not email.message_from_bytes(path.read_bytes(), policy=policy.default).keys():
        raise ValueError


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path) as box:
        if box.testzip() or any(one.flag_bits & 1 for one in box.infolist()):
            raise ValueError


def _ole(path: Path) -> None:
    with olefile.OleFileIO(path) as file:
        file.listdir()


READERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    **{one: ("python-docx", lambda p: docx.Document(str(p))) for one in ("docx", "docm", "dotx")},
    **dict.fromkeys(("xlsx", "xlsm"), ("openpyxl", openpyxl.load_workbook)),
    **{one: ("python-pptx", lambda p: pptx.Presentation(str(p))) for one in ("pptx", "pptm")},
    **dict.fromkeys(("odt", "ods", "odp", "odg", "odf"), ("zipfile + lxml", _odf)),
    "pdf": ("pikepdf", lambda p: pikepdf.open(p).close()),
    **dict.fromkeys(
        ("jpg", "jpeg", "png", "gif", "tif", "tiff", "webp", "bmp", "avif"), ("Pillow", _picture)
    ),
    "eml": ("email", _mail),
    "zip": ("zipfile", _zip),
    **dict.fromkeys(("msg", "doc", "xls", "ppt"), ("olefile", _ole)),
}
"""By extension: a reader that is not ours, which tells whether a file is whole."""


@dataclass
class Result:
    """What came of the files of one extension."""

    files: int = 0
    readable: int = 0
    labelled: int = 0
    labelled_readable: int = 0
    inside: int = 0
    unread_back: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def files_of(corpus: Path) -> list[Path]:
    """Give all files of the corpus but its own list."""
    return sorted(p for p in corpus.rglob("*") if p.is_file() and p.name != "SOURCES.txt")


def opens(path: Path) -> bool:
    """Tell whether the named reader opens a file; of a format without one every file counts."""
    reader = READERS.get(path.suffix[1:].lower())
    if reader is None:
        return path.stat().st_size > 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader[1](path)
    except Exception:  # noqa: BLE001 - readers of broken files raise anything at all
        return False
    return True


def label_all(files: Sequence[Path], place: Path) -> dict[str, Result]:
    """Label copies of all files below `place` by one real desk, and read every label back."""
    desk = make_desk(str(place / "store"))
    try:
        desk.create(PASSPHRASE, MINE)
        request = ClassifyRequest(
            paths=tuple(map(str, files)), c=2, restrictions=("印刷禁止",), out=str(place / "out")
        )
        rows = desk.classify(request).files
        return _told(rows, _read_back(desk, rows))
    finally:
        desk.close()


def _read_back(desk: Desk, rows: Sequence[DoneFile]) -> dict[str, bool]:
    made = [row.out[0] for row in rows if row.out]
    return {
        seen.path: bool(
            seen.label and seen.label.c == 2 and seen.label.restrictions == ("印刷禁止",)
        ) and seen.seal == "sealed"
        for seen in desk.inspect(made)
    }  # fmt: skip


def _told(rows: Sequence[DoneFile], back: dict[str, bool]) -> dict[str, Result]:
    results: dict[str, Result] = {}
    for row in rows:
        path = Path(row.path)
        one = results.setdefault(path.suffix[1:].lower() or "-", Result())
        whole = opens(path)
        one.files += 1
        one.readable += whole
        if row.error is not None:
            one.refused.append((path.name, _why(row)))
            continue
        one.labelled += 1
        one.labelled_readable += whole
        one.inside += len(row.out) == 1
        if not back.get(row.out[0]):
            one.unread_back.append(path.name)
    return results


def _why(row: DoneFile) -> str:
    assert row.error is not None
    told = row.error.params.get("reason") or row.error.params.get("what") or ""
    return f"{row.error.code} {told}".strip()


def table(results: dict[str, Result]) -> Iterator[str]:
    """Write the results as a table of Markdown, most files first."""
    yield "| 形式 | 件数 | 確かめた道具 | 開けた | 格付した | うち中に | 開けたうち | 断り |"
    yield "|---|---|---|---|---|---|---|---|"
    for kind, one in sorted(results.items(), key=lambda item: -item[1].files):
        share = 100 * one.labelled_readable / one.readable if one.readable else 100
        why = Counter(code for _, code in one.refused)
        told = "、".join(f"`{code}` {count}" for code, count in sorted(why.items()))
        reader = READERS.get(kind, ("―", None))[0]
        yield (
            f"| {kind} | {one.files} | {reader} | {one.readable} | {one.labelled} | {one.inside} "
            f"| {share:.0f} % | {told} |"
        )


def main() -> int:
    """Label the whole corpus and print the table; 1 where something did not read back."""
    corpus = Path(os.environ["METI_DESK_CORPUS"])
    with tempfile.TemporaryDirectory() as folder:
        results = label_all(files_of(corpus), Path(folder))
    print("\n".join(table(results)))  # noqa: T201 - a program
    for kind, one in sorted(results.items()):
        for name, code in one.refused:
            print(f"{kind}: {name}: {code}")  # noqa: T201
    lost = [name for one in results.values() for name in one.unread_back]
    print(f"not read back: {lost}")  # noqa: T201
    return bool(lost)


if __name__ == "__main__":
    sys.exit(main())
