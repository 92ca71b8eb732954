from pathlib import Path

from meti_desk.services.folders import listed


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")


def names(*paths: Path) -> list[str]:
    return [Path(one.path).name for one in listed([str(path) for path in paths])]


def test_a_folder_stands_for_all_documents_in_it(tmp_path: Path) -> None:
    put(tmp_path, "b.docx", "a.docx", "下/c.txt", "下/下/d.pdf")
    assert names(tmp_path) == ["a.docx", "b.docx", "c.txt", "d.pdf"]
    below = {Path(one.path).name: str(one.below) for one in listed([str(tmp_path)])}
    assert below == {"a.docx": ".", "b.docx": ".", "c.txt": "下", "d.pdf": "下/下"}


def test_what_is_no_document_is_left_out(tmp_path: Path) -> None:
    put(tmp_path, ".hidden", ".git/config", "~$a.docx", ".~lock.a.odt#", "a.txt.metilabel.json")
    assert names(tmp_path) == []


def test_links_lead_nowhere(tmp_path: Path) -> None:
    put(tmp_path, "out/secret.txt")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "file").symlink_to(tmp_path / "out" / "secret.txt")
    (folder / "folder").symlink_to(tmp_path / "out")
    assert names(folder) == []


def test_a_file_that_is_named_is_taken_as_it_is(tmp_path: Path) -> None:
    put(tmp_path, ".hidden", "x/a.txt")
    missing = tmp_path / "missing"
    assert names(tmp_path / ".hidden", missing) == [".hidden", "missing"]
    # Named twice, it is done once.
    assert names(tmp_path / "x" / "a.txt", tmp_path / "x") == ["a.txt"]
