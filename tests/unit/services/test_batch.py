"""Many files at once: order, errors as rows, cancelling, progress."""

import errno
import os
import threading
from pathlib import Path

import pytest

from meti_desk.domain.errors import MetiDeskError, RuleViolation
from meti_desk.services.batch import each, of_os_error
from tests.unit.services.fakes import Watch

NAMES = [f"/tmp/{number}.docx" for number in range(40)]  # noqa: S108 - names only


def told(path: str, error: MetiDeskError) -> str:
    return f"{Path(path).name}: {error.code}"


def test_answers_keep_the_order_of_the_files() -> None:
    turns = threading.Barrier(2, timeout=10)

    def work(path: Path) -> str:
        if path.name in ("0.docx", "1.docx"):
            turns.wait()  # passes only when two are under way at the same time
        return path.name

    assert each(NAMES, work, told) == tuple(Path(name).name for name in NAMES)
    assert each([], work, told) == ()


def test_errors_become_rows_and_stop_nothing() -> None:
    def work(path: Path) -> str:
        number = int(path.stem)
        if number % 4 == 1:
            raise RuleViolation("label.undecided")
        if number % 4 == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        if number % 4 == 3:
            "\udcff".encode()
        return "done"

    answers = each(NAMES, work, told)
    assert answers[:4] == (
        "done",
        "1.docx: label.undecided",
        "2.docx: disk.full",
        "3.docx: request.invalid",
    )
    assert answers.count("done") == 10


def test_what_nobody_expects_is_not_hidden() -> None:
    def work(path: Path) -> str:
        raise ZeroDivisionError(path)

    for names in (NAMES[:1], NAMES):
        with pytest.raises(ZeroDivisionError):
            each(names, work, told)


def test_cancelling_keeps_what_is_done() -> None:
    watch = Watch(stop_after=3)
    answers = each(NAMES, lambda path: path.name, told, watch)
    assert len(answers) == len(NAMES)
    done = [answer for answer in answers if "cancelled" not in answer]
    assert 3 <= len(done) < len(NAMES)
    assert {answer.partition(": ")[2] for answer in answers} == {"", "batch.cancelled"}


def test_progress_counts_up_to_the_end() -> None:
    watch = Watch()
    each(NAMES, lambda path: path.name, told, watch)
    assert [done for done, _, _ in watch.seen] == list(range(len(NAMES) + 1))
    assert {total for _, total, _ in watch.seen} == {len(NAMES)}
    assert {code for _, _, code in watch.seen} == {"", *NAMES}


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk.full"),
        (errno.EDQUOT, "disk.full"),
        (errno.EACCES, "folder.read-only"),
        (errno.EROFS, "folder.read-only"),
        (errno.ENOENT, "file.missing"),
        (errno.ENOTDIR, "folder.missing"),
        (errno.EFBIG, "disk.file-too-large"),
        (errno.ENAMETOOLONG, "file.name-too-long"),
        (errno.EIO, "system.error"),
    ],
)
def test_errors_of_the_system_have_codes(number: int, code: str) -> None:
    error = of_os_error(OSError(number, os.strerror(number), "/tmp/x"))  # noqa: S108 - a name only
    assert error.code == code
    assert of_os_error(OSError("no number")).code == "system.error"
