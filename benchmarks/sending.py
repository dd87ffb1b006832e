"""Sends requests to a tracking service at a given rate, whatever the service does.

An address, a way to make requests and a rate come in; how long each request took goes out. Open loop: a request goes
out when it is due, over a free connection or a new one, and its time counts from when it was due, so a service that
falls behind is seen to. Without a rate the loop is closed: each connection sends its next request when it has the
answer.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import uvloop

__all__ = ["Sent", "send"]

_MOST_CONNECTIONS = 1_000
_LAST_ANSWERS_SECONDS = 30


@dataclass(slots=True)
class Sent:
    """What became of the requests of one run.

    Attributes:
        times: seconds from when a request was due to its answer 200, unordered.
        statuses: status -> answers; 0 is a connection that broke off, or an answer that never came.
        connections: connections that were needed.
        seconds: from the first request to the last answer.
    """

    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    connections: int = 0
    seconds: float = 0.0


def send(
    port: int, make: Callable[[], bytes], seconds: float, rate: float | None = None, connections: int = 16
) -> Sent:
    """Send until the time is over, and wait for the last answers.

    Args:
        port: of the service, on loopback.
        make: returns one request, whole.
        seconds: how long.
        rate: requests a second; None is as many as the connections carry.
        connections: with which to begin; at a rate more are opened when all wait for an answer.
    """
    return uvloop.run(_Sender(port, make, seconds).run(rate, connections))


class _Connection(asyncio.Protocol):
    """One kept connection, one request at a time."""

    def __init__(self, answered: Callable[[_Connection, int, float], None]) -> None:
        self._answered = answered
        self._due = 0.0
        self._got = b""
        self._waits = False
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def request(self, text: bytes, due: float) -> None:
        """Send a request."""
        self._due, self._got, self._waits = due, b"", True
        self._transport.write(text)

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, found, body = self._got.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        if len(body) >= length:
            self._waits = False
            self._answered(self, int(head[9:12]), time.perf_counter() - self._due)

    def connection_lost(self, error: Exception | None) -> None:
        if self._waits:
            self._waits = False
            self._answered(self, 0, 0.0)

    def close(self) -> None:
        """Hang up."""
        self._transport.close()

    @property
    def usable(self) -> bool:
        return not self._transport.is_closing()


class _Sender:
    def __init__(self, port: int, make: Callable[[], bytes], seconds: float) -> None:
        self._port, self._make, self._seconds = port, make, seconds
        self._sent = Sent()
        self._free: deque[_Connection] = deque()
        self._open = 0
        self._began = 0.0
        self._closed_loop = False

    async def run(self, rate: float | None, connections: int) -> Sent:
        loop = asyncio.get_running_loop()
        for _ in range(connections):
            self._free.append(await self._connect(loop))
        self._began = time.perf_counter()
        if rate is None:
            self._closed_loop = True
            while self._free:
                self._free.popleft().request(self._make(), time.perf_counter())
            await asyncio.sleep(self._seconds)
        else:
            await self._keep_pace(loop, 1 / rate)
        deadline = time.perf_counter() + _LAST_ANSWERS_SECONDS
        while len(self._free) < self._open and time.perf_counter() < deadline:
            await asyncio.sleep(0.001)
        self._sent.seconds = time.perf_counter() - self._began
        self._sent.statuses[0] += self._open - len(self._free)
        while self._free:
            self._free.popleft().close()
        return self._sent

    async def _keep_pace(self, loop: asyncio.AbstractEventLoop, between: float) -> None:
        due = self._began
        while due < self._began + self._seconds:
            now = time.perf_counter()
            if now < due:
                await asyncio.sleep(due - now)
            if not self._free and self._open < _MOST_CONNECTIONS:
                self._free.append(await self._connect(loop))
            while not self._free:
                await asyncio.sleep(0.001)
            self._free.popleft().request(self._make(), due)
            due += between

    async def _connect(self, loop: asyncio.AbstractEventLoop) -> _Connection:
        _, found = await loop.create_connection(lambda: _Connection(self._answered), "127.0.0.1", self._port)
        self._open += 1
        self._sent.connections += 1
        return found

    def _answered(self, connection: _Connection, status: int, seconds: float) -> None:
        self._sent.statuses[status] += 1
        if status == 200:
            self._sent.times.append(seconds)
        if not connection.usable:
            self._open -= 1
        elif self._closed_loop and time.perf_counter() < self._began + self._seconds:
            connection.request(self._make(), time.perf_counter())
        else:
            self._free.append(connection)
