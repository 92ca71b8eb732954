"""Sentences for codes: here alone errors, measures and findings become Japanese or English.

Domain and services speak in codes with parameters; window, command line and letters ask here. The
texts are data (`i18n/wording.ja.toml`, `i18n/wording.en.toml`), so that an office can read and
correct them. A code without a text is shown as the code itself: an unknown error is better seen
raw than hidden.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from meti_desk.data import read_text
from meti_desk.domain.patterns import lazily

Language = Literal["ja", "en"]

_REF = lazily(r"^(\d+)(?:-(\d+))?(?:\((\d+)\))?$")


@dataclass(frozen=True, slots=True)
class Sentences:
    """What an error says: the cause, what the person can do, and the articles it rests on."""

    cause: str
    remedy: str = ""
    articles: str = ""

    def text(self) -> str:
        """Give all of it as one paragraph."""
        tail = f"（{self.articles}）" if self.articles else ""
        return f"{self.cause}{tail} {self.remedy}".strip()


class Wording:
    """The texts of one language."""

    def __init__(self, texts: Mapping[str, Mapping[str, object]], language: Language) -> None:
        self._texts = texts
        self.language = language

    def error(
        self, code: str, params: Mapping[str, str | int], articles: Iterable[str] = ()
    ) -> Sentences:
        """Make the sentences of an error; parameters are filled in as plain text.

        A measure is an id for the command line (`{measure}`) and a title for people (`{title}`).
        """
        found = self._texts.get("errors", {}).get(code)
        refs = self.articles(articles)
        if not isinstance(found, dict):
            told = ", ".join(f"{key}: {value}" for key, value in params.items())
            return Sentences(f"{code} {told}".strip(), articles=refs)
        params = self._told(params)
        return Sentences(
            _fill(str(found.get("cause", code)), params),
            _fill(str(found.get("remedy", "")), params),
            refs,
        )

    def _told(self, params: Mapping[str, str | int]) -> Mapping[str, str | int]:
        """Put words in the place of codes among the parameters."""
        told = dict(params)
        if "measure" in told:
            told["title"] = self.measure(str(told["measure"]))[0]
        if "action" in told and self.knows(f"action.{told['action']}"):
            told["action"] = self.term(f"action.{told['action']}")
        if "place" in told:
            told["place"] = self.place(str(told["place"]))
        if told.get("decider") == "?":
            told["decider"] = self.term("decider.unknown")
        return told

    def place(self, place: str) -> str:
        """Write where something stands; its first word may be a code, the rest is a name."""
        first, space, rest = place.partition(" ")
        known = self.knows(f"place.{first}")
        return f"{self.term(f'place.{first}') if known else first}{space}{rest}"

    def knows(self, code: str) -> bool:
        """Tell whether there is a word for exactly this code."""
        return code in self._texts.get("terms", {})

    def measure(self, measure: str) -> tuple[str, str]:
        """Give title and explanation of a measure; `restriction:NAME` is titled by its name.

        Some restrictions have no name of their own and a text instead (`restriction:audience`).
        """
        base, _, name = measure.partition(":")
        measures = self._texts.get("measures", {})
        found = measures.get(measure, measures.get(base))
        if not isinstance(found, dict):
            return measure, ""
        params = {"name": name}
        return _fill(str(found["title"]), params), _fill(str(found.get("text", "")), params)

    def term(self, code: str) -> str:
        """Give the word for a code (`action.provide`, `event.classify`, `finding.docx.comment`).

        A code that is not known itself takes the word of its longest known beginning.
        """
        terms = self._texts.get("terms", {})
        parts = code.split(".")
        for end in range(len(parts), 0, -1):
            found = terms.get(".".join(parts[:end]))
            if isinstance(found, str):
                return found
        return code

    def article(self, ref: str) -> str:
        """Write a reference such as `14-7` or `20-1(4)` as it is cited."""
        match = _REF.match(ref)
        if match is None:
            return ref
        article, paragraph, item = match.groups()
        if self.language == "en":
            text = f"Art. {article}" + (f"-{paragraph}" if paragraph else "")
            return text + (f" ({item})" if item else "")
        text = f"第{article}条" + (f"第{paragraph}項" if paragraph else "")
        return text + (f"第{item}号" if item else "")

    def articles(self, refs: Iterable[str]) -> str:
        """Write several references, separated as the language does."""
        joint = "・" if self.language == "ja" else ", "
        return joint.join(self.article(ref) for ref in refs)


def _fill(template: str, params: Mapping[str, str | int]) -> str:
    return re.sub(
        r"\{(\w+)\}", lambda found: str(params.get(found.group(1), found.group(0))), template
    )


@lru_cache(maxsize=2)
def wording(language: Language = "ja") -> Wording:
    """Load the texts of a language once."""
    import tomllib

    return Wording(tomllib.loads(read_text("i18n", f"wording.{language}.toml")), language)
