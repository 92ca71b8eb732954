"""An independent look at a scrubbed RTF document: nothing left that tells, the text the same.

Shares no code with the removal, nor with the reader that the text is taken by.
"""

import io
import re
from collections import Counter
from dataclasses import dataclass, replace

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import ScrubOrder

_PIECE = re.compile(
    rb"([{}])|\\([a-z]+)(-?\d+)? ?|\\(['\W_])([0-9a-f]{2})?|([^\\{}]+)",
    re.IGNORECASE | re.DOTALL,
)
_GROUPS = {
    "rtf.revision": "1", "rtf.comment": "2", "rtf.people": "2", "rtf.embedded": "3",
    "rtf.path": "6", "rtf.field": "6", "rtf.hidden-text": "7", "rtf.variable": "8",
    "rtf.mail-merge": "8", "rtf.office-data": "8", "rtf.rsid": "13", "rtf.trailing": "13",
    "rtf.property": "15", "rtf.custom-property": "15", "rtf.protection": "15",
    "rtf.index-entry": "7", "rtf.unknown-part": "8", "rtf.picture-metadata": "12",
}  # fmt: skip
_NAMES: dict[str, str] = {
    "rtf.property": "info generator author operator doccomm manager company creatim revtim title"
    " subject",
    "rtf.custom-property": "userprops propname",
    "rtf.comment": "annotation atnid atnauthor atnref chatn atndate",
    "rtf.people": "revtbl protusertbl",
    "rtf.revision": "revised deleted revauth revdttm revauthdel revdttmdel oldcprops oldpprops"
    " crauth crdate mvf mvt",
    "rtf.path": "filetbl template nextfile",
    "rtf.variable": "docvar",
    "rtf.mail-merge": "mailmerge",
    "rtf.office-data": "datastore themedata datafield xmlopen xmlnstbl blipuid htmltag fontemb",
    "rtf.protection": "passwordhash password writereservhash",
    "rtf.embedded": "objdata objclass",
    "rtf.rsid": "insrsid rsidroot rsidtbl charrsid pararsid",
}
_TELLING = {name: kind for kind, names in _NAMES.items() for name in names.split()}
_SILENT = frozenset(
    {
        *("fonttbl", "colortbl", "stylesheet", "listtable", "listoverridetable", "pict", "fldinst"),
        *("bkmkstart", "bkmkend", "sp", "objdata", "objclass", "objname", "listpicture"),
        *("latentstyles", "colorschememapping", "pgptbl", "xe", "tc", "tcn", "rxe", "txe"),
        *("comment", "hlinkbase", "objalias", "objsect", "atntime", "atnparent", "atrfstart"),
        *("atrfend", "windowcaption", "writereservation", "mhtmltag", "xmlclose", "xmlattr"),
        *("xmlname", "oldtprops", "oldsprops", "mvfmf", "mvfml", "mvtof", "mvtol", "atnicn"),
        "factoidname",
    }
) | (frozenset(_TELLING) - {"revised", "deleted", "revauth", "chatn", "mvf", "mvt", "revdttm"})
_ON_DISK = re.compile(
    rb"file:|[a-z]:\\\\+\w|\\\\\\\\[\w.-]+\\\\|(?<![\w/.])/(?:home|users)/\w",
    re.IGNORECASE,
)
_SIGNS = frozenset(
    {"par", "line", "page", "tab", "emdash", "endash", "bullet", "lquote", "rquote", "ldblquote",
     "rdblquote", "cell", "row", "sect"}
)  # fmt: skip
_STARRED_SHOWN = re.compile(r"shp(?:inst|txt|pict)|ud|do|background|result|m[a-z]+|a?ftn\w+|cb")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff")


@dataclass(frozen=True, slots=True)
class _State:
    silent: bool = False
    gone: bool = False
    unseen: bool = False
    fresh: bool = True
    picture: bool = False
    instruction: bool = False
    starred: bool = False


class _Walk:
    def __init__(self, data: bytes) -> None:
        self.text = bytearray()
        self.hidden = False
        self.words: Counter[str] = Counter()
        self.fields: list[bytes] = []
        self.pictures: list[bytes] = []
        self.end = 0
        self._hex = bytearray()
        self._walk(data)

    def _walk(self, data: bytes) -> None:
        states: list[_State] = []
        state = _State()
        at = 0
        while at < len(data):
            found = _PIECE.match(data, at)
            if found is None:
                break
            at = found.end()
            brace, word, number, sign, coded, plain = found.groups()
            if brace == b"{":
                states.append(state)
                state = replace(state, fresh=True, starred=False)
            elif brace == b"}":
                self._flush(state)
                if not states:
                    return
                state = states.pop()
                if not states:
                    self.end = at
                    return
            elif word is not None:
                name = word.decode().lower() if len(word) > 1 else word.decode()
                if name == "bin":
                    at += max(0, int(number or 0))
                    continue
                state = self._word(name, number, state)
            elif sign == b"*" and state.fresh:
                state = replace(state, starred=True)
            else:
                self._plain(found.group(), sign, coded, plain, state)

    def _word(self, name: str, number: bytes | None, state: _State) -> _State:
        on = number != b"0"
        self.words[name] += 1
        if state.fresh:
            moved = state.gone or state.unseen
            holds = name in ("pict", "object", "field", "shp", "footnote", "shppict", "do")
            passed_over = state.starred and not _STARRED_SHOWN.fullmatch(name)
            silent = state.silent or name in _SILENT or passed_over or (moved and holds)
            state = replace(
                state, fresh=False, silent=silent, picture=name == "pict" and not state.silent,
                instruction=state.instruction or name in ("fldinst", "sp"),
            )  # fmt: skip
        if name in ("deleted", "mvf"):
            return replace(state, gone=on)
        if name == "v":
            return replace(state, unseen=on)
        if name == "plain":
            return replace(state, gone=False, unseen=False)
        said = name in _SIGNS or name == "u"
        if said and not state.silent and not state.gone and (not state.unseen or name in _SIGNS):
            self.text += b"\\" + name.encode() + (number or b"")
        return state

    def _plain(
        self,
        raw: bytes,
        sign: bytes | None,
        coded: bytes | None,
        plain: bytes | None,
        state: _State,
    ) -> None:
        if state.instruction and plain is not None:
            self.fields.append(raw)
        if state.picture and plain is not None:
            self._hex += plain
            return
        if sign == b"*" and coded is None:
            return
        shown = b"".join((plain if plain is not None else raw).split(b"\r\n"))
        shown = shown.replace(b"\n", b"").replace(b"\r", b"")
        if not shown or state.silent or state.gone:
            return
        if state.unseen:
            self.hidden = True
            return
        self.text += shown

    def _flush(self, state: _State) -> None:
        if state.picture and self._hex:
            coded = bytes(self._hex).translate(None, b" \r\n\t")
            try:
                self.pictures.append(bytes.fromhex(coded.decode("ascii")))
            except ValueError:
                self.pictures.append(coded)
            self._hex.clear()


def audit_rtf(before: bytes, after: bytes, order: ScrubOrder) -> None:
    """Raise `InvalidInput`: `scrub.text-changed` (`what`), `scrub.left-behind` (`kind`)."""
    was, now = _Walk(before), _Walk(after)
    found = {_TELLING[name] for name in now.words if name in _TELLING}
    if now.hidden:
        found.add("rtf.hidden-text")
    if _ON_DISK.search(b"".join(now.fields)):
        found.add("rtf.path")
    if after[now.end :].strip(b"\r\n"):
        found.add("rtf.trailing")
    if order.purpose == "publish" and now.words.keys() & {"xe", "tc", "tcn", "rxe"}:
        found.add("rtf.index-entry")
    asked = set(order.keep)
    for kind in sorted(found):
        if kind not in asked and _GROUPS[kind] not in asked:
            if kind == "rtf.path" and {"rtf.field", "6"} & asked:
                continue
            raise InvalidInput("scrub.left-behind", kind=kind)
    if was.text != now.text and not asked & {"rtf.revision", "1", "rtf.hidden-text", "7"}:
        raise InvalidInput("scrub.text-changed", what="text")
    _compare_pictures(was.pictures, now.pictures)


def _compare_pictures(was: list[bytes], now: list[bytes]) -> None:
    from meti_desk.formats.registry import find

    left = list(was)
    for new in now:
        old = new if new in left else next((one for one in left if one[:3] == new[:3]), b"")
        if not old:
            raise InvalidInput("scrub.text-changed", what="pictures")
        left = left[left.index(old) + 1 :]
        if new.startswith(_PICTURES):
            find(io.BytesIO(old)).family.verify_scrub(
                io.BytesIO(old), io.BytesIO(new), ScrubOrder()
            )
