import hashlib
import json
import os
import stat
import sys
from pathlib import Path

import pytest
from keyring.backends import chainer, fail, null
from keyring.backends.SecretService import Keyring as SecretService

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput
from meti_desk.store import keys
from meti_desk.store.header import FORMAT, Header, encode, read_header, write_header

OLD = "an old passphrase"
NEW = "a new passphrase"


class Remembering(SecretService):
    """A real backend whose service is a dictionary."""

    priority = 1.0

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


class Forgetting(Remembering):
    def set_password(self, service: str, username: str, password: str) -> None:
        """Say nothing and keep nothing."""


class Broken(Remembering):
    def get_password(self, service: str, username: str) -> str | None:
        message = "the bus is gone, and here is a secret"
        raise OSError(message)


class PlaintextKeyring(null.Keyring):
    __module__ = "keyrings.alt.file"


class Stranger(null.Keyring):
    __module__ = "somewhere.else_"


class OwnChain(chainer.ChainerBackend):
    def __init__(self, *links: object) -> None:
        self.links = links

    @property
    def backends(self) -> tuple[object, ...]:
        return self.links


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.key"


@pytest.fixture
def key(path: Path) -> bytearray:
    return keys.create(path, OLD, store="5" * 32, iterations=keys.FLOOR)


def code(error: pytest.ExceptionInfo[EnvironmentProblem]) -> str:
    return error.value.code


def test_the_passphrase_opens_what_it_closed(path: Path, key: bytearray) -> None:
    assert len(key) == keys.KEY_LENGTH
    assert keys.unlock_with_passphrase(path, OLD) == key
    with pytest.raises(EnvironmentProblem) as error:
        keys.unlock_with_passphrase(path, NEW)
    assert code(error) == "store.wrong-passphrase"
    assert OLD not in str(error.value)


def test_two_stores_never_have_the_same_key(tmp_path: Path, key: bytearray) -> None:
    other = keys.create(tmp_path / "other.key", OLD, store="6" * 32, iterations=keys.FLOOR)
    assert other != key


def test_width_of_the_passphrase_does_not_matter(path: Path) -> None:
    key = keys.create(path, "ａｂｃ１２３ガギグゲゴ。。", store="5" * 32, iterations=keys.FLOOR)
    assert keys.unlock_with_passphrase(path, "abc123ガギグゲゴ。。") == key


def test_a_short_passphrase_is_refused_before_anything_is_written(path: Path) -> None:
    with pytest.raises(InvalidInput) as error:
        keys.create(path, "eleven char", store="5" * 32)
    assert error.value.code == "store.passphrase-too-short"
    assert error.value.params == {"minimum": 12}
    assert not path.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no mode bits for this")
def test_only_the_owner_may_read_the_header(path: Path, key: bytearray) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_fewer_rounds_than_the_floor_are_never_written(path: Path) -> None:
    keys.create(path, OLD, store="5" * 32, iterations=10)
    assert read_header(path).wraps["passphrase"]["iterations"] == keys.FLOOR


def test_calibration_never_goes_below_the_floor() -> None:
    assert keys.FLOOR <= keys.calibrate() <= keys.CEILING


def test_a_header_that_asks_for_fewer_rounds_is_refused(path: Path, key: bytearray) -> None:
    header = read_header(path)
    wrap = {**header.wraps["passphrase"], "iterations": 1000}
    write_header(path, header.with_wrap("passphrase", wrap))
    with pytest.raises(EnvironmentProblem) as error:
        keys.unlock_with_passphrase(path, OLD)
    assert code(error) == "store.key-damaged"


def test_a_wrap_is_bound_to_its_store(path: Path, key: bytearray) -> None:
    header = read_header(path)
    write_header(path, Header("7" * 32, header.wraps))
    with pytest.raises(EnvironmentProblem) as error:
        keys.unlock_with_passphrase(path, OLD)
    assert code(error) == "store.wrong-passphrase"


def test_every_flipped_byte_of_the_header_is_noticed(path: Path, key: bytearray) -> None:
    whole = path.read_bytes()
    canonical = encode(read_header(path))
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 0x01
        path.write_bytes(damaged)
        try:
            header = read_header(path)
        except EnvironmentProblem as problem:
            assert problem.code in {"store.key-damaged", "store.newer"}  # noqa: PT017 - one of many
        else:
            assert encode(header) == canonical, f"byte {place} changed the header unseen"


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"[]", b"{}", b"null", b'{"format": "other"}', b"[" * 100_000]
)
def test_what_is_no_header_is_called_damaged(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(EnvironmentProblem) as error:
        keys.unlock_with_passphrase(path, OLD)
    assert code(error) == "store.key-damaged"


def test_wraps_of_another_shape_are_called_damaged(path: Path) -> None:
    path.write_bytes(encode(Header("5" * 32, {"passphrase": {}})))
    with pytest.raises(EnvironmentProblem) as error:
        keys.unlock_with_passphrase(path, OLD)
    assert code(error) == "store.key-damaged"
    for wraps in ([], {"passphrase": "x"}):
        content = {"format": FORMAT, "version": 1, "store": "5" * 32, "wraps": wraps}
        plain = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
        content["sha256"] = hashlib.sha256(plain).hexdigest()
        path.write_text(json.dumps(content), encoding="ascii")
        with pytest.raises(EnvironmentProblem) as error:
            keys.unlock_with_passphrase(path, OLD)
        assert code(error) == "store.key-damaged"


def test_a_store_whose_wraps_were_erased_says_so(path: Path) -> None:
    write_header(path, Header("5" * 32, {}))
    with pytest.raises(EnvironmentProblem) as error:
        keys.unlock_with_passphrase(path, OLD)
    assert code(error) == "store.key-erased"


def test_a_header_of_a_later_version_is_named_so(path: Path, key: bytearray) -> None:
    content = json.loads(path.read_bytes())
    path.write_text(json.dumps({**content, "version": 2}), encoding="ascii")
    with pytest.raises(EnvironmentProblem) as error:
        keys.unlock_with_passphrase(path, OLD)
    assert code(error) == "store.newer"


def test_no_header_is_a_missing_store(path: Path) -> None:
    with pytest.raises(EnvironmentProblem) as error:
        keys.unlock_with_passphrase(path, OLD)
    assert code(error) == "store.missing"


def test_changing_the_passphrase_keeps_the_key_and_foreign_wraps(
    path: Path, key: bytearray
) -> None:
    header = read_header(path)
    write_header(path, header.with_wrap("recovery", {"cipher": "RSA-OAEP", "wrapped": "AAAA"}))
    keys.change_passphrase(path, OLD, NEW, iterations=keys.FLOOR)
    assert keys.unlock_with_passphrase(path, NEW) == key
    assert read_header(path).wraps["recovery"] == {"cipher": "RSA-OAEP", "wrapped": "AAAA"}
    with pytest.raises(EnvironmentProblem) as error:
        keys.unlock_with_passphrase(path, OLD)
    assert code(error) == "store.wrong-passphrase"


def test_a_refused_change_leaves_the_header_as_it_was(path: Path, key: bytearray) -> None:
    before = path.read_bytes()
    with pytest.raises(EnvironmentProblem):
        keys.change_passphrase(path, NEW, OLD)
    with pytest.raises(InvalidInput):
        keys.change_passphrase(path, OLD, "short")
    assert path.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="the limit is POSIX's")
def test_a_full_disk_leaves_the_old_header(path: Path, key: bytearray) -> None:
    import resource

    before = path.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, hard))
    try:
        with pytest.raises(EnvironmentProblem) as error:
            keys.change_passphrase(path, OLD, NEW, iterations=keys.FLOOR)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert code(error) == "store.full"
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == ["store.key"]  # noqa: PTH208 - hidden files count


def test_the_keyring_opens_the_store_until_it_is_taken_away(path: Path, key: bytearray) -> None:
    backend = Remembering()
    keys.add_keyring(path, key, backend=backend)
    assert keys.has_keyring(path)
    assert keys.unlock_with_keyring(path, backend=backend) == key
    assert keys.unlock_with_passphrase(path, OLD) == key
    keys.remove_keyring(path, backend=backend)
    assert not keys.has_keyring(path)
    assert backend.held == {}
    with pytest.raises(EnvironmentProblem) as error:
        keys.unlock_with_keyring(path, backend=backend)
    assert code(error) == "store.keyring-not-set"


def test_the_keyring_never_holds_the_key_itself(path: Path, key: bytearray) -> None:
    backend = Remembering()
    keys.add_keyring(path, key, backend=backend)
    (kept,) = backend.held.values()
    assert keys.text(key) != kept


def test_a_keyring_that_lost_or_changed_its_secret_does_not_open(
    path: Path, key: bytearray
) -> None:
    backend = Remembering()
    keys.add_keyring(path, key, backend=backend)
    for found, expected in (
        (keys.text(bytes(32)), "store.key-damaged"),
        (keys.text(bytes(5)), "store.key-damaged"),
        ("no base64!", "store.key-damaged"),
        (None, "store.keyring-not-set"),
    ):
        backend.held = {name: found for name in backend.held if found} if found else {}
        if found:
            backend.held = {("meti-desk", "5" * 32): found}
        with pytest.raises(EnvironmentProblem) as error:
            keys.unlock_with_keyring(path, backend=backend)
        assert code(error) == expected


def test_a_backend_that_does_not_keep_is_found_by_reading_back(path: Path, key: bytearray) -> None:
    with pytest.raises(EnvironmentProblem) as error:
        keys.add_keyring(path, key, backend=Forgetting())
    assert code(error) == "store.keyring-not-kept"
    assert not keys.has_keyring(path)


def test_a_backend_that_breaks_tells_no_secret(path: Path, key: bytearray) -> None:
    with pytest.raises(EnvironmentProblem) as error:
        keys.add_keyring(path, key, backend=Broken())
    assert code(error) == "store.keyring-unavailable"
    assert error.value.params == {"error": "OSError"}
    assert error.value.__suppress_context__


@pytest.mark.parametrize(
    ("backend", "reason"),
    [
        (null.Keyring(), "null"),
        (fail.Keyring(), "fail"),
        (PlaintextKeyring(), "plaintext"),
        (Stranger(), "unknown"),
        (OwnChain(null.Keyring(), PlaintextKeyring()), "chainer"),
    ],
)
def test_a_backend_without_a_key_store_is_refused_with_the_reason(
    path: Path, key: bytearray, backend: keys.Backend, reason: str
) -> None:
    with pytest.raises(EnvironmentProblem) as error:
        keys.add_keyring(path, key, backend=backend)
    assert code(error) == "store.keyring-refused"
    assert error.value.params["reason"] == reason
    assert not keys.has_keyring(path)


def test_of_a_chain_the_real_link_is_taken(path: Path, key: bytearray) -> None:
    real = Remembering()
    keys.add_keyring(path, key, backend=OwnChain(null.Keyring(), real))
    assert len(real.held) == 1


def test_a_wiped_secret_is_zero() -> None:
    secret = bytearray(b"secret")
    keys.wipe(secret)
    assert secret == bytes(6)
