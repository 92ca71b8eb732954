"""Passwords as a use case: made, judged, agreed with recipients, written and read out (Art. 14-1).

The book of agreed passwords lies in the encrypted store alone. 取扱記録 tells that one was agreed
and how it was told, never which one.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from meti_desk.domain import events_split
from meti_desk.domain.agreed import Agreed, check_way
from meti_desk.domain.errors import InvalidInput
from meti_desk.protection import password as making
from meti_desk.protection.password import Kind, Strength
from meti_desk.protection.reading import reading, telephone
from meti_desk.services import letters
from meti_desk.services.context import Context
from meti_desk.services.giving import today, write_paper
from meti_desk.services.paper import sendable
from meti_desk.services.password_messages import (
    AgreedDone,
    AgreedView,
    AgreeRequest,
    Made,
    SlipRequest,
)
from meti_desk.services.plain import plain
from meti_desk.services.writing import record_only

if TYPE_CHECKING:
    from meti_desk.services.ports import AgreedPasswords

_FORMATS = (".docx", ".pdf")


class Passwords:
    """Everything about passwords; methods block and may be called from any thread."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def make(self, kind: Kind = "characters", length: int = 0) -> Made:
        """Make a password of 20 characters or more, or of 6 words or more."""
        made = making.generate(self._ctx.ids.token, kind, length=length)
        return Made(password=made.password, bits=made.bits, telephone=telephone(made.password))

    def strength(self, password: str, known: Sequence[str] = ()) -> Strength:
        """Judge a password that a person chose; `known` are names that others would try first."""
        return making.strength(password, known=known)

    def telephone(self, password: str) -> tuple[str, ...]:
        """Write what to say on the telephone, by the 通話表."""
        return telephone(password)

    def list(self) -> tuple[AgreedView, ...]:
        """Give the book without the passwords, by recipient; due ones are marked."""
        return tuple(map(self._view, self._book.all()))

    def entry(self, recipient: str) -> AgreedView | None:
        """Give what is agreed with a recipient, without the password."""
        held = self._book.current(_address(recipient))
        return self._view(held) if held else None

    def agree(self, request: AgreeRequest) -> AgreedDone:
        """Take a password into use for a recipient; the one before opens what was sent before.

        Raises `RuleViolation`: `password.same-route`, `password.too-weak`; `InvalidInput`:
        `recipient.invalid`, `password.same-as-before`, `password.not-agreed` (with `rotate`).
        """
        recipient = _address(request.recipient)
        told_by = check_way(request.told_by, request.reason)
        before = self._book.of(recipient)
        if request.rotate and not before:
            raise InvalidInput("password.not-agreed", recipient=recipient)
        password = request.password
        if password:
            making.require_strong(password, known=(recipient, *recipient.split("@")))
        else:
            password = making.generate(self._ctx.ids.token).password
        if any(one.password == password for one in before):
            raise InvalidInput("password.same-as-before")
        number = before[0].number + 1 if before else 1
        made = Agreed(
            recipient, number, password, self._now.isoformat(), told_by, plain(request.reason)
        )
        body = events_split.password_body(
            recipient=recipient, told_by=told_by, reason=made.reason, rotated=bool(before)
        )
        store = self._ctx.open_store()
        with store.transaction():
            self._book.put(made)
            event = record_only(self._ctx, events_split.PASSWORD_AGREED, body)
        return AgreedDone(entry=self._view(made), password=password, events=(event,))

    def reveal(self, recipient: str, former: int = 0) -> str:
        """Give the password in use, or the one `former` times before (`password.not-agreed`)."""
        held = self._book.of(_address(recipient))
        if not 0 <= former < len(held):
            raise InvalidInput("password.not-agreed", recipient=_address(recipient))
        return held[former].password

    def use(self, recipients: Sequence[str]) -> str:
        """Give the one password that is agreed with all of these, and note that it was used.

        Raises `InvalidInput`: `password.not-agreed`, `password.differs` where they have different
        ones: a file has one password.
        """
        names = [_address(one) for one in recipients]
        found = {self.reveal(name) for name in names}
        if len(found) != 1:
            raise InvalidInput("password.differs", count=len(found))
        for name in names:
            self._book.used(name, self._now.isoformat())
        return found.pop()

    def forget(self, recipient: str) -> tuple[str, ...]:
        """Drop all passwords of a recipient; gives the event (`password.not-agreed`)."""
        name = _address(recipient)
        store = self._ctx.open_store()
        with store.transaction():
            if not self._book.forget(name):
                raise InvalidInput("password.not-agreed", recipient=name)
            body = events_split.password_body(recipient=name, told_by="", reason="", rotated=False)
            event = record_only(self._ctx, events_split.PASSWORD_FORGOTTEN, body)
        return (event,)

    def slip(self, request: SlipRequest) -> str:
        """Write パスワード通知書 as docx or PDF and give its name (`export.format`)."""
        self._ctx.open_store()
        final = Path(request.out)
        if final.suffix.lower() not in _FORMATS:
            raise InvalidInput("export.format", format=final.suffix)
        password = request.password or self.reveal(request.recipient)
        names = request.names or (_about(request.recipient),)
        spoken = [(one.char, one.word) for one in reading(password)]
        write = letters.password_slip if final.suffix.lower() == ".docx" else _as_pdf
        data = write(names, password, spoken, today(self._ctx))
        return write_paper(self._ctx, final, data)

    @property
    def _book(self) -> "AgreedPasswords":
        return self._ctx.open_store().agreed

    @property
    def _now(self) -> datetime:
        return self._ctx.clock.now()

    def _view(self, held: Agreed) -> AgreedView:
        now = self._now
        return AgreedView(
            recipient=held.recipient, agreed_at=held.agreed_at, told_by=held.told_by,
            number=held.number, age_days=held.age(now), due=held.due(now),
            last_used=held.last_used, reason=held.reason,
            former=len(self._book.of(held.recipient)) - 1,
        )  # fmt: skip


def _as_pdf(
    names: Sequence[str], password: str, spoken: Sequence[tuple[str, str]], date: str
) -> bytes:
    from meti_desk.services.password_paper import password_slip_pdf

    return password_slip_pdf(names, password, spoken, date)


def _about(recipient: str) -> str:
    text: str = letters.texts_of_letters()["password"]["agreed"]
    return text.format(recipient=plain(recipient))


def _address(recipient: str) -> str:
    """Take a mail address as the book knows it (`recipient.invalid`)."""
    name = recipient.strip().lower()
    if not sendable(name):
        raise InvalidInput("recipient.invalid", name=plain(recipient)[:100])
    return name
