"""A Word document in which every hiding place holds a string of its own."""

import io
import struct
import zipfile
import zlib

from tests.formats.ooxml.builder import PACKAGE, TRANSITIONAL, WORD_TYPE, rels, types

OFFICE = TRANSITIONAL["r"]
W = f'xmlns:w="{TRANSITIONAL["w"]}" xmlns:r="{OFFICE}"'
MORE = (
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" '
    'xmlns:w16du="http://schemas.microsoft.com/office/word/2023/wordml/word16du" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:sl="http://schemas.openxmlformats.org/schemaLibrary/2006/main"'
)


class Planted:
    """Hands out unique strings and remembers which may stay and which must go."""

    def __init__(self) -> None:
        self.leaks: list[str] = []
        self.visible: list[str] = []

    def leak(self, text: str = "{}") -> str:
        token = f"PLANT{len(self.leaks):03d}X"
        self.leaks.append(token)
        return text.format(token)

    def path(self) -> str:
        return self.leak("C:\\Users\\{}\\file.png")

    def share(self) -> str:
        return self.leak("\\\\server\\{}\\file.docx")

    def book(self) -> str:
        return self.leak("'C:\\{}\\[book.xlsx]Sheet1'!$A$1")

    def hexed(self, length: int = 8) -> str:
        token = f"{0xBEEF00 + len(self.leaks):0{length}X}"
        self.leaks.append(token)
        return token

    def shown(self) -> str:
        token = f"SHOWN{len(self.visible):03d}X"
        self.visible.append(token)
        return token

    def run(self) -> str:
        return f"<w:r><w:t>{self.shown()}</w:t></w:r>"


def jpeg(*segments: tuple[int, bytes]) -> bytes:
    """Make a JPEG's structure with extra segments; no picture, but nobody decodes it here."""
    extra = b"".join(
        bytes((0xFF, kind)) + (len(body) + 2).to_bytes(2, "big") + body for kind, body in segments
    )
    tables = b"\xff\xdb\0\x43\0" + bytes(range(1, 65))
    frame = b"\xff\xc0\0\x0b\x08\0\x01\0\x01\x01\x01\x11\0"
    scan = b"\xff\xda\0\x08\x01\x01\0\0\x3f\0" + b"\x12\x34\xff\0\x56"
    return b"\xff\xd8" + extra + tables + frame + scan + b"\xff\xd9"


def png(text: bytes) -> bytes:
    """Make a PNG of one grey point with a text chunk."""

    def chunk(name: bytes, body: bytes) -> bytes:
        whole = name + body
        return struct.pack(">L", len(body)) + whole + struct.pack(">L", zlib.crc32(whole))

    head = chunk(b"IHDR", struct.pack(">2L5B", 1, 1, 8, 0, 0, 0, 0))
    note = chunk(b"tEXt", b"Author\0" + text)
    shown = chunk(b"IDAT", zlib.compress(b"\0\x80"))
    return b"\x89PNG\r\n\x1a\n" + head + note + shown + chunk(b"IEND", b"")


def exif(text: str, orientation: int = 6) -> bytes:
    """Make an Exif segment with an orientation and a camera's name."""
    name = text.encode() + b"\0"
    entries = struct.pack(">HHLHH", 0x0112, 3, 1, orientation, 0)
    entries = struct.pack(">HHLL", 0x0110, 2, len(name), 38) + entries
    return b"Exif\0\0MM\0\x2a\0\0\0\x08" + struct.pack(">H", 2) + entries + b"\0\0\0\0" + name


def _picture(link: str, docpr: str, inner: str = "", name: str = "x") -> str:
    space = "http://schemas.openxmlformats.org/drawingml/2006/picture"
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent cx="9525" cy="9525"/>{docpr}<a:graphic>'
        f'<a:graphicData uri="{space}"><pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="{name}">'
        f"{inner}</pic:cNvPr><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip {link}/>"
        "</pic:blipFill><pic:spPr/></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
        "</w:r>"
    )


def _field(code: str, result: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{result}</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def _who(p: Planted) -> str:
    return f'w:id="9" w:author="{p.leak()}" w:date="2026-01-02T03:04:05Z"'


def _changes(p: Planted) -> list[str]:
    gone = f"<w:r><w:delText>{p.leak()}</w:delText></w:r>"
    cell = "<w:tc><w:tcPr>{}</w:tcPr><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    table = (
        f"<w:tbl><w:tblPr><w:tblPrChange {_who(p)}><w:tblPr/></w:tblPrChange></w:tblPr>"
        f"<w:tr>{cell.format('', p.shown())}"
        f"{cell.format(f'<w:cellDel {_who(p)}/>', p.leak())}</w:tr>"
        f"<w:tr><w:trPr><w:del {_who(p)}/></w:trPr>{cell.format('', p.leak())}</w:tr></w:tbl>"
    )
    return [
        f"<w:p><w:ins {_who(p)}>{p.run()}</w:ins><w:del {_who(p)}>{gone}</w:del></w:p>",
        (f'<w:p><w:moveFromRangeStart {_who(p)} w:name="{p.leak()}"/><w:moveFrom {_who(p)}>'
        f'<w:r><w:t>{p.leak()}</w:t></w:r></w:moveFrom><w:moveFromRangeEnd w:id="9"/></w:p>'),
        f"<w:p><w:moveTo {_who(p)}>{p.run()}</w:moveTo></w:p>",
        (f"<w:p><w:pPr><w:rPr><w:del {_who(p)}/></w:rPr>"
        f"<w:pPrChange {_who(p)}><w:pPr/></w:pPrChange></w:pPr>{p.run()}</w:p>"),
        (f"<w:p><w:r><w:rPr><w:b/><w:rPrChange {_who(p)}><w:rPr/></w:rPrChange></w:rPr>"
        f"<w:t>{p.shown()}</w:t></w:r></w:p>"),
        f'<w:p><w:del {_who(p)}><w:r><w:footnoteReference w:id="3"/></w:r></w:del>{p.run()}'
        f"<w:del {_who(p)}>" + _picture('r:embed="rIdGone"', '<wp:docPr id="5" name="y"/>')
        + "</w:del></w:p>",
        table,
    ]  # fmt: skip


def _remarks(p: Planted) -> list[str]:
    return [
        (
            f'<w:p w:rsidR="{p.hexed()}" w14:paraId="{p.hexed()}"><w:commentRangeStart w:id="0"/>'
            f'{p.run()}<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r></w:p>'
        ),
        f'<w:p><w:permStart w:id="1" w:ed="{p.leak()}"/>{p.run()}<w:permEnd w:id="1"/></w:p>',
    ]


def _hidden(p: Planted) -> list[str]:
    return [
        f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{p.leak()}</w:t></w:r>{p.run()}</w:p>",
        f'<w:p><w:r><w:rPr><w:rStyle w:val="Sub"/></w:rPr><w:t>{p.leak()}</w:t></w:r></w:p>',
        ('<w:p><w:r><w:pict><v:shape style="visibility:hidden"><v:textbox><w:txbxContent>'
        f"<w:p><w:r><w:t>{p.leak()}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape>"
        f"</w:pict></w:r>{p.run()}</w:p>"),
        _wrap(p, f'<w:smartTag w:uri="{p.leak("urn:{}")}" w:element="{p.leak()}"><w:smartTagPr>'
                 f'<w:attr w:name="a" w:val="{p.leak()}"/></w:smartTagPr>', "</w:smartTag>"),
        _wrap(p, f'<w:customXml w:uri="{p.leak("urn:{}")}" w:element="{p.leak()}">',
              "</w:customXml>"),
        (f'<w:sdt><w:sdtPr><w:alias w:val="{p.leak()}"/><w:tag w:val="{p.leak()}"/>'
        f'<w:dataBinding w:xpath="{p.leak("/{}")}" w:storeItemID="{p.leak()}"/></w:sdtPr>'
        f"<w:sdtContent><w:p>{p.run()}</w:p></w:sdtContent></w:sdt>"),
        f"<!-- {p.leak()} --><?mso {p.leak()}?><w:p>{p.run()}</w:p>",
    ]  # fmt: skip


def _wrap(p: Planted, start: str, end: str) -> str:
    return f"<w:p>{start}{p.run()}{end}</w:p>"


def _paths(p: Planted) -> list[str]:
    alt = f'<wp:docPr id="6" name="n" descr="{p.path()}"/>'
    click = '<a:hlinkClick r:id="rIdClick"/>'
    codes = [
        f'INCLUDETEXT "{p.share()}"',
        p.leak('HYPERLINK "file:///C:/{}/d.docx"'),
        f'LINK Excel.Sheet.12 "{p.path()}" S!R1C1',
        p.leak('ADDIN ZOTERO_ITEM {{"title":"{}"}}').replace('"', "&quot;"),
        p.leak("DOCVARIABLE {}"),
    ]
    codes = [code.replace('"', "&quot;") for code in codes]
    return [
        *(f"<w:p>{_field(code, p.shown())}</w:p>" for code in codes),
        (f'<w:p><w:fldSimple w:instr="INCLUDEPICTURE {p.path()}">{p.run()}'
        "</w:fldSimple></w:p>"),
        (f'<w:p><w:r><w:fldChar w:fldCharType="begin"><w:fldData>{p.leak()}</w:fldData>'
        '</w:fldChar></w:r><w:r><w:instrText>PAGE</w:instrText></w:r><w:r>'
        f'<w:fldChar w:fldCharType="separate"/></w:r>{p.run()}<w:r>'
        '<w:fldChar w:fldCharType="end"/></w:r></w:p>'),
        f'<w:p><w:hyperlink r:id="rIdFile">{p.run()}</w:hyperlink></w:p>',
        (f'<w:p><w:hyperlink r:id="rIdUnc" w:tooltip="{p.share()}">{p.run()}'
        "</w:hyperlink></w:p>"),
        f'<w:p><w:hyperlink r:id="rIdWeb">{p.run()}</w:hyperlink></w:p>',
        "<w:p>" + _picture('r:embed="rIdJpg" r:link="rIdLink"', alt, click, p.leak("{}.jpg"))
        + _picture('r:embed="rIdPng"', '<wp:docPr id="7" name="n"/>') + "</w:p>",
        ('<w:p><w:r><w:object><v:shape style="width:10pt;height:10pt" o:ole="">'
        f'<v:imagedata r:id="rIdPng" o:title="{p.leak()}"/></v:shape>'
        f'<o:OLEObject Type="Embed" ProgID="{p.leak("Excel.{}")}" r:id="rIdXls"/></w:object></w:r>'
        f"{p.run()}</w:p>"),
        ('<w:p><w:r><w:pict><v:shape style="width:9pt;height:9pt"><o:signatureline '
        f'o:suggestedsigner="{p.leak()}" o:suggestedsigneremail="{p.leak()}"/></v:shape></w:pict>'
        "</w:r></w:p>"),
        ('<w:p><w:r><w:drawing><wp:inline><wp:extent cx="9525" cy="9525"/>'
        '<wp:docPr id="8" name="k"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats'
        '.org/drawingml/2006/chart"><c:chart r:id="rIdChart"/></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r></w:p>"),
    ]  # fmt: skip


def _settings(p: Planted) -> str:
    return (
        f'<w:settings {W} {MORE}><w:attachedTemplate r:id="rIdT"/><w:mailMerge>'
        f'<w:connectString w:val="{p.leak()}"/><w:query w:val="{p.leak()}"/></w:mailMerge>'
        f'<w:docVars><w:docVar w:name="{p.leak()}" w:val="{p.leak()}"/></w:docVars>'
        f'<w:rsids><w:rsidRoot w:val="{p.hexed()}"/><w:rsid w:val="{p.hexed()}"/></w:rsids>'
        f'<w:attachedSchema w:val="{p.leak("urn:{}")}"/><sl:schemaLibrary><sl:schema '
        f'sl:manifestLocation="{p.leak()}" sl:uri="{p.leak("urn:{}")}"/></sl:schemaLibrary>'
        f'<w14:docId w14:val="{p.hexed()}"/><w15:docId w15:val="{{{p.hexed(12)}}}"/></w:settings>'
    )


def _simple_parts(p: Planted) -> dict[str, str | bytes]:
    core = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    app = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    w15 = 'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"'
    one = [f"<cp:{n}>{p.leak()}</cp:{n}>" for n in ("lastModifiedBy", "keywords", "category")]
    two = [f"<dc:{n}>{p.leak()}</dc:{n}>" for n in ("creator", "title", "subject", "description")]
    three = [f"<{n}>{p.leak()}</{n}>" for n in ("Template", "Manager", "Company", "HyperlinkBase")]
    return {
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{core}" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/">{"".join(one + two)}</cp:coreProperties>',
        "docProps/app.xml": f'<Properties xmlns="{app}">{"".join(three)}</Properties>',
        "docProps/custom.xml": _custom(p),
        "docProps/thumbnail.jpeg": p.leak().encode(),
        "docMetadata/LabelInfo.xml": f'<clbl:labelList xmlns:clbl="http://schemas.microsoft.com/'
        f'office/2020/mipLabelMetadata"><clbl:label id="{p.leak()}"/></clbl:labelList>',
        "word/comments.xml": f'<w:comments {W}><w:comment w:id="0" w:author="{p.leak()}" '
        f'w:initials="{p.leak()}"><w:p><w:r><w:t>{p.leak()}</w:t></w:r></w:p></w:comment>'
        "</w:comments>",
        "word/people.xml": f'<w15:people {w15}><w15:person w15:author="{p.leak()}">'
        f'<w15:presenceInfo w15:userId="{p.leak()}"/></w15:person></w15:people>',
        "word/commentsExtended.xml": f'<w15:commentsEx {w15}><w15:commentEx '
        f'w15:paraId="{p.hexed()}"/></w15:commentsEx>',
        "customXml/item1.xml": f"<root>{p.leak()}</root>",
        "word/printerSettings1.bin": p.leak().encode(),
        "word/recipientData.xml": f'<w:recipients {W}><w:recipientData><w:uniqueTag w:val='
        f'"{p.leak()}"/></w:recipientData></w:recipients>',
        "word/orphan.xml": f"<x>{p.leak()}</x>",
        "word/embeddings/a.xlsx": p.leak().encode(),
        "word/embeddings/b.xlsx": p.leak().encode(),
        "word/media/jpg.jpg": jpeg((0xE1, exif(p.leak())), (0xFE, p.leak().encode())),
        "word/media/gone.jpg": jpeg((0xED, b"\x01" + p.leak().encode())),
        "word/media/png.png": png(p.leak().encode()),
    }  # fmt: skip


def _custom(p: Planted) -> str:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
    value = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
    rows = [
        (p.leak(), p.leak()),
        ("MSIP_Label_1_Name", p.leak()),
        ("jp.go.meti.label", "C2;I1;A1"),
        ("jp.go.meti.id", p.leak()),
        ("jp.go.meti.seal", p.leak()),
    ]
    made = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{n}" name="{k}">'
        f"<vt:lpwstr>{v}</vt:lpwstr></property>"
        for n, (k, v) in enumerate(rows, 2)
    )
    return f'<Properties xmlns="{space}" xmlns:vt="{value}">{made}</Properties>'


def _stories(p: Planted) -> dict[str, str]:
    body = [*_changes(p), *_remarks(p), *_hidden(p), *_paths(p)]
    end = (
        '<w:sectPr><w:headerReference w:type="default" r:id="rIdHdr"/>'
        f"<w:sectPrChange {_who(p)}><w:sectPr/></w:sectPrChange></w:sectPr>"
    )
    gone = "<w:del {}><w:r><w:delText>{}</w:delText></w:r></w:del>"
    note = '<w:footnote w:id="{}"><w:p>{}</w:p></w:footnote>'
    seen = f'<w:p><w:r><w:footnoteReference w:id="2"/></w:r>{p.run()}</w:p>'
    unseen = f"<w:r><w:t>{p.leak()}</w:t></w:r>"
    style = '<w:style w:type="character" w:styleId="{}">{}</w:style>'
    return {
        "word/document.xml": f"<w:document {W} {MORE}><w:body>{''.join(body)}{seen}{end}"
        "</w:body></w:document>",
        "word/header1.xml": f"<w:hdr {W}><w:p>{p.run()}{gone.format(_who(p), p.leak())}</w:p>"
        "</w:hdr>",
        "word/footnotes.xml": f"<w:footnotes {W}>"
        + note.format(2, p.run() + gone.format(_who(p), p.leak())) + note.format(3, unseen)
        + "</w:footnotes>",
        "word/styles.xml": f"<w:styles {W}>"
        + style.format("Hid", f'<w:name w:val="H"/><w:rsid w:val="{p.hexed()}"/><w:rPr>'
                              "<w:vanish/></w:rPr>")
        + style.format("Sub", '<w:basedOn w:val="Hid"/>') + "</w:styles>",
        "word/settings.xml": _settings(p),
        "word/charts/chart1.xml": f"<c:chartSpace {W} {MORE}><c:chart><c:plotArea><c:ser><c:val>"
        f"<c:numRef><c:f>{p.book()}</c:f><c:numCache><c:pt "
        f'idx="0"><c:v>7</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser></c:plotArea>'
        '</c:chart><c:externalData r:id="rId1"/></c:chartSpace>',
    }  # fmt: skip


def planted() -> tuple[io.BytesIO, Planted]:
    """Make the document, with the list of what must go and what must stay."""
    p = Planted()
    stories = _stories(p)
    parts = _simple_parts(p)
    links = [
        *(("rIdHdr", "header", "header1.xml"), ("rIdN", "footnotes", "footnotes.xml")),
        *(("rIdSt", "styles", "styles.xml"), ("rIdSe", "settings", "settings.xml")),
        *(("rIdC", "comments", "comments.xml"), ("rIdX", "customXml", "../customXml/item1.xml")),
        ("rIdP", "printerSettings", "printerSettings1.bin"),
        ("rIdGone", "image", "media/gone.jpg"),
        *(("rIdJpg", "image", "media/jpg.jpg"), ("rIdPng", "image", "media/png.png")),
        *(("rIdXls", "package", "embeddings/a.xlsx"), ("rIdChart", "chart", "charts/chart1.xml")),
        ("rIdFile", "hyperlink", p.leak("file:///C:/{}/x.docx")),
        ("rIdUnc", "hyperlink", p.share()),
        ("rIdLink", "image", p.leak("file:///D:/{}.jpg")),
        ("rIdClick", "hyperlink", p.leak("file:///E:/{}.docx")),
        ("rIdWeb", "hyperlink", "https://www.example.go.jp/"),
    ]  # fmt: skip
    outside = ("rIdFile", "rIdUnc", "rIdLink", "rIdClick", "rIdWeb")
    microsoft = "http://schemas.microsoft.com/office/2011/relationships/"
    rows = [(i, f"{OFFICE}/{k}", t) for i, k, t in links]
    rows += [("rIdPe", microsoft + "people", "people.xml")]
    rows += [("rIdCe", microsoft + "commentsExtended", "commentsExtended.xml")]
    meta = "http://schemas.openxmlformats.org/package/2006/relationships/metadata"
    root = rels(
        ("rId1", OFFICE + "/officeDocument", "word/document.xml"),
        ("rId2", meta + "/core-properties", "docProps/core.xml"),
        ("rId3", OFFICE + "/extended-properties", "docProps/app.xml"),
        ("rId4", OFFICE + "/custom-properties", "docProps/custom.xml"),
        ("rId5", meta + "/thumbnail", "docProps/thumbnail.jpeg"),
        ("rId6", "http://schemas.microsoft.com/office/2020/02/relationships/classificationlabels",
         "docMetadata/LabelInfo.xml"),
    )  # fmt: skip
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": _types(parts),
        "_rels/.rels": root,
        **stories,
        **parts,
        "word/_rels/document.xml.rels": rels(*rows, external=outside),
        "word/_rels/settings.xml.rels": rels(
            ("rIdT", OFFICE + "/attachedTemplate", p.leak("file:///C:/{}/t.dotx")),
            ("rIdR", OFFICE + "/recipientData", "recipientData.xml"),
            external=("rIdT",),
        ),
        "word/charts/_rels/chart1.xml.rels": rels(
            ("rId1", OFFICE + "/package", "../embeddings/b.xlsx")
        ),
    }
    return _packed(members, p), p


def _types(parts: dict[str, str | bytes]) -> str:
    known = {"word/document.xml": WORD_TYPE.format("document.main")}
    for name in ("header1", "footnotes", "styles", "settings", "comments", "people"):
        known[f"word/{name}.xml"] = WORD_TYPE.format(name.rstrip("1"))
    known["word/charts/chart1.xml"] = (
        "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
    )
    extensions = {name.rpartition(".")[2] for name in parts} - {"xml"}
    return types(known, dict.fromkeys(sorted(extensions), "application/octet-stream"))


def _packed(members: dict[str, str | bytes], p: Planted) -> io.BytesIO:
    """Zip with a comment on the file, on a member, and an extra field."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6))
            if name.endswith("header1.xml"):
                info.comment = p.leak().encode()
                note = p.leak().encode()
                info.extra = struct.pack("<HH", 0x4D45, len(note)) + note
            box.writestr(info, data)
        box.comment = p.leak().encode()
    out.seek(0)
    return out


__all__ = ["PACKAGE", "Planted", "exif", "jpeg", "planted", "png"]
