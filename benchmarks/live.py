"""Events applied and resolved as they come, on a graph of a given size: how many a second, and how soon they are seen.

An engine and a number of records come in; rates, latencies, processor time and memory go out. The load, made as
`live_events.py` says, goes into the journal in batches, as the service puts it there; the applier and the resolver run
in processes of their own, as beside the service. In turn:
    paced: a rate for some time (open loop: what is late is sent late by nobody), the first half minute unmeasured.
        Sampled events are looked up by an identifier until the profile shows them; other profiles are read meanwhile.
    closed: so many events at once; the time until all are applied and resolved.
    left: everything is resolved; real time must have left nothing to do.
    bare: batches of the same stream, made into rows beforehand, written by the bare driver with nothing else to do.

    python -m benchmarks.live 10000 --engine embedded --seconds 30 --rate 500
"""

from __future__ import annotations

import argparse
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass

import numpy as np
import psutil

from benchmarks.engines import ENGINES
from benchmarks.live_bare import bare_rate
from benchmarks.live_events import LiveEvent, Population
from benchmarks.live_graph import lent_graph
from identity_graph.cli.applying import applier_process
from identity_graph.cli.child_process import ChildProcess
from identity_graph.customers.read import CustomerReader
from identity_graph.customers.store import CustomerStore
from identity_graph.errors import NotFoundError
from identity_graph.graph import engine_status, open_graph
from identity_graph.graph.bolt import BoltGraph
from identity_graph.journal import Submission
from identity_graph.journal.sqlite_journal import SqliteJournal, open_journal
from identity_graph.pipeline.resolve import resolve
from identity_graph.realtime.asking import ask_standing
from identity_graph.realtime.standing import StandingState
from identity_graph.settings import Settings

__all__ = ["Live", "Working", "engine_seconds", "measure", "working"]

_FIRST = 50
_WARM_UP = 20_000
"""Events before anything is measured: the engine's Java compiles what runs often, and takes half a processor for the
first of them."""
_SETTLING_SECONDS = 30.0
"""Of the paced load before it is measured: profiles and small batches run other Java than large ones."""
_SENT_AT_ONCE = 50
_LOOK_SECONDS = 0.05
_UNSEEN_SECONDS = 60.0
_LONGEST_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Live:
    """What one run measured; pairs are median and 95th percentile.

    Attributes:
        engine, records, touchpoints: the graph.
        start_seconds: until the resolver holds the records in memory, and has resolved what came meanwhile.
        closed: events a second, applied and resolved.
        bare: events a second of the bare driver.
        ratio: closed over bare.
        cpu: processor seconds of applier and resolver for a thousand events, closed.
        engine_cpu: the same of the embedded engine; None for another.
        rate, seconds: of the paced load.
        behind: events that waited when the paced load ended.
        visible: seconds from accepted to shown by the profile.
        samples: how many were looked for.
        unseen: those of them that no profile showed within a minute.
        profile: milliseconds of a profile by identifier meanwhile.
        memory_mib: of applier and resolver together, before and after the paced load.
        learnt: seconds until an event alone is resolved whose trait no record had before.
        left: changes that a run of all then finds to make; anything but 0 is an event that was passed over.
    """

    engine: str
    records: int
    touchpoints: int
    start_seconds: float
    closed: float
    bare: float
    ratio: float
    cpu: float
    engine_cpu: float | None
    rate: float
    seconds: float
    behind: int
    visible: tuple[float, float]
    samples: int
    unseen: int
    profile: tuple[float, float]
    memory_mib: tuple[float, float]
    learnt: float
    left: int


def measure(
    engine: str,
    records: int,
    seconds: float = 30.0,
    rate: float = 500.0,
    at_once: int = 5_000,
    touchpoints: int | None = None,
) -> Live:
    """Measure on a copy of the graph of so many records.

    Args:
        engine: one of `ENGINES`.
        records: of the graph.
        seconds: of the paced load.
        rate: events a second of it.
        at_once: events of the closed measurement.
        touchpoints: of the graph; None is two for each record.
    """
    population = Population(records)
    with lent_graph(engine, records, touchpoints) as settings, open_graph(settings) as graph:
        with working(graph, settings) as worked:
            started = time.perf_counter()
            worked.send([population.next() for _ in range(_FIRST)])
            worked.wait()
            start_seconds = time.perf_counter() - started
            worked.send([population.next() for _ in range(_WARM_UP)])
            worked.wait()
            _Paced(worked, population, rate, min(seconds, _SETTLING_SECONDS)).run()
            worked.wait()
            before = worked.memory()
            paced = _Paced(worked, population, rate, seconds)
            paced.run()
            behind = worked.journal.backlog().events
            worked.wait()
            after = worked.memory()
            # Last, so that what is compared runs one after the other and on a Java that has compiled both.
            waiting = [population.next() for _ in range(at_once)]
            cpu = worked.cpu(), engine_seconds(settings)
            started = time.perf_counter()
            worked.send(waiting)
            worked.wait()
            closed = at_once / (time.perf_counter() - started)
            ours, theirs = worked.cpu() - cpu[0], engine_seconds(settings) - cpu[1]
            started = time.perf_counter()
            worked.send([population.with_a_new_trait()])
            worked.wait(_LOOK_SECONDS)
            learnt = time.perf_counter() - started
        left = sum(resolve(graph, settings).changes.values())
        bare = bare_rate(graph, settings, [population.next().event for _ in range(at_once)])
    return Live(
        engine=engine, records=records, touchpoints=2 * records if touchpoints is None else touchpoints,
        start_seconds=round(start_seconds, 1), closed=round(closed, 1), bare=round(bare, 1),
        ratio=round(closed / bare, 2), cpu=round(1000 * ours / at_once, 2),
        engine_cpu=round(1000 * theirs / at_once, 2) if engine == "embedded" else None, rate=rate, seconds=seconds,
        behind=behind, visible=_quantiles(paced.visible, 2), samples=len(paced.visible) + paced.unseen,
        unseen=paced.unseen, profile=_quantiles(paced.profile, 1), memory_mib=(round(before, 1), round(after, 1)),
        learnt=round(learnt, 2), left=left,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Working:
    """The journal with applier and resolver behind it."""

    graph: BoltGraph
    journal: SqliteJournal
    settings: Settings
    applier: ChildProcess

    def send(self, events: list[LiveEvent]) -> None:
        for start in range(0, len(events), _SENT_AT_ONCE):
            some = tuple(one.event for one in events[start : start + _SENT_AT_ONCE])
            self.journal.append([Submission(some)])

    def wait(self, pause: float = 0.1) -> None:
        """Return when everything that was sent is applied and resolved, and the resolver is ready for more.

        Args:
            pause: seconds between two looks.
        """
        customers, deadline = CustomerStore(self.graph), time.monotonic() + _LONGEST_SECONDS
        while time.monotonic() < deadline:
            if self.journal.backlog().events == 0 and ask_standing(self.settings.data_dir).state is StandingState.READY:
                last = customers.last_run()
                seq = self.graph.read("facts/read_counter")[0]["value"]
                if last is not None and last.finished and last.summary.get("last_seq") == seq:
                    return
            time.sleep(pause)
        raise RuntimeError("the events were not resolved in time")

    def cpu(self) -> float:
        """Return the processor seconds of applier and resolver."""
        times = [one.cpu_times() for one in self._processes()]
        return sum(one.user + one.system for one in times)

    def memory(self) -> float:
        """Return the MiB of applier and resolver together."""
        return float(sum(one.memory_info().rss for one in self._processes()) / 2**20)

    def _processes(self) -> list[psutil.Process]:
        applier = psutil.Process(self.applier.pid)
        return [applier, *applier.children()]


@contextmanager
def working(graph: BoltGraph, settings: Settings) -> Iterator[Working]:
    """Run the journal, the applier and the resolver of a graph, as beside the service."""
    before = dict(os.environ)
    told = {"DATA_DIR": str(settings.data_dir), **({"URI": settings.uri, "PASSWORD": ""} if settings.uri else {})}
    try:
        # The children read their settings from here; what this process was started with is none of theirs.
        for name in [name for name in os.environ if name.startswith("IDENTITY_GRAPH_")]:
            del os.environ[name]
        os.environ.update({f"IDENTITY_GRAPH_{name}": value for name, value in told.items()})
        with closing(open_journal(settings)) as journal, closing(applier_process()) as applier:
            yield Working(graph, journal, settings, applier)
    finally:
        os.environ.clear()
        os.environ.update(before)


class _Paced:
    """A load at a rate, with somebody who reads profiles meanwhile.

    Attributes:
        visible: seconds from accepted to shown, per sampled event.
        unseen: sampled events that were not shown within a minute.
        profile: milliseconds per profile read.
    """

    def __init__(self, worked: Working, population: Population, rate: float, seconds: float) -> None:
        self._worked, self._population, self._rate, self._seconds = worked, population, rate, seconds
        self._reader = CustomerReader(worked.graph)
        self._sample: tuple[LiveEvent, float] | None = None
        self._over = threading.Event()
        self.visible: list[float] = []
        self.unseen = 0
        self.profile: list[float] = []

    def run(self) -> None:
        """Send for so long, then wait for the last sample."""
        events = [self._population.next() for _ in range(int(self._rate * self._seconds))]
        reading = threading.Thread(target=self._read)
        reading.start()
        began = time.perf_counter()
        for start in range(0, len(events), _SENT_AT_ONCE):
            due = began + start / self._rate
            time.sleep(max(0.0, due - time.perf_counter()))
            some = events[start : start + _SENT_AT_ONCE]
            self._worked.send(some)
            if self._sample is None:
                told = [one for one in some if one.shows is not None]
                self._sample = (told[start % len(told)], time.perf_counter()) if told else None
        self._over.set()
        reading.join()

    def _read(self) -> None:
        known = 0
        while not self._over.is_set() or self._sample is not None:
            known += 7919
            started = time.perf_counter()
            self._reader.profile_by_identifier("user_id", f"user-{known % self._population.users}")
            self.profile.append(1000 * (time.perf_counter() - started))
            if self._sample is not None:
                shown, waited = self._shown(self._sample[0]), time.perf_counter() - self._sample[1]
                if shown:
                    self.visible.append(waited)
                self.unseen += not shown and waited > _UNSEEN_SECONDS
                if shown or waited > _UNSEEN_SECONDS:
                    self._sample = None
            time.sleep(_LOOK_SECONDS)

    def _shown(self, sample: LiveEvent) -> bool:
        assert sample.shows is not None
        identifier, key = sample.shows
        try:
            return key in {record.key for record in self._reader.profile_by_identifier(*identifier).records}
        except NotFoundError:
            return False


def engine_seconds(settings: Settings) -> float:
    """Return the processor seconds the embedded engine has used."""
    pid = engine_status(settings).pid if settings.uri is None else None
    if pid is None:
        return 0.0
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def _quantiles(found: list[float], digits: int) -> tuple[float, float]:
    if not found:
        return float("nan"), float("nan")
    return round(float(np.quantile(found, 0.5)), digits), round(float(np.quantile(found, 0.95)), digits)


def main() -> None:
    """Measure and print a JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", type=int)
    parser.add_argument("--engine", choices=ENGINES, default="embedded")
    parser.add_argument("--seconds", type=float, default=30.0, help="of the paced load")
    parser.add_argument("--rate", type=float, default=500.0, help="events a second of it")
    parser.add_argument("--at-once", type=int, default=5_000, help="events of the closed measurement")
    parser.add_argument("--touchpoints", type=int, help="of the graph, two for each record unless given")
    given = parser.parse_args()
    found = measure(given.engine, given.records, given.seconds, given.rate, given.at_once, given.touchpoints)
    print(json.dumps(asdict(found)))


if __name__ == "__main__":
    main()
