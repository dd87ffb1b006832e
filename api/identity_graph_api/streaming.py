"""Server-sent events: one response that goes on until the client leaves, stops reading, or the server stops.

An iterator of messages comes in, the text of the protocol goes out, with a comment now and then so that both ends
notice a dead connection. Nothing is buffered for a client: a message that it does not take in time ends its stream.

Source: HTML Living Standard, section 9.2, "Server-sent events".
"""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from identity_graph.errors import IdentityGraphError

__all__ = ["EventStream", "Message", "Stopping", "Waking"]

_log = logging.getLogger("identity_graph_api")

HEARTBEAT_SECONDS = 15.0
_RETRY_MILLISECONDS = 2_000


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a stream.

    Attributes:
        event: its type.
        data: sent as JSON.
        id: what the client says as `Last-Event-ID` when it comes back; None leaves that as it was.
    """

    event: str
    data: Mapping[str, Any]
    id: str | None = None

    def encode(self) -> bytes:
        """Write the message in the protocol; JSON is one line."""
        lines = [] if self.id is None else [f"id: {self.id}"]
        lines += [f"event: {self.event}", f"data: {json.dumps(self.data, ensure_ascii=False)}"]
        return ("\n".join(lines) + "\n\n").encode("utf-8", "backslashreplace")


class Stopping:
    """Tells streams that the server stops: it waits for them, so they must not wait for it.

    The server says so to the application only when every connection is closed; therefore the signals that stop it are
    heard here first and passed on.
    """

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    @property
    def begun(self) -> bool:
        """The server stops."""
        return self._event.is_set()

    async def wait(self) -> None:
        """Wait until the server stops."""
        await self._event.wait()

    def begin(self) -> None:
        """End every stream; may be called from any thread, also when the loop has ended."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._event.set)

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Hear the signals while the block runs; elsewhere than in the main thread there are none."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

        def hear(number: int, frame: FrameType | None) -> None:
            self.begin()
            handler = before[signal.Signals(number)]
            if callable(handler):
                handler(number, frame)

        for number in before:
            signal.signal(number, hear)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


class Waking:
    """Lets a thread wake a coroutine."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def __call__(self) -> None:
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._event.set)

    async def wait(self, seconds: float) -> bool:
        """Wait to be woken; False when the time passed first."""
        try:
            # Not wait_for: before Python 3.12 it takes news that come with a cancellation for more than that.
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True


class EventStream(Response):
    """A response of server-sent events.

    Args:
        messages: batches of messages; an empty batch lets the stream show that it is alive.
        stopping: ends it.
        take_seconds: in which the client must take each batch.
    """

    media_type = "text/event-stream"

    def __init__(
        self, messages: Callable[[], AsyncIterator[list[Message]]], stopping: Stopping, take_seconds: float = 20.0
    ) -> None:
        self.status_code, self.background = 200, None
        # Proxies must pass each message on as it comes.
        self.init_headers({"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._messages, self._stopping, self._take_seconds = messages, stopping, take_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until somebody ends it."""
        work = [
            asyncio.create_task(self._send(send)),
            asyncio.create_task(_left(receive)),
            asyncio.create_task(self._stopping.wait()),
        ]
        try:
            await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in work:
                task.cancel()
            found = await asyncio.gather(*work, return_exceptions=True)
        failed = found[0]
        if isinstance(failed, TimeoutError):
            _log.info("a stream ends: its client does not read, request %s", scope.get("request_id", ""))
            return
        if isinstance(failed, IdentityGraphError):
            _log.warning("a stream ends: %s, request %s", failed.code, scope.get("request_id", ""))
        elif isinstance(failed, Exception):
            raise failed
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(1.0):
                await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        await self._put(send, f"retry: {_RETRY_MILLISECONDS}\n\n".encode())
        async for batch in self._messages():
            await self._put(send, b"".join(message.encode() for message in batch) or b": still here\n\n")

    async def _put(self, send: Send, body: bytes) -> None:
        message = {"type": "http.response.body", "body": body, "more_body": True}
        async with asyncio.timeout(self._take_seconds):
            await send(message)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
