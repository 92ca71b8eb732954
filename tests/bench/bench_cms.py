"""CMS envelopes beside `openssl cms`: CPU of whole processes (user and system), and memory.

Run alone: `python -m tests.bench.bench_cms [MiB]`. Both sides start a process of their own, read a
file and write a file; ours is told without and with its proof (opened anew and compared).
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

_ROUNDS = 3
_WORK = """
import sys
from meti_desk.protection.base import Key, Lock
from meti_desk.protection.cms import Cms
from meti_desk.protection.registry import protect
what, certificate, source, target, key = sys.argv[1:]
lock = Lock(certificates=(open(certificate, "rb").read(),))
with open(source, "rb", buffering=0) as file, open(target, "w+b", buffering=0) as out:
    if what == "encrypt":
        held = Cms().protect(file, out, lock, name="large")
        open(key, "wb").write(held.content_key)
    elif what == "prove":
        protect("cms", file, out, lock, name="large")
    else:
        Cms().open(file, out, Key(content_key=open(key, "rb").read()))
"""


class Used(NamedTuple):
    """Seconds of CPU, the least of some runs, and the most memory in MiB."""

    cpu: float
    memory: float


class Costs(NamedTuple):
    """What each side used for one file of `size` bytes."""

    size: int
    encrypt: Used
    proven: Used
    decrypt: Used
    their_encrypt: Used
    their_decrypt: Used
    theirs_by_us: Used
    """Ours decrypting what openssl wrote in pieces of 4 KiB."""


def run(place: Path, size: int = 1 << 30) -> Costs | None:
    """Encrypt and decrypt a file of so many bytes on both sides; `None` without openssl."""
    if not shutil.which("openssl"):
        return None
    _person(place)
    with (place / "large").open("wb") as file:
        for _ in range(size >> 20):
            file.write(os.urandom(1 << 20))
    ours = [sys.executable, "-c", _WORK]
    cms = ["openssl", "cms"]
    make = ["-encrypt", "-binary", "-stream", "-outform", "DER", "-aes-256-gcm"]
    take = ["-decrypt", "-binary", "-inform", "DER", "-recip", "c.pem", "-inkey", "k.pem"]
    for_one = ["-keyopt", "ecdh_kdf_md:sha256"]
    sides = {
        "encrypt": [*ours, "encrypt", "c.der", "large", "ours.p7m", "key"],
        "proven": [*ours, "prove", "c.der", "large", "proven.p7m", "-"],
        "decrypt": [*ours, "open", "c.der", "ours.p7m", "back", "key"],
        "their_encrypt": [*cms, *make, "-in", "large", "-out", "theirs.p7m",
                          "-recip", "c.pem", *for_one],
        "their_decrypt": [*cms, *take, "-in", "ours.p7m", "-out", "their-back"],
    }  # fmt: skip
    # Each works on the results of those before it.
    found = {name: _least(place, command) for name, command in sides.items()}
    _content_key(place)
    command = [*ours, "open", "c.der", "theirs.p7m", "back", "their-key"]
    costs = Costs(size, **found, theirs_by_us=_least(place, command))
    for name in ("back", "their-back"):
        same = subprocess.run(["cmp", "-s", "large", name], cwd=place, check=False)
        if same.returncode:
            raise RuntimeError(name)
    return costs


def _least(place: Path, command: Sequence[str]) -> Used:
    """Run a command some times: what it takes least is what it needs."""
    runs = [_used(place, command) for _ in range(_ROUNDS)]
    return Used(min(one.cpu for one in runs), max(one.memory for one in runs))


def _used(place: Path, command: Sequence[str]) -> Used:
    child = subprocess.Popen(command, cwd=place, env={**os.environ, "PYTHONPATH": str(_tree())})
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(" ".join(command[-6:]))
    return Used(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _tree() -> Path:
    return Path(__file__).parents[2]


def _person(place: Path) -> None:
    """Write a key and a certificate for it."""
    import datetime as dt

    from cryptography.hazmat.primitives.hashes import SHA256

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "bench")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, SHA256())
    )
    (place / "c.der").write_bytes(made.public_bytes(Encoding.DER))
    (place / "c.pem").write_bytes(made.public_bytes(Encoding.PEM))
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (place / "k.pem").write_bytes(secret)


def _content_key(place: Path) -> None:
    """Unwrap the content key of openssl's file, as the parent of a worker does."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    from meti_desk.protection.cms import Cms
    from meti_desk.protection.keys.software import SoftwareKey
    from meti_desk.protection.recipients import unwrap_mine

    key = load_pem_private_key((place / "k.pem").read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(type(key))
    own = SoftwareKey(key, (place / "c.der").read_bytes())
    with (place / "theirs.p7m").open("rb") as file:
        (place / "their-key").write_bytes(unwrap_mine(Cms().wraps(file), own))


def told(costs: Costs) -> Iterator[tuple[str, str, float, float]]:
    """Give each comparison: name, figures, ratio to openssl and the goal."""
    for name, ours, theirs, goal in (
        ("encrypt", costs.encrypt, costs.their_encrypt, 1.3),
        ("encrypt and prove", costs.proven, costs.their_encrypt, 1.3),
        ("decrypt", costs.decrypt, costs.their_decrypt, 0.2),
        ("decrypt what openssl made", costs.theirs_by_us, costs.their_decrypt, 1.0),
    ):
        figures = (
            f"CPU {ours.cpu:.2f} s, {ours.memory:.0f} MiB; "
            f"openssl cms {theirs.cpu:.2f} s, {theirs.memory:.0f} MiB"
        )
        yield name, figures, ours.cpu / theirs.cpu, goal


def main() -> int:
    """Tell the figures."""
    size = (int(sys.argv[1]) if len(sys.argv) > 1 else 1024) << 20
    with tempfile.TemporaryDirectory(dir=os.environ.get("METI_DESK_BENCH_PLACE")) as folder:
        costs = run(Path(folder), size)
    for name, figures, ratio, goal in told(costs) if costs else ():
        sys.stdout.write(f"{name:26} {figures}: {ratio:.2f} (goal {goal})\n")
    return 0 if costs else 1


if __name__ == "__main__":
    sys.exit(main())
