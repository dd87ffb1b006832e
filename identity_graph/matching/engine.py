"""The DuckDB connection of one matching run, and the levels of pairs counted in it.

Nothing outlives the run: a connection is opened for a call and closed with it, because connections are not safe to
share between threads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from identity_graph.matching.comparison import Comparison
from identity_graph.matching.options import MatchingOptions
from identity_graph.tables import Table

__all__ = ["Connection", "compare_pairs", "open_engine", "pair_table"]

Connection: TypeAlias = "duckdb.DuckDBPyConnection"


@contextmanager
def open_engine(options: MatchingOptions) -> Iterator[Connection]:
    """Open an in-memory DuckDB with the run's resources and close it afterwards."""
    settings: dict[str, Any] = {"threads": options.thread_count, "memory_limit": options.memory_limit}
    if options.work_dir is not None:
        options.work_dir.mkdir(parents=True, exist_ok=True)
        settings["temp_directory"] = str(options.work_dir)
    connection = duckdb.connect(":memory:", config=settings)
    connection.execute("set enable_progress_bar = false")  # it would go to standard output, where results go
    try:
        yield connection
    finally:
        connection.close()


def pair_table(left: NDArray[np.int32], right: NDArray[np.int32]) -> Table:
    """Make the table of row pairs that the engine joins with the features."""
    return pa.table({"position": pa.array(np.arange(len(left), dtype=np.int64)), "left": left, "right": right})


def compare_pairs(
    connection: Connection, features: Table, comparisons: Sequence[Comparison], pairs: Table
) -> NDArray[np.int8]:
    """Find the level of each comparison for each pair.

    Args:
        connection: an open engine.
        features: feature table with a `row` column.
        comparisons: the comparisons; their columns are in `features`.
        pairs: table made by `pair_table`.

    Returns:
        One row per pair in the order of `pairs`, one column per comparison; -1 where nothing can be compared.
    """
    if pairs.num_rows == 0 or not comparisons:
        return np.zeros((pairs.num_rows, len(comparisons)), dtype=np.int8)
    columns = sorted({column for comparison in comparisons for column in comparison.columns})
    sides = ", ".join(f"l.{name} as {name}_l, r.{name} as {name}_r" for name in columns)
    cases = ", ".join(f"{comparison.case_statement} as c{place}" for place, comparison in enumerate(comparisons))
    connection.register("features_in", features)
    connection.register("pairs_in", pairs)
    result = connection.execute(
        f"select position, {cases} from (select p.position, {sides} from pairs_in p "
        "join features_in l on l.row = p.left join features_in r on r.row = p.right)"
    ).fetchnumpy()
    connection.unregister("features_in")
    connection.unregister("pairs_in")
    levels = np.empty((pairs.num_rows, len(comparisons)), dtype=np.int8)
    for place in range(len(comparisons)):
        levels[result["position"], place] = result[f"c{place}"]
    return levels
