"""Keeps `i18n/meti_desk_en.ts` in step with the source.

`python -m tests.ui.translations` adds what is new, marked unfinished for a person to translate,
and drops what is gone.
"""

import ast
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).parents[2]
TS = ROOT / "i18n" / "meti_desk_en.ts"
SOURCES = ROOT / "meti_desk" / "ui"
CONTEXT = "meti_desk"


def calls(tree: ast.AST) -> list[ast.Call]:
    """Find the calls of `tr`."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr"
    ]


def source_strings() -> dict[str, str]:
    """Give every string that is shown through `tr`, with the file where it stands first."""
    found: dict[str, str] = {}
    for path in sorted(SOURCES.rglob("*.py")):
        for call in calls(ast.parse(path.read_text(encoding="utf-8"))):
            first = call.args[0] if call.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.setdefault(first.value, str(path.relative_to(ROOT)))
    return found


def translated() -> dict[str, tuple[str, bool]]:
    """Give translation and whether it is finished, by source string."""
    held: dict[str, tuple[str, bool]] = {}
    for message in ET.parse(TS).getroot().iter("message"):  # noqa: S314 - our own file
        target = message.find("translation")
        text = "" if target is None else target.text or ""
        done = target is not None and "type" not in target.attrib
        held[message.findtext("source", "")] = (text, done)
    return held


def write(new: dict[str, str] | None = None) -> None:
    """Write the file anew from the source, keeping and adding translations."""
    held = translated() if TS.exists() else {}
    root = ET.Element("TS", version="2.1", language="en_GB", sourcelanguage="ja_JP")
    context = ET.SubElement(root, "context")
    ET.SubElement(context, "name").text = CONTEXT
    for source, place in source_strings().items():
        message = ET.SubElement(context, "message")
        ET.SubElement(message, "location", filename=f"../{place}")
        ET.SubElement(message, "source").text = source
        text = (new or {}).get(source) or held.get(source, ("", False))[0]
        target = ET.SubElement(message, "translation")
        target.text = text
        if not text:
            target.set("type", "unfinished")
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode")
    TS.write_text(
        f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', encoding="utf-8"
    )


if __name__ == "__main__":
    write()
    sys.stdout.write(f"{sum(1 for _, done in translated().values() if not done)} unfinished\n")
