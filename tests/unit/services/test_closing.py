"""What closes files that are given away: certificates where all have one, else a password."""

import email
import email.policy
from pathlib import Path
from typing import Any

import docx
import pytest

from meti_desk.domain import events
from meti_desk.domain.policy import Certificates
from meti_desk.protection.metienc_header import read
from meti_desk.services import giving
from meti_desk.services.classify import classify
from meti_desk.services.closing import Closing, closing
from meti_desk.services.handle import handle
from meti_desk.services.messages import (
    ClassifyRequest,
    Done,
    HandleRequest,
    OpenRequest,
    PlanRequest,
    ProtectRequest,
)
from meti_desk.services.opening import open_files
from meti_desk.services.protect import protect
from meti_desk.services.recipient_messages import ImportRequest, RecipientRequest
from meti_desk.services.recipients import Recipients
from tests.unit.protection.keys.key_material import Authority, ec_key, make, p12, pem, rsa_key
from tests.unit.services.fakes import World

OUT, OTHER, IN = "iin@example.com", "jiro@example.jp", "hanako@meti.go.jp"
NOTED = "鈴木課長, 2026年11月20日, 口頭"
SECRET = "Kanaria-key-4711"
PASSWORD = "ひみつ-kokoro-4711-Zebra"
ROOT = Authority()


class Office:
    """An office that trusts one root, its address book, and key files of the recipients."""

    def __init__(self, world: World, folder: Path) -> None:
        (folder / "roots").mkdir(parents=True)
        (folder / "roots" / "root.pem").write_bytes(pem(ROOT.certificate))
        world.rules(certificates=Certificates(folder=str(folder)))
        self.world, self.book = world, Recipients(world.ctx)

    def issue(self, name: str, key: object = None, issuer: Authority | None = ROOT) -> Path:
        """Give a file with a certificate; the key lies beside it."""
        key = key or ec_key()
        made = make(name, key, issuer)  # type: ignore[arg-type]
        path = self.world.folder / f"{name}.pem"
        path.write_bytes(pem(made))
        path.with_suffix(".p12").write_bytes(p12(key, made, SECRET))  # type: ignore[arg-type]
        return path

    def certify(self, mail: str, key: object = None) -> Path:
        """Enter a recipient with a certificate; gives the key file."""
        path = self.issue(mail, key)
        self.book.import_from(ImportRequest(path=str(path), mail=mail))
        return path.with_suffix(".p12")

    def request(self, *paths: Path, action: str = "provide", **more: Any) -> HandleRequest:
        to = more.pop("to", (OUT,))
        plan = PlanRequest(
            action=action,  # type: ignore[arg-type]
            paths=tuple(map(str, paths)), to=to, permit_noted=NOTED,
            decisions=more.pop("decisions", {}), area=more.pop("area", None),
        )  # fmt: skip
        return HandleRequest(plan=plan, out=str(self.world.out), **more)

    def give(self, *paths: Path, **more: Any) -> Done:
        return handle(self.world.ctx, self.request(*paths, **more))

    def closing(self, *paths: Path, **more: Any) -> Closing:
        return closing(self.world.ctx, self.request(*paths, **more))

    def opened(self, path: str, **key: str) -> bytes:
        """Open a file as the recipient does and give what is inside."""
        back = self.world.folder / f"back-{len(list(self.world.folder.glob('back-*')))}"
        done = open_files(self.world.ctx, OpenRequest(paths=(path,), out=str(back), **key))
        assert done.files[0].error is None
        return Path(done.files[0].out[0]).read_bytes()


@pytest.fixture
def office(world: World, tmp_path: Path) -> Office:
    return Office(world, tmp_path / "office")


@pytest.fixture
def path(world: World) -> Path:
    return labelled(world, world.word())


def labelled(world: World, path: Path, c: int = 2) -> Path:
    done = classify(world.ctx, ClassifyRequest(paths=(str(path),), c=c, reason="必要"))
    assert done.files[0].error is None
    return path


def text(world: World, c: int = 2) -> Path:
    made = world.folder / "一覧.txt"
    made.write_text("試験の一覧")
    return labelled(world, made, c)


def ok(done: Done) -> str:
    """Give the one file that was made."""
    assert done.files[0].error is None
    return done.files[0].out[0]


def mail_of(done: Done) -> str:
    message = email.message_from_bytes(Path(done.mail).read_bytes(), policy=email.policy.default)
    body = message.get_body()
    assert body is not None
    return str(body.get_content())


def letter_of(done: Done) -> str:
    return "\n".join(one.text for one in docx.Document(done.letter).paragraphs)


def test_certificates_of_all_need_no_password(office: Office, world: World, path: Path) -> None:
    one, two = office.certify(OUT), office.certify(OTHER, rsa_key())
    done = office.give(path, to=(OUT, OTHER))
    out = ok(done)
    assert (done.files[0].method, done.password, done.password_slip) == ("cms", "", "")
    names = {path.name for path in world.out.iterdir()}
    assert names == {"案.docx.p7m", giving.LETTER_NAME, giving.MAIL_NAME}
    held = [office.opened(out, key=str(key), key_password=SECRET) for key in (one, two)]
    assert held[0] == held[1]
    inside = world.folder / "中.docx"
    inside.write_bytes(held[0])
    assert docx.Document(str(inside)).paragraphs
    assert "証明書で暗号化しています" in mail_of(done)
    assert "証明書で暗号化しています" in letter_of(done)
    assert "パスワードは、ファイルと同じ場所に" not in letter_of(done)
    body = world.records("handle")[-1]
    assert body["method"] == "cms"
    used = " ".join(map(str, body["algorithms"]))
    assert "rsa-oaep-3072" in used
    assert "ecdh" in used


def test_one_without_a_certificate_means_a_password(office: Office, path: Path) -> None:
    office.certify(OUT)
    done = office.give(path, to=(OUT, OTHER))
    ok(done)
    assert (done.files[0].method, bool(done.password_slip)) == ("office", True)
    assert "パスワードで保護しています" in mail_of(done)
    assert "パスワードは、ファイルと同じ場所に" in letter_of(done)


def test_a_password_or_method_that_was_chosen_counts(office: Office, path: Path) -> None:
    office.certify(OUT)
    assert office.give(path, password=PASSWORD).files[0].method == "office"
    assert office.give(path, method="zip").password
    agreed = office.give(path, password=PASSWORD, agreed=True)
    assert (agreed.files[0].method, agreed.password_slip) == ("office", "")
    assert "合意したパスワード" in mail_of(agreed)
    assert office.give(path, method="metienc").files[0].method == "metienc"


def test_what_arrives_there(office: Office, path: Path) -> None:
    office.certify(OUT)
    office.book.put(RecipientRequest(mail=OUT, before=OUT, accepts=("html",)))
    done = office.give(path)
    assert (done.files[0].method, bool(done.password)) == ("html", True)
    told = office.closing(path)
    assert (told.methods, told.why, told.by_certificate) == (("html",), "propose.accepts", False)
    office.book.put(RecipientRequest(mail=OTHER, blocks_encrypted=True))
    told = office.closing(path, to=(OTHER,))
    assert told.notes == ("propose.gateway",)
    assert not {"office", "pdf", "zip"} & set(told.methods)
    assert office.give(path, to=(OTHER,)).files[0].method == told.methods[0]


def test_inside_and_by_the_label(office: Office, world: World) -> None:
    plain = text(world)
    assert office.give(plain, action="distribute", to=(IN,), area=0).files[0].method == "metienc"
    unlisted = {"encryption": "no:通信路が暗号化されているため"}
    assert office.give(plain, to=(OUT,), decisions=unlisted).files[0].method == "zip"
    asked = office.give(plain, to=(OUT,), decisions={"encryption": "yes"})
    ok(asked)
    assert (asked.files[0].method, asked.files[0].meets) == ("html", "meets.html")
    told = office.closing(plain, to=(OUT,))
    assert (told.methods, told.why) == (("html",), "propose.listed")


def test_a_certificate_for_one_time(office: Office, path: Path) -> None:
    cert = office.issue("once")
    done = office.give(path, certificate_files=(str(cert),))
    key = str(cert.with_suffix(".p12"))
    assert office.opened(ok(done), key=key, key_password=SECRET)
    assert (done.password, done.password_slip) == ("", "")
    own = office.issue("self", issuer=None)
    with pytest.raises(Exception, match=r"certificate\.unconfirmed"):
        office.give(path, certificate_files=(str(own),))
    assert ok(office.give(path, certificate_files=(str(own),), compared=True))
    refused = office.give(path, certificate_files=(str(cert),), method="zip").files[0].error
    assert refused is not None
    assert refused.code == "protect.no-certificates"


def test_who_has_none_gets_the_password_beside(office: Office, path: Path) -> None:
    cert, known = office.issue("once"), office.certify(OUT)
    done = office.give(path, to=(OUT, OTHER, "kacho@example.jp"), certificate_files=(str(cert),))
    out = ok(done)
    by_password = office.opened(out, password=done.password)
    for key in (str(known), str(cert.with_suffix(".p12"))):
        assert office.opened(out, key=key, key_password=SECRET) == by_password
    assert done.password_slip
    assert "パスワードで保護しています" in mail_of(done)


def test_a_short_key_is_used_with_a_reason_alone(office: Office, world: World, path: Path) -> None:
    office.certify(OUT, rsa_key(2048))
    told = office.closing(path)
    assert (told.by_certificate, told.notes) == (False, ("propose.short",))
    assert office.give(path).password
    done = office.give(path, reason_unlisted="相手の更新が来月のため")
    ok(done)
    assert (done.files[0].method, done.password) == ("cms", "")
    assert "相手の更新が来月のため" in world.records("handle")[-1]["reason"]


def test_what_is_told_before(office: Office, world: World, path: Path) -> None:
    other = text(world)
    told = office.closing(path, other)
    assert (told.methods, told.why) == (("office", "html"), "propose.each")
    assert [row.method for row in office.give(path, other).files] == ["office", "html"]
    office.certify(OUT)
    told = office.closing(path, other)
    assert (told.methods, told.why, told.by_certificate) == (
        ("cms",), "propose.certificates", True,
    )  # fmt: skip
    assert office.closing(world.folder / "away.docx") == Closing()
    assert office.closing(path, action="publish", to=()) == Closing()
    assert office.closing(path, to=("総務課 御中",)).methods == ("office",)
    no = {"password": "no:区域内", "encryption": "no:区域内"}
    within = office.closing(path, action="distribute", to=(IN,), area=1, decisions=no)
    assert within == Closing()


def test_the_id_stays_with_what_stays(office: Office, world: World) -> None:
    plain = text(world)
    document = world.records("classify")[-1][events.DOCUMENT]
    moved = office.give(plain, action="transfer", to=(IN,), area=0)
    with Path(ok(moved)).open("rb") as made:
        assert read(made)[0].document == document
    with Path(ok(office.give(plain, method="metienc"))).open("rb") as made:
        assert read(made)[0].document == ""


def test_protecting_alone_asks_the_same(office: Office, world: World) -> None:
    plain = text(world)
    office.certify(IN)
    request = ProtectRequest(paths=(str(plain),), out=str(world.out), recipients=(IN,))
    assert protect(world.ctx, request).files[0].method == "metienc"
    office.certify(OUT)
    request = ProtectRequest(paths=(str(plain),), out=str(world.out), recipients=(OUT, IN))
    assert protect(world.ctx, request).files[0].method == "cms"
