"""The three ways in which something cannot be done (errors speak in codes, not in sentences).

The sentences - cause, remedy, article - are made from the code by `meti_desk.wording`.
"""

from collections.abc import Mapping, Sequence

Param = str | int
"""What a parameter of an error may be."""


class MetiDeskError(Exception):
    """Anything that keeps a request from being done; nothing was lost when it is raised.

    `code` is stable and dotted (`publish.not-c1`), `params` fill the sentence, `articles` name the
    source in the standard. `exit_code` is the contract of the command line.
    """

    exit_code = 4

    def __init__(self, code: str, *, articles: Sequence[str] = (), **params: Param) -> None:
        """Keep the code, its parameters and the articles that it rests on."""
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, Param] = dict(params)
        self.articles = tuple(articles)

    def __str__(self) -> str:
        """Give the code with its parameters, for logs and tests; never a secret."""
        told = ", ".join(f"{key}={value!r}" for key, value in self.params.items())
        return f"{self.code}({told})"

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way between processes."""
        return (_rebuild, (type(self), self.code, self.articles, dict(self.params)))


def _rebuild(
    kind: type[MetiDeskError],
    code: str,
    articles: tuple[str, ...],
    params: dict[str, Param],
) -> MetiDeskError:
    return kind(code, articles=articles, **params)


class RuleViolation(MetiDeskError):  # noqa: N818 - it is a refusal, not a failure
    """The standard or the policy forbids it (exit 3)."""

    exit_code = 3


class EnvironmentProblem(MetiDeskError):  # noqa: N818 - a state of the surroundings
    """The surroundings do not allow it: unreadable, locked, disk full, worker killed (exit 4)."""

    exit_code = 4


class InvalidInput(MetiDeskError):  # noqa: N818 - says whose fault it is
    """The file or value given is not what it has to be (exit 5)."""

    exit_code = 5


ERROR_KINDS: Mapping[str, type[MetiDeskError]] = {
    "rule": RuleViolation,
    "environment": EnvironmentProblem,
    "input": InvalidInput,
}
"""How an error is named where it crosses a process border."""


def kind_of(error: MetiDeskError) -> str:
    """Name the kind of an error as in `ERROR_KINDS`."""
    for name, kind in ERROR_KINDS.items():
        if isinstance(error, kind):
            return name
    return "environment"
