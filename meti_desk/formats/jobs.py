"""Parameters and results of the worker's jobs that are no method of a format.

Both sides of the process border need them: `meti_desk.worker` and the services. The jobs by name:

- `inspect` Wants -> Inspection (roles source, sidecar where there is one)
- `label` LabelOrder -> LabelReport, `scrub` ScrubOrder -> ScrubReport (source, target), proven
- `redact` RedactOrder -> RedactReport (source, target), proven; `redaction_places` RedactOrder ->
  RedactReport (source), which writes nothing (both in `meti_desk.formats.redaction`)
- `protect` ProtectOrder -> ProtectReport (source, target), proven
- `wraps` NoParams -> WrapsReport (source), in `meti_desk.protection.jobs`
- `contents` OpenOrder -> OpenReport (source), `open` OpenOrder -> OpenReport (source, target)
- `page` PageOrder -> PagePicture (source); empty where a format has no picture that could be had
- `digest` NoParams -> DigestReport, `file_hash` NoParams -> HashReport (source)
"""

import msgspec


class NoParams(msgspec.Struct, frozen=True):
    """For jobs that need to be told nothing."""


class ProtectOrder(msgspec.Struct, frozen=True, kw_only=True):
    """How to protect a file (Arts. 14-1, 14-2). `name` is what the file inside will be called.

    `method` is an id of `meti_desk.protection.registry`, which also proposes one (`choose`). With
    `names` the source is several files, one behind the other, which go into one; `sizes` are
    their bytes.
    """

    method: str
    password: str = ""
    name: str = ""
    names: tuple[str, ...] = ()
    sizes: tuple[int, ...] = ()
    certificates: tuple[bytes, ...] = ()
    """Of the recipients (DER); each opens the file alone."""
    rounds: int = 600_000
    """How often the password is hashed, where the method leaves it to us."""
    on: str = ""
    """The day (ISO) on which the certificates have to be valid; empty: now."""
    label: str = ""
    """The label that travels inside, beside the file; empty: none, or it is in the file."""
    document: str = ""
    """The id of the document, which a format binds to the content where it has a place for it."""
    reason: str = ""
    """Why an algorithm that is not listed is used all the same (Art. 30-1)."""
    compromised: tuple[str, ...] = ()
    """Rows of the table of algorithms that are marked 危殆化 here (Art. 30-2)."""

    def __repr__(self) -> str:
        """Leave the password out."""
        return f"ProtectOrder({self.method!r})"


class Unlisted(msgspec.Struct, frozen=True):
    """An algorithm in use that is not on the 推奨 list, its state, and the reason recorded."""

    algorithm: str
    state: str
    reason: str


class ProtectReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was done and already proven by opening it again."""

    method: str
    algorithms: tuple[str, ...]
    meets: tuple[str, ...] = ()
    """Articles that the method fulfils."""
    sentence: str = ""
    """Code of the sentence that says what it meets and what not."""
    warnings: tuple[str, ...] = ()
    """Codes of what the person has to know."""
    unlisted: tuple[Unlisted, ...] = ()
    """What has to be recorded (Art. 30-1)."""
    listed: bool = True


ALL = -1
"""Instead of the index of a member: all of them."""


class OpenOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Open a protected file. `member` is the index of a file inside, as `contents` lists them.

    `content_key` is what a private key unwrapped from one of `wraps`; then no password is needed.
    `ALL` takes out all files, written one behind the other: `OpenReport.sizes` tells where each
    begins.
    """

    password: str = ""
    content_key: bytes = b""
    name: str = ""
    member: int = 0

    def __repr__(self) -> str:
        """Leave the secrets out."""
        return f"OpenOrder(member={self.member})"


class OpenReport(msgspec.Struct, frozen=True, kw_only=True):
    """How the file was protected and what lies inside.

    `names` are safe relative names; an empty one means: as the protected file itself.
    """

    method: str
    algorithms: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    sizes: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    """The labels that travel beside the files inside; empty where there is none."""
    notes: tuple[str, ...] = ()
    """Codes of what the person has to know about how the file was protected."""


class DigestReport(msgspec.Struct, frozen=True):
    """The normalized content digest (hex), empty where it cannot be told; and the variant."""

    format: str
    digest: str


class HashReport(msgspec.Struct, frozen=True):
    """SHA-256 of the file's bytes (hex) and its size in bytes."""

    sha256: str
    size: int


class PageOrder(msgspec.Struct, frozen=True):
    """Which page to draw, counted from 1, and how many pixels its longer side has."""

    page: int = 1
    longest: int = 1000


class PagePicture(msgspec.Struct, frozen=True):
    """A page as pixels of three bytes (blue, green, red), row by row without padding.

    Raw pixels and no image file: nothing has to be parsed again where it is shown. `pages` is how
    many the document has; `points_wide` and `points_high` are the page's size (1/72 inch).
    """

    width: int = 0
    height: int = 0
    pixels: bytes = b""
    pages: int = 0
    points_wide: float = 0
    points_high: float = 0
