"""One record against everything: `OneRecordMatcher` beside Splink's own ways to ask about one record, in one process.

A number of records comes in; milliseconds per record, pairs per second and memory go out. The model is trained on the
same records in a process of its own. Both sides weigh by that model. Splink gets seven blocking rules, because it
knows no caps on blocks; ours uses all rules of the model. Processor time is that of the thread that asks, and for
Splink that of the process, whose threads do the work.

    python -m benchmarks.one_record 10000
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
from splink import DuckDBAPI, Linker, block_on

from benchmarks.dedupe import THREADS, WORK, file_of
from benchmarks.machine import run_process
from identity_graph.matching import MatchingOptions, MatchModel, OneRecordMatcher, prepare, train
from identity_graph.matching.compiled import compile_model
from identity_graph.matching.features import build_features
from identity_graph.sources import OpenOptions, merge_batches, open_sources

__all__ = ["OneRecord", "measure"]

ASKED = 2_000
ASKED_OF_SPLINK = 12
WARM_UP = 200
_RULES = (
    ("email",), ("phone",), ("given", "family"), ("family", "birth_date"), ("given", "birth_date"),
    ("birth_date", "postcode"), ("family", "postcode"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OneRecord:
    """What one record costs.

    Attributes:
        records: held.
        asked: records asked about, one by one.
        steps: `features`, `candidates`, `weights` and `all` -> median and 95th percentile, in ms of processor time.
        wall: median and 95th percentile of all three, in ms by the clock.
        candidates: per record, mean.
        pairs_per_second: pairs weighed in a second of processor time.
        start_seconds: processor seconds to hold the records.
        held_mib: resident memory that holding them added.
        peak_mib: highest resident memory of the process, the records as a table and the start included.
        splink: way -> median and 95th percentile, in ms of processor time, then the same by the clock.
    """

    records: int
    asked: int
    steps: dict[str, tuple[float, float]]
    wall: tuple[float, float]
    candidates: float
    pairs_per_second: float
    start_seconds: float
    held_mib: float
    peak_mib: float
    splink: dict[str, tuple[float, float, float, float]]


def measure(records: int) -> OneRecord:
    """Train on a generated file of this many records, then ask about some of them."""
    WORK.mkdir(exist_ok=True)
    run_process(["python", "-m", "benchmarks.one_record", str(records), "--train"])
    cost = run_process(["python", "-m", "benchmarks.one_record", str(records), "--ask"])
    found = json.loads(cost.output)
    return OneRecord(**{**found, "peak_mib": cost.peak_mib})


def train_on(records: int) -> None:
    """Read the file as `dedupe` does, train, and keep the record table and the model."""
    reader = open_sources(
        [str(file_of(records))],
        mapping=None,
        id_column=None,
        source_column=None,
        default_region=None,
        options=OpenOptions(keep_raw=False, batch_rows=100_000),
    )
    table = merge_batches([batch.records for batch in reader.batches()])
    roles = reader.attribute_roles()
    with prepare(table, roles, MatchingOptions(threads=THREADS)) as prepared:
        train(prepared).save(_folder(records))
    pq.write_table(table.select(["key", "source", *roles]), _folder(records) / "records.parquet")


def _folder(records: int) -> Path:
    return WORK / f"one-record-{records}"


def ask(records: int, seed: int = 1) -> OneRecord:
    """Hold the records and ask about some of them, first ourselves, then Splink."""
    model = MatchModel.load(_folder(records))
    table = pq.read_table(_folder(records) / "records.parquet").combine_chunks()
    rows = random.Random(seed).sample(range(records), min(ASKED + WARM_UP, records))
    names = [name for name in table.column_names if name in model.roles]
    given = table.take(pa.array(rows)).select(["key", *names]).to_pylist()
    before, started = _resident(), time.process_time()
    matcher = OneRecordMatcher(model, table, options=MatchingOptions(threads=THREADS))
    start_seconds, held = time.process_time() - started, _resident() - before
    times = np.array([_timed(matcher, one) for one in given][WARM_UP:])
    pairs, seconds = _weigh_many(matcher, model, given)
    return OneRecord(
        records=records,
        asked=len(times),
        steps={
            name: _percentiles(times[:, place])
            for place, name in enumerate(("features", "candidates", "weights", "all"))
        },
        wall=_percentiles(times[:, 4]),
        candidates=float(times[:, 5].mean()),
        pairs_per_second=pairs / seconds,
        start_seconds=start_seconds,
        held_mib=held,
        peak_mib=0.0,
        splink=_splink(model, table, matcher, rows[:ASKED_OF_SPLINK]),
    )


def _timed(matcher: OneRecordMatcher, given: dict[str, str | None]) -> tuple[float, ...]:
    """Ask about one held record; returns ms of each step and of all, ms by the clock, and the candidates."""
    key = given["key"]
    attributes = {name: value for name, value in given.items() if name != "key"}
    clock, start = time.perf_counter(), time.thread_time()
    values = matcher.values(attributes)
    made = time.thread_time()
    found = matcher.candidates(values, key)
    searched = time.thread_time()
    matcher.matches_among(values, found)
    end, wall = time.thread_time(), time.perf_counter() - clock
    steps = (made - start, searched - made, end - searched, end - start, wall)
    return (*(1000 * seconds for seconds in steps), float(len(found)))


def _weigh_many(matcher: OneRecordMatcher, model: MatchModel, given: Sequence[dict[str, Any]]) -> tuple[int, float]:
    """Weigh the candidates of all that were asked about, and nothing else."""
    weigh = compile_model(model).weigh
    pairs = []
    for one in given:
        values = matcher.values({name: value for name, value in one.items() if name != "key"})
        pairs += [(values, matcher.held(row)) for row in matcher.candidates(values, one["key"])]
    started = time.thread_time()
    for left, right in pairs:
        weigh(left, right)
    return len(pairs), time.thread_time() - started


def _splink(
    model: MatchModel, table: pa.Table, matcher: OneRecordMatcher, rows: Sequence[int]
) -> dict[str, tuple[float, float, float, float]]:
    """Time Splink's `predict_between` of one record and all, and its `score_pairs` of one record and its candidates."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    features = build_features(table, model.roles, model.vocabulary).select(["row", *model.columns])
    connection = duckdb.connect(config={"threads": THREADS})
    connection.register("features", features)
    connection.execute("create table held as select * from features")
    backend = DuckDBAPI(connection=connection)
    rules = [block_on(*rule).create_blocking_rule_dict("duckdb") for rule in _RULES if set(rule) <= set(model.columns)]
    held = backend.register(connection.table("held"), dataset_display_name="everything")
    linker = Linker(held, {**model.settings, "blocking_rules_to_generate_predictions": rules}, log_level=None)
    for column, frequencies in model.frequencies.items():
        lookup = backend.register(frequencies, dataset_display_name=f"tf_{column}")
        linker.table_management.register_term_frequency_lookup(lookup, column)
    numbers = iter(range(10**6))

    def between(row: int) -> None:
        one = features.slice(row, 1).set_column(0, "row", pa.array([-1], pa.int32()))
        new = backend.register(one, dataset_display_name=f"one_{next(numbers)}")
        linker.inference.predict_between(held, new, threshold_match_weight=-6.0).as_record_list()

    def pairs(row: int) -> None:
        found = matcher.candidates(matcher.held(row), table["key"][row].as_py())
        one = features.slice(row, 1).to_pylist()
        if found:
            linker.inference.score_pairs(one, features.take(pa.array(found)).to_pylist()).as_record_list()

    return {
        name: tuple(value for place in (0, 1) for value in _percentiles([one[place] for one in _costs(way, rows)]))
        for name, way in (("predict_between", between), ("score_pairs", pairs))
    }  # type: ignore[return-value]


def _costs(way: Callable[[int], None], rows: Sequence[int]) -> Iterator[tuple[float, float]]:
    """Yield ms of processor time and by the clock; the first call warms up."""
    for turn, row in enumerate(rows):
        clock, start = time.perf_counter(), time.process_time()
        way(row)
        if turn:
            yield 1000 * (time.process_time() - start), 1000 * (time.perf_counter() - clock)


def _percentiles(found: Any) -> tuple[float, float]:
    return float(np.percentile(found, 50)), float(np.percentile(found, 95))


def _resident() -> float:
    return float(psutil.Process().memory_info().rss) / 2**20


def main() -> None:
    """Measure one size, or do one of the two steps in this process."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", type=int)
    parser.add_argument("--train", action="store_true", help="only train, here")
    parser.add_argument("--ask", action="store_true", help="only ask, here, after training")
    arguments = parser.parse_args()
    if arguments.train:
        train_on(arguments.records)
    else:
        print(json.dumps(asdict((ask if arguments.ask else measure)(arguments.records))))


if __name__ == "__main__":
    main()
