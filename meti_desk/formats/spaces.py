"""Taking the white space out of a text, whatever its length."""

_PIECE = 1 << 16


def without_spaces(text: str) -> str:
    """Give a text without any white space.

    A long one goes piece by piece: each of its words would be an object of fifty bytes and more
    until all are put together, and those of a large document would not fit into a worker's memory.
    """
    if len(text) <= _PIECE:
        return "".join(text.split())
    pieces = (text[at : at + _PIECE] for at in range(0, len(text), _PIECE))
    return "".join(["".join(piece.split()) for piece in pieces])
