from pathlib import Path

import pytest

from meti_desk.domain import events
from meti_desk.domain.errors import InvalidInput
from meti_desk.services.classify import classify
from meti_desk.services.lineage import lineage
from meti_desk.services.messages import ClassifyRequest
from meti_desk.services.ports import DocumentRecord
from tests.unit.services.fakes import World


def put(world: World, one: str, *sources: str, label: str = "C2;I1;A1") -> None:
    world.store.documents.put(
        DocumentRecord(
            id=one, title=f"{one}.docx", path=f"/x/{one}", file_hash=f"hash-{one}", digest="",
            label=label, handling="", decided_by="山田", decided_at="", sources=sources,
        )
    )  # fmt: skip


def levels(world: World, root: str) -> dict[str, int]:
    return {node.id: node.level for node in lineage(world.ctx, root).nodes}


def test_sources_lie_left_and_descendants_right(world: World) -> None:
    put(world, "a")
    put(world, "b", "a")
    put(world, "c", "b")
    put(world, "d", "c")
    put(world, "other")
    assert levels(world, "b") == {"a": -1, "b": 0, "c": 1, "d": 2}
    assert set(lineage(world.ctx, "b").edges) == {("a", "b"), ("b", "c"), ("c", "d")}


def test_cycles_end_and_every_document_stands_there_once(world: World) -> None:
    put(world, "a", "c")
    put(world, "b", "a")
    put(world, "c", "b")
    view = lineage(world.ctx, "a")
    assert {node.id: node.level for node in view.nodes} == {"a": 0, "c": -1, "b": 1}
    assert len(view.nodes) == 3
    assert set(view.edges) == {("a", "b"), ("b", "c"), ("c", "a")}


def test_a_source_without_a_record_is_shown_as_unknown(world: World) -> None:
    put(world, "a", "f" * 64)
    node = lineage(world.ctx, "a").nodes[0]
    assert (node.level, node.known, node.title) == (-1, False, "f" * 12)


def test_a_source_that_was_named_by_its_hash_is_found_by_it(world: World) -> None:
    put(world, "late")
    put(world, "a", "hash-late")
    assert levels(world, "a") == {"late": -1, "a": 0}
    assert levels(world, "late") == {"late": 0, "a": 1}


def test_who_received_a_document_is_told(world: World) -> None:
    put(world, "a")
    body = {events.DOCUMENT: "a", events.RECIPIENTS: ["x@example.com"], events.ACTS: ["provide"]}
    world.store.ledger.append(events.HANDLE, body, world.clock.now())
    assert lineage(world.ctx, "a").nodes[0].recipients == ("x@example.com",)


def test_a_document_is_named_by_its_file_too(world: World) -> None:
    source, made = world.folder / "元.txt", world.folder / "案.txt"
    for path in (source, made):
        path.write_text(path.name, encoding="utf-8")
    classify(world.ctx, ClassifyRequest(paths=(str(source),), c=2))
    classify(world.ctx, ClassifyRequest(paths=(str(made),), c=2, sources=(str(source),)))
    view = lineage(world.ctx, str(made))
    assert [(node.title, node.level) for node in view.nodes] == [("元.txt", -1), ("案.txt", 0)]
    label = view.nodes[0].label
    assert label is not None
    assert label.c == 2


@pytest.mark.parametrize("name", ["nothing", "a\0b", "/"])
def test_what_is_not_recorded_is_refused(world: World, name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        lineage(world.ctx, name)
    assert caught.value.code == "document.unknown"


def test_a_file_without_a_record_is_refused(world: World, tmp_path: Path) -> None:
    path = tmp_path / "new.txt"
    path.write_text("x", encoding="utf-8")
    with pytest.raises(InvalidInput):
        lineage(world.ctx, str(path))
