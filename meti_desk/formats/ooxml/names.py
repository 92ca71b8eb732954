"""Names of OOXML: both dialects (transitional and strict) under one short spelling.

A document written as strict Open XML uses other namespaces for the same elements. Everything here
works on short names such as `w:ins`, which are the same in both, so no reader has to care.
"""

from functools import lru_cache

OFFICE_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONSHIPS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT_WORD = "http://purl.oclc.org/ooxml/wordprocessingml/main"
XML = "http://www.w3.org/XML/1998/namespace"

_MS_WORD = "http://schemas.microsoft.com/office/word/"
_PREFIXES = {
    WORD: "w",
    STRICT_WORD: "w",
    OFFICE_RELATIONSHIPS: "r",
    STRICT_RELATIONSHIPS: "r",
    PACKAGE_RELATIONSHIPS: "rel",
    CONTENT_TYPES: "ct",
    XML: "xml",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://purl.oclc.org/ooxml/drawingml/main": "a",
    "http://schemas.openxmlformats.org/presentationml/2006/main": "p",
    "http://purl.oclc.org/ooxml/presentationml/main": "p",
    "http://schemas.microsoft.com/office/drawing/2008/diagram": "dsp",
    "http://schemas.microsoft.com/office/drawing/2014/chartex": "cx",
    "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing": "wp",
    "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": "wp",
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "x",
    "http://purl.oclc.org/ooxml/spreadsheetml/main": "x",
    "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing": "xdr",
    "http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing": "xdr",
    "urn:schemas-microsoft-com:office:excel": "xv",
    "http://schemas.openxmlformats.org/drawingml/2006/picture": "pic",
    "http://purl.oclc.org/ooxml/drawingml/picture": "pic",
    "http://schemas.openxmlformats.org/drawingml/2006/chart": "c",
    "http://purl.oclc.org/ooxml/drawingml/chart": "c",
    "http://schemas.openxmlformats.org/drawingml/2006/diagram": "dgm",
    "http://purl.oclc.org/ooxml/drawingml/diagram": "dgm",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/schemaLibrary/2006/main": "sl",
    "http://purl.oclc.org/ooxml/schemaLibrary/main": "sl",
    "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes": "vt",
    "http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes": "vt",
    "urn:schemas-microsoft-com:vml": "v",
    "urn:schemas-microsoft-com:office:office": "o",
    "urn:schemas-microsoft-com:office:word": "w10",
    _MS_WORD + "2010/wordml": "w14",
    _MS_WORD + "2012/wordml": "w15",
    _MS_WORD + "2015/wordml/symex": "w16se",
    _MS_WORD + "2016/wordml/cid": "w16cid",
    _MS_WORD + "2018/wordml/cex": "w16cex",
    _MS_WORD + "2018/wordml": "w16",
    _MS_WORD + "2020/wordml/sdtdatahash": "w16sdtdh",
    _MS_WORD + "2023/wordml/word16du": "w16du",
    _MS_WORD + "2010/wordprocessingShape": "wps",
    _MS_WORD + "2010/wordprocessingGroup": "wpg",
    _MS_WORD + "2010/wordprocessingDrawing": "wp14",
}


@lru_cache(maxsize=4096)
def short(name: object) -> str:
    """Give the short name of an element or attribute: `w:ins`, `val`, `?:other`, `` for comments.

    Accepts whatever lxml has as a tag, because comments and instructions have no name.
    """
    if not isinstance(name, str):
        return ""
    if name[:1] != "{":
        return name
    space, _, rest = name[1:].partition("}")
    return f"{_PREFIXES.get(space, '?')}:{rest}"


@lru_cache(maxsize=1024)
def full(name: str) -> tuple[str, ...]:
    """Give the full names, one per dialect, of an element's short name."""
    prefix, _, rest = name.partition(":")
    return tuple(f"{{{space}}}{rest}" for space, known in _PREFIXES.items() if known == prefix)


def kind_of_relationship(uri: str) -> str:
    """Give the last word of a relationship type, equal in both dialects: `header`, `comments`."""
    last = uri.rsplit("/", 1)[-1]
    return _STRICT_WORDS.get(last, last)


_STRICT_WORDS = {
    "extendedProperties": "extended-properties",
    "customProperties": "custom-properties",
}
