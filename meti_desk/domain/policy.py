"""方針: what the ministry rules where the standard leaves it to the ministry.

The standard points to the 管理規程 for what 機密性 means and for the 取扱制限 (Art. 4), and lets
named articles be relaxed by a ruling. All of that is data, read from `forms/policy.toml` by
`meti_desk.standard.policy_file`; this module gives it meaning. It never lowers a measure but by
an exemption that the article itself names (Arts. 13, 19-4, 77-1, 77-3, 77-5, 77-7, 82-1).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal

from meti_desk.domain.clues import ClueRule, ClueWords
from meti_desk.domain.foreign import ForeignRule
from meti_desk.domain.label import Label
from meti_desk.domain.mark_text import MarkTexts
from meti_desk.domain.recipients import domain_of
from meti_desk.domain.restriction import Restriction, Serves, Strength, Vocabulary

StrengthWord = Literal["forbidden", "needs-permit", "required"]
Operation = Literal[
    "copy", "distribute", "print", "send", "forward", "carry", "provide", "publish", "store",
    "reuse", "overwrite", "erase",
]  # fmt: skip
"""What is really done with information, whatever the button is called."""

Scope = Literal["transfer", "provide", "both", ""]
RecipientKind = Literal["inside", "outside", "contractor", "any"]

_STRENGTHS: dict[StrengthWord, Strength] = {
    "forbidden": Strength.FORBIDDEN,
    "needs-permit": Strength.NEEDS_PERMIT,
    "required": Strength.REQUIRED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionEntry:
    """取扱制限: one restriction that may be put on information (Art. 4, 管理規程第22条).

    `bites` names the operations that a 禁止 stops or a 要許可 makes wait. `makes_mandatory` names
    the measure that a 必須 turns from 検討 into duty. Restrictions of one `verb` are joined to the
    strictest.
    """

    name: str
    verb: str
    strength: StrengthWord
    serves: Serves
    bites: tuple[Operation, ...] = ()
    makes_mandatory: str = ""

    @property
    def restriction(self) -> Restriction:
        """Give it as a part of labels."""
        return Restriction(self.verb, _STRENGTHS[self.strength], self.name, self.serves)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What one level of 格付 means here; `confirmed` (確認済み) once someone checked the source."""

    level: Literal["C1", "C2", "C3"]
    text: str
    reference: str
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """A ruling by which an article that allows it is relaxed; `reference` names the ruling.

    `scope` says for Art. 13 whether 移送, 提供 or both are meant. `confidentiality` lists the
    levels that it is for. `also_38_8` names the written ruling by which 38-8 follows 77-5: the
    article has no exemption of its own.
    """

    article: Literal["13", "19-4", "77-1", "77-3", "77-5", "77-7", "82-1"]
    reference: str
    ruled_by: str
    ruled_on: date
    until: date | None = None
    scope: Scope = ""
    confidentiality: tuple[int, ...] = ()
    also_38_8: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingDecision:
    """A decision of the 課室情報セキュリティ責任者 that answers a 検討 once for many cases."""

    id: str
    measure: str
    needed: bool
    confidentiality: tuple[int, ...]
    recipients: RecipientKind = "any"
    until: date
    reason: str
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is proposed for a 検討 that nobody has answered yet; the person decides by going on.

    A proposal is no decision: the window shows it chosen beforehand, and the record says that it
    was taken over, with this reason.
    """

    measure: str
    needed: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """A 検討 that the ministry makes a duty from a level of 機密性 on."""

    measure: str
    from_confidentiality: int
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A class of 情報取扱区域 (Arts. 2 (36), 43); class 0 is 要管理対策区域外."""

    number: int
    name: str
    inside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StoragePlace:
    """A place that a 課室 designated for C3 (Art. 11-5): a folder or, for paper, a safe."""

    unit: str
    name: str
    folder: str = ""
    paper: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkPolicy:
    """How information is marked (明示, Art. 5-1)."""

    confidentiality: tuple[str, str, str] = ("機密性1情報", "機密性2情報", "機密性3情報")
    embargo: str = "公表禁止"
    embargo_bites: tuple[Operation, ...] = ("publish",)
    in_filename: bool = False
    in_subject: bool = False

    @property
    def texts(self) -> MarkTexts:
        """Give the words for `domain.marking`."""
        return MarkTexts(self.confidentiality, self.embargo)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One line of the contact sheet (Arts. 33, 98-4, 99)."""

    case: Literal[
        "malware", "mail", "loss", "wrong-recipient", "contractor", "special-secret", "other"
    ]
    name: str
    phone: str = ""
    mail: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Least strengths of keys and passwords; the algorithms are in the CRYPTREC table."""

    rsa_bits: int = 3072
    ec_bits: int = 256
    password_characters: int = 16
    password_kind: Literal["unambiguous", "words"] = "unambiguous"  # noqa: S105 - a kind, no secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """By which roots certificates are judged, and where a card's software lies (Arts. 14-2, 14-3).

    `folder` is the office's own: `roots/`, `others/` (certificates between) and `crls/` in it are
    read besides `roots`; empty: the folder of the system for settings of an office.
    """

    roots: tuple[str, ...] = ()
    """Files of trusted roots (GPKI), PEM or DER."""
    folder: str = ""
    warn_days: int = 30
    """How many days before its end a certificate is reminded of."""
    modules: tuple[str, ...] = ()
    """PKCS#11 modules of the cards in use here."""
    notice_signers: tuple[str, ...] = ()
    """SHA-256 of the certificates whose notices of 危殆化 are believed (Arts. 28-2(2), 30-2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeStamps:
    """Who vouches for the time of a signature (Art. 14-3, RFC 3161)."""

    authority: str = ""
    """Address (http or https) of the time stamp authority; empty: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permits:
    """How permissions are handled here (Arts. 13, 77, 82)."""

    noted_allowed: bool = False
    """Whether 口頭・書面で許可済（要確認） may be noted."""
    days: int = 31
    """For how many days a permit is asked unless the request says otherwise."""
    stand_ins: tuple[str, ...] = ()
    """Posts that may decide for the responsible person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPolicy:
    """Which decisions the responsible person is asked to judge (確認, Art. 4-2)."""

    levels: tuple[Literal[1, 2, 3], ...] = (2, 3)
    """The levels of 機密性; an undecided label counts as the floor under which it is handled."""
    lowered: bool = True
    """Whether a decision that lowers 機密性 is offered whatever its level."""
    since: date | None = None
    """The first day whose decisions are offered; without it `days` counts."""
    days: int = 30
    """How many days before a device first tells what it decided its decisions are offered: what is
    older was decided before anybody was asked, and is judged when it is decided anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerPolicy:
    """How closely documents are kept apart while they are read."""

    documents_per_process: int = 32
    """How many small documents that get one label together may be read by one confined process;
    1 gives each its own. What is given away always has its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """All rulings of the ministry that the application obeys."""

    title: str
    version: str
    ministry: str
    inside_domains: tuple[str, ...]
    """Mail domains of the ministry, 外局 included; never `go.jp` as a whole."""
    definitions: tuple[Definition, ...]
    restrictions: tuple[RestrictionEntry, ...]
    areas: tuple[Area, ...]
    marks: MarkPolicy = field(default=MarkPolicy())
    permits: Permits = field(default=Permits())
    review: ReviewPolicy = field(default=ReviewPolicy())
    keys: Keys = field(default=Keys())
    certificates: Certificates = field(default=Certificates())
    time_stamps: TimeStamps = field(default=TimeStamps())
    workers: WorkerPolicy = field(default=WorkerPolicy())
    exemptions: tuple[Exemption, ...] = ()
    standing: tuple[StandingDecision, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    raised: tuple[Raised, ...] = ()
    c3_places: tuple[StoragePlace, ...] = ()
    contacts: tuple[Contact, ...] = ()
    clues: tuple[ClueRule, ...] = ()
    clue_words: tuple[ClueWords, ...] = ()
    foreign_labels: tuple[ForeignRule, ...] = ()
    """What labels of other products mean (Art. 4)."""
    widen_inheritance: bool = False
    """Whether restrictions that serve 完全性 and 可用性 are inherited as well."""
    fiscal_year_starts: int = 4
    """The month."""
    server: str = ""

    @property
    def vocabulary(self) -> Vocabulary:
        """Give the restrictions by the word that is written."""
        return _vocabulary(self.restrictions)

    def entry(self, restriction: Restriction) -> RestrictionEntry | None:
        """Find what the policy says of a restriction; nothing for one that it does not know."""
        for entry in self.restrictions:
            if entry.restriction == restriction:
                return entry
        return None

    def is_inside(self, address: str) -> bool:
        """Tell whether a mail address belongs to the ministry; what is unclear does not."""
        domain = domain_of(address)
        return any(
            domain == inside or domain.endswith(f".{inside}") for inside in self.inside_domains
        )

    def outside(self, addresses: Iterable[str]) -> tuple[str, ...]:
        """Keep the addresses of persons outside the ministry (経済産業省外の者)."""
        return tuple(address for address in addresses if not self.is_inside(address))

    def is_controlled(self, area: int | None) -> bool:
        """Tell whether an area class lies inside; what nobody declared lies outside (Art. 43)."""
        return any(known.inside and known.number == area for known in self.areas)

    def exemption(
        self, article: str, label: Label, *, scope: Scope = "", today: date | None
    ) -> Exemption | None:
        """Find a ruling in force for this label; `scope` asks for 移送, 提供 or both together.

        Without a date nothing is in force.
        """
        for one in self.exemptions:
            levels_fit = not one.confidentiality or label.confidentiality in one.confidentiality
            scope_fits = not scope or one.scope in (scope, "both")
            if one.article == article and levels_fit and scope_fits and _holds(one, today):
                return one
        return None

    def standing_decision(
        self, measure: str, label: Label, recipients: RecipientKind, today: date | None
    ) -> StandingDecision | None:
        """Find a standing decision in force for this measure, label and kind of recipient."""
        for one in self.standing:
            fits = one.measure == measure and label.confidentiality in one.confidentiality
            reaches = one.recipients in ("any", recipients)
            if fits and reaches and today is not None and today <= one.until:
                return one
        return None

    def proposal(self, measure: str) -> str:
        """Give what is proposed for a 検討, as `yes` or `no:REASON`; nothing where nothing is."""
        for one in self.proposals:
            if one.measure == measure:
                return f"yes:{one.reason}" if one.needed else f"no:{one.reason}"
        return ""

    def is_raised(self, measure: str, label: Label) -> bool:
        """Tell whether the ministry made a 検討 a duty for this label."""
        return any(
            one.measure == measure and label.confidentiality >= one.from_confidentiality
            for one in self.raised
        )


def _holds(one: Exemption, today: date | None) -> bool:
    return today is not None and one.ruled_on <= today and (not one.until or today <= one.until)


@lru_cache(maxsize=4)
def _vocabulary(entries: tuple[RestrictionEntry, ...]) -> Vocabulary:
    """Remember the words of a policy: they are asked for many times with each document."""
    return Vocabulary({entry.name: entry.restriction for entry in entries})
