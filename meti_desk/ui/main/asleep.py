"""Locks the window when the device goes to sleep, or has slept unnoticed (Arts. 76-80).

On Linux the login service says so beforehand; where nothing says it, a clock that counts sleep is
compared with one that does not. On Windows the system tells every window.
"""

import sys
import time
from collections.abc import Callable
from typing import cast

from PySide6.QtCore import (
    SLOT,
    QAbstractNativeEventFilter,
    QByteArray,
    QObject,
    QTimer,
    Signal,
    Slot,
)

_TICK = 15_000
"""Milliseconds between two looks at the clocks."""
_SLEPT = 5.0
"""Seconds of sleep that count; less is the coarseness of clocks."""
_LOGIN = "org.freedesktop.login1"
_POWER, _SUSPENDS = 0x0218, 4
"""WM_POWERBROADCAST and PBT_APMSUSPEND of Windows."""


def slept() -> float:
    """Give the seconds that this device has slept since it was started, as far as it tells."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    if boot is None:
        return 0.0
    return time.clock_gettime(boot) - time.clock_gettime(time.CLOCK_MONOTONIC)


class SleepLock(QObject):
    """Says `asleep` once for each sleep."""

    asleep = Signal()

    def __init__(self, parent: QObject, clock: Callable[[], float] = slept) -> None:
        super().__init__(parent)
        self._clock = clock
        self._known = clock()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._filter: PowerFilter | None = None

    def begin(self) -> None:
        """Begin to watch; without a login service the clocks are all there is."""
        self._timer.start(_TICK)
        if sys.platform == "win32":
            self._watch_windows()
        elif sys.platform == "linux":
            self._listen()

    @Slot()
    def look(self) -> None:
        """Compare the clocks."""
        now = self._clock()
        if now - self._known > _SLEPT:
            self.asleep.emit()
        self._known = now

    @Slot(bool)
    def sleeping(self, begins: bool) -> None:  # noqa: FBT001 - the signal's own argument
        """Hear the login service: true before sleep, false after it."""
        if begins:
            self.asleep.emit()
        else:
            self._known = self._clock()

    def _listen(self) -> bool:
        from PySide6.QtDBus import QDBusConnection

        bus = QDBusConnection.systemBus()
        # Its types ask for bytes, which it refuses; the text of SLOT is what it takes.
        connect = cast("Callable[..., bool]", bus.connect)
        return bus.isConnected() and connect(
            _LOGIN,
            "/org/freedesktop/login1",
            f"{_LOGIN}.Manager",
            "PrepareForSleep",
            self,
            SLOT("sleeping(bool)"),
        )

    def _watch_windows(self) -> None:
        from PySide6.QtCore import QCoreApplication

        application = QCoreApplication.instance()
        if application is not None:
            self._filter = PowerFilter(self.asleep.emit)
            application.installNativeEventFilter(self._filter)


class PowerFilter(QAbstractNativeEventFilter):
    """Hears that Windows suspends the device."""

    def __init__(self, suspends: Callable[[], object]) -> None:
        super().__init__()
        self._suspends = suspends

    def nativeEventFilter(
        self, kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> tuple[bool, int]:
        """Look at one message; never keeps it from anybody else."""
        if bytes(cast("bytes", kind)) == b"windows_generic_MSG":
            from ctypes.wintypes import MSG

            told = MSG.from_address(int(message))
            if told.message == _POWER and told.wParam == _SUSPENDS:
                self._suspends()
        return False, 0
