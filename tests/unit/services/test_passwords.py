"""The book of agreed passwords, slips and what is said on the telephone."""

import subprocess
from datetime import timedelta
from pathlib import Path
from shutil import which

import docx
import pytest

from meti_desk.domain.errors import InvalidInput, MetiDeskError, RuleViolation
from meti_desk.services.password_messages import AgreeRequest, SlipRequest
from meti_desk.services.passwords import Passwords
from tests.unit.services.fakes import World

WHO = "iin@example.com"


@pytest.fixture
def book(world: World) -> Passwords:
    return Passwords(world.ctx)


def test_a_password_is_agreed_used_rotated_and_forgotten(world: World, book: Passwords) -> None:
    first = book.agree(AgreeRequest(recipient=" IIN@Example.com "))
    assert (first.entry.recipient, first.entry.number, first.entry.due) == (WHO, 1, False)
    assert len(first.password.replace("-", "")) == 20
    assert book.use((WHO,)) == first.password
    assert book.list()[0].last_used == world.clock.now().isoformat()
    second = book.agree(AgreeRequest(recipient=WHO, rotate=True, told_by="in-person"))
    assert second.password != first.password
    assert (second.entry.number, second.entry.former) == (2, 1)
    assert (book.reveal(WHO), book.reveal(WHO, 1)) == (second.password, first.password)
    book.forget(WHO)
    assert book.list() == ()
    assert book.entry(WHO) is None
    with pytest.raises(InvalidInput, match=r"password\.not-agreed"):
        book.reveal(WHO)


def test_the_record_tells_that_and_how_but_not_which(world: World, book: Passwords) -> None:
    done = book.agree(AgreeRequest(recipient=WHO, told_by="phone"))
    body = world.records("password-agreed")[-1]
    assert (body["recipients"], body["told_by"], body["rotated"]) == ([WHO], "phone", False)
    kept = world.store.everything()
    assert done.password not in kept
    assert done.password not in repr(done)
    book.forget(WHO)
    assert world.records("password-forgotten")[-1]["recipients"] == [WHO]


def test_an_old_password_is_due(world: World, book: Passwords) -> None:
    book.agree(AgreeRequest(recipient=WHO))
    world.clock.moment += timedelta(days=179)
    assert not book.list()[0].due
    world.clock.moment += timedelta(days=1)
    entry = book.list()[0]
    assert (entry.due, entry.age_days) == (True, 180)


def test_a_password_told_by_mail_needs_a_reason(book: Passwords) -> None:
    with pytest.raises(RuleViolation, match=r"password\.same-route"):
        book.agree(AgreeRequest(recipient=WHO, told_by="mail"))
    reason = "電話のない相手のため"
    done = book.agree(AgreeRequest(recipient=WHO, told_by="mail", reason=reason))
    assert done.entry.reason == reason


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (AgreeRequest(recipient="iin"), "recipient.invalid"),
        (AgreeRequest(recipient="a@b, c@d"), "recipient.invalid"),
        (AgreeRequest(recipient=WHO, told_by="pigeon"), "password.unknown-way"),
        (AgreeRequest(recipient=WHO, password="iin@example.com1"), "password.too-weak"),
        (AgreeRequest(recipient=WHO, rotate=True), "password.not-agreed"),
    ],
)
def test_what_is_refused(book: Passwords, request_: AgreeRequest, code: str) -> None:
    with pytest.raises(MetiDeskError) as caught:
        book.agree(request_)
    assert caught.value.code == code
    assert "iin@example.com1" not in str(caught.value)


def test_a_former_password_is_not_taken_again(book: Passwords) -> None:
    own = "correct-battery-77-staple-亀"
    book.agree(AgreeRequest(recipient=WHO, password=own))
    with pytest.raises(InvalidInput, match=r"password\.same-as-before"):
        book.agree(AgreeRequest(recipient=WHO, password=own))


def test_several_recipients_need_the_same_password(book: Passwords) -> None:
    own = "correct-battery-77-staple-亀"
    for who in (WHO, "b@example.com"):
        book.agree(AgreeRequest(recipient=who, password=own))
    assert book.use((WHO, "b@example.com")) == own
    book.agree(AgreeRequest(recipient="c@example.com"))
    with pytest.raises(InvalidInput, match=r"password\.differs"):
        book.use((WHO, "c@example.com"))


def test_a_slip_as_docx_and_pdf(world: World, book: Passwords) -> None:
    done = book.agree(AgreeRequest(recipient=WHO))
    paper = book.slip(SlipRequest(out=str(world.out / "通知書.docx"), recipient=WHO))
    told = "\n".join(one.text for one in docx.Document(paper).paragraphs)
    assert done.password in told
    assert WHO in told
    pdf = book.slip(SlipRequest(out=str(world.out / "通知書.pdf"), recipient=WHO))
    assert Path(pdf).read_bytes().startswith(b"%PDF")
    with pytest.raises(InvalidInput, match=r"export\.format"):
        book.slip(SlipRequest(out=str(world.out / "通知書.txt"), recipient=WHO))


@pytest.mark.skipif(which("pdftotext") is None, reason="pdftotext is not installed")
def test_the_pdf_says_what_the_docx_says(world: World, book: Passwords) -> None:
    done = book.agree(AgreeRequest(recipient=WHO))
    pdf = book.slip(SlipRequest(out=str(world.out / "通知書.pdf"), recipient=WHO))
    run = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, check=True)
    told = run.stdout.decode()
    assert done.password in told
    assert "パスワード通知書" in told
    assert "ハイフン" in told


def test_what_is_said_on_the_telephone_counts_and_names_every_character(book: Passwords) -> None:
    lines = book.telephone("aB7-アが")
    assert lines == (
        "全部で6文字です。",
        "1組目：アルファの小文字a、ブラボーの大文字B、数字のなな、ハイフン",
        "2組目：朝日のア、ひらがなで為替のカに濁点",
        "以上、6文字です。",
    )
    made = book.make()
    assert made.bits >= 99
    assert made.telephone == book.telephone(made.password)
    assert len(book.make("words").password.split("-")) >= 6
    assert book.strength(WHO, (WHO,)).score < 3
