"""A label in the place of another (Art. 7): 相談, what was modified, who is to be told."""

import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from lxml.etree import fromstring
from openpyxl.packaging.custom import CustomPropertyList

from meti_desk.domain import events
from meti_desk.domain.foreign import ForeignRule
from meti_desk.domain.kept_text import KeptDocument, KeptText
from meti_desk.domain.label import Undecided
from meti_desk.services.classify import classify
from meti_desk.services.facts import opened
from meti_desk.services.messages import ClassifyRequest, DoneFile
from meti_desk.services.ports import DocumentRecord
from meti_desk.services.suggest import QUICK
from tests.unit.services.fakes import ME, OTHER, World

ANSWER = "鈴木課長, 2026年11月20日, 見直してよい"
GUID, TENANT = "11111111-2222-3333-4444-555555555555", "99999999-8888-7777-6666-555555555555"


def decide(world: World, path: Path, c: int = 2, **more: Any) -> DoneFile:
    request = ClassifyRequest(paths=(str(path),), c=c, reason="必要", **more)
    [row] = classify(world.ctx, request).files
    return row


def code(row: DoneFile) -> str:
    return row.error.code if row.error else ""


def others(world: World, name: str = "案.docx") -> Path:
    path = world.word(name)
    world.another()
    assert code(decide(world, path)) == ""
    world.another(ME.name)
    return path


def record_of(world: World, path: Path) -> DocumentRecord:
    found = world.store.documents.by_hash(hashlib.sha256(path.read_bytes()).hexdigest())
    assert found is not None
    return found


# ---- 相談 before a change


def test_after_a_consultation_the_label_may_be_changed(world: World) -> None:
    path = others(world)
    assert code(decide(world, path, 3)) == "label.decided-by-other"
    row = decide(world, path, 3, consulted=ANSWER)
    assert code(row) == ""
    assert "label.consulted" in row.notes
    body = world.records(events.CLASSIFY)[-1]
    assert body["consulted"] == {
        "who": "鈴木課長", "when": "2026年11月20日", "answer": "見直してよい", "confirmed": False,
    }  # fmt: skip
    assert record_of(world, path).decided_by == ME.name


@pytest.mark.parametrize(
    ("consulted", "refusal"),
    [
        ("鈴木課長", "consult.incomplete"),
        ("鈴木課長, 昨日", "consult.incomplete"),
        (f"{ME.name}、昨日、よい", "consult.with-oneself"),
        ("鈴木課長、昨日、不可", "consult.declined"),
        ("鈴木課長、昨日、見直し不要と回答", "consult.declined"),
        ("Suzuki, yesterday, No, it stays", "consult.declined"),
    ],
)
def test_what_is_no_consultation(world: World, consulted: str, refusal: str) -> None:
    path = others(world)
    before = path.read_bytes()
    assert code(decide(world, path, 3, consulted=consulted)) == refusal
    assert path.read_bytes() == before
    assert record_of(world, path).decided_by == OTHER


def test_an_answer_may_have_commas_and_a_word_like_no(world: World) -> None:
    path = others(world)
    assert code(decide(world, path, 3, consulted="鈴木課長、昨日、よい、ただし、印刷不可")) == ""


def test_where_no_consultation_is_needed_none_is_recorded(world: World) -> None:
    path = world.word()
    assert code(decide(world, path, 2, consulted=ANSWER)) == ""
    assert "consulted" not in world.records(events.CLASSIFY)[-1]


# ---- what was modified


def modified(path: Path, text: str) -> None:
    made = docx.Document(str(path))
    made.add_paragraph(text)
    made.save(str(path))


def test_a_modification_is_recorded_with_its_size(world: World) -> None:
    path = others(world)
    record = record_of(world, path)
    kept = KeptDocument(
        document=record.id, title=record.title, path=record.path, file_hash=record.file_hash
    )
    world.store.prints.put(kept, KeptText((("body", "補助金の審査"),)), ())
    modified(path, "追記した。")
    row = decide(world, path, 3)
    assert code(row) == ""
    changed = world.records(events.CLASSIFY)[-1]["changed"]
    assert changed["characters_added"] == 5
    assert changed["characters_removed"] == 0
    assert changed["size_before"] > 0
    assert changed["size_after"] == world.records(events.CLASSIFY)[-1]["extent"]["size"]


def test_without_the_text_the_sizes_alone_tell(world: World) -> None:
    path = others(world)
    record = record_of(world, path)
    stale = KeptDocument(document=record.id, title="", path="", file_hash="another version")
    world.store.prints.put(stale, KeptText((("body", "別の版"),)), ())
    modified(path, "追記した。")
    decide(world, path, 3)
    changed = world.records(events.CLASSIFY)[-1]["changed"]
    assert set(changed) == {"size_before", "size_after"}


def test_the_same_content_was_not_modified(world: World) -> None:
    path = world.word()
    decide(world, path)
    decide(world, path, 3)
    assert "changed" not in world.records(events.CLASSIFY)[-1]


# ---- who is to be told


def test_raising_a_source_counts_descendants_and_recipients(world: World) -> None:
    source, child = world.word("元.docx", "元の内容"), world.word("子.docx", "子の内容")
    decide(world, source)
    decide(world, child, sources=(str(source),))
    record = record_of(world, child)
    body = events.handle_body(
        action="distribute", document=record.id, title=record.title, label=Undecided(),
        measures=(), recipients=("naka@meti.go.jp", "iin@example.com"),
    )  # fmt: skip
    world.store.ledger.append(events.HANDLE, body, world.clock.now())
    row = decide(world, source, 3)
    assert {"notice.descendants:1", "notice.recipients:2"} <= set(row.notes)
    again = decide(world, source, 3)
    assert not any(note.startswith("notice.") for note in again.notes)


# ---- Microsoft's and LibreOffice's labels


def found_in(world: World, path: Path) -> set[tuple[str, str, str]]:
    with opened(world.ctx, path, QUICK) as facts:
        return {(one.scheme, one.id, one.name) for one in facts.inspection.foreign}


@pytest.fixture
def mapped(world: World) -> World:
    """Let Microsoft's labels stand for 機密性2 and, with 複製禁止, for 機密性1."""
    base = ForeignRule(scheme="msip", id=GUID, owner=TENANT, name="要機密", c=2, write=True)
    lower = replace(base, id=TENANT, name="公開", c=1)
    world.rules(foreign_labels=(base, lower))
    return world


def test_microsofts_label_is_written_where_policy_says_so(mapped: World) -> None:
    path = mapped.word()
    assert code(decide(mapped, path)) == ""
    assert found_in(mapped, path) == {("msip", GUID, "要機密")}
    properties = {one.name: one.value for one in openpyxl_custom(path)}
    prefix = f"MSIP_Label_{GUID}_"
    assert {k: v for k, v in properties.items() if k.startswith("MSIP")} == {
        f"{prefix}Enabled": "true", f"{prefix}SetDate": "2026-11-20T00:30:00Z",
        f"{prefix}Method": "Privileged", f"{prefix}Name": "要機密", f"{prefix}SiteId": TENANT,
        f"{prefix}ContentBits": "0",
    }  # fmt: skip


def openpyxl_custom(path: Path) -> Any:
    """Read the custom properties with another program's parser."""
    with zipfile.ZipFile(path) as package:
        return CustomPropertyList.from_tree(fromstring(package.read("docProps/custom.xml"))).props


def test_a_label_that_is_no_longer_true_is_replaced_or_switched_off(mapped: World) -> None:
    path = mapped.word()
    decide(mapped, path)
    assert code(decide(mapped, path, 1)) == ""
    assert found_in(mapped, path) == {("msip", TENANT, "公開")}
    assert code(decide(mapped, path, 3)) == ""
    assert found_in(mapped, path) == set()


def test_without_a_rule_nothing_is_written_and_another_tenants_label_stays(world: World) -> None:
    path = world.word()
    strange = ForeignRule(scheme="msip", id=GUID, owner=GUID, name="他社", c=2, write=True)
    world.rules(foreign_labels=(strange,))
    decide(world, path)
    world.rules(foreign_labels=())
    assert code(decide(world, path, 3)) == ""
    assert found_in(world, path) == {("msip", GUID, "他社")}


def test_libreoffices_label_is_written_on_request(world: World) -> None:
    one, two = world.word("一.docx"), world.word("二.docx")
    decide(world, one)
    decide(world, two, tscp=True)
    assert found_in(world, one) == set()
    assert found_in(world, two) == {("tscp", "C2", "機密性2情報")}


def test_a_newer_part_of_microsofts_is_kept_to(mapped: World) -> None:
    path = mapped.word()
    info = (
        '<?xml version="1.0" encoding="utf-8"?><clbl:labelList xmlns:clbl='
        '"http://schemas.microsoft.com/office/2020/mipLabelMetadata"><clbl:label '
        f'id="{{{TENANT}}}" enabled="1" method="Privileged" siteId="{{{TENANT}}}" removed="0"/>'
        "</clbl:labelList>"
    )
    link = (
        '<Relationship Id="rIdL" Type="http://schemas.microsoft.com/office/2020/02/relationships/'
        'classificationlabels" Target="docMetadata/LabelInfo.xml"/></Relationships>'
    )
    with zipfile.ZipFile(path) as package:
        members = {name: package.read(name) for name in package.namelist()}
    members["docMetadata/LabelInfo.xml"] = info.encode()
    members["_rels/.rels"] = members["_rels/.rels"].replace(b"</Relationships>", link.encode())
    with zipfile.ZipFile(path, "w") as package:
        for name, data in members.items():
            package.writestr(name, data)
    assert {one[1] for one in found_in(mapped, path)} == {TENANT}
    assert code(decide(mapped, path)) == ""
    assert {one[1] for one in found_in(mapped, path)} == {GUID}
    assert code(decide(mapped, path, 3)) == ""
    assert found_in(mapped, path) == set()
