"""What the form of a request begins with, when it is opened from where a permit is missing."""

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meti_desk.ui.strings import term, tr

if TYPE_CHECKING:
    from collections.abc import Collection

    from meti_desk.services.messages import ClassifyRequest

ACTIONS = ("provide", "transfer", "take-out", "distribute", "copy", "print", "store")
"""Acts for which a permit can be asked here (Arts. 9, 10-4, 13, 77)."""
GIVEN = frozenset({"provide", "transfer", "distribute"})
"""Acts in which somebody receives something."""
SYSTEMS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("carry", ("38-8", "77-5"), "take-out"),
    ("own-device", ("82-1",), "use"),
    ("reconnect", ("38-9",), "connect"),
    ("device", ("38-5",), "connect"),
    ("software", ("38-4",), "use"),
    ("outside", ("38-2",), "connect"),
    ("inside", ("38-3",), "connect"),
    ("service", ("73-3",), "use"),
    ("account", ("19-4",), "use"),
)
"""What is asked for without documents: key, articles and act (Arts. 19-4, 38, 73-3, 77-5, 82-1)."""
PROMISED = ("encryption", "password", "remove-metadata", "signature", "backup", "split")
"""Measures that a person can promise, or have designated, by a press (Arts. 13, 14)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Files, act and recipients of a request that is not made yet."""

    action: str = "provide"
    paths: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    area: int | None = None
    label: "ClassifyRequest | None" = None
    """What was decided where the request begins; the documents get it before it is asked for.

    A permission is asked for information of a 格付 (Arts. 4-1, 13-1): who decides has to see the
    one that stands in the document.
    """


def action_options() -> list[tuple[str, str]]:
    """Give the acts with their names."""
    return [(one, term(f"action.{one}")) for one in ACTIONS]


def split_list(text: str) -> tuple[str, ...]:
    """Take apart what was typed with commas between."""
    plain = unicodedata.normalize("NFKC", text).replace("、", ",").replace(";", ",")
    return tuple(dict.fromkeys(word.strip() for word in plain.split(",") if word.strip()))


def scopes() -> list[tuple[object, str]]:
    """Name the ways of saying what a request is about."""
    return [
        ("files", tr("文書ごと")),
        ("blanket", tr("種類ごと（包括許可）")),
        ("system", tr("機器・サービス")),
    ]


def system_options() -> list[tuple[str, str]]:
    """Name what can be asked for without documents."""
    names = {
        "carry": tr("端末やシステムを区域外に持ち出す"),
        "own-device": tr("支給以外の機器で処理する"),
        "reconnect": tr("区域外で使った端末を省内の回線につなぐ"),
        "device": tr("機器を情報システムにつなぐ"),
        "software": tr("認められたもの以外のソフトウェアを使う"),
        "outside": tr("省外の情報システムを通信回線につなぐ"),
        "inside": tr("情報システムを省内の通信回線につなぐ"),
        "service": tr("約款による外部サービスを使う"),
        "account": tr("識別コードが要らなくなった（届出）"),
    }
    return [(key, names[key]) for key, _articles, _action in SYSTEMS]


def system_of(key: str) -> tuple[tuple[str, ...], str]:
    """Give articles and act of what is asked for without documents."""
    return next((articles, action) for one, articles, action in SYSTEMS if one == key)


def system_name(articles: "Collection[str]") -> str:
    """Name what a request without documents is about, by its articles."""
    names = dict(system_options())
    return next((names[key] for key, held, _ in SYSTEMS if set(held) == set(articles)), "")
