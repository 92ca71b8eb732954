"""What `recipients` and `key` say to people, line by line."""

from pathlib import Path

import pytest

from meti_desk.app import make_desk
from meti_desk.cli.run import run
from tests.e2e.conftest import PASSPHRASE
from tests.e2e.test_recipients_cli import LATER, file_of, issued
from tests.unit.protection.keys.key_material import ec_key, make, p12


def test_lines_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    passphrase = tmp_path / "passphrase"
    passphrase.write_text(PASSPHRASE, encoding="utf-8")
    shared = ("--store", str(tmp_path / "store"), "--passphrase-file", str(passphrase))

    def said(*words: str | Path, lang: str = "ja") -> str:
        capsys.readouterr()
        assert run([*map(str, words), *shared, "--lang", lang], make_desk) == 0
        return capsys.readouterr().out

    said("init", "--name", "山田太郎")
    itself = make("経済 太郎", ec_key(), ends=LATER)
    taken = said("recipients", "import-cert", file_of(tmp_path, itself), "--mail", "a@example.jp")
    assert "× 経済 太郎  p-256  自己署名" in taken
    assert "※ 発行元のない" in taken
    (fingerprint,) = [line for line in taken.splitlines() if "SHA-256" in line]
    confirmed = said("recipients", "confirm", "a@example.jp", fingerprint.partition("SHA-256")[2])
    assert "○ 経済 太郎" in confirmed
    said("recipients", "add", "a@example.jp", "--accepts", "zip", "--note", "電話の後",
         "--blocks-encrypted")  # fmt: skip
    shown = said("recipients", "show", "a@example.jp")
    assert "受け取れる方法: AES-256 の ZIP" in shown
    assert "止めます" in shown
    assert "電話の後" in shown
    assert "outside" in said("recipients", "list", lang="en")
    assert "設定されていません" in said("key", "show")
    key = tmp_path / "own.p12"
    key.write_bytes(p12(ec_key(), issued("山田", "y@meti.go.jp", ec_key()), "秘密の合言葉"))
    secret = tmp_path / "secret"
    secret.write_text("秘密の合言葉")
    held = said("key", "use-p12", key, "--key-password-file", secret)
    assert str(key) in held
    assert "山田  p-256" in held
    assert "秘密の合言葉" not in held
    assert said("key", "forget") == ""
    assert said("recipients", "remove", "a@example.jp") == "a@example.jp\n"
