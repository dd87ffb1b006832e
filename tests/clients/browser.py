"""A headless Chromium that a test drives: pages are opened, asked and typed into through the browser's own protocol.

Source: Chrome DevTools Protocol over pipes (`--remote-debugging-pipe`): JSON messages that end with a NUL.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["Browser", "browsing"]

_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
    "--remote-debugging-pipe",
)  # fmt: skip


class Browser:
    """One page of a running browser.

    Attributes:
        events: what the browser told without being asked.
    """

    def __init__(self, commands: int, answers: int) -> None:
        self._commands, self._answers = commands, answers
        self._number = 0
        self._buffer = b""
        self._session: str | None = None
        self.events: list[dict[str, Any]] = []

    def attach(self) -> None:
        """Make a page."""
        target = self.command("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.command("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.command(f"{domain}.enable")

    def command(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and return its result."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result
            self.events.append(answer)

    def ask(self, expression: str) -> Any:
        """Evaluate an expression in the page."""
        found = self.command("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def wait_for(self, expression: str, seconds: float = 60.0) -> None:
        """Ask until the answer is true."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.ask(f"Boolean({expression})"):
                return
            time.sleep(0.1)
        raise AssertionError(f"{expression} never came true; the page says:\n{self.ask('document.body.innerText')}")

    def type(self, text: str) -> None:
        """Type into whatever has the focus."""
        self.command("Input.insertText", text=text)

    def press(self, key: str) -> None:
        """Press a key such as `Enter` or `Tab`."""
        code = {"Enter": (13, "\r"), "Tab": (9, ""), " ": (32, " ")}[key]
        kept = {"key": key, "windowsVirtualKeyCode": code[0], "text": code[1]}
        self.command("Input.dispatchKeyEvent", type="keyDown", **kept)
        self.command("Input.dispatchKeyEvent", type="keyUp", **kept)

    def told(self, method: str) -> list[dict[str, Any]]:
        """Return the parameters of what the browser told under a name."""
        return [event["params"] for event in self.events if event.get("method") == method]

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            read = os.read(self._answers, 2**16)
            assert read, "the browser is gone"
            self._buffer += read
        message, _, self._buffer = self._buffer.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found


@contextmanager
def browsing(program: str, folder: Path) -> Iterator[Browser]:
    """Run a browser with one page; its profile is kept in the folder."""
    commands_in, commands_out = os.pipe()
    answers_in, answers_out = os.pipe()
    words = shlex.join([program, *_FLAGS, f"--user-data-dir={folder}"])
    process = subprocess.Popen(
        ["bash", "-c", f"exec {words} 3<&{commands_in} 4>&{answers_out}"], pass_fds=(commands_in, answers_out),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(commands_in)
    os.close(answers_out)
    try:
        browser = Browser(commands_out, answers_in)
        browser.attach()
        yield browser
    finally:
        process.terminate()
        process.wait(30)
        os.close(commands_out)
        os.close(answers_in)
