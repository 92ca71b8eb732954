"""Drives LibreOffice as a stranger would: opens a file with a password and saves its text."""

import shutil
import subprocess
from pathlib import Path

_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"
 script:language="StarBasic">
Sub Convert(a As String, b As String, f As String, s As String)
On Error Resume Next
Dim r(1) As New com.sun.star.beans.PropertyValue
r(0).Name = "Hidden"
r(0).Value = True
r(1).Name = "Password"
r(1).Value = s
Dim w(0) As New com.sun.star.beans.PropertyValue
w(0).Name = "FilterName"
w(0).Value = f
d = StarDesktop.loadComponentFromURL(ConvertToURL(a), "_blank", 0, r())
If Not IsNull(d) Then
d.storeToURL(ConvertToURL(b), w())
d.close(True)
End If
End Sub
</script:module>
"""


def available() -> bool:
    """Tell whether LibreOffice is installed."""
    return shutil.which("soffice") is not None


def convert(folder: Path, source: Path, target: Path, filter_name: str, password: str) -> bool:
    """Let LibreOffice open `source` and save it as `target`; tells whether it did.

    The macro goes into a profile that LibreOffice has made itself: a new one is overwritten.
    """
    profile = folder / "profile"
    module = profile / "user" / "basic" / "Standard" / "Module1.xba"
    if not module.exists():
        _run(profile, "--convert-to", "txt", str(folder / "not-there"))
        module.write_text(_MODULE, encoding="utf-8")
    values = ",".join(f'"{value}"' for value in (source, target, filter_name, password))
    _run(profile, "--norestore", f"macro:///Standard.Module1.Convert({values})")
    return target.exists()


def _run(profile: Path, *arguments: str) -> None:
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )
