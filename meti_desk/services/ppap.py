"""A password never travels with its file (いわゆるPPAPの禁止, Art. 14-1): looked at before sending.

A document that says the password, or a パスワード通知書 among what is sent, makes the protection
worthless: whoever reads the mail reads both.
"""

from collections.abc import Sequence
from pathlib import Path

from meti_desk.domain.errors import RuleViolation
from meti_desk.formats.mentioning import MentionsOrder, MentionsReport
from meti_desk.services.context import Context
from meti_desk.services.letters import texts_of_letters
from meti_desk.services.plain import plain


def check_apart(ctx: Context, paths: Sequence[str], password: str, reason: str) -> None:
    """Refuse files that carry the password of the others along, unless there is a reason.

    `password` is one that a person chose; one that is made later stands in no file yet. Raises
    `RuleViolation("mail.password-with-file")`.
    """
    if reason.strip():
        return
    order = MentionsOrder((password,) if password else (), texts_of_letters()["password"]["title"])
    for name in paths:
        path = Path(name)
        if not path.is_file():
            continue  # told by whoever works on it
        with ctx.files.open_source(path) as file:
            found = ctx.workers.run("mentions", order, {"source": file}, MentionsReport)
        if found.says or found.slip:
            raise RuleViolation(
                "mail.password-with-file", articles=("14-1",), name=plain(path.name)
            )
