"""How many events the service accepts, beside a service that only reads the request and answers.

A time per measurement comes in; events a second, latency, processor time and lost events of each go out. The load comes
from one process on the same machine, over kept connections: flat out (each sends its next request when it has the
answer), and at the rate that is the goal (a request that is sent late counts from when it was due). Events are as large
as a browser's. Nothing applies the events meanwhile: accepting is measured alone. At the end the journal is counted:
what was answered with 200 and is not there is lost.

    python -m benchmarks.accept --seconds 60
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psutil

from benchmarks.dedupe import WORK
from identity_graph.graph import stop_engine
from identity_graph.journal import KeyKind, WriteKeys, open_journal
from identity_graph.settings import Settings

__all__ = ["Accepted", "measure"]

SHAPES = {"batches of 100": (100, 4, 3_000), "one by one": (1, 16, 1_000)}
"""Name -> events a request, connections, events a second that are the goal."""

_START_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a service took.

    Attributes:
        service: `ours`, or `bare`, which keeps nothing.
        shape: how the events were sent.
        paced: at the rate that is the goal; else flat out.
        events_per_second: answered with 200, over the whole time.
        p50_ms, p99_ms: of a request, in milliseconds.
        server_cpu, sender_cpu: processor seconds for a thousand events.
        lost: events answered with 200 that the journal does not hold; 0 for a service that keeps none.
    """

    service: str
    shape: str
    paced: bool
    events_per_second: float
    p50_ms: float
    p99_ms: float
    server_cpu: float
    sender_cpu: float
    lost: int


def measure(seconds: float) -> list[Accepted]:
    """Measure both services in turns, on fresh data.

    Args:
        seconds: for each service and shape.
    """
    found: list[Accepted] = []
    WORK.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        settings = Settings(data_dir=Path(folder) / "data", backlog_events=10**9, backlog_mib=10**6)
        key = WriteKeys.of(settings).make("site", KeyKind.PUBLIC, datetime.now(UTC))[1]
        environment = {
            "IDENTITY_GRAPH_DATA_DIR": str(settings.data_dir), "IDENTITY_GRAPH_APPLY_EVENTS": "false",
            "IDENTITY_GRAPH_BACKLOG_EVENTS": str(settings.backlog_events),
            "IDENTITY_GRAPH_BACKLOG_MIB": str(settings.backlog_mib),
        }  # fmt: skip
        try:
            with (
                _served(["--factory", "identity_graph_api.asgi:create"], environment) as ours,
                _served(["benchmarks.bare_server:app"], {}) as bare,
            ):
                for shape in SHAPES:
                    for paced in (False, True):
                        for name, server in (("bare", bare), ("ours", ours)):
                            load = _Load(shape, *SHAPES[shape], paced, key, seconds)
                            found.append(_measure_one(name, server, load, settings))
        finally:
            stop_engine(settings)
    return found


@dataclass(frozen=True, slots=True)
class _Load:
    """What is sent, how fast and for how long."""

    shape: str
    size: int
    connections: int
    goal: int
    paced: bool
    key: str
    seconds: float


@contextmanager
def _served(application: list[str], environment: Mapping[str, str]) -> Iterator[tuple[int, psutil.Process]]:
    """Run an application; yields its port and process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "uvicorn", *application, "--port", str(port), "--no-access-log"]
    server = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[1],
    )  # fmt: skip
    try:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            try:
                httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield port, psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait()


def _measure_one(name: str, server: tuple[int, psutil.Process], load: _Load, settings: Settings) -> Accepted:
    port, process = server
    before, sender_before = process.cpu_times(), time.process_time()
    with closing(open_journal(settings)) as journal:
        held = journal.backlog().accepted
    started = time.perf_counter()
    times = asyncio.run(_send(port, load))
    wall = time.perf_counter() - started
    after, sender = process.cpu_times(), time.process_time() - sender_before
    with closing(open_journal(settings)) as journal:
        kept = journal.backlog().accepted - held
    events = len(times) * load.size
    times.sort()
    cpu = after.user + after.system - before.user - before.system
    p50, p99 = (1000 * times[len(times) * percent // 100] for percent in (50, 99))
    lost = events - kept if name == "ours" else 0
    return Accepted(
        name, load.shape, load.paced, events / wall, p50, p99, 1000 * cpu / events, 1000 * sender / events, lost
    )


async def _send(port: int, load: _Load) -> list[float]:
    """Send until the time is over; returns how long each request took, in seconds."""
    numbers = itertools.count()
    found = await asyncio.gather(*(_connection(port, load, place, numbers) for place in range(load.connections)))
    return [one for times in found for one in times]


async def _connection(port: int, load: _Load, place: int, numbers: Iterator[int]) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    path = "/v1/batch" if load.size > 1 else "/v1/track"
    times: list[float] = []
    began = time.perf_counter()
    between = load.size * load.connections / load.goal
    due = began + between * place / load.connections
    while (now := time.perf_counter()) < began + load.seconds:
        if load.paced and now < due:
            await asyncio.sleep(due - now)
        events = [_event(next(numbers), load.key) for _ in range(load.size)]
        text = f'{{"batch":[{",".join(events)}],"writeKey":"{load.key}"}}' if load.size > 1 else events[0]
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: {len(text)}\r\n\r\n"
        started = due if load.paced else time.perf_counter()
        writer.write((head + text).encode())
        answer = await reader.readuntil(b"}")
        times.append(time.perf_counter() - started)
        due += between
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(answer.decode())
    writer.close()
    return times


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


def _event(number: int, key: str) -> str:
    """Return one event as JSON, about 900 bytes."""
    return (
        f'{{"type":"track","event":"Product Viewed","messageId":"ajs-next-{os.getpid()}-{time.time_ns()}-{number}",'
        f'"anonymousId":"visitor-{number % 5000}","timestamp":"2026-01-01T12:00:00.000Z","context":{_CONTEXT},'
        f'"writeKey":"{key}",'
        f'"properties":{{"sku":"SKU-{number % 900}","price":{number % 300}.5,"currency":"EUR","category":"shoes"}}}}'
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0, help="for each service and shape")
    for one in measure(parser.parse_args().seconds):
        print(json.dumps(asdict(one)), flush=True)


if __name__ == "__main__":
    main()
