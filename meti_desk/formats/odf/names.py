"""Names of OpenDocument under one short spelling: `text:p`, whatever prefix a file uses."""

from functools import lru_cache

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_COMPATIBLE = {"draw": "drawing", "dr3d": "dr3d", "number": "datastyle", "db": "database"}

SPACES: dict[str, str] = {
    **{
        prefix: f"{_OASIS}{_COMPATIBLE.get(prefix, word)}:1.0"
        for prefix, word in {
            "office": "office", "meta": "meta", "text": "text", "table": "table", "draw": "draw",
            "style": "style", "presentation": "presentation", "form": "form", "number": "number",
            "manifest": "manifest", "anim": "animation", "chart": "chart", "db": "db",
            "script": "script", "config": "config", "dr3d": "dr3d",
        }.items()
    },
    "fo": _OASIS + "xsl-fo-compatible:1.0",
    "svg": _OASIS + "svg-compatible:1.0",
    "smil": _OASIS + "smil-compatible:1.0",
    "dsig": _OASIS + "digitalsignature:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "dc": "http://purl.org/dc/elements/1.1/",
    "math": "http://www.w3.org/1998/Math/MathML",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "loext": "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
    "xml": "http://www.w3.org/XML/1998/namespace",
    "meti": "urn:jp:go:meti:desk",
}  # fmt: skip
"""Prefix -> namespace. `meti` is ours: readers skip what they do not know."""

_PREFIXES = {space: prefix for prefix, space in SPACES.items()}
_PREFIXES["http://openoffice.org/2001/manifest"] = "manifest"


@lru_cache(maxsize=4096)
def short(name: object) -> str:
    """Give the short name of an element or attribute; `?:x` for others, `` for comments.

    Accepts whatever lxml has as a tag, because comments and instructions have no name.
    """
    if not isinstance(name, str):
        return ""
    if name[:1] != "{":
        return name
    space, _, rest = name[1:].partition("}")
    return f"{_PREFIXES.get(space, '?')}:{rest}"


@lru_cache(maxsize=4096)
def full(name: str) -> str:
    """Give the full name, as lxml writes it, of a short one."""
    prefix, _, rest = name.partition(":")
    return f"{{{SPACES[prefix]}}}{rest}"


def declarations(*prefixes: str) -> str:
    """Give the namespace declarations that a piece needs to be read wherever it is put."""
    return "".join(f' xmlns:{prefix}="{SPACES[prefix]}"' for prefix in prefixes)
