"""Split and join as use cases: whole sets, sets that lack something, and what is written where."""

import hashlib
import io
import json
import os
import shutil
from pathlib import Path
from typing import Any

import docx
import msgspec
import pytest

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput
from meti_desk.formats.codes import CodesOrder, read_codes
from meti_desk.protection.split import read_part, signed_bytes, write_part
from meti_desk.protection.split_text import PREFIX, ShareText, read_share, word_lines
from meti_desk.services.classify import classify
from meti_desk.services.joining import join, look
from meti_desk.services.messages import ClassifyRequest
from meti_desk.services.splitting import split
from meti_desk.services.splitting_messages import JoinRequest, SplitDone, SplitRequest
from tests.unit.services.fakes import MemoryStore, World

ROUTES = ("mail", "medium:書留", "hand")


def made(world: World, path: Path, parts: int = 3, **more: Any) -> SplitDone:
    done = split(world.ctx, SplitRequest(path=str(path), out=str(world.out), parts=parts, **more))
    assert done.files[0].error is None, done.files[0].error
    return done


def refused(world: World, path: Path, parts: int = 3, **more: Any) -> str:
    done = split(world.ctx, SplitRequest(path=str(path), out=str(world.out), parts=parts, **more))
    assert done.files[0].error is not None
    assert done.parts == ()
    assert [*world.out.iterdir()] == []
    return done.files[0].error.code


def joined(world: World, *paths: str, out: str = "", shares: tuple[str, ...] = ()) -> Any:
    target = out or str(world.folder / "戻した.docx")
    return join(world.ctx, JoinRequest(paths=paths, out=target, shares=shares))


def test_all_parts_give_the_document_back_under_its_own_name(world: World) -> None:
    path = world.word("入札予定価格.docx")
    before = path.read_bytes()
    done = made(world, path, routes=ROUTES)
    assert len(done.parts) == 3
    back = world.folder / "戻し先"
    back.mkdir()
    answer = joined(world, *(one.path for one in done.parts), out=str(back))
    assert answer.error is None
    assert Path(answer.out) == back / "入札予定価格.docx"
    assert Path(answer.out).read_bytes() == before == path.read_bytes()
    assert answer.view.signer == "known"
    assert all(row.out == (answer.out,) for row in answer.files)


def test_no_part_tells_name_or_content(world: World) -> None:
    path = world.text("入札予定価格.txt", "金壱億円也" * 40)
    done = made(world, path)
    for one in done.parts:
        data = Path(one.path).read_bytes()
        for secret in ("入札予定価格", "金壱億円也"):
            assert secret.encode() not in data
            assert secret not in Path(one.path).name


def test_the_record_has_numbers_and_ways_and_no_share(world: World) -> None:
    path = world.word()
    done = made(world, path, routes=ROUTES)
    body = world.records("split")[-1]
    assert (body["parts"], body["needed"], body["set"]) == (3, 3, done.set)
    assert body["routes"][1] == {"kind": "medium", "detail": "書留"}
    kept = world.store.everything()
    for one in done.parts:
        with Path(one.path).open("rb") as file:
            assert read_part(file).share.hex() not in kept


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_missing_part_is_named_and_nothing_written(world: World, missing: int) -> None:
    done = made(world, world.word())
    paths = [one.path for one in done.parts]
    del paths[missing]
    answer = joined(world, *paths)
    assert answer.error.code == "join.incomplete"
    assert answer.error.params["missing"] == str(missing + 1)
    assert answer.view.missing == (missing + 1,)
    assert not (world.folder / "戻した.docx").exists()


@pytest.mark.parametrize("taken", [(0, 1), (0, 2), (1, 2)])
def test_any_two_of_three_suffice(world: World, taken: tuple[int, int]) -> None:
    path = world.word()
    done = made(world, path, threshold=2)
    answer = joined(world, *(done.parts[at].path for at in taken))
    assert answer.error is None
    assert Path(answer.out).read_bytes() == path.read_bytes()
    assert joined(world, done.parts[taken[0]].path).error.code == "join.incomplete"


def test_a_part_of_another_set_is_told_and_does_no_harm(world: World) -> None:
    first = made(world, world.word("一.docx", "一の文書"), threshold=2)
    second = made(world, world.word("二.docx", "二の文書"), threshold=2)
    answer = joined(world, first.parts[0].path, second.parts[1].path, first.parts[2].path)
    assert answer.error is None
    assert [one.state for one in answer.view.parts] == ["there", "foreign", "there"]
    assert answer.files[1].error.code == "join.foreign-part"
    assert answer.files[1].out == ()
    text = docx.Document(answer.out).paragraphs[0].text
    assert text == "一の文書"


def test_a_repeated_part_counts_once(world: World) -> None:
    done = made(world, world.word())
    paths = [one.path for one in done.parts]
    copy = world.folder / "写し.metipart"
    shutil.copy(paths[0], copy)
    answer = joined(world, paths[0], str(copy), paths[1])
    assert answer.error.code == "join.incomplete"
    assert [one.state for one in answer.view.parts] == ["there", "repeated", "there"]
    assert joined(world, paths[0], str(copy), *paths[1:]).error is None


def test_a_changed_part_is_named(world: World) -> None:
    done = made(world, world.word())
    target = Path(done.parts[1].path)
    data = bytearray(target.read_bytes())
    data[-200] ^= 1
    target.write_bytes(data)
    answer = joined(world, *(one.path for one in done.parts))
    assert answer.error.code == "join.incomplete"
    assert [one.state for one in answer.view.parts] == ["there", "changed", "there"]
    assert answer.files[1].error.code == "split.part-damaged"


def test_the_names_of_the_parts_do_not_matter(world: World) -> None:
    path = world.word()
    done = made(world, path)
    paths = []
    for number, one in enumerate(reversed(done.parts)):
        renamed = world.folder / f"{number}.dat"
        Path(one.path).rename(renamed)
        paths.append(str(renamed))
    answer = joined(world, *paths)
    assert Path(answer.out).read_bytes() == path.read_bytes()


def test_paper_carries_a_share_and_comes_back_from_the_sheet_or_as_words(world: World) -> None:
    path = world.word()
    done = made(world, path, routes=("mail", "medium", "paper"))
    sheet = done.parts[2]
    assert (Path(sheet.path).suffix, Path(sheet.pdf).suffix) == (".docx", ".pdf")
    files = (done.parts[0].path, done.parts[1].path)
    assert joined(world, *files).error.params["missing"] == "3"
    answer = joined(world, *files, sheet.pdf)
    assert Path(answer.out).read_bytes() == path.read_bytes()
    words = "\n".join(" ".join(line) for line in word_lines(_share_on(sheet.pdf)))
    answer = joined(world, *files, shares=(words,))
    assert answer.error is None
    typed = world.folder / "語.txt"
    typed.write_text(words, encoding="utf-8")
    assert joined(world, *files, str(typed)).error is None


def test_slip39_words_on_paper(world: World) -> None:
    path = world.word()
    done = made(world, path, threshold=2, routes=("mail", "medium", "paper"))
    words = " ".join(word for line in word_lines(_share_on(done.parts[2].pdf)) for word in line)
    assert len(words.split()) == 33
    answer = joined(world, done.parts[1].path, shares=(words,))
    assert Path(answer.out).read_bytes() == path.read_bytes()


def _share_on(pdf: str) -> ShareText:
    with Path(pdf).open("rb") as file:
        return read_share(read_codes(CodesOrder(PREFIX), file).texts[0])


def test_a_share_of_another_set_is_told(world: World) -> None:
    routes = ("mail", "medium", "paper")
    first = made(world, world.word("一.docx"), routes=routes)
    second = made(world, world.word("二.docx", "二"), routes=routes)
    answer = joined(world, first.parts[0].path, first.parts[1].path, second.parts[2].pdf)
    assert answer.view.parts[2].state == "foreign"
    assert answer.files[2].error.code == "join.foreign-part"
    assert answer.error.params["missing"] == "3"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"parts": 1}, "split.bad-count"),
        ({"parts": 17}, "split.bad-count"),
        ({"parts": 3, "threshold": 4}, "split.bad-count"),
        ({"parts": 3, "threshold": 1}, "split.bad-count"),
        ({"parts": 3, "threshold": -1}, "split.bad-count"),
        ({"routes": ("mail",)}, "route.count"),
        ({"routes": ("mail", "mail", "hand")}, "route.twice"),
        ({"routes": ("mail", "hand", "pigeon")}, "route.unknown"),
        ({"routes": ("mail", "hand", "general-service")}, "route.general-service"),
        ({"routes": ("paper:1", "paper:2", "paper:3")}, "route.paper-only"),
        ({"threshold": 2, "routes": ("mail", "paper:1", "paper:2")}, "route.paper-only"),
    ],
)
def test_what_makes_no_sense_or_is_forbidden_is_refused(
    world: World, more: dict[str, Any], code: str
) -> None:
    path = world.word()
    assert refused(world, path, **more) == code


def test_a_general_service_takes_what_is_not_secret(world: World) -> None:
    path = world.word()
    classify(world.ctx, ClassifyRequest(paths=(str(path),), c=1))
    done = made(world, path, routes=("mail", "hand", "general-service"))
    assert done.parts[2].route is not None
    assert done.parts[2].route.articles == ("73-1",)


def test_without_ways_a_note_says_so(world: World) -> None:
    assert made(world, world.word()).files[0].notes == ("split.routes-undecided",)


def test_the_label_of_a_file_that_cannot_carry_it_comes_back_beside_it(world: World) -> None:
    path = world.text()
    classify(world.ctx, ClassifyRequest(paths=(str(path),), c=2))
    done = made(world, path)
    back = world.folder / "戻し先"
    back.mkdir()
    answer = joined(world, *(one.path for one in done.parts), out=str(back))
    assert answer.files[0].label.c == 2
    assert (back / "メモ.txt.metilabel.json").exists()


def test_c3_is_not_split_without_approval(world: World) -> None:
    path = world.word()
    classify(world.ctx, ClassifyRequest(paths=(str(path),), c=3, reason="人事のため"))
    assert refused(world, path) == "copy.needs-approval"


def test_a_stranger_joins_and_is_told_that_the_signer_is_unknown(
    world: World, tmp_path: Path
) -> None:
    path = world.word()
    done = made(world, path)
    there = tmp_path / "他"
    there.mkdir()
    other = World(there, store=MemoryStore())
    other.ctx.known_keys.clear()
    answer = joined(other, *(one.path for one in done.parts))
    assert answer.error is None
    assert answer.view.signer == "unknown"


def test_looking_works_while_locked_and_joining_does_not(world: World) -> None:
    done = made(world, world.word())
    request = JoinRequest(paths=tuple(one.path for one in done.parts), out="x")
    view = look(world.locked(), request)
    assert (view.ready, view.n, view.needed) == (True, 3, 3)
    with pytest.raises(EnvironmentProblem, match="locked"):
        join(world.locked(), request)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "split.not-a-part"),
        (b"METIPART", "split.part-truncated"),
        (b"METIPART\x07" + bytes(200), "split.part-newer"),
        (bytes(range(256)) * 2, "split.not-a-part"),
        (b"%PDF-1.7\n", "document.damaged"),
        ("これは語ではない".encode(), "split.words-count"),
    ],
)
def test_other_files_are_refused_by_name(world: World, data: bytes, code: str) -> None:
    path = world.folder / "何か"
    path.write_bytes(data)
    answer = joined(world, str(path))
    assert answer.files[0].error.code == code
    assert answer.error.code == "join.no-part"


def test_too_many_given_are_refused(world: World) -> None:
    with pytest.raises(InvalidInput) as caught:
        joined(world, *["/x"] * 65)
    assert caught.value.code == "join.too-many"


def test_a_full_disk_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    path = world.word()
    written = [0]
    real = world.files.publish

    def full(*args: Any, **more: Any) -> Path:
        written[0] += 1
        if written[0] == 3:
            raise EnvironmentProblem("disk.full", path="x")
        return real(*args, **more)

    monkeypatch.setattr(world.files, "publish", full)
    assert refused(world, path) == "disk.full"
    assert world.records("split") == []
    assert world.store.journal.rows == {}


def test_a_document_that_changes_meanwhile_is_refused(world: World) -> None:
    path = world.word()
    real = world.workers.jobs["split_seal"]

    def changing(order: Any, files: Any) -> Any:
        with path.open("ab") as file:
            file.write(b"x")
            os.fsync(file.fileno())
        return real(order, files)

    world.workers.jobs["split_seal"] = changing
    assert refused(world, path) == "split.source-changed"


def test_large_and_odd_sizes(world: World) -> None:
    for size in (1, 16383, 16384, 16385, 300_001):
        path = world.folder / f"{size}.bin"
        path.write_bytes(os.urandom(size))
        done = made(world, path, parts=7)
        answer = joined(
            world, *(one.path for one in done.parts), out=str(world.folder / f"back{size}")
        )
        assert Path(answer.out).read_bytes() == path.read_bytes()


def test_a_set_that_was_forged_whole_leaves_no_plaintext(world: World) -> None:
    """Somebody changes the ciphertext and signs the manifest anew: told at the last check."""
    path = world.folder / "大きい.bin"
    path.write_bytes(b"canary-plaintext-7f3a" * 20_000)
    done = made(world, path, parts=2)
    raws = [bytearray(Path(one.path).read_bytes()) for one in done.parts]
    parts = [read_part(io.BytesIO(raw)) for raw in raws]
    # The last byte of the ciphertext: all chunks before it are sound.
    raws[1][-33] ^= 1
    bodies = [bytes(raw[one.body : -32]) for raw, one in zip(raws, parts, strict=True)]
    told = json.loads(parts[0].manifest)
    told["sha256"] = hashlib.sha256(b"".join(bodies)).hexdigest()
    told["parts"][1]["sha256"] = hashlib.sha256(bodies[1]).hexdigest()
    manifest = json.dumps(told, separators=(",", ":")).encode()
    signature = world.store.sealer.sign(signed_bytes(manifest))
    paths = []
    for one, body in zip(parts, bodies, strict=True):
        forged = msgspec.structs.replace(one, manifest=manifest, signature=signature)
        target = world.folder / f"偽{one.index}.metipart"
        with target.open("w+b") as file:
            write_part(file, forged, io.BytesIO(body), 0, len(body))
        paths.append(str(target))
    back = world.folder / "戻し先"
    back.mkdir()
    answer = joined(world, *paths, out=str(back))
    assert answer.error.code == "split.tampered"
    assert [*back.iterdir()] == []
    for found in world.folder.rglob("*"):
        if found.is_file() and found != path:
            assert b"canary-plaintext" not in found.read_bytes()


def test_a_name_inside_that_leads_elsewhere_is_flattened_or_refused(world: World) -> None:
    path = world.word()
    real = world.workers.jobs["split_seal"]

    def renamed(order: Any, files: Any) -> Any:
        inside = msgspec.structs.replace(order.inside, name="../../外へ.docx")
        return real(msgspec.structs.replace(order, inside=inside), files)

    world.workers.jobs["split_seal"] = renamed
    done = made(world, path)
    back = world.folder / "戻し先"
    back.mkdir()
    answer = joined(world, *(one.path for one in done.parts), out=str(back))
    assert Path(answer.out) == back / "外へ.docx"


def test_an_algorithm_that_is_compromised_is_refused(world: World) -> None:
    path = world.word()
    table = world.ctx.table()
    world.ctx.shipped_table = lambda: table.mark_compromised(("xor-split",), since="2026-11-01")
    assert refused(world, path) == "crypto.compromised"
    assert made(world, path, threshold=2).scheme == "slip-39"
    world.ctx.shipped_table = lambda: table.mark_compromised(("gcm",), since="2026-11-01")
    for one in world.out.iterdir():
        one.unlink()
    assert refused(world, path) == "crypto.compromised"


def test_what_was_taken_for_a_picture_stays_confined(world: World) -> None:
    """A PDF or picture is read by a job; here nothing but parts and words is looked at."""
    path = world.folder / "写真.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    answer = joined(world, str(path))
    assert answer.files[0].error.code in {"document.damaged", "document.too-large"}
    assert "codes" in world.workers.ran
