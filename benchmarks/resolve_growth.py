"""How load and resolve grow with the records: generated people into a fresh embedded data folder, stage by stage.

Sizes come in; seconds and peak memory per stage go out. Each command is a process of its own, so that one size does
not lend its memory to the next; the engine is another, started before the clock.

    python -m benchmarks.resolve_growth 10000 100000
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from benchmarks.dedupe import WORK, file_of
from benchmarks.machine import PRODUCT, run_process
from identity_graph.graph import engine_status, open_graph, stop_engine
from identity_graph.settings import Settings

__all__ = ["Growth", "StageCost", "data_folder", "grow", "load_and_resolve"]


@dataclass(frozen=True, slots=True)
class StageCost:
    """One stage at one size: wall seconds, and the highest resident memory of its process in MiB."""

    name: str
    seconds: float
    peak_mib: float


@dataclass(frozen=True, slots=True)
class Growth:
    """Load, resolve and a second resolve of the unchanged graph, at one size.

    Attributes:
        records: loaded.
        customers: found.
        load, resolve, again: their stages.
        engine_mib: resident memory of the engine at the end.
    """

    records: int
    customers: int
    load: tuple[StageCost, ...]
    resolve: tuple[StageCost, ...]
    again: tuple[StageCost, ...]
    engine_mib: float


@contextmanager
def data_folder() -> Iterator[Settings]:
    """Lend a fresh data folder with a running engine; both are gone afterwards."""
    WORK.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="data-", dir=WORK))
    settings = Settings(data_dir=folder, uri=None)
    try:
        with open_graph(settings):
            yield settings
    finally:
        stop_engine(settings)
        shutil.rmtree(folder)


def load_and_resolve(records: int, settings: Settings) -> Growth:
    """Load a generated file into the data folder of the settings, resolve it, and resolve once more."""
    environment = {"IDENTITY_GRAPH_DATA_DIR": str(settings.data_dir)}
    if settings.uri is not None:
        environment["IDENTITY_GRAPH_URI"] = settings.uri
    answers = [
        json.loads(run_process([PRODUCT, *arguments, "--json"], environment).output)
        for arguments in (("load", str(file_of(records))), ("resolve",), ("resolve",))
    ]
    stages = [tuple(StageCost(s["name"], s["seconds"], s["peak_mib"]) for s in one["stages"]) for one in answers]
    pid = engine_status(settings).pid
    engine_mib = psutil.Process(pid).memory_info().rss / 2**20 if pid else 0.0
    return Growth(answers[1]["records"], answers[1]["customers"], stages[0], stages[1], stages[2], engine_mib)


def grow(records: int) -> Growth:
    """Measure one size in a data folder of its own."""
    with data_folder() as settings:
        return load_and_resolve(records, settings)


def main() -> None:
    """Measure the sizes asked for and print one JSON line each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="*", default=[10_000, 100_000])
    for records in parser.parse_args().sizes:
        print(json.dumps(asdict(grow(records))), flush=True)


if __name__ == "__main__":
    main()
