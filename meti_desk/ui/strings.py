"""Sentences of the window: its own by `tr`, those of codes from `meti_desk.wording`.

The only place in the window that turns codes into words. Source strings are Japanese; English
stands in `i18n/meti_desk_en.ts`, in one context, so that a sentence is translated once.
"""

from typing import TYPE_CHECKING, Literal, NamedTuple

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meti_desk.services.messages import ErrorView, Evidence, LabelView
    from meti_desk.wording import Wording

CONTEXT = "meti_desk"
UNKNOWN_LEVEL = "?"
"""The 機密性 of what has a label that nobody knows here, as evidence names it."""
Language = Literal["ja", "en"]


def tr(text: str, /, **values: object) -> str:
    """Translate a source string, then fill `{name}` with the values.

    The string must be a literal without f-prefix: the translation is looked up before filling.
    """
    translated = QCoreApplication.translate(CONTEXT, text)
    return translated.format(**values) if values else translated


class _Chosen:
    language: Language = "ja"


def choose_language(language: Language) -> None:
    """Tell in which language codes are put into words from now on."""
    _Chosen.language = language


def language() -> Language:
    """Give the language of the window."""
    return _Chosen.language


class Told(NamedTuple):
    """An error or message as it is shown: cause, remedy, article; parts may be empty."""

    cause: str
    remedy: str = ""
    article: str = ""


def _wording() -> "Wording":
    """Give the sentences of codes; imported here, because the first page needs none."""
    from meti_desk.wording import wording

    return wording(language())


def told(error: "Exception | ErrorView") -> Told:
    """Put an error into words: cause first, then what the person can do, then the article."""
    from meti_desk.domain.errors import MetiDeskError
    from meti_desk.services.messages import ErrorView

    if isinstance(error, ErrorView | MetiDeskError):
        said = _wording().error(error.code, error.params, error.articles)
        return Told(said.cause, said.remedy, said.articles)
    return Told(
        tr("予期しない問題が起きました（{kind}）。", kind=type(error).__name__),
        tr("元のファイルは変わっていません。もう一度お試しください。"),
    )


def article(reference: str) -> str:
    """Write a reference such as `14-7` as 第14条第7項."""
    return _wording().article(reference) if reference else ""


def measure(measure_id: str) -> tuple[str, str]:
    """Give title and explanation of a measure."""
    return _wording().measure(measure_id)


def term(code: str, otherwise: str | None = None) -> str:
    """Give the word for a code: a finding, an event, a note; `otherwise` where there is none."""
    if not code:
        return ""
    word = _wording().term(code)
    return otherwise if otherwise is not None and word == code else word


_FORMATS = {"docx": "Word", "docm": "Word", "pdf": "PDF"}


def format_name(variant: str) -> str:
    """Name a file format as people do."""
    return _FORMATS.get(variant, variant.upper())


def obstacle(code: str) -> str:
    """Say why a document cannot be rewritten."""
    words = {
        "signed": tr("電子署名あり"),
        "encrypted": tr("パスワード保護あり"),
        "legacy": tr("古い形式"),
    }
    return words.get(code, code)


def confidentiality(level: int | None) -> str:
    """Name a level of 機密性; nothing decided is said as such."""
    return tr("機密性{n}", n=level) if level else tr("未決定")


def label_line(label: "LabelView | None") -> str:
    """Write a label in one line: 機密性2・複製禁止."""
    if label is None or not label.decided:
        return tr("未決定")
    parts = [confidentiality(label.c), *label.restrictions]
    parts += [tr("{who}限り", who=who) for who in label.audience]
    return "・".join(parts)


def whole_label(label: "LabelView") -> str:
    """Write a label with 完全性 and 可用性."""
    levels = [tr("完全性{n}", n=label.i), tr("可用性{n}", n=label.a)] if label.i and label.a else []
    return "・".join([label_line(label), *levels])


def part_value(part: str, value: str) -> str:
    """Name a part of a label with its value."""
    names = {
        "c": tr("機密性{n}", n=value) if value != UNKNOWN_LEVEL else tr("未決定"),
        "i": tr("完全性{n}", n=value),
        "a": tr("可用性{n}", n=value),
        "audience": tr("{who}限り", who=value),
    }
    return names.get(part, value)


def place_name(place: str) -> str:
    """Name a place in a document, such as `page 3` or `header`."""
    kind, _, number = place.partition(" ")
    if kind == "page" and number.isdigit():
        return tr("{n}ページ", n=number)
    words = {
        "header": tr("ヘッダー"),
        "footer": tr("フッター"),
        "body": tr("本文"),
        "top": tr("冒頭"),
        "filename": tr("ファイル名"),
    }
    return words.get(place, place)


class Reason(NamedTuple):
    """Why parts of a label are proposed: the parts, one sentence, and what was found."""

    what: str
    said: str
    found: str = ""
    level: str = ""
    """The level of 機密性 that it speaks for: `1`, `2`, `3`, or nothing."""


def reasons(items: "Sequence[Evidence]") -> list[Reason]:
    """Say why a label is proposed: one sentence for each origin, with all that it speaks for.

    完全性1 and 可用性1 say nothing and are left out.
    """
    origins: dict[tuple[str, str, str, str], list[Evidence]] = {}
    for one in items:
        if one.part not in {"i", "a"} or one.value != "1":
            origins.setdefault((one.source, one.ref, one.place, one.shown), []).append(one)
    return [_reason(held) for held in origins.values()]


def _reason(held: "Sequence[Evidence]") -> Reason:
    first = held[0]
    level = next((one.value for one in held if one.part == "c"), "")
    what = "・".join(part_value(one.part, one.value) for one in held)
    place = tr("（{place}）", place=place_name(first.place)) if first.place else ""
    found = ""
    if first.shown:
        times = tr("　ほか{n}か所", n=first.count - 1) if first.count > 1 else ""
        inside = place if first.source in {"source", "detector"} else ""
        found = tr("「{text}」{place}{times}", text=first.shown, place=inside, times=times)
    return Reason(what, _sentence(first, what, place), found, level)


def _sentence(one: "Evidence", what: str, place: str) -> str:
    held: dict[str, object] = {"ref": one.ref, "what": what, "place": place}
    kind: str = one.source
    if one.part == "c" and one.value == UNKNOWN_LEVEL:
        kind = f"{kind} unknown"
    elif one.source == "mark" and one.place == "property":
        kind = "decided"
    if kind == "detector":
        return tr("{what}。", what=term(f"detector.{one.ref}", one.ref))
    sentences = {
        "source": tr("元の文書「{ref}」から受け継ぎます。"),
        "source unknown": tr("元の文書「{ref}」は、格付が決まっていません。"),
        "decided": tr("この文書は{what}と決定されています。"),
        "mark": tr("文書に「{ref}」と表示されています{place}。"),
        "foreign-label": tr("ほかの製品の分類「{ref}」が付いています{place}。"),
        "foreign-label unknown": tr("ほかの製品の分類「{ref}」は方針になく、格付が決まりません。"),
        "record": tr("取扱記録では、この文書は{what}です。"),
    }
    return sentences.get(kind, tr("方針により{what}を提案します。")).format(**held)
