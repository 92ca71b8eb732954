"""Who works here: name, post, unit and mail address."""

from PySide6.QtWidgets import QWidget

from meti_desk.services.messages import Person
from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.build import column, row
from meti_desk.ui.widgets.fields import Field


class PersonForm(QWidget):
    """Four fields; the name is needed, as it stands in every decision."""

    def __init__(self) -> None:
        super().__init__()
        self.name = Field(tr("氏名"), required=tr("必須"))
        self.post = Field(tr("職名（例：係長）"))
        self.unit = Field(tr("所属（例：商務情報政策局 総務課）"))
        self.mail = Field(tr("メールアドレス"))
        first, second = row(spacing=16), row(spacing=16)
        for one in (self.name, self.post):
            first.addLayout(column(one, None), 1)
        for one in (self.unit, self.mail):
            second.addLayout(column(one, None), 1)
        self.setLayout(column(first, second, spacing=12))

    def fill(self, person: Person) -> None:
        """Show who it is."""
        for field, text in (
            (self.name, person.name),
            (self.post, person.post),
            (self.unit, person.unit),
            (self.mail, person.mail),
        ):
            field.edit.setText(text)

    def person(self) -> Person | None:
        """Give who it is, or nothing after saying what is missing."""
        self.name.refuse("" if self.name.text else tr("氏名を書いてください。"))
        if not self.name.text:
            self.name.edit.setFocus()
            return None
        return Person(self.name.text, self.post.text, self.unit.text, self.mail.text)
