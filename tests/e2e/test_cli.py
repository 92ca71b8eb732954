import hashlib
import zipfile
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import docx
import pytest

from tests.e2e.conftest import Cli

NOTED = ("--permit-noted", "鈴木課長, 2026年11月20日, 口頭")
GIVE = ("handle", "provide")
TO = ("--to", "someone@example.com")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def members(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def test_classify_marks_seals_and_records(cli: Cli, document: Callable[..., Path]) -> None:
    path = document()
    code, answer = cli("classify", path, "-c", "2", "-r", "印刷禁止", "--reason", "審査中のため")
    assert code == 0
    assert len(answer["events"]) == 1
    code, seen = cli("inspect", path, locked=True)
    row = seen["files"][0]
    assert code == 0
    assert row["label"] == {
        "c": 2, "i": 1, "a": 1, "restrictions": ["印刷禁止"], "audience": [], "decided": True,
    }  # fmt: skip
    assert row["seal"] == "sealed"
    assert row["sources"] is None
    assert row["sources_known"] is False
    assert any(mark["own"] and "機密性2情報" in mark["text"] for mark in row["marks"])


def test_a_changed_word_breaks_the_seal(cli: Cli, document: Callable[..., Path]) -> None:
    path = document()
    cli("classify", path, "-c", "2")
    made = docx.Document(str(path))
    made.paragraphs[0].runs[0].text = "別の結果"
    made.save(str(path))
    _, seen = cli("inspect", path)
    assert seen["files"][0]["seal"] == "content-changed"


def test_out_leaves_the_original_as_it_was(cli: Cli, document: Callable[..., Path]) -> None:
    path = document()
    before = digest(path)
    code, answer = cli("classify", path, "-c", "1", "--out", cli.folder / "out")
    assert code == 0
    assert digest(path) == before
    assert answer["files"][0]["out"] == [str(cli.folder / "out" / path.name)]


def test_sources_hand_down_what_serves_confidentiality(
    cli: Cli, document: Callable[..., Path]
) -> None:
    source, path = document("元.docx", "審査の要領"), document("新.docx")
    cli("classify", source, "-c", "2", "-i", "2", "-r", "印刷禁止", "--audience", "審査委員")
    _, proposed = cli("suggest", path, "--source", source)
    assert proposed["files"][0]["label"]["c"] == 2
    assert {one["from"] for one in proposed["files"][0]["evidence"]} == {"source"}
    code, refused = cli("classify", path, "-c", "1", "--source", source)
    assert code == 3
    assert refused["files"][0]["error"]["code"] == "label.below-sources"
    assert refused["files"][0]["error"]["articles"] == ["6-1", "7-1"]
    assert cli("classify", path, "-c", "2", "--source", source)[0] == 0
    _, seen = cli("inspect", path)
    row = seen["files"][0]
    assert row["label"]["restrictions"] == ["印刷禁止"]
    assert row["label"]["audience"] == ["審査委員"]
    assert row["label"]["i"] == 1
    assert [one["title"] for one in row["sources"]] == ["元.docx"]


def test_provide_gives_a_clean_protected_copy(cli: Cli, document: Callable[..., Path]) -> None:
    path = document()
    cli("classify", path, "-c", "2")
    before = digest(path)
    password = cli.folder / "password"
    password.write_text("青い空に白い雲が3つ", encoding="utf-8")
    code, answer = cli(
        *GIVE, path, *TO, *NOTED, "--out", cli.folder / "out", "--password-file", password
    )
    assert code == 0, answer
    assert digest(path) == before
    row = answer["files"][0]
    assert row["method"] == "office"
    assert {one["class"] for one in row["removed"]} >= {"docx.comment"}
    assert "password" not in answer
    for made in ("letter", "mail", "password_slip"):
        assert Path(answer[made]).is_file()
    protected = Path(row["out"][0])
    assert protected.read_bytes()[:4] == b"\xd0\xcf\x11\xe0"
    code, opened = cli("open", protected, "--out", cli.folder / "in", "--password-file", password)
    assert code == 0
    clear = Path(opened["files"][0]["out"][0])
    raw = members(clear)
    for hidden in ("秘密の作成者", "内緒のコメント", "佐藤花子", "rsid", "jp.go.meti.seal"):
        assert hidden.encode() not in raw
    _, seen = cli("inspect", clear)
    assert seen["files"][0]["label"]["c"] == 2
    assert cli("ledger", "verify")[1] == {"events": 3, "intact": True, "first_bad": None}


def test_the_password_never_travels_with_the_file(cli: Cli, document: Callable[..., Path]) -> None:
    path = document()
    cli("classify", path, "-c", "2")
    password = cli.folder / "password"
    password.write_text("青い空に白い雲が3つ", encoding="utf-8")
    _, answer = cli(
        *GIVE, path, *TO, *NOTED, "--out", cli.folder / "out", "--password-file", password
    )
    message = message_from_bytes(Path(answer["mail"]).read_bytes(), policy=default)
    names = [part.get_filename() for part in message.iter_attachments()]
    assert names == [path.name, "取扱依頼書.docx"]
    assert message["X-Unsent"] == "1"
    body = message.get_body()
    assert body is not None
    assert "青い空" not in body.get_content()
    letter = members(Path(answer["letter"])).decode(errors="ignore")
    assert "青い空" not in letter
    slip = docx.Document(answer["password_slip"])
    assert any("青い空に白い雲が3つ" in one.text for one in slip.paragraphs)


@pytest.mark.parametrize(
    ("words", "ends", "code", "article"),
    [
        ((*TO,), 3, "permission.missing", "13"),
        ((*TO, *NOTED, "--decide", "split=yes"), 5, "split.not-told", "14-5"),
    ],
)
def test_provide_is_refused_while_a_measure_is_unmet(
    cli: Cli,
    document: Callable[..., Path],
    words: tuple[str, ...],
    ends: int,
    code: str,
    article: str,
) -> None:
    path = document()
    cli("classify", path, "-c", "2")
    exit_code, answer = cli(*GIVE, path, *words, "--out", cli.folder / "out")
    assert exit_code == ends
    assert answer["files"][0]["error"]["code"] == code
    assert article in answer["files"][0]["error"]["articles"]
    assert answer["files"][0]["error"]["message"]
    assert list((cli.folder / "out").iterdir()) == []


def test_only_c1_is_published_and_without_any_trace(
    cli: Cli, document: Callable[..., Path]
) -> None:
    secret, open_one = document("内部.docx"), document("公表.docx")
    cli("classify", secret, "-c", "2")
    cli("classify", open_one, "-c", "1")
    out = cli.folder / "out"
    code, answer = cli("handle", "publish", secret, open_one, "--out", out)
    assert code == 3
    assert answer["files"][0]["error"]["code"] == "publish.not-c1"
    assert answer["files"][1]["error"] is None
    raw = members(Path(answer["files"][1]["out"][0]))
    assert b"jp.go.meti" not in raw
    assert "機密性".encode() not in raw


def test_a_decision_of_no_is_recorded_with_its_reason(
    cli: Cli, document: Callable[..., Path]
) -> None:
    path = document()
    cli("classify", path, "-c", "2")
    no = ("--decide", "password=no:専用線のため", "--decide", "encryption=no:専用線のため")
    code, answer = cli(*GIVE, path, *TO, *NOTED, *no, "--out", cli.folder / "out")
    assert code == 0
    assert answer["files"][0]["method"] == ""
    assert answer["password_slip"] == ""
    _, listed = cli("ledger", "search", "専用線")
    assert [row["kind"] for row in listed["events"]] == ["handle"]


def test_one_bad_file_does_not_stop_the_others(cli: Cli, document: Callable[..., Path]) -> None:
    good, bad = document("良.docx"), cli.folder / "悪.docx"
    bad.write_bytes(good.read_bytes()[:1000])
    before = digest(bad)
    code, answer = cli("classify", bad, good, cli.folder / "無い.docx", "-c", "1")
    assert code == 5
    codes = [row["error"] and row["error"]["code"] for row in answer["files"]]
    assert codes[1] is None
    assert codes[0]
    assert codes[2] == "file.missing"
    assert digest(bad) == before


def test_a_wrong_passphrase_is_an_environment_problem(cli: Cli) -> None:
    cli.passphrase.write_text("これではない別のもの", encoding="utf-8")
    code, answer = cli("ledger", "list")
    assert code == 4
    assert answer["error"]["code"] == "store.wrong-passphrase"


def test_special_secrets_are_left_alone_and_leave_no_name(
    cli: Cli, document: Callable[..., Path]
) -> None:
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "特定秘密"
    made.add_paragraph("本文")
    path = cli.folder / "触れてはならない.docx"
    made.save(str(path))
    before = digest(path)
    for words in (
        ("suggest", path),
        ("classify", path, "-c", "3"),
        ("scrub", path, "--out", cli.folder / "out"),
        ("protect", path, "--out", cli.folder / "out"),
    ):
        code, answer = cli(*words)
        assert code == 3
        assert answer["files"][0]["error"]["code"] == "label.special-secret"
    assert digest(path) == before
    assert cli("ledger", "list")[1] == {"events": []}
    assert not (cli.folder / "out").exists() or list((cli.folder / "out").iterdir()) == []


def test_who_gave_no_name_may_still_change_the_own_decision(
    cli: Cli, document: Callable[..., Path]
) -> None:
    cli.store = cli.folder / "nameless"
    assert cli("init")[0] == 0
    path = document()
    assert cli("classify", path, "-c", "1")[0] == 0
    assert cli("classify", path, "-c", "2")[0] == 0
    cli.store = cli.folder / "store"
    code, answer = cli("classify", path, "-c", "1")
    assert code == 3
    assert answer["files"][0]["error"]["code"] == "label.decided-by-other"


def test_store_labels_in_place_and_makes_no_second_file(
    cli: Cli, document: Callable[..., Path]
) -> None:
    path = document()
    path.chmod(0o644)
    code, answer = cli("handle", "store", path, "-c", "2")
    assert code == 0, answer
    assert answer["files"][0]["out"] == [str(path)]
    assert answer["files"][0]["notes"] == ["access.open-to-everyone"]
    assert len(answer["events"]) == 2
    assert sorted(one.name for one in cli.folder.glob("*.docx")) == [path.name]
    assert cli("inspect", path)[1]["files"][0]["label"]["c"] == 2
    assert cli("handle", "provide", path, *TO)[1]["error"]["code"] == "handle.no-folder"


def test_a_label_decided_while_giving_is_recorded_and_known_afterwards(
    cli: Cli, document: Callable[..., Path]
) -> None:
    path = document()
    before = digest(path)
    code, answer = cli(*GIVE, path, *TO, *NOTED, "-c", "2", "--out", cli.folder / "out")
    assert code == 0, answer
    assert len(answer["events"]) == 2
    assert digest(path) == before
    _, listed = cli("ledger", "list")
    assert [row["kind"] for row in listed["events"]] == ["handle", "classify"]
    assert len({row["document"] for row in listed["events"]}) == 1
    _, proposed = cli("suggest", path)
    assert proposed["files"][0]["label"]["c"] == 2
    assert {one["from"] for one in proposed["files"][0]["evidence"]} == {"record"}


def test_an_unknown_permit_is_named(cli: Cli, document: Callable[..., Path]) -> None:
    path = document()
    cli("classify", path, "-c", "2")
    code, answer = cli(*GIVE, path, *TO, "--permit", "P-1", "--out", cli.folder / "out")
    assert code == 3
    assert answer["error"]["code"] == "permit.unknown"
    assert "P-1" in answer["error"]["message"]
