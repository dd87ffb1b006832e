"""How many events the service accepts, beside a service that only reads the request and answers.

A time per measurement comes in; events a second, latency, processor time and lost events of each go out. The load comes
from one process on the same machine: at the rate that is the goal (open loop: the time of a request counts from when
it was due, whether or not the service kept up), and flat out (each connection sends its next request when it has the
answer). Events are as large as a browser's. First nothing applies the events meanwhile; then the service also applies
and resolves them, as it does by itself. At the end the journal is counted: what was answered with 200 and is not there
is lost.

    python -m benchmarks.accept                 60 seconds each, 12 minutes in all
    python -m benchmarks.accept --applying      2 minutes of these, while the service applies and resolves
    python -m benchmarks.accept --seconds 8     a try
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.dedupe import WORK
from benchmarks.sending import send
from benchmarks.served import SERVE, Served, event, requests, served, uvicorn
from identity_graph.graph import stop_engine
from identity_graph.journal import KeyKind, WriteKeys, open_journal
from identity_graph.settings import Settings

__all__ = ["Accepted", "measure"]

SHAPES = {"batches of 100": (100, 4, 3_000), "one by one": (1, 16, 1_000)}
"""Name -> events a request, connections to begin with, events a second that are the goal."""

_WARM_UP_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a service took.

    Attributes:
        service: `ours`, `ours, applying`, or `bare`, which keeps nothing.
        shape: how the events were sent.
        paced: at the rate that is the goal; else flat out.
        seconds: for how long.
        events_per_second: answered with 200, over the whole time, last answers included.
        p50_ms, p99_ms: of a request, in milliseconds.
        server_cpu, sender_cpu: processor seconds for a thousand events, the engine's not counted.
        failed: requests with any other answer or none.
        lost: events answered with 200 that the journal does not know; 0 for a service that keeps none.
    """

    service: str
    shape: str
    paced: bool
    seconds: float
    events_per_second: float
    p50_ms: float
    p99_ms: float
    server_cpu: float
    sender_cpu: float
    failed: int
    lost: int


def measure(seconds: float, all_ways: bool = True) -> Iterator[Accepted]:
    """Measure the services in turns, on fresh data.

    Args:
        seconds: for each service, shape and pace.
        all_ways: also without applying, and beside the bare service.
    """
    WORK.mkdir(exist_ok=True)
    if all_ways:
        yield from _beside_bare(seconds)
    for shape in SHAPES:
        with _ours(applying=True) as (ours, settings, key):
            yield _measure_one("ours, applying", ours, settings, key, (shape, True, seconds))


def _beside_bare(seconds: float) -> Iterator[Accepted]:
    with _ours(applying=False) as (ours, settings, key), served(uvicorn(["benchmarks.bare_server:app"]), {}) as bare:
        for shape in SHAPES:
            for paced in (True, False):
                yield _measure_one("bare", bare, None, key, (shape, paced, seconds))
                yield _measure_one("ours", ours, settings, key, (shape, paced, seconds))


@contextmanager
def _ours(applying: bool) -> Iterator[tuple[Served, Settings, str]]:
    """Run `identity-graph serve` over fresh data that take any number of events."""
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        settings = Settings(data_dir=Path(folder) / "data", backlog_events=10**9, backlog_mib=10**6)
        key = WriteKeys.of(settings).make("site", KeyKind.PUBLIC, datetime.now(UTC))[1]
        environment = {
            "IDENTITY_GRAPH_DATA_DIR": str(settings.data_dir), "IDENTITY_GRAPH_APPLY_EVENTS": str(applying),
            "IDENTITY_GRAPH_BACKLOG_EVENTS": str(settings.backlog_events),
            "IDENTITY_GRAPH_BACKLOG_MIB": str(settings.backlog_mib),
        }  # fmt: skip
        try:
            with served(SERVE, environment) as ours:
                yield ours, settings, key
        finally:
            stop_engine(settings)


def _measure_one(
    name: str, service: Served, settings: Settings | None, key: str, how: tuple[str, bool, float]
) -> Accepted:
    shape, paced, seconds = how
    size, connections, goal = SHAPES[shape]
    make = requests(size, lambda number: event(number, key), key)
    send(service.port, make, _WARM_UP_SECONDS, goal / size, connections)
    held = _held(settings)
    server, sender = service.cpu(), time.process_time()
    sent = send(service.port, make, seconds, goal / size if paced else None, connections)
    server, sender = service.cpu() - server, time.process_time() - sender
    times = sorted(sent.times)
    events = len(times) * size
    p50, p99 = (1000 * times[len(times) * percent // 100] for percent in (50, 99))
    lost = 0 if settings is None else events - (_held(settings) - held)
    return Accepted(
        name, shape, paced, seconds, events / sent.seconds, p50, p99, 1000 * server / events, 1000 * sender / events,
        sum(sent.statuses.values()) - len(times), lost,
    )  # fmt: skip


def _held(settings: Settings | None) -> int:
    """Return how many events the journal has ever accepted."""
    if settings is None:
        return 0
    with closing(open_journal(settings)) as journal:
        return journal.backlog().accepted


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0, help="for each service, shape and pace")
    parser.add_argument("--applying", action="store_true", help="only while the events are applied and resolved")
    given = parser.parse_args()
    for one in measure(given.seconds, not given.applying):
        print(json.dumps(asdict(one)), flush=True)


if __name__ == "__main__":
    main()
