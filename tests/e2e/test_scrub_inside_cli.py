"""A zip and a mail are scrubbed by the confined worker, with what lies in them (Art. 14-7)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Cli
from tests.formats.ooxml.planted import Planted
from tests.formats.planted.archives import leaks, shown, zipped
from tests.formats.planted.mail import mail, page, rtf


def _plain(p: Planted) -> bytes:
    """Make a mail without a label, so that its holder may be classified freely."""
    return mail(p).replace(b"X-METI", b"X-Other")


def _mail(p: Planted) -> bytes:
    attached = (("a.zip", zipped(p, {"page.html": page(p)})),)
    return mail(p, attached).replace(b"X-METI", b"X-Other")


BUILDERS: dict[str, Callable[[Planted], bytes]] = {
    "a.eml": _mail,
    "a.html": page,
    "a.rtf": rtf,
    "a.txt": lambda p: p.shown().encode(),
    "a.zip": lambda p: zipped(
        p, {"m.eml": _plain(p), "l.rtf": rtf(p), "t.txt": p.shown().encode()}
    ),
}


@pytest.mark.parametrize("name", BUILDERS)
def test_nothing_that_was_planted_leaves(cli: Cli, tmp_path: Path, name: str) -> None:
    p = Planted()
    data = BUILDERS[name](p)
    file = tmp_path / name
    file.write_bytes(data)
    code, seen = cli("inspect", file)
    assert code == 0
    assert bool(seen["files"][0]["findings"]) is bool(p.leaks)
    code, _ = cli("classify", file, "-c", "1")
    assert code == 0
    code, done = cli("scrub", file, "--out", tmp_path / "out")
    assert code == 0, done
    result = Path(done["files"][0]["out"][0]).read_bytes()
    assert leaks(result) == set()
    assert {one.encode() for one in p.visible} <= shown(result)
