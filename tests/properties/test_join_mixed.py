"""Whatever is thrown together: one of the documents whole, or nothing at all and a name for why."""

import atexit
import os
import shutil
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meti_desk.domain.errors import MetiDeskError
from meti_desk.services.joining import join, look
from meti_desk.services.splitting import split
from meti_desk.services.splitting_messages import JoinRequest, SplitRequest
from tests.unit.services.fakes import World

FULL = os.environ.get("METI_DESK_FULL") == "1"
DOCUMENTS = (b"first canary document" * 40, b"another canary document" * 3000)


@lru_cache
def made() -> tuple[World, tuple[bytes, ...]]:
    """Split two documents, one of which needs two of three parts, one of them on paper."""
    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    world = World(folder)
    raws: list[bytes] = []
    wishes = ({"threshold": 2, "routes": ("mail", "hand", "paper")}, {})
    for number, (data, wish) in enumerate(zip(DOCUMENTS, wishes, strict=True)):
        path = folder / f"{number}.bin"
        path.write_bytes(data)
        order = SplitRequest(path=str(path), out=str(world.out), parts=3, **wish)  # type: ignore[arg-type]
        done = split(world.ctx, order)
        assert done.files[0].error is None
        raws += [Path(one.pdf or one.path).read_bytes() for one in done.parts]
    return world, tuple(raws)


@st.composite
def mixtures(draw: st.DrawFn) -> list[bytes]:
    _, raws = made()
    chosen = draw(st.lists(st.sampled_from(raws), min_size=1, max_size=7))
    given_ = []
    for raw in chosen:
        data = bytearray(raw)
        kind = draw(st.sampled_from(["whole", "whole", "whole", "flipped", "cut", "longer"]))
        if kind == "flipped":
            data[draw(st.integers(0, len(data) - 1))] ^= 1 << draw(st.integers(0, 7))
        elif kind == "cut":
            del data[draw(st.integers(0, len(data))) :]
        elif kind == "longer":
            data += draw(st.binary(min_size=1, max_size=9))
        given_.append(bytes(data))
    return given_


@settings(
    derandomize=True,
    max_examples=400 if FULL else 40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(mixtures())
def test_a_mixture_gives_one_document_or_nothing(parts: list[bytes]) -> None:
    world, _ = made()
    folder = Path(mkdtemp(dir=world.folder))
    try:
        paths = []
        for number, raw in enumerate(parts):
            path = folder / str(number)
            path.write_bytes(raw)
            paths.append(str(path))
        back = folder / "back"
        request = JoinRequest(paths=tuple(paths), out=str(back))
        done = join(world.ctx, request)
        seen = look(world.ctx, request)
        assert seen == done.view
        assert len(done.files) == len(parts)
        if done.error is None:
            assert back.read_bytes() in DOCUMENTS
        else:
            assert not seen.ready
            assert not back.exists()
        # A PDF may be damaged where it does not matter; of a part every byte does.
        for row, one in zip(done.files, parts, strict=True):
            assert row.error is None or row.error.code.startswith(
                ("split.", "join.", "code.", "document.")
            )
            if one.startswith(b"METIPART") and one not in made()[1]:
                assert row.error is not None
    except MetiDeskError as error:
        raise AssertionError(error.code) from error
    finally:
        shutil.rmtree(folder)
