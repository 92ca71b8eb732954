"""Makes Word documents member by member, so that a test says exactly what is in them."""

import io
import zipfile
from collections.abc import Mapping

TRANSITIONAL = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
STRICT = {
    "w": "http://purl.oclc.org/ooxml/wordprocessingml/main",
    "r": "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"


def zipped(members: Mapping[str, str | bytes]) -> io.BytesIO:
    """Pack members in their order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in members.items():
            box.writestr(name, data)
    out.seek(0)
    return out


def types(overrides: Mapping[str, str], defaults: Mapping[str, str] | None = None) -> str:
    """Write [Content_Types].xml."""
    known = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        **(defaults or {}),
    }
    rows = [f'<Default Extension="{k}" ContentType="{v}"/>' for k, v in known.items()]
    rows += [f'<Override PartName="/{k}" ContentType="{v}"/>' for k, v in overrides.items()]
    space = "http://schemas.openxmlformats.org/package/2006/content-types"
    return f'<Types xmlns="{space}">{"".join(rows)}</Types>'


def rels(*rows: tuple[str, str, str], external: tuple[str, ...] = ()) -> str:
    """Write a relationship member from (id, full type, target); ids in `external` lead outside."""
    made = "".join(
        f'<Relationship Id="{i}" Type="{t}" Target="{to}"'
        + (' TargetMode="External"' if i in external else "")
        + "/>"
        for i, t, to in rows
    )
    return f'<Relationships xmlns="{PACKAGE}">{made}</Relationships>'


def paragraph(text: str, properties: str = "") -> str:
    """One paragraph of plain text."""
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def document(
    body: str,
    *,
    strict: bool = False,
    headers: Mapping[str, str] | None = None,
    settings: str = "",
    main_type: str = MAIN_TYPE,
) -> io.BytesIO:
    """Make a small document; `headers` maps relationship id to the header's content."""
    names = STRICT if strict else TRANSITIONAL
    w, r = names["w"], names["r"]
    headers = headers or {}
    space = f'xmlns:w="{w}" xmlns:r="{r}"'
    overrides = {"word/document.xml": main_type, "word/settings.xml": WORD_TYPE.format("settings")}
    rows = [("rIdS", r + "/settings", "settings.xml")]
    members: dict[str, str | bytes] = {"[Content_Types].xml": ""}
    members["_rels/.rels"] = rels(("rId1", r + "/officeDocument", "word/document.xml"))
    members["word/document.xml"] = f"<w:document {space}><w:body>{body}</w:body></w:document>"
    for link, content in headers.items():
        members[f"word/{link}.xml"] = f"<w:hdr {space}>{content}</w:hdr>"
        overrides[f"word/{link}.xml"] = WORD_TYPE.format("header")
        rows.append((link, r + "/header", f"{link}.xml"))
    members["word/settings.xml"] = f"<w:settings {space}>{settings}</w:settings>"
    members["word/_rels/document.xml.rels"] = rels(*rows)
    members["[Content_Types].xml"] = types(overrides)
    return zipped(members)


def members_of(file: io.BytesIO) -> dict[str, bytes]:
    """Unzip everything."""
    with zipfile.ZipFile(io.BytesIO(file.getvalue())) as box:
        return {name: box.read(name) for name in box.namelist()}
