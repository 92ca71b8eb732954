"""One signature as a card: colour, icon and words say the same, the most important first."""

from pathlib import Path

from PySide6.QtWidgets import QFrame

from meti_desk.services.signing_messages import SignatureView
from meti_desk.ui.icons import IconMark
from meti_desk.ui.strings import term, tr
from meti_desk.ui.widgets.build import Part, Text, card, column, panel, row
from meti_desk.ui.widgets.dates import shown_moment

Look = tuple[str, str, str]
"""Icon, role of its colour, and the kind of the card."""

_LOOKS: dict[str, Look] = {
    "signature.intact": ("check", "success", "plain"),
    "signature.intact-unknown": ("question", "warning", "plain"),
    "signature.not-intact": ("alert", "danger", "error"),
}


def headline(one: SignatureView) -> str:
    """Name what is said first of a signature, as a code."""
    if not one.intact:
        return "signature.not-intact"
    return "signature.intact" if one.chain == "trusted" else "signature.intact-unknown"


def signature_card(one: SignatureView) -> QFrame:
    """Show a signature."""
    said = headline(one)
    icon, role, kind = _LOOKS[said]
    top = row(IconMark(icon, role, 18, f"{role}-soft"), spacing=12)
    top.addWidget(Text(term(said), "h3"), 1)
    parts: list[Part] = [panel(top)]
    parts += [_line(head, text) for head, text in _facts(one)]
    parts += [_note(code) for code in codes_of(one)]
    return card(column(*parts, spacing=6, margins=(20, 14, 20, 14)), kind)


def _facts(one: SignatureView) -> list[tuple[str, str]]:
    when = "signature.time-stamped" if one.time_proven else "signature.time-claimed"
    facts = [
        (term("signature.signer"), one.signer or tr("分かりません")),
        (term(when), shown_moment(one.time) if one.time else tr("分かりません")),
        (term("signature.chain"), term(f"chain.{one.chain}")),
    ]
    if one.time_proven:
        facts.append((tr("時刻認証局"), one.stamp_authority))
    if one.reason:
        facts.append((tr("理由"), one.reason))
    if one.beside:
        facts.append((tr("署名のファイル"), Path(one.beside).name))
    facts.append((term("signature.algorithms"), "　".join(one.algorithms)))
    return [(head, text) for head, text in facts if text]


def codes_of(one: SignatureView) -> tuple[str, ...]:
    """Give the codes of what else is to be known, what is wrong first."""
    codes = (
        *one.problems,
        *((one.chain_why,) if one.chain_why else ()),
        f"signature.label-{one.label}",
        *((f"signature.later-{one.later}",) if one.later != "none" else ()),
        *(f"signature.{state}" for _, state in one.unlisted),
        *one.notes,
    )
    return tuple(dict.fromkeys(codes))


_GOOD = frozenset({"signature.label-same"})
_PLAIN = frozenset({"signature.label-none", "signature.label-unknown", "signature.later-allowed"})


def _note(code: str) -> QFrame:
    icon, role = ("info", "warning")
    if code in _GOOD:
        icon, role = "check", "success"
    elif code in _PLAIN:
        icon, role = "info", "primary"
    line = row(IconMark(icon, role, 16), spacing=10)
    line.addWidget(Text(term(f"note.{code}"), "small"), 1)
    return panel(line)


def _line(head: str, text: str) -> QFrame:
    line = row(Text(head, "strong", wrap=False), spacing=12)
    line.addWidget(Text(text, "body"), 1)
    return panel(line)
