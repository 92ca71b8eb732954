"""What the Windows files say, read back by their bytes; they cannot be run here."""

import re
from pathlib import Path

WINDOWS = Path(__file__).parents[3] / "installer" / "windows"
KEY = r"HKEY_CURRENT_USER\Software\Classes\*\shell\METI.Label"
EXE = r"%LOCALAPPDATA%\Programs\meti-desk\meti-desk.exe"


def reg(name: str) -> str:
    raw = (WINDOWS / name).read_bytes()
    assert raw[:2] == b"\xff\xfe"
    text = raw.decode("utf-16")
    assert text.count("\r\n") == text.count("\n")
    assert text.startswith("Windows Registry Editor Version 5.00\r\n\r\n")
    return text


def expandable(text: str, name: str) -> str:
    """Decode a REG_EXPAND_SZ."""
    found = re.search(rf"^{re.escape(name)}=hex\(2\):([0-9a-f,]+)\r$", text, re.MULTILINE)
    assert found
    value = bytes.fromhex(found.group(1).replace(",", "")).decode("utf-16-le")
    assert value.endswith("\0")
    return value[:-1]


def test_the_entry_is_added_for_this_user_only() -> None:
    text = reg("right-click.reg")
    assert re.findall(r"^\[(.+)\]\r$", text, re.MULTILINE) == [KEY, rf"{KEY}\command"]
    assert '"MUIVerb"="格付して保護…"' in text
    assert '"MultiSelectModel"="Player"' in text
    assert expandable(text, '"Icon"') == f'"{EXE}",0'
    assert expandable(text, "@") == f'"{EXE}" -- "%1"'


def test_removing_takes_that_very_key_away() -> None:
    text = reg("right-click-remove.reg")
    assert re.findall(r"^\[(.+)\]\r$", text, re.MULTILINE) == [f"-{KEY}"]


def test_the_installer_does_the_same_and_undoes_it() -> None:
    raw = (WINDOWS / "meti-desk.nsi").read_bytes()
    assert raw[:3] == b"\xef\xbb\xbf"
    text = raw.decode("utf-8-sig")
    assert text.count("\r\n") == text.count("\n")
    assert r'!define VERB "Software\Classes\*\shell\METI.Label"' in text
    added, removed = text.split('Section "Uninstall"')
    written = set(re.findall(r"WriteReg\w+ HKCU \"\$\{(\w+)\}", added))
    assert written == set(re.findall(r"DeleteRegKey HKCU \"\$\{(\w+)\}\"", removed))
    assert """"${VERB}\\command" "" '"$INSTDIR\\meti-desk.exe" -- "%1"'""" in added
    assert "RequestExecutionLevel user" in text
    assert "HKLM" not in text
