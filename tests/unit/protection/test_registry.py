import io
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import BinaryIO

import protection_libreoffice as libreoffice
import pytest
from protection_samples import FULL, package

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.protection import registry
from meti_desk.protection.base import Key, Lock
from meti_desk.protection.cryptrec import Table

CORPUS = os.environ.get("METI_DESK_CORPUS", "")
CANARY = "Canary-7f3a-Kanaria"


@pytest.mark.parametrize(
    ("variant", "size", "method"),
    [
        ("docx", 10, "office"),
        ("docm", 10, "office"),
        ("xlsx", 10, "office"),
        ("pptx", 10, "office"),
        ("docx", 1 << 30, "zip"),
        ("pdf", 10, "pdf"),
        ("pdf", 3 << 30, "zip"),
        ("doc", 10, "zip"),
        ("odt", 10, "zip"),
        ("", 0, "zip"),
        ("png", 1 << 40, "zip"),
    ],
)
def test_the_method_follows_the_file(variant: str, size: int, method: str) -> None:
    assert registry.choose(variant, size) == method


@pytest.mark.parametrize(
    ("variant", "size", "facts", "method"),
    [
        ("docx", 10, {"inside": True}, "office"),
        ("pdf", 10, {"inside": True}, "pdf"),
        ("pdf", 10, {"inside": True, "signed": True}, "metienc"),
        ("csv", 10, {"inside": True}, "metienc"),
        ("docx", 1 << 30, {"inside": True}, "metienc"),
        ("csv", 10, {"encrypt": True}, "html"),
        ("pdf", 10, {"encrypt": True, "signed": True}, "html"),
        ("csv", (20 << 20) + 1, {"encrypt": True}, "zip"),
        ("csv", 10, {"encrypt": True, "inside": True}, "metienc"),
        ("docx", 10, {"certificates": True}, "cms"),
        ("docx", 10, {"certificates": True, "inside": True}, "metienc"),
        ("csv", 1 << 40, {"certificates": True}, "metienc"),
    ],
)
def test_the_method_follows_the_recipient(
    variant: str, size: int, facts: dict[str, bool], method: str
) -> None:
    assert registry.choose(variant, size, **facts) == method


@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_a_method_says_has_words(language: str) -> None:
    from meti_desk.wording import wording

    for method in registry.METHODS.values():
        codes = (method.sentence, f"method.{method.id}", *(f"note.{n}" for n in method.notes))
        for code in codes:
            assert wording(language).term(code) != code


def test_the_table_says_the_same_as_the_sentences() -> None:
    """A method with an unlisted part meets Art. 14-1 only, one of listed parts 14-2 as well."""
    table = Table.load()
    for method in registry.METHODS.values():
        assert ("14-2" in method.meets) == table.all_listed(method.algorithms)


def test_a_signature_inside_office_survives_so_office_stays() -> None:
    assert registry.choose("docx", 10, signed=True) == "office"


def test_every_method_is_whole() -> None:
    table = Table.load()
    for name, method in registry.METHODS.items():
        assert method.id == name
        assert method.meets
        assert method.sentence == f"meets.{name}"
        assert all(table.find(algorithm) for algorithm in method.algorithms)
        registry.allow(name)
    assert table.all_listed(registry.OFFICE.algorithms)
    assert table.all_listed(registry.PDF.algorithms)
    assert not table.all_listed(registry.ZIP.algorithms)


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        registry.get("rot13")
    assert refused.value.code == "protect.unknown-method"


@pytest.mark.parametrize("method", list(registry.METHODS))
def test_every_method_asks_the_table(method: str, docx: io.BytesIO) -> None:
    table = Table.load().mark_compromised(["aes"], since="2026-11-01")
    target = io.BytesIO()
    with pytest.raises(RuleViolation) as refused:
        registry.protect(method, docx, target, Lock("p"), name="a", table=table)
    assert refused.value.code == "crypto.compromised"
    assert target.getvalue() == b""


def test_an_algorithm_that_left_the_list_needs_a_reason(docx: io.BytesIO) -> None:
    from meti_desk.data import read_text

    text = read_text("resources", "cryptrec.toml").replace(
        'name = "CBC"\ncategory = "mode"\nlist = "listed"',
        'name = "CBC"\ncategory = "mode"\nlist = "none"',
    )
    table = Table.parse(text)
    with pytest.raises(RuleViolation) as refused:
        registry.protect("office", docx, io.BytesIO(), Lock("p"), table=table)
    assert refused.value.params["algorithm"] == "cbc"
    done = registry.protect(
        "office", docx, io.BytesIO(), Lock("p"), reason="他に方法がない", table=table
    )
    assert [(n.algorithm, n.reason) for n in done.notes] == [("cbc", "他に方法がない")]
    assert not done.listed


class Corrupting(io.BytesIO):
    """A target whose storage loses a bit: what is read back is not what was written."""

    lost = False

    def flush(self) -> None:
        """Flip one bit before the proof reads, once all was written."""
        raw = bytearray(self.getvalue())
        if raw and not self.lost:
            self.lost = True
            raw[len(raw) // 4] ^= 1
            self.seek(0)
            super().write(bytes(raw))


@pytest.mark.parametrize("method", list(registry.METHODS))
def test_a_result_that_went_bad_is_not_given_away(
    method: str, docx: io.BytesIO, pdf: io.BytesIO
) -> None:
    source = {"pdf": pdf}.get(method, docx)
    target = Corrupting()
    with pytest.raises(InvalidInput) as refused:
        registry.protect(method, source, target, Lock(CANARY), name="a")
    assert refused.value.code == "protect.not-proven"
    assert target.getvalue() == b""


ROOM = 600


class Full(io.BytesIO):
    """A target on a disk that fills up."""

    def write(self, data: object) -> int:
        """Take a few bytes, then no more."""
        if self.tell() + memoryview(data).nbytes > ROOM:  # type: ignore[arg-type]
            raise OSError(28, "No space left on device")
        return super().write(data)  # type: ignore[arg-type]


@pytest.mark.parametrize("method", list(registry.METHODS))
def test_a_full_disk_leaves_nothing(method: str, docx: io.BytesIO, pdf: io.BytesIO) -> None:
    source = {"pdf": pdf}.get(method, docx)
    target = Full()
    with pytest.raises((OSError, InvalidInput)):
        registry.protect(method, source, target, Lock(CANARY), name="a")
    assert target.getvalue() == b""


@pytest.mark.parametrize("method", list(registry.METHODS))
def test_no_error_carries_the_password(method: str, docx: io.BytesIO, pdf: io.BytesIO) -> None:
    source: BinaryIO = {"pdf": pdf}.get(method, docx)
    out = io.BytesIO()
    registry.protect(method, source, out, Lock("right"), name="a")
    for action in (
        lambda: registry.open_any(out, io.BytesIO(), Key(CANARY)),
        lambda: registry.protect(method, source, io.BytesIO(), Lock(CANARY * 60), name="a"),
        lambda: registry.protect(method, source, io.BytesIO(), Lock(CANARY + "\ud800"), name="a"),
        lambda: registry.protect(method, io.BytesIO(b""), io.BytesIO(), Lock(CANARY), name=".."),
    ):
        with pytest.raises(InvalidInput) as refused:
            action()
        error: BaseException | None = refused.value
        while error is not None:
            assert CANARY not in repr(error)
            assert CANARY not in str(error)
            error = None if error.__suppress_context__ else error.__context__


@pytest.mark.parametrize("content", [b"", b"x", b"PK\x03\x04", b"%PDF-1.7", b"\0" * 10_000])
def test_anything_goes_into_a_zip_and_detection_never_fails(content: bytes) -> None:
    assert registry.detect(io.BytesIO(content)) is None
    out = io.BytesIO()
    registry.protect("zip", io.BytesIO(content), out, Lock("pass"), name="f.bin")
    back = io.BytesIO()
    assert registry.open_any(out, back, Key("pass")) == "f.bin"
    assert back.getvalue() == content
    with pytest.raises(InvalidInput) as refused:
        registry.open_any(io.BytesIO(content), io.BytesIO(), Key("pass"))
    assert refused.value.code == "open.not-protected"


def test_old_office_passwords_are_recognised_and_not_opened() -> None:
    if not CORPUS:
        pytest.skip("METI_DESK_CORPUS is not set")
    found = 0
    for path in sorted(Path(CORPUS).rglob("*")):
        if path.suffix.lower() not in {".doc", ".xls", ".ppt", ".docx", ".xlsx", ".pptx"}:
            continue
        with path.open("rb") as source:
            protection = registry.detect(source)
        if protection is not None:
            found += 1
            assert protection.method in {"office", "office-standard", "office-legacy"}, path.name
    assert found


def test_the_corpus_is_detected_protected_and_opened() -> None:
    if not CORPUS:
        pytest.skip("METI_DESK_CORPUS is not set")
    paths = [p for p in sorted(Path(CORPUS).rglob("*.docx")) if p.stat().st_size]
    assert paths
    for path in paths if FULL else paths[::12]:
        with path.open("rb") as source:
            if not source.read(4).startswith(b"PK\x03\x04") or registry.detect(source):
                continue
            out = io.BytesIO()
            registry.protect("office", source, out, Lock("コーパス"), name=path.name)


def test_start_up_stays_light() -> None:
    script = (
        "import sys; import meti_desk.protection.registry, meti_desk.protection.password, "
        "meti_desk.protection.reading; "
        "print([m for m in ('pikepdf','pyzipper','msoffcrypto','olefile','zxcvbn','lxml',"
        "'cryptography') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_after_preload_nothing_is_imported_or_read_any_more() -> None:
    script = """
import builtins, io, sys
import reportlab.pdfgen.canvas as c
from meti_desk.protection import registry
from meti_desk.protection.base import Key, Lock
import zipfile
pdf = io.BytesIO(); k = c.Canvas(pdf); k.drawString(9, 9, "x"); k.save()
ooxml = io.BytesIO(); z = zipfile.ZipFile(ooxml, "w"); z.writestr("a", "b"); z.close()
registry.preload()
opened = []
def audit(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        opened.append(arguments[0])
sys.addaudithook(audit)
for method in registry.METHODS:
    source = pdf if method == "pdf" else ooxml
    out = io.BytesIO()
    registry.protect(method, source, out, Lock("pass"), name="a")
    registry.open_any(out, io.BytesIO(), Key("pass"))
    registry.detect(source)
print(sorted({n.split("/lib/")[-1] for n in opened}))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_office_streams_large_packages() -> None:
    source = package(12 << 20)
    out = io.BytesIO(b"\0" * (13 << 20))
    out.truncate(0)
    tracemalloc.start()
    try:
        registry.OFFICE.protect(source, out, Lock("pass"), name="")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20 << 20
    back = io.BytesIO()
    registry.open_any(out, back, Key("pass"))
    assert back.getvalue() == source.getvalue()


@pytest.mark.libreoffice
@pytest.mark.skipif(not libreoffice.available(), reason="soffice is not installed")
def test_libreoffice_opens_ours_with_the_password_only(docx: io.BytesIO, tmp_path: Path) -> None:
    password = "日本語😀 pass"
    source = tmp_path / "ours.docx"
    with source.open("w+b") as target:
        registry.protect("office", docx, target, Lock(password))
    good, bad, none = (tmp_path / name for name in ("good.txt", "bad.txt", "none.txt"))
    assert libreoffice.convert(tmp_path, source, good, "Text", password)
    assert "会議の結果は部外秘である。" in good.read_text(encoding="utf-8-sig")
    assert not libreoffice.convert(tmp_path, source, bad, "Text", "wrong")
    assert not libreoffice.convert(tmp_path, source, none, "Text", "")


@pytest.mark.libreoffice
@pytest.mark.skipif(not libreoffice.available(), reason="soffice is not installed")
def test_ours_opens_what_libreoffice_can_read(docx: io.BytesIO, tmp_path: Path) -> None:
    import msoffcrypto

    theirs = tmp_path / "theirs.docx"
    with theirs.open("w+b") as target:
        msoffcrypto.OfficeFile(docx).encrypt("pass", target)
        back = io.BytesIO()
        registry.open_any(target, back, Key("pass"))
    assert back.getvalue() == docx.getvalue()
    text = tmp_path / "text.txt"
    assert libreoffice.convert(tmp_path, theirs, text, "Text", "pass")
    assert "部外秘" in text.read_text(encoding="utf-8-sig")


def test_files_of_office_2007_are_opened() -> None:
    if not CORPUS:
        pytest.skip("METI_DESK_CORPUS is not set")
    (path,) = Path(CORPUS).rglob("testEXCEL_protected_passtika.xlsx")
    with path.open("rb") as source:
        target = io.BytesIO()
        registry.open_any(source, target, Key("tika"))
        assert target.getvalue().startswith(b"PK\x03\x04")
        empty = io.BytesIO()
        with pytest.raises(InvalidInput) as refused:
            registry.open_any(source, empty, Key("wrong"))
    assert refused.value.code == "open.wrong-password"
    assert empty.getvalue() == b""


@pytest.mark.parametrize("method", ["office", "pdf", "zip", "html"])
def test_methods_without_recipients_say_so(method: str, docx: io.BytesIO) -> None:
    target = io.BytesIO()
    for action in (
        lambda: registry.protect(method, docx, target, Lock("p", (b"der",)), name="a"),
        lambda: registry.get(method).protect(docx, target, Lock("p", (b"der",)), name="a"),
        lambda: registry.get(method).wraps(docx),
    ):
        with pytest.raises(InvalidInput) as refused:
            action()
        assert refused.value.code == "protect.no-certificates"
    assert target.getvalue() == b""


def test_locks_and_keys_show_no_secret() -> None:
    shown = repr(Lock(CANARY, (b"der",), 1000)) + repr(Key(CANARY, CANARY.encode()))
    assert CANARY not in shown
    assert "rounds=1000" in shown


def test_a_part_of_a_split_document_is_told_from_what_is_not_protected() -> None:
    for data, code in ((b"METIPART\x01", "open.is-a-part"), (b"METI", "open.not-protected")):
        with pytest.raises(InvalidInput) as caught:
            registry.contents(io.BytesIO(data), Key("x"))
        assert caught.value.code == code
