"""取扱依頼書, パスワード通知書 and the draft of the mail: whole, anonymous, unharmed by names."""

import email
import email.policy
import zipfile
from dataclasses import replace
from email.message import EmailMessage
from io import BytesIO

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.domain.classification import Confidentiality
from meti_desk.domain.label import Label
from meti_desk.domain.restriction import Restriction, Strength
from meti_desk.protection.reading import reading
from meti_desk.services import letters
from meti_desk.services.messages import Person
from meti_desk.services.plain import is_plain, plain
from tests.unit.services.fakes import ME

C2 = Label(
    Confidentiality.C2,
    restrictions=frozenset({Restriction("copy", Strength.FORBIDDEN, "複製禁止")}),
    audience=frozenset({"審査委員"}),
)
DAY = "2026年11月20日"


def words(data: bytes) -> str:
    made = docx.Document(BytesIO(data))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in made.paragraphs] + cells)


def read(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def draft(
    *to: str, person: Person = ME, names: tuple[str, ...] = (), protected: bool = True
) -> EmailMessage:
    attachments = [(name, b"x") for name in names]
    return read(letters.mail_draft(to, person, "", attachments, protected=protected))


def test_the_letter_says_label_restrictions_and_who_asks() -> None:
    enclosures = [letters.Enclosure("案.docx", C2)]
    data = letters.handling_letter(enclosures, ["審査委員"], ME, DAY, contractor=True)
    said = words(data)
    for part in (
        "審査委員 様", "案.docx", "機密性2（完全性1・可用性1）", "複製禁止・審査委員限り",
        "「複製禁止」を守ってください。", "政策課", "山田太郎", DAY, "返却又は消去の証明",
    ):  # fmt: skip
        assert part in said, part
    fewer = words(letters.handling_letter(enclosures, [], ME, DAY, contractor=False))
    assert "返却又は消去の証明" not in fewer


def test_c3_is_asked_more_of() -> None:
    def rules(label: Label) -> str:
        return words(
            letters.handling_letter([letters.Enclosure("x", label)], [], ME, DAY, contractor=False)
        )

    c3 = replace(C2, confidentiality=Confidentiality.C3)
    assert "施錠" in rules(c3)
    assert "施錠" not in rules(C2)


@pytest.mark.parametrize("kind", ["letter", "slip"])
def test_papers_name_no_author_and_no_program(kind: str) -> None:
    data = (
        letters.handling_letter([letters.Enclosure("x", C2)], ["甲"], ME, DAY, contractor=False)
        if kind == "letter"
        else letters.password_slip(["x"], "abc", [("a", "エイ")], DAY)
    )
    core = docx.Document(BytesIO(data)).core_properties
    assert (core.author, core.last_modified_by, core.comments, core.keywords) == ("",) * 4
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert b"python-docx" not in b"".join(map(package.read, package.namelist()))


def test_the_slip_reads_every_character_aloud() -> None:
    password = "kR7-lI1"
    spoken = [(one.char, one.word) for one in reading(password)]
    said = words(letters.password_slip(["案.docx"], password, spoken, DAY))
    assert password in said
    assert "案.docx" in said
    assert all(word in said for _, word in spoken)


def test_odd_characters_break_no_paper() -> None:
    odd = "甲\x00\x0b\n\u202e\ud800\uffff乙"
    person = Person(odd, odd, odd, odd)
    label = replace(C2, audience=frozenset({odd}))
    enclosures = [letters.Enclosure(odd, label)]
    said = words(letters.handling_letter(enclosures, [odd], person, DAY, contractor=True))
    assert "甲______乙 様" in said
    assert words(letters.password_slip([odd], "a\tb\x01", [("\t", "タブ")], DAY)).count("␉") == 2
    message = draft(odd, person=person, names=(plain(odd),))
    body = message.get_body()
    assert body is not None
    assert "甲______乙 様" in body.get_content()


def test_gaiji_stay() -> None:
    assert plain("\ue000髙橋") == "\ue000髙橋"
    assert is_plain("髙橋　花子 様")
    assert not is_plain("　")


@pytest.mark.parametrize(
    "evil",
    [
        "a@b.jp\nBcc: x@y.jp", "a@b.jp\r\nX-Evil: 1", "a@b.jp, x@y.jp", "<x@y.jp>", "x@y.jp;z@y.jp",
        "group:x@y.jp;", "a@b@c.jp", "(comment)x@y.jp", '"x"@y.jp', "x\\@y.jp", "no address",
        "@b.jp", "a@", "a@[", "a\u202e@b.jp", "a\udcff@b.jp",
    ],
)  # fmt: skip
def test_no_recipient_makes_a_header_or_another_address(evil: str) -> None:
    message = draft("iin@example.com", evil)
    assert message["To"] == "iin@example.com"
    assert {key.lower() for key in message} <= {
        "x-unsent", "from", "to", "subject", "mime-version", "content-type",
        "content-transfer-encoding",
    }  # fmt: skip


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=12).map(lambda s: f"{s}@{s[::-1]}"), max_size=3), st.text())
def test_any_recipient_and_any_person_give_a_readable_draft(to: list[str], name: str) -> None:
    message = draft(*to, person=Person(name, name, name, f"{name}@meti.go.jp"))
    assert message["X-Unsent"] == "1"
    assert "資料を送付します。" in str(message.get_content())
    for header in ("Bcc", "Cc", "Reply-To"):
        assert message[header] is None
    held = [address.addr_spec for address in message["To"].addresses] if message["To"] else []
    assert set(held) <= set(to)


def test_the_draft_carries_names_of_files_as_they_are() -> None:
    name = "審査 結果（案）; x.docx"
    message = draft("iin@example.com", names=(name, "b.zip"))
    assert [part.get_filename() for part in message.iter_attachments()] == [name, "b.zip"]
    assert message["From"] == "yamada@meti.go.jp"
    body = message.get_body()
    assert body is not None
    assert "パスワードは、別の方法でお知らせします" in body.get_content()
    unprotected = draft("iin@example.com", protected=False)
    assert "パスワード" not in str(unprotected.get_content())


def test_an_address_outside_ascii_stays_readable() -> None:
    message = draft("審査@例え.jp", "iin@example.com")
    assert "審査@例え.jp" in str(message["To"])
    assert "iin@example.com" in str(message["To"])
