"""Finds the line of a TOML text in which a value stands; the standard library's reader cannot."""

from collections.abc import Iterator, Sequence

from meti_desk.domain.patterns import lazily

Step = str | int

_HEADER = lazily(r"\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = lazily(
    r"""\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*="""
)
_KEY_PART = lazily(r""""([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+)""")
_TOKEN = lazily(r'"""|\'\'\'|"(?:[^"\\]|\\.)*"|\'[^\']*\'|#.*|[\[\]{}]')


def line_of(text: str, path: Sequence[Step]) -> int:
    """Give the line (from 1) of the longest part of `path` that stands in `text`.

    What lies inside an array or an inline table is told by the line on which its key stands.
    """
    places = dict(_places(text))
    wanted = tuple(path)
    while wanted and wanted not in places:
        wanted = wanted[:-1]
    return places.get(wanted, 1)


def _places(text: str) -> Iterator[tuple[tuple[Step, ...], int]]:
    table: tuple[Step, ...] = ()
    counts: dict[tuple[Step, ...], int] = {}
    closing, depth = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        inside = bool(closing) or depth > 0
        if not inside:
            header = _HEADER.match(line)
            key = None if header else _KEY.match(line)
            if header:
                table = _table(header.group(2), counts, repeated=header.group(1) == "[[")
                yield table, number
                continue
            if key:
                parts = _parts(key.group(1))
                for end in range(1, len(parts) + 1):
                    yield (*table, *parts[:end]), number
        closing, depth = _open_at_end(line, closing, depth)


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(a or b or c for a, b, c in _KEY_PART.findall(dotted))


def _table(dotted: str, counts: dict[tuple[Step, ...], int], *, repeated: bool) -> tuple[Step, ...]:
    """Name a table with the index of each array of tables on the way to it."""
    names = _parts(dotted)
    path: tuple[Step, ...] = ()
    for position, name in enumerate(names):
        path = (*path, name)
        if repeated and position == len(names) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _open_at_end(line: str, closing: str, depth: int) -> tuple[str, int]:
    """Tell which many-line string and how many brackets are still open at the end of a line."""
    position = 0
    while position < len(line):
        if closing:
            end = line.find(closing, position)
            if end < 0:
                return closing, depth
            position, closing = end + 3, ""
            continue
        token = _TOKEN.search(line, position)
        if token is None:
            break
        position = token.end()
        word = token.group()
        if word in ('"""', "'''"):
            closing = word
        elif word in "[{":
            depth += 1
        elif word in "]}":
            depth -= 1
    return closing, depth
