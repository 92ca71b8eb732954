"""One piece of protecting work in a process of its own: `python -m … WORK SOURCE TARGET [KEY]`.

Prints the peak memory of the process in KiB, so that nothing of the measuring is counted in it.
"""

import re
import sys
from pathlib import Path

from meti_desk.protection.base import Key, Lock
from meti_desk.protection.registry import METHODS, ManyFiles

PASSWORD = "correct horse battery staple"


def main(work: str, source: str, target: str, certificate: str = "") -> None:
    """Do the work that is named: `METHOD-close`, `-prove`, `-open`, or the peer `gcm-…`."""
    name, _, way = work.partition("-")
    held = Path(certificate).read_bytes() if certificate else b""
    if name == "gcm":
        _at_once(way, Path(source), Path(target))
    elif way.startswith("many"):
        _many(name, way, Path(source), Path(target))
    else:
        _one(name, way, Path(source), Path(target), held)
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))
    sys.stdout.write(found[1] if found else "0")


def _one(name: str, way: str, source: Path, target: Path, certificate: bytes) -> None:
    """Close without the proof, close with it, or open again with the content key or password."""
    method, kept = METHODS[name], Path(f"{source}.key")
    lock = Lock(certificates=(certificate,)) if certificate else Lock(PASSWORD)
    with source.open("rb") as read, target.open("w+b") as written:
        if way == "open":
            key = Key(content_key=kept.read_bytes()) if certificate else Key(PASSWORD)
            method.open(read, written, key, member=0)
            return
        key = method.protect(read, written, lock, name="large.bin")
        if way == "prove":
            written.flush()
            method.prove(read, written, key, name="large.bin")
    Path(f"{target}.key").write_bytes(key.content_key)


def _many(name: str, way: str, source: Path, target: Path) -> None:
    """Put all files of a folder into one, with the proof, or take them out in one pass."""
    method = METHODS[name]
    if not isinstance(method, ManyFiles):
        raise SystemExit(name)
    if way == "many_open":
        with source.open("rb") as read, target.open("w+b") as written:
            method.open_all(read, written, Key(PASSWORD))
        return
    files = [(path.name, path.open("rb")) for path in sorted(source.iterdir())]
    with target.open("w+b") as written:
        key = method.protect_many(files, written, Lock(PASSWORD))
        method.prove_many(files, written, key)


def _at_once(way: str, source: Path, target: Path) -> None:
    """Do what cannot be quicker and nobody wants: the whole file in memory, one call."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    engine = AESGCM(bytes(32))
    data = source.read_bytes()
    turn = engine.decrypt if way == "open" else engine.encrypt
    target.write_bytes(turn(bytes(12), data, b""))


if __name__ == "__main__":
    main(*sys.argv[1:])
