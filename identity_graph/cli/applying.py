"""Applies and resolves in a process of its own beside the service, so that accepting never waits for it.

The service starts an `ApplierProcess` and stops it; one that dies is started again. The child reads its settings from
the environment, as the service did, and ends when its standard input does: also when the service is killed.

Threads of one process share one interpreter: a request would wait for the applier's and the resolver's turns.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing

from identity_graph.cli.edge import graph_open, read_settings
from identity_graph.errors import IdentityGraphError
from identity_graph.facts import Handover
from identity_graph.ingest import ApplierThread
from identity_graph.realtime import ResolverThread

__all__ = ["ApplierProcess", "run"]

_log = logging.getLogger("identity_graph.ingest")

_PROGRAM = "from identity_graph.cli.applying import run; run()"
_SHORTEST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 0.5, 30.0
_WELL_AFTER_SECONDS = 60.0
"""A child that lived so long and dies is started again without much ado."""

_STOP_SECONDS = 60.0


class ApplierProcess:
    """The process that applies and resolves for a service; started again whenever it ends by itself."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._child = self._start()
        self._thread = threading.Thread(target=self._watch, name="applier-process", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int:
        """Process id of the child that runs now, or ran last."""
        return self._child.pid

    def close(self) -> None:
        """Let the child finish the batch under way, and wait for its end."""
        self._stopping.set()
        self._thread.join()
        assert self._child.stdin is not None
        self._child.stdin.close()
        try:
            self._child.wait(_STOP_SECONDS)
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
            _log.warning("the applier ended with status %d and starts again in %.1f s", status, wait)
            if self._stopping.wait(wait):
                return
            wait = min(2 * wait, _LONGEST_WAIT_SECONDS)
            self._child, started = self._start(), time.monotonic()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", _PROGRAM], stdin=subprocess.PIPE)


def run() -> None:
    """Be the child: apply and resolve until standard input ends."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)
    _log.setLevel(logging.INFO)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the keyboard interrupts the service, which closes the pipe
    settings, handover = read_settings(), Handover()
    try:
        with (
            graph_open(settings) as graph,
            closing(ResolverThread(graph, settings, handover)),
            closing(ApplierThread(graph, settings, handover)),
        ):
            while os.read(sys.stdin.fileno(), 1024):
                pass
    except IdentityGraphError as error:
        _log.error("%s: %s", error.code, error.message)
        sys.exit(1)
