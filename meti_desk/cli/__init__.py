"""The same use cases as in the window, on the command line (`docs/cli.md`)."""
