"""Kinds of what media files tell besides what is heard and seen (Arts. 14-7, 15-2)."""

from typing import NamedTuple

from meti_desk.formats.base import Removal, Severity

TAG = "media.tag"
PICTURE = "media.picture"
LOCATION = "media.location"
TIME = "media.time"
NAME = "media.part-name"
ENCODER = "media.encoder"
ENCODER_FRAME = "media.encoder-frame"
APPLICATION = "media.application-data"
UNKNOWN = "media.unknown-part"
UNUSED = "media.unused-bytes"
TRAILING = "media.trailing"
PATH = "media.path"
TIMED = "media.timed-metadata"
UNCHECKED = "media.unchecked"
BMP_TRAILING = "bmp.trailing"
BMP_UNUSED = "bmp.unused-bytes"
BMP_LINK = "bmp.linked-profile"
SVG_COMMENT = "svg.comment"
SVG_DESCRIPTION = "svg.description"
SVG_DOCUMENT_TYPE = "svg.document-type"
SVG_EDITOR = "svg.editor-data"
SVG_EMBEDDED = "svg.embedded-unchecked"
SVG_EXTERNAL = "svg.external"
SVG_HIDDEN = "svg.hidden"
SVG_METADATA = "svg.metadata"
SVG_PATH = "svg.path"
SVG_SCRIPT = "svg.script"
SVG_UNCHECKED = "svg.unchecked"


class Kind(NamedTuple):
    """The class in the order of harm, the severity, and what 提供 and 公表 do with it."""

    group: int
    severity: Severity
    provide: Removal = "removed"
    publish: Removal = "removed"


KINDS: dict[str, Kind] = {
    TAG: Kind(14, "high"),
    PICTURE: Kind(14, "high"),
    LOCATION: Kind(12, "high"),
    TIME: Kind(14, "medium"),
    NAME: Kind(14, "low"),
    ENCODER: Kind(14, "low"),
    # It holds how much silence to leave out at both ends: without it one hears something else.
    ENCODER_FRAME: Kind(14, "low", "kept", "kept"),
    APPLICATION: Kind(14, "medium"),
    UNKNOWN: Kind(14, "medium"),
    UNUSED: Kind(14, "medium"),
    TRAILING: Kind(12, "high"),
    PATH: Kind(6, "high", "blocks", "blocks"),
    TIMED: Kind(12, "high", "blocks", "blocks"),
    UNCHECKED: Kind(14, "high", "blocks", "blocks"),
    BMP_TRAILING: Kind(12, "high"),
    BMP_UNUSED: Kind(14, "medium"),
    BMP_LINK: Kind(6, "high", "blocks", "blocks"),
    SVG_COMMENT: Kind(2, "high"),
    # Read aloud and shown under the pointer: seen by some, so only 公表 takes it out.
    SVG_DESCRIPTION: Kind(15, "low", "kept", "removed"),
    SVG_DOCUMENT_TYPE: Kind(8, "low"),
    SVG_EDITOR: Kind(8, "medium"),
    SVG_EMBEDDED: Kind(3, "high", "blocks", "blocks"),
    # What it shows comes from elsewhere, and asking for it tells who looks.
    SVG_EXTERNAL: Kind(6, "high", "blocks", "blocks"),
    SVG_HIDDEN: Kind(7, "high", "blocks", "blocks"),
    SVG_METADATA: Kind(15, "high"),
    SVG_PATH: Kind(6, "high"),
    SVG_SCRIPT: Kind(11, "high"),
    SVG_UNCHECKED: Kind(14, "high", "blocks", "blocks"),
}
