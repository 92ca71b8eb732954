"""Puts our action into Thunar's `uca.xml` and takes it out, byte by byte beside everything else.

The file is the person's: their own actions, comments, white space and the document type stay as
they are. So it is never written anew from a tree; the places are found and the text is spliced.
"""

from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from meti_desk.domain.errors import InvalidInput
from meti_desk.shell import texts

BLANK = b'<?xml version="1.0" encoding="UTF-8"?>\n<actions>\n</actions>\n'
"""A file without any action."""


@dataclass(slots=True)
class Action:
    """One action: where it stands, in bytes, and what it says of itself."""

    start: int
    end: int = 0
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def ours(self) -> bool:
        """Whether it was put there by us."""
        return self.fields.get("unique-id", "").strip() == texts.MARK


@dataclass(slots=True)
class Layout:
    """Where the actions stand; `close` is the place before `</actions>`.

    With `empty` the root is `<actions/>`, which ends at `close`.
    """

    actions: list[Action]
    close: int
    empty: bool


def read(data: bytes, path: Path) -> Layout:
    """Find the actions in a file; raises `InvalidInput("shell.settings-damaged")`.

    Damaged is also what Thunar itself cannot read: another encoding than UTF-8, another root.
    """
    finder = _Finder(data)
    try:
        data.decode("utf-8")
        return finder.find()
    except (UnicodeDecodeError, expat.ExpatError, ValueError):
        raise InvalidInput("shell.settings-damaged", path=str(path)) from None


def ours(data: bytes, path: Path) -> Action | None:
    """Give our action in a file, if it is there."""
    return next((action for action in read(data, path).actions if action.ours), None)


def with_action(data: bytes, program: str, path: Path) -> bytes:
    """Add our action at the end, or put it right where it stands.

    One that already starts this program is left alone, also when the person renamed it.
    """
    layout = read(data, path)
    text = texts.thunar_action(program).encode()
    mine = [action for action in layout.actions if action.ours]
    if not mine:
        return _added(data, layout, text)
    if mine[0].fields.get("command") == texts.thunar_command(program):
        return data
    return data[: mine[0].start] + text.rstrip(b"\n") + data[mine[0].end :]


def without_action(data: bytes, path: Path) -> bytes:
    """Take our action out; everything else stays byte for byte."""
    for action in reversed(read(data, path).actions):
        if action.ours:
            tail = data[action.end :]
            data = data[: action.start] + tail.removeprefix(b"\n")
    return data


def _added(data: bytes, layout: Layout, text: bytes) -> bytes:
    if not layout.empty:
        return data[: layout.close] + text + data[layout.close :]
    slash = data.rindex(b"/", 0, layout.close)
    opened = data[:slash].rstrip() + b">\n" + text + b"</actions>"
    return opened + data[layout.close :]


class _Finder:
    """Walks the file once and notes places."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._path: list[str] = []
        self._layout = Layout([], 0, empty=False)
        self._text = ""
        self._parser = expat.ParserCreate("utf-8")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def find(self) -> Layout:
        self._parser.Parse(self._data, True)  # noqa: FBT003 - the whole file at once
        return self._layout

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        if not self._path and name != "actions":
            raise ValueError(name)
        if self._path == ["actions"] and name == "action":
            self._layout.actions.append(Action(self._parser.CurrentByteIndex))
        self._path.append(name)
        self._text = ""

    def _characters(self, text: str) -> None:
        self._text += text

    def _end(self, name: str) -> None:
        place = self._parser.CurrentByteIndex
        whole = self._data.startswith(b"</", place)
        if self._path == ["actions"]:
            self._layout.close, self._layout.empty = place, not whole
        elif self._path == ["actions", "action"]:
            end = self._data.index(b">", place) + 1 if whole else place
            self._layout.actions[-1].end = end
        elif self._path[:2] == ["actions", "action"]:
            self._layout.actions[-1].fields.setdefault(name, self._text)
        self._path.pop()
        self._text = ""
