"""The entry point `meti-desk-server`; the server itself is not part of this version.

The command is there so that packages, service files and scripts can name it already. It answers
`--version` and otherwise says plainly that there is nothing to start yet.
"""

import sys

NOT_YET = 4
"""The exit code of everything that the surroundings do not allow (`docs/cli.md`)."""

_JA = (
    "meti-desk-server: この版にはサーバーが含まれていません。サーバーは後の版で提供します。"
    "この PC での格付・保護・記録・自己点検は、サーバーなしで使えます（meti-desk）。"
)
_EN = (
    "meti-desk-server: this version does not contain the server; it comes with a later one. "
    "Labels, protection, records and self-checks on this computer work without it (meti-desk)."
)


def main() -> int:
    """Answer `--version`; for anything else say that the server is not here (exit 4)."""
    if sys.argv[1:] == ["--version"]:
        from meti_desk import __version__

        print(f"meti-desk-server {__version__}")  # noqa: T201 - the answer itself
        return 0
    print(_JA, _EN, sep="\n", file=sys.stderr)  # noqa: T201 - the answer itself
    return NOT_YET


if __name__ == "__main__":
    sys.exit(main())
