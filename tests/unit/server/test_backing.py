"""A backup brings everything back, on either engine; one that was touched brings back nothing."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput
from meti_desk.server import auditing, backing, keys, mail, people, storage
from meti_desk.server.backing_file import Writer, passphrase_of, read
from meti_desk.server.storage import Database, Place
from meti_desk.server.syncing import Server
from meti_desk.sync.mail import MAIL, Mail
from tests.postgres import empty
from tests.unit.server.test_attacks import NOW, Client

WORD = b"correct horse battery"


@pytest.fixture
def server(place: Place, tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "folder"
    folder.mkdir()
    made = Server(Database(place), keys.make(folder))
    people.put_person(made.database, people.Person("y1", "山田太郎", "政策課"), NOW)
    yield made
    made.database.close()


@pytest.mark.parametrize("to", ["sqlite", "postgres"])
def test_a_restored_server_goes_on_and_gets_again_what_it_lost(
    server: Server, to: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    client = Client(server)
    assert client.send(client.request(*client.events(5))).receipt.seq == 5
    code = people.new_code(server.database, "y1", server.key.fingerprint, NOW)
    out = tmp_path / "kept.backup"
    (tmp_path / "folder" / "server.toml").write_text("[limits]\ndevice_rate = 9.0\n", "utf-8")
    saved = backing.backup(server.database, tmp_path / "folder", out, WORD, NOW)
    assert (saved.rows["events"], saved.rows["people"]) == (5, 1)
    assert out.stat().st_mode & 0o077 == 0
    assert "山田".encode() not in out.read_bytes()
    later = client.events(3)
    assert client.send(client.request(*later)).receipt.seq == 8

    place, folder = empty(to, tmp_path / "new", request), tmp_path / "restored"
    folder.mkdir()
    restored = backing.restore(place, folder, out, WORD, NOW + 60_000)
    assert restored.audit.intact
    assert (restored.rows, restored.fingerprint) == (saved.rows, server.key.fingerprint)
    assert (folder / "server.toml").read_text("utf-8") == "[limits]\ndevice_rate = 9.0\n"
    again = Server(Database(place), keys.load(folder))
    with pytest.raises(Exception, match=r"enrol\.code"):
        people.enrol(again.database, code.code, bytes(32), "PC", NOW)
    known, client.server = client.device, again
    client = _over(again, client)
    gap = client.send(client.request(*client.events(1)))
    assert (gap.code, gap.params) == ("sync.gap", {"seq": 5})
    assert client.send(client.request(*later)).receipt.seq == 8
    rows = again.database.run("SELECT seq FROM events WHERE device = ? ORDER BY seq", (known,))
    assert rows == [(seq,) for seq in range(1, 9)]
    state = auditing.verify(again.database)
    assert (state.intact, state.events) == (True, 8)
    again.database.close()


def _over(server: Server, client: Client) -> Client:
    """Let a device speak to another server."""
    from meti_desk.server.web import application

    client.app = application(server, lambda: NOW)
    return client


def test_a_database_that_was_put_back_by_its_own_means_still_tells_what_is_new(
    server: Server,
) -> None:
    """As by PostgreSQL's archive: rows of before, and nobody says so to the server."""
    database, client = server.database, Client(server)

    def post(identity: str, at: int) -> None:
        database.together(lambda: mail.post(database, ("y1",), "thing", identity, b"x", at))

    def got(cursor: int) -> tuple[set[str], int]:
        given = client.send(client.request(cursors={MAIL: cursor})).downloads
        told = {msgspec.msgpack.decode(one.body, type=Mail).id for one in given}
        return told, max(one.version for one in given)

    post("before", NOW)
    ((mailed,),) = database.run("SELECT mailed FROM people")
    for number in range(3):
        post(f"lost {number}", NOW + 1000)
    _, cursor = got(0)
    database.run("DELETE FROM mail WHERE id LIKE 'lost%'")
    database.run("UPDATE people SET mailed = ?", (mailed,))
    for number in range(4):
        post(f"new {number}", NOW + 3_600_000)
    told, cursor = got(cursor)
    assert told >= {f"new {number}" for number in range(4)}
    # Put back once more, and nothing new: what is held is told again, behind what the device holds.
    database.run("DELETE FROM mail WHERE id LIKE 'new%'")
    database.run("UPDATE people SET mailed = ?", (mailed,))
    told, later = got(cursor)
    assert "before" in told
    assert later > cursor
    database.together(lambda: mail.renumber(database))
    assert got(later)[0] == told
    post("last", NOW + 7_200_000)
    assert "last" in got(later)[0]


def test_a_restored_server_whose_clock_went_back_gives_no_number_again(server: Server) -> None:
    """One device of two was told after the backup; the other one hides that by coming first."""
    database, first = server.database, Client(server)
    year = 365 * 86_400_000

    def post(identity: str, at: int) -> None:
        database.together(lambda: mail.post(database, ("y1",), "thing", identity, b"x", at))

    def got(cursor: int) -> tuple[set[str], int]:
        given = first.send(first.request(cursors={MAIL: cursor})).downloads
        told = {msgspec.msgpack.decode(one.body, type=Mail).id for one in given}
        return told, max((one.version for one in given), default=cursor)

    post("before", NOW)
    ((mailed,),) = database.run("SELECT mailed FROM people")
    for number in range(3):
        post(f"lost {number}", NOW + 1000)
    told_once, cursor = got(0)
    assert "lost 2" in told_once
    database.run("DELETE FROM mail WHERE id LIKE 'lost%'")
    database.run("UPDATE people SET mailed = ?", (mailed,))
    database.together(lambda: mail.renumber(database))
    for number in range(9):  # as many as were lost, and more
        post(f"new {number}", NOW - year)
    told, _ = got(cursor)
    assert told >= {"before", *(f"new {number}" for number in range(9))}


def test_of_two_devices_the_one_that_knows_less_hides_nothing_from_the_other(
    server: Server,
) -> None:
    """Put back twice to the same state: both know numbers ahead, one of them more of them."""
    database, client = server.database, Client(server)

    def post(identity: str, at: int = NOW) -> None:
        database.together(lambda: mail.post(database, ("y1",), "thing", identity, b"x", at))

    def got(cursor: int) -> tuple[set[str], int]:
        given = client.send(client.request(cursors={MAIL: cursor})).downloads
        told = {msgspec.msgpack.decode(one.body, type=Mail).id for one in given}
        return told, max((one.version for one in given), default=cursor)

    post("before")
    ((mailed,),) = database.run("SELECT mailed FROM people")
    post("lost 1")
    _, less = got(0)
    for number in range(2, 6):
        post(f"lost {number}")
    _, more = got(less)
    assert more == less + 4
    database.run("DELETE FROM mail WHERE id LIKE 'lost%'")
    database.run("UPDATE people SET mailed = ?", (mailed,))
    assert "before" in got(less)[0]
    for number in range(6):
        post(f"new {number}")
    told, _ = got(more)
    assert told >= {"before", *(f"new {number}" for number in range(6))}


def test_who_had_no_mail_in_the_backup_begins_another_era_too(server: Server) -> None:
    database = server.database
    database.run("DELETE FROM mail")
    database.run("UPDATE people SET mailed = 0")
    database.together(lambda: mail.renumber(database))
    assert all(mailed > NOW for (mailed,) in database.run("SELECT mailed FROM people"))


def test_nothing_is_restored_over_anything(server: Server, tmp_path: Path, place: Place) -> None:
    folder, out = tmp_path / "folder", tmp_path / "kept.backup"
    backing.backup(server.database, folder, out, WORD, NOW)
    with pytest.raises(EnvironmentProblem, match=r"server\.file-exists"):
        backing.backup(server.database, folder, out, WORD, NOW)
    with pytest.raises(EnvironmentProblem, match=r"server\.exists"):
        backing.restore(tmp_path / "nowhere", folder, out, WORD, NOW)
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(EnvironmentProblem, match=r"server\.exists"):
        backing.restore(place, other, out, WORD, NOW)
    assert not [*other.iterdir()]


def test_a_backup_that_was_touched_or_cut_brings_back_nothing(
    server: Server, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    client = Client(server)
    client.send(client.request(*client.events(3)))
    out = tmp_path / "kept.backup"
    backing.backup(server.database, tmp_path / "folder", out, WORD, NOW)
    whole = out.read_bytes()
    place = empty("sqlite", tmp_path / "new", request)
    assert isinstance(place, Path)
    spots = [3, 25, 60, 140, len(whole) // 2, len(whole) - 1]
    wrong = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in spots]
    wrong += [whole[: len(whole) // 2], whole[:-1], whole + b"x", whole + whole, b""]
    for data in wrong:
        out.write_bytes(data)
        with pytest.raises(InvalidInput, match=r"server\.backup-damaged"):
            backing.restore(place, place, out, WORD, NOW)
        assert not [*place.iterdir()]
    out.write_bytes(whole)
    with pytest.raises(InvalidInput, match=r"server\.backup-damaged"):
        backing.restore(place, place, out, b"another passphrase", NOW)
    assert backing.restore(place, place, out, WORD, NOW).audit.intact
    with pytest.raises(EnvironmentProblem, match=r"server\.exists"):
        storage.make(place)


def test_large_backups_have_many_pieces_and_keep_their_order(tmp_path: Path) -> None:
    path = tmp_path / "x"
    records = [{"n": n, "body": secrets.token_bytes(200_000)} for n in range(20)]
    with Writer(path, WORD, NOW, "0") as writer:
        for one in records:
            writer.put(one)
    assert [*read(path, WORD)] == records
    data = path.read_bytes()
    step = (1 << 20) + 16 + 4
    start = len(data) - (len(data) - _front(data)) % step - 2 * step
    swapped = data[:start] + data[start + step : start + 2 * step] + data[start : start + step]
    path.write_bytes(swapped + data[start + 2 * step :])
    with pytest.raises(InvalidInput, match=r"server\.backup-damaged"):
        [*read(path, WORD)]
    path.write_bytes(data[: _front(data) + 2 * step])
    with pytest.raises(InvalidInput, match=r"server\.backup-damaged"):
        [*read(path, WORD)]


def _front(data: bytes) -> int:
    line = data.index(b"\n") + 1
    return line + 4 + int.from_bytes(data[line : line + 4], "big")


def test_a_backup_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "x"
    with pytest.raises(TypeError), Writer(path, WORD, NOW, "0") as writer:
        writer.put({"n": object()})
    assert not [*tmp_path.iterdir()]
    short = tmp_path / "word"
    for text in ("", "short\n", "\nlong enough on the second line"):
        short.write_text(text, "utf-8")
        with pytest.raises(InvalidInput, match=r"server\.passphrase-short"):
            passphrase_of(short)
    short.write_text("  long enough 合言葉 \n", "utf-8")
    assert passphrase_of(short) == "long enough 合言葉".encode()
