"""For requests that carry a secret: they can be logged without it."""


class Hidden:
    """Shows the name of its class and nothing else."""

    def __repr__(self) -> str:
        """Leave everything out: a password must not slip into a log."""
        return f"{type(self).__name__}()"
