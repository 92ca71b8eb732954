"""The key of the store: random, 256 bits, never on disk but wrapped.

The passphrase wrap is AES-256-GCM under a key that PBKDF2-HMAC-SHA256 derives (an HMAC of a listed
hash; key derivation itself has no category in the CRYPTREC list). The keyring wrap is AES-256-GCM
under a random key that lies in the key store of the operating system: taking either half away
revokes it. Keys travel as `bytearray` and are overwritten after use where Python lets us; a
passphrase is a `str` and cannot be.
"""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput
from meti_desk.store.header import Header, Wrap, binary, number, read_header, text, write_header
from meti_desk.store.names import KEYRING
from meti_desk.store.wrapping import KEY_LENGTH, derive, open_key, plain, seal_key, wipe

PASSPHRASE = "passphrase"  # noqa: S105 - the name of a wrap, not a secret
MARK = "rekey"
"""Names, in a wrap, the change of key that made it."""
FLOOR = 600_000
"""Fewest rounds of PBKDF2 that are ever written or accepted."""
CEILING = 100_000_000
"""Most rounds that are accepted: a header must not keep the processor busy for hours."""
SHORTEST = 12
"""Fewest characters of a passphrase."""
_TARGET = 0.35
"""Seconds that one unlocking may cost on the machine that made the wrap (0.25-0.5)."""
_KDF = "PBKDF2-HMAC-SHA256"
_SERVICE = "meti-desk"
_REAL = {
    ("keyring.backends.SecretService", "Keyring"),
    ("keyring.backends.libsecret", "Keyring"),
    ("keyring.backends.kwallet", "DBusKeyring"),
    ("keyring.backends.macOS", "Keyring"),
    ("keyring.backends.Windows", "WinVaultKeyring"),
}
"""Backends that keep secrets in a key store of the system, unlocked with the person's login."""


class Backend(Protocol):
    """What we use of a backend of `keyring`."""

    def get_password(self, service: str, username: str) -> str | None:
        """Read a secret."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Write a secret."""

    def delete_password(self, service: str, username: str) -> None:
        """Take a secret away."""


def check_passphrase(passphrase: str) -> None:
    """Refuse a passphrase of fewer than 12 characters (`store.passphrase-too-short`)."""
    if len(plain(passphrase)) < SHORTEST:
        raise InvalidInput("store.passphrase-too-short", minimum=SHORTEST)


def create(path: Path, passphrase: str, *, store: str, iterations: int = 0) -> bytearray:
    """Make a fresh key, write its header to `path` and give the key.

    `store` is the store's id; `iterations` 0 measures this machine. Errors:
    `store.passphrase-too-short`, and those of writing (`store.full`, `store.unwritable`).
    """
    key = bytearray(secrets.token_bytes(KEY_LENGTH))
    wrap = wrap_by_passphrase(store, key, passphrase, iterations)
    write_header(path, Header(store, {PASSPHRASE: wrap}))
    return key


def unlock_with_passphrase(path: Path, passphrase: str) -> bytearray:
    """Give the key; `store.wrong-passphrase`, or the errors of `header.read_header`."""
    return _unwrap_by_passphrase(read_header(path), passphrase)


def change_passphrase(path: Path, old: str, new: str, *, iterations: int = 0) -> None:
    """Wrap the same key under a new passphrase, atomically; the other wraps stay.

    Errors: `store.wrong-passphrase` (the old one), `store.passphrase-too-short` (the new one).
    """
    header = read_header(path)
    key = _unwrap_by_passphrase(header, old)
    try:
        wrap = wrap_by_passphrase(header.store, key, new, iterations)
    finally:
        wipe(key)
    write_header(path, header.with_wrap(PASSPHRASE, wrap))


def has_keyring(path: Path) -> bool:
    """Tell whether the store can be opened by the key store of the system."""
    return KEYRING in read_header(path).wraps


def add_keyring(path: Path, key: bytearray, *, backend: Backend | None = None) -> None:
    """Let the key store of the system open this store, beside the passphrase.

    What was written is read back before the header speaks of it. Errors: `store.keyring-refused`
    (`reason` null, fail, plaintext, chainer or unknown: no real key store behind it),
    `store.keyring-unavailable`, `store.keyring-not-kept` (not read back as written).
    """
    held = real_backend(backend)
    header = read_header(path)
    under = bytearray(secrets.token_bytes(KEY_LENGTH))
    try:
        wrap = seal_key(header.store, KEYRING, {"service": _SERVICE}, key, under)
        written = text(under)
        with _unavailable():
            held.set_password(_SERVICE, header.store, written)
            kept = held.get_password(_SERVICE, header.store)
        if kept is None or not secrets.compare_digest(kept.encode(), written.encode()):
            raise EnvironmentProblem("store.keyring-not-kept")
    finally:
        wipe(under)
    write_header(path, header.with_wrap(KEYRING, wrap))


def remove_keyring(path: Path, *, backend: Backend | None = None) -> None:
    """Take the keyring wrap out of the header, then the secret out of the system's key store.

    The first alone makes the second worthless, so a key store that is away does not keep us.
    """
    header = read_header(path)
    write_header(path, header.without(KEYRING))
    try:
        with _unavailable():
            real_backend(backend).delete_password(_SERVICE, header.store)
    except EnvironmentProblem:
        return


def unlock_with_keyring(path: Path, *, backend: Backend | None = None) -> bytearray:
    """Give the key by way of the system's key store.

    Errors: `store.keyring-not-set` (no such wrap, or the secret is gone), `store.keyring-refused`,
    `store.keyring-unavailable`, `store.key-damaged`.
    """
    header = read_header(path)
    wrap = header.wraps.get(KEYRING)
    if wrap is None:
        raise EnvironmentProblem("store.keyring-not-set")
    held = real_backend(backend)
    with _unavailable():
        kept = held.get_password(_SERVICE, header.store)
    if kept is None:
        raise EnvironmentProblem("store.keyring-not-set")
    under = bytearray(binary({"secret": kept}, "secret"))
    try:
        key = open_key(header.store, KEYRING, wrap, under) if len(under) == KEY_LENGTH else None
    finally:
        wipe(under)
    if key is None:
        raise EnvironmentProblem("store.key-damaged", path=str(path))
    return key


def real_backend(backend: Backend | None = None) -> Backend:
    """Give the backend if a real key store stands behind it (`store.keyring-refused` if not).

    Without an argument it is the one that `keyring` has chosen. Of a chain the first real one is
    taken, so that a secret can never fall through to a weaker one.
    """
    held = backend or _chosen()
    if _is_real(held):
        return held
    if _kinds(held) & {("keyring.backends.chainer", "ChainerBackend")}:
        with _unavailable():
            for one in getattr(held, "backends", ()):
                if _is_real(one):
                    return one  # type: ignore[no-any-return] # keyring does not type its chain
        raise _refused("chainer", held)
    module = type(held).__module__
    for reason, part in (("null", ".null"), ("fail", ".fail"), ("plaintext", "keyrings.alt")):
        if part in module:
            raise _refused(reason, held)
    raise _refused("plaintext" if "plain" in type(held).__name__.lower() else "unknown", held)


def _chosen() -> Backend:
    with _unavailable():
        import keyring

        return keyring.get_keyring()


def _kinds(backend: Backend) -> set[tuple[str, str]]:
    return {(kind.__module__, kind.__qualname__) for kind in type(backend).__mro__}


def _is_real(backend: Backend) -> bool:
    return bool(_kinds(backend) & _REAL)


def _refused(reason: str, backend: Backend) -> EnvironmentProblem:
    name = f"{type(backend).__module__}.{type(backend).__qualname__}"
    return EnvironmentProblem("store.keyring-refused", reason=reason, backend=name)


@contextmanager
def _unavailable() -> Iterator[None]:
    try:
        yield
    except EnvironmentProblem:
        raise
    except Exception as error:  # noqa: BLE001 - backends raise whatever their bus does
        # The error itself is dropped: it may carry what was to be kept.
        kind = type(error).__name__
        raise EnvironmentProblem("store.keyring-unavailable", error=kind) from None


def calibrate() -> int:
    """Measure how many rounds make about 0.35 s here; never fewer than `FLOOR`."""
    started = time.perf_counter()
    wipe(derive("calibration passphrase", bytes(16), FLOOR))
    took = max(time.perf_counter() - started, 1e-6)
    return min(max(FLOOR, int(FLOOR * _TARGET / took)), CEILING)


def wrap_by(
    store: str, kind: str, key: bytearray, secret: str, iterations: int = 0, *, mark: str = ""
) -> Wrap:
    """Wrap a key under what PBKDF2 derives of a secret; `iterations` 0 measures this machine.

    `mark` is bound in and kept beside it: which change of key made this wrap.
    """
    rounds = max(FLOOR, iterations) if iterations else calibrate()
    salt = secrets.token_bytes(16)
    parameters: Wrap = {"kdf": _KDF, "iterations": rounds, "salt": text(salt)}
    if mark:
        parameters = {**parameters, MARK: mark}
    under = derive(secret, salt, rounds)
    try:
        return seal_key(store, kind, parameters, key, under)
    finally:
        wipe(under)


def unwrap_by(header: Header, kind: str, secret: str) -> bytearray | None:
    """Open what `wrap_by` wrapped; nothing when the secret is another.

    Raises `EnvironmentProblem`: `store.key-erased` without such a wrap, `store.key-damaged` for
    fewer rounds than `FLOOR` or more than `CEILING`.
    """
    wrap = header.wraps.get(kind)
    if wrap is None:
        raise EnvironmentProblem("store.key-erased")
    rounds = number(wrap, "iterations")
    if wrap.get("kdf") != _KDF or not FLOOR <= rounds <= CEILING:
        raise EnvironmentProblem("store.key-damaged", path="")
    under = derive(secret, binary(wrap, "salt"), rounds)
    try:
        return open_key(header.store, kind, wrap, under)
    finally:
        wipe(under)


def wrap_by_passphrase(
    store: str, key: bytearray, passphrase: str, iterations: int = 0, *, mark: str = ""
) -> Wrap:
    """Wrap the key under a passphrase that is long enough (`store.passphrase-too-short`)."""
    check_passphrase(passphrase)
    return wrap_by(store, PASSPHRASE, key, passphrase, iterations, mark=mark)


def _unwrap_by_passphrase(header: Header, passphrase: str) -> bytearray:
    key = unwrap_by(header, PASSPHRASE, passphrase)
    if key is None:
        raise EnvironmentProblem("store.wrong-passphrase")
    return key
