"""Starts the window: application, look and language, then the desk in the background."""

import sys

from PySide6.QtCore import QLibraryInfo, QObject, QTranslator
from PySide6.QtWidgets import QApplication, QWidget

from meti_desk.data import data
from meti_desk.ui import theme
from meti_desk.ui.jobs import Job, Jobs
from meti_desk.ui.main.window import MainWindow
from meti_desk.ui.ports import Desk, DeskFactory
from meti_desk.ui.settings import appearance
from meti_desk.ui.strings import Language, choose_language, told, tr
from meti_desk.ui.widgets.banner import Banner
from meti_desk.ui.widgets.build import column


class Translations:
    """Keeps the translators of the language that is shown."""

    def __init__(self, app: QApplication) -> None:
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

    def __init__(self, app: QApplication, jobs: Jobs, paths: tuple[str, ...]) -> None:
        super().__init__()
        self._app, self._jobs, self._paths = app, jobs, paths
        self._translations = Translations(app)
        self._held = appearance.Appearance()
        self.window: MainWindow | None = None
        self.desk: Desk | None = None

    def open(self, make: DeskFactory) -> None:
        """Make the desk in the background and show the window when its state is known."""
        shown = self._held.shown()
        theme.apply(self._app, shown)
        self._translations.choose(self._held.language)

        def work(_job: Job) -> tuple[Desk, appearance.Appearance]:
            desk = make()
            return desk, appearance.read(desk)

        self._jobs.start(self, work, lambda made: self._made(*made), self._failed)

    def _made(self, desk: Desk, held: appearance.Appearance) -> None:
        self.desk = desk
        self._look(held)
        self._show(desk)
        if self.window is not None:
            self.window.begin()

    def _look(self, held: appearance.Appearance) -> None:
        if held.language != self._held.language:
            self._translations.choose(held.language)
        if held.shown() != self._held.shown():
            theme.apply(self._app, held.shown())
        self._held = held

    def _show(self, desk: Desk) -> None:
        window = MainWindow(desk, self._jobs, self._paths)
        window.desktop.appearance_wanted.connect(self._look_again)
        self.window = window
        window.show()

    def _look_again(self) -> None:
        desk = self.desk
        if desk is not None:
            self._jobs.start(self, lambda _job: appearance.read(desk), self._renew, self._failed)

    def _renew(self, held: appearance.Appearance) -> None:
        """Make the window anew in the other look, at the page where it was."""
        window = self.window
        if window is None or self.desk is None or held == self._held:
            return
        self._look(held)
        window.rebuild("settings")

    def _failed(self, error: Exception) -> None:
        said = told(error)
        self._alone = QWidget()
        self._alone.setWindowTitle(tr("情報取扱いデスク"))
        banner = Banner()
        banner.tell(said)
        self._alone.setLayout(column(banner, None, margins=(24, 24, 24, 24)))
        self._alone.resize(640, 240)
        self._alone.show()


def run(make: DeskFactory, paths: list[str]) -> int:
    """Open the window, with the decision screen for `paths` if any; gives the exit code.

    `make` is called in the background thread, so that its imports delay no first paint.
    """
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(app, QApplication):
        raise TypeError(type(app))
    app.setApplicationName("meti-desk")
    app.setDesktopFileName("meti-desk")
    jobs = Jobs()
    session = Session(app, jobs, tuple(paths))
    session.open(make)
    code = app.exec()
    jobs.close()
    return code
