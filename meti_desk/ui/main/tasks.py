"""What opens above a page and goes back to it: one line a task, imported when it is first wanted.

A task is a widget with a signal `left`; what it is made with depends on the task.
"""

from collections.abc import Callable
from typing import Protocol, cast

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from meti_desk.ui.main.context import Desktop


class Above(Protocol):
    """A widget above a page; the person is done with it when `left` is emitted."""

    left: SignalInstance


Maker = Callable[[Desktop, object], QWidget]


def makers() -> dict[str, Maker]:
    """Give what makes each task, by the name that `Desktop.task_wanted` carries."""
    return {
        "ask": _ask,
        "corrections": _corrections,
        "stock": _stock,
        "emergency": _emergency,
        "findings": _findings,
        "lineage": _lineage,
        "redaction": _redaction,
        "protect": _protect,
        "open": _open,
        "sign": _sign,
        "verify": _verify,
        "split": _split,
        "join": _join,
    }


def left_of(task: QWidget) -> SignalInstance:
    """Give the signal by which a task says that the person is done with it."""
    return cast("Above", task).left


def _findings(desktop: Desktop, wanted: object) -> QWidget:
    """付加情報 of documents, as `ui.findings.look.Look`; nothing: the person chooses them there."""
    from meti_desk.ui.findings.look import Look
    from meti_desk.ui.findings.task import FindingsTask

    return FindingsTask(desktop, wanted if isinstance(wanted, Look) else Look(()))


def _lineage(desktop: Desktop, wanted: object) -> QWidget:
    """Show the picture around a document, named by its id or its path."""
    from meti_desk.ui.lineage.page import LineagePage

    page = LineagePage(desktop, str(wanted))
    page.shown()
    return page


def _redaction(desktop: Desktop, wanted: object) -> QWidget:
    """墨消し of these paths; nothing: the person chooses them there."""
    from meti_desk.ui.redaction.task import RedactionTask

    return RedactionTask(desktop, paths_of(wanted))


def paths_of(wanted: object) -> tuple[str, ...]:
    """Take paths as they come through a signal; anything else is none."""
    return tuple(map(str, wanted)) if isinstance(wanted, list | tuple) else ()


def _protect(desktop: Desktop, wanted: object) -> QWidget:
    """保護する, with these files; nothing: the person chooses them there."""
    from meti_desk.ui.protect.task import ProtectTask

    return ProtectTask(desktop, paths_of(wanted))


def _open(desktop: Desktop, wanted: object) -> QWidget:
    """開く, with these files; nothing: the person chooses them there."""
    from meti_desk.ui.opening.task import OpenTask

    return OpenTask(desktop, paths_of(wanted))


def _sign(desktop: Desktop, wanted: object) -> QWidget:
    """署名する, with these files; nothing: the person chooses them there."""
    from meti_desk.ui.signing.task import SignTask

    return SignTask(desktop, paths_of(wanted))


def _verify(desktop: Desktop, wanted: object) -> QWidget:
    """署名を確かめる, of these files; nothing: the person chooses them there."""
    from meti_desk.ui.verifying.task import VerifyTask

    return VerifyTask(desktop, paths_of(wanted))


def _split(desktop: Desktop, wanted: object) -> QWidget:
    """分割する, with the first of these paths; nothing: the person chooses it there."""
    from meti_desk.ui.splitting.task import SplitTask

    return SplitTask(desktop, paths_of(wanted))


def _join(desktop: Desktop, wanted: object) -> QWidget:
    """結合する, with these parts; nothing: the person chooses them there."""
    from meti_desk.ui.splitting.task import JoinTask

    return JoinTask(desktop, paths_of(wanted))


def _emergency(desktop: Desktop, _wanted: object) -> QWidget:
    """暗号の緊急対応: the table of algorithms and what a mark in it concerns."""
    from meti_desk.ui.emergency.page import EmergencyPage

    page = EmergencyPage(desktop)
    page.shown()
    return page


def _ask(desktop: Desktop, wanted: object) -> QWidget:
    """許可を申請する, with what a `ui.permits.wish.Wish` tells; nothing: the person fills it in."""
    from meti_desk.ui.permits.task import AskTask
    from meti_desk.ui.permits.wish import Wish

    return AskTask(desktop, wanted if isinstance(wanted, Wish) else Wish())


def _corrections(desktop: Desktop, _wanted: object) -> QWidget:
    """要修正: orders to correct labels, done or answered."""
    from meti_desk.ui.review.corrections import CorrectionsPage

    return CorrectionsPage(desktop)


def _stock(desktop: Desktop, _wanted: object) -> QWidget:
    """棚卸し of the 機密性3情報管理簿."""
    from meti_desk.ui.register.stock import StockPage

    page = StockPage(desktop)
    page.shown()
    return page
