"""The embedded engine seen from a client: find the server of a data folder, or start it, and hold a lease on it.

Settings come in; an `Endpoint` goes out. All processes with the same data folder share one server, whoever started
it; it ends by itself when nobody holds a lease, and a killed one is replaced by the next client that asks.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from threading import Lock, Thread

import psutil
from filelock import BaseFileLock

from identity_graph.errors import EngineBusyError, EngineError, EngineStorageError, EngineUnavailableError
from identity_graph.graph.bolt import Endpoint, answers
from identity_graph.graph.engine_files import EngineFiles, EngineState
from identity_graph.graph.engine_memory import heap_of
from identity_graph.settings import Settings

__all__ = ["EmbeddedEngine", "EngineStatus", "engine_status", "stop_engine"]

_START_SECONDS = 90.0
_STOP_SECONDS = 60.0
_LOOK_SECONDS = 0.05
_LEAST_FREE_BYTES = 16 * 2**20


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """What is known of the embedded engine of a data folder.

    Attributes:
        running: it answers.
        pid: process id of the server, or None.
        address: its Bolt address, or None.
        version: of the engine, or None.
        clients: live clients of any process.
    """

    running: bool
    pid: int | None
    address: str | None
    version: str | None
    clients: int


class EmbeddedEngine:
    """One client's hold on the embedded engine of a data folder; safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._files = _files(settings)
        self._lease: BaseFileLock | None = None
        self._lock = Lock()

    def locate(self) -> Endpoint:
        """Return where the server listens; joins the running one or starts it (about 4 seconds).

        Raises:
            EngineBusyError: the port or the folder is in use by another program.
            EngineStorageError: the disk is full, or the folder cannot be written.
            EngineError: this platform has no embedded engine, or it did not start.
        """
        _require_engine()
        with self._lock:
            self._files.prepare()
            with self._files.start_lock(_START_SECONDS + _STOP_SECONDS):
                if self._lease is None:
                    self._lease = self._files.take_lease()
                try:
                    state = _running(self._files) or _start(self._files, self._settings)
                except EngineError:
                    self._release()
                    raise
                return _endpoint(self._files, state)

    def release(self) -> None:
        """Give the lease back; the server goes on for other clients."""
        with self._lock:
            self._release()

    def _release(self) -> None:
        if self._lease is not None:
            self._lease.release()
            self._lease = None


def stop_engine(settings: Settings) -> bool:
    """Stop the embedded engine of the data folder cleanly and wait until it is gone; its clients lose it.

    Returns:
        Whether there was a running one.

    Raises:
        EngineBusyError: it did not stop in time, or it runs on another machine.
    """
    files = _files(settings)
    if not files.folder.is_dir():
        return False
    with files.start_lock(_START_SECONDS + _STOP_SECONDS):
        state = files.state()
        if state is None or not files.server_lives():
            return False
        if psutil.pid_exists(state.pid):
            os.kill(state.pid, signal.SIGTERM)
        _await(lambda: not files.server_lives(), _STOP_SECONDS, lambda: _held(files))
        return True


def engine_status(settings: Settings) -> EngineStatus:
    """Say whether the embedded engine of the data folder runs, without starting it."""
    files = _files(settings)
    if not files.folder.is_dir():
        return EngineStatus(False, None, None, None, 0)
    with files.start_lock(_START_SECONDS + _STOP_SECONDS):
        state, clients = files.state(), files.live_leases()
        if state is None or not files.server_lives() or not answers(_endpoint(files, state)):
            return EngineStatus(False, None, None, None, clients)
        return EngineStatus(True, state.pid, state.uri, state.version, clients)


def _files(settings: Settings) -> EngineFiles:
    return EngineFiles(settings.data_dir.absolute() / "engine")


def _endpoint(files: EngineFiles, state: EngineState) -> Endpoint:
    return Endpoint(state.uri, files.user, files.password(), files.database)


def _require_engine() -> None:
    if find_spec("arcadedb_embedded") is None:
        raise EngineError(
            "The embedded graph engine has no package for this platform.",
            next_step="Run Neo4j (docker compose up) and set IDENTITY_GRAPH_URI to its address.",
        )


def _running(files: EngineFiles) -> EngineState | None:
    """Return the server that already serves this folder; a state left by a killed one counts for nothing."""
    if not files.server_lives():
        return None

    def settled() -> bool:
        state = files.state()
        return not files.server_lives() or (state is not None and answers(_endpoint(files, state)))

    _await(settled, _STOP_SECONDS, lambda: _held(files))
    return files.state() if files.server_lives() else None


def _start(files: EngineFiles, settings: Settings) -> EngineState:
    _require_free(settings.engine_port)
    with files.writing():
        files.remove_state()
        log = (files.log_folder / "start.log").open("wb")
    command = [sys.executable, "-m", "identity_graph.graph.embedded_server", str(files.folder)]
    command += ["--port", str(settings.engine_port), "--heap", heap_of(settings)]
    command += ["--idle-seconds", str(settings.engine_idle_seconds)]
    with log:
        server = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd=files.folder
        )

    def ready() -> bool:
        state = files.state()
        if state is not None and state.pid == server.pid and answers(_endpoint(files, state)):
            return True
        if server.poll() is not None:
            raise _not_started(files, settings)
        return False

    try:
        _await(ready, _START_SECONDS, lambda: _not_started(files, settings))
    finally:
        # The server outlives this call; somebody has to collect it if it ends before this process does.
        Thread(target=server.wait, name="embedded-engine-exit", daemon=True).start()
    state = files.state()
    if state is None:
        raise _not_started(files, settings)
    return state


def _require_free(port: int) -> None:
    if port == 0:
        return
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise EngineBusyError(
                f"Port {port} of the embedded engine is taken by another program ({error.strerror}).",
                ids=[str(port)],
                next_step="Set IDENTITY_GRAPH_ENGINE_PORT to another port, or to 0 to take a free one.",
            ) from error


def _held(files: EngineFiles) -> EngineBusyError:
    state = files.state()
    holder = f"process {state.pid} on {state.host}" if state else "a process that does not say who it is"
    return EngineBusyError(
        f"The engine folder {files.folder} is in use by {holder}, which does not answer here.",
        ids=[str(files.folder)],
        next_step="End that process, or set IDENTITY_GRAPH_DATA_DIR to another folder.",
    )


def _not_started(files: EngineFiles, settings: Settings) -> EngineError:
    """Explain a failed start from the server's own words."""
    words = "\n".join(
        path.read_text(encoding="utf-8", errors="replace")[-20_000:] for path in files.log_folder.glob("*.log*")
        if path.suffix != ".lck"
    )  # fmt: skip
    lines = [line for line in (files.log_folder / "start.log").read_text(errors="replace").splitlines() if line.strip()]
    last = lines[-1] if lines else "it said nothing"
    where = f"See {files.log_folder}."
    full = shutil.disk_usage(files.folder).free < _LEAST_FREE_BYTES
    if full or "No space left" in words or "Disk quota" in words:
        return EngineStorageError(
            f"The embedded engine did not start: the disk of {files.folder} is full.",
            ids=[str(files.folder)],
            next_step="Free space there, then try again.",
        )
    if "Address already in use" in last or "BindException" in last:
        return EngineBusyError(
            f"The embedded engine did not start: port {settings.engine_port} is taken.",
            ids=[str(settings.engine_port)],
            next_step="Set IDENTITY_GRAPH_ENGINE_PORT to another port, or to 0 to take a free one.",
        )
    return EngineUnavailableError(
        f"The embedded engine did not start: {last}", ids=[str(files.folder)], next_step=where
    )


def _await(condition: Callable[[], bool], seconds: float, failure: Callable[[], EngineError]) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            raise failure()
        time.sleep(_LOOK_SECONDS)
