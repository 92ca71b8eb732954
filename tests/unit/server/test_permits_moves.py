"""異動・退職: what ends, what passes on, and who gets which letters then."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from meti_desk.domain.errors import InvalidInput
from meti_desk.server import commands, directory, people, permits
from meti_desk.server.permit_moves import LEFT, MOVED
from meti_desk.server.refusal import RefusalError
from meti_desk.sync.mail import UNIT, UnitTold
from meti_desk.sync.permits import NOTED, NOTED_MAIL, STANDING, STANDING_MAIL, NotedTold
from tests.unit.server.ministry import STAFF, Ministry, words_of
from tests.unit.server.test_permits_noted import SAID, readers

HEAD = "id,name,unit,mail,role"


def put(ministry: Ministry, *staff: people.Person) -> None:
    people.put_people(ministry.database, staff, ministry.now, ministry.server.key)


def who(person: str, **more: object) -> people.Person:
    (found,) = [one for one in STAFF if one.id == person]
    return msgspec.structs.replace(found, **more)


def waiting(ministry: Ministry) -> None:
    """Have one request wait, one permit in force, one at its end, one note and one decision."""
    for name in ("open", "given", "done"):
        assert ministry.ask(permit=name) == ""
    for name in ("given", "done"):
        assert ministry.decide(permit=name) == ""
    assert ministry.report(permit="done") == ""
    words = words_of("n1", "noted")
    assert ministry.say("y1", NOTED, NotedTold(id="n1", event="ab" * 32, words=words)) == ""
    assert ministry.say("k1", STANDING, SAID) == ""


def letters(ministry: Ministry, person: str) -> set[str]:
    rows = ministry.database.run(
        "SELECT id FROM mail WHERE person = ? AND kind <> ?", (person, UNIT)
    )
    return {identity for (identity,) in rows}


def test_who_leaves_has_no_devices_no_requests_and_no_permits(ministry: Ministry) -> None:
    waiting(ministry)
    put(ministry, who("y1", active=False))
    (device,) = people.devices(ministry.database, "y1")
    assert device.revoked_at == ministry.now
    assert [ministry.state(one)[0] for one in ("open", "given", "done")] == [
        "withdrawn", "revoked", "reported",
    ]  # fmt: skip
    told = ministry.statement("k1", "given")
    assert (told.ended_by, told.ender, told.ended_note) == ("", "", LEFT)
    assert told.decider == "課長"
    assert letters(ministry, "y1") == set()
    assert ministry.report("k1", "given") == ""
    assert ministry.statement("k2", "given").reported_by == "k1"


def test_who_moves_keeps_the_device_and_loses_the_permits_of_the_old_unit(
    ministry: Ministry,
) -> None:
    waiting(ministry)
    put(ministry, who("y1", unit="総務課"))
    assert [ministry.state(one)[0] for one in ("open", "given", "done")] == [
        "withdrawn", "revoked", "reported",
    ]  # fmt: skip
    for person in ("y1", "k1"):
        assert ministry.statement(person, "given").ended_note == MOVED
    (device,) = people.devices(ministry.database, "y1")
    assert device.revoked_at is None
    assert letters(ministry, "y1") == {"open", "given", "done", "n1"}
    assert ministry.ask(permit="new") == ""
    assert ministry.statement("o1", "new").unit == "総務課"
    assert ministry.decide("k1", "new") == "permit.wrong-decider"
    assert ministry.decide("o1", "new") == ""
    put(ministry, who("y1", unit="総務課"))
    assert ministry.state("new")[0] == "granted"


def test_without_the_key_they_end_at_the_next_look(ministry: Ministry) -> None:
    waiting(ministry)
    people.put_people(ministry.database, [who("y1", active=False)], ministry.now)
    assert ministry.state("given")[0] == "granted"
    ministry.do(permits.sweep, ministry.server.key, ministry.now)
    assert ministry.state("given")[0] == "revoked"


def test_what_is_open_passes_to_who_holds_the_post_now(ministry: Ministry) -> None:
    waiting(ministry)
    put(ministry, who("k1", active=False), who("k2", role="staff"))
    assert letters(ministry, "k2") == {"s1"}
    assert ministry.decide("k2", "open") == "permit.wrong-decider"
    put(ministry, who("s1", role="staff responsible"))
    assert letters(ministry, "s1") == {"open", "given", "done", "n1", "s1"} - {"done"}
    assert ministry.decide("s1", "open") == ""
    assert ministry.revoke("s1", "given") == ""
    assert ministry.say("s1", STANDING, msgspec.structs.replace(SAID, ended=True)) == ""
    told = [
        msgspec.msgpack.decode(ministry.body("y1", UNIT, "y1"), type=UnitTold),
        msgspec.msgpack.decode(ministry.body("s1", UNIT, "s1"), type=UnitTold),
    ]
    assert told[0].readers == told[1].readers
    assert told[1].posts


def test_what_has_ended_and_needs_no_report_passes_to_nobody(ministry: Ministry) -> None:
    for name in ("reported", "due", "waived", "copies"):
        ministry.ask(permit=name, articles=("10-4",) if name == "copies" else ("13",))
        ministry.decide(permit=name, report_waived=name == "waived")
        assert ministry.revoke(permit=name) == ""
    assert ministry.report(permit="reported", revision=3) == ""
    put(ministry, who("s1", role="staff responsible"))
    assert letters(ministry, "s1") == {"due"}


def test_a_newcomer_gets_the_decisions_of_the_unit_and_a_mover_those_of_the_new_one(
    ministry: Ministry,
) -> None:
    waiting(ministry)
    put(ministry, people.Person("new", "新人", "政策課"), who("z1", unit="政策課"))
    assert letters(ministry, "new") == letters(ministry, "z1") == {"s1"}
    put(ministry, who("s1", unit="総務課"))
    assert letters(ministry, "s1") == set()


def test_who_decides_for_the_whole_ministry_gets_what_is_open_everywhere(
    ministry: Ministry,
) -> None:
    ministry.ask(permit="a", articles=("77-1",))
    ministry.ask("z1", "b", articles=("38-8",))
    ministry.ask(permit="c")
    put(ministry, people.Person("t2", "後任", "", role="system"))
    assert letters(ministry, "t2") == {"a", "b"}
    ministry.join("t2")
    assert ministry.decide("t2", "b") == ""


def test_who_comes_back_sees_what_is_not_at_its_end(ministry: Ministry) -> None:
    waiting(ministry)
    put(ministry, who("y1", active=False))
    put(ministry, who("y1"))
    assert letters(ministry, "y1") == {"given", "s1"}
    with pytest.raises(RefusalError, match=r"enrol\.code"):
        people.enrol(ministry.database, "AAAA-0", bytes(32), "PC", ministry.now)


def test_the_same_directory_again_changes_nothing(ministry: Ministry) -> None:
    waiting(ministry)
    order = "SELECT person, kind, id, n FROM mail ORDER BY person, n"
    before = ministry.database.run(order)
    entries = len(ministry.audit())
    put(ministry, *STAFF)
    assert (
        ministry.database.run("SELECT person, kind, id, n FROM mail ORDER BY person, n") == before
    )
    assert len(ministry.audit()) == entries


def csv(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *rows, ""]).encode()


def everybody(*but: str) -> list[str]:
    return [
        f"{one.id},{one.name},{one.unit},{one.mail},{one.role}"
        for one in STAFF
        if one.id not in but
    ]


def test_a_complete_directory_tells_who_left(ministry: Ministry) -> None:
    waiting(ministry)
    data = csv(*everybody("y1"), "n9,新人,政策課,,staff")
    told = directory.take(ministry.server, data, ministry.now)
    assert (told.people, told.joined, told.left) == (9, 1, 0)
    told = directory.take(ministry.server, data, ministry.now, complete=True)
    assert (told.people, told.changed, told.left) == (9, 1, 1)
    assert ministry.state("given")[0] == "revoked"
    told = directory.take(ministry.server, data, ministry.now, complete=True)
    assert told.changed == 0


def test_a_directory_of_too_few_is_not_believed(ministry: Ministry) -> None:
    with pytest.raises(InvalidInput, match=r"server\.too-many-left") as caught:
        directory.take(ministry.server, csv("y1,山田,政策課,,staff"), ministry.now, complete=True)
    assert caught.value.params == {"left": 8, "known": 9}
    assert len(people.everybody(ministry.database)) == 9


def test_the_column_active_tells_who_left(ministry: Ministry) -> None:
    head = f"{HEAD},active"
    rows = ["y1,山田,政策課,,staff,0", "s1,佐藤,政策課,,staff,", "k1,課長,政策課,,responsible,在籍"]
    told = directory.take(ministry.server, csv(*rows, head=head), ministry.now)
    assert (told.people, told.left) == (3, 1)
    assert "y1" not in {one.id for one in people.everybody(ministry.database)}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("a,x,課,,king,", "server.role"), ("a,x,課,,,", "server.role"),
        ("a,x,課,,staff,maybe", "server.active"), ("a,x,課,,post:,", "server.role"),
    ],
)  # fmt: skip
def test_a_directory_with_a_mistake_changes_nothing(
    ministry: Ministry, row: str, code: str
) -> None:
    data = csv("b,y,課,,staff post:総括補佐,", row, head=f"{HEAD},active")
    with pytest.raises(InvalidInput) as caught:
        directory.take(ministry.server, data, ministry.now)
    assert caught.value.code == code
    assert len(people.everybody(ministry.database)) == 9


def test_a_person_has_one_line_and_all_columns(ministry: Ministry) -> None:
    with pytest.raises(InvalidInput, match=r"server\.person-twice"):
        directory.read(csv("a,x,課,,staff", "a,x,課,,staff"))
    with pytest.raises(InvalidInput, match=r"server\.people"):
        directory.read(b"id,name\n")
    (read,) = directory.read("id,name,unit,mail,role\na,名前,課,,staff".encode("cp932"))
    assert read.name == "名前"
    assert ministry.ask() == ""


def test_names_are_one_line_of_words(ministry: Ministry) -> None:
    directory.take(ministry.server, csv("a,山田　太郎,課　室,,staff"), ministry.now)
    known = people.person(ministry.database, "a")
    assert known is not None
    assert (known.name, known.unit) == ("山田　太郎", "課　室")
    for row in (
        "b,x\0y,課,,staff",
        'b,"x\ny",課,,staff',
        f"b,{'x' * 201},課,,staff",
        ",x,課,,staff",
    ):
        with pytest.raises(InvalidInput, match=r"server\.person"):
            directory.take(ministry.server, csv(row), ministry.now)
    assert people.person(ministry.database, "b") is None


def test_notes_pass_on_too(ministry: Ministry) -> None:
    waiting(ministry)
    assert readers(ministry, NOTED_MAIL, "n1") == {"y1", "k1", "k2"}
    put(ministry, who("k1", unit="総務課"))
    assert readers(ministry, NOTED_MAIL, "n1") == {"y1", "k2"}
    assert "k1" not in readers(ministry, STANDING_MAIL, "s1")


def test_the_command_takes_the_directory_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, file = str(tmp_path / "data"), tmp_path / "名簿.csv"

    def run(*words: str) -> tuple[int, dict[str, Any]]:
        code = commands.main(["--json", "--data", data, *words])
        return code, json.loads(capsys.readouterr().out)

    assert run("init")[0] == 0
    file.write_bytes(
        csv("a,山田,政策課,,staff", "b,課長,政策課,,responsible manager", "c,x,,,head")
    )
    code, told = run("people", str(file))
    assert (code, told["people"], told["joined"], told["left"]) == (0, 3, 3, 0)
    file.write_bytes(csv("a,山田,総務課,,staff", "b,課長,政策課,,responsible"))
    code, told = run("people", str(file), "--complete")
    assert (code, told["changed"], told["moved"], told["left"]) == (0, 3, 1, 1)
    file.write_bytes(csv("z,別人,政策課,,staff"))
    code, told = run("people", str(file), "--complete")
    assert (code, told["error"]["code"]) == (5, "server.too-many-left")
    assert run("enroll", "--person", "z")[0] == 5
    assert run("enroll", "--person", "a")[0] == 0
    assert run("enroll", "--person", "c")[0] == 5
