"""The entry point: answers `--version` before anything else is imported."""

import sys


def main() -> int:
    """Start the command line or, without a command, the window; gives the exit code."""
    if sys.argv[1:] == ["--version"]:
        from meti_desk import __version__

        print(f"meti-desk {__version__}")  # noqa: T201 - the answer itself
        return 0
    from meti_desk import app

    return app.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
