"""The window: the only importer of PySide6.

PySide6 6.12.0 is built for the immortal `None` of Python 3.12: on 3.11 each of its calls that gives
nothing back loses one reference to `None`, and the interpreter aborts after a few thousand of them
(`none_dealloc`). Until a release without that fault can be required, `None` is made as good as
immortal before Qt is first used; on 3.12 and later there is nothing to do.
"""

import sys

_ENOUGH = 1 << 40
"""References to spare: more than any session can lose."""

if sys.version_info < (3, 12):
    import ctypes

    ctypes.c_ssize_t.from_address(id(None)).value += _ENOUGH
