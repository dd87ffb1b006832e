"""Reads a partition (which record is in which cluster) from CSV.

Three headers are known: `record_id,cluster_id`, Senzing's audit key `CLUSTER_ID,RECORD_ID[,DATA_SOURCE]` and what
`identity-graph export records` writes, where the cluster is the `customer_id`; in any letter case and column order.
Further columns are ignored. A table per PARTITION_SCHEMA goes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.csv

from identity_graph.errors import SourceError, SourceNotFoundError
from identity_graph.tables import Table

__all__ = ["PARTITION_SCHEMA", "partition_of", "read_partition", "read_texts"]

PARTITION_SCHEMA = pa.schema([("record_id", pa.string()), ("cluster_id", pa.string())])
"""Which record is in which cluster; an optional third column `source` tells apart records of equal record_id."""

_SOURCE_NAMES = ("data_source", "source")


def read_partition(path: Path) -> Table:
    """Read a partition file.

    Returns:
        Table with text columns `record_id`, `cluster_id` and, where the file has one, `source`; rows as in the file.

    Raises:
        SourceNotFoundError: there is no such file.
        SourceError: it is not CSV, or lacks one of the two columns.
    """
    return partition_of(read_texts(path), path)


def read_texts(path: Path) -> dict[str, pa.ChunkedArray]:
    """Read a CSV file as text.

    Returns:
        Column by its name in lower case; of columns with one name, the first.

    Raises:
        SourceNotFoundError: there is no such file.
        SourceError: it is not CSV.
    """
    if not path.is_file():
        raise SourceNotFoundError(f"There is no file {str(path)!r}.", ids=[str(path)])
    try:
        with pa.csv.open_csv(path) as reader:
            names = reader.schema.names
        options = pa.csv.ConvertOptions(
            column_types={name: pa.string() for name in names}, strings_can_be_null=False, null_values=[]
        )
        parse = pa.csv.ParseOptions(newlines_in_values=True)
        table = pa.csv.read_csv(path, parse_options=parse, convert_options=options)
    except pa.ArrowInvalid as error:
        raise SourceError(
            f"{str(path)!r} cannot be read as CSV: {error}.",
            ids=[str(path)],
            next_step="Check its header and encoding.",
        ) from error
    backwards = reversed(table.column_names)
    return {name.strip().lstrip("\ufeff").lower(): table.column(name) for name in backwards}


def partition_of(texts: Mapping[str, pa.ChunkedArray], path: Path) -> Table:
    """Take a partition from the columns of a file, as `read_partition` does."""
    by_name = dict(texts)
    if "cluster_id" not in by_name and "customer_id" in by_name:
        by_name["cluster_id"] = by_name["customer_id"]
    missing = [name for name in PARTITION_SCHEMA.names if name not in by_name]
    if missing:
        raise SourceError(
            f"{str(path)!r} has no column {missing[0]!r}.",
            ids=[str(path)],
            next_step="Give a CSV with the columns record_id and cluster_id (or customer_id).",
        )
    columns = {name: by_name[name] for name in PARTITION_SCHEMA.names}
    source = next((by_name[name] for name in _SOURCE_NAMES if name in by_name), None)
    if source is not None:
        columns["source"] = source
    return pa.table(columns)
