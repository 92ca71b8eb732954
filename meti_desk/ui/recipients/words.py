"""Words for certificates and recipients, and the tone that goes with them."""

from typing import TYPE_CHECKING

from meti_desk.ui.strings import term, tr
from meti_desk.ui.widgets.dates import shown_day

if TYPE_CHECKING:
    from meti_desk.services.recipient_messages import CertificateView, RecipientView

_BAD = frozenset({"expired", "not-yet", "revoked", "unusable"})


def state_word(one: "CertificateView") -> str:
    """Name the state of a certificate; one that was compared by phone says so."""
    word = term(f"certificate.state.{one.state}")
    if one.confirmed_by and one.usable and one.state in {"self-signed", "untrusted"}:
        return tr("{state}（電話で確認済み）", state=word)
    return word


def state_tone(one: "CertificateView") -> str:
    """Give the tone that helps the word."""
    if one.state in _BAD:
        return "danger"
    return "success" if one.usable and one.state != "expiring" else "warning"


def ends_word(one: "CertificateView") -> str:
    """Say until when a certificate holds."""
    day = shown_day(one.ends[:10])
    if one.days_left < 0:
        return tr("{day}まで（過ぎています）", day=day)
    if one.state == "expiring":
        return tr("{day}まで（あと{n}日）", day=day, n=one.days_left)
    return tr("{day}まで", day=day)


def kind_word(kind: str) -> str:
    """Name a kind of key as people write it."""
    family, _, bits = kind.partition("-")
    if family == "rsa":
        return tr("RSA {bits} ビット", bits=bits)
    return tr("楕円曲線 {name}", name=kind.upper()) if family == "p" else kind


def grouped(fingerprint: str) -> str:
    """Write a fingerprint so that it can be read aloud: groups of four, eight in a line."""
    upper = fingerprint.upper()
    groups = [upper[at : at + 4] for at in range(0, len(upper), 4)]
    return "\n".join(" ".join(groups[at : at + 8]) for at in range(0, len(groups), 8))


def certificates_word(row: "RecipientView") -> str:
    """Say in a few words how it stands with the certificates of a recipient."""
    if not row.certificates:
        return tr("なし")
    usable = [one for one in row.certificates if one.usable]
    best = max(usable or row.certificates, key=lambda one: one.ends)
    return state_word(best)


def place_word(*, inside: bool) -> str:
    """Say whether a recipient belongs to the ministry."""
    return tr("省内") if inside else tr("省外")
