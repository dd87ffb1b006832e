"""Records applied with resolving as they come, beside the same facts written alone, on a graph of a given size.

A number of records and an engine come in; records per second, their ratio and the time until a record's customer is
there go out. Every batch is one transaction of facts and one step of the resolver, in one process with one client.

    python -m benchmarks.apply 10000 --engine embedded
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.dedupe import WORK
from benchmarks.engines import ENGINES, lent
from benchmarks.people import write_people
from identity_graph.facts import FactStore
from identity_graph.graph import open_graph
from identity_graph.pipeline.load import load
from identity_graph.pipeline.resolve import resolve
from identity_graph.realtime import LiveResolver
from identity_graph.settings import Settings
from identity_graph.sources import FactBatch, OpenOptions, open_sources

__all__ = ["Applying", "measure"]

_BATCHES = 20


@dataclass(frozen=True, slots=True)
class Applying:
    """What applying costs.

    Attributes:
        engine: one of `ENGINES`.
        records: on the graph before.
        batch: records per transaction.
        bare: records per second, facts alone.
        resolved: records per second, facts and customers.
        ratio: of the two.
        visible: median and 95th percentile from the start of a batch's write until its customers are there, in s.
        reached: records resolved per record that came, mean.
        start_seconds: to read everything into memory.
    """

    engine: str
    records: int
    batch: int
    bare: float
    resolved: float
    ratio: float
    visible: tuple[float, float]
    reached: float
    start_seconds: float


def measure(records: int, engine: str, batch: int = 100) -> Applying:
    """Load and resolve a file of this many records, then apply further ones of the same people."""
    before, after = _files(records, 2 * _BATCHES * batch)
    with lent(engine) as settings, open_graph(settings) as graph:
        load(graph, settings, [str(before)])
        resolve(graph, settings)
        store, resolver = FactStore(graph, settings), LiveResolver(graph, settings)
        roles = store.attribute_roles()
        started = time.perf_counter()
        resolver.resolve_changes()
        start_seconds = time.perf_counter() - started
        batches = _batches(after, settings, batch)
        bare = []
        for one in islice(batches, _BATCHES):
            started = time.perf_counter()
            store.write(one, roles)
            bare.append(time.perf_counter() - started)
        resolver.resolve_changes()
        visible, reached = [], 0
        for one in batches:
            started = time.perf_counter()
            store.write(one, roles)
            done = resolver.resolve_changes()
            visible.append(time.perf_counter() - started)
            reached += done.records if done is not None else 0
    rate, resolved = batch / float(np.mean(bare)), batch / float(np.mean(visible))
    return Applying(
        engine, records, batch, round(rate, 1), round(resolved, 1), round(resolved / rate, 3),
        (round(float(np.median(visible)), 3), round(float(np.quantile(visible, 0.95)), 3)),
        round(reached / (batch * len(visible)), 1), round(start_seconds, 1),
    )  # fmt: skip


def _files(records: int, more: int) -> tuple[Path, Path]:
    """Write the records of the start and those that come later, of one population, evenly drawn."""
    WORK.mkdir(exist_ok=True)
    whole = WORK / f"apply-{records}.parquet"
    write_people(whole, records + more)
    table = pq.read_table(whole)
    later = np.zeros(records + more, dtype=np.bool_)
    later[np.linspace(0, records + more - 1, more).astype(np.int64)] = True
    paths = WORK / "apply" / "people.parquet", WORK / "apply-later" / "people.parquet"
    for path, chosen in zip(paths, (~later, later), strict=True):
        path.parent.mkdir(exist_ok=True)
        pq.write_table(table.filter(pa.array(chosen)), path)
    return paths


def _batches(path: Path, settings: Settings, rows: int) -> Iterator[FactBatch]:
    reader = open_sources(
        [str(path)], mapping=None, id_column=None, source_column=None, default_region=settings.default_region,
        options=OpenOptions(keep_raw=True, batch_rows=rows),
    )  # fmt: skip
    return reader.batches()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=int)
    parser.add_argument("--engine", choices=ENGINES, default="embedded")
    parser.add_argument("--batch", type=int, default=100)
    arguments = parser.parse_args()
    print(json.dumps(asdict(measure(arguments.records, arguments.engine, arguments.batch))))
