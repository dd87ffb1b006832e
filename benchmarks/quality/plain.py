"""The rival on a labelled set: Splink alone, written as its tutorial does, without looking at the answers.

Files with a `record_id` column, or another one that differs in every row, come in; `record_id,cluster_id` goes out as
CSV. Library comparisons are chosen by the
name of the column, blocking is on pairs of columns and on columns that nearly identify, whatever the set.

    python -m benchmarks.quality.plain records.parquet clusters.csv
"""

from __future__ import annotations

import argparse
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.internals.exceptions import SplinkException

__all__ = ["run"]

THRESHOLD = 0.95
MOST_PAIRS = 20_000_000
NAME_COLUMNS = 6
_NO_EVIDENCE = ("record_id", "source")
_DATE = r"^\d{4}-\d{2}-\d{2}$"


def run(source: Path, output: Path) -> None:
    """Cluster a file and write the clusters."""
    connection = duckdb.connect()
    connection.execute("set threads = 2")
    columns = _read(connection, source)
    distinct = {name: _distinct(connection, name) for name in columns}
    columns = [name for name in columns if distinct[name] > 1]
    rules = _rules(connection, columns)
    backend = DuckDBAPI(connection=connection)
    records = backend.register(connection.table("given"), dataset_display_name="records")
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        comparisons=[_comparison(connection, name) for name in columns],
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in rules],
    )
    linker = Linker(records, settings, log_level=None)
    _train(linker, rules)
    predictions = linker.inference.predict(threshold_match_probability=THRESHOLD)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        predictions, threshold_match_probability=THRESHOLD
    )
    clusters.as_duckdbpyrelation().project("record_id, cluster_id").write_csv(str(output))


def _read(connection: duckdb.DuckDBPyConnection, source: Path) -> list[str]:
    """Load the records as trimmed text, blanks as nothing; returns the columns that may be compared."""
    reader = "read_parquet" if source.suffix == ".parquet" else "read_csv_auto"
    names = [row[0] for row in connection.execute(f"describe select * from {reader}(?)", [str(source)]).fetchall()]
    given = f"{reader}('{source}')"
    identity = "record_id" if "record_id" in names else _identity(connection, given, names)
    # A column called like a word of SQL (`by`), or with signs in it, breaks Splink, so evidence gets plain names.
    plain = {name: re.sub(r"\W", "_", name) for name in names}
    new = {name: name if name in _NO_EVIDENCE else f"{plain[name]}_given" for name in names} | {identity: "record_id"}
    columns = ", ".join(f'nullif(trim("{name}"::varchar), \'\') as "{new[name]}"' for name in names)
    connection.execute(f"create table given as select {columns} from {given}")
    return [new[name] for name in names if new[name] not in _NO_EVIDENCE]


def _identity(connection: duckdb.DuckDBPyConnection, given: str, names: list[str]) -> str:
    """Return the first column that differs in every row, as a user would name it."""
    return next(name for name in names if _one(connection, f'select count(distinct "{name}") = count(*) from {given}'))


def _distinct(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    return int(_one(connection, f'select count(distinct "{name}") from given'))


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> Any:
    return connection.execute(query).fetchall()[0][0]


def _comparison(connection: duckdb.DuckDBPyConnection, name: str) -> Any:
    lower = name.lower()
    if "mail" in lower:
        return cl.EmailComparison(name)
    dates = f"select avg(regexp_matches(\"{name}\", '{_DATE}')::int) from given"
    if ("dob" in lower or "birth" in lower) and float(_one(connection, dates) or 0) > 0.9:
        return cl.DateOfBirthComparison(name, input_is_string=True)
    if "name" in lower:
        return cl.NameComparison(name)
    if float(_one(connection, f'select avg(length("{name}")) from given') or 0) > 8:
        return cl.JaroWinklerAtThresholds(name)
    return cl.ExactMatch(name).configure(term_frequency_adjustments=True)


def _rules(connection: duckdb.DuckDBPyConnection, columns: list[str]) -> list[tuple[str, ...]]:
    """Take pairs of columns, and single ones, cheapest first, while there is room for their pairs."""
    offers = []
    for rule in [*((name,) for name in columns), *combinations(columns, 2)]:
        keys = ", ".join(f'"{name}"' for name in rule)
        known = " and ".join(f'"{name}" is not null' for name in rule)
        count = f"select count(*) n from given where {known} group by {keys}"
        offers.append((int(_one(connection, f"select coalesce(sum(n * (n - 1) / 2), 0) from ({count})")), rule))
    chosen: list[tuple[str, ...]] = []
    for pairs, rule in sorted(offers):
        if pairs and sum(cost for cost, other in offers if other in chosen) + pairs <= MOST_PAIRS:
            chosen.append(rule)
    return chosen


def _train(linker: Linker, rules: list[tuple[str, ...]]) -> None:
    """Estimate prior, u and m; rules that teach nothing are passed over, as a user would."""
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on(*rules[0])], recall=0.7)
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    trained = 0
    for rule in rules:
        if trained == 3:
            break
        try:
            training.estimate_parameters_using_expectation_maximisation(
                block_on(*rule), estimate_without_term_frequencies=True, max_pairs=5e6
            )
        except (SplinkException, ValueError, duckdb.Error) as error:  # the rule gives too little to learn from
            print(f"no training on {rule}: {error}".splitlines()[0])
        else:
            trained += 1


def main() -> None:
    """Cluster one file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args()
    run(arguments.source, arguments.output)


if __name__ == "__main__":
    main()
