"""The few settings that are read before the store is open: appearance, language, size of text.

They say nothing of documents or people, so they lie in the clear beside the store.
"""

import json
from pathlib import Path


class LookFile:
    """Implements the port `Settings` over a small JSON file; a damaged one counts as empty."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values: dict[str, str] | None = None

    def get(self, key: str, default: str = "") -> str:
        """Read a value."""
        return self._load().get(key, default)

    def put(self, key: str, value: str) -> None:
        """Write a value; the file is replaced whole."""
        values = self._load()
        values[key] = value
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = self._path.with_suffix(".part")
        temporary.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
        temporary.replace(self._path)

    def _load(self) -> dict[str, str]:
        if self._values is None:
            self._values = _read(self._path)
        return self._values


def _read(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(key): str(value) for key, value in found.items()}
