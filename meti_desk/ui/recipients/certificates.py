"""The certificates of a recipient: how each stands, its fingerprint, and what can be done."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from meti_desk.ui.recipients.words import ends_word, grouped, kind_word, state_tone, state_word
from meti_desk.ui.strings import term, tr
from meti_desk.ui.widgets.build import Part, Text, card, column, empty, row, tag
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.order import set_reading_order

if TYPE_CHECKING:
    from meti_desk.services.recipient_messages import CertificateView, RecipientView


class CertificatesCard(QFrame):
    """All certificates, and the button that takes another one."""

    import_wanted = Signal()
    confirmed = Signal(str)
    """A fingerprint that was compared by phone."""
    removed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "plain")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(12)
        self.take = Button(
            tr("証明書を取り込む"), small=True, icon_name="plus", on=self.import_wanted.emit
        )
        says = Text(
            tr(
                "証明書があれば、パスワードを伝えずに保護できます。ファイルをここに置いても取り込めます。"
            ),
            "small",
        )
        top = row(spacing=8)
        top.addWidget(Text(tr("証明書"), "h3"), 1)
        top.addWidget(self.take)
        self.setLayout(column(top, says, self._rows, spacing=8, margins=(20, 16, 20, 16)))

    def show_recipient(self, one: "RecipientView") -> None:
        """Show the certificates of a recipient."""
        empty(self._rows)
        for certificate in one.certificates:
            self._rows.addWidget(self._certificate(certificate))
        set_reading_order(self)

    def _certificate(self, one: "CertificateView") -> QWidget:
        head = row(spacing=10)
        head.addWidget(Text(one.name, "strong"), 1)
        head.addWidget(tag(state_word(one), state_tone(one)))
        facts = "　".join(
            (kind_word(one.kind), tr("発行：{name}", name=one.issuer), ends_word(one))
        )
        parts: list[Part] = [head, Text(facts, "small")]
        if one.why and (one.needs_phone or not one.usable or one.state == "expiring"):
            parts.append(Text(term(one.why), "small"))
        if one.short:
            parts.append(Text(term("certificate.short"), "small"))
        if not one.revocation and one.usable and not one.confirmed_by:
            parts.append(Text(tr("失効していないかは、確かめられていません。"), "small"))
        parts += [Text(tr("指紋（SHA-256）"), "small"), Text(grouped(one.fingerprint), "secret")]
        last = row(spacing=8)
        if one.needs_phone:
            same = Button(
                tr("電話で確かめた"), small=True, icon_name="check",
                name=tr("{name}の指紋を電話で確かめた", name=one.name),
                on=lambda: self.confirmed.emit(one.fingerprint),
            )  # fmt: skip
            last.addWidget(same)
        last.addStretch(1)
        last.addWidget(
            Button(
                tr("除く"), "quiet", small=True,
                name=tr("証明書（{name}）を除く", name=one.name),
                on=lambda: self.removed.emit(one.fingerprint),
            )
        )  # fmt: skip
        parts.append(last)
        return card(column(*parts, spacing=6, margins=(16, 12, 16, 12)), "note")
