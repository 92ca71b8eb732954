"""Refresh `resources/tokens.json` from the design tokens of デジタル庁, by hand, when they change.

Only the values that the window uses are kept: the names stand in the file already, this fills in
their colours from the published `tokens.css`.
"""

import json
import re
import sys
from pathlib import Path

from meti_desk.data import data

_DECLARATION = re.compile(
    r"--color-(?:primitive|neutral(?:-solid)?)-([a-z0-9-]+):\s*(#[0-9a-f]{6});"
)


def refresh(css: str, tokens: str) -> str:
    """Give the text of `tokens.json` with every primitive colour taken from the style sheet.

    Raises `KeyError` with the name of a colour that the style sheet does not have.
    """
    published = dict(_DECLARATION.findall(css))
    held = json.loads(tokens)
    held["primitive"] = {name: published[name] for name in held["primitive"]}
    return json.dumps(held, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    target = Path(str(data("resources"))) / "tokens.json"
    source = Path(sys.argv[1]).read_text(encoding="utf-8")
    target.write_text(refresh(source, target.read_text(encoding="utf-8")), encoding="utf-8")
