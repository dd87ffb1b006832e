"""The files through which processes share one embedded engine: its folder, state, password, locks and client leases.

    <data folder>/engine/engine.json     where the running server is (pid, port, version, host)
                         password        of the server's only user, readable by the owner only
                         start.lock      held while somebody starts, joins or stops the server
                         server.lock     held by the server as long as it lives
                         clients/*.lock  one held by each live client; the server stops when none is held

Locks are the operating system's, so a killed process leaves none behind.
"""

from __future__ import annotations

import errno
import json
import os
import platform
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path

from filelock import FileLock, Timeout

from identity_graph.errors import EngineBusyError, EngineError, EngineStorageError

__all__ = ["EngineFiles", "EngineState"]

_DATABASE = "identity"
_USER = "root"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class EngineState:
    """Where a running embedded server is."""

    pid: int
    port: int
    version: str
    host: str

    @property
    def uri(self) -> str:
        return f"bolt://127.0.0.1:{self.port}"


@dataclass(frozen=True, slots=True)
class EngineFiles:
    """The folder of one embedded engine; it need not exist yet."""

    folder: Path

    user = _USER
    database = _DATABASE

    @property
    def log_folder(self) -> Path:
        return self.folder / "log"

    @property
    def state_file(self) -> Path:
        return self.folder / "engine.json"

    @property
    def password_file(self) -> Path:
        return self.folder / "password"

    @property
    def clients_folder(self) -> Path:
        return self.folder / "clients"

    def prepare(self) -> None:
        """Make the folders, the data folder too where it is new, readable by the owner only.

        Raises:
            EngineStorageError: the disk is full, or the folder cannot be written.
        """
        with self.writing():
            for folder in (self.folder.parent, self.folder):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.clients_folder.mkdir(exist_ok=True)
            self.log_folder.mkdir(exist_ok=True)
            probe = self.folder / f"probe-{os.getpid()}"
            probe.write_bytes(b"0" * 4096)
            probe.unlink()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Turn failures to write the folder into our own errors."""
        try:
            yield
        except Timeout:  # an OSError too, but it says that a lock is held
            raise
        except OSError as error:
            full = error.errno in _FULL
            what = "The disk is full" if full else "The data folder cannot be written"
            raise EngineStorageError(
                f"{what}: {self.folder} ({error.strerror or error}).",
                ids=[str(self.folder)],
                next_step="Free space there." if full else "Point IDENTITY_GRAPH_DATA_DIR at a folder you may write.",
            ) from error

    @contextmanager
    def start_lock(self, seconds: float) -> Iterator[None]:
        """Hold the lock that serialises starting, joining and stopping.

        Raises:
            EngineBusyError: another process held it for longer than `seconds`.
        """
        lock = FileLock(self.folder / "start.lock", timeout=seconds)
        try:
            with self.writing():
                lock.acquire()
        except Timeout as error:
            raise EngineBusyError(
                f"Another process has been starting or stopping the engine in {self.folder} for {seconds:g} seconds.",
                ids=[str(self.folder)],
                next_step=f"See {self.log_folder}, end that process, then try again.",
            ) from error
        try:
            yield
        finally:
            lock.release()

    def server_lock(self) -> FileLock:
        """Return the lock that the server holds while it lives, not yet taken."""
        return FileLock(self.folder / "server.lock", timeout=0)

    def server_lives(self) -> bool:
        """Say whether some process holds the server's lock."""
        lock = self.server_lock()
        try:
            lock.acquire()
        except Timeout:
            return True
        lock.release()
        return False

    def state(self) -> EngineState | None:
        """Return what the last server wrote; it may be gone by now. None when it stopped cleanly."""
        try:
            return EngineState(**json.loads(self.state_file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write_state(self, pid: int, port: int, version: str) -> None:
        """Say where the server is, in one step so that nobody reads half of it."""
        state = EngineState(pid, port, version, platform.node())
        partial = self.state_file.with_suffix(".partial")
        partial.write_text(json.dumps(asdict(state)) + "\n", encoding="utf-8")
        partial.replace(self.state_file)

    def remove_state(self) -> None:
        """Say that no server runs."""
        self.state_file.unlink(missing_ok=True)

    def password(self) -> str:
        """Return the server's password.

        Raises:
            EngineError: there is none, or it cannot be read.
        """
        try:
            return self.password_file.read_text(encoding="ascii").strip()
        except OSError as error:
            raise EngineError(
                f"The password of the embedded engine cannot be read: {self.password_file} ({error.strerror}).",
                ids=[str(self.password_file)],
                next_step="Run as the user who owns the data folder; delete the file to have a new one made.",
            ) from error

    def ensure_password(self) -> str:
        """Return the password, made at random when there is none; then the engine's own user file is dropped too."""
        if self.password_file.exists():
            return self.password()
        for name in ("server-users.jsonl", "server-users.json"):
            (self.folder / "config" / name).unlink(missing_ok=True)
        descriptor = os.open(self.password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(24))
        return self.password()

    def take_lease(self) -> FileLock:
        """Register this client until the lease is released or the process ends; call it under the start lock."""
        for number in count():
            lock = FileLock(self.clients_folder / f"{os.getpid()}-{number}.lock", timeout=0, thread_local=False)
            try:
                with self.writing():
                    lock.acquire()
            except Timeout:
                continue
            return lock
        raise AssertionError("count() does not end")

    def live_leases(self) -> int:
        """Count the clients that live, and remove what killed ones left; call it under the start lock."""
        live = 0
        for path in self.clients_folder.glob("*.lock"):
            lock = FileLock(path, timeout=0)
            try:
                lock.acquire()
            except Timeout:
                live += 1
                continue
            lock.release()
            path.unlink(missing_ok=True)
        return live
