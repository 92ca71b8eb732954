"""What has to be said to the server because of what was recorded: looked at before each sync.

Nobody says it at the moment of the act: that works without a server for weeks, and what is said
then is what still holds.
"""

import logging
from importlib import import_module
from typing import TYPE_CHECKING

from meti_desk.domain.errors import MetiDeskError
from meti_desk.services.context import Context

if TYPE_CHECKING:
    from collections.abc import Callable

_LOG = logging.getLogger(__name__)
PREPARERS: tuple[str, ...] = (
    "meti_desk.services.others:prepare",
    "meti_desk.services.permit_arriving:prepare",
    "meti_desk.services.permit_noted:prepare",
    "meti_desk.services.reviewing:prepare",
    "meti_desk.services.registering:prepare",
)
"""`module:function` that takes the context, says what is to be said, and tells whether it did."""


def prepare(ctx: Context) -> bool:
    """Say what is to be said; tells whether anything was. What fails does not keep the sync."""
    said = False
    for place in PREPARERS:
        module, _, name = place.partition(":")
        work: Callable[[Context], bool] = getattr(import_module(module), name)
        try:
            said = work(ctx) or said
        except MetiDeskError as error:
            _LOG.warning("not prepared: %s %s", module, error.code)
    return said
