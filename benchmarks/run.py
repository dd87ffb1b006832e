"""Runs the measurements and refreshes the tables of benchmarks/README.md between its markers.

Sizes and parts come in. Each finished measurement is kept as JSON in the work folder, with its day and how busy the
machine was, so that parts can be measured one at a time; the tables show the newest of each.

    python -m benchmarks.run --sizes 10000 100000 --parts dedupe growth
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import accept, live, load_rate, one_record, profile_latency, profiles, scale_invariance, soak
from benchmarks.dedupe import WORK, compare
from benchmarks.engines import lent, measured_here
from benchmarks.machine import machine
from benchmarks.resolve_growth import load_and_resolve
from benchmarks.tables import measured

__all__ = ["PARTS", "README", "refresh"]

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def measure_dedupe(records: int) -> None:
    """Compare `dedupe` with Splink alone."""
    _keep("dedupe", records, [asdict(side) for side in compare(records)])


def measure_growth(records: int) -> None:
    """Load and resolve, then time lookups and profiles on the same graph."""
    _keep_growth("embedded", records)


def measure_load(records: int) -> None:
    """Compare writing facts with bare driver loops, on each engine."""
    for engine in measured_here():
        with lent(engine) as settings:
            _keep("load", records, asdict(load_rate.measure(settings, records)), engine)


def measure_latency(records: int) -> None:
    """Time lookups on Neo4j; those on the embedded engine belong to its growth."""
    for engine in measured_here():
        if engine != "embedded":
            _keep_growth(engine, records)


def measure_live(records: int) -> None:
    """Apply and resolve events as they come, on each engine."""
    touchpoints = 2 * records // 5 if records >= _LARGE else None
    for engine in measured_here():
        _keep("live", records, asdict(live.measure(engine, records, 60.0, touchpoints=touchpoints)), engine)


def measure_one_record(records: int) -> None:
    """Ask about single records in memory, beside Splink."""
    _keep("one_record", records, asdict(one_record.measure(records)))


def measure_scale(records: int) -> None:
    """Plant the same people into a file of this many records."""
    _keep("scale", records, asdict(scale_invariance.measure(records)))


def measure_accept() -> None:
    """Accept events for a minute each way."""
    _keep("accept", 0, [asdict(one) for one in accept.measure(60.0)])


def measure_soak() -> None:
    """Watch memory for ten minutes of events of known people, then of ten with newcomers."""
    records = 10_000
    found = [asdict(soak.measure(10.0, 200.0, "embedded", records, newcomers)) for newcomers in (False, True)]
    _keep("soak", records, found, "embedded")


_LARGE = 1_000_000
"""Records of a graph whose past is one touchpoint a visitor: two a record would take an hour to write."""

PARTS: dict[str, Callable[[int], None]] = {
    "dedupe": measure_dedupe,
    "growth": measure_growth,
    "latency": measure_latency,
    "live": measure_live,
    "load": measure_load,
    "one_record": measure_one_record,
    "scale": measure_scale,
}


ONCE: dict[str, Callable[[], None]] = {"accept": measure_accept, "soak": measure_soak}
"""Measurements that are made at one size only, or that no size belongs to."""


def _keep_growth(engine: str, records: int) -> None:
    with lent(engine) as settings:
        growth = asdict(load_and_resolve(records, settings))
        if engine == "embedded":
            _keep("growth", records, growth)
        _keep("latency", records, asdict(profile_latency.measure(settings, records)), engine)
        _keep("profiles", records, asdict(profiles.measure(settings, records)), engine)


def _keep(part: str, records: int, result: Any, engine: str = "") -> None:
    about = {
        "part": part,
        "engine": engine,
        "records": records,
        "measured_at": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "load": os.getloadavg()[1],
        "machine": machine(),
    }
    WORK.mkdir(exist_ok=True)
    path = WORK / f"result-{'-'.join(filter(None, (part, engine)))}-{records}.json"
    path.write_text(json.dumps({**about, "result": result}, indent=1), encoding="utf-8")
    print(" ".join(filter(None, (part, engine, f"of {records:,} records: done"))), flush=True)


def refresh() -> None:
    """Write the tables of the results kept here into the README, beside those that were measured elsewhere."""
    kept = [json.loads(path.read_text(encoding="utf-8")) for path in WORK.glob("result-*.json")]
    kept.sort(key=lambda one: (one["part"], one["records"], one.get("engine", "")))
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    text, _, after = rest.partition(END)
    README.write_text(f"{before}{BEGIN}\n\n{measured(text, kept)}\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Measure what is asked for and refresh the README after each measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000], help="records")
    parts = sorted([*PARTS, *ONCE])
    parser.add_argument("--parts", nargs="*", choices=parts, default=parts, help="none only refreshes")
    arguments = parser.parse_args()
    for part in arguments.parts:
        if part in ONCE:
            ONCE[part]()
            refresh()
    for records in arguments.sizes:
        for part in arguments.parts:
            if part in PARTS:
                PARTS[part](records)
                refresh()
    refresh()


if __name__ == "__main__":
    main()
