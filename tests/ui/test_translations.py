"""English is complete, and no sentence is made before it is translated."""

import ast
import re
import subprocess
import sys

from tests.ui.translations import SOURCES, calls, source_strings, translated


def test_no_f_string_and_nothing_computed_is_translated() -> None:
    for path in SOURCES.rglob("*.py"):
        for call in calls(ast.parse(path.read_text(encoding="utf-8"))):
            first = call.args[0]
            if path.name == "strings.py" and isinstance(first, ast.Name):
                continue
            literal = isinstance(first, ast.Constant) and isinstance(first.value, str)
            assert literal, f"{path}:{call.lineno}"


def test_every_source_string_has_a_finished_translation_and_none_is_left_over() -> None:
    held = translated()
    assert set(held) == set(source_strings())
    assert not [source for source, (text, done) in held.items() if not done or not text]


def test_translations_keep_the_values() -> None:
    for source, (text, _done) in translated().items():
        assert set(re.findall(r"\{\w+\}", source)) == set(re.findall(r"\{\w+\}", text)), source


def test_english_has_no_japanese_left() -> None:
    japanese = re.compile(r"[぀-ヿ一-鿿]")
    assert not [text for text, _done in translated().values() if japanese.search(text)]


def test_the_window_speaks_english() -> None:
    script = (
        "from PySide6.QtWidgets import QApplication\n"
        "from meti_desk.ui.app import Translations\n"
        "from meti_desk.ui.strings import tr, article\n"
        "app = QApplication([])\n"
        "Translations(app).choose('en')\n"
        "print(tr('取扱記録'), '|', tr('機密性{n}', n=2), '|', article('14-7'))\n"
    )
    subprocess.run([sys.executable, "-m", "meti_desk.data", "--build-translations"], check=True)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "Handling records | Confidentiality 2 | Art. 14-7"
