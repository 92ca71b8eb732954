"""A workbook in which every hiding place holds a string of its own."""

import io
import struct
import zipfile

from tests.formats.ooxml.builder import rels, types
from tests.formats.ooxml.planted import Planted, exif, jpeg, png
from tests.formats.ooxml.xlsx.workbooks import BOOK_TYPE, LINK, MAIN, PART_TYPE

S = f'xmlns="{MAIN}" xmlns:r="{LINK}"'
MS = "http://schemas.microsoft.com/office/"
XR = f'xmlns:xr="{MS}spreadsheetml/2014/revision" xmlns:xr3="{MS}spreadsheetml/2016/revision3"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
A = "http://schemas.openxmlformats.org/drawingml/2006/"
D = f'xmlns:xdr="{A}spreadsheetDrawing" xmlns:a="{A}main" xmlns:c="{A}chart" xmlns:r="{LINK}"'
META = "http://schemas.openxmlformats.org/package/2006/relationships/metadata"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill>'
    "<patternFill/></fill></fills>"
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="1"><xf/></cellXfs><cellStyles count="1"><cellStyle name="標準" xfId="0" '
    'builtinId="0"/></cellStyles></styleSheet>'
)
WEB = "https://www.example.go.jp/"


def _inline(p: Planted, place: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{p.shown()}</t></is></c>'


def _cells(p: Planted) -> str:
    """Write the first sheet's rows: what is seen, and formulas that tell more than they show."""
    formulas = [
        p.leak("[1]{}!A1"),
        p.leak("'[1]My {}'!$B$2+1"),
        p.leak("'C:\\Users\\{}\\[b.xlsx]S'!A1"),
        p.leak("HYPERLINK(&quot;C:\\{}\\a.pdf&quot;,&quot;x&quot;)"),
        p.leak("HYPERLINK(&quot;file:///{}/a&quot;)"),
        p.leak("SUM([2]!{})"),
        p.leak("GETPIVOTDATA(&quot;{}&quot;,$A$3)"),
        p.leak("CUBEVALUE(&quot;{}&quot;,A1)"),
        p.leak("Budget+1+N(&quot;{}&quot;)"),
        p.leak("VLOOKUP(1,[3]{}!$A:$B,2)"),
    ]
    rows = [
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>2</v></c></row>',
        f'<row r="2">{_inline(p, "A2")}<c r="B2"><f>SUM(C2:D2)</f><v>4711</v></c></row>',
    ]
    rows += [
        f'<row r="{at}"><c r="A{at}" t="str"><f>{formula}</f><v>{p.shown()}</v></c></row>'
        for at, formula in enumerate(formulas, start=3)
    ]
    shared = (
        f'<row r="20"><c r="A20"><f t="shared" ref="A20:A21" si="0">[1]{p.leak()}!A1</f>'
        '<v>81</v></c></row><row r="21"><c r="A21"><f t="shared" si="0"/><v>82</v></c></row>'
    )
    array = (
        f'<row r="22"><c r="A22" cm="1"><f t="array" ref="A22">[1]{p.leak()}!A1:A2</f>'
        "<v>83</v></c></row>"
    )
    return "".join(rows) + shared + array


def _first(p: Planted) -> str:
    view = f'<customSheetViews><customSheetView guid="{{{p.leak()}}}"/></customSheetViews>'
    scenario = (
        f'<scenarios><scenario name="{p.leak()}" user="{p.leak()}" comment="{p.leak()}">'
        f'<inputCells r="A2" val="{p.leak()}"/></scenario></scenarios>'
    )
    ranges = (
        '<protectedRanges><protectedRange name="Range1" sqref="A1" '
        f'securityDescriptor="O:{p.leak()}"/></protectedRanges>'
    )
    consolidate = (
        f'<dataConsolidate><dataRefs count="1"><dataRef name="{p.leak()}" r:id="rIdCons"/>'
        "</dataRefs></dataConsolidate>"
    )
    checks = (
        '<dataValidations count="2"><dataValidation type="list" prompt="選択" sqref="C3">'
        '<formula1>"a,b"</formula1></dataValidation><dataValidation type="list" sqref="C4">'
        f"<formula1>[1]{p.leak()}!$A$1:$A$9</formula1></dataValidation></dataValidations>"
    )
    links = (
        '<hyperlinks><hyperlink ref="A1" r:id="rIdWeb"/><hyperlink ref="A2" r:id="rIdFile" '
        f'tooltip="{p.path()}"/><hyperlink ref="B1" r:id="rIdUnc"/>'
        f'<hyperlink ref="B2" location="{p.book()}"/></hyperlinks>'
    )
    headers = (
        f"<headerFooter><oddHeader>&amp;C{p.shown()}</oddHeader><evenHeader>&amp;C{p.leak()}"
        f"</evenHeader><firstFooter>{p.leak()}</firstFooter></headerFooter>"
    )
    tail = (
        '<pageSetup orientation="portrait" r:id="rIdPrint"/>'
        + headers
        + '<customProperties><customPr name="'
        + p.leak()
        + '" r:id="rIdProp"/></customProperties><drawing r:id="rIdDraw"/>'
        '<legacyDrawing r:id="rIdVml"/><oleObjects><oleObject progId="'
        + p.leak("Word.{}")
        + '" shapeId="1026" r:id="rIdOle"/></oleObjects>'
        + f'<webPublishItems count="1"><webPublishItem id="1" divId="{p.leak()}" '
        + f'sourceType="sheet" destinationFile="{p.path()}"/></webPublishItems>'
        + '<tableParts count="1"><tablePart r:id="rIdTable"/></tableParts>'
    )
    return (
        f'<worksheet {S} {XR} {MC} mc:Ignorable="xr xr3" xr:uid="{{{p.leak()}}}">'
        f'<!-- {p.leak()} --><sheetViews><sheetView workbookViewId="0"/></sheetViews>'
        f"<sheetData>{_cells(p)}</sheetData>{ranges}{scenario}{consolidate}{view}{checks}{links}"
        f'<pageMargins left="1" right="1" top="1" bottom="1" header="0" footer="0"/>{tail}'
        "</worksheet>"
    )


def _second(p: Planted) -> str:
    return (
        f"<worksheet {S}><sheetData><row r='1'>{_inline(p, 'A1')}<c r='B1' t='s'><v>3</v></c>"
        '</row></sheetData><pageMargins left="1" right="1" top="1" bottom="1" header="0" '
        'footer="0"/></worksheet>'
    )


def _hidden(p: Planted) -> str:
    return (
        f'<worksheet {S}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{p.leak()}</t></is>'
        '</c><c r="B1" t="s"><v>4</v></c><c r="C1" t="str">'
        f"<f>&quot;{p.leak()}&quot;</f><v>{p.leak()}</v></c></row></sheetData></worksheet>"
    )


def _strings(p: Planted) -> str:
    rows = [
        f"<si><t>{p.shown()}</t></si>",
        f"<si><t>{p.leak()}</t></si>",
        f"<si><r><t>{p.shown()}</t></r><r><rPr><b/></rPr><t>{p.shown()}</t></r></si>",
        f"<si><t>{p.shown()}</t></si>",
        f"<si><t>{p.leak()}</t></si>",
        f"<si><r><t>{p.leak()}</t></r><r><t>{p.leak()}</t></r></si>",
    ]
    return f'<sst xmlns="{MAIN}" count="9" uniqueCount="6">{"".join(rows)}</sst>'


def _book(p: Planted, *, hidden: bool) -> str:
    ac = f"{MS}spreadsheetml/2010/11/ac"
    states = (
        f'<sheet name="{p.leak("S{}")}" sheetId="3" state="hidden" r:id="rId3"/>'
        f'<sheet name="{p.leak("V{}")}" sheetId="4" state="veryHidden" r:id="rId4"/>'
        if hidden
        else ""
    )
    names = (
        f'<definedName name="{p.leak()}" hidden="1">{p.leak("&quot;{}&quot;")}</definedName>'
        f'<definedName name="Budget" comment="{p.leak()}">[1]{p.leak()}!$A$1</definedName>'
        f'<definedName name="Far">{p.book()}</definedName>'
        f'<definedName name="Near" comment="{p.leak()}">表1!$A$1</definedName>'
        f'<definedName name="_xlnm.Print_Area" localSheetId="{3 if hidden else 1}">表2!$A$1:$B$9'
        "</definedName>"
    )
    return (
        f'<workbook {S} {MC} mc:Ignorable="x15 xr" xmlns:x15="{MS}spreadsheetml/2010/11/main" {XR}>'
        f'<fileVersion appName="xl" lastEdited="7" codeName="{{{p.leak()}}}"/>'
        f'<fileSharing userName="{p.leak()}" readOnlyRecommended="1"/><workbookPr/>'
        f'<mc:AlternateContent><mc:Choice Requires="x15"><x15ac:absPath url="{p.path()}" '
        f'xmlns:x15ac="{ac}"/></mc:Choice></mc:AlternateContent>'
        f'<xr:revisionPtr documentId="{p.leak()}" xr:uidLastSave="{p.leak()}"/>'
        f'<bookViews><workbookView activeTab="0" xr:uid="{{{p.leak()}}}"/></bookViews>'
        f'<sheets><sheet name="表1" sheetId="1" r:id="rId1"/>{states}'
        f'<sheet name="表2" sheetId="2" r:id="rId2"/></sheets><externalReferences>'
        '<externalReference r:id="rIdExt"/></externalReferences>'
        f"<definedNames>{names}"
        f'</definedNames><customWorkbookViews><customWorkbookView name="{p.leak()}" '
        f'guid="{{{p.leak()}}}" windowWidth="1" windowHeight="1" activeSheetId="1"/>'
        '</customWorkbookViews><pivotCaches><pivotCache cacheId="1" r:id="rIdPivot"/></pivotCaches>'
        f'<smartTagTypes><smartTagType namespaceUri="{p.leak("urn:{}")}" name="{p.leak()}"/>'
        f'</smartTagTypes><webPublishing codePage="932"/><fileRecoveryPr repairLoad="1"/>'
        f'<webPublishObjects count="1"><webPublishObject id="1" divId="{p.leak()}" '
        f'destinationFile="{p.path()}" title="{p.leak()}"/></webPublishObjects>'
        f'<extLst><ext uri="{{x}}"><x15:dataModel><x15:modelTables><x15:modelTable id="1" '
        f'name="{p.leak()}" connection="{p.leak()}"/></x15:modelTables></x15:dataModel></ext>'
        "</extLst></workbook>"
    )


def _vml(p: Planted) -> str:
    return (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:'
        'office" xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shapetype id="_x0000_t202"/>'
        f'<v:shape id="_x0000_s1025" type="#_x0000_t202" style="visibility:hidden"><v:textbox>'
        f'<div>{p.leak()}<br></div></v:textbox><x:ClientData ObjectType="Note"><x:Row>1</x:Row>'
        '</x:ClientData></v:shape><v:shape id="_x0000_s1026" type="#_x0000_t75"><v:imagedata '
        f'o:relid="rId1" o:title="{p.leak()}"/><x:ClientData ObjectType="Pict"><x:Anchor>1, 0, 2, '
        "0, 3, 0, 4, 0</x:Anchor></x:ClientData></v:shape></xml>"
    )


def _drawing(p: Planted, *, hidden: bool) -> str:
    place = (
        "<xdr:from><xdr:col>{0}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row>"
        "<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>9</xdr:col><xdr:colOff>0"
        "</xdr:colOff><xdr:row>9</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>"
    )

    def shape(at: int, told: str, words: str, link: str = "") -> str:
        return (
            f"<xdr:twoCellAnchor>{place.format(at)}<xdr:sp {link}><xdr:nvSpPr><xdr:cNvPr "
            f'id="{at}" {told}/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr/><xdr:txBody><a:bodyPr/>'
            f"<a:p><a:r><a:t>{words}</a:t></a:r></a:p></xdr:txBody></xdr:sp><xdr:clientData/>"
            "</xdr:twoCellAnchor>"
        )

    picture = (
        f'<xdr:twoCellAnchor>{place.format(5)}<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="5" '
        f'name="{p.leak("{}.jpg")}" descr="{p.path()}"><a:hlinkClick r:id="rIdClick"/></xdr:cNvPr>'
        '<xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rIdJpg" r:link="rIdLink"/>'
        "<a:stretch/></xdr:blipFill><xdr:spPr/></xdr:pic><xdr:clientData/></xdr:twoCellAnchor>"
    )
    chart = (
        f"<xdr:twoCellAnchor>{place.format(6)}<xdr:graphicFrame macro=''><xdr:nvGraphicFramePr>"
        '<xdr:cNvPr id="6" name="Chart"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>'
        f'<a:graphic><a:graphicData uri="{A}chart"><c:chart r:id="rIdChart"/></a:graphicData>'
        "</a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor>"
    )
    plain = 'name="s"'
    unseen = shape(8, 'name="h" hidden="1"', p.leak()) if hidden else ""
    return (
        f"<xdr:wsDr {D}>{shape(2, plain, p.shown())}"
        + shape(3, f'name="t" descr="{p.share()}"', p.shown(), f'textlink="[1]{p.leak()}!$A$1"')
        + unseen
        + picture
        + chart
        + "</xdr:wsDr>"
    )


def _chart(p: Planted) -> str:
    cache = '<c:ptCount val="1"/><c:pt idx="0"><c:v>{}</c:v></c:pt>'
    hidden = (
        '<c:extLst><c:ext uri="{x}" xmlns:c15="http://schemas.microsoft.com/office/drawing/2012/'
        f'chart"><c15:filteredBarSeries><c15:ser><c:v>{p.leak()}</c:v></c15:ser>'
        "</c15:filteredBarSeries></c:ext></c:extLst>"
    )
    return (
        f'<c:chartSpace xmlns:c="{A}chart" xmlns:a="{A}main" xmlns:r="{LINK}"><c:pivotSource>'
        f'<c:name>[{p.leak()}.xlsx]S!P</c:name><c:fmtId val="0"/></c:pivotSource><c:chart>'
        f"<c:title><c:tx><c:strRef><c:f>[1]{p.leak()}!$A$9</c:f><c:strCache>"
        f"{cache.format(p.shown())}</c:strCache></c:strRef></c:tx></c:title><c:plotArea>"
        f"<c:barChart><c:ser><c:tx><c:strRef><c:f>[1]{p.leak()}!$A$1</c:f><c:strCache>"
        f"{cache.format(p.shown())}</c:strCache></c:strRef></c:tx><c:cat><c:strRef><c:f>"
        f"{p.book()}</c:f><c:strCache>{cache.format(p.shown())}</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>[1]{p.leak()}!$B$1</c:f><c:numCache><c:formatCode>General"
        f"</c:formatCode>{cache.format('4712')}</c:numCache></c:numRef></c:val></c:ser>{hidden}"
        '</c:barChart></c:plotArea></c:chart><c:externalData r:id="rId1"/></c:chartSpace>'
    )


def _table(p: Planted) -> str:
    return (
        f'<table {S} {XR} id="1" name="T1" displayName="T1" ref="A1:B2" comment="{p.leak()}" '
        f'tableType="queryTable" xr:uid="{{{p.leak()}}}"><tableColumns count="2"><tableColumn '
        f'id="1" name="a" queryTableFieldId="1" xr3:uid="{{{p.leak()}}}"><xmlColumnPr mapId="1" '
        f'xpath="{p.leak("/{}")}" xmlDataType="string"/></tableColumn><tableColumn id="2" name="b">'
        f"<calculatedColumnFormula>[1]{p.leak()}!A1</calculatedColumnFormula></tableColumn>"
        "</tableColumns></table>"
    )


def _data(p: Planted) -> dict[str, str | bytes]:
    """Write the parts that go as a whole."""
    core = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    app = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    thread = f'xmlns="{MS}spreadsheetml/2018/threadedcomments"'
    one = [f"<cp:{n}>{p.leak()}</cp:{n}>" for n in ("lastModifiedBy", "keywords", "category")]
    two = [f"<dc:{n}>{p.leak()}</dc:{n}>" for n in ("creator", "title", "subject", "description")]
    three = [f"<{n}>{p.leak()}</{n}>" for n in ("TitlesOfParts", "Manager", "Company")]
    return {
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{core}" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/">{"".join(one + two)}</cp:coreProperties>',
        "docProps/app.xml": f'<Properties xmlns="{app}">{"".join(three)}</Properties>',
        "docProps/custom.xml": _custom(p),
        "docProps/thumbnail.jpeg": p.leak().encode(),
        "customXml/item1.xml": f"<root>{p.leak()}</root>",
        "xl/comments1.xml": f"<comments {S}><authors><author>{p.leak()}</author></authors>"
        f'<commentList><comment ref="A2" authorId="0"><text><t>{p.leak()}</t></text></comment>'
        "</commentList></comments>",
        "xl/threadedComments/threadedComment1.xml": f"<ThreadedComments {thread}><threadedComment "
        f'ref="A2" personId="{p.leak()}" id="{{1}}"><text>{p.leak()}</text></threadedComment>'
        "</ThreadedComments>",
        "xl/persons/person.xml": f'<personList {thread}><person displayName="{p.leak()}" '
        f'id="{{1}}" userId="{p.leak()}" providerId="AD"/></personList>',
        "xl/revisions/revisionHeaders.xml": f'<headers {S} guid="{{1}}"><header guid="{{1}}" '
        f'dateTime="2026-01-01T00:00:00Z" userName="{p.leak()}" r:id="rId1"/></headers>',
        "xl/revisions/revisionLog1.xml": f'<revisions {S}><rcc rId="1" sId="1"><oc r="A1" '
        f't="inlineStr"><is><t>{p.leak()}</t></is></oc></rcc></revisions>',
        "xl/revisions/userNames.xml": f'<users {S}><userInfo guid="{{1}}" name="{p.leak()}" '
        'id="1" dateTime="2026-01-01T00:00:00Z"/></users>',
        "xl/externalLinks/externalLink1.xml": f'<externalLink {S}><externalBook r:id="rId1">'
        f'<sheetNames><sheetName val="{p.leak()}"/></sheetNames><sheetDataSet><sheetData '
        f'sheetId="0"><row r="1"><cell r="A1" t="str"><v>{p.leak()}</v></cell></row></sheetData>'
        "</sheetDataSet></externalBook></externalLink>",
        "xl/pivotCache/pivotCacheDefinition1.xml": f'<pivotCacheDefinition {S} r:id="rId1" '
        f'refreshedBy="{p.leak()}"><cacheSource type="worksheet"><worksheetSource ref="A1:B2" '
        'sheet="表1"/></cacheSource><cacheFields count="1"><cacheField name="'
        f'{p.leak()}"><sharedItems><s v="{p.leak()}"/></sharedItems></cacheField></cacheFields>'
        "</pivotCacheDefinition>",
        "xl/pivotCache/pivotCacheRecords1.xml": f'<pivotCacheRecords {S} count="1"><r>'
        f'<s v="{p.leak()}"/></r></pivotCacheRecords>',
        "xl/pivotTables/pivotTable1.xml": f'<pivotTableDefinition {S} name="{p.leak()}" '
        'cacheId="1" dataCaption="v"/>',
        "xl/connections.xml": f'<connections {S}><connection id="1" name="{p.leak()}" type="1" '
        f'sourceFile="{p.path()}" refreshedVersion="1"><dbPr connection="Password={p.leak()}" '
        f'command="{p.leak("SELECT {}")}"/></connection></connections>',
        "xl/queryTables/queryTable1.xml": f'<queryTable {S} name="{p.leak()}" connectionId="1"/>',
        "xl/xmlMaps.xml": f'<MapInfo {S} SelectionNamespaces="{p.leak("urn:{}")}"/>',
        "xl/model/item.data": p.leak().encode(),
        "xl/volatileDependencies.xml": f'<volTypes {S}><volType type="realTimeData"><main '
        f'first="{p.leak()}"/></volType></volTypes>',
        "xl/calcChain.xml": f'<calcChain {S}><c r="A3" i="1"/></calcChain>',
        "xl/customProperty1.bin": p.leak().encode("utf-16-le"),
        "xl/printerSettings/printerSettings1.bin": p.leak().encode("utf-16-le") + p.leak().encode(),
        "xl/namedSheetViews/namedSheetView1.xml": '<namedSheetViews xmlns="'
        f'{MS}spreadsheetml/2019/namedsheetviews"><namedSheetView name="{p.leak()}" id="{{1}}"/>'
        "</namedSheetViews>",
        "xl/orphan.xml": f"<x>{p.leak()}</x>",
        "xl/embeddings/oleObject1.bin": p.leak().encode(),
        "xl/embeddings/chart.xlsx": p.leak().encode(),
        "xl/media/jpg.jpg": jpeg((0xE1, exif(p.leak())), (0xFE, p.leak().encode())),
        "xl/media/png.png": png(p.leak().encode()),
    }  # fmt: skip


def _custom(p: Planted) -> str:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
    value = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
    rows = [
        (p.leak(), p.leak()),
        ("MSIP_Label_1_Name", p.leak()),
        ("jp.go.meti.label", "C2;I1;A1"),
        ("jp.go.meti.seal", p.leak()),
    ]
    made = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{n}" name="{k}">'
        f"<vt:lpwstr>{v}</vt:lpwstr></property>"
        for n, (k, v) in enumerate(rows, 2)
    )
    return f'<Properties xmlns="{space}" xmlns:vt="{value}">{made}</Properties>'


def _links(p: Planted, *, hidden: bool) -> dict[str, str]:
    def office(*rows: tuple[str, str, str]) -> list[tuple[str, str, str]]:
        return [(i, k if ":" in k else f"{LINK}/{k}", t) for i, k, t in rows]

    book = [
        *(("rId1", "worksheet", "worksheets/sheet1.xml"),
          ("rId2", "worksheet", "worksheets/sheet2.xml")),
        *(("rIdS", "sharedStrings", "sharedStrings.xml"), ("rIdSt", "styles", "styles.xml")),
        *(("rIdExt", "externalLink", "externalLinks/externalLink1.xml"),
          ("rIdPivot", "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml")),
        *(("rIdConn", "connections", "connections.xml"), ("rIdCalc", "calcChain", "calcChain.xml")),
        *(("rIdMaps", "xmlMaps", "xmlMaps.xml"), ("rIdX", "customXml", "../customXml/item1.xml")),
        *(("rIdRev", "revisionHeaders", "revisions/revisionHeaders.xml"),
          ("rIdUsers", "usernames", "revisions/userNames.xml")),
        ("rIdVol", "volatileDependencies", "volatileDependencies.xml"),
        ("rIdPeople", f"{MS}2017/10/relationships/person", "persons/person.xml"),
        ("rIdModel", f"{MS}2007/relationships/powerPivotData", "model/item.data"),
    ]  # fmt: skip
    if hidden:
        book += [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in (3, 4)]
    sheet = [
        *(("rIdWeb", "hyperlink", WEB), ("rIdFile", "hyperlink", p.leak("file:///C:/{}/x.xlsx"))),
        *(("rIdUnc", "hyperlink", p.share()), ("rIdCons", "externalLinkPath", p.leak("{}.xlsx"))),
        *(("rIdPrint", "printerSettings", "../printerSettings/printerSettings1.bin"),
          ("rIdProp", "customProperty", "../customProperty1.bin")),
        *(("rIdDraw", "drawing", "../drawings/drawing1.xml"),
          ("rIdVml", "vmlDrawing", "../drawings/vmlDrawing1.vml")),
        *(("rIdOle", "oleObject", "../embeddings/oleObject1.bin"),
          ("rIdTable", "table", "../tables/table1.xml")),
        *(("rIdC", "comments", "../comments1.xml"),
          ("rIdPt", "pivotTable", "../pivotTables/pivotTable1.xml")),
        ("rIdTc", f"{MS}2017/10/relationships/threadedComment",
         "../threadedComments/threadedComment1.xml"),
        ("rIdNv", f"{MS}2019/04/relationships/namedSheetView",
         "../namedSheetViews/namedSheetView1.xml"),
    ]  # fmt: skip
    drawing = [
        *(("rIdJpg", "image", "../media/jpg.jpg"), ("rIdChart", "chart", "../charts/chart1.xml")),
        ("rIdLink", "image", p.leak("file:///D:/{}.jpg")),
        ("rIdClick", "hyperlink", p.leak("file:///E:/{}.xlsx")),
    ]
    made = {
        "xl/_rels/workbook.xml.rels": office(*book),
        "xl/worksheets/_rels/sheet1.xml.rels": office(*sheet),
        "xl/drawings/_rels/drawing1.xml.rels": office(*drawing),
        "xl/drawings/_rels/vmlDrawing1.vml.rels": office(("rId1", "image", "../media/png.png")),
        "xl/charts/_rels/chart1.xml.rels": office(("rId1", "package", "../embeddings/chart.xlsx")),
        "xl/tables/_rels/table1.xml.rels": office(
            ("rId1", "queryTable", "../queryTables/queryTable1.xml")
        ),
        "xl/pivotTables/_rels/pivotTable1.xml.rels": office(
            ("rId1", "pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml")
        ),
        "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": office(
            ("rId1", "pivotCacheRecords", "pivotCacheRecords1.xml")
        ),
        "xl/revisions/_rels/revisionHeaders.xml.rels": office(
            ("rId1", "revisionLog", "revisionLog1.xml")
        ),
        "xl/externalLinks/_rels/externalLink1.xml.rels": office(
            ("rId1", "externalLinkPath", p.leak("file:///C:/{}/b.xlsx"))
        ),
    }
    outside = ("rIdWeb", "rIdFile", "rIdUnc", "rIdCons", "rIdLink", "rIdClick")
    found = {name: rels(*rows, external=outside) for name, rows in made.items()}
    name = "xl/externalLinks/_rels/externalLink1.xml.rels"
    found[name] = rels(*made[name], external=("rId1",))
    return found


def planted(*, hidden: bool = True) -> tuple[io.BytesIO, Planted]:
    """Make the workbook, with the list of what must go and what must stay.

    Without `hidden` nothing is in it that a person has to decide on before publishing.
    """
    p = Planted()
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": "",
        "_rels/.rels": rels(
            ("rId1", f"{LINK}/officeDocument", "xl/workbook.xml"),
            ("rId2", f"{META}/core-properties", "docProps/core.xml"),
            ("rId3", f"{LINK}/extended-properties", "docProps/app.xml"),
            ("rId4", f"{LINK}/custom-properties", "docProps/custom.xml"),
            ("rId5", f"{META}/thumbnail", "docProps/thumbnail.jpeg"),
        ),
        "xl/workbook.xml": _book(p, hidden=hidden),
        "xl/worksheets/sheet1.xml": _first(p),
        "xl/worksheets/sheet2.xml": _second(p),
        "xl/sharedStrings.xml": _strings(p),
        "xl/styles.xml": STYLES,
        "xl/drawings/drawing1.xml": _drawing(p, hidden=hidden),
        "xl/drawings/vmlDrawing1.vml": _vml(p),
        "xl/charts/chart1.xml": _chart(p),
        "xl/tables/table1.xml": _table(p),
        **_data(p),
        **_links(p, hidden=hidden),
    }
    if hidden:
        members |= {f"xl/worksheets/sheet{n}.xml": _hidden(p) for n in (3, 4)}
    members["[Content_Types].xml"] = _types(members)
    return _packed(members, p), p


def _types(members: dict[str, str | bytes]) -> str:
    known = {"xl/workbook.xml": BOOK_TYPE}
    for name in members:
        kind = name.rpartition("/")[2].rstrip("1234.xml")
        if name.startswith("xl/worksheets/s"):
            known[name] = PART_TYPE.format("worksheet")
        elif name in {"xl/sharedStrings.xml", "xl/styles.xml", "xl/comments1.xml"}:
            known[name] = PART_TYPE.format(kind)
    known["xl/drawings/drawing1.xml"] = "application/vnd.openxmlformats-officedocument.drawing+xml"
    known["xl/tables/table1.xml"] = PART_TYPE.format("table")
    known["xl/charts/chart1.xml"] = (
        "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
    )
    extensions = {name.rpartition(".")[2] for name in members} - {"xml", "rels"}
    return types(known, dict.fromkeys(sorted(extensions), "application/octet-stream"))


def _packed(members: dict[str, str | bytes], p: Planted) -> io.BytesIO:
    """Zip with a comment on the file, on a member, and an extra field."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6))
            if name.endswith("styles.xml"):
                info.comment = p.leak().encode()
                note = p.leak().encode()
                info.extra = struct.pack("<HH", 0x4D45, len(note)) + note
            box.writestr(info, data)
        box.comment = p.leak().encode()
    out.seek(0)
    return out
