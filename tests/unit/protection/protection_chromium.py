"""Drives headless Chromium over its DevTools pipe, as a person with a browser and nothing else."""

import base64
import itertools
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PATIENCE = 60
"""Seconds that anything may take."""


def program() -> str | None:
    """Find the browser."""
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next((path for path in found if path), None)


class Browser:
    """A page in a browser that has no network."""

    def __init__(self, to_browser: int, from_browser: int, downloads: Path) -> None:
        self._to, self._from, self.downloads = to_browser, from_browser, downloads
        self._numbers = itertools.count(1)
        self._buffer = b""
        self._session = ""
        self.events: list[dict[str, Any]] = []

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and give its answer."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        answer = self._until(lambda one: one.get("id") == number)
        if "error" in answer:
            raise AssertionError(answer["error"])
        result: dict[str, Any] = answer["result"]
        return result

    def show(self, page: Path) -> None:
        """Open a file as by a double click."""
        self._session = ""
        self.call(
            "Browser.setDownloadBehavior",
            behavior="allow",
            downloadPath=str(self.downloads),
            eventsEnabled=True,
        )
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for area in ("Page", "Runtime", "Log", "Network", "Security"):
            self.call(f"{area}.enable")
        self.call("Page.navigate", url=page.as_uri())
        self._until(lambda one: one.get("method") == "Page.loadEventFired")

    def run(self, script: str) -> Any:
        """Evaluate a script in the page, waiting for its promise."""
        done = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in done:
            raise AssertionError(done["exceptionDetails"])
        return done["result"].get("value")

    def wait_for(self, script: str) -> Any:
        """Wait until an expression is true; gives it."""
        frame = f"new Promise(ok => (function look() {{ const v = ({script}); v ? ok(v) : "
        return self.run(frame + "requestAnimationFrame(look) })())")

    def download(self) -> Path:
        """Wait for a download to end; gives the file."""
        begun = self._until(lambda one: one.get("method") == "Browser.downloadWillBegin")
        self._until(
            lambda one: (
                one.get("method") == "Browser.downloadProgress"
                and one["params"]["state"] == "completed"
            )
        )
        return self.downloads / str(begun["params"]["suggestedFilename"])

    def picture(
        self, path: Path, *, dark: bool = False, width: int = 900, height: int = 760
    ) -> None:
        """Save what the page looks like."""
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.call("Emulation.setEmulatedMedia", features=scheme)
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=760,
            deviceScaleFactor=1,
            mobile=False,
        )
        taken = self.call("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(taken["data"]))

    def _until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        for one in self.events:
            if wanted(one):
                self.events.remove(one)
                return one
        end = time.monotonic() + PATIENCE
        while True:
            message = self._next(end)
            if wanted(message):
                return message
            self.events.append(message)

    def _next(self, end: float) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._from], [], [], max(end - time.monotonic(), 0))
            piece = os.read(self._from, 1 << 16) if ready else b""
            if not piece:
                raise AssertionError("the browser does not answer")
            self._buffer += piece
        raw, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(raw)
        return message


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """Start a browser with a profile of its own, and end it with all that it started."""
    path = program()
    assert path
    downloads = folder / "downloads"
    downloads.mkdir()
    theirs_in, to_browser = os.pipe()
    from_browser, theirs_out = os.pipe()
    options = (
        "--headless=new", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--proxy-server=127.0.0.1:9", f"--user-data-dir={folder / 'profile'}",
    )  # fmt: skip
    # A container gives no name spaces to the sandbox, and root may not have it at all.
    options += ("--no-sandbox", "--disable-dev-shm-usage")
    shell = f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}'
    process = subprocess.Popen(
        ["/bin/bash", "-c", shell, "browser", path, *options],
        pass_fds=(theirs_in, theirs_out),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.close(theirs_in)
    os.close(theirs_out)
    one = Browser(to_browser, from_browser, downloads)
    try:
        yield one
    finally:
        os.close(to_browser)
        try:
            process.wait(PATIENCE)
        finally:
            process.kill()
            process.wait()
            os.close(from_browser)
