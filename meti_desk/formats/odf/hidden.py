"""What a document holds but does not show: hidden text by its style."""

from collections.abc import Sequence

from meti_desk.formats.odf.package import OdfFile
from meti_desk.formats.odf.xml import Element, child, find_all, get, name_of

_FAMILY = {"text:span": "text", "text:a": "text", "text:p": "paragraph", "text:h": "paragraph"}


class HiddenStyles:
    """Which styles of text and paragraphs hide what is set in them."""

    def __init__(self, hiding: frozenset[tuple[str, str]]) -> None:
        """Take (family, name) of the hiding styles."""
        self._hiding = hiding

    @classmethod
    def of(
        cls, file: OdfFile, names: tuple[str, ...] = ("styles.xml", "content.xml")
    ) -> "HiddenStyles":
        """Read the styles of a document; those of `content.xml` go before those of `styles.xml`."""
        parts = [file.part(name) for name in names]
        return cls.among([part.root for part in parts if part is not None])

    @classmethod
    def among(cls, roots: Sequence[Element]) -> "HiddenStyles":
        """Read the styles of parts; those of later parts go before those of earlier ones."""
        own: dict[tuple[str, str], bool | None] = {}
        based: dict[tuple[str, str], str] = {}
        for style in (one for root in roots for one in find_all(root, "style:style")):
            family = get(style, "style:family")
            if family not in {"text", "paragraph"}:
                continue
            key = (family, get(style, "style:name"))
            display = get(child(style, "style:text-properties"), "text:display")
            own[key] = None if not display else display == "none"
            based[key] = get(style, "style:parent-style-name")
        return cls(frozenset(key for key in own if _hides(key, own, based)))

    def __eq__(self, other: object) -> bool:
        """Compare which styles hide."""
        return isinstance(other, HiddenStyles) and self._hiding == other._hiding

    def __hash__(self) -> int:
        """Hash as `__eq__` compares."""
        return hash(self._hiding)

    def hides(self, element: Element) -> bool:
        """Tell whether an element is hidden by its style."""
        if not self._hiding:
            return False
        family = _FAMILY.get(name_of(element))
        return family is not None and (family, get(element, "text:style-name")) in self._hiding


def _hides(
    key: tuple[str, str],
    own: dict[tuple[str, str], bool | None],
    based: dict[tuple[str, str], str],
) -> bool:
    passed: set[tuple[str, str]] = set()
    while key in own and key not in passed:
        passed.add(key)
        said = own[key]
        if said is not None:
            return said
        key = (key[0], based[key])
    return False
