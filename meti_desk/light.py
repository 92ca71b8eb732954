"""Makes start and end light: less garbage is collected, msgspec and dataclasses cost half.

To be imported before anything else.

msgspec asks for `typing_extensions`, when that is installed, for names that Python's own `typing`
has as well; loading it, with `inspect` and `ast` behind it, costs 20 ms of every start of the
command line and of the worker. While msgspec loads, we say that it is not there.

`dataclasses` imports `inspect` for classes that have no docstring; ours have one. While it loads, a
module stands there that fetches the real one when something of it is asked for.
"""

import gc
import os
import sys
from types import ModuleType
from typing import Any

# Loading makes tens of thousands of objects, all of which stay; looking through them for garbage
# again and again takes a tenth of the start.
gc.set_threshold(20_000, 20, 20)

# numpy is here for arrays of hashes; the algebra behind it would start threads as it is loaded,
# take 40 MB for them, and die where a confined worker may start none.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

if "msgspec" not in sys.modules and "typing_extensions" not in sys.modules:
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]  # "not to be found"
    try:
        import msgspec  # noqa: F401 - for its effect
    finally:
        del sys.modules["typing_extensions"]


def end_quickly() -> None:
    """Have the interpreter look for no garbage once more as it ends: a tenth of a short command.

    Files, locks and processes are closed by then; memory goes back to the system anyway.
    """
    import atexit

    atexit.register(gc.freeze)


class _Late(ModuleType):
    """Stands for a module until something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        import importlib

        return getattr(importlib.import_module(self.__name__), name)


if "dataclasses" not in sys.modules and "inspect" not in sys.modules:
    sys.modules["inspect"] = _Late("inspect")
    try:
        import dataclasses  # noqa: F401 - for its effect
    finally:
        del sys.modules["inspect"]
