"""Cleaning the content of a large workbook some rows at a time.

The tree of a workbook takes eight times the room of its XML, and nearly all of it is rows, which
know nothing of each other. Runs of rows are cut out of the bytes, each leaves one element in its
place, and each is parsed, cleaned and written alone. What is not plain (remarks, names bound anew,
rows in unusual places, tables in cells) is not cut at all: the whole tree is the rule, this is for
what would not fit.
"""

import re
import secrets
import zlib
from collections.abc import Callable, Iterator

from lxml import etree

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.container import damaged
from meti_desk.formats.odf.names import SPACES
from meti_desk.formats.odf.xml import Element, check_prolog, find_all, name_of, parse

LARGE = 2 << 20
"""Bytes of XML from which on rows are cleaned so."""
_RUN = 1 << 20
_WORTH = 1 << 14
"""Bytes that a run has at most, where one row has no more, and at least."""
_ROOT = re.compile(rb"""\s*(?:<\?xml[^>]*\?>)?\s*(<[^!?/"'>][^"'>]*(?:"[^"]*"[^"'>]*)*(?<!/)>)""")
_BINDING = re.compile(rb'\sxmlns:([^\s=]+)="' + re.escape(SPACES["table"].encode()) + rb'"')
_SPECIAL = re.compile(r"""[<>&"']""")
_GROUPS = frozenset({"table:table-rows", "table:table-row-group", "table:table-header-rows"})
_ABOVE = ("table:table", "office:spreadsheet", "office:body", "office:document-content")
_OF_THE_WHOLE = ("style:style", "table:table", "draw:page")
"""What is compared with other places of a document: never looked at in a run alone."""


class NotPlainError(Exception):
    """The rows cannot be told apart from the rest; the whole has to be looked at. Never leaves."""


class Rows:
    """A workbook's content without its long runs of rows, and those runs."""

    def __init__(self, data: bytes, part: str) -> None:
        """Cut the runs out; `data` is UTF-8. Raises `NotPlainError`, and what `xml.parse` does."""
        check_prolog(data, part)
        root = _ROOT.match(data)
        begin = 0 if root is None else root.end()
        plain = root is not None and b"<!" not in data and data.find(b"<?", begin) < 0
        bound = _BINDING.findall(data, 0, begin)
        if not plain or len(bound) != 1 or data.find(b"xmlns", begin) >= 0:
            raise NotPlainError
        self._data, self._part = data, part
        self._name = f"rows-{secrets.token_hex(8)}"
        """What stands for a run; nobody can have written it beforehand."""
        self._runs = list(_runs(data, begin, bound[0]))
        if not self._runs:
            raise NotPlainError
        self._cleaned: list[bytes] = []
        self.tree = self._plainly(b"".join(self._thin()))
        self._require_places()
        if any(_SPECIAL.search(space) for space in self.tree.nsmap.values()):
            raise NotPlainError
        spaces = "".join(
            f' xmlns{":" + prefix if prefix else ""}="{space}"'
            for prefix, space in self.tree.nsmap.items()
        )
        self._around = f"<rows{spaces}>".encode(), b"</rows>"

    def clean(self, work: Callable[[Element], None]) -> None:
        """Let `work` change one run after the other; the tree has to be worked on before.

        Raises `NotPlainError`.
        """
        self._require_places()
        for begin, end in self._runs:
            root = self._plainly(self._data[begin:end].join(self._around))
            if next(find_all(root, *_OF_THE_WHOLE), None) is not None:
                raise NotPlainError
            work(root)
            written = etree.tostring(root, encoding="UTF-8")
            inside = written[written.index(b">", written.index(b"<rows")) + 1 :]
            self._cleaned.append(zlib.compress(inside.removesuffix(b"</rows>"), 1))
        self._data = b""

    def written(self) -> Iterator[bytes]:
        """Give the content as it is written, with the cleaned runs in their places."""
        whole = etree.tostring(self.tree, xml_declaration=True, encoding="UTF-8")
        around = whole.split(f"<{self._name}/>".encode())
        if len(around) != len(self._cleaned) + 1:
            raise damaged("xml", member=self._part)
        yield around[0]
        for run, behind in zip(self._cleaned, around[1:], strict=True):
            yield zlib.decompress(run)
            yield behind

    def _plainly(self, data: bytes) -> Element:
        """Parse; what is wrong with the whole is told by who parses the whole."""
        try:
            return parse(data, self._part)
        except InvalidInput:
            raise NotPlainError from None

    def _thin(self) -> Iterator[bytes]:
        at, instead = 0, f"<{self._name}/>".encode()
        for begin, end in self._runs:
            yield self._data[at:begin]
            yield instead
            at = end
        yield self._data[at:]

    def _require_places(self) -> None:
        """Insist that all runs lie in sheets, and that none is gone with what it lay in."""
        found = [one for one in self.tree.iter("*") if one.tag.endswith(self._name)]
        for one in found:
            above = [name_of(holder) for holder in one.iterancestors()]
            while above and above[0] in _GROUPS:
                del above[0]
            if tuple(above) != _ABOVE:
                raise NotPlainError
        if len(found) != len(self._runs):
            raise NotPlainError


def _runs(data: bytes, at: int, prefix: bytes) -> Iterator[tuple[int, int]]:
    """Find runs of whole rows that follow each other; no tag of another part of a sheet is inside.

    `<` stands only before a tag, because there are no remarks: what looks like a row is one.
    """
    name = re.escape(prefix) + b":table"
    first, last = re.compile(b"<" + name + rb"-row[\s/>]"), b"</" + prefix + b":table-row>"
    other = re.compile(b"</?" + name + rb"(?:-rows|-row-group|-header-rows)?[\s/>]")
    while (row := first.search(data, at)) is not None:
        begin = row.start()
        stop = other.search(data, begin)
        limit = len(data) if stop is None else stop.start()
        end = data.rfind(last, begin, min(limit, begin + _RUN))
        if end < 0:
            end = data.find(last, begin, limit)
        if end < 0:
            at = limit
            continue
        at = end + len(last)
        if at - begin >= _WORTH:
            yield begin, at
