"""Answers what other processes ask the resolver, between its steps.

Questions come in over the socket of the data folder, one thread each; how far the resolver is is answered at once,
whom a record would be with by the thread of the resolver when it calls `give`.
"""

from __future__ import annotations

import json
import logging
import queue
import socketserver
import sys
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, TimeoutError
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from identity_graph.facts.prepare import RecordRow
from identity_graph.realtime.asking import private, received, socket_path
from identity_graph.realtime.preview import Preview
from identity_graph.realtime.standing import Standing, StandingState

__all__ = ["Answering"]

_log = logging.getLogger("identity_graph.realtime")

_READ_SECONDS = 5.0
_ANSWER_SECONDS = 30.0

_Question = tuple[RecordRow, "Future[Preview | None]"]


class Answering:
    """The resolver's ear; a context manager, to be used by the one process that holds the lease.

    Args:
        data_dir: the data folder.
        standing: says how far the resolver is; called by any thread.
        ring: wakes the resolver's thread.
    """

    def __init__(self, data_dir: Path, standing: Callable[[], Standing], ring: Callable[[], None]) -> None:
        self._data_dir, self._standing, self._ring = data_dir, standing, ring
        self._waiting: queue.SimpleQueue[_Question] = queue.SimpleQueue()
        self._server: socketserver.BaseServer | None = None
        self._path = socket_path(data_dir)

    def __enter__(self) -> Answering:
        try:
            self._server = _listening(self._path, self._data_dir, self.answer)
        except OSError as error:
            _log.warning("nobody can ask the resolver: %s", error.strerror)
        if self._server is not None:
            threading.Thread(target=self._server.serve_forever, name="resolver-answers", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, places: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._path.unlink(missing_ok=True)
        self.give(lambda record: None)

    def give(self, preview: Callable[[RecordRow], Preview | None]) -> None:
        """Answer what was asked since the last call; what fails is no answer."""
        while True:
            try:
                record, answer = self._waiting.get_nowait()
            except queue.Empty:
                return
            if not answer.set_running_or_notify_cancel():
                continue
            try:
                answer.set_result(preview(record))
            except Exception as error:  # noqa: BLE001 - a question must not stop the resolver
                # Without the message, which may quote personal data.
                _log.error("a question to the resolver failed with %s", type(error).__name__)
                answer.set_result(None)

    def answer(self, text: bytes) -> dict[str, Any] | None:
        """Answer one question; None for what is none, or cannot be answered now."""
        try:
            asked = json.loads(text)
            if asked["ask"] == "standing":
                return self._standing().to_json()
            record = asked["said"], tuple((str(name), str(value)) for name, value in asked["held"])
        except (KeyError, TypeError, ValueError):
            return None
        if self._standing().state is not StandingState.READY:
            return None
        answer: Future[Preview | None] = Future()
        self._waiting.put((record, answer))
        self._ring()
        try:
            found = answer.result(_ANSWER_SECONDS)
        except (CancelledError, TimeoutError):
            answer.cancel()
            return None
        return None if found is None else asdict(found)


def _listening(
    path: Path, data_dir: Path, answer: Callable[[bytes], dict[str, Any] | None]
) -> socketserver.BaseServer | None:
    """Listen where nobody but this user can connect; None on systems without such sockets.

    Raises:
        OSError: it cannot listen there.
    """
    if sys.platform == "win32":
        return None

    class _Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.settimeout(_READ_SECONDS)
            try:
                said = answer(received(self.request))
                self.request.sendall(json.dumps(said).encode())
            except OSError:
                return  # who asked has gone

    class _Server(socketserver.ThreadingUnixStreamServer):
        daemon_threads, block_on_close, request_queue_size = True, False, 128

        def server_bind(self) -> None:
            super().server_bind()
            path.chmod(0o600)  # nobody can connect before it listens

        def handle_error(self, request: Any, client_address: Any) -> None:
            kind, _, _ = sys.exc_info()  # without the message, which may quote personal data
            _log.error("a question to the resolver failed with %s", getattr(kind, "__name__", "an error"))

    if path.parent != data_dir.resolve():
        path.parent.mkdir(mode=0o700, exist_ok=True)
    if not private(path.parent, data_dir):
        raise PermissionError(1, f"{path.parent} is not this user's alone")
    path.unlink(missing_ok=True)  # left by one that was killed; the lease says that it is gone
    return _Server(str(path), _Handler)
