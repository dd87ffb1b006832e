"""The rival: Splink alone, used as its tutorial teaches it and tuned by nobody.

A Parquet file of `benchmarks.people` comes in; `record_id,cluster_id` goes out as CSV, and a JSON document with the
seconds of each stage is printed. Its engine has as many threads as it is told; memory is left to it.

    python -m benchmarks.plain_splink people.parquet clusters.csv
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

__all__ = ["run"]

THRESHOLD = 0.95
U_PAIRS = 1e7


def model() -> SettingsCreator:
    """Return the model: one library comparison per column, and seven blocking rules."""
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        comparisons=[
            cl.NameComparison("first_name"),
            cl.NameComparison("last_name"),
            cl.DateOfBirthComparison("birth_date", input_is_string=True),
            cl.EmailComparison("email"),
            cl.ExactMatch("phone").configure(term_frequency_adjustments=True),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("email"),
            block_on("phone"),
            block_on("first_name", "last_name"),
            block_on("last_name", "birth_date"),
            block_on("first_name", "birth_date"),
            block_on("birth_date", "postcode"),
            block_on("last_name", "postcode"),
        ],
    )


def train(linker: Linker, seconds: dict[str, float]) -> None:
    """Estimate the parameters in the order of the tutorial: prior, u, then m by expectation maximisation."""
    training = linker.training
    with timed("prior", seconds):
        training.estimate_probability_two_random_records_match(
            [block_on("first_name", "last_name", "birth_date"), block_on("email")], recall=0.7
        )
    with timed("u", seconds):
        training.estimate_u_using_random_sampling(max_pairs=U_PAIRS, seed=1)
    with timed("expectation maximisation", seconds):
        for rule in (block_on("first_name", "last_name"), block_on("email"), block_on("birth_date")):
            training.estimate_parameters_using_expectation_maximisation(
                rule, estimate_without_term_frequencies=True, max_pairs=5e6
            )


def run(source: Path, output: Path, threads: int) -> dict[str, float]:
    """Cluster a file.

    Args:
        source: Parquet with the columns of `benchmarks.people`.
        output: CSV to write.
        threads: of the engine, 1 or more.

    Returns:
        Seconds per stage, in order.
    """
    seconds: dict[str, float] = {}
    connection = duckdb.connect()
    connection.execute(f"set threads = {threads:d}")
    with timed("read", seconds):
        connection.execute("create table people as select * from read_parquet(?)", [str(source)])
        backend = DuckDBAPI(connection=connection)
        people = backend.register(connection.table("people"), dataset_display_name="records")
        linker = Linker(people, model(), log_level=None)
    train(linker, seconds)
    with timed("predict", seconds):
        predictions = linker.inference.predict(threshold_match_probability=THRESHOLD)
    with timed("cluster", seconds):
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
            predictions, threshold_match_probability=THRESHOLD
        )
    with timed("write", seconds):
        clusters.as_duckdbpyrelation().project("record_id, cluster_id").write_csv(str(output))
    return seconds


@contextmanager
def timed(stage: str, seconds: dict[str, float]) -> Iterator[None]:
    """Note the wall time of a stage."""
    started = time.perf_counter()
    yield
    seconds[stage] = time.perf_counter() - started


def main() -> None:
    """Cluster one file and print the stages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    seconds = run(arguments.source, arguments.output, arguments.threads)
    print(json.dumps({"stages": [{"name": name, "seconds": value} for name, value in seconds.items()]}))


if __name__ == "__main__":
    main()
