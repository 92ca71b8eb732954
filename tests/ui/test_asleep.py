"""The window locks when the device sleeps: told by the login service, by Windows, or by clocks."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from ctypes import wintypes
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from meti_desk.ui.main.asleep import PowerFilter, SleepLock, slept
from tests.ui.conftest import Open
from tests.ui.fake_desk import FakeDesk

SENDER = """
import sys
from PySide6.QtCore import QCoreApplication
from PySide6.QtDBus import QDBusConnection, QDBusMessage
application = QCoreApplication([])
bus = QDBusConnection.systemBus()
assert bus.registerService("org.freedesktop.login1"), bus.lastError().message()
message = QDBusMessage.createSignal(
    "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep"
)
for line in sys.stdin:
    message.setArguments([line.strip() == "sleep"])
    assert bus.send(message)
    print("sent", flush=True)
"""
LISTENER = """
import sys
from PySide6.QtCore import QCoreApplication, QObject
from meti_desk.ui.main.asleep import SleepLock
application = QCoreApplication([])
parent = QObject()
lock = SleepLock(parent)
lock.asleep.connect(lambda: (print("asleep", flush=True), application.quit()))
lock.begin()
print("listens", flush=True)
application.exec()
"""


class Clock:
    def __init__(self) -> None:
        self.slept = 0.0

    def __call__(self) -> float:
        return self.slept


def test_a_sleep_that_nobody_told_of_is_seen_by_the_clocks(qtbot: QtBot) -> None:
    clock, parent = Clock(), QObject()
    lock = SleepLock(parent, clock)
    heard: list[str] = []
    lock.asleep.connect(lambda: heard.append("asleep"))
    clock.slept = 1.0
    lock.look()
    assert heard == []
    clock.slept = 600.0
    with qtbot.waitSignal(lock.asleep):
        lock.look()
    lock.look()
    assert heard == ["asleep"]


def test_a_sleep_that_was_told_is_not_told_again_afterwards() -> None:
    clock, parent = Clock(), QObject()
    lock = SleepLock(parent, clock)
    heard: list[str] = []
    lock.asleep.connect(lambda: heard.append("asleep"))
    lock.sleeping(True)  # noqa: FBT003 - as the bus calls it
    clock.slept = 600.0
    lock.sleeping(False)  # noqa: FBT003 - as the bus calls it
    lock.look()
    assert heard == ["asleep"]


def test_this_device_tells_how_long_it_slept() -> None:
    assert slept() >= -1.0


@pytest.mark.parametrize(
    ("message", "word", "heard"), [(0x218, 4, 1), (0x218, 18, 0), (0x113, 4, 0)]
)
def test_what_windows_says_of_suspending_is_heard(message: int, word: int, heard: int) -> None:
    told: list[int] = []
    held = wintypes.MSG()
    held.message, held.wParam = message, word
    power = PowerFilter(lambda: told.append(1))
    assert power.nativeEventFilter(b"windows_generic_MSG", ctypes.addressof(held)) == (False, 0)
    assert power.nativeEventFilter(b"xcb_generic_event_t", ctypes.addressof(held)) == (False, 0)
    assert len(told) == heard


def test_the_window_locks(open_window: Open, desk: FakeDesk, qtbot: QtBot) -> None:
    window = open_window(desk)
    qtbot.waitUntil(lambda: window.asleep is not None)
    assert window.asleep is not None
    window.asleep.asleep.emit()
    qtbot.waitUntil(lambda: desk.state() == "locked")


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Start a bus of our own in the place of the system's."""
    if sys.platform != "linux" or shutil.which("dbus-daemon") is None:
        pytest.skip("needs dbus-daemon")
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", f"--address=unix:path={tmp_path}/bus",
         "--print-address=1"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert daemon.stdout is not None
    address = daemon.stdout.readline().strip()
    yield {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": address, "QT_QPA_PLATFORM": "offscreen"}
    daemon.terminate()
    daemon.wait()
    daemon.stdout.close()


def test_the_login_service_is_heard_before_the_device_sleeps(bus: dict[str, str]) -> None:
    def start(code: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", code], env=bus, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    with start(LISTENER) as listener, start(SENDER) as sender:
        assert listener.stdout is not None
        assert sender.stdin is not None
        assert sender.stdout is not None
        assert listener.stdout.readline().strip() == "listens"
        for word in ("wake", "sleep"):
            sender.stdin.write(f"{word}\n")
            sender.stdin.flush()
            assert sender.stdout.readline().strip() == "sent"
        assert listener.stdout.readline().strip() == "asleep"
        assert listener.wait(30) == 0
        sender.stdin.close()
