"""Starts the window: look, language and first page at once, the desk in the background."""

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QObject, QTranslator

from meti_desk.data import data
from meti_desk.ui import theme
from meti_desk.ui.jobs import Jobs
from meti_desk.ui.late import late
from meti_desk.ui.main.window import MainWindow
from meti_desk.ui.settings import appearance
from meti_desk.ui.strings import Language, choose_language

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from meti_desk.ui.ports import Desk, DeskFactory, Glance


class Translations:
    """Keeps the translators of the language that is shown."""

    def __init__(self, app: "QApplication") -> None:
        self._app = app
        self._held: list[QTranslator] = []

    def choose(self, language: Language) -> None:
        """Speak a language from now on; texts that are shown already stay as they are."""
        for one in self._held:
            self._app.removeTranslator(one)
        self._held = []
        choose_language(language)
        own = str(data("i18n"))
        if language == "en":
            self._install("meti_desk_en", own)
        else:
            self._install("qtbase_ja", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))

    def _install(self, name: str, folder: str) -> None:
        translator = QTranslator(self._app)
        if translator.load(name, folder):
            self._app.installTranslator(translator)
            self._held.append(translator)


class Session(QObject):
    """One run of the window; makes it anew when appearance or language change."""

    def __init__(self, app: "QApplication", desk: "Desk", paths: tuple[str, ...]) -> None:
        super().__init__()
        self._app, self._desk, self._paths = app, desk, paths
        self.jobs = Jobs(held=True)
        self._translations = Translations(app)
        self._held = appearance.Appearance()
        self.window: MainWindow | None = None

    def open(self, glance: "Glance") -> None:
        """Show the first page; the desk is made when that has been painted."""
        self._held = appearance.read(glance)
        theme.apply(self._app, self._held.shown())
        self._translations.choose(self._held.language)
        self._app.styleHints().colorSchemeChanged.connect(self._follow)
        window = MainWindow(self._desk, self.jobs, self._paths, glance.state())
        window.desktop.appearance_wanted.connect(self._look_again)
        self.window = window
        window.begin()
        window.show()

    def _look_again(self) -> None:
        window, desk = self.window, self._desk
        if window is not None:
            self.jobs.start(
                self, lambda _job: appearance.read(desk), self._renew, window.tell_error
            )

    def _renew(self, held: appearance.Appearance) -> None:
        """Make the window anew in the other look, at the page where it was."""
        window = self.window
        if window is None or held == self._held:
            return
        if held.language != self._held.language:
            self._translations.choose(held.language)
        self._held = held
        theme.apply(self._app, held.shown())
        window.rebuild("settings")

    def _follow(self) -> None:
        """Follow the system between light and dark, if the person wants that; nothing is lost."""
        shown = self._held.shown()
        if shown != theme.active():
            theme.apply(self._app, shown)
            if self.window is not None:
                self.window.retint()


def run(make: "DeskFactory", paths: list[str], glance: "Glance | None" = None) -> int:
    """Open the window, with the decision screen for `paths` if any; gives the exit code.

    `make` is called in the background thread, so that its imports delay no first paint. `glance`
    tells what the first page needs; without it the desk is made first and asked.
    """
    app = theme.application(sys.argv[0])
    app.setApplicationName("meti-desk")
    app.setDesktopFileName("meti-desk")
    desk = late(make)
    session = Session(app, desk, tuple(paths))
    session.open(glance or desk)
    code = app.exec()
    session.jobs.close()
    return code
