"""What is written for each file manager; every one quotes in its own way.

`MARK` stands in every file that is wholly ours, so that nothing of somebody else is ever replaced
or removed.
"""

import shlex
from pathlib import Path
from xml.sax.saxutils import escape

MARK = "jp.go.meti.desk"
NAME = "格付して保護…"
NAME_EN = "Label and protect…"
TOLD = "情報取扱いデスクで、選んだファイルの格付を決め、保護します"
TOLD_EN = "Decide the label of the selected files and protect them with meti-desk"
ICON = "security-high"


def thunar_command(program: str) -> str:
    """Give the command of the Thunar action: a line for `sh`, in which `%` is doubled.

    Thunar quotes the names of `%F` for the shell itself.
    """
    return f"{shlex.quote(program).replace('%', '%%')} -- %F"


def thunar_action(program: str) -> str:
    """Write the `<action>` of Thunar's `uca.xml`: files of every kind, no folders."""
    return f"""<action>
\t<icon>{ICON}</icon>
\t<name>{NAME}</name>
\t<name xml:lang="en">{NAME_EN}</name>
\t<unique-id>{MARK}</unique-id>
\t<command>{escape(thunar_command(program))}</command>
\t<description>{TOLD}</description>
\t<description xml:lang="en">{TOLD_EN}</description>
\t<patterns>*</patterns>
\t<audio-files/>
\t<image-files/>
\t<other-files/>
\t<text-files/>
\t<video-files/>
</action>
"""


def nemo_action(program: str) -> str:
    """Write the Nemo action.

    It is given addresses (`%U`), not paths: Nemo escapes names for double quotes differently from
    version to version, an address holds nothing that would need it.
    """
    command = f"{shlex.quote(program).replace('%', '%%')} -- %U"
    return f"""# {MARK}
[Nemo Action]
Name={NAME}
Name[en]={NAME_EN}
Comment={TOLD}
Comment[en]={TOLD_EN}
Exec={_key_file(command)}
Icon-Name={ICON}
Selection=notnone
Extensions=nodirs;
Quote=double
"""


def nautilus_script(program: str) -> str:
    """Write the Nautilus script.

    Nautilus puts the selection into the environment, one path or address to a line. A path with
    a line break would fall apart, so the addresses are taken where all are those of local files.
    """
    return f"""#!/bin/sh
# {MARK}
set -f
IFS='
'
selected=${{NAUTILUS_SCRIPT_SELECTED_URIS-}}
for one in $selected; do
    case $one in
    file://*) ;;
    *) selected= ;;
    esac
done
# shellcheck disable=SC2086 # one word a line is what is wanted
exec {shlex.quote(program)} -- ${{selected:-${{NAUTILUS_SCRIPT_SELECTED_FILE_PATHS-}}}}
"""


def menu_entry(program: str, icon: Path) -> str:
    """Write the entry of the application menu, which "open with another application" lists too.

    It names no kinds of files, so that it never becomes what a double click opens.
    """
    return f"""# {MARK}
[Desktop Entry]
Type=Application
Name=情報取扱いデスク
Name[en]=meti-desk
GenericName=格付と保護
GenericName[en]=Labels and protection
Comment={TOLD}
Comment[en]={TOLD_EN}
Exec={_key_file(f"{_desktop_quote(program)} -- %F")}
Icon={_key_file(str(icon))}
Terminal=false
Categories=Office;
StartupWMClass=meti-desk
"""


def _desktop_quote(text: str) -> str:
    """Quote an argument as the Desktop Entry Specification asks, with `%` doubled."""
    for special in ("\\", '"', "`", "$"):
        text = text.replace(special, f"\\{special}")
    return '"' + text.replace("%", "%%") + '"'


def _key_file(text: str) -> str:
    """Escape a value of a key file: what its reader turns back."""
    for plain, written in (("\\", "\\\\"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(plain, written)
    return text
