"""Children that go from one small document of a batch to the next (decision 014).

A fresh child for each document costs more than labelling it. Where a person gives many documents
one label, a child may therefore take a few of them, one after the other. It holds no descriptor of
any file: a document comes as bytes, and what the job wrote goes back as bytes, so that nothing can
be read or changed once its answer was given. Policy says for how many documents a child may stay;
1 gives each its own.
"""

import contextlib
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, BinaryIO, TypeVar

import msgspec

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.isolation import wire
from meti_desk.isolation.session import Child, Session, ZygoteLostError

if TYPE_CHECKING:
    from meti_desk.isolation.pool import ConfinedWorkers

T = TypeVar("T")

_WAITING = 2
"""Children beyond the processors, so that one is at hand while others wait for their next job."""

SMALL = 4 << 20
"""Bytes of all files of a document that travel; a larger one gets a child of its own."""

_LOST = frozenset({"document.unreadable", "worker.timeout"})
"""What may come of a document before: it is tried again in a child of its own."""


class Batch:
    """The children of one batch; safe to use from many threads. Close it, or use it in a `with`.

    There are a few more of them than processors: a document whose file is being made durable
    needs none any more, so that more would only cost memory and forks.
    """

    def __init__(self, pool: "ConfinedWorkers", documents: int) -> None:
        self.pool = pool
        self._documents = documents
        self._idle: list[tuple[Child, int]] = []
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore((os.cpu_count() or 1) + _WAITING)

    def close(self) -> None:
        """End the children."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child, _ in idle:
            child.close()

    @contextlib.contextmanager
    def session(self, files: Mapping[str, BinaryIO]) -> "Iterator[Session | _Turn]":
        """Begin a document: with a child that is there, or for a large one with its own."""
        sizes = [file.seek(0, 2) for file in files.values()]
        for file in files.values():
            file.seek(0)
        if sum(sizes) > SMALL or self._documents < 2:  # noqa: PLR2004 - one each
            with self.pool.session(files) as alone:
                yield alone
            return
        with contextlib.closing(_Turn(self, files)) as turn:
            yield turn

    def take(self) -> tuple[Child, int]:
        """Take a child that is free, or a new one, with how many documents it has served."""
        self._places.acquire()
        with self._lock:
            return self._idle.pop() if self._idle else (Child(self.pool), 0)

    def give_back(self, child: Child, served: int) -> None:
        """Let others have the child, unless it has served its number or is gone."""
        if child.alive and served < self._documents:
            with self._lock:
                self._idle.append((child, served))
        else:
            child.close()
        self._places.release()


class _Turn:
    """The jobs of one document on a child that has served others before."""

    def __init__(self, batch: Batch, files: Mapping[str, BinaryIO]) -> None:
        self._batch = batch
        self._pool = batch.pool
        self._files = files
        self._child: Child | None = None
        self._served = 0
        self._sent = False
        self._alone: Session | None = None

    def run(
        self,
        job: str,
        params: msgspec.Struct,
        result: type[T],
        *,
        uses: Sequence[str] | None = None,
        timeout: float | None = None,
    ) -> T:
        """Run one job on the files named by `uses`, or on all of them."""
        if self._alone is not None:
            return self._alone.run(job, params, result, uses=uses, timeout=timeout)
        if self._child is None:
            self._child, self._served = self._batch.take()
            self._sent = False
        request = self._pool.request(job, params, tuple(self._files), SMALL)
        request = msgspec.structs.replace(
            request,
            roles=(),
            uses=None if uses is None else tuple(uses),
            stay=True,
            inline=None if self._sent else self._bytes(),
        )
        self._sent = True
        try:
            with self._pool.slots:
                answer = self._child.ask(
                    request, (), request.limits.timeout if timeout is None else timeout
                )
        except (ZygoteLostError, EnvironmentProblem) as error:
            if isinstance(error, EnvironmentProblem) and error.code not in _LOST:
                raise
            self._alone = Session(self._pool, self._files, stay=True)
            return self._alone.run(job, params, result, uses=uses, timeout=timeout)
        self._pool.families |= answer.loaded
        decoded = wire.result_of(answer, result)
        for role in wire.WRITE_ROLES & answer.written.keys() & self._files.keys():
            _write(self._files[role], answer.written[role])
        return decoded

    def close(self) -> None:
        """Give the child back; a further job would begin anew with another."""
        if self._alone is not None:
            self._alone.close()
        if self._child is not None:
            child, self._child = self._child, None
            self._batch.give_back(child, self._served + 1)

    def _bytes(self) -> dict[str, bytes]:
        held = {}
        for role, file in self._files.items():
            file.seek(0)
            held[role] = file.read()
            file.seek(0)
        return held


def _write(file: BinaryIO, data: bytes) -> None:
    file.seek(0)
    file.truncate()
    file.write(data)
    file.flush()
