"""Every kind of 付加情報 that is found in workbooks, and which parts of a package hold it."""

from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.notes import Kind
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.package_clean import GOING, KNOWN, Parts

FAMILY = "xlsx"

KINDS: dict[str, Kind] = {
    "xlsx.revision": Kind(1, "high", "accepted", "accepted"),
    "xlsx.comment": Kind(2, "high", "removed", "removed"),
    "xlsx.people": Kind(2, "high", "removed", "removed"),
    "xlsx.name-comment": Kind(2, "medium", "removed", "removed"),
    "xlsx.embedded": Kind(3, "high", "replaced", "replaced"),
    "xlsx.embedded-unseen": Kind(3, "high", "blocks", "blocks"),
    "xlsx.macro": Kind(3, "high", "kept", "blocks"),
    "xlsx.control": Kind(3, "medium", "kept", "blocks"),
    "xlsx.hidden-sheet": Kind(4, "high", "removed", "blocks"),
    "xlsx.hidden-sheet-used": Kind(4, "high", "blocks", "blocks"),
    "xlsx.hidden-rows": Kind(4, "high", "kept", "blocks"),
    "xlsx.hidden-columns": Kind(4, "high", "kept", "blocks"),
    "xlsx.hidden-name": Kind(4, "medium", "removed", "removed"),
    "xlsx.hidden-name-used": Kind(4, "medium", "kept", "blocks"),
    "xlsx.invisible-cell": Kind(4, "high", "kept", "blocks"),
    "xlsx.orphan-string": Kind(4, "high", "removed", "removed"),
    "xlsx.scenario": Kind(4, "high", "removed", "removed"),
    "xlsx.thumbnail": Kind(5, "high", "removed", "removed"),
    "xlsx.path": Kind(6, "high", "removed", "removed"),
    "xlsx.hidden-header": Kind(7, "medium", "removed", "removed"),
    "xlsx.hidden-series": Kind(7, "high", "removed", "removed"),
    "xlsx.hidden-shape": Kind(7, "high", "removed", "blocks"),
    "xlsx.cropped-picture": Kind(7, "medium", "kept", "kept"),
    "xlsx.external-link": Kind(8, "high", "replaced", "replaced"),
    "xlsx.external-link-used": Kind(8, "high", "blocks", "blocks"),
    "xlsx.pivot-cache": Kind(8, "high", "replaced", "replaced"),
    "xlsx.slicer": Kind(8, "high", "blocks", "blocks"),
    "xlsx.connection": Kind(8, "high", "removed", "removed"),
    "xlsx.data-model": Kind(8, "high", "removed", "removed"),
    "xlsx.xml-map": Kind(8, "high", "removed", "removed"),
    "xlsx.custom-view": Kind(8, "high", "removed", "removed"),
    "xlsx.rich-data": Kind(8, "medium", "kept", "blocks"),
    "xlsx.custom-xml": Kind(8, "high", "removed", "removed"),
    "xlsx.printer-settings": Kind(8, "medium", "removed", "removed"),
    "xlsx.customization": Kind(8, "medium", "removed", "removed"),
    "xlsx.markup": Kind(8, "medium", "removed", "removed"),
    "xlsx.document-id": Kind(8, "low", "removed", "removed"),
    "xlsx.editing-state": Kind(8, "low", "removed", "removed"),
    "xlsx.orphan": Kind(8, "high", "removed", "removed"),
    "xlsx.damaged-part": Kind(8, "high", "blocks", "blocks"),
    "xlsx.unknown-part": Kind(8, "low", "kept", "blocks"),
    "xlsx.protection": Kind(8, "low", "kept", "kept"),
    "xlsx.protection-hash": Kind(8, "low", "kept", "removed"),
    "xlsx.phonetic": Kind(8, "low", "kept", "kept"),
    "xlsx.image-metadata": Kind(12, "high", "removed", "removed"),
    "xlsx.image-unchecked": Kind(12, "low", "kept", "kept"),
    "xlsx.zip-metadata": Kind(13, "low", "removed", "removed"),
    "xlsx.author": Kind(15, "high", "removed", "removed"),
    "xlsx.property": Kind(15, "high", "removed", "removed"),
    "xlsx.custom-property": Kind(15, "medium", "removed", "removed"),
    "xlsx.own-property": Kind(15, "low", "removed", "removed"),
}
"""Hidden rows and columns are never deleted: every formula behind them would move."""

PIVOTS = frozenset({"pivotTable", "pivotCacheDefinition", "pivotCacheRecords"})
SLICERS = frozenset({"slicer", "slicerCache", "timeline", "timelineCache"})
_LINKED_DATA = b"_linkedentity"


def _told_of(package: Package, name: str, target: str) -> list[tuple[str, str]] | None:
    """Give people, connections and authors of changes one by one."""
    if not target.endswith(".xml"):
        return None
    root = package.xml(target)
    if name == "people":
        people = [one for one in root.iter() if short(one.tag).endswith(":person")]
        return [("package", str(one.get("displayName") or "")) for one in people]
    if name == "connection":
        told = [" ".join(str(v) for v in one.attrib.values()) for one in root.iter()]
        return [("package", one) for one in told if one] or None
    if name == "revision":
        told = [str(one.get("userName") or one.get("name") or "") for one in root.iter()]
        return [("package", one) for one in dict.fromkeys(told) if one] or None
    return None


PARTS = Parts(
    going={
        **GOING,
        "documenttasks": "comment",
        "person": "people",
        **dict.fromkeys(("revisionHeaders", "revisionLog", "usernames"), "revision"),
        **dict.fromkeys(("connections", "queryTable", "volatileDependencies"), "connection"),
        **dict.fromkeys(("powerPivotData", "customData", "customDataProps"), "data-model"),
        **dict.fromkeys(("xmlMaps", "tableSingleCells"), "xml-map"),
        "namedSheetView": "custom-view",
        "customProperty": "custom-property",
        "attachedToolbars": "customization",
    },
    known=KNOWN
    | PIVOTS
    | SLICERS
    | {
        *("worksheet", "chartsheet", "dialogsheet", "sharedStrings", "styles", "calcChain"),
        *("externalLink", "externalLinkPath", "xlPathMissing", "xlExternalLinkPath/xlPathMissing"),
        *(
            "comments",
            "threadedComment",
            "drawing",
            "vmlDrawing",
            "table",
            "ctrlProp",
            "sheetMetadata",
            "richValueRel",
        ),
        *("rdRichValue", "rdRichValueStructure", "rdRichValueTypes", "rdarray", "richStyles"),
        *("rdSupportingPropertyBag", "rdSupportingPropertyBagStructure", "customXmlProps"),
        *("FeaturePropertyBag", "externalLinkLongPath", "xlStartup", "xlLibrary"),
    },
    noted={
        "vbaProject": "macro",
        "vbaProjectSignature": "macro",
        "xlMacrosheet": "macro",
        "xlIntlMacrosheet": "macro",
        "control": "control",
    },
    told=_told_of,
)
"""What goes of a workbook's package."""


def has_linked_data(package: Package) -> bool:
    """Tell whether cells hold data of a service, of which only one field is shown."""
    return any(
        _LINKED_DATA in package.data(part)
        for part in package.targets(package.main(), "rdRichValueStructure")
    )
