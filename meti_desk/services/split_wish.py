"""How the result of an act is to be split, where that was found necessary (Art. 14-5)."""

import msgspec


class SplitWish(msgspec.Struct, frozen=True):
    """So many parts, of which `threshold` are needed (0: all), each with its way.

    Ways are written as `mail` or `medium:書留`.
    """

    parts: int
    threshold: int = 0
    routes: tuple[str, ...] = ()
