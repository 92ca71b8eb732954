"""設定: who I am, appearance, safety, whether the set-up is well, what is kept here."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from meti_desk.services.messages import Person, Watched
from meti_desk.services.store_keys import StoreKeysView
from meti_desk.services.syncing import SyncView
from meti_desk.ui.icons import IconMark
from meti_desk.ui.jobs import Job
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.notices import NOTIFY
from meti_desk.ui.main.page import Page
from meti_desk.ui.main.pills import Pills
from meti_desk.ui.recipients.own_key import OwnKeyCard
from meti_desk.ui.settings import appearance
from meti_desk.ui.settings.keys import KeysCard
from meti_desk.ui.settings.sync import SyncCard
from meti_desk.ui.settings.watching import WatchCard
from meti_desk.ui.strings import Told, term, tr
from meti_desk.ui.welcome.person_form import PersonForm
from meti_desk.ui.widgets.build import Part, Text, card, column, empty, panel, row
from meti_desk.ui.widgets.buttons import Button, Segmented
from meti_desk.ui.widgets.order import set_reading_order
from meti_desk.ui.widgets.pagehead import head
from meti_desk.ui.widgets.scroll import Scroll

IDLE = "idle-minutes"
IDLE_STANDARD = 10
_IDLE_CHOICES = (5, 10, 15, 30)

_Held = tuple[
    Person,
    appearance.Appearance,
    str,
    tuple[tuple[str, bool, str], ...],
    tuple[tuple[str, str], ...],
    tuple[Watched, ...],
    StoreKeysView,
]


class SettingsPage(Page):
    """One long page in cards."""

    def __init__(self, desktop: Desktop) -> None:
        super().__init__(desktop)
        self.person = PersonForm()
        self.look = appearance.AppearanceCard()
        self.watching = WatchCard(desktop, self.banner)
        self.idle = Segmented(
            tr("操作がないときにロックするまで"), [(n, tr("{n}分", n=n)) for n in _IDLE_CHOICES]
        )
        self.keys = KeysCard(desktop, self.banner)
        self.sync = SyncCard(desktop, self.banner)
        self.own = OwnKeyCard(desktop, self.banner)
        self._doctor = QVBoxLayout()
        self._stored = QVBoxLayout()
        self._fill_late = (self._doctor, self._stored)
        keep = Button(tr("保存する"), name=tr("あなたについてを保存する"), on=self._keep_person)
        cards = (
            _card(tr("あなたについて"), self.person, row(None, keep)),
            self.sync,
            self.look,
            self.watching,
            _card(
                tr("安全"),
                Text(tr("操作がないときにロックするまで"), "strong"),
                self.idle,
            ),
            self.keys,
            self.own,
            _card(tr("診断"), self._doctor),
            _card(tr("この端末に残るもの"), self._stored),
        )
        inner = panel(column(*cards, None, spacing=16, margins=(32, 2, 32, 24)))
        self.setLayout(
            column(
                column(
                    head(tr("設定"), Pills(desktop)),
                    self.banner,
                    spacing=10,
                    margins=(32, 26, 32, 16),
                ),
                Scroll(inner, tr("設定")),
                spacing=0,
            )
        )
        self.look.chosen.connect(self._keep)
        self.keys.ended.connect(self._read_keys)
        self.idle.chosen.connect(lambda n: self._keep(IDLE, str(n)))

    def shown(self) -> None:
        """Read everything anew."""
        self.own.shown()
        desk = self.desktop.desk

        def work(_job: Job) -> _Held:
            idle = desk.setting(IDLE, str(IDLE_STANDARD))
            seen = desk.watched()
            look, keys = appearance.read(desk), desk.store_keys.status()
            return desk.person(), look, idle, desk.doctor(), desk.stored(), seen, keys

        self.desktop.ask(self, work, self._show, self.banner)

    def _show(self, held: _Held) -> None:
        person, look, idle, checks, stored, watched, keys = held
        self.keys.show_status(keys)
        self._read_sync()
        self.watching.show_folders(watched)
        self.person.fill(person)
        self.look.show_choice(look)
        self.idle.set_value(int(idle) if idle.isdigit() else IDLE_STANDARD)
        for one in self._fill_late:
            empty(one)
        for code, well, detail in checks:
            self._doctor.addWidget(_check_line(code, detail, well=well))
        for code, where in stored:
            line = row(Text(term(code), "strong", wrap=False), spacing=12)
            line.addWidget(Text(where, "body"), 1)
            self._stored.addWidget(panel(line))
        set_reading_order(self)

    def _keep_person(self) -> None:
        person, desk = self.person.person(), self.desktop.desk
        if person is None:
            return
        held = person
        self.desktop.ask(
            self,
            lambda _job: desk.set_person(held),
            lambda _n: self._said(tr("保存しました。")),
            self.banner,
        )

    def _keep(self, key: str, value: str) -> None:
        desk = self.desktop.desk
        self.desktop.ask(
            self,
            lambda _job: desk.put_setting(key, value),
            lambda _n: self.desktop.appearance_wanted.emit(),
            self.banner,
        )

    def _read_sync(self) -> None:
        desk = self.desktop.desk

        def work(_job: Job) -> tuple[SyncView, str]:
            return desk.syncing.status(), desk.setting(NOTIFY)

        def done(held: tuple[SyncView, str]) -> None:
            self.sync.show_status(held[0])
            self.sync.show_notify(held[1])

        self.desktop.ask(self, work, done, self.banner)

    def _read_keys(self) -> None:
        desk = self.desktop.desk
        self.desktop.ask(
            self, lambda _job: desk.store_keys.status(), self.keys.show_status, self.banner
        )

    def _said(self, text: str) -> None:
        self.banner.tell(Told(text), "well")


def _card(title: str, *parts: Part) -> QWidget:
    return card(column(Text(title, "h2"), *parts, spacing=10, margins=(24, 18, 24, 20)))


def _check_line(code: str, detail: str, *, well: bool) -> QWidget:
    mark = IconMark("check" if well else "alert", "success" if well else "danger", 18)
    state = Text(tr("良好") if well else tr("要対応"), "well" if well else "error", wrap=False)
    line = row(mark, state, Text(term(f"doctor.{code}"), "strong", wrap=False), spacing=12)
    line.addWidget(Text(detail, "small"), 1)
    return panel(line)
