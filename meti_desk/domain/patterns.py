"""Regular expressions that are compiled when they are first used.

A class of characters with thousands of kanji takes a millisecond to compile; the command line would
pay for dozens of them at every start, and use none to say what a file is.
"""

import re
from typing import Any, cast


def lazily(text: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """Give what behaves as `re.compile(text, flags)`; a mistake in `text` shows at first use."""
    return cast("re.Pattern[str]", _Lazy(text, flags))


class _Lazy:
    def __init__(self, text: str, flags: re.RegexFlag) -> None:
        self._text, self._flags = text, flags

    def __getattr__(self, name: str) -> Any:
        """Compile, and keep the method that was asked for so that this is not asked again."""
        method = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, method)
        return method
