"""OpenDocument files built by hand, small and exact."""

import io
import zipfile
from collections.abc import Mapping

from meti_desk.formats.odf.names import SPACES

MARK = "機密性2情報（完全性2・可用性1） 複製禁止"
MEDIA = "application/vnd.oasis.opendocument."
NAMESPACES = "".join(
    f' xmlns:{prefix}="{space}"'
    for prefix, space in SPACES.items()
    if prefix not in {"xml", "meti"}
)
KINDS = {"odt": "text", "ods": "spreadsheet", "odp": "presentation", "odg": "graphics"}
_BODIES = {"odt": "text", "ods": "spreadsheet", "odp": "presentation", "odg": "drawing"}

LAYOUT = (
    '<style:page-layout style:name="pm1"><style:page-layout-properties fo:page-width="21cm"'
    ' fo:page-height="29.7cm" fo:margin-top="2cm" fo:margin-bottom="2cm" fo:margin-left="2cm"'
    ' fo:margin-right="2cm" style:print-orientation="portrait"/><style:header-style/>'
    "<style:footer-style/></style:page-layout>"
)
SLIDE_LAYOUT = (
    '<style:page-layout style:name="pm1"><style:page-layout-properties fo:page-width="28cm"'
    ' fo:page-height="15.75cm" fo:margin="0cm" style:print-orientation="landscape"/>'
    "</style:page-layout>"
)
STANDARD = '<style:master-page style:name="Standard" style:page-layout-name="pm1"/>'


def part(root: str, inner: str, version: str = "1.2") -> str:
    """Write one part."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:{root}{NAMESPACES}'
        f' office:version="{version}">{inner}</office:{root}>'
    )


def zipped(members: Mapping[str, bytes | str], *, first: str = "mimetype") -> io.BytesIO:
    """Make a zip; `first` is stored and stands at the beginning."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(members, key=lambda one: one != first):
            method = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            info = zipfile.ZipInfo(name, (2024, 5, 6, 7, 8, 10))
            target.writestr(info, members[name], method)
    file.seek(0)
    return file


def manifest(kind: str, names: Mapping[str, object], extra: str = "") -> str:
    """Write the manifest."""
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>\n'
        for name in names
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest'
        f' xmlns:manifest="{SPACES["manifest"]}" manifest:version="1.2">\n'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MEDIA}{kind}"/>\n'
        f"{entries}{extra}</manifest:manifest>"
    )


def members_for(
    variant: str = "odt",
    body: str = "",
    *,
    layouts: str = "",
    masters: str = "",
    automatic: str = "",
    meta: str | None = "<dc:title>t</dc:title>",
    version: str = "1.2",
) -> dict[str, bytes | str]:
    """Give the members of a document."""
    kind = KINDS[variant]
    layouts = layouts or (SLIDE_LAYOUT if variant in {"odp", "odg"} else LAYOUT)
    xml: dict[str, bytes | str] = {
        "content.xml": part(
            "document-content",
            f"<office:automatic-styles>{automatic}</office:automatic-styles><office:body>"
            f"<office:{_BODIES[variant]}>{body}</office:{_BODIES[variant]}></office:body>",
            version,
        ),
        "styles.xml": part(
            "document-styles",
            f"<office:styles/><office:automatic-styles>{layouts}</office:automatic-styles>"
            f"<office:master-styles>{masters or STANDARD}</office:master-styles>",
            version,
        ),
    }
    if meta is not None:
        xml["meta.xml"] = part("document-meta", f"<office:meta>{meta}</office:meta>", version)
    return {"mimetype": MEDIA + kind, **xml, "META-INF/manifest.xml": manifest(kind, xml)}


def document(variant: str = "odt", body: str = "", **wanted: str | None) -> io.BytesIO:
    """Make a document; see `members_for`."""
    return zipped(members_for(variant, body, **wanted))  # type: ignore[arg-type]


def flat(variant: str = "odt", body: str = "", masters: str = STANDARD) -> io.BytesIO:
    """Make a flat document."""
    layout = SLIDE_LAYOUT if variant in {"odp", "odg"} else LAYOUT
    return io.BytesIO(
        (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document{NAMESPACES}'
            f' office:version="1.2" office:mimetype="{MEDIA}{KINDS[variant]}">'
            f"<office:meta/><office:automatic-styles>{layout}</office:automatic-styles>"
            f"<office:master-styles>{masters}</office:master-styles><office:body>"
            f"<office:{_BODIES[variant]}>{body}</office:{_BODIES[variant]}></office:body>"
            "</office:document>"
        ).encode()
    )


def p(text: str, style: str = "") -> str:
    """Write a paragraph."""
    return (
        f'<text:p text:style-name="{style}">{text}</text:p>'
        if style
        else f"<text:p>{text}</text:p>"
    )


def master(name: str, layout: str, inner: str = "", following: str = "") -> str:
    """Write a master page."""
    after = f' style:next-style-name="{following}"' if following else ""
    return (
        f'<style:master-page style:name="{name}" style:page-layout-name="{layout}"{after}>'
        f"{inner}</style:master-page>"
    )


def sheet(name: str, *rows: tuple[str, ...]) -> str:
    """Write a table of words."""
    made = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string">{p(cell)}</table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    return f'<table:table table:name="{name}">{made}</table:table>'


def slide(name: str, *texts: str, inner: str = "", style: str = "") -> str:
    """Write a slide with boxes of text, one below the other."""
    boxes = "".join(
        f'<draw:frame svg:x="2cm" svg:y="{3 + 2 * number}cm" svg:width="20cm" svg:height="1.5cm">'
        f"<draw:text-box>{p(text)}</draw:text-box></draw:frame>"
        for number, text in enumerate(texts)
    )
    styled = f' draw:style-name="{style}"' if style else ""
    return (
        f'<draw:page draw:name="{name}"{styled} draw:master-page-name="Standard">'
        f"{boxes}{inner}</draw:page>"
    )


def members_of(file: io.BytesIO) -> dict[str, bytes]:
    """Read all members."""
    with zipfile.ZipFile(file) as source:
        return {name: source.read(name) for name in source.namelist()}
