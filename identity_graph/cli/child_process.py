"""A process of our own that runs beside this one and is started again whenever it ends by itself.

A program and a name come in. The child ends when its standard input does: also when its parent is killed.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from contextlib import suppress

__all__ = ["ChildProcess"]

_log = logging.getLogger("identity_graph.ingest")

_SHORTEST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 0.5, 30.0
_WELL_AFTER_SECONDS = 60.0
"""A child that lived so long and dies is started again without much ado."""

_STOP_SECONDS = 60.0
"""How long a child may take to end by default; longer than a child of its own may."""


class ChildProcess:
    """A child that is started again.

    Args:
        program: Python source that it runs.
        name: what the log calls it.
        stop_seconds: how long it may take to end when it is told to; then it is killed.
    """

    def __init__(self, program: str, name: str, stop_seconds: float = _STOP_SECONDS) -> None:
        self._program, self._name, self._stop_seconds = program, name, stop_seconds
        self._stopping = threading.Event()
        self._child = self._start()
        self._thread = threading.Thread(target=self._watch, name=f"{name}-process", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int:
        """Process id of the child that runs now, or ran last."""
        return self._child.pid

    def send(self, said: bytes) -> None:
        """Write to the child's standard input, waiting while it is full; what one that has ended is told is lost."""
        stdin = self._child.stdin
        assert stdin is not None
        with suppress(OSError, ValueError):  # it died, or was told to end
            stdin.write(said)
            stdin.flush()

    def close(self) -> None:
        """Let the child finish what is under way, and wait for its end."""
        self._stopping.set()
        self._thread.join()
        self._hang_up()
        try:
            self._child.wait(self._stop_seconds)
        except subprocess.TimeoutExpired:
            self._child.kill()  # facts are idempotent: what it was doing is done again
            self._child.wait()

    def _watch(self) -> None:
        wait, started = _SHORTEST_WAIT_SECONDS, time.monotonic()
        while not self._stopping.wait(_SHORTEST_WAIT_SECONDS):
            status = self._child.poll()
            if status is None:
                continue
            if time.monotonic() - started > _WELL_AFTER_SECONDS:
                wait = _SHORTEST_WAIT_SECONDS
            _log.warning("the %s ended with status %d and starts again in %.1f s", self._name, status, wait)
            if self._stopping.wait(wait):
                return
            wait = min(2 * wait, _LONGEST_WAIT_SECONDS)
            self._hang_up()
            self._child, started = self._start(), time.monotonic()

    def _hang_up(self) -> None:
        """End the child's standard input."""
        assert self._child.stdin is not None
        with suppress(OSError):  # something was left to write to a child that is gone
            self._child.stdin.close()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", self._program], stdin=subprocess.PIPE)
