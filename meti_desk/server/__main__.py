"""The entry point `meti-desk-server`."""

import sys


def main() -> int:
    """Answer `--version` at once; carry out anything else."""
    if sys.argv[1:] == ["--version"]:
        from meti_desk import __version__

        print(f"meti-desk-server {__version__}")  # noqa: T201 - the answer itself
        return 0
    from meti_desk.server.commands import main as run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
