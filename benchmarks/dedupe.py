"""Clusters of one file: `identity-graph dedupe` beside Splink alone, as whole processes in turn on the same file.

Sizes come in; seconds, peak memory and quality of both go out. Both have as many threads.

    python -m benchmarks.dedupe 10000 100000
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.machine import PRODUCT, Cost, run_process
from benchmarks.people import truth_path, write_people
from identity_graph.evaluation import Evaluation, evaluate, read_partition

__all__ = ["WORK", "Side", "compare", "file_of"]

WORK = Path(__file__).parent / ".work"
THREADS = 2


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two on one file.

    Attributes:
        name: who.
        records: rows of the file.
        wall, cpu: seconds of the whole process.
        peak_mib: highest resident memory.
        stages: name -> seconds.
        pairwise, b_cubed: precision, recall and F1.
    """

    name: str
    records: int
    wall: float
    cpu: float
    peak_mib: float
    stages: dict[str, float]
    pairwise: tuple[float, float, float]
    b_cubed: tuple[float, float, float]


def file_of(records: int) -> Path:
    """Return a generated Parquet file of this many records, made when it is not there."""
    path = WORK / f"people-{records}.parquet"
    if not (path.exists() and truth_path(path).exists()):
        write_people(path, records)
    return path


def compare(records: int) -> tuple[Side, Side]:
    """Run both on one file of this many records; returns ours, then the rival."""
    path = file_of(records)
    ours, rival = WORK / f"ours-{records}.csv", WORK / f"splink-{records}.csv"
    our_cost = run_process(
        [PRODUCT, "dedupe", str(path), "-o", str(ours), "--json"],
        {"IDENTITY_GRAPH_THREADS": str(THREADS)},
    )
    rival_cost = run_process(
        ["python", "-m", "benchmarks.plain_splink", str(path), str(rival), "--threads", str(THREADS)]
    )
    return (
        _side("identity-graph dedupe", records, our_cost, _quality(ours, path)),
        _side("Splink alone", records, rival_cost, _quality(rival, path)),
    )


def _quality(clusters: Path, path: Path) -> Evaluation:
    return evaluate(read_partition(clusters), read_partition(truth_path(path)), shown=0)


def _side(name: str, records: int, cost: Cost, quality: Evaluation) -> Side:
    pairwise, b_cubed = quality.pairwise, quality.b_cubed
    return Side(
        name=name,
        records=records,
        wall=cost.wall,
        cpu=cost.cpu,
        peak_mib=cost.peak_mib,
        stages={stage["name"]: stage["seconds"] for stage in json.loads(cost.output)["stages"]},
        pairwise=(pairwise.precision, pairwise.recall, pairwise.f1),
        b_cubed=(b_cubed.precision, b_cubed.recall, b_cubed.f1),
    )


def main() -> None:
    """Compare the sizes asked for and print one JSON line per run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="*", default=[10_000, 100_000])
    for records in parser.parse_args().sizes:
        for side in compare(records):
            print(json.dumps(asdict(side)), flush=True)


if __name__ == "__main__":
    main()
