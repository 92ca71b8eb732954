"""A presentation in which every hiding place holds a string of its own."""

import io
import struct
import zipfile
from collections.abc import Mapping

from PIL import Image

from tests.formats.ooxml.builder import rels, types
from tests.formats.ooxml.pptx.decks import MC, TRANSITIONAL

A, P, R = TRANSITIONAL["a"], TRANSITIONAL["p"], TRANSITIONAL["r"]
MS = "http://schemas.microsoft.com/office"
SPACES = (
    f'xmlns:p="{P}" xmlns:a="{A}" xmlns:r="{R}" xmlns:mc="{MC}" '
    f'xmlns:p14="{MS}/powerpoint/2010/main" xmlns:p15="{MS}/powerpoint/2012/main" '
    f'xmlns:a14="{MS}/drawing/2010/main" xmlns:a16="{MS}/drawing/2014/main" '
    f'xmlns:c15="{MS}/drawing/2012/chart" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    f'xmlns:dsp="{MS}/drawing/2008/diagram" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.{}+xml"
_OFFICE = "application/vnd.openxmlformats-officedocument.{}+xml"
_TREE = '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'


class Planted:
    """Hands out unique strings and remembers which may stay and which must go."""

    def __init__(self) -> None:
        self.leaks: list[str] = []
        self.visible: list[str] = []

    def leak(self, text: str = "{}") -> str:
        """Give a text with a string that must go."""
        token = f"PLANT{len(self.leaks):03d}X"
        self.leaks.append(token)
        return text.format(token)

    def path(self) -> str:
        """Give a path that must go."""
        return self.leak("C:\\Users\\{}\\film.mp4")

    def guid(self) -> str:
        """Give an id that must go."""
        token = f"{0xBEEF0000 + len(self.leaks):08X}"
        self.leaks.append(token)
        return f"{{{token}-0000-4000-8000-000000000000}}"

    def number(self) -> str:
        """Give a number that must go."""
        token = str(3_141_592_000 + len(self.leaks))
        self.leaks.append(token)
        return token

    def shown(self) -> str:
        """Give a string that must stay."""
        token = f"SHOWN{len(self.visible):03d}X"
        self.visible.append(token)
        return token


def picture(kind: str, p: Planted, colour: str) -> bytes:
    """Make a picture with metadata."""
    out = io.BytesIO()
    image = Image.new("RGB", (24, 16), colour)
    if kind == "JPEG":
        exif = Image.Exif()
        exif[0x010E], exif[0x013B] = p.leak(), p.leak()
        image.save(out, kind, exif=exif, comment=p.leak().encode())
    else:
        from PIL.PngImagePlugin import PngInfo

        info = PngInfo()
        info.add_text("Author", p.leak())
        image.save(out, kind, pnginfo=info)
    return out.getvalue()


def run(text: str, properties: str = "<a:rPr/>") -> str:
    """Make a run."""
    return f"<a:r>{properties}<a:t>{text}</a:t></a:r>"


def shape(
    number: int,
    inner: str,
    *,
    at: tuple[int, int, int, int] | None = (900000, 900000, 3000000, 400000),
    named: str = "",
    more: str = "",
    drawn: str = "",
    private: str = "",
) -> str:
    """Make a text shape: `named` are attributes of its name, `more` stands inside it."""
    frame = ""
    if at is not None:
        frame = (
            f'<a:xfrm><a:off x="{at[0]}" y="{at[1]}"/><a:ext cx="{at[2]}" cy="{at[3]}"/></a:xfrm>'
        )
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="Text {number}"{named}>{more}</p:cNvPr>'
        f"<p:cNvSpPr/><p:nvPr>{private}</p:nvPr></p:nvSpPr><p:spPr>{frame}"
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{drawn}</p:spPr>'
        f'<p:txBody><a:bodyPr wrap="square"/><a:p>{inner}</a:p></p:txBody></p:sp>'
    )


def pic(number: int, link: str, *, named: str = "", private: str = "", more: str = "") -> str:
    """Make a picture shape."""
    return (
        f'<p:pic><p:nvPicPr><p:cNvPr id="{number}" name="p"{named}/><p:cNvPicPr/><p:nvPr>{private}'
        f'</p:nvPr></p:nvPicPr><p:blipFill><a:blip r:embed="{link}">{more}</a:blip><a:stretch>'
        '<a:fillRect/></a:stretch></p:blipFill><p:spPr><a:xfrm><a:off x="100" y="100"/>'
        '<a:ext cx="900000" cy="600000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        "</p:spPr></p:pic>"
    )


def frame(number: int, uri: str, inner: str) -> str:
    """Make a frame for a table, a chart, a diagram or an object."""
    return (
        f'<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="{number}" name="Frame {number}"/>'
        '<p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm><a:off x="5000" y="5000"/>'
        f'<a:ext cx="2000000" cy="1000000"/></p:xfrm><a:graphic><a:graphicData uri="{uri}">{inner}'
        "</a:graphicData></a:graphic></p:graphicFrame>"
    )


def page(root: str, shapes: str, *, name: str = "", attributes: str = "", after: str = "") -> str:
    """Make a slide or any other page."""
    return (
        f"<p:{root} {SPACES}{attributes}><p:cSld{name}><p:spTree>{_TREE}{shapes}</p:spTree>"
        f"</p:cSld>{after}</p:{root}>"
    )


def effect(number: int, target: int) -> str:
    """Make a click that lets one shape appear."""
    return (
        f'<p:par><p:cTn id="{number}" fill="hold"><p:childTnLst><p:par><p:cTn id="{number + 1}" '
        'presetID="1" presetClass="entr" nodeType="clickEffect"><p:childTnLst><p:set><p:cBhvr>'
        f'<p:cTn id="{number + 2}" dur="1"/><p:tgtEl><p:spTgt spid="{target}"/></p:tgtEl></p:cBhvr>'
        "</p:set></p:childTnLst></p:cTn></p:par></p:childTnLst></p:cTn></p:par>"
    )


def timing(*effects: str, builds: str = "") -> str:
    """Make the animations of a slide."""
    return (
        '<p:timing><p:tnLst><p:par><p:cTn id="1" nodeType="tmRoot"><p:childTnLst><p:seq>'
        f'<p:cTn id="2" nodeType="mainSeq"><p:childTnLst>{"".join(effects)}</p:childTnLst></p:cTn>'
        f"</p:seq></p:childTnLst></p:cTn></p:par></p:tnLst>{builds}</p:timing>"
    )


def extension(inner: str, uri: str = "{00000000-0000-0000-0000-000000000001}") -> str:
    """Make a list with one extension of DrawingML."""
    return f'<a:extLst><a:ext uri="{uri}">{inner}</a:ext></a:extLst>'


def _seen(p: Planted) -> str:
    ident = extension(f'<a16:creationId id="{p.guid()}"/>')
    foreign = extension(
        f'<x:cell xmlns:x="http://vendor.example/x" v="{p.leak()}">{p.leak()}</x:cell>'
    )
    web = '<a:rPr><a:hlinkClick r:id="rWeb"/></a:rPr>'
    file = f'<a:rPr><a:hlinkClick r:id="rFile" tooltip="{p.path()}"/></a:rPr>'
    unc = '<a:rPr><a:hlinkClick r:id="rUnc"/></a:rPr>'
    jump = '<a:rPr><a:hlinkClick r:id="rJump" action="ppaction://hlinksldjump"/></a:rPr>'
    pres = p.leak("ppaction://hlinkpres?slideindex=1&amp;slidetitle={}")
    other = f'<a:rPr><a:hlinkClick r:id="rPres" action="{pres}"/></a:rPr>'
    heard = f'<a:snd r:embed="rSnd" name="{p.leak("{}.wav")}"/>'
    sound = f'<a:rPr><a:hlinkClick r:id="">{heard}</a:hlinkClick></a:rPr>'
    group = (
        '<p:grpSp><p:nvGrpSpPr><p:cNvPr id="70" name="g"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>'
        '<p:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="4000000" cy="4000000"/>'
        '<a:chOff x="0" y="0"/><a:chExt cx="4000" cy="4000"/></a:xfrm></p:grpSpPr>'
        + shape(71, run(p.shown()), at=(10, 10, 900, 400))
        + shape(72, run(p.leak()), at=(90000, 10, 900, 400))
        + shape(73, run(p.leak()), at=(10, 900, 900, 400), named=' hidden="1"')
        + "</p:grpSp>"
    )
    return "".join([
        shape(2, run(p.shown()), private='<p:ph type="title"/>', more=ident),
        shape(3, run(p.shown(), web) + run(p.shown(), file) + run(p.shown(), unc)
              + run(p.shown(), jump) + run(p.shown(), other) + run(p.shown(), sound), more=foreign),
        shape(4, run(p.shown()) + run(p.leak(), '<a:rPr sz="100"/>')
              + run(p.leak(), "<a:rPr><a:noFill/></a:rPr>")
              + run(p.leak(), '<a:rPr><a:solidFill><a:srgbClr val="000000"><a:alpha val="0"/>'
                              "</a:srgbClr></a:solidFill></a:rPr>")),
        shape(5, run(p.leak()), named=' hidden="1"'),
        shape(6, run(p.leak()), at=(30000000, 100, 900000, 400000)),
        shape(7, run(p.leak()), at=(100, -9000000, 900000, 400000)),
        shape(8, run(p.shown()), private='<p:custDataLst><p:tags r:id="rTag2"/></p:custDataLst>'),
        f"<!-- {p.leak()} --><?office {p.leak()}?>",
        group,
    ])  # fmt: skip


def _pictures(p: Planted) -> str:
    original = extension(
        '<a14:imgProps><a14:imgLayer r:embed="rOrig"><a14:imgEffect/></a14:imgLayer></a14:imgProps>'
    )
    media = (
        '<a:videoFile r:link="rFilm"/><p:extLst>'
        '<p:ext uri="{DAA4B4D4-6D71-4841-9C94-3DE7FCFB9230}">'
        f'<p14:media r:embed="rMedia"><p14:bmkLst><p14:bmk name="{p.leak()}" time="10"/>'
        "</p14:bmkLst></p14:media></p:ext></p:extLst>"
    )
    path = p.path()
    embedded = (
        f'<p:oleObj name="Sheet" r:id="rOle" imgW="1" imgH="1" progId="Excel.Sheet.12"><p:embed/>'
        f"{pic(0, 'rPng')}</p:oleObj>"
    )
    legacy = '<p:oleObj spid="_x0000_s1026" name="Old" r:id="rOld" progId="Word.Document.8"/>'
    linked = '<p:oleObj name="L" r:id="rLinked" progId="Excel.Sheet.12"><p:link/>'
    linked += pic(0, "rPng") + "</p:oleObj>"
    uri = "http://schemas.openxmlformats.org/presentationml/2006/ole"
    return "".join([
        pic(20, "rJpg", named=f' descr="{path}" title="{p.leak("{}.jpg")}"', more=original),
        pic(21, "rPng", named=f' descr="{p.shown()}"'),
        pic(22, "rPng", private=media),
        pic(23, "rPng", private='<a:videoFile r:link="rOutside"/>'),
        pic(24, "rSecret", named=' hidden="1"'),
        frame(30, uri, embedded), frame(31, uri, legacy), frame(32, uri, linked),
    ])  # fmt: skip


def _drawn(p: Planted) -> str:
    cell = f"<a:tc><a:txBody><a:bodyPr/><a:p>{run(p.shown())}</a:p></a:txBody><a:tcPr/></a:tc>"
    row = extension(f'<a16:rowId val="{p.number()}"/>')
    table = (
        f'<a:tbl><a:tblPr/><a:tblGrid><a:gridCol w="900000"/></a:tblGrid><a:tr h="300000">{cell}'
        f"{row}</a:tr></a:tbl>"
    )
    base = "http://schemas.openxmlformats.org/drawingml/2006/"
    return (
        frame(40, base + "table", table)
        + frame(41, base + "chart", '<c:chart r:id="rChart"/>')
        + frame(42, base + "diagram", '<dgm:relIds r:dm="rDm" r:lo="rLo" r:qs="rQs" r:cs="rCs"/>')
    )


def _chart(p: Planted) -> str:
    book = p.leak("'C:\\{}\\[b.xlsx]Sheet1'!$A$1")
    gone = (
        f'<c:ext uri="{{02D57815-91ED-43cb-92C2-25804820EDAC}}"><c15:filteredBarSeries><c15:ser>'
        f"<c:tx><c:v>{p.leak()}</c:v></c:tx></c15:ser></c15:filteredBarSeries></c:ext>"
    )
    return (
        f"<c:chartSpace {SPACES}><c:chart><c:title><c:tx><c:rich><a:bodyPr/><a:p>{run(p.shown())}"
        '</a:p></c:rich></c:tx></c:title><c:plotArea><c:barChart><c:barDir val="col"/><c:ser>'
        f'<c:idx val="0"/><c:order val="0"/><c:val><c:numRef><c:f>{book}</c:f><c:numCache>'
        f'<c:ptCount val="1"/><c:pt idx="0"><c:v>7</c:v></c:pt></c:numCache></c:numRef></c:val>'
        f"</c:ser><c:extLst>{gone}</c:extLst></c:barChart></c:plotArea></c:chart>"
        '<c:externalData r:id="rId1"/><c:printSettings><c:headerFooter><c:oddHeader>'
        f"{p.leak()}</c:oddHeader></c:headerFooter></c:printSettings></c:chartSpace>"
    )


def _remarks(p: Planted) -> dict[str, str | bytes]:
    legacy = (
        f'<p:cm authorId="0" dt="2026-01-02T03:04:05" idx="1"><p:pos x="1" y="1"/>'
        f"<p:text>{p.leak()}</p:text></p:cm>"
    )
    authors = f'<p:cmAuthor id="0" name="{p.leak()}" initials="{p.leak()}" lastIdx="1" clrIdx="0"/>'
    p188 = f'xmlns:p188="{MS}/powerpoint/2018/8/main" xmlns:a="{A}"'
    body = "<p188:txBody><a:bodyPr/><a:p>{}</a:p></p188:txBody>"
    modern = (
        f'<p188:cm id="{p.guid()}" authorId="{p.guid()}" created="2026-01-02T03:04:05.006">'
        f'<p188:replyLst><p188:reply id="{p.guid()}" authorId="{p.guid()}">'
        f"{body.format(run(p.leak()))}</p188:reply></p188:replyLst>{body.format(run(p.leak()))}"
        "</p188:cm>"
    )
    people = (
        f'<p188:author id="{p.guid()}" name="{p.leak()}" initials="{p.leak()}" '
        f'userId="{p.leak("S::{}@example.go.jp")}" providerId="AD"/>'
    )
    changes = f'<pc:chgInfo xmlns:pc="{MS}/powerpoint/2013/main/command">{p.leak()}</pc:chgInfo>'
    revision = f'<v:revInfo xmlns:v="{MS}/powerpoint/2015/10/main">'
    revision += f'<v:client id="{p.guid()}"/></v:revInfo>'
    return {
        "ppt/comments/comment1.xml": f'<p:cmLst xmlns:p="{P}">{legacy}</p:cmLst>',
        "ppt/comments/modernComment_1.xml": f"<p188:cmLst {p188}>{modern}</p188:cmLst>",
        "ppt/commentAuthors.xml": f'<p:cmAuthorLst xmlns:p="{P}">{authors}</p:cmAuthorLst>',
        "ppt/authors.xml": f"<p188:authorLst {p188}>{people}</p188:authorLst>",
        "ppt/changesInfos/changesInfo1.xml": changes,
        "ppt/revisionInfo.xml": revision,
    }


def _around(p: Planted) -> dict[str, str | bytes]:
    tag = f'<p:tagLst xmlns:p="{P}"><p:tag name="{{}}" val="{{}}"/></p:tagLst>'
    core = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    app = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    first, second = "creator title subject description", "lastModifiedBy keywords category"
    one = "".join(f"<dc:{n}>{p.leak()}</dc:{n}>" for n in first.split())
    one += "".join(f"<cp:{n}>{p.leak()}</cp:{n}>" for n in second.split())
    two = "".join(f"<{n}>{p.leak()}</{n}>" for n in ("Manager", "Company", "HyperlinkBase"))
    update = f'<p:sldSyncPr xmlns:p="{P}" serverSldId="{p.leak()}"/>'
    ink = "http://www.w3.org/2003/InkML"
    return {
        "ppt/tags/tag1.xml": tag.format(p.leak(), p.leak()),
        "ppt/tags/tag2.xml": tag.format(p.leak(), p.leak()),
        "ppt/slideUpdateInfo/slideUpdateInfo1.xml": update,
        "ppt/printerSettings/printerSettings1.bin": p.leak().encode(),
        "ppt/embeddings/book.xlsx": p.leak().encode(),
        "ppt/embeddings/chart.xlsx": p.leak().encode(),
        "ppt/embeddings/old.bin": p.leak().encode(),
        "ppt/media/jpg.jpg": picture("JPEG", p, "red"),
        "ppt/media/png.png": picture("PNG", p, "green"),
        "ppt/media/vml.png": picture("PNG", p, "blue"),
        "ppt/media/secret.jpg": picture("JPEG", p, "black"),
        "ppt/media/orig.wdp": p.leak().encode(),
        "ppt/media/film.mp4": b"\0\0\0\x18ftypmp42" + bytes(64),
        "ppt/media/sound.wav": b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0" + bytes(24),
        "ppt/orphan.xml": f"<x>{p.leak()}</x>",
        "ppt/ink/ink1.xml": f'<inkml:ink xmlns:inkml="{ink}"><inkml:definitions><inkml:context>'
        f'<inkml:timestamp timeString="{p.leak("2026-01-02T{}")}"/></inkml:context>'
        f"</inkml:definitions><inkml:traceGroup><inkml:annotationXML><a>{p.leak()}</a>"
        f"</inkml:annotationXML><inkml:trace>{p.shown()}</inkml:trace></inkml:traceGroup></inkml:ink>",
        "customXml/item1.xml": f"<root>{p.leak()}</root>",
        "docProps/thumbnail.jpeg": p.leak().encode(),
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{core}" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/">{one}</cp:coreProperties>',
        "docProps/app.xml": f'<Properties xmlns="{app}">{two}</Properties>',
        "docProps/custom.xml": _custom(p),
    }  # fmt: skip


def _custom(p: Planted) -> str:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
    value = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
    rows = [
        (p.leak(), p.leak()),
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


def _pages(p: Planted) -> dict[str, str | bytes]:
    ink = '<p:contentPart r:id="rInk"/>'
    remark = '<p:extLst><p:ext uri="{6950BFC3-D8DA-4A85-94F7-54DA5524770B}"><p188:commentRel '
    remark += f'xmlns:p188="{MS}/powerpoint/2018/8/main" r:id="rCm2"/></p:ext></p:extLst>'
    moves = timing(
        effect(3, 2), effect(6, 5), builds='<p:bldLst><p:bldP spid="5" grpId="0"/></p:bldLst>'
    )
    guides = '<p:extLst><p:ext uri="{EFAFB233-063F-42B5-8137-9DF3F51BA10A}"><p15:sldGuideLst>'
    guides += f'<p15:guide id="1" pos="{p.number()}"/></p15:sldGuideLst></p:ext></p:extLst>'
    sections = "".join(
        f'<p14:section name="{p.leak()}" id="{{1111111{n}-0000-4000-8000-000000000000}}">'
        f'<p14:sldIdLst><p14:sldId id="{256 + n}"/></p14:sldIdLst></p14:section>'
        for n in (1, 2)
    )
    main = (
        f'<p:presentation {SPACES}><p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="rM"/>'
        '</p:sldMasterIdLst><p:notesMasterIdLst><p:notesMasterId r:id="rN"/></p:notesMasterIdLst>'
        '<p:handoutMasterIdLst><p:handoutMasterId r:id="rH"/></p:handoutMasterIdLst><p:sldIdLst>'
        '<p:sldId id="257" r:id="s1"/><p:sldId id="258" r:id="s2"/><p:sldId id="259" r:id="s3"/>'
        '</p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/><p:notesSz cx="6858000" cy="9144000"/>'
        f'<p:custShowLst><p:custShow name="{p.leak()}" id="0"><p:sldLst><p:sld r:id="s1"/>'
        f'<p:sld r:id="s2"/></p:sldLst></p:custShow><p:custShow name="{p.leak()}" id="1"><p:sldLst>'
        '<p:sld r:id="s2"/></p:sldLst></p:custShow></p:custShowLst><p:custDataLst>'
        '<p:custData r:id="rCust"/><p:tags r:id="rTag1"/></p:custDataLst><p:extLst>'
        '<p:ext uri="{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"><p14:sectionLst>'
        f"{sections}</p14:sectionLst></p:ext></p:extLst></p:presentation>"
    )
    notes = shape(2, run(p.leak()), private='<p:ph type="body" idx="1"/>')
    header = shape(3, run(p.leak()), private='<p:ph type="hdr"/>')
    secret = shape(2, run(p.leak()), private='<p:ph type="title"/>') + shape(3, run(p.leak()))
    ident = '<p:extLst><p:ext uri="{BB962C8B-B14F-4D97-AF65-F5344CB8AC3E}"><p14:creationId val="'
    tail = f'{ident}{p.number()}"/></p:ext></p:extLst>'
    third = page("sld", shape(2, run(p.shown())) + ink).replace("</p:spTree>", f"</p:spTree>{tail}")
    base = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
    model = (
        '<dgm:pt modelId="{1}"><dgm:t><a:bodyPr/><a:p>' + run(p.shown()) + "</a:p></dgm:t></dgm:pt>"
    )
    return {
        "ppt/presentation.xml": main,
        "ppt/presProps.xml": f'<p:presentationPr {SPACES}><p:htmlPubPr title="{p.leak()}" '
        'r:id="rHtml"><p:sldAll/></p:htmlPubPr><p:showPr><p:sldRg st="1" end="2"/></p:showPr>'
        "<p:clrMru>"
        '<a:srgbClr val="ABCDEF"/></p:clrMru></p:presentationPr>',
        "ppt/viewProps.xml": f'<p:viewPr {SPACES} lastView="{p.leak()}"/>',
        "ppt/slides/slide1.xml": page("sld", _seen(p) + _pictures(p) + _drawn(p),
                                      after=moves + remark,
                                      name=f' name="{p.leak()}"'),
        "ppt/slides/slide2.xml": page("sld", secret, attributes=' show="0"'),
        "ppt/slides/slide3.xml": third,
        "ppt/slideLayouts/slideLayout1.xml": page("sldLayout", shape(2, run(p.shown()))
            + shape(3, run(p.leak()), named=' hidden="1"'), after=guides),
        "ppt/slideMasters/slideMaster1.xml": page("sldMaster", shape(2, run(p.shown())), after=(
            f'<p:clrMap {_CLRMAP}/><p:sldLayoutIdLst><p:sldLayoutId id="2147483649" r:id="rL"/>'
            "</p:sldLayoutIdLst>")),
        "ppt/notesSlides/notes1.xml": page("notes", notes + header),
        "ppt/notesMasters/notesMaster1.xml": page("notesMaster", shape(2, run(p.leak())),
                                                  after=f"<p:clrMap {_CLRMAP}/>"),
        "ppt/handoutMasters/handoutMaster1.xml": page("handoutMaster", shape(2, run(p.leak())),
                                                      after=f"<p:clrMap {_CLRMAP}/>"),
        "ppt/charts/chart1.xml": _chart(p),
        "ppt/diagrams/data1.xml": f'<dgm:dataModel xmlns:dgm="{base}" xmlns:a="{A}"><dgm:ptLst>'
        f"{model}</dgm:ptLst></dgm:dataModel>",
        "ppt/drawings/vmlDrawing1.vml": '<xml xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:o="urn:schemas-microsoft-com:office:office"><v:shape id="_x0000_s1026" '
        f'style="width:9pt"><v:imagedata o:relid="rId1" o:title="{p.leak()}"/></v:shape></xml>',
        "ppt/theme/theme1.xml": THEME, "ppt/theme/theme2.xml": THEME, "ppt/theme/theme3.xml": THEME,
    }  # fmt: skip


_CLRMAP = (
    'bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2" '
    'accent3="accent3" accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink" '
    'folHlink="folHlink"'
)
_COLOURS = "".join(
    f'<a:{n}><a:srgbClr val="{v}"/></a:{n}>'
    for n, v in {
        "dk1": "000000", "lt1": "FFFFFF", "dk2": "222222", "lt2": "EEEEEE", "accent1": "4472C4",
        "accent2": "ED7D31", "accent3": "A5A5A5", "accent4": "FFC000", "accent5": "5B9BD5",
        "accent6": "70AD47", "hlink": "0563C1", "folHlink": "954F72",
    }.items()
)  # fmt: skip
_FILL = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
_LATIN = '<a:latin typeface="Arial"/><a:ea typeface=""/><a:cs typeface=""/>'
THEME = (
    f'<a:theme xmlns:a="{A}" name="T"><a:themeElements><a:clrScheme name="C">{_COLOURS}'
    f'</a:clrScheme><a:fontScheme name="F"><a:majorFont>{_LATIN}</a:majorFont><a:minorFont>'
    f'{_LATIN}</a:minorFont></a:fontScheme><a:fmtScheme name="S"><a:fillStyleLst>{_FILL * 3}'
    f"</a:fillStyleLst><a:lnStyleLst>{f'<a:ln>{_FILL}</a:ln>' * 3}</a:lnStyleLst><a:effectStyleLst>"
    f"{'<a:effectStyle><a:effectLst/></a:effectStyle>' * 3}</a:effectStyleLst><a:bgFillStyleLst>"
    f"{_FILL * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
)


def _links(p: Planted) -> dict[str, str | bytes]:
    """Make all relationship members."""
    meta = "http://schemas.openxmlformats.org/package/2006/relationships/metadata"
    new = f"{MS}/2018/10/relationships"

    def made(*rows: tuple[str, str, str], outside: tuple[str, ...] = ()) -> str:
        return rels(
            *((i, t if "://" in t else f"{R}/{t}", to) for i, t, to in rows), external=outside
        )

    layout = ("rL", "slideLayout", "../slideLayouts/slideLayout1.xml")
    return {
        "_rels/.rels": made(
            ("1", "officeDocument", "ppt/presentation.xml"),
            ("2", meta + "/core-properties", "docProps/core.xml"),
            ("3", "extended-properties", "docProps/app.xml"),
            ("4", "custom-properties", "docProps/custom.xml"),
            ("5", meta + "/thumbnail", "docProps/thumbnail.jpeg"),
        ),
        "ppt/_rels/presentation.xml.rels": made(
            ("rM", "slideMaster", "slideMasters/slideMaster1.xml"),
            ("rN", "notesMaster", "notesMasters/notesMaster1.xml"),
            ("rH", "handoutMaster", "handoutMasters/handoutMaster1.xml"),
            *((f"s{n}", "slide", f"slides/slide{n}.xml") for n in (1, 2, 3)),
            ("rPp", "presProps", "presProps.xml"), ("rVp", "viewProps", "viewProps.xml"),
            ("rTh", "theme", "theme/theme1.xml"), ("rCa", "commentAuthors", "commentAuthors.xml"),
            ("rAu", new + "/authors", "authors.xml"), ("rTag1", "tags", "tags/tag1.xml"),
            ("rCust", "customXml", "../customXml/item1.xml"),
            ("rPr", "printerSettings", "printerSettings/printerSettings1.bin"),
            ("rCh", f"{MS}/2016/11/relationships/changesInfo", "changesInfos/changesInfo1.xml"),
            ("rRe", f"{MS}/2015/10/relationships/revisionInfo", "revisionInfo.xml"),
        ),
        "ppt/_rels/presProps.xml.rels": made(
            ("rHtml", "htmlPubSaveAs", p.leak("file:///C:/{}/a.htm")), outside=("rHtml",)),
        "ppt/slides/_rels/slide1.xml.rels": made(
            layout, ("rNo", "notesSlide", "../notesSlides/notes1.xml"),
            ("rJpg", "image", "../media/jpg.jpg"), ("rPng", "image", "../media/png.png"),
            ("rSecret", "image", "../media/secret.jpg"), ("rTag2", "tags", "../tags/tag2.xml"),
            ("rOrig", f"{MS}/2007/relationships/hdphoto", "../media/orig.wdp"),
            ("rWeb", "hyperlink", "https://www.example.go.jp/"),
            ("rFile", "hyperlink", p.leak("file:///C:/{}/x.pptx")),
            ("rUnc", "hyperlink", p.leak("\\\\server\\{}\\x.pptx")),
            ("rPres", "hyperlink", p.leak("file:///D:/{}.pptx")),
            ("rJump", "slide", "slide2.xml"), ("rSnd", "audio", "../media/sound.wav"),
            ("rFilm", "video", "../media/film.mp4"),
            ("rMedia", f"{MS}/2007/relationships/media", "../media/film.mp4"),
            ("rOutside", "video", p.leak("file:///E:/{}.mp4")),
            ("rOle", "package", "../embeddings/book.xlsx"),
            ("rOld", "oleObject", "../embeddings/old.bin"),
            ("rLinked", "oleObject", p.leak("file:///F:/{}.xlsx")),
            ("rVml", "vmlDrawing", "../drawings/vmlDrawing1.vml"),
            ("rChart", "chart", "../charts/chart1.xml"),
            ("rDm", "diagramData", "../diagrams/data1.xml"),
            ("rCm1", "comments", "../comments/comment1.xml"),
            ("rCm2", new + "/comments", "../comments/modernComment_1.xml"),
            ("rUp", "slideUpdateInfo", "../slideUpdateInfo/slideUpdateInfo1.xml"),
            outside=("rWeb", "rFile", "rUnc", "rPres", "rOutside", "rLinked"),
        ),
        "ppt/slides/_rels/slide2.xml.rels": made(layout),
        "ppt/slides/_rels/slide3.xml.rels": made(layout, ("rInk", "customXml", "../ink/ink1.xml")),
        "ppt/slideLayouts/_rels/slideLayout1.xml.rels": made(
            ("rM", "slideMaster", "../slideMasters/slideMaster1.xml")),
        "ppt/slideMasters/_rels/slideMaster1.xml.rels": made(
            layout, ("rTh", "theme", "../theme/theme1.xml")),
        "ppt/notesSlides/_rels/notes1.xml.rels": made(
            ("rN", "notesMaster", "../notesMasters/notesMaster1.xml"),
            ("rS", "slide", "../slides/slide1.xml")),
        "ppt/notesMasters/_rels/notesMaster1.xml.rels": made(
            ("rTh", "theme", "../theme/theme2.xml")),
        "ppt/handoutMasters/_rels/handoutMaster1.xml.rels": made(
            ("rTh", "theme", "../theme/theme3.xml")),
        "ppt/charts/_rels/chart1.xml.rels": made(("rId1", "package", "../embeddings/chart.xlsx")),
        "ppt/drawings/_rels/vmlDrawing1.vml.rels": made(("rId1", "image", "../media/vml.png")),
    }  # fmt: skip


def _types(members: Mapping[str, object]) -> str:
    known = {
        "ppt/presentation.xml": _TYPE.format("presentation.main"),
        "ppt/ink/ink1.xml": "application/inkml+xml",
        "ppt/charts/chart1.xml": _OFFICE.format("drawingml.chart"),
        "docProps/custom.xml": _OFFICE.format("custom-properties"),
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    folders = {
        "slides": "slide", "slideLayouts": "slideLayout", "slideMasters": "slideMaster",
        "notesSlides": "notesSlide", "notesMasters": "notesMaster", "tags": "tags",
        "handoutMasters": "handoutMaster", "comments": "comments",
    }  # fmt: skip
    for name in members:
        folder = name.split("/")[1] if name.count("/") == 2 else ""
        if folder in folders and name.endswith(".xml"):
            known[name] = _TYPE.format(folders[folder])
        if folder == "theme":
            known[name] = "application/vnd.openxmlformats-officedocument.theme+xml"
    for name in ("presProps", "viewProps", "commentAuthors"):
        known[f"ppt/{name}.xml"] = _TYPE.format(name)
    media = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "mp4": "video/mp4"}
    media |= {"wav": "audio/wav", "wdp": "image/vnd.ms-photo", "bin": "application/octet-stream"}
    media |= {"vml": "application/vnd.openxmlformats-officedocument.vmlDrawing"}
    media |= {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
    return types(known, media)


def planted() -> tuple[io.BytesIO, Planted]:
    """Make the presentation."""
    p = Planted()
    members: dict[str, str | bytes] = {"[Content_Types].xml": ""}
    members |= _pages(p) | _remarks(p) | _around(p) | _links(p)
    members["[Content_Types].xml"] = _types(members)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6))
            if name.endswith("slide3.xml"):
                info.comment = p.leak().encode()
                note = p.leak().encode()
                info.extra = struct.pack("<HH", 0x4D45, len(note)) + note
            box.writestr(info, data)
        box.comment = p.leak().encode()
    out.seek(0)
    return out, p
