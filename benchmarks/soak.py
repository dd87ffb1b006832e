"""Whether the memory of a service that takes, applies and resolves events stays flat.

Minutes, a rate and an engine come in; resident memory of the process that answers, of the one that applies and resolves
and of the engine, at the start, after a quarter and at the end, its slope and the verdict go out. The events are those
of `live_events.py` about people whom the graph knows: what is held in memory grows with the records by design. With
`--newcomers` they come too, and the growth of the process that applies is told per record that came.

    python -m benchmarks.soak --minutes 10 --rate 200
    python -m benchmarks.soak --minutes 1 --records 2000       a try
"""

from __future__ import annotations

import argparse
import json
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import psutil

from benchmarks.engines import ENGINES
from benchmarks.live_events import SOURCE, Population
from benchmarks.live_graph import lent_graph
from benchmarks.sending import Sent, send
from benchmarks.served import SERVE, Served, requests, served
from identity_graph.facts import FactStore
from identity_graph.graph import engine_status, open_graph
from identity_graph.journal import KeyKind, WriteKeys, open_journal
from identity_graph.settings import Settings

__all__ = ["Memory", "Soaked", "measure"]

_SAMPLE_SECONDS = 1.0
_EVENTS_A_REQUEST = 10
_FLAT_SHARE = 0.05
"""Growth over the last three quarters, by the slope, that still counts as flat: this much of the size."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident memory of one process, in MiB.

    Attributes:
        start, quarter, end: means of a twentieth of the time, at its beginning, after a quarter and at its end.
        slope: MiB a minute, by least squares over the last three quarters.
        flat: that slope over that time is less than a twentieth of the size.
    """

    start: float
    quarter: float
    end: float
    slope: float
    flat: bool


@dataclass(frozen=True, slots=True)
class Soaked:
    """What a soak found.

    Attributes:
        minutes, rate: how long, and the events a second that were asked for.
        newcomers: whether some were of people whom nobody had seen.
        accepted, applied: events answered with 200, and of these applied at the end.
        waiting: events that waited at the end.
        records_before, records_after: in the graph.
        answering, applying, engine: memory; None for an engine that is not ours.
        kib_per_newcomer: slope of the process that applies by the records that came in its time; None when none did.
        journal_mib: file of the journal at the end, and what it has yet to fold in.
    """

    minutes: float
    rate: float
    newcomers: bool
    accepted: int
    applied: int
    waiting: int
    records_before: int
    records_after: int
    answering: Memory
    applying: Memory
    engine: Memory | None
    kib_per_newcomer: float | None
    journal_mib: tuple[float, float]


def measure(minutes: float, rate: float, engine: str, records: int, newcomers: bool) -> Soaked:
    """Run the service over a graph of so many records and send it events.

    Args:
        minutes: after half a minute to warm up.
        rate: events a second.
        engine: one of `benchmarks.engines.ENGINES`.
        records: of the graph at the beginning, a multiple of five.
        newcomers: also send events of people whom nobody has seen yet.
    """
    with lent_graph(engine, records) as settings:
        key = WriteKeys.of(settings).make(SOURCE, KeyKind.PRIVATE, datetime.now(UTC))[1]
        environment = {"IDENTITY_GRAPH_DATA_DIR": str(settings.data_dir), "IDENTITY_GRAPH_URI": settings.uri or "",
                       "IDENTITY_GRAPH_PASSWORD": settings.password.get_secret_value()}  # fmt: skip
        before = _records(settings)
        with served(SERVE, environment) as service:
            make = requests(_EVENTS_A_REQUEST, _events(Population(records), newcomers), key)
            per_second = rate / _EVENTS_A_REQUEST
            warm_up = min(30.0, 20 * minutes)
            send(service.port, make, warm_up, per_second)
            sent, samples = _watched(service, settings, lambda: send(service.port, make, 60 * minutes, per_second))
            with closing(open_journal(settings)) as journal:
                backlog = journal.backlog()
        path = settings.data_dir / "events" / "journal.sqlite"
        sizes = [
            one.stat().st_size / 2**20 if one.exists() else 0.0 for one in (path, path.with_name(f"{path.name}-wal"))
        ]
        found = [_memory(np.array(column), minutes) for column in zip(*samples, strict=True)]
        after = _records(settings)
        came = (after - before) / (minutes + warm_up / 60)
        return Soaked(
            minutes, rate, newcomers, len(sent.times) * _EVENTS_A_REQUEST, backlog.applied, backlog.events, before,
            after, found[0], found[1], found[2] if len(found) > 2 else None,
            round(1024 * found[1].slope / came, 1) if came else None, (sizes[0], sizes[1]),
        )  # fmt: skip


def _events(population: Population, newcomers: bool) -> Callable[[int], str]:
    """Return what makes events as JSON; those of the known show nothing new."""

    def make(_: int) -> str:
        while (found := population.next()).shows is not None and not newcomers:
            pass
        return found.event.body

    return make


def _watched(service: Served, settings: Settings, work: Callable[[], Sent]) -> tuple[Sent, list[tuple[float, ...]]]:
    """Do work and take samples of memory meanwhile, in MiB: answering, applying, and the engine where it is ours."""
    engine = engine_status(settings).pid if settings.uri is None else None
    done: list[Sent] = []
    worker = threading.Thread(target=lambda: done.append(work()))
    worker.start()
    samples = []
    while worker.is_alive():
        # The applier and the resolver may have been started again, so they are looked for each time.
        applying = [one for one in service.processes() if one.pid not in (service.process.pid, engine)]
        parts = [[service.process], applying, *([[psutil.Process(engine)]] if engine else [])]
        samples.append(tuple(sum(one.memory_info().rss for one in part) / 2**20 for part in parts))
        time.sleep(_SAMPLE_SECONDS)
    return done[0], samples


def _memory(samples: np.ndarray[Any, Any], minutes: float) -> Memory:
    few, quarter = max(1, len(samples) // 20), len(samples) // 4
    late = samples[quarter:]
    slope = float(np.polyfit(np.linspace(0, 0.75 * minutes, len(late)), late, 1)[0])
    flat = slope * 0.75 * minutes < _FLAT_SHARE * float(late.mean())
    start, middle, end = (
        round(float(some.mean()), 1) for some in (samples[:few], samples[quarter : quarter + few], samples[-few:])
    )
    return Memory(start, middle, end, round(slope, 2), flat)


def _records(settings: Settings) -> int:
    with open_graph(settings) as graph:
        return sum(FactStore(graph, settings).counts().records.values())


def main() -> None:
    """Soak and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--rate", type=float, default=200.0, help="events a second")
    parser.add_argument("--records", type=int, default=10_000, help="of the graph at the beginning")
    parser.add_argument("--engine", choices=ENGINES, default="embedded")
    parser.add_argument("--newcomers", action="store_true", help="also people whom nobody has seen yet")
    found = parser.parse_args()
    print(
        json.dumps(asdict(measure(found.minutes, found.rate, found.engine, found.records, found.newcomers)), indent=1)
    )


if __name__ == "__main__":
    main()
