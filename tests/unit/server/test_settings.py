"""`server.toml`: everything has a default, and what is wrong is refused."""

from pathlib import Path

import pytest

from meti_desk.domain.errors import InvalidInput
from meti_desk.server.settings import NAME, Settings, load, secure


def read(folder: Path, text: str) -> Settings:
    (folder / NAME).write_text(text, encoding="utf-8")
    return load(folder)


def test_without_a_file_there_are_limits_and_nothing_else(tmp_path: Path) -> None:
    found = load(tmp_path)
    assert found == Settings()
    assert found.limits.device_rate > 0
    assert not found.from_proxy("127.0.0.1")
    assert (found.oidc.issuer, found.token, found.oidc_secret) == ("", "", "")


def test_the_example_of_the_documents_is_what_holds_without_it(tmp_path: Path) -> None:
    text = (Path(__file__).parents[3] / "docs" / "server.md").read_text(encoding="utf-8")
    example = text.partition("```toml\n")[2].partition("```")[0]
    assert read(tmp_path, example) == Settings()


def test_secrets_stand_in_files_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("word\n", encoding="utf-8")
    (tmp_path / "token").write_text("another", encoding="utf-8")
    found = read(
        tmp_path,
        '[oidc]\nissuer = "https://x"\nclient_id = "m"\nsecret_file = "secret"\n'
        '[observe]\ntoken_file = "token"\n',
    )
    assert (found.oidc_secret, found.token) == ("word", "another")


@pytest.mark.parametrize(
    "text",
    [
        "[limits", "[limit]\n", "[limits]\ndevice_rat = 5\n", "[limits]\ndevice_rate = 'x'\n",
        "[limits]\ndevice_rate = -1\n", "[limits]\ndevice_rate = nan\n",
        "[limits]\naddress_rate = inf\n", "token = 'x'\n", "oidc_secret = 'x'\n",
        "[oidc]\nissuer = 'https://x'\n", "[oidc]\nissuer = 'http://x'\nclient_id = 'm'\n",
        "[oidc]\nalgorithms = ['none']\n", "[oidc]\nalgorithms = ['HS256']\n",
        "[oidc]\nissuer = 'https://x'\nclient_id = 'm'\nalgorithms = []\n",
        "[oidc]\nmatches = 'name'\n", "[oidc]\nsecret_file = 'nowhere'\n",
        "[proxy]\naddresses = ['somewhere']\n", "[proxy]\nperson_header = 'x-person'\n",
        "\x00", "[observe]\ntoken_file = 'empty'\n",
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "empty").write_text("\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"server\.settings"):
        read(tmp_path, text)


def test_proxies_are_addresses_and_networks(tmp_path: Path) -> None:
    found = read(tmp_path, "[proxy]\naddresses = ['10.0.0.0/24', '2001:db8::1']\n")
    assert [found.from_proxy(one) for one in ("10.0.0.9", "2001:db8::1")] == [True, True]
    for other in ("10.0.1.9", "2001:db8::2", "", "x", "10.0.0.9, 1.1.1.1"):
        assert not found.from_proxy(other)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.example.jp/a", True), ("http://127.0.0.1:5", True), ("http://[::1]/", True),
        ("http://x.example.jp", False), ("ftp://x", False), ("https://", False), ("", False),
        ("https://[", False), ("file:///etc/passwd", False),
    ],
)  # fmt: skip
def test_only_tls_or_this_computer_is_secure(url: str, expected: bool) -> None:  # noqa: FBT001 - a case
    assert secure(url) is expected
