"""What applications wait for: a profile now, as of a time, of certain records; 1,000 at once; who a person would be.

A graph that `load_and_resolve` filled comes in; medians and 95th percentiles in milliseconds go out. The questions are
asked in turn, so that what else the machine does meets all alike. A description has the name, birth date, postcode and
e-mail of a stored record as they stand in the file; how many come out at that record's own customer is told beside (a
mistyped record may rightly be nobody's).

    python -m benchmarks.profiles --records 10000 --engine neo4j
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from benchmarks.dedupe import file_of
from benchmarks.engines import ENGINES, lent
from benchmarks.resolve_growth import load_and_resolve
from identity_graph.customers.read import CustomerReader
from identity_graph.errors import IdentityGraphError
from identity_graph.graph import open_graph
from identity_graph.profiles import MOST_AT_ONCE, Asked, Placer, ProfileReader, Question
from identity_graph.settings import Settings

__all__ = ["ProfileTimes", "measure"]

_WARM_UP = 50
_BATCHES = 10
_DESCRIBED = {"first_name": "given_name", "last_name": "family_name", "birth_date": "birth_date",
              "postcode": "postcode"}  # fmt: skip

Times = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ProfileTimes:
    """Median and 95th percentile of each question, in milliseconds.

    Attributes:
        engine: its name and version.
        records: in the graph.
        asked: how often each question was asked; batches ten times.
        now: a profile by e-mail address.
        past: the same as of this moment, so that traits are chosen from the versions of all records.
        certain: the same of records with a certainty of 0.5 or more.
        batch: 1,000 profiles at once.
        resolve: who a description would be.
        own: share of the descriptions (0..1) that came out at their own customer.
    """

    engine: str
    records: int
    asked: int
    now: Times
    past: Times
    certain: Times
    batch: Times
    resolve: Times
    own: float


def measure(settings: Settings, records: int, lookups: int = 500, seed: int = 1) -> ProfileTimes:
    """Time the questions on a data folder that `load_and_resolve` filled with this many records."""
    dice = random.Random(seed)
    rows = [row for row in pq.read_table(file_of(records)).to_pylist() if row["email"]]
    dice.shuffle(rows)
    source = file_of(records).stem
    with open_graph(settings) as graph:
        reader, placer, customers = ProfileReader(graph, settings), Placer(graph, settings), CustomerReader(graph)
        known = _known(reader, rows, lookups + _WARM_UP)
        own: list[bool] = []

        def resolve(row: Mapping[str, Any]) -> None:
            attributes = {role: row[column] for column, role in _DESCRIBED.items() if row[column]}
            placed = placer.place([Asked("email", row["email"])], attributes)
            memberships = customers.record(f"{source}:{row['record_id']}").memberships
            own.append(placed.customer_id in {one.customer_id for one in memberships if one.until is None})

        asks: dict[str, Callable[[Mapping[str, Any]], Any]] = {
            "now": lambda row: reader.profile(_asked(row)),
            "past": lambda row: reader.profile(_asked(row), Question(as_of=datetime.now(UTC))),
            "certain": lambda row: reader.profiles([_asked(row)], Question(min_certainty=0.5)),
            "resolve": resolve,
        }
        times = _timed(asks, known, dice)
        batches = [_spent(lambda: reader.profiles([_asked(row) for row in dice.choices(known, k=MOST_AT_ONCE)]))
                   for _ in range(_BATCHES + 1)]  # fmt: skip
        engine = graph.capabilities.name
    return ProfileTimes(
        engine, records, len(times["now"]), *(_ends(times[name]) for name in ("now", "past", "certain")),
        _ends(batches[1:]), _ends(times["resolve"]), sum(own) / len(own),
    )  # fmt: skip


def _asked(row: Mapping[str, Any]) -> Asked:
    return Asked("email", row["email"])


def _known(reader: ProfileReader, rows: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """Return rows whose address stands for somebody."""
    known: list[dict[str, Any]] = []
    for start in range(0, len(rows), MOST_AT_ONCE):
        some = rows[start : start + MOST_AT_ONCE]
        answers = reader.profiles([_asked(row) for row in some])
        known += [row for row, answer in zip(some, answers, strict=True) if answer.profile is not None]
        if len(known) >= count:
            break
    return known[:count]


def _timed(
    asks: Mapping[str, Callable[[Mapping[str, Any]], Any]], rows: list[dict[str, Any]], dice: random.Random
) -> dict[str, list[float]]:
    """Ask every question about each row, in changing order; the warm-up is left out."""
    times: dict[str, list[float]] = {name: [] for name in asks}
    names = list(asks)
    for turn, row in enumerate(rows):
        dice.shuffle(names)
        for name in names:
            try:
                spent = _spent(lambda name=name, row=row: asks[name](row))
            except IdentityGraphError as error:
                raise AssertionError(f"{name} of {row} fails: {error}") from error
            if turn >= _WARM_UP:
                times[name].append(spent)
    return times


def _spent(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _ends(found: list[float]) -> Times:
    return float(np.percentile(found, 50)), float(np.percentile(found, 95))


def main() -> None:
    """Fill a graph and time the questions on it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--lookups", type=int, default=500)
    parser.add_argument("--engine", choices=ENGINES, default="embedded")
    arguments = parser.parse_args()
    with lent(arguments.engine) as settings:
        load_and_resolve(arguments.records, settings)
        print(json.dumps(asdict(measure(settings, arguments.records, arguments.lookups))))


if __name__ == "__main__":
    main()
