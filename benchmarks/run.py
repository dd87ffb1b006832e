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

from benchmarks.dedupe import WORK, compare
from benchmarks.machine import machine
from benchmarks.profile_latency import measure
from benchmarks.resolve_growth import data_folder, load_and_resolve
from benchmarks.tables import render

__all__ = ["PARTS", "README", "refresh"]

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def measure_dedupe(records: int) -> None:
    """Compare `dedupe` with Splink alone."""
    _keep("dedupe", records, [asdict(side) for side in compare(records)])


def measure_growth(records: int) -> None:
    """Load and resolve, then time lookups on the same graph."""
    with data_folder() as settings:
        _keep("growth", records, asdict(load_and_resolve(records, settings)))
        _keep("latency", records, asdict(measure(settings, records)))


PARTS: dict[str, Callable[[int], None]] = {"dedupe": measure_dedupe, "growth": measure_growth}


def _keep(part: str, records: int, result: Any) -> None:
    about = {
        "part": part,
        "records": records,
        "measured_at": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "load": os.getloadavg()[1],
        "machine": machine(),
    }
    WORK.mkdir(exist_ok=True)
    path = WORK / f"result-{part}-{records}.json"
    path.write_text(json.dumps({**about, "result": result}, indent=1), encoding="utf-8")
    print(f"{part} of {records:,} records: done", flush=True)


def refresh() -> None:
    """Write the tables of all kept results into the README."""
    kept = [json.loads(path.read_text(encoding="utf-8")) for path in WORK.glob("result-*.json")]
    kept.sort(key=lambda one: (one["part"], one["records"]))
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    README.write_text(f"{before}{BEGIN}\n\n{render(kept)}\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Measure what is asked for and refresh the README after each measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000], help="records")
    parser.add_argument("--parts", nargs="*", choices=sorted(PARTS), default=sorted(PARTS), help="none only refreshes")
    arguments = parser.parse_args()
    for records in arguments.sizes:
        for part in arguments.parts:
            PARTS[part](records)
            refresh()
    refresh()


if __name__ == "__main__":
    main()
