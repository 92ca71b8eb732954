"""Mails in which every hiding place holds a string of its own: none may be left (Art. 14-7)."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.formats.base import ScrubOrder
from meti_desk.formats.mail.kinds import KINDS
from meti_desk.wording import wording
from tests.formats.mail.mails import japanese, zipped
from tests.formats.mail.mails import mail as plain_mail
from tests.formats.ooxml.planted import Planted
from tests.formats.ooxml.planted import planted as word
from tests.formats.planted.archives import leaks, shown
from tests.formats.planted.mail import mail
from tests.formats.planted.scrubbing import (
    ends_well,
    findings,
    kinds,
    proven,
    scrubbed,
    scrubbed_with_report,
)

CORPUS = os.environ.get("METI_DESK_CORPUS")


def planted() -> tuple[bytes, Planted]:
    p = Planted()
    document = word()[0].getvalue()
    return mail(p, (("資料.docx", document), ("a.zip", zipped(("b.docx", document))))), p


def test_every_planted_string_goes_and_every_visible_one_stays() -> None:
    data, p = planted()
    assert len(p.leaks) >= 50
    result = scrubbed(data)
    assert leaks(result) == set()
    assert {one.encode() for one in p.visible} <= shown(result)
    assert b"X-METI-Label: C2;I1;A1" in result
    assert b"X-METI-Id" not in result


def test_every_hiding_place_is_shown_before_with_its_words() -> None:
    data, _ = planted()
    told = findings(data)
    found = {one.kind for one in told}
    assert {
        *("mail.route", "mail.message-id", "mail.program", "mail.recipient", "mail.header"),
        *("mail.address-comment", "mail.preamble", "mail.boundary", "mail.content-id"),
        *("mail.part-header", "mail.path", "mail.own-property", "html.comment", "html.meta"),
        *("html.hidden", "html.tracking-picture", "docx.comment", "docx.revision"),
    } <= found
    assert any(one.place.startswith("資料.docx/") for one in told)
    assert any(one.place.startswith("a.zip/b.docx/") for one in told)
    for language in ("ja", "en"):
        assert all(wording(language).knows(f"finding.{kind}") for kind in KINDS)


def test_publishing_takes_the_label_too_and_blocks_on_what_is_hidden() -> None:
    with pytest.raises(RuleViolation, match=r"scrub\.blocked") as told:
        scrubbed(mail(Planted()), "publish")
    assert told.value.params["kind"] == "html.hidden"
    data = plain_mail().replace(b"\r\n\r\n", b"\r\nX-METI-Label: C1;I1;A1\r\n\r\n", 1)
    assert b"METI" not in scrubbed(data, "publish")
    assert b"X-METI-Label: C1;I1;A1" in scrubbed(data)


def test_a_marked_subject_is_published_without_its_mark() -> None:
    data = plain_mail("x").replace(b"Subject: x", b"Subject: [M2] x\r\nX-METI-Subject-Mark: [M2]")
    assert b"Subject: [M2] x" in scrubbed(data)
    assert b"M2" not in scrubbed(data, "publish")


def test_what_a_person_keeps_stays() -> None:
    kept = scrubbed(plain_mail(), "provide", "mail.message-id")
    assert b"<1@meti.go.jp>" in kept
    assert b"<1@meti.go.jp>" not in scrubbed(plain_mail())


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (b'multipart/signed; protocol="application/pkcs7-signature"; boundary=x', "signed"),
        (b"application/pkcs7-mime; smime-type=enveloped-data", "encrypted"),
        (b"multipart/encrypted; boundary=x", "encrypted"),
    ],
)
def test_locked_mails_are_refused(kind: bytes, code: str) -> None:
    data = (
        b"From: a@b.jp\r\nDate: x\r\nContent-Type: " + kind + b"\r\n\r\n--x\r\n\r\nx\r\n--x--\r\n"
    )
    with pytest.raises(RuleViolation, match=rf"document\.{code}"):
        scrubbed(data)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("winmail.dat", b"\x78\x9f\x3e\x22" + bytes(40), "mail.tnef"),
        ("a.bin", bytes(range(256)), "mail.member-unsupported"),
        ("a.docx", b"PK\3\4" + bytes(40), "mail.member-refused"),
    ],
)
def test_an_attachment_that_cannot_be_cleaned_blocks_with_its_place(
    name: str, content: bytes, kind: str
) -> None:
    data = plain_mail(attached=((name, content),))
    assert (kind, "blocks") in {(one.kind, one.removal) for one in findings(data)}
    with pytest.raises(RuleViolation, match=r"scrub\.blocked") as told:
        scrubbed(data)
    assert told.value.params["member"] == name
    assert scrubbed(data, "provide", kind)


def test_a_file_in_the_text_and_a_report_of_a_server_block() -> None:
    with pytest.raises(RuleViolation, match=r"mail\.uuencoded"):
        scrubbed(plain_mail(body="begin 644 a.doc\nabc\nend\n"))
    report = (
        b"From: a@b.jp\r\nDate: x\r\nContent-Type: multipart/report; boundary=x\r\n\r\n--x\r\n"
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; inner\r\n--x--\r\n"
    )
    with pytest.raises(RuleViolation, match=r"mail\.report"):
        scrubbed(report)


def test_japanese_mails_keep_every_letter() -> None:
    data = japanese("iso2022_jp", "iso-2022-jp", "会議(案)の件", "本文（表）です\r\n")
    result = scrubbed(data, "publish")
    assert data.partition(b"\r\n\r\n")[2] == result.partition(b"\r\n\r\n")[2]
    assert b"Subject: " + "会議(案)の件".encode("iso2022_jp") in result


def test_the_auditor_finds_what_was_not_removed_and_what_was_changed() -> None:
    data, _ = planted()
    with pytest.raises(InvalidInput, match=r"scrub\.left-behind"):
        proven(data, data)
    clean = scrubbed(plain_mail(html="<p>見える</p>"))
    for line in (b"Received: x\r\n", b"X-A: b\r\n", b"Bcc: a@b\r\n", b"X-METI-Seal: x\r\n"):
        with pytest.raises(InvalidInput, match=r"scrub\.left-behind"):
            proven(clean, line + clean)
    for old, new in (
        (b"staff@", b"other@"), (b"10:00:00", b"11:00:00"), (b"Subject: ", b"Subject: x"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput, match=r"scrub\.text-changed"):
            proven(clean, clean.replace(old, new, 1))


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.integers(0, 9_000), st.binary(min_size=1, max_size=6))
def test_damage_ends_in_a_scrub_or_a_code(at: int, bad: bytes) -> None:
    data = mail(Planted())
    broken = data[:at] + bad + data[at + len(bad) :]
    assert ends_well(broken)


@pytest.mark.skipif(CORPUS is None, reason="METI_DESK_CORPUS is not set")
def test_real_mails_are_scrubbed_and_show_the_same() -> None:
    done = 0
    for path in sorted(Path(str(CORPUS)).rglob("*.eml")):
        for purpose in ("provide", "publish"):
            result = scrubbed(path.read_bytes(), purpose)
            high = {one.kind for one in findings(result) if one.severity == "high"}
            assert high == set(), path.name
            done += 1
    assert done >= 18
    assert kinds(scrubbed_with_report(plain_mail(), ScrubOrder())[0]) == set()
