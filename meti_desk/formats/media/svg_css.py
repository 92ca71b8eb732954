"""Style sheets in SVG, as far as they hide or fetch something."""

import re
from collections.abc import Iterator, Mapping

COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_EDITOR = re.compile(r"(?:(?<=;)|(?<=^)|(?<=\{))\s*-inkscape-[\w-]+\s*:[^;}]*;?")
_URL = re.compile(r"url\(\s*(['\"]?)(.*?)\1\s*\)", re.DOTALL | re.IGNORECASE)
_IMPORT = re.compile(r"@import\s+(?!url)([^;]*)", re.IGNORECASE)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"(?:[\w-]+)?[.#][\w-]+\Z")
_INVISIBLE = 0.02


def addresses(css: str) -> Iterator[str]:
    """Give what a style refers to, itself included."""
    yield from (found[2].strip() for found in _URL.finditer(css))
    yield from (found[1].strip(" \t\r\n'\"") for found in _IMPORT.finditer(css))


def without_editor(css: str) -> str:
    """Take out what only one program reads."""
    return _EDITOR.sub("", css)


def declarations(style: str) -> dict[str, str]:
    """Read `name: value` pairs."""
    pairs = (one.partition(":") for one in style.split(";") if ":" in one)
    return {
        name.strip().lower(): value.replace("!important", "").strip().lower()
        for name, _, value in pairs
    }


def rules(sheet: str) -> dict[str, dict[str, str]]:
    """Read the rules for single classes and names (`.a`, `#b`), without the element before them."""
    found: dict[str, dict[str, str]] = {}
    for names, body in _RULE.findall(COMMENT.sub("", sheet)):
        for name in names.split(","):
            if _SIMPLE.match(name.strip()):
                key = re.sub(r"\A[\w-]+(?=[.#])", "", name.strip())
                found.setdefault(key, {}).update(declarations(body))
    return found


def hides(style: Mapping[str, str], *, text: bool) -> bool:
    """Tell whether a style makes an element invisible."""
    if style.get("display") == "none" or style.get("visibility") in ("hidden", "collapse"):
        return True
    if _nothing(style.get("opacity", "1")):
        return True
    if not text:
        return False
    unfilled = style.get("fill") in ("none", "transparent") or _nothing(
        style.get("fill-opacity", "1")
    )
    undrawn = style.get("stroke", "none") == "none" or _nothing(style.get("stroke-opacity", "1"))
    size = re.match(r"[\d.]+", style.get("font-size", "1"))
    return (unfilled and undrawn) or (size is not None and _nothing(size[0]))


def _nothing(value: str) -> bool:
    number = value.removesuffix("%")
    try:
        return float(number) / (100 if number != value else 1) < _INVISIBLE
    except ValueError:
        return False
