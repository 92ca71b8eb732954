"""What goes with files given away: letter, password slip, draft of the mail (Art. 14-6)."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from meti_desk.domain.circumstances import GIVING
from meti_desk.domain.label import Label
from meti_desk.domain.measures import Measure
from meti_desk.faults import fault
from meti_desk.protection.reading import reading
from meti_desk.services import letters
from meti_desk.services.context import Context
from meti_desk.services.plan import Intent
from meti_desk.services.writing import place_paper
from meti_desk.system.problems import writing

LETTER_NAME = "取扱依頼書.docx"
SLIP_NAME = "パスワード通知書.docx"
MAIL_NAME = "メールの下書き.eml"


@dataclass(frozen=True, slots=True)
class Made:
    """One finished file with what its papers need to say."""

    path: Path
    label: Label
    event: str
    protected: bool
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """Paths of what was made beside the files; empty where nothing was needed."""

    letter: str = ""
    slip: str = ""
    mail: str = ""


def accompany(
    ctx: Context, what: Intent, made: Sequence[Made], folder: Path, password: str
) -> Beside:
    """Write the papers of all files that went through; nothing when none did."""
    if not made:
        return Beside()
    letter = slip = mail = ""
    attached = [one.path for one in made]
    if any(m.id == "recipient-measures" for one in made for m in one.measures):
        enclosures = [letters.Enclosure(_shown(one.path.name), one.label) for one in made]
        request = what.request
        recipients = [_shown(one) for one in request.to]
        data = letters.handling_letter(
            enclosures, recipients, ctx.person(), _today(ctx), contractor=request.contractor
        )
        letter = _write(ctx, folder / LETTER_NAME, data)
        attached.append(Path(letter))
    protected = [_shown(one.path.name) for one in made if one.protected]
    if protected:
        slip = write_slip(ctx, folder, protected, password)
    if what.action in GIVING and any("@" in address for address in what.request.to):
        mail = _draft(ctx, what, attached, folder, protected=bool(protected))
    return Beside(letter, slip, mail)


def write_slip(ctx: Context, folder: Path, names: Sequence[str], password: str) -> str:
    """Write パスワード通知書: the only place where a password that was made here can be read."""
    spoken = [(one.char, one.word) for one in reading(password)]
    data = letters.password_slip(names, password, spoken, _today(ctx))
    return _write(ctx, folder / SLIP_NAME, data)


def _today(ctx: Context) -> str:
    today = ctx.clock.now().date()
    return f"{today.year}年{today.month}月{today.day}日"


def _draft(
    ctx: Context, what: Intent, attached: Sequence[Path], folder: Path, *, protected: bool
) -> str:
    small = sum(path.stat().st_size for path in attached) <= letters.MAIL_LIMIT
    attachments = [(_shown(path.name), path.read_bytes()) for path in attached] if small else []
    data = letters.mail_draft(
        what.request.to, ctx.person(), _subject_mark(ctx, what), attachments, protected=protected
    )
    return _write(ctx, folder / MAIL_NAME, data)


def _subject_mark(ctx: Context, what: Intent) -> str:
    if not ctx.policy.marks.in_subject or what.chosen is None:
        return ""
    return f"【{ctx.policy.marks.confidentiality[what.chosen.confidentiality - 1]}】"


def _shown(text: str) -> str:
    """Write a name in one line: control characters cannot stand in a letter nor in a header."""
    return "".join("_" if unicodedata.category(char) in ("Cc", "Cs") else char for char in text)


def _write(ctx: Context, final: Path, data: bytes) -> str:
    with ctx.files.scratch(final.parent) as target:
        fault("paper.write")
        with writing(final.parent):
            target.write(data)
            target.flush()
        return str(place_paper(ctx, target, final))
