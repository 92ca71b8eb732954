"""How: the proposed method with its reason and what it meets, and what opens the file."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from meti_desk.ui.strings import term, tr
from meti_desk.ui.widgets.build import Text, column, empty, row, tag
from meti_desk.ui.widgets.buttons import Segmented
from meti_desk.ui.widgets.check import Check
from meti_desk.ui.widgets.choice import Choice
from meti_desk.ui.widgets.fields import Field
from meti_desk.ui.widgets.strength import StrengthHint

if TYPE_CHECKING:
    from meti_desk.services.proposing import Proposal

_KEEP_NAMES = frozenset({"cms", "metienc", "html"})
"""Methods that keep the name of a file inside."""
_CERTIFICATE, _MADE, _OWN, _AGREED = "certificate", "made", "own", "agreed"


class HowBox(QFrame):
    """Method, key and name."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._proposal: Proposal | None = None
        self._touched = False
        self._asked = False
        self.setProperty("card", "plain")
        self._method: Choice | None = None
        self._place = row(spacing=10)
        self._proposed = tag(tr("提案"), "primary")
        self._why = Text("", "small")
        self._meets = Text("", "body")
        self._warn = Text("", "error")
        self.by = Segmented(
            tr("開けるもの"),
            [
                (_CERTIFICATE, tr("宛先の証明書")),
                (_MADE, tr("作ったパスワード")),
                (_AGREED, tr("合意したパスワード")),
                (_OWN, tr("自分で決める")),
            ],
            small=True,
        )
        self._by_says = Text("", "small")
        self.password = Field(tr("パスワード"), secret=True, small=True)
        self.strength = StrengthHint(self.password.edit)
        self.reason = Field(tr("短い鍵を使う、やむを得ない理由（第30条第1項）"), small=True)
        self.hiding = Check(tr("ファイル名も中に隠す"))
        self.setLayout(
            column(
                Text(tr("保護の方法"), "h2"), self._place, self._why, self._meets, self._warn, 4,
                Text(tr("開けるもの"), "h3"), self.by, self._by_says, self.password,
                self.strength, self.reason, self.hiding,
                spacing=8, margins=(20, 16, 20, 16),
            )
        )  # fmt: skip
        self.by.chosen.connect(self._chose_by)
        self.password.edit.textChanged.connect(self.changed)
        self.reason.edit.textChanged.connect(self.changed)
        self.hiding.toggled.connect(self.changed)
        self._show()

    @property
    def method(self) -> str:
        """Give the method that is chosen; nothing before there is a proposal."""
        return self._method.value if self._method is not None else ""

    @property
    def key(self) -> str:
        """Give what opens the file: `certificate`, `made`, `own` or `agreed`."""
        return str(self.by.value or _MADE)

    @property
    def ready(self) -> bool:
        """Tell whether all is there that the choice needs."""
        if self._proposal is None:
            return False
        if self.key == _OWN:
            return bool(self.password.edit.text())
        if self.key == _CERTIFICATE:
            return not self._proposal.short or bool(self.reason.text)
        return True

    @property
    def hides_name(self) -> bool:
        """Tell whether the name is kept inside."""
        return self.hiding.isChecked() and self.method in _KEEP_NAMES

    def show_proposal(self, proposal: "Proposal") -> None:
        """Show what is proposed; what the person chose before stays while it can be."""
        before = self.method if self._touched else ""
        self._proposal = proposal
        usable = [one for one in proposal.offers if one.suits]
        options = [(one.id, term(f"method.{one.id}")) for one in usable]
        value = before if before in dict(options) else proposal.method
        held = self._method is not None and self._method.hasFocus()
        empty(self._place)
        self._proposed = tag(tr("提案"), "primary")
        self._method = Choice(tr("保護の方法"), options, value)
        self._method.chosen.connect(self._chose)
        self._place.addWidget(self._method, 1)
        self._place.addWidget(self._proposed)
        if held:
            self._method.setFocus()
        self._offer_keys(proposal)
        self._show()

    def _offer_keys(self, proposal: "Proposal") -> None:
        can = {
            _CERTIFICATE: proposal.by_certificate and self._takes_certificates(),
            _AGREED: proposal.agreed,
            _MADE: True,
            _OWN: True,
        }
        for key, allowed in can.items():
            self.by.button(key).setEnabled(allowed)
        if not self._asked or not can.get(self.key, False):
            first = next(key for key in (_CERTIFICATE, _AGREED, _MADE) if can[key])
            self.by.set_value(first)

    def _takes_certificates(self) -> bool:
        offers = self._proposal.offers if self._proposal is not None else ()
        return any(one.id == self.method and one.certificates for one in offers)

    def _chose(self, _method: str) -> None:
        self._touched = True
        if self._proposal is not None:
            self._offer_keys(self._proposal)
        self._show()
        self.changed.emit()

    def _chose_by(self, _key: object) -> None:
        self._asked = True
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        proposal = self._proposal
        offer = (
            next((o for o in proposal.offers if o.id == self.method), None) if proposal else None
        )
        same = proposal is not None and proposal.method == self.method
        self._proposed.setVisible(same)
        self._why.tell(term(proposal.why) if proposal is not None and same else "")
        self._meets.tell(term(offer.sentence) if offer is not None else "")
        notes = [term(code) for code in proposal.notes] if proposal is not None else []
        if offer is not None and not offer.arrives:
            notes.insert(0, tr("宛先の「受け取れる方法」にありません。"))
        self._warn.tell("\n".join(notes))
        says = {
            _CERTIFICATE: tr("宛先の人だけが、自分の鍵やカードで開けます。"),
            _MADE: tr("推測できないパスワードを作り、通知書にも書きます。"),
            _AGREED: tr("宛先と合意して記録してあるパスワードを使います。"),
            _OWN: tr("16文字以上で、ほかで使っていないものにしてください。"),
        }
        self._by_says.tell(says[self.key])
        self.password.setVisible(self.key == _OWN)
        if self.key != _OWN:
            self.password.edit.clear()
        short = proposal is not None and proposal.short and self.key == _CERTIFICATE
        self.reason.setVisible(short)
        self.hiding.setVisible(self.method in _KEEP_NAMES)
