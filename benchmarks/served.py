"""Runs a web service as a process of its own, and says what it uses; and makes the requests that are sent to it.

An application or a command and its environment come in; a running service with its port goes out, stopped at the end.
"""

from __future__ import annotations

import itertools
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from benchmarks.dedupe import WORK

__all__ = ["LOG", "SERVE", "Served", "event", "requests", "served", "uvicorn"]

SERVE = ["-c", "from identity_graph.cli import main; main()", "serve", "--port", "{port}"]
"""Arguments that run `identity-graph serve`."""

LOG = WORK / "served.log"

_START_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Served:
    """A running service; what it uses is without the engine, which other processes share."""

    port: int
    process: psutil.Process

    def processes(self) -> list[psutil.Process]:
        """Return the process and those it has started, without Java."""
        found = [self.process, *self.process.children(recursive=True)]
        return [one for one in found if one.is_running() and "java" not in one.name().lower()]

    def cpu(self) -> float:
        """Return the processor seconds used so far."""
        times = [one.cpu_times() for one in self.processes()]
        return sum(one.user + one.system for one in times)


def uvicorn(application: Sequence[str]) -> list[str]:
    """Return the arguments that run an application on the port `{port}`."""
    return ["-m", "uvicorn", *application, "--port", "{port}", "--no-access-log"]


@contextmanager
def served(arguments: Sequence[str], environment: Mapping[str, str]) -> Iterator[Served]:
    """Run a service; what it complains of is added to `LOG`.

    Args:
        arguments: of Python; `{port}` stands for the port.
        environment: variables beside those of this process.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, *(one.replace("{port}", str(port)) for one in arguments)]
    WORK.mkdir(parents=True, exist_ok=True)
    with LOG.open("ab") as log:  # what went wrong meanwhile must not be lost; several may run side by side
        server = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=log,
            cwd=Path(__file__).parents[1],
        )  # fmt: skip
    try:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            try:
                httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False)
                break
            except httpx.TransportError:
                if server.poll() is not None:
                    raise RuntimeError("the service did not start") from None
                time.sleep(0.1)
        yield Served(port, psutil.Process(server.pid))
    finally:
        server.terminate()
        server.wait()


def requests(size: int, make: Callable[[int], str], key: str) -> Callable[[], bytes]:
    """Return what makes one request after the other.

    Args:
        size: events a request; 1 sends them one by one.
        make: the number of an event -> the event as JSON.
        key: write key.
    """
    numbers = itertools.count()
    path = "/v1/batch" if size > 1 else "/v1/track"

    def request() -> bytes:
        events = [make(next(numbers)) for _ in range(size)]
        text = f'{{"batch":[{",".join(events)}],"writeKey":"{key}"}}' if size > 1 else events[0]
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: {len(text)}\r\n\r\n"
        return (head + text).encode()

    return request


_CONTEXT = json.dumps(
    {
        "library": {"name": "analytics.js", "version": "npm:next-1.84.3"}, "locale": "en-GB",
        "timezone": "Europe/Paris",
        "page": {"path": "/shoes/trail", "referrer": "https://search.test/", "search": "?utm_source=mail",
                 "title": "Trail shoes", "url": "https://shop.test/shoes/trail?utm_source=mail"},
        "userAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0",
        "campaign": {"source": "mail", "medium": "email", "name": "spring"},
    }
)  # fmt: skip


def event(number: int, key: str) -> str:
    """Return one event as a browser sends it, about 900 bytes of JSON."""
    return (
        f'{{"type":"track","event":"Product Viewed","messageId":"ajs-next-{os.getpid()}-{time.time_ns()}-{number}",'
        f'"anonymousId":"visitor-{number % 5000}","timestamp":"2026-01-01T12:00:00.000Z","context":{_CONTEXT},'
        f'"writeKey":"{key}",'
        f'"properties":{{"sku":"SKU-{number % 900}","price":{number % 300}.5,"currency":"EUR","category":"shoes"}}}}'
    )
