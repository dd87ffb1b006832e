"""Times the stages of a long run and tells whoever watches how far it is.

A pipeline opens each stage by name; seconds, peak memory and row counts come out as StageReport values. Showing them
(bars, tables, JSON) is the caller's business: it passes a Watcher, or none.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import psutil

__all__ = ["SilentWatcher", "StageReport", "StageRun", "Stages", "Watcher"]

_SAMPLE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class StageReport:
    """One finished stage.

    Attributes:
        name: the stage, in the words of the README.
        seconds: wall time.
        peak_mib: highest resident memory of this process during the stage, in MiB (sampled).
        rows: things handled; 0 when counting makes no sense.
    """

    name: str
    seconds: float
    peak_mib: float
    rows: int = 0

    def as_json(self) -> dict[str, str | float | int]:
        """Return the report as plain values."""
        return {"name": self.name, "seconds": self.seconds, "peak_mib": self.peak_mib, "rows": self.rows}


class Watcher(Protocol):
    """Somebody who wants to see progress."""

    def begin(self, stage: str, total: int | None) -> None:
        """A stage starts; `total` is what `advance` will add up to, None when nobody knows."""
        ...

    def advance(self, stage: str, amount: int) -> None:
        """`amount` more is done."""
        ...

    def end(self, report: StageReport) -> None:
        """The stage is over."""
        ...


class SilentWatcher:
    """A watcher for runs nobody looks at."""

    def begin(self, stage: str, total: int | None) -> None:
        """Ignore the start."""

    def advance(self, stage: str, amount: int) -> None:
        """Ignore the progress."""

    def end(self, report: StageReport) -> None:
        """Ignore the end."""


class StageRun:
    """The stage that is under way; the pipeline advances it and counts its rows."""

    def __init__(self, name: str, watcher: Watcher) -> None:
        self.name = name
        self.rows = 0
        self._watcher = watcher

    def advance(self, amount: int = 1) -> None:
        """Say that `amount` more is done."""
        self._watcher.advance(self.name, amount)

    def count(self, rows: int) -> None:
        """Add to the number of things handled."""
        self.rows += rows


class Stages:
    """The stages of one run, in order."""

    def __init__(self, watcher: Watcher | None = None) -> None:
        self._watcher: Watcher = watcher or SilentWatcher()
        self._reports: list[StageReport] = []

    @property
    def reports(self) -> tuple[StageReport, ...]:
        """The finished stages, oldest first."""
        return tuple(self._reports)

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[StageRun]:
        """Time one stage; a stage that raises is not reported."""
        self._watcher.begin(name, total)
        run = StageRun(name, self._watcher)
        sampler = _MemorySampler()
        started = time.perf_counter()
        try:
            yield run
        finally:
            peak = sampler.stop()
        report = StageReport(name, time.perf_counter() - started, peak, run.rows)
        self._reports.append(report)
        self._watcher.end(report)


class _MemorySampler:
    """Samples this process's resident memory until stopped, because the system's own peak never falls again."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._peak = self._process.memory_info().rss
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._sample, name="memory-sampler", daemon=True)
        self._thread.start()

    def _sample(self) -> None:
        while not self._done.wait(_SAMPLE_SECONDS):
            self._peak = max(self._peak, self._process.memory_info().rss)

    def stop(self) -> float:
        """Stop sampling and return the peak in MiB."""
        self._done.set()
        self._thread.join()
        return max(self._peak, self._process.memory_info().rss) / 2**20
