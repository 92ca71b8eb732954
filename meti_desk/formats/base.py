"""What every document format offers, and how a file's format is found (by content, never by name).

A format reads and writes open binary files only: it never sees a path, opens nothing itself and
keeps no state, so that it can run in a worker that may touch nothing but the descriptors it was
given. Adding a family means adding a module with an object of this shape and one line in
`meti_desk.formats.registry`.
"""

from collections.abc import Mapping
from typing import BinaryIO, Literal, Protocol

import msgspec

OWN_PREFIX = "jp.go.meti."
"""All our own properties in a document begin so."""

LABEL_KEY = "jp.go.meti.label"
HANDLING_KEY = "jp.go.meti.handling"
ID_KEY = "jp.go.meti.id"
SEAL_KEY = "jp.go.meti.seal"

Severity = Literal["high", "medium", "low"]
Removal = Literal["removed", "replaced", "accepted", "kept", "blocks"]
Purpose = Literal["provide", "publish"]
Revisions = Literal["accept", "reject", "refuse"]


class Finding(msgspec.Struct, frozen=True):
    """One kind of 付加情報 at one place (Arts. 14-7, 15-2).

    `kind` is a stable dotted id (`docx.comment`, `pdf.attachment`), `group` the number of the class
    in the order of harm (1-15). `value` is shortened to 80 characters. `removal` says what a scrub
    with the standard choices does with it; `blocks` means that a person has to solve it first.
    """

    kind: str = msgspec.field(name="class")
    group: int
    severity: Severity
    place: str
    value: str
    count: int = 1
    removal: Removal = "removed"


class MarkFound(msgspec.Struct, frozen=True):
    """A mark that stands in the document, as written, and where (`header`, `page 3`, …).

    `own` tells our own mark from one that somebody typed.
    """

    text: str
    place: str
    own: bool = False


class ProtectionFound(msgspec.Struct, frozen=True):
    """How a file is protected: `office`, `pdf`, `zip`, `signed` …, with its algorithms' ids."""

    method: str
    algorithms: tuple[str, ...] = ()


class TextPart(msgspec.Struct, frozen=True):
    """Text of one page, sheet or part, without our own mark."""

    place: str
    text: str


class ForeignLabel(msgspec.Struct, frozen=True, kw_only=True):
    """A label that another product wrote into the file; policy says what it means (Art. 4).

    `scheme` is `msip` (Microsoft), `tscp` (LibreOffice) or `nato` (STANAG 4774). `id` is what the
    policy maps - the label's GUID, the category's identifier, the policy and the classification -,
    `owner` the tenant or the authority, `name` the words that a person sees. `place` tells where
    it stands (`docProps/custom.xml`, `docMetadata/LabelInfo.xml`, …). `details` keep what else was
    said, as written (`Method`, `SetDate`, `ContentBits`, …).
    """

    scheme: Literal["msip", "tscp", "nato"]
    id: str
    owner: str = ""
    name: str = ""
    place: str = ""
    details: dict[str, str] = {}


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A file inside an archive or a mail: what it says of itself, for the join (Art. 6).

    `place` is its path inside (`a.zip/b.docx`). `obstacle` tells why it could not be looked at
    (`encrypted`, `too-deep`, `damaged`, …): then its label is unknown, never absent. `digest` is
    its normalized content digest, by which a record of it is found.
    """

    place: str
    format: str = ""
    properties: dict[str, str] = {}
    marks: tuple[MarkFound, ...] = ()
    foreign: tuple[ForeignLabel, ...] = ()
    obstacle: str = ""
    digest: str = ""


class Clue(msgspec.Struct, frozen=True, kw_only=True):
    """Something in the text that speaks for a label (手掛かり, Art. 4-1): evidence, never more.

    `detector` is a stable id (`my-number`, `phone`, …; words of the policy are `word.ID`). `value`
    is shortened, and masked where showing it would be a leak of its own.
    """

    detector: str
    place: str
    value: str
    count: int = 1


class WordList(msgspec.Struct, frozen=True):
    """Words of the policy that are clues, looked for as written; `id` names the list.

    `but` are longer words in which they mean something else.
    """

    id: str
    words: tuple[str, ...]
    but: tuple[str, ...] = ()


class Inspection(msgspec.Struct, frozen=True, kw_only=True):
    """What a file is and says of itself.

    `embeds` tells whether the label goes into the file itself and not into a sidecar; `markable`
    whether people expect the mark on its pages, so that one that cannot be marked is refused.

    `properties` are our own keys as they stand in the file. `digest` is the normalized content
    digest: SHA-256 in hex over text and media without our mark, our properties and 付加情報;
    marking, scrubbing and saving again do not change it, a changed word does. `obstacle` names why
    the document cannot be rewritten (`signed`, `encrypted`, `legacy`, …), else it is empty.
    """

    format: str
    properties: dict[str, str] = {}
    marks: tuple[MarkFound, ...] = ()
    findings: tuple[Finding, ...] = ()
    protection: ProtectionFound | None = None
    digest: str = ""
    pages: int | None = None
    obstacle: str = ""
    text: tuple[TextPart, ...] = ()
    embeds: bool = True
    markable: bool = True
    foreign: tuple[ForeignLabel, ...] = ()
    members: tuple[Member, ...] = ()
    clues: tuple[Clue, ...] = ()
    earlier: tuple[str, ...] = ()
    """Digests that earlier versions took of the same content: seals that hold them stay good."""
    prints: bytes = b""
    """Fingerprints of the text as `meti_desk.evidence.prints` packs them; empty: not wanted."""


class Wants(msgspec.Struct, frozen=True):
    """What an inspection has to look at; what is not wanted is left empty and costs nothing.

    A family answers `findings`, `digest` and `text` only; prints and clues are taken from its text
    by `meti_desk.formats.inspecting`.
    """

    findings: bool = True
    digest: bool = True
    text: bool = False
    prints: bool = False
    clues: tuple[WordList, ...] | None = None
    """Look for clues, with these words of the policy; `None`: do not look."""
    purpose: Purpose = "provide"
    """What the findings say would become of each: 公表 stops at more than 提供 (Art. 15-2)."""
    marks: tuple[str, ...] = ()
    """The words of this office's own marks, where they are not the usual ones."""
    name: str = ""
    """The file's name, only to report a disagreement with the content and to find a family of
    files without a magic number."""


class LabelOrder(msgspec.Struct, frozen=True):
    """What to write: our properties (an empty mapping removes all of ours) and the visible mark.

    `mark` is the canonical text, `""` removes our mark, `None` leaves it as it is. `subject` is the
    short mark for what has a subject (mails), where policy wants it there; the same rules.
    """

    properties: dict[str, str]
    mark: str | None = None
    subject: str | None = None
    foreign: dict[str, str] = {}
    """Properties of other products' labels to set, by their whole names (`MSIP_Label_<guid>_Name`,
    `urn:bails:…`). Each replaces all that begins with the same prefix, `formats.foreign.prefix_of`;
    labels that are not named stay as they are. Families without named properties pass it over."""


class SkippedPage(msgspec.Struct, frozen=True):
    """A page that could not be marked, and the code that says why (`mark.page-too-small`)."""

    code: str
    page: int


class LabelReport(msgspec.Struct, frozen=True):
    """What was marked: the number of pages or sections, and which were left out."""

    marked: int = 0
    skipped: tuple[SkippedPage, ...] = ()
    notes: tuple[str, ...] = ()
    """Codes of what else the person should know (`pdf.no-longer-pdfa`)."""


class ScrubOrder(msgspec.Struct, frozen=True):
    """What to remove: a preset, kinds or groups that stay, and what happens to 変更履歴.

    `keep` has kinds (`docx.comment`) or group numbers as text (`"2"`). Publishing removes every
    property and mark of ours too; providing keeps label and handling, and drops seal and id.
    """

    purpose: Purpose = "provide"
    keep: tuple[str, ...] = ()
    revisions: Revisions = "accept"


class Removed(msgspec.Struct, frozen=True):
    """How many findings of one kind went."""

    kind: str = msgspec.field(name="class")
    count: int = 1


class ScrubReport(msgspec.Struct, frozen=True):
    """What went, and what was left with the reason in its `removal`."""

    removed: tuple[Removed, ...] = ()
    left: tuple[Finding, ...] = ()


class DocumentFormat(Protocol):
    """One family of file formats. All methods raise `InvalidInput` or `RuleViolation` by code.

    Codes that all formats share: `document.damaged` (not well-formed), `document.encrypted`,
    `document.signed`, `document.bomb` (expands beyond its limit), `document.too-large`,
    `scrub.text-changed` (the proof failed), `scrub.blocked` (a person has to solve it first).
    """

    id: str

    def recognise(self, head: bytes, source: BinaryIO) -> str | None:
        """Name the variant (`docx`, `docm`, …) when the content is of this family, else `None`.

        `head` holds the first 4,096 bytes; `source` may be searched further and need not be
        rewound. Must not fail on damaged files.
        """

    def inspect(self, source: BinaryIO, wants: Wants) -> Inspection:
        """Tell what the file is and holds; encrypted and signed ones are described, not refused."""

    def write_label(self, source: BinaryIO, target: BinaryIO, order: LabelOrder) -> LabelReport:
        """Write the labelled document to `target`, which is empty; `source` stays as it is.

        Everything that is not label or mark is carried over as it is. Writing twice gives the same
        body as writing once.
        """

    def verify_label(self, source: BinaryIO, result: BinaryIO, order: LabelOrder) -> None:
        """Read `result` anew and prove that properties and mark are there and the content is equal.

        Raises `InvalidInput("label.not-proven", what=…)`.
        """

    def scrub(self, source: BinaryIO, target: BinaryIO, order: ScrubOrder) -> ScrubReport:
        """Write to `target` the document without 付加情報, keeping all that the reader sees."""

    def verify_scrub(self, source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
        """Prove by a pass of its own that the hidden went and the seen stayed.

        Raises `InvalidInput("scrub.left-behind", …)` or `InvalidInput("scrub.text-changed", …)`.
        """


MAGIC_BYTES = 4096
"""How much of a file's beginning every format gets to see for recognition."""


def own_properties(properties: Mapping[str, str]) -> dict[str, str]:
    """Keep those properties that are ours."""
    return {k: v for k, v in properties.items() if k.startswith(OWN_PREFIX)}
