"""Makes the start light: collects less garbage, and imports msgspec at half its price.

To be imported before anything else.

msgspec asks for `typing_extensions`, when that is installed, for names that Python's own `typing`
has as well; loading it, with `inspect` and `ast` behind it, costs 20 ms of every start of the
command line and of the worker. While msgspec loads, we say that it is not there.
"""

import gc
import os
import sys

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
