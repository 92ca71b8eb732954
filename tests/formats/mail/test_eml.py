import base64
import binascii
import email
import email.policy
import hashlib
import io
import os
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from meti_desk.domain.errors import InvalidInput, MetiDeskError, RuleViolation
from meti_desk.formats.base import Inspection, LabelOrder, MarkFound, ScrubOrder, Wants
from meti_desk.formats.inspecting import inspect
from meti_desk.formats.mail.eml import EML
from meti_desk.formats.mail.headers import read_block
from meti_desk.formats.mail.words import decode, encode
from meti_desk.formats.registry import find
from tests.formats.mail.mails import MARK, japanese, mail, zipped

CORPUS = os.environ.get("METI_DESK_CORPUS")
ORDER = LabelOrder(
    {
        "jp.go.meti.handling": "r=複製禁止;only=" + "審査委員" * 30,
        "jp.go.meti.id": "01J",
        "jp.go.meti.label": "C2;I2;A1",
        "jp.go.meti.seal": "A1" * 400,
    }
)


def seen(data: bytes, *, text: bool = True) -> Inspection:
    return inspect(io.BytesIO(data), None, Wants(text=text))


def labelled(data: bytes, order: LabelOrder = ORDER) -> bytes:
    out = io.BytesIO()
    EML.write_label(io.BytesIO(data), out, order)
    EML.verify_label(io.BytesIO(data), out, order)
    return out.getvalue()


def payloads(data: bytes) -> list[object]:
    parts = email.message_from_bytes(data).walk()
    return [one.get_payload(decode=True) for one in parts if not one.is_multipart()]


def body_of(data: bytes) -> bytes:
    ends = [at for end in (b"\r\n\r\n", b"\n\n") if (at := data.find(end)) >= 0]
    return data[min(ends) :]


@pytest.mark.parametrize(
    ("data", "variant"),
    [
        (mail(), "eml"),
        (b"\xef\xbb\xbf" + mail(), "eml"),
        (b"From: a@b.jp\nDate: x\n\nbody", "eml"),
        (b"From a@b.jp Mon Nov 23 10:00:00 2026\n" + mail(), "eml"),
        (b"From a@b Mon 2026\nFrom: a@b\nDate: x\n\n1\n\nFrom c@d Nov 2026\nTo: x\n\n2", "mbox"),
        (b"X-Long: " + b"a " * 6000 + b"\nReceived: x\nTo: a@b\n\nbody", "eml"),
        ("議題: 予算\n日時: 月曜\n\n本文".encode(), "txt"),
        (b"Title: a note\nAuthor: me\n\ntext", "txt"),
        (b"http://example.com/", "txt"),
        (b"From: the desk of the director\nSubject: a memo\n\ntext", "txt"),
        (b"key: value\nother: value\n", "txt"),
    ],
)  # fmt: skip
def test_mails_are_known_by_their_header_and_other_texts_are_none(
    data: bytes, variant: str
) -> None:
    assert find(io.BytesIO(data)).variant == variant


def test_the_label_stands_in_the_header_and_all_else_is_the_same() -> None:
    data = mail(attached=(("資料.bin", bytes(range(256)) * 40),))
    result = labelled(data)
    assert body_of(result) == body_of(data)
    lines = [
        one for one in result.split(b"\r\n") if b"X-METI" not in one and b"=?utf-8?B?" not in one
    ]
    assert max(len(line) for line in result.split(b"\r\n\r\n")[0].split(b"\r\n")) <= 78
    assert set(data.split(b"\r\n")) >= set(lines) - {b""}
    found = seen(result)
    assert found.properties == ORDER.properties
    assert found.digest == seen(data).digest
    assert (
        email.message_from_bytes(result, policy=email.policy.default)["X-METI-Label"] == "C2;I2;A1"
    )
    # Again gives the same; taking all away gives the mail as it was.
    assert labelled(result) == result
    assert labelled(result, LabelOrder({}, "")) == data


def test_the_subject_is_marked_only_when_wanted_and_never_twice() -> None:
    data = mail("Ｒｅ：予算")
    marked = labelled(data, LabelOrder(ORDER.properties, "長い明示", MARK))
    assert (
        email.message_from_bytes(marked, policy=email.policy.default)["Subject"]
        == f"{MARK} Ｒｅ：予算"
    )
    found = seen(marked)
    assert MarkFound(MARK, "subject", own=True) in found.marks
    assert found.digest == seen(data).digest
    assert labelled(marked, LabelOrder(ORDER.properties, "長い明示", MARK)) == marked
    higher = labelled(marked, LabelOrder(ORDER.properties, "明示", "【機密性3情報】"))
    assert (
        email.message_from_bytes(higher, policy=email.policy.default)["Subject"]
        == "【機密性3情報】 Ｒｅ：予算"
    )
    plain = labelled(higher, LabelOrder({}, ""))
    assert email.message_from_bytes(plain, policy=email.policy.default)["Subject"] == "Ｒｅ：予算"
    # Without an order for the subject it stays as it is.
    assert b"X-METI-Subject-Mark" in labelled(marked)
    assert b"X-METI-Subject-Mark" not in labelled(data)


def test_a_mail_without_subject_gets_one_only_for_the_mark() -> None:
    data = b"From: a@b\nMessage-ID: <1>\n\nbody"
    marked = labelled(data, LabelOrder({}, "x", MARK))
    assert seen(marked).marks == (MarkFound(MARK, "subject", own=True),)
    assert labelled(marked, LabelOrder({}, "")) == data


def test_a_signature_of_the_server_over_the_subject_is_told() -> None:
    data = b"DKIM-Signature: v=1; h=From : Subject;\n b=AAAA\n" + mail().replace(b"\r\n", b"\n")
    order = LabelOrder({}, "x", MARK)
    report = EML.write_label(io.BytesIO(data), io.BytesIO(), order)
    assert report.notes == ("mail.signature-of-server-broken",)
    assert EML.write_label(io.BytesIO(data), io.BytesIO(), ORDER).notes == ()


@pytest.mark.parametrize(
    ("codec", "charset"),
    [
        ("iso2022_jp", "iso-2022-jp"), ("cp932", "Shift_JIS"), ("euc_jp", "EUC-JP"),
        ("utf-8", "x-unknown"), ("cp932", "us-ascii"),
    ],
)  # fmt: skip
def test_old_japanese_mails_are_read(codec: str, charset: str) -> None:
    data = japanese(
        codec, charset, "【機密性2情報】入札の件", "　部外秘\r\n予定価格は次のとおりです。\r\n"
    )
    found = seen(data)
    assert [(one.place, one.text) for one in found.text] == [
        ("subject", "【機密性2情報】入札の件"),
        ("body", "　部外秘\n予定価格は次のとおりです。\n"),
    ]
    assert found.marks == (
        MarkFound("【機密性2情報】入札の件", "subject"),
        MarkFound("部外秘", "body"),
    )
    assert seen(labelled(data)).digest == found.digest


def test_words_cut_in_the_middle_of_a_character_are_joined() -> None:
    raw = "機密性".encode()
    words = [b"=?UTF-8?B?" + base64.b64encode(one) + b"?=" for one in (raw[:4], raw[4:])]
    assert decode(b" " + b"\r\n ".join(words)) == "機密性"
    assert decode(b"=?iso-8859-1?Q?caf=E9_?= x =?bad") == "café  x =?bad"


def test_html_is_read_as_its_reader_sees_it() -> None:
    page = (
        "<html><head><style>p{}</style></head><body><p>一行目</p><script>x()</script><p>二行目</p>"
    )
    data = mail(body="短い", html=page)
    assert [one.text for one in seen(data).text if one.place == "body"] == ["一行目\n二行目"]


def test_attachments_are_members_with_all_they_say() -> None:
    inner = labelled(mail("内側"))
    sidecar = (
        b'{"schema":"jp.go.meti.sidecar/1","sha256":"'
        + hashlib.sha256(b"text").hexdigest().encode()
        + b'","properties":{"jp.go.meti.label":"C3;I1;A1"}}'
    )
    data = mail(
        attached=(
            ("転送.eml", inner),
            ("束.zip", zipped(("a.txt", b"text"), ("a.txt.metilabel.json", sidecar))),
            ("../..\\evil\u202efdp.exe", b"MZ"),
        )
    )
    found = seen(data)
    told = [
        (one.place, one.format, one.properties.get("jp.go.meti.label", "")) for one in found.members
    ]
    assert told == [
        ("body", "txt", ""),
        ("転送.eml", "eml", "C2;I2;A1"),
        ("転送.eml/body", "txt", ""),
        ("束.zip", "zip", ""),
        ("束.zip/a.txt", "txt", "C3;I1;A1"),
        ("_/_/evil\ufffdfdp.exe", "exe", ""),
    ]
    assert any(one.place == "転送.eml: subject" for one in found.text)


def test_microsofts_label_in_the_header_is_read() -> None:
    guid = "0f5a3a5c-1111-2222-3333-444455556666"
    line = f"msip_labels: MSIP_Label_{guid}_Enabled=True;\n MSIP_Label_{guid}_Name=Secret;\n"
    found = seen(line.encode() + mail().replace(b"\r\n", b"\n")).foreign
    assert [(one.scheme, one.id, one.name) for one in found] == [("msip", guid, "Secret")]


@pytest.mark.parametrize(
    ("kind", "method", "obstacle"),
    [
        ("application/pkcs7-mime; smime-type=enveloped-data", "smime-encrypted", "encrypted"),
        ("application/pkcs7-mime; smime-type=signed-data", "smime-signed", "unsupported"),
        ("multipart/encrypted; boundary=b", "pgp-encrypted", "encrypted"),
    ],
)  # fmt: skip
def test_locked_mails_are_labelled_and_what_is_in_them_is_unknown(
    kind: str, method: str, obstacle: str
) -> None:
    head = f"From: a@b\nMessage-ID: <1>\nContent-Type: {kind}\n\n".encode()
    data = head + b"--b\nContent-Type: application/octet-stream\n\nMIAGCSqGSIb3\n--b--\n"
    found = seen(data)
    assert found.protection is not None
    assert found.protection.method == method
    assert obstacle in {one.obstacle for one in found.members}
    assert seen(labelled(data)).properties == ORDER.properties


def test_a_signed_mail_keeps_its_signed_part_byte_for_byte() -> None:
    signed = b"--b\r\nContent-Type: text/plain\r\n\r\nsigned text \r\n\r\n--b\r\n"
    data = (
        b"From: a@b\r\nMessage-ID: <1>\r\n"
        b'Content-Type: multipart/signed; protocol="x"; boundary="b"\r\n\r\n'
        + signed
        + b'Content-Type: application/pkcs7-signature; name="smime.p7s"\r\n\r\nMIAG\r\n--b--\r\n'
    )
    assert labelled(data).endswith(body_of(data))
    found = seen(data)
    assert [one.place for one in found.members] == ["body"]
    assert found.protection is not None


BROKEN = [
    b"From: a@b\nMessage-ID: <1>",
    b"From: a@b\nMessage-ID: <1>\nno header line\n\nbody",
    b"From: a@b\r\nMessage-ID: <1>\rSubject: x\n\nbody",
    b"Message-ID: <1>\nFrom: a@b\nContent-Type: multipart/mixed\n\nno boundary",
    b"Message-ID: <1>\nFrom: a@b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nopen end",
    b"Message-ID: <1>\nFrom: a@b\nContent-Type: multipart/mixed; boundary=x\n\nnothing",
    b"Message-ID: <1>\nFrom: a@b\nContent-Type: text/plain; charset=rot13\n\nabc",
    b"Message-ID: <1>\nFrom: a@b\nContent-Transfer-Encoding: base64\n\n!!!! A=A=A",
    b"Message-ID: <1>\nFrom: a@b\nContent-Transfer-Encoding: x-uuencode\n\nbegin 644 a\n#86)C\n",
    b"Message-ID: <1>\nFrom: a@b\nSubject: =?iso-2022-jp?B?GyRC?= =?zz?B?A?=\n\n\xff\xfe\x00",
    b"Message-ID: <1>\nFrom: a@b\nContent-Type: a/b; name*0*=utf-8''%E3; name*99999999=x\n\n",
    b"Message-ID: <1>\nFrom: a@b\nX-METI-Label: C1;I1;A1\nX-METI-Label: C3;I1;A1\n\nx",
]


@pytest.mark.parametrize("data", BROKEN)
def test_broken_mails_are_labelled_and_keep_their_body(data: bytes) -> None:
    before = seen(data)
    result = labelled(data)
    assert seen(result).properties == ORDER.properties
    assert seen(result).digest == before.digest
    assert result[read_block(result).size :] == data[read_block(data).size :]


def test_two_labels_that_disagree_are_neither() -> None:
    data = b"From: a@b\nMessage-ID: <1>\nX-METI-Label: C1;I1;A1\nX-METI-Label: C3;I1;A1\n\nx"
    assert seen(data).properties == {"jp.go.meti.label": "C1;I1;A1 | C3;I1;A1"}


def test_parts_in_each_other_without_end_are_refused() -> None:
    head = b"Message-ID: <1>\nFrom: a@b\n"
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2000)
    )
    with pytest.raises(InvalidInput, match=r"document\.bomb"):
        seen(head + deep + b"\nx")
    inner = mail("最も内側")
    for _ in range(12):
        inner = mail(attached=(("内.eml", inner),))
    assert "too-deep" in {one.obstacle for one in seen(inner).members}


def test_what_a_header_cannot_name_is_refused() -> None:
    for key, code in (
        ("X-Other", "label.foreign-key"),
        ("jp.go.meti.a b", "label.text-not-storable"),
    ):
        with pytest.raises(InvalidInput, match=code):
            labelled(mail(), LabelOrder({key: "x"}))
    endless = b"From: a@b\nMessage-ID: <1>\n" + b"X-A: b\n" * 200_000
    with pytest.raises(InvalidInput, match=r"document\.damaged"):
        labelled(endless + b"\nbody")


def test_a_mailbox_is_read_mail_by_mail_and_never_rewritten() -> None:
    one = b"From a@b Mon 2026\nFrom: a@b\nMessage-ID: <1>\nX-METI-Label: C2;I1;A1\n\nx\n\n"
    found = seen(one + one.replace(b"C2", b"C3"))
    assert (found.format, found.embeds) == ("mbox", False)
    labels = [m.properties["jp.go.meti.label"] for m in found.members if m.properties]
    assert labels == ["C2;I1;A1", "C3;I1;A1"]
    with pytest.raises(RuleViolation, match=r"format\.not-embeddable"):
        labelled(one + one)
    with pytest.raises(RuleViolation, match=r"scrub\.unsupported-format"):
        EML.scrub(io.BytesIO(one + one), io.BytesIO(), ScrubOrder())


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda data: data.replace(b"C2;I2;A1", b"C1;I1;A1"), "properties"),
        (lambda data: data.replace(b"To: other", b"To: third"), "headers"),
        (lambda data: data + b"x", "content"),
        (lambda data: data.replace(b"Subject: ", b"Subject: x"), "mark"),
    ],
)
def test_the_proof_finds_what_was_changed_besides(change: object, what: str) -> None:
    data = mail("plain subject")
    changed = change(labelled(data))  # type: ignore[operator]
    with pytest.raises(InvalidInput) as raised:
        EML.verify_label(io.BytesIO(data), io.BytesIO(changed), ORDER)
    assert raised.value.params["what"] == what


@settings(derandomize=True, max_examples=200)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=300))
@example("\ufeff")
def test_every_text_comes_back_from_a_header(text: str) -> None:
    text = text.strip()
    line = encode("X-METI-Test", text, b"\r\n")
    assert decode(line.partition(b":")[2]) == text
    assert all(len(one) <= 78 for one in line.split(b"\r\n"))
    assert line.isascii()


@settings(derandomize=True, max_examples=150)
@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"Content-Type: multipart/mixed; boundary=b\n\n--b\n"]),
)
def test_no_bytes_bring_it_down(tail: bytes, start: bytes) -> None:
    data = b"Message-ID: <1>\nFrom: a@b\n" + start + tail
    try:
        result = labelled(data)
    except MetiDeskError:
        return
    assert seen(result).properties == ORDER.properties


@pytest.mark.skipif(CORPUS is None, reason="METI_DESK_CORPUS is not set")
def test_real_mails_are_labelled_and_body_and_attachments_stay() -> None:
    files = sorted(Path(CORPUS or "").rglob("*.eml"))
    assert files
    for path in files:
        data = path.read_bytes()
        before = seen(data)
        result = labelled(data, LabelOrder(ORDER.properties, "明示", MARK))
        after = seen(result)
        assert after.properties == ORDER.properties, path
        assert after.digest == before.digest, path
        assert payloads(result) == payloads(data), path
        assert [one.text for one in after.text] == [one.text for one in before.text], path
        # What we read of parts is what the standard library reads.
        theirs = {one.get_filename() for one in email.message_from_bytes(data).walk()} - {None}
        assert (
            len([m for m in before.members if "/" not in m.place and m.place != "body"])
            >= len({name for name in theirs if name and not name.endswith(".htm")}) - 1
        ), path


@pytest.mark.parametrize(
    "tail",
    [
        b"Content-Transfer-Encoding: x-uuencode\n\n" + b"begin 644 a\n" * 80_000,
        b"Content-Type: text/html\n\n" + b"<!" * 400_000,
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"\r" * 800_000,
        b"Subject: " + b"=?" * 400_000 + b"\n\n",
        b"Content-Type: a/b" + b';a="' * 200_000 + b"\n\n",
    ],
)
@pytest.mark.timeout(20)
def test_no_text_is_slow_because_of_how_it_is_built(tail: bytes) -> None:
    assert seen(b"From: a@b\nMessage-ID: <1>\n" + tail).format == "eml"


def test_old_attachments_in_uuencode_are_read() -> None:
    coded = b"begin 644 a.txt\n" + binascii.b2a_uu(b"text inside") + b"`\nend\n"
    head = b"From: a@b\nMessage-ID: <1>\nContent-Transfer-Encoding: x-uuencode\n\n"
    assert seen(head + coded).text[0].text == "text inside"
