"""What `permit` prints for people."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from meti_desk.cli.run import run
from tests.unit.services.fakes import PASSPHRASE
from tests.unit.services.permit_office import (
    COLLEAGUE,
    NO,
    PARTNER,
    REASON,
    Device,
    Three,
    granted,
    office,
)
from tests.unit.services.test_permit_words import exchange

Say = Callable[..., str]


@pytest.fixture
def three(tmp_path: Path) -> Iterator[Three]:
    made = office(tmp_path)
    yield made
    made[0].close()


@pytest.fixture
def say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE, encoding="utf-8")

    def spoken(device: Device, *words: str, code: int = 0) -> str:
        argv = [*words, "--passphrase-file", str(secret)]
        capsys.readouterr()
        assert run(argv, lambda _: device.world.desk()) == code
        device.ctx.store = device.world.store  # type: ignore[assignment] # locked by the command
        told = capsys.readouterr()
        return told.out + told.err

    return spoken


def test_a_request_is_shown_with_all_that_is_known(three: Three, say: Say) -> None:
    _, staff, head = three
    path = staff.document()
    told = say(staff, "permit", "request", "provide", str(path), "--to", "a@example.com",
               "--reason", REASON, "--measure", "封書にします", "--area", "0")  # fmt: skip
    for words in ("申請中", "第13条", "案.docx (C2I2A1)", "a@example.com", REASON, "封書にします",
                  "サーバーの返事を待っています"):  # fmt: skip
        assert words in told
    staff.sync()
    head.sync()
    told = say(head, "permit", "list", "--to-decide")
    assert "山田太郎" in told
    identity = told.split()[0]
    told = say(head, "permit", "decide", identity, "--grant", "--designate", "encryption")
    assert "サーバーの返事を待っています" in told
    head.sync()
    staff.sync()
    told = say(staff, "permit", "show", identity)
    assert "条件付許可" in told
    assert "鈴木課長  課室情報セキュリティ責任者" in told
    assert "指定した措置: 暗号化\n" in told
    decided = staff.row(identity).decided_at
    assert f"決定日時: {datetime.fromisoformat(decided).astimezone():%Y-%m-%d %H:%M}\n" in told
    assert "行為: 省外の者に提供する\n" in told
    told = say(staff, "permit", "list", "--lang", "en")
    assert "granted with conditions" in told
    told = say(head, "permit", "revoke", identity, "--note", "事情の変更")
    assert "サーバーの返事を待っています" in told
    head.sync()
    staff.sync()
    assert "事情の変更" in say(staff, "permit", "show", identity)


def test_a_permit_for_another_act_is_told_by_what_it_is_called(three: Three, say: Say) -> None:
    _, staff, head = three
    path = staff.document()
    permit = granted(staff, head, path)
    given = ("handle", "take-out", str(path), "--permit", permit, "--to", PARTNER, "--area", "0",
             "--out", str(staff.world.out))  # fmt: skip
    decisions = [word for one, why in NO.items() for word in ("--decide", f"{one}={why}")]
    told = say(staff, *given, *decisions, code=3)
    assert "この行為（持ち出す）のものではありません" in told


def test_a_refusal_of_the_server_is_told_in_words(three: Three, say: Say) -> None:
    ministry, staff, _ = three
    first = staff.ask(staff.document())
    staff.sync()
    colleague = ministry.device(COLLEAGUE)
    colleague.sync()
    path = colleague.document()
    colleague.ctx.ids.document_id = lambda: first.id  # type: ignore[method-assign] # the same
    colleague.ask(path)
    colleague.sync()
    told = say(colleague, "permit", "show", first.id)
    assert "受け付けられず" in told
    assert "× 同じ番号の別の申請が、もうあります。" in told
    assert "受け付けられず" in say(colleague, "permit", "list")


def test_lists_of_notes_and_of_decisions_in_advance(three: Three, say: Say) -> None:
    _, staff, head = three
    assert say(head, "permit", "noted") == ""
    told = say(head, "permit", "standing", "add", "split", "--answer", "no", "-c", "2", "--until",
               "2027-03-31", "--reason", "一通のため")  # fmt: skip
    assert "split" not in told
    for words in ("分割", "行わない", "機密性2", "有効でない", "サーバーの返事を待っています"):
        assert words in told
    head.sync()
    staff.sync()
    told = say(staff, "permit", "standing")
    assert "有効 " in told
    assert "鈴木課長" in told
    say(staff, "permit", "standing", "end", told.split()[0], code=3)
    told = say(staff, "permit", "noted", "confirm", "no-such", code=3)
    assert "届いていません" in told


def test_words_that_may_be_exchanged_are_told(three: Three, say: Say) -> None:
    _, staff, head = three
    permit = staff.ask(staff.document()).id
    staff.sync()
    exchange(staff, permit)
    staff.sync()
    head.sync()
    told = say(head, "permit", "show", permit)
    assert "申請や記入のときのものと確かめられません" in told
    assert "題名・理由は未確認" in say(head, "permit", "list", "--to-decide")
    told = say(head, "permit", "decide", permit, "--grant", code=3)
    assert "新しく申請し直して" in told
