"""What goes with files given away: letter, password slip, draft of the mail (Art. 14-6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from meti_desk.domain.circumstances import GIVING
from meti_desk.domain.errors import MetiDeskError
from meti_desk.domain.label import Label
from meti_desk.domain.measures import Measure
from meti_desk.faults import fault
from meti_desk.protection.reading import reading
from meti_desk.services import letters
from meti_desk.services.batch import of_os_error
from meti_desk.services.context import Context
from meti_desk.services.plain import plain
from meti_desk.services.plan import Intent
from meti_desk.services.writing import place_paper
from meti_desk.system.problems import writing

LETTER_NAME = "取扱依頼書.docx"
SLIP_NAME = "パスワード通知書.docx"
MAIL_NAME = "メールの下書き.eml"
TOO_LARGE = "mail.without-attachments"
"""Note: the files are too large for a mail, so that the draft goes without them."""


@dataclass(frozen=True, slots=True)
class Made:
    """One finished file with what its papers need to say."""

    path: Path
    label: Label
    events: tuple[str, ...]
    protected: bool
    measures: tuple[Measure, ...]
    beside: tuple[Path, ...] = ()
    """Signatures that lie beside the file and go with it (Art. 14-3)."""
    by_mail: tuple[Path, ...] | None = None
    """Of a split file those parts that go by mail; `None`: it is not split."""

    @property
    def enclosed(self) -> tuple[Path, ...]:
        """Give what a mail takes along."""
        return (self.path, *self.beside) if self.by_mail is None else self.by_mail


@dataclass(slots=True)
class Beside:
    """Paths of what was made beside the files; empty where nothing was needed."""

    letter: str = ""
    slip: str = ""
    mail: str = ""
    notes: tuple[str, ...] = ()
    error: MetiDeskError | None = None
    """Why papers are missing: the files themselves are made and recorded by then."""


def accompany(
    ctx: Context, what: Intent, made: Sequence[Made], folder: Path, password: str, *,
    by_certificate: bool = False,
) -> Beside:  # fmt: skip
    """Write the papers of all files that went through; nothing when none did.

    What cannot be written - the disk is full now - is told in the answer and does not lose it:
    the password slip comes first, because nothing else knows a password that was made here. Without
    a password the recipients have agreed on theirs: there is none to write; or there is none at
    all, because their certificates open the files, which letter and mail then say.
    """
    beside = Beside()
    if not made:
        return beside
    attached = [path for one in made for path in one.enclosed]
    protected = [plain(one.path.name) for one in made if one.protected]
    try:
        if protected and password:
            beside.slip = write_slip(ctx, folder, protected, password)
        keyed = by_certificate and bool(protected)
        beside.letter = _letter(ctx, what, made, folder, by_certificate=keyed)
        attached += [Path(beside.letter)] if beside.letter else []
        if what.action in GIVING and any("@" in address for address in what.request.to):
            marks = _subject_mark(ctx, made)
            small = sum(path.stat().st_size for path in attached) <= letters.MAIL_LIMIT
            beside.notes = () if small else (TOO_LARGE,)
            enclosed = attached if small else []
            data = letters.mail_draft(
                what.request.to,
                ctx.person(),
                marks,
                [(plain(path.name), path.read_bytes()) for path in enclosed],
                protected=bool(protected),
                opens="certificate" if by_certificate else "password" if password else "agreed",
            )
            beside.mail = write_paper(ctx, folder / MAIL_NAME, data)
    except MetiDeskError as error:
        beside.error = error
    except OSError as error:
        beside.error = of_os_error(error)
    return beside


def _letter(
    ctx: Context, what: Intent, made: Sequence[Made], folder: Path, *, by_certificate: bool
) -> str:
    """Write 取扱依頼書 where a measure asks for it (Art. 14-6)."""
    if any(m.id == "recipient-measures" for one in made for m in one.measures):
        enclosures = [letters.Enclosure(plain(one.path.name), one.label) for one in made]
        request = what.request
        recipients = [plain(one) for one in request.to]
        data = letters.handling_letter(
            enclosures, recipients, ctx.person(), today(ctx),
            contractor=request.contractor, by_certificate=by_certificate,
        )  # fmt: skip
        return write_paper(ctx, folder / LETTER_NAME, data)
    return ""


def write_slip(ctx: Context, folder: Path, names: Sequence[str], password: str) -> str:
    """Write パスワード通知書: the only place where a password that was made here can be read."""
    spoken = [(one.char, one.word) for one in reading(password)]
    data = letters.password_slip(names, password, spoken, today(ctx))
    return write_paper(ctx, folder / SLIP_NAME, data)


def today(ctx: Context) -> str:
    """Write the day as letters do."""
    day = ctx.clock.now().date()
    return f"{day.year}年{day.month}月{day.day}日"


def _subject_mark(ctx: Context, made: Sequence[Made]) -> str:
    """Give the mark of the highest file for the subject, where policy wants it there."""
    if not ctx.policy.marks.in_subject:
        return ""
    highest = max(one.label.confidentiality for one in made)
    return f"【{ctx.policy.marks.confidentiality[highest - 1]}】"


def write_paper(ctx: Context, final: Path, data: bytes) -> str:
    """Put a letter or a draft under a free name near `final`; gives the name."""
    with ctx.files.scratch(final.parent) as target:
        fault("paper.write")
        with writing(final.parent):
            target.write(data)
            target.flush()
        return str(place_paper(ctx, target, final))
