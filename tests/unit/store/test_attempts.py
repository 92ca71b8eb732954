from pathlib import Path

import pytest

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput
from meti_desk.store.attempts import FREE, LONGEST, Attempts, wait
from meti_desk.store.vault import FolderVault


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def attempts(tmp_path: Path, clock: Clock) -> Attempts:
    return Attempts(tmp_path / "attempts.json", clock)


def refused(attempts: Attempts) -> dict[str, object]:
    with pytest.raises(EnvironmentProblem) as error:
        attempts.begin()
    assert error.value.code == "store.wait"
    return dict(error.value.params)


def test_a_few_slips_cost_nothing_and_each_more_costs_twice_as_long() -> None:
    assert [wait(failed) for failed in range(FREE + 1)] == [0] * (FREE + 1)
    assert [wait(FREE + more) for more in range(1, 6)] == [1, 2, 4, 8, 16]
    assert wait(10**9) == LONGEST


def test_the_wait_is_told_and_ends(attempts: Attempts, clock: Clock) -> None:
    for failed in range(FREE + 1):
        assert attempts.begin() == failed
    assert refused(attempts) == {"seconds": 2, "failed": FREE + 1}
    clock.now += 1
    assert attempts.begin() == FREE + 1
    assert refused(attempts) == {"seconds": 3, "failed": FREE + 2}


def test_the_right_one_ends_the_count(attempts: Attempts) -> None:
    for _ in range(FREE + 1):
        attempts.begin()
    attempts.succeeded()
    assert attempts.begin() == 0


def test_a_clock_put_back_does_not_keep_the_owner_out(attempts: Attempts, clock: Clock) -> None:
    for _ in range(FREE + 1):
        attempts.begin()
    clock.now -= 86_400
    assert attempts.begin() == FREE + 1


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"failed": "x"}', b"\xff" * 9000])
def test_a_damaged_count_counts_from_the_beginning(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "attempts.json").write_bytes(content)
    assert Attempts(tmp_path / "attempts.json").begin() == 0


def test_the_vault_counts_wrong_passphrases_and_tells_the_owner(
    folder: Path, passphrase: str
) -> None:
    for _ in range(2):
        with pytest.raises(EnvironmentProblem) as error:
            FolderVault(folder).open(passphrase + "x")
        assert error.value.code == "store.wrong-passphrase"
    vault = FolderVault(folder)
    vault.open(passphrase).close()
    assert vault.failed_before == 2
    vault.open(passphrase).close()
    assert vault.failed_before == 0


def test_a_store_that_cannot_be_opened_for_another_reason_counts_nothing(
    folder: Path, passphrase: str
) -> None:
    (folder / "store.db").unlink()
    vault = FolderVault(folder)
    for _ in range(FREE + 3):
        with pytest.raises(EnvironmentProblem) as error:
            vault.open(passphrase)
        assert error.value.code == "store.missing"


def test_who_must_wait_derives_no_key(folder: Path, passphrase: str) -> None:
    attempts = Attempts(folder / "attempts.json")
    for _ in range(FREE + 9):
        try:
            attempts.begin()
        except EnvironmentProblem:
            break
    with pytest.raises(EnvironmentProblem) as error:
        FolderVault(folder).open(passphrase)
    assert error.value.code == "store.wait"


def test_what_else_was_wrong_is_no_wrong_passphrase(folder: Path, passphrase: str) -> None:
    vault = FolderVault(folder)
    for _ in range(FREE + 3):
        with pytest.raises(InvalidInput) as error:
            vault.change_passphrase(passphrase, "short")
        assert error.value.code == "store.passphrase-too-short"
    vault.open(passphrase).close()
    assert vault.failed_before == 0
