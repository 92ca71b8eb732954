"""The right-click entries: what is written, that nothing else is touched, and that they start."""

import io
import os
import shlex
import subprocess
from configparser import RawConfigParser
from pathlib import Path
from urllib.parse import quote

import pytest
from lxml import etree

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput
from meti_desk.shell import entries
from meti_desk.shell.selection import files_to_open
from tests.unit.shell.conftest import Home

NAMES = (
    "ただの文書.docx",
    "a b  c.pdf",
    'it\'s "x".pdf',
    "行\n行.docx",
    "-c",
    "$HOME `id` \\n 5%.txt",
)

ELEMENTS = (
    "icon|patterns|range|name|submenu|unique-id|command|description|startup-notify|directories"
    "|audio-files|image-files|other-files|text-files|video-files"
)
EMPTY = (
    "startup-notify",
    "directories",
    *(f"{k}-files" for k in ["audio", "image", "other", "text", "video"]),
)
THUNAR = "\n".join(
    (
        "<!ELEMENT actions (action)*>",
        f"<!ELEMENT action ({ELEMENTS})*>",
        *(f"<!ELEMENT {name} EMPTY>" for name in EMPTY),
        *(f"<!ELEMENT {name} (#PCDATA)>" for name in ELEMENTS.split("|") if name not in EMPTY),
        "<!ATTLIST name xml:lang CDATA #IMPLIED>",
        "<!ATTLIST description xml:lang CDATA #IMPLIED>",
    )
)
"""What Thunar 4.18 reads; anything else makes it drop the whole file."""

OTHERS = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE actions [
  <!ELEMENT actions (action)+>
]>
<!-- 私の設定 -->
<actions>\r
  <action>
    <name>端末 &amp; 他</name><unique-id>1-1</unique-id>
    <command>x %f</command><unknown a="b"/>
  </action>\t
  <?keep this?>
</actions>
<!-- end -->
""".encode()


def own_action(path: Path) -> etree._Element:
    found = etree.parse(path).xpath("//action[unique-id='jp.go.meti.desk']")
    assert isinstance(found, list)
    assert len(found) == 1
    only = found[0]
    assert isinstance(only, etree._Element)
    return only


def address(path: Path) -> str:
    """Write an address as GLib does, which leaves more characters as they are than Python."""
    return "file://" + quote(os.fsencode(path), safe="/!$&'()*+,;=:@")


def started_with(home: Home) -> list[str]:
    written = (home.program.parent / "argv").read_bytes()
    return [os.fsdecode(one) for one in written.split(b"\0")[:-1]]


def expand(line: str, letter: str, inserted: str) -> str:
    """Replace the fields as Thunar and Nemo do, in one pass."""
    parts = line.split("%%")
    return "%".join(part.replace(f"%{letter}", inserted) for part in parts)


def selected(folder: Path) -> list[Path]:
    return [folder / name for name in NAMES]


def test_all_entries_come_and_go(home: Home) -> None:
    assert [there for _, _, there in entries.status()] == [False] * 4
    assert [path.exists() for _, path, _ in entries.status()] == [False] * 4
    rows = entries.install()
    assert [(name, there) for name, _, there in rows] == [
        ("Thunar", True), ("Nemo", True), ("Nautilus", True), ("Menu", True),
    ]  # fmt: skip
    assert [path for _, path, _ in rows] == [home.uca, home.nemo, home.nautilus, home.menu]
    before = [path.stat().st_mtime_ns for _, path, _ in rows]
    assert entries.install() == rows
    assert [path.stat().st_mtime_ns for _, path, _ in rows] == before
    assert [there for _, _, there in entries.uninstall()] == [False] * 4
    assert [path for path in home.config.rglob("*") if path.is_file()] == []
    assert [path for path in home.share.rglob("*") if path.is_file()] == []
    assert [there for _, _, there in entries.uninstall()] == [False] * 4


def test_thunar_starts_the_program_with_the_very_names(home: Home, tmp_path: Path) -> None:
    entries.install()
    assert etree.DTD(io.StringIO(THUNAR)).validate(etree.parse(home.uca))
    action = own_action(home.uca)
    assert action.findtext("patterns") == "*"
    assert action.find("directories") is None
    paths = selected(tmp_path)
    command = action.findtext("command")
    assert command is not None
    line = expand(command, "F", shlex.join(map(str, paths)))
    subprocess.run(["/bin/sh", "-c", line], check=True)
    assert files_to_open(started_with(home)) == [str(path) for path in paths]


def test_nemo_starts_the_program_with_the_very_names(home: Home, tmp_path: Path) -> None:
    entries.install()
    read = RawConfigParser()
    read.optionxform = str  # type: ignore[assignment,method-assign] # as configparser documents
    read.read(home.nemo, encoding="utf-8")
    action = read["Nemo Action"]
    assert (action["Selection"], action["Extensions"]) == ("notnone", "nodirs;")
    assert action["Quote"] == "double"
    paths = selected(tmp_path)
    line = action["Exec"].replace("\\\\", "\0").replace("\\n", "\n").replace("\0", "\\")
    line = expand(line, "U", " ".join(f'"{address(path)}"' for path in paths))
    subprocess.run(shlex.split(line), check=True)
    assert files_to_open(started_with(home)) == [str(path) for path in paths]


def test_nautilus_starts_the_program_with_the_very_names(home: Home, tmp_path: Path) -> None:
    entries.install()
    paths = selected(tmp_path)
    given = {
        "NAUTILUS_SCRIPT_SELECTED_URIS": "".join(f"{address(path)}\n" for path in paths),
        "NAUTILUS_SCRIPT_SELECTED_FILE_PATHS": "".join(f"{path}\n" for path in paths),
    }
    subprocess.run([home.nautilus, *NAMES], env={**os.environ, **given}, check=True)
    assert files_to_open(started_with(home)) == [str(path) for path in paths]


@pytest.mark.parametrize("uris", ["", "recent:///1\nrecent:///2\n", "file:///x\nsftp://h/y\n"])
def test_nautilus_takes_paths_where_addresses_are_no_files(
    home: Home, tmp_path: Path, uris: str
) -> None:
    entries.install()
    (tmp_path / "globbed.docx").touch()
    paths = [tmp_path / "a b.docx", tmp_path / "*.docx", tmp_path / "it's"]
    given = {
        "NAUTILUS_SCRIPT_SELECTED_URIS": uris,
        "NAUTILUS_SCRIPT_SELECTED_FILE_PATHS": "".join(f"{path}\n" for path in paths),
    }
    subprocess.run([home.nautilus], env={**os.environ, **given}, check=True)
    assert started_with(home) == ["--", *map(str, paths)]


def test_the_menu_entry_names_no_kinds_of_files(home: Home) -> None:
    """It must never become what a double click opens."""
    entries.install()
    text = home.menu.read_text(encoding="utf-8")
    assert "MimeType" not in text
    icon = text.split("Icon=")[1].splitlines()[0]
    assert Path(icon).is_file()


def test_actions_of_the_person_stay_byte_for_byte(home: Home) -> None:
    home.uca.parent.mkdir(parents=True)
    home.uca.write_bytes(OTHERS)
    home.uca.chmod(0o640)
    entries.install()
    written = home.uca.read_bytes()
    own = written[written.index(b"<action>\n\t<icon>") : written.index(b"</actions>")]
    assert written.replace(own, b"") == OTHERS
    own_action(home.uca)
    assert home.uca.stat().st_mode & 0o777 == 0o640
    entries.uninstall()
    assert home.uca.read_bytes() == OTHERS
    assert [path.name for path in home.uca.parent.iterdir()] == ["uca.xml"]


@pytest.mark.parametrize("empty", [b"<actions/>", b"<actions />", b"<actions></actions>\n"])
def test_a_file_without_actions_is_understood(home: Home, empty: bytes) -> None:
    home.uca.parent.mkdir(parents=True)
    home.uca.write_bytes(empty)
    entries.install()
    own_action(home.uca)
    entries.uninstall()
    assert etree.parse(home.uca).xpath("count(/actions/*)") == 0


def test_an_entry_of_an_older_place_is_put_right_and_a_renamed_one_is_kept(home: Home) -> None:
    entries.install()
    text = home.uca.read_text(encoding="utf-8")
    home.uca.write_text(text.replace("格付して保護…", "私の名前"), encoding="utf-8")
    entries.install()
    assert own_action(home.uca).findtext("name") == "私の名前"
    moved = home.uca.read_text(encoding="utf-8").replace("-- %F", "%F")
    home.uca.write_text(moved, encoding="utf-8")
    assert entries.status()[0][2] is False
    entries.install()
    assert entries.status()[0][2] is True
    own_action(home.uca)


def test_a_file_of_ones_own_begins_as_a_copy_of_the_systems(home: Home) -> None:
    """A file of one's own hides the system's actions: they must not vanish."""
    shipped = home.system / "Thunar" / "uca.xml"
    shipped.parent.mkdir(parents=True)
    shipped.write_bytes(OTHERS)
    entries.install()
    assert "端末" in home.uca.read_text(encoding="utf-8")
    own_action(home.uca)
    entries.uninstall()
    assert not home.uca.exists()
    assert shipped.read_bytes() == OTHERS


def test_a_linked_file_stays_a_link(home: Home, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles-uca.xml"
    real.write_bytes(OTHERS)
    home.uca.parent.mkdir(parents=True)
    home.uca.symlink_to(real)
    entries.install()
    assert home.uca.is_symlink()
    own_action(real)


@pytest.mark.parametrize(
    "damaged",
    [
        b"<actions><action></actions>",
        b"<other/>",
        "<actions>格</actions>".encode("shift_jis"),
        b"x",
    ],
)
def test_what_thunar_cannot_read_is_left_alone(home: Home, damaged: bytes) -> None:
    home.uca.parent.mkdir(parents=True)
    home.uca.write_bytes(damaged)
    for act in (entries.install, entries.uninstall, entries.status):
        with pytest.raises(InvalidInput) as caught:
            act()
        assert caught.value.code == "shell.settings-damaged"
    assert home.uca.read_bytes() == damaged
    assert not home.nemo.exists()


@pytest.mark.parametrize("which", ["nemo", "nautilus", "menu"])
def test_a_file_of_somebody_else_is_never_replaced_or_removed(home: Home, which: str) -> None:
    path: Path = getattr(home, which)
    path.parent.mkdir(parents=True)
    path.write_text("私のもの", encoding="utf-8")
    with pytest.raises(EnvironmentProblem) as caught:
        entries.install()
    assert caught.value.code == "shell.not-ours"
    assert not home.uca.exists()
    entries.uninstall()
    assert path.read_text(encoding="utf-8") == "私のもの"


def test_without_the_command_nothing_is_written(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.program.unlink()
    monkeypatch.setenv("PATH", str(home.program.parent))
    with pytest.raises(EnvironmentProblem) as caught:
        entries.install()
    assert caught.value.code == "shell.no-program"
    assert not home.uca.exists()


def test_relative_base_folders_are_ignored(
    home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert entries.status()[0][1] == tmp_path / ".config" / "Thunar" / "uca.xml"
