"""Kinds of what texts, pages and RTF documents tell besides what they show (Arts. 14-7, 15-2)."""

from meti_desk.formats.inner import Kinds
from meti_desk.formats.noting import Kind

INVISIBLE = "text.invisible-characters"
CONTROL = "text.control-characters"
TRAILING = "text.trailing"

TEXT_KINDS: dict[str, Kind] = {
    # A joiner may be part of the spelling, and a mark of direction of a name: a person decides.
    INVISIBLE: Kind(7, "medium", "kept", "blocks"),
    CONTROL: Kind(7, "high", "kept", "blocks"),
    TRAILING: Kind(13, "medium"),
}

XML_COMMENT = "xml.comment"
XML_DOCTYPE = "xml.doctype"
XML_PATH = "xml.path"
XML_INSTRUCTION = "xml.instruction"
XML_ENTITIES = "xml.entities"
XML_PERSON = "xml.person"

XML_KINDS: dict[str, Kind] = {
    XML_COMMENT: Kind(2, "high"),
    XML_DOCTYPE: Kind(6, "medium"),
    # What stands in the data is the data: a person decides whether it may be seen.
    XML_PATH: Kind(6, "medium", "kept", "kept"),
    XML_INSTRUCTION: Kind(8, "medium"),
    XML_ENTITIES: Kind(10, "high", "blocks", "blocks"),
    XML_PERSON: Kind(15, "medium", "kept", "kept"),
}

COMMENT = "html.comment"
META = "html.meta"
HIDDEN = "html.hidden"
HIDDEN_STYLE = "html.hidden-style"
HIDDEN_OPEN = "html.hidden-open"
SCRIPT = "html.script"
DATA = "html.data-attribute"
OFFICE = "html.office-data"
PATH = "html.path"
TRACKING = "html.tracking-picture"
PICTURE = "html.picture-metadata"
PICTURE_UNCHECKED = "html.picture-unchecked"
PICTURE_REFUSED = "html.picture-refused"
OBJECT = "html.embedded-object"

HTML_KINDS: dict[str, Kind] = {
    **TEXT_KINDS,
    COMMENT: Kind(2, "high"),
    OBJECT: Kind(3, "high", "kept", "blocks"),
    SCRIPT: Kind(3, "medium", "kept", "blocks"),
    PATH: Kind(6, "high"),
    HIDDEN: Kind(7, "high", "removed", "blocks"),
    # A style sheet, a screen of another size or a script may show it again.
    HIDDEN_STYLE: Kind(7, "medium", "kept", "blocks"),
    HIDDEN_OPEN: Kind(7, "high", "blocks", "blocks"),
    TRACKING: Kind(7, "medium"),
    OFFICE: Kind(8, "high"),
    DATA: Kind(8, "medium"),
    PICTURE: Kind(12, "high"),
    PICTURE_UNCHECKED: Kind(12, "high", "blocks", "blocks"),
    PICTURE_REFUSED: Kind(12, "high", "blocks", "blocks"),
    META: Kind(15, "high"),
}
PICTURES = Kinds(PICTURE_UNCHECKED, PICTURE_REFUSED)

RTF_REVISION = "rtf.revision"
RTF_COMMENT = "rtf.comment"
RTF_PEOPLE = "rtf.people"
RTF_EMBEDDED = "rtf.embedded"
RTF_EMBEDDED_ALONE = "rtf.embedded-alone"
RTF_PATH = "rtf.path"
RTF_FIELD = "rtf.field"
RTF_HIDDEN = "rtf.hidden-text"
RTF_INDEX = "rtf.index-entry"
RTF_VARIABLE = "rtf.variable"
RTF_CONNECTION = "rtf.mail-merge"
RTF_OFFICE = "rtf.office-data"
RTF_UNKNOWN = "rtf.unknown-part"
RTF_PICTURE = "rtf.picture-metadata"
RTF_PICTURE_UNCHECKED = "rtf.picture-unchecked"
RTF_PICTURE_REFUSED = "rtf.picture-refused"
RTF_RSID = "rtf.rsid"
RTF_TRAILING = "rtf.trailing"
RTF_PROPERTY = "rtf.property"
RTF_CUSTOM = "rtf.custom-property"
RTF_PROTECTION = "rtf.protection"

RTF_KINDS: dict[str, Kind] = {
    RTF_REVISION: Kind(1, "high", "accepted", "accepted"),
    RTF_COMMENT: Kind(2, "high"),
    RTF_PEOPLE: Kind(2, "high"),
    RTF_EMBEDDED: Kind(3, "high", "replaced", "replaced"),
    RTF_EMBEDDED_ALONE: Kind(3, "high", "blocks", "blocks"),
    RTF_PATH: Kind(6, "high"),
    RTF_FIELD: Kind(6, "medium", "replaced", "replaced"),
    RTF_HIDDEN: Kind(7, "high", "removed", "blocks"),
    RTF_INDEX: Kind(7, "medium", "kept", "blocks"),
    RTF_VARIABLE: Kind(8, "high"),
    RTF_CONNECTION: Kind(8, "high"),
    RTF_OFFICE: Kind(8, "medium"),
    RTF_UNKNOWN: Kind(8, "medium"),
    RTF_PICTURE: Kind(12, "high"),
    RTF_PICTURE_UNCHECKED: Kind(12, "low", "kept", "kept"),
    RTF_PICTURE_REFUSED: Kind(12, "high", "blocks", "blocks"),
    RTF_RSID: Kind(13, "low"),
    RTF_TRAILING: Kind(13, "high"),
    RTF_PROPERTY: Kind(15, "high"),
    RTF_CUSTOM: Kind(15, "medium"),
    RTF_PROTECTION: Kind(15, "low"),
}
RTF_PICTURES = Kinds(RTF_PICTURE_REFUSED, RTF_PICTURE_REFUSED)
