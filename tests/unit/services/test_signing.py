"""Signing and verifying as use cases: the label first, the record, keys, and what was changed."""

import dataclasses
import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from asn1crypto import cms

from meti_desk.domain.policy import TimeStamps
from meti_desk.formats.sidecar import make_sidecar
from meti_desk.services import own_key
from meti_desk.services.classify import classify
from meti_desk.services.messages import ClassifyRequest, Done, DoneFile, ProtectRequest
from meti_desk.services.protect import protect
from meti_desk.services.signatures import Signatures
from meti_desk.services.signing import sign
from meti_desk.services.signing_messages import SignatureView, SignRequest, StampPlace
from meti_desk.services.verifying import verify
from tests.unit.protection.signing.signing_world import (
    DAY,
    ME,
    NOW,
    ROOT,
    der,
    detached,
    pem_files,
    person,
    pkcs12_of,
    plain_pdf,
    revoking,
    signed_pdf,
)
from tests.unit.protection.signing.stamp_authority import authority_in
from tests.unit.services.fakes import World

SECRET = "かぎ"


@pytest.fixture
def desk(world: World) -> World:
    """Give a device whose policy trusts our authority, and a key file; the clock goes right."""
    place = world.folder / "信頼"
    (place / "roots").mkdir(parents=True)
    (place / "crls").mkdir()
    (place / "roots" / "root.der").write_bytes(der(ROOT))
    world.rules(certificates=dataclasses.replace(world.policy.certificates, folder=str(place)))
    world.ctx.clock.moment = datetime.now(UTC)  # type: ignore[attr-defined] # the clock of the tests
    pkcs12_of(world.folder)
    return world


def key(world: World) -> str:
    return str(world.folder / "me.p12")


def pdf(world: World, name: str = "合意.pdf", *, label: bool = True) -> Path:
    path = world.folder / name
    path.write_bytes(plain_pdf())
    if label:
        labelled(world, path)
    return path


def labelled(world: World, *paths: Path, c: int = 2) -> None:
    done = classify(world.ctx, ClassifyRequest(paths=tuple(map(str, paths)), c=c, i=2))
    assert [row.error for row in done.files] == [None] * len(paths)


def signed(world: World, *paths: Path, **more: object) -> Done:
    request = SignRequest(
        paths=tuple(map(str, paths)), key=key(world), secret=SECRET, **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return sign(world.ctx, request)


def only(done: Done) -> DoneFile:
    (row,) = done.files
    assert row.error is None, row.error
    return row


def code(done: Done) -> str:
    (row,) = done.files
    assert row.error is not None
    return row.error.code


def one_of(world: World, path: str | Path) -> SignatureView:
    (row,) = verify(world.ctx, (str(path),))
    assert row.error is None, row.error
    (one,) = row.signatures
    return one


def test_a_pdf_is_signed_inside_and_recorded(desk: World) -> None:
    path = pdf(desk)
    before = path.read_bytes()
    done = signed(desk, path, reason="承認", place=StampPlace(page=1, x=330, y=40))
    row = only(done)
    assert path.read_bytes() == before
    out = Path(row.out[0])
    assert (out.name, row.method) == ("合意_署名済み.pdf", "pades")
    assert out.read_bytes().startswith(before)
    one = one_of(desk, out)
    assert (one.signer, one.intact, one.chain, one.reason) == (ME, True, "trusted", "承認")
    assert (one.label, one.covers, one.listed, one.unlisted) == ("same", "whole", True, ())
    event = desk.records("sign")[-1]
    assert done.events == (desk.store.ledger.held[-1].id,)
    assert (event["signer"], event["reason"], event["listed"]) == (ME, "承認", True)
    assert event["certificate"] == one.certificate
    assert event["label"]["c"] == 2
    assert SECRET not in json.dumps(desk.records(), ensure_ascii=False)


def test_other_files_are_signed_beside(desk: World) -> None:
    word, text = desk.word(), desk.text()
    labelled(desk, word, text)
    before = word.read_bytes()
    done = signed(desk, word, text)
    assert [Path(row.out[0]).name for row in done.files] == ["案.docx.p7s", "メモ.txt.p7s"]
    assert word.read_bytes() == before
    for path in (word, text, Path(done.files[0].out[0])):
        one = one_of(desk, path)
        assert (one.intact, one.chain, one.label) == (True, "trusted", "same")
        assert datetime.fromisoformat(one.time) <= desk.ctx.clock.now()
        assert one.time_proven is False
    (row,) = verify(desk.ctx, (done.files[0].out[0],))
    assert row.content == str(word)


def test_a_pdf_beside_when_it_is_asked_for(desk: World) -> None:
    row = only(signed(desk, pdf(desk), detached=True, out=str(desk.out)))
    assert Path(row.out[0]) == desk.out / "合意.pdf.p7s"
    (found,) = verify(desk.ctx, (row.out[0],), content=str(desk.folder / "合意.pdf"))
    assert found.signatures[0].intact


def test_the_label_comes_first(desk: World) -> None:
    for path in (pdf(desk, "無.pdf", label=False), desk.word("無.docx"), desk.text("無.txt")):
        assert code(signed(desk, path)) == "sign.label-first"
    path = pdf(desk, "有.pdf")
    copied = desk.folder / "別.pdf"
    copied.write_bytes(plain_pdf())
    assert code(signed(desk, copied)) == "sign.label-inside"
    assert not list(desk.folder.glob("*署名済み*"))
    del path


def test_a_signed_file_is_not_rewritten_afterwards(desk: World) -> None:
    out = only(signed(desk, pdf(desk))).out[0]
    before = Path(out).read_bytes()
    again = classify(desk.ctx, ClassifyRequest(paths=(out,), c=3, reason="上げる"))
    assert again.files[0].error is None or again.files[0].error.code == "document.signed"
    assert Path(out).read_bytes() == before
    from meti_desk.services.messages import ScrubRequest
    from meti_desk.services.scrub import scrub

    scrubbed = scrub(desk.ctx, ScrubRequest(paths=(out,), out=str(desk.out)))
    assert scrubbed.files[0].error is not None
    assert scrubbed.files[0].error.code == "document.signed"
    assert one_of(desk, out).intact


def test_a_second_signature_leaves_the_first_whole(desk: World) -> None:
    first = only(signed(desk, pdf(desk))).out[0]
    row = only(signed(desk, Path(first), out=str(desk.out), place=StampPlace(page=1, x=30, y=40)))
    (found,) = verify(desk.ctx, (row.out[0],))
    assert [one.intact for one in found.signatures] == [True, True]
    assert [one.later for one in found.signatures] == ["allowed", "none"]
    assert Path(row.out[0]).read_bytes().startswith(Path(first).read_bytes())


def test_two_persons_sign_one_file_beside_it(desk: World) -> None:
    word = desk.word()
    labelled(desk, word)
    names = [Path(only(signed(desk, word)).out[0]).name for _ in range(2)]
    assert names == ["案.docx.p7s", "案.docx (2).p7s"]
    (row,) = verify(desk.ctx, (str(word),))
    assert [one.intact for one in row.signatures] == [True, True]
    assert one_of(desk, word.parent / names[1]).intact


def test_what_was_changed_is_told(desk: World) -> None:
    word = desk.word()
    labelled(desk, word)
    signed(desk, word)
    word.write_bytes(word.read_bytes()[:-1] + b"\1")
    one = one_of(desk, word)
    assert (one.intact, one.problems, one.chain) == (
        False, ("signature.content-changed",), "trusted"
    )  # fmt: skip


def test_a_signature_of_another_file_is_told(desk: World) -> None:
    word, other = desk.word(), desk.word("別.docx", "別の内容")
    labelled(desk, word, other)
    signature = only(signed(desk, word)).out[0]
    (row,) = verify(desk.ctx, (signature,), content=str(other))
    assert row.signatures[0].problems == ("signature.content-changed",)


def test_a_label_beside_that_was_altered_is_told(desk: World) -> None:
    text = desk.text()
    labelled(desk, text)
    signed(desk, text)
    assert one_of(desk, text).label == "same"
    sidecar = text.with_name(text.name + ".metilabel.json")
    held = json.loads(sidecar.read_text())
    held["properties"]["jp.go.meti.label"] = "C1;I1;A1"
    sidecar.write_bytes(make_sidecar(held["sha256"], held["properties"]))
    one = one_of(desk, text)
    assert (one.label, one.intact) == ("changed", True)


def test_a_label_inside_that_was_altered_is_told(desk: World) -> None:
    """An update that touches only the metadata is allowed by other programs; a label is more."""
    from io import BytesIO

    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    out = Path(only(signed(desk, pdf(desk))).out[0])
    writer = IncrementalPdfFileWriter(BytesIO(out.read_bytes()))
    info = writer.trailer["/Info"]
    info["/jp.go.meti.label"] = generic.pdf_string("C1;I1;A1")
    writer.update_container(info)
    changed = BytesIO()
    writer.write(changed)
    path = desk.folder / "変.pdf"
    path.write_bytes(changed.getvalue())
    one = one_of(desk, path)
    assert (one.label, one.intact) == ("changed", False)
    assert one.problems == ("signature.label-changed",)


def test_what_has_no_signature(desk: World) -> None:
    for path in (pdf(desk), desk.word(), desk.text()):
        (row,) = verify(desk.ctx, (str(path),))
        assert row.error is not None
        assert row.error.code == "verify.no-signature"
    (desk.folder / "壊れた.p7s").write_bytes(b"no signature")
    (row,) = verify(desk.ctx, (str(desk.folder / "壊れた.p7s"),))
    assert row.error is not None
    assert row.error.code == "signature.not-cms"
    (row,) = verify(desk.ctx, (str(desk.folder / "ない.p7s"),))
    assert row.error is not None
    assert row.error.code == "file.missing"


def test_a_signature_without_its_file(desk: World) -> None:
    path = desk.folder / "失.docx.p7s"
    path.write_bytes(detached(b"gone"))
    (row,) = verify(desk.ctx, (str(path),))
    assert row.error is not None
    assert row.error.code == "signature.content-missing"


def test_a_signature_with_its_content_inside_needs_no_file(desk: World) -> None:
    word = desk.word()
    folder = desk.folder / "pem"
    folder.mkdir()
    key_file, cert, middle, _ = pem_files(folder, "p256")
    made = desk.folder / "案.docx.p7m"
    command = (
        "openssl", "cms", "-sign", "-binary", "-nodetach", "-in", word, "-signer", cert,
        "-inkey", key_file, "-certfile", middle, "-outform", "DER", "-out", made,
    )  # fmt: skip
    subprocess.run([*map(str, command)], check=True, capture_output=True)
    one = one_of(desk, made)
    assert (one.intact, one.chain, one.label) == (True, "trusted", "unknown")


def test_verifying_works_while_locked(desk: World) -> None:
    out = only(signed(desk, pdf(desk))).out[0]
    (row,) = verify(desk.locked(), (out,))
    assert row.signatures[0].intact


def test_short_and_unlisted_algorithms_are_told(desk: World) -> None:
    path = desk.folder / "弱.pdf"
    from tests.unit.protection.signing.signing_world import key_of

    path.write_bytes(signed_pdf(plain_pdf(), key_of("rsa2048")))
    one = one_of(desk, path)
    assert (one.intact, one.listed) == (True, True)
    assert "signature.short-key" in one.notes
    desk.ctx.clock.moment = datetime(2032, 1, 1, tzinfo=UTC)  # type: ignore[attr-defined]
    one = one_of(desk, path)
    assert (one.listed, one.unlisted) == (False, (("rsa-pss-2048", "none"),))


def test_a_key_that_is_too_short_signs_only_with_a_reason(desk: World) -> None:
    path = pdf(desk)
    pkcs12_of(desk.folder, "rsa2048")
    from meti_desk.domain.errors import RuleViolation

    with pytest.raises(RuleViolation, match=r"crypto\.key-too-short"):
        signed(desk, path)
    only(signed(desk, path, reason_unlisted="カードの更新前のため"))
    event = desk.records("sign")[-1]
    assert event["listed"] is True
    assert "カードの更新前のため" in event["unlisted"]


def test_expired_and_revoked_keys_sign_nothing(desk: World) -> None:
    path = pdf(desk)
    _, held = person()
    crl = desk.folder / "信頼" / "crls" / "a.crl"
    crl.write_bytes(revoking(held, NOW - DAY))
    assert code(signed(desk, path)) == "sign.certificate-unfit"
    assert code(signed(desk, path, detached=True)) == "sign.certificate-unfit"
    crl.unlink()
    desk.ctx.clock.moment = NOW + 500 * DAY  # type: ignore[attr-defined]
    assert code(signed(desk, path)) == "sign.certificate-unfit"
    assert not list(desk.folder.glob("*署名済み*"))
    assert not list(desk.folder.glob("*.p7s"))
    assert desk.records("sign") == []


def test_the_own_key_is_used_when_none_is_named(desk: World) -> None:
    own_key.use_p12(desk.ctx, key(desk), SECRET)
    view = Signatures(desk.ctx).signer()
    assert (view.kind, view.name) == ("p12", ME)
    assert view.where.endswith("me.p12")
    done = sign(desk.ctx, SignRequest(paths=(str(pdf(desk)),), secret=SECRET))
    only(done)


def test_a_wrong_password_signs_nothing(desk: World) -> None:
    from meti_desk.domain.errors import InvalidInput

    with pytest.raises(InvalidInput, match=r"key\.wrong-password"):
        sign(desk.ctx, SignRequest(paths=(str(pdf(desk)),), key=key(desk), secret="falsch"))


def test_a_stamp_of_the_authority_that_policy_names(desk: World) -> None:
    path, word = pdf(desk), desk.word()
    labelled(desk, word)
    with authority_in(desk.folder / "tsa") as authority:
        desk.rules(time_stamps=TimeStamps(authority=authority.url))
        done = signed(desk, path, word)
        assert [row.error for row in done.files] == [None, None]
        assert all("sign.time-stamped" in row.notes for row in done.files)
        only(signed(desk, path, stamp=False))
        assert len(authority.questions) == 2
        authority.status = 500
        assert code(signed(desk, path)) == "stamp.unreachable"
    for row in done.files:
        one = one_of(desk, row.out[0])
        assert (one.intact, one.time_proven, one.stamp_authority) == (True, True, "試験時刻認証局")
        assert one.stamp_chain == "trusted"
    assert all(event["stamped"] for event in desk.records("sign")[:2])


def test_the_setting_names_an_authority_where_policy_does_not(desk: World) -> None:
    desk.store.settings.put("timestamp.url", "http://127.0.0.1:1/tsa")
    assert Signatures(desk.ctx).signer().authority == "http://127.0.0.1:1/tsa"
    assert code(signed(desk, pdf(desk))) == "stamp.unreachable"


def test_a_protected_pdf_is_not_signed_inside(desk: World) -> None:
    path = pdf(desk)
    done = protect(
        desk.ctx,
        ProtectRequest(paths=(str(path),), out=str(desk.out), password="長い合い言葉 2026 冬"),
    )
    assert code(signed(desk, Path(done.files[0].out[0]))) in ("sign.encrypted", "sign.label-first")


def test_the_worker_decides_nothing_about_what_is_signed(desk: World) -> None:
    """A worker that writes another document into the revision is found before the key is used."""
    path = pdf(desk)
    honest = desk.workers.jobs["sign_prepare"]

    def another(order: object, files: dict) -> object:  # type: ignore[type-arg] # as the job
        from io import BytesIO

        return honest(order, {**files, "source": BytesIO(plain_pdf("Agreement 900"))})

    desk.workers.jobs["sign_prepare"] = another  # type: ignore[assignment]
    assert code(signed(desk, path)) == "sign.not-proven"


def test_what_the_last_worker_changes_is_found(desk: World) -> None:
    path = pdf(desk)
    honest = desk.workers.jobs["sign_finish"]

    def spoil(order: object, files: dict) -> object:  # type: ignore[type-arg] # as the job
        report = honest(order, files)
        files["target"].seek(100)
        files["target"].write(b"X")
        return report

    desk.workers.jobs["sign_finish"] = spoil  # type: ignore[assignment]
    assert code(signed(desk, path)) == "sign.not-proven"
    assert not list(desk.folder.glob("*署名済み*"))


def test_nothing_of_the_secret_is_shown() -> None:
    assert SECRET not in repr(SignRequest(paths=("a",), secret=SECRET))


def test_the_signature_attests_the_label(desk: World) -> None:
    word = desk.word()
    labelled(desk, word)
    made = Path(only(signed(desk, word)).out[0]).read_bytes()
    assert b"jp.go.meti.label=C2;I2;A1" in made
    assert cms.ContentInfo.load(made, strict=True)["content_type"].native == "signed_data"


def moved(world: World, path: Path, **more: object) -> Done:
    """Move information to another ministry's person, with all measures decided."""
    from meti_desk.services.handle import handle
    from meti_desk.services.messages import HandleRequest, PlanRequest

    decisions = dict.fromkeys(("password", "encryption", "backup", "split"), "no:別の手段による")
    decisions |= more.pop("decisions", {"signature": "yes"})  # type: ignore[arg-type]
    plan = PlanRequest(
        action="provide", paths=(str(path),), to=("a@example.go.jp",), decisions=decisions,
        permit_noted="課長、2026-11-23、口頭",
    )  # fmt: skip
    return handle(world.ctx, HandleRequest(plan=plan, out=str(world.out), **more))  # type: ignore[arg-type]


@pytest.fixture
def giving(desk: World) -> World:
    permits = dataclasses.replace(desk.policy.permits, noted_allowed=True)
    desk.rules(permits=permits)
    return desk


def test_an_act_signs_a_pdf_inside_when_a_signature_is_necessary(giving: World) -> None:
    done = moved(giving, pdf(giving), key=key(giving), key_secret=SECRET)
    row = only(done)
    one = one_of(giving, row.out[0])
    assert (one.kind, one.intact, one.chain) == ("pades", True, "trusted")
    assert giving.records("sign")[-1]["method"] == "pades"
    assert len(done.events) == len(set(done.events)) >= 2


def test_an_act_signs_what_is_protected_beside(giving: World) -> None:
    from email import policy
    from email.parser import BytesParser

    word = giving.word()
    labelled(giving, word)
    done = moved(
        giving, word, key=key(giving), key_secret=SECRET,
        decisions={"signature": "yes", "password": "yes"}, password="長い合い言葉 2026 冬の道",
        same_route_reason="電話で別に伝える",
    )  # fmt: skip
    row = only(done)
    made, signature = row.out[:2]
    assert signature == made + ".p7s"
    assert one_of(giving, signature).intact
    mail = BytesParser(policy=policy.default).parsebytes(Path(done.mail).read_bytes())
    names = {part.get_filename() for part in mail.iter_attachments()}
    assert {Path(made).name, Path(signature).name} <= names


def test_an_act_that_needs_a_signature_stops_without_a_key(giving: World) -> None:
    assert code(moved(giving, pdf(giving))) == "sign.key-needed"
    only(moved(giving, pdf(giving, "二.pdf"), decisions={"signature": "no:公印で足りる"}))
    assert giving.records("sign") == []


def test_every_code_of_a_signature_has_its_sentence() -> None:
    """Codes stand in the source as words in quotes; each is shown as a note in both languages."""
    import re
    import tomllib

    from meti_desk import protection
    from meti_desk.data import read_text

    folder = Path(protection.__file__).parent / "signing"
    source = "".join(one.read_text(encoding="utf-8") for one in folder.glob("*.py"))
    found = set(re.findall(r'"((?:signature|chain)\.[a-z-]+)"', source))
    errors = set(re.findall(r'InvalidInput\("([a-z.-]+)"', source))
    wanted = {f"note.{code}" for code in found - errors}
    assert len(wanted) > 20
    for language in ("ja", "en"):
        terms = tomllib.loads(read_text("i18n", f"wording.{language}.toml"))["terms"]
        assert wanted - terms.keys() == set()
