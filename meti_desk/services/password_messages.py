"""What goes into the use cases about passwords and what comes out (Arts. 14-1, 20-1(4))."""

import msgspec


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A password made at random, its entropy in bits, and what to say on the telephone."""

    password: str
    bits: int
    telephone: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Leave the password out."""
        return f"Made({self.bits} bits)"


class AgreeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Agree a password with a recipient (a mail address); an empty password is made.

    `told_by` is how it reaches the recipient: `phone`, `in-person`, `post`, `other`; `mail`, which
    the files take as well, needs a reason. `rotate`: there has to be one already.
    """

    recipient: str
    password: str = ""
    told_by: str = "phone"
    reason: str = ""
    rotate: bool = False

    def __repr__(self) -> str:
        """Leave the password out."""
        return f"AgreeRequest({self.recipient!r}, {self.told_by!r})"


class AgreedView(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the book, without the password."""

    recipient: str
    agreed_at: str
    told_by: str
    number: int
    age_days: int
    due: bool
    """It is time for a new one."""
    last_used: str = ""
    reason: str = ""
    former: int = 0
    """How many former passwords are kept."""


class AgreedDone(msgspec.Struct, frozen=True, kw_only=True):
    """What was agreed; `password` is for whoever asked, and never encoded by the command line."""

    entry: AgreedView
    password: str
    events: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Leave the password out."""
        return f"AgreedDone({self.entry.recipient!r})"


class SlipRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Write パスワード通知書 to `out` (`.docx` or `.pdf`) for the agreed password of a recipient.

    Or for `password` with the names of its files.
    """

    out: str
    recipient: str = ""
    password: str = ""
    names: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Leave the password out."""
        return f"SlipRequest({self.out!r})"
