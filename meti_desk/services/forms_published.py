"""Which 自己点検票 there are on this device: the published ones, then those of the program."""

from collections.abc import Sequence
from functools import lru_cache

from meti_desk.domain.errors import InvalidInput
from meti_desk.services.context import Context
from meti_desk.services.published import Kept, kept_forms
from meti_desk.standard.selfcheck_file import Sheet, load_form, load_procedure, shipped


def sheets(ctx: Context) -> Sequence[Sheet]:
    """Give all forms. A published one takes the place of the program's with the same url.

    While the store is locked nobody knows what was published: those of the program alone. One
    that this version of the program cannot read is passed over; the program's stays.
    """
    if ctx.store is None:
        return shipped()
    kept = kept_forms(ctx)
    if not kept:
        return shipped()
    read = [(url, _sheet(one)) for url, one in kept.items()]
    published = {url: sheet for url, sheet in read if sheet is not None}
    ours = [one for one in shipped() if one.form.url not in published]
    return (*sorted(published.values(), key=lambda one: one.name), *ours)


def _sheet(kept: Kept) -> Sheet | None:
    return _read(kept.name, kept.text, kept.procedure)


@lru_cache(maxsize=16)
def _read(name: str, text: str, procedure: str) -> Sheet | None:
    try:
        form = load_form(text)
        return Sheet(name, form, load_procedure(procedure, form))
    except InvalidInput:
        return None
