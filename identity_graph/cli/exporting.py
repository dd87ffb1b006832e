"""The command `export`: record to customer, golden records or lineage, as CSV, JSON lines or Parquet."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import pyarrow as pa
import pyarrow.parquet as pq
import typer

from identity_graph.cli.edge import graph_open, read_settings
from identity_graph.cli.output import note
from identity_graph.errors import InvalidSettingError
from identity_graph.facts import FactStore
from identity_graph.graph.port import Graph

__all__ = ["What", "register"]

_ROWS = 10_000
_GOLDEN_FIELDS = ("id", "record_count", "certainty", "created_at", "updated_at")
_NUMBERS = {"record_count": pa.int64(), "certainty": pa.float64(), "seq": pa.int64(), "run": pa.int64()}


class What(StrEnum):
    """What can be exported."""

    RECORDS = "records"
    GOLDEN = "golden"
    LINEAGE = "lineage"


_COLUMNS = {
    What.RECORDS: ("record_key", "source", "record_id", "customer_id", "certainty"),
    What.LINEAGE: ("seq", "at", "kind", "customer_id", "run", "cause", "data"),
}


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("export")(export_command)


def export_command(
    what: Annotated[What, typer.Argument(help="records (record to customer), golden (golden records) or lineage.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="File; its ending says the format: csv, jsonl, parquet.")
    ],
) -> None:
    """Write what is resolved to a file; rows stream, so millions are fine."""
    writers = {".csv": _write_csv, ".jsonl": _write_json_lines, ".parquet": _write_parquet}
    if output.suffix not in writers:
        raise InvalidSettingError(
            f"{output.name!r} does not end in .csv, .jsonl or .parquet.", ids=[str(output)], next_step="Rename it."
        )
    settings = read_settings()
    with graph_open(settings) as graph:
        columns = _COLUMNS.get(what) or (*_GOLDEN_FIELDS, *FactStore(graph, settings).attribute_roles())
        output.parent.mkdir(parents=True, exist_ok=True)
        unfinished = output.with_name(output.name + ".unfinished")
        count = writers[output.suffix](unfinished, columns, _rows(graph, what))
        unfinished.replace(output)
    note(f"Wrote {count:,} rows to {output}")


def _rows(graph: Graph, what: What) -> Iterator[Mapping[str, Any]]:
    for row in graph.stream(f"customers/export_{what.value}"):
        yield row["customer"] if what is What.GOLDEN else row


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow([row.get(column) for column in columns])
            count += 1
    return count


def _write_json_lines(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            plain = {column: row.get(column) for column in columns}
            file.write(json.dumps(plain, ensure_ascii=False) + "\n")
            count += 1
    return count


def _write_parquet(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> int:
    schema = pa.schema([(column, _NUMBERS.get(column, pa.string())) for column in columns])
    count, source = 0, iter(rows)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        while some := list(islice(source, _ROWS)):
            values = [[row.get(column) for row in some] for column in columns]
            writer.write_table(pa.table(values, schema=schema))
            count += len(some)
    return count
