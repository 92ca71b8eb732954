"""A worker with jobs that misbehave; started by the tests in place of `meti_desk.worker`."""

import ctypes
import os
import sys
import threading
import time
from collections.abc import Mapping
from typing import BinaryIO

import msgspec

from meti_desk.domain.errors import RuleViolation
from meti_desk.isolation.entry import main
from meti_desk.isolation.perform import Family, Job
from meti_desk.isolation.probe import NoParams, probe

Files = Mapping[str, BinaryIO]


class Text(msgspec.Struct, frozen=True):
    text: str


class Number(msgspec.Struct, frozen=True):
    number: int


def echo(params: Text, _files: Files) -> Text:
    return params


def upper(_params: NoParams, files: Files) -> Number:
    data = files["source"].read().upper()
    return Number(files["target"].write(data))


def write_to_source(_params: NoParams, files: Files) -> Number:
    return Number(os.write(files["source"].fileno(), b"changed"))


def own_process(_params: NoParams, files: Files) -> Text:
    """Tell who does the job and what it was given."""
    return Text(f"{os.getpid()} {' '.join(files)}")


def spoil(_params: NoParams, _files: Files) -> Number:
    """Leave a process in which the next job dies."""
    TABLE["read_source"] = Job(NoParams, vanish)
    return Number(0)


def read_source(_params: NoParams, files: Files) -> Text:
    """Read on from wherever the job before may have stopped."""
    return Text(files["source"].read().decode())


def refuse(params: Text, _files: Files) -> Text:
    raise RuleViolation("publish.not-c1", articles=("15-1",), label=params.text, page=3)


def surprise(params: Text, _files: Files) -> Text:
    raise KeyError(params.text)


def bomb(_params: NoParams, _files: Files) -> Number:
    hoard = [bytearray(64 << 20) for _ in range(1000)]
    return Number(len(hoard))


def native_bomb(_params: NoParams, _files: Files) -> Number:
    """Use up memory below Python, and crash as C code does that does not check."""
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    while pointer := libc.malloc(ctypes.c_size_t(32 << 20)):
        ctypes.memset(pointer, 1, 1)
    ctypes.memset(0, 1, 1)
    return Number(0)


def loop(_params: NoParams, _files: Files) -> Number:
    while True:
        pass


def idle(_params: NoParams, _files: Files) -> Number:
    time.sleep(3600)  # what the time limit is for; nobody waits for its end
    return Number(0)


def abort(_params: NoParams, _files: Files) -> Number:
    os.abort()


def leave(_params: NoParams, _files: Files) -> Number:
    sys.exit(3)


def vanish(_params: NoParams, _files: Files) -> Number:
    os._exit(0)


def noise(_params: NoParams, _files: Files) -> Number:
    sys.stdout.write("noise")
    os.write(1, b"noise")
    os.write(2, b"noise")
    return Number(1)


def fill(_params: NoParams, files: Files) -> Number:
    while True:
        files["target"].write(bytes(1 << 20))


def large(params: Number, _files: Files) -> Text:
    return Text("字" * params.number)


def nonsense(_params: NoParams, _files: Files) -> Text:
    return Text("x")


def thread(_params: NoParams, _files: Files) -> Number:
    worker = threading.Thread(target=int)
    worker.start()
    return Number(1)


def descriptors(_params: NoParams, _files: Files) -> Number:
    found = 0
    for number in range(200):
        try:
            os.fstat(number)
        except OSError:
            continue
        found += 1
    return Number(found)


def environment(_params: NoParams, _files: Files) -> Text:
    return Text(" ".join([*sorted(os.environ), *sys.argv]))


def libraries(_params: NoParams, _files: Files) -> Text:
    """Load what was not loaded before: Landlock leaves Python's own folders readable."""
    import sqlite3
    import zoneinfo

    return Text(sqlite3.sqlite_version + str(zoneinfo.ZoneInfo("Asia/Tokyo")))


def number_of_parent(_params: NoParams, _files: Files) -> Number:
    return Number(os.getppid())


def own_number(_params: NoParams, files: Files) -> Number:
    """Tell the process id through a file, and stay."""
    files["target"].write(str(os.getpid()).encode())
    files["target"].flush()
    time.sleep(3600)
    return Number(0)


def loaded(_params: NoParams, _files: Files) -> Number:
    before = "wave" in sys.modules
    import wave

    return Number(int(before and bool(wave)))


TABLE: dict[str, Job] = {}


def jobs() -> dict[str, Job]:
    table = TABLE
    table |= {"probe": Job(NoParams, probe)}
    for function in (
        upper, write_to_source, bomb, native_bomb, loop, idle, abort, leave, vanish,
        noise, fill, nonsense, thread, descriptors, environment, libraries, number_of_parent,
        own_number, loaded, own_process, read_source, spoil,
    ):  # fmt: skip
        table[function.__name__] = Job(NoParams, function)
    for function in (echo, refuse, surprise):
        table[function.__name__] = Job(Text, function)
    table["large"] = Job(Number, large)
    return table


if __name__ == "__main__":
    sys.exit(main(jobs(), (Family("wave", ("wave",)),)))
