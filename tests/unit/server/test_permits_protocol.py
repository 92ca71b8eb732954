"""docs/protocol.md on permits is what the server does, byte by byte."""

import re
from pathlib import Path

import msgspec

from meti_desk.server.applying import HANDLERS
from meti_desk.server.keys import ServerKey
from meti_desk.sync import permits
from meti_desk.sync.permit_scope import permit_of
from meti_desk.sync.permits import LAPSED
from tests.unit.server.ministry import ask

TEXT = (Path(__file__).parents[3] / "docs" / "protocol.md").read_text(encoding="utf-8")
SAID = {
    permits.ASKED: permits.PermitAsked,
    permits.DECIDED: permits.PermitDecided,
    permits.WITHDRAWN: permits.PermitNamed,
    permits.REVOKED: permits.PermitNamed,
    permits.REPORTED: permits.PermitReported,
    permits.NOTED: permits.NotedTold,
    permits.CONFIRMED: permits.NotedJudged,
    permits.STANDING: permits.StandingSaid,
}


def test_the_example_of_the_document_is_right() -> None:
    told = dict(
        re.findall(r"^\| `(server|statement|signature)` \| `([0-9a-f]+)` \|$", TEXT, re.MULTILINE)
    )
    key, written = ServerKey(bytes(range(32))), bytes.fromhex(told["statement"])
    assert key.public.hex() == told["server"]
    assert key.sign(permits.statement_message(written)).hex() == told["signature"]
    statement = msgspec.msgpack.decode(written, type=permits.PermitStatement)
    assert msgspec.msgpack.encode(statement) == written
    permit = permit_of(statement)
    found = re.findall(
        r"^\| `(about|words|digest)`(?:（封の中）)? \| `([^`]+)` \|$", TEXT, re.MULTILINE
    )
    words = dict(found)
    plain = bytes.fromhex(words["words"])
    assert words["about"] == permits.words_about(permit.id)
    assert permits.words_digest(words["about"], plain).hex() == words["digest"]
    assert statement.words_digest.hex() == words["digest"]
    read = msgspec.msgpack.decode(plain, type=permits.PermitWords)
    assert (read.titles, len(read.salt)) == (("案.docx",), 32)
    assert (permit.id, permit.state, permit.requested_by) == ("p1", "granted", "y1")


def test_every_kind_is_described_with_its_fields_and_done() -> None:
    for kind, said in SAID.items():
        fields = ", ".join(f'"{one}"' for one in said.__struct_fields__)
        assert f"| `{kind}` | `{{{fields}}}` |" in TEXT, kind
        assert kind in HANDLERS
    for told in (permits.PermitStatement, permits.WireScope, permits.PermitTold):
        fields = ", ".join(f'"{one}"' for one in told.__struct_fields__)
        assert f"`{{{fields}}}`" in TEXT, told


def test_every_refusal_is_named() -> None:
    folder = Path(__file__).parents[3] / "meti_desk"
    named = {
        *folder.glob("server/permit*.py"), folder / "server/noted.py",
        folder / "server/standing.py", folder / "domain/permit_steps.py",
    }  # fmt: skip
    text = "\n".join(one.read_text(encoding="utf-8") for one in named)
    codes = set(re.findall(r'"((?:permit|standing)\.[a-z-]+)"', text))
    codes -= {"permit.note-left", "permit.note-moved", LAPSED}
    assert len(codes) > 15
    assert sorted(code for code in codes if f"`{code}`" not in TEXT) == []


def test_a_request_reads_as_it_was_written() -> None:
    told = ask(blanket="議事概要", includes_copies=True, restrictions=("複製要許可",))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(told), type=permits.PermitAsked) == told
