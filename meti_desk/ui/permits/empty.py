"""What to do while there is nothing to show: enrol this device, or ask."""

from PySide6.QtWidgets import QFrame

from meti_desk.ui.icons import IconMark
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.build import Text, column, row
from meti_desk.ui.widgets.buttons import Button


class EmptyCard(QFrame):
    """Says what is missing; hidden as soon as something is there."""

    def __init__(self, desktop: Desktop) -> None:
        super().__init__()
        self.setProperty("card", "evidence")
        self._title = Text("", "h3")
        self._says = Text("", "small")
        self.enrol = Button(
            tr("設定を開く"), small=True, icon_name="gear",
            name=tr("設定を開いて登録する"), on=lambda: desktop.page_wanted.emit("settings"),
        )  # fmt: skip
        self._line = column(self._title, self._says, row(self.enrol, None), spacing=6)
        line = row(IconMark("info", "primary", 20), spacing=12, margins=(18, 14, 18, 14))
        line.addLayout(self._line, 1)
        self.setLayout(line)
        self.hide()

    def tell(self, *, enrolled: bool, any_there: bool) -> None:
        """Show what is to be done now."""
        self.setVisible(not enrolled or not any_there)
        self.enrol.setVisible(not enrolled)
        if not enrolled:
            self._title.setText(tr("この端末は、省のサーバーに登録されていません"))
            self._says.setText(
                tr(
                    "登録すると、ここから許可を申請し、回答を受け取れます。登録には、渡された番号を使います。"
                )
            )
            return
        self._title.setText(tr("申請はまだありません"))
        self._says.setText(
            tr(
                "「申請する」から始めるか、格付して保護の画面で「許可を申請する」を選びます。"
                "申請は、次の同期で課室情報セキュリティ責任者に届きます。"
            )
        )
