"""The directory as a CSV: what cannot be read is refused with its line, and nothing is garbled."""

import pytest

from meti_desk.domain.errors import InvalidInput
from meti_desk.server import directory, people
from tests.unit.server.ministry import STAFF, Ministry

HEAD = "id,name,unit,mail,role,active"
GOOD = "a,山田太郎,政策課,,staff,"


def csv(*rows: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join([HEAD, *rows]).encode(encoding)


def refused(data: bytes) -> tuple[str, object]:
    with pytest.raises(InvalidInput) as caught:
        directory.read(data)
    return caught.value.code, caught.value.params.get("line")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_excel_writes_it_in_any_of_these(encoding: str) -> None:
    (one,) = directory.read(csv("職1,髙橋,渡邊課,,staff,在籍", encoding=encoding))
    assert one == people.Person("職1", "髙橋", "渡邊課")


@pytest.mark.parametrize(
    "data",
    [
        csv(GOOD, encoding="cp932") + b"\r\nb\x85\xff,x,y,,staff,",
        csv(GOOD) + b"\r\nb\x83\x41,x,y,,staff,",  # good Shift_JIS, in a file of UTF-8
        csv(GOOD, encoding="utf-8-sig") + b"\r\nb\xff,x,y,,staff,",
        b"\xef\xbb\xbf" + csv("a,x,y,,staff,") + b"\r\nb\x83\x41,x,y,,staff,",
    ],
)
def test_letters_that_cannot_be_read_are_not_replaced(data: bytes) -> None:
    assert refused(data) == ("server.people-encoding", 3)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",x,課,,staff,", "server.person-empty"),
        ("　,x,課,,staff,", "server.person-empty"),
        ("b,x\0y,課,,staff,", "server.person-words"),
        ('b,"x\r\ny",課,,staff,', "server.person-words"),
        ('b,"x,課,,staff,\r\nc,z,課,,staff,', "server.person-words"),
        (f"b,{'x' * 201},課,,staff,", "server.person-words"),
        (f"b,{'x' * 200_000},課,,staff,", "server.people-row"),
        ("b,x,y,課,,staff,1", "server.people-row"),
        ("b,x,課,,king,", "server.role"),
        ("b,x,課", "server.role"),
        ("b,x,課,,staff,maybe", "server.active"),
        ("a,x,課,,staff,", "server.person-twice"),
    ],
)
def test_a_mistake_is_named_with_its_line(row: str, code: str) -> None:
    assert refused(csv(GOOD, row)) == (code, 3)


def test_empty_lines_and_columns_behind_the_last_one_are_none(ministry: Ministry) -> None:
    told = directory.take(ministry.server, csv("", f"{GOOD},,", "", "b,x,課,,staff,,"), 1)
    assert told.joined == 2
    assert refused(csv("", GOOD, "", ",x,課,,staff,")) == ("server.person-empty", 5)


def left(*gone: str) -> bytes:
    staff = (*STAFF, people.Person("n1", "新人", "政策課"))
    return csv(
        *(
            f"{one.id},{one.name},{one.unit},,{one.role},{int(one.id not in gone)}"
            for one in staff
        )
    )  # fmt: skip


def test_more_than_half_cannot_leave_by_the_column_active(ministry: Ministry) -> None:
    directory.take(ministry.server, left(), ministry.now)
    gone = [one.id for one in STAFF[:6]]
    for complete in (False, True):
        with pytest.raises(InvalidInput, match=r"server\.too-many-left") as caught:
            directory.take(ministry.server, left(*gone), ministry.now, complete=complete)
        assert caught.value.params == {"left": 6, "known": 10}
    assert len(people.everybody(ministry.database)) == 10
    # In two files of at most half each it is believed.
    assert directory.take(ministry.server, left(*gone[:5]), ministry.now).left == 5
    assert directory.take(ministry.server, left(*gone), ministry.now).left == 1


def test_of_few_people_more_than_half_may_leave_if_it_is_said_of_each(ministry: Ministry) -> None:
    rows = [f"{one.id},{one.name},{one.unit},,{one.role},0" for one in STAFF[:6]]
    with pytest.raises(InvalidInput, match=r"server\.too-many-left"):
        directory.take(ministry.server, csv("y1,山田,政策課,,staff,"), ministry.now, complete=True)
    assert directory.take(ministry.server, csv(*rows), ministry.now).left == 6
