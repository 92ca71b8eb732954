"""An OpenDocument file: a zip with its manifest, or one flat XML file; parts are read lazily."""

import base64
import binascii
import re
from collections.abc import Collection
from typing import BinaryIO

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import ProtectionFound
from meti_desk.formats.container import Container, Limits, damaged, file_size
from meti_desk.formats.odf.names import declarations
from meti_desk.formats.odf.skim import LARGE, Sheets, ThinPart
from meti_desk.formats.odf.splice import Part, escaped
from meti_desk.formats.odf.xml import Element, as_utf8, child, find_all, get, name_of

MANIFEST = "META-INF/manifest.xml"
CONTENT = "content.xml"
_MEDIA = "application/vnd.oasis.opendocument."
_ZIP = b"PK\x03\x04"
_ENCRYPTED_WHOLE = "encrypted-package"
_LONGEST_TYPE = 256

_VARIANTS = {
    "text": "odt", "text-template": "ott", "spreadsheet": "ods", "spreadsheet-template": "ots",
    "presentation": "odp", "presentation-template": "otp", "graphics": "odg",
    "graphics-template": "otg", "text-master": "odm", "text-master-template": "otm",
    "text-web": "oth", "formula": "odf", "formula-template": "otf", "chart": "odc",
    "chart-template": "otc", "image": "odi", "image-template": "oti", "base": "odb",
    "database": "odb",
}  # fmt: skip
_FLAT = {"odt": "fodt", "ods": "fods", "odp": "fodp", "odg": "fodg"}
_BODIES = {
    "text": "text", "text-master": "text", "text-web": "text", "spreadsheet": "spreadsheet",
    "presentation": "presentation", "graphics": "drawing",
}  # fmt: skip
_CIPHERS = {
    "blowfish cfb": ("blowfish", "cfb"), "aes128-cbc": ("aes-128", "cbc"),
    "aes192-cbc": ("aes-192", "cbc"), "aes256-cbc": ("aes-256", "cbc"),
    "aes256-gcm": ("aes-256", "gcm"), "tripledes-cbc": ("tdes-3key", "cbc"),
}  # fmt: skip
_DIGESTS = {"sha1": "sha-1", "sha256": "sha-256", "sha512": "sha-512"}
_DERIVATIONS = {"pbkdf2": "pbkdf2-hmac-sha-1"}
"""PBKDF2 is with SHA-1 here: OpenDocument 1.2, part 3, names no other."""

_META = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<office:document-meta{declarations("office", "meta")} office:version="1.2">'
    "<office:meta></office:meta></office:document-meta>"
).encode()
_STYLES = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<office:document-styles{declarations("office")} office:version="1.2">'
    "<office:automatic-styles></office:automatic-styles>"
    "<office:master-styles></office:master-styles></office:document-styles>"
).encode()
_NEW = {"meta.xml": _META, "styles.xml": _STYLES}


def variant_of_type(media_type: str) -> str | None:
    """Name the variant by a media type (`mimetype`); nothing for what is no OpenDocument."""
    plain = media_type.strip()
    return _VARIANTS.get(plain.removeprefix(_MEDIA)) if plain.startswith(_MEDIA) else None


class OdfFile:
    """One file of the family; changes are kept in memory and written by `save`.

    Raises `InvalidInput`: what `Container` raises, and `document.damaged` with `reason` `mimetype`
    for what does not say that it is OpenDocument.
    """

    def __init__(
        self, source: BinaryIO, limits: Limits | None = None, *, skim: bool = False
    ) -> None:
        """Open the container, or parse the flat file; tell what it is.

        With `skim` the content of a large workbook is read without the rows of its sheets
        (`sheets`), for those who do not change it.
        """
        self._source = source
        self._skim = skim
        self._parts: dict[str, Part | None] = {}
        self._removed: set[str] = set()
        self._drawn: set[str] | None = None
        source.seek(0)
        self.flat = source.read(len(_ZIP)) != _ZIP
        self._container: Container | None = None
        if self.flat:
            self._flat = self._read_flat(limits or Limits())
            self.media_type = get(self._flat.root, "office:mimetype")
        else:
            self._container = Container(source, limits)
            self.media_type = self._declared()
        variant = variant_of_type(self.media_type)
        if variant is None:
            raise damaged("mimetype")
        self.kind = self.media_type.strip().removeprefix(_MEDIA).removesuffix("-template")
        self.variant = _FLAT.get(variant, variant) if self.flat else variant

    def _read_flat(self, limits: Limits) -> Part:
        size = file_size(self._source)
        if size > limits.size:
            raise InvalidInput("document.too-large", size=size, limit=limits.size)
        self._source.seek(0)
        part = Part("document.xml", self._source.read())
        if name_of(part.root) != "office:document":
            raise damaged("mimetype")
        return part

    def _declared(self) -> str:
        """Give the media type that `mimetype` says, or else the manifest."""
        assert self._container is not None  # noqa: S101 - only for zips
        held = self._container.members.get("mimetype")
        if held is not None and held.size <= _LONGEST_TYPE:
            said = self._container.read("mimetype").decode("ascii", "replace").strip()
            if variant_of_type(said):
                return said
        for one in self.entries():
            if get(one, "manifest:full-path") == "/":
                return get(one, "manifest:media-type")
        return ""

    @property
    def names(self) -> list[str]:
        """All members as they stand in the source; none of a flat file."""
        return [] if self._container is None else list(self._container.members)

    def part(self, name: str) -> Part | None:
        """Give a member parsed, or nothing; a flat file gives itself as each of its parts."""
        if self.flat:
            return self._flat
        if name not in self._parts:
            assert self._container is not None  # noqa: S101 - it is a zip
            held = self._container.read(name) if name in self._container else None
            made = ThinPart if name == CONTENT and self.is_thin else Part
            self._parts[name] = None if held is None else made(name, held)
        return self._parts[name]

    @property
    def is_thin(self) -> bool:
        """Whether the content is given without the rows of its sheets."""
        if not self._skim or self._container is None or self.kind != "spreadsheet":
            return False
        held = self._container.members.get(CONTENT)
        return held is not None and held.size > LARGE

    def sheets(self) -> Sheets:
        """Read a workbook's content anew: each sheet with its children, and then with `None`."""
        assert self._container is not None  # noqa: S101 - only for zips
        return Sheets(as_utf8(self._container.read(CONTENT), CONTENT), CONTENT)

    def made(self, name: str) -> Part:
        """Give `meta.xml` or `styles.xml`, made with its entry in the manifest where missing."""
        held = self.part(name)
        if held is None:
            held = self._parts[name] = Part(name, _NEW[name])
            manifest = self.part(MANIFEST)
            listed = {get(one, "manifest:full-path") for one in self.entries()}
            if manifest is not None and name not in listed:
                manifest.edits.append(
                    manifest.root,
                    f"<manifest:file-entry{declarations('manifest')}"
                    f' manifest:full-path="{escaped(name)}" manifest:media-type="text/xml"/>',
                )
        return held

    def drop(self, name: str) -> None:
        """Remove a member and its entry in the manifest."""
        manifest = self.part(MANIFEST)
        self._removed.add(name)
        for one in self.entries():
            if manifest is not None and get(one, "manifest:full-path") == name:
                manifest.edits.remove(one)

    def data(self, href: str) -> bytes | None:
        """Give the bytes of a member that a link inside the document names, or nothing."""
        name = re.sub(r"^\./", "", href)
        if self._container is None or name not in self._container:
            return None
        return self._container.read(name)

    def same_members(self, other: "OdfFile", apart: Collection[str]) -> bool:
        """Tell whether two zips hold the same members, byte for byte as compressed, but these."""
        one, two = self._container, other._container  # noqa: SLF001 - of the same class
        if one is None or two is None:
            return False
        names = [name for name in one.members if name not in apart]
        if names != [name for name in two.members if name not in apart]:
            return False
        methods = all(one.members[name].method == two.members[name].method for name in names)
        return methods and all(one.packed(name) == two.packed(name) for name in names)

    def forget(self, name: str) -> None:
        """Let go of a parsed part that was not changed; it is read again where it is needed."""
        self._parts.pop(name, None)

    def entries(self) -> list[Element]:
        """Give the entries of the manifest."""
        manifest = None if self.flat else self.part(MANIFEST)
        return [] if manifest is None else [
            one for one in manifest.root if name_of(one) == "manifest:file-entry"
        ]  # fmt: skip

    def is_drawn(self, href: str) -> bool:
        """Tell whether what is embedded is part of the text: a chart or a formula.

        Of other embedded documents only the picture is seen; they may hold much more.
        """
        if self._drawn is None:
            self._drawn = {
                get(one, "manifest:full-path").rstrip("/")
                for one in self.entries()
                if get(one, "manifest:media-type").removeprefix(_MEDIA) in {"chart", "formula"}
            }
        return not href or href.removeprefix("./").rstrip("/") in self._drawn

    def body(self) -> Element | None:
        """Give the content: `office:text`, `office:spreadsheet` … inside the body, or nothing."""
        content = self.part("content.xml")
        body = None if content is None else child(content.root, "office:body")
        wanted = _BODIES.get(self.kind)
        return None if wanted is None else child(body, "office:" + wanted)

    @property
    def has_pages(self) -> bool:
        """Whether this kind has pages or slides that people expect a mark on."""
        return self.kind in _BODIES

    def protection(self) -> ProtectionFound | None:
        """Tell whether the document is encrypted, and with what, by the ids of the table."""
        found: list[str] = []
        encrypted = self._container is not None and _ENCRYPTED_WHOLE in self._container
        for one in self.entries():
            for data in find_all(one, "manifest:encryption-data"):
                encrypted = True
                found += _algorithms(data)
        if not encrypted:
            return None
        return ProtectionFound("odf", tuple(dict.fromkeys(found)))

    def is_signed(self) -> bool:
        """Tell whether the document is signed; a signature of its macros alone does not count."""
        if self.flat:
            return next(find_all(self._flat.root, "ds:Signature"), None) is not None
        for name in self.names:
            folder, _, base = name.partition("/")
            plain = base.casefold()
            if folder != "META-INF" or "signatures" not in plain or plain.startswith("macro"):
                continue
            try:
                part = self.part(name)
            except InvalidInput:
                return True
            if part is not None and next(find_all(part.root, "ds:Signature"), None) is not None:
                return True
        return False

    def save(self, target: BinaryIO) -> None:
        """Write the file: changed parts anew, all others copied compressed as they are."""
        if self._container is None:
            target.write(self._flat.result())
            return
        changed = {}
        for name, part in self._parts.items():
            if part is None or name in self._removed:
                continue
            if name not in self._container or part.edits.any:
                changed[name] = part.result()
        gone = [name for name in self._removed if name in self._container]
        self._container.rewrite(target, changed, gone)


def _algorithms(data: Element) -> list[str]:
    found: list[str] = []
    for one in data:
        kind = name_of(one).partition(":")[2]
        name = get(one, f"manifest:{kind}-name").rpartition("#")[2]
        if kind == "algorithm":
            found += _CIPHERS.get(name.lower(), (name.lower(),))
        elif kind == "start-key-generation":
            found.append(_DIGESTS.get(name.lower(), name.lower()))
        elif kind == "key-derivation":
            plain = name.rpartition(":")[2].lower()
            found.append(_DERIVATIONS.get(plain, plain))
    return [name for name in found if name]


def is_new_part(name: str, data: bytes) -> bool:
    """Tell whether a part holds no more than `made` begins with."""
    return _NEW.get(name) == data


def embedded(text: str) -> bytes:
    """Decode a picture of a flat document; damaged ones give what they are."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return text.encode()
