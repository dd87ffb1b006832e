"""The files of one generated set and its truth: rows collected, mixed and written.

Rows and the true cluster of each come in; `records*` files and `truth.csv` go out, in the layout of `sets.py`. The
same seed gives the same bytes.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from identity_graph.demo.chances import Chance

__all__ = ["Cell", "Sheet", "write_set"]

Cell = str | int | float | None
_PRIMES = {6: 999_983, 8: 99_999_989}


@dataclass
class Sheet:
    """One file of a set.

    Attributes:
        name: the file's name; its ending (`csv`, `tsv`, `jsonl`, `parquet`) is its form, its stem the source.
        id_column: column of the record id.
        columns: the other columns, in order.
        counter: column that counts the rows as they are written; None without one.
        delimiter: of a delimited file.
        encoding: of a delimited file.
    """

    name: str
    id_column: str
    columns: tuple[str, ...]
    counter: str | None = None
    delimiter: str = ","
    encoding: str = "utf-8"
    _rows: list[tuple[str, str, tuple[Cell, ...]]] = field(default_factory=list)

    @property
    def source(self) -> str:
        """Name of the source: the file's, without its ending."""
        return self.name.split(".")[0]

    def add(self, cluster: str, record_id: str, cells: Sequence[Cell]) -> None:
        """Add a row of one true cluster; cells in the order of `columns`."""
        if len(cells) != len(self.columns):
            raise ValueError(f"{self.name}: {len(cells)} cells for {len(self.columns)} columns.")
        self._rows.append((cluster, record_id, tuple(cells)))

    def scattered(self, digits: int = 8) -> int:
        """Return a number of 6 or 8 digits that no other row has, in no order that tells anything."""
        return (len(self._rows) + 1) * 7_368_787 % _PRIMES[digits]

    def mixed(self, chance: Chance) -> list[tuple[str, str, tuple[Cell, ...]]]:
        """Return (cluster, record id, cells) in random order."""
        rows = list(self._rows)
        chance.shuffle(rows)
        return rows


def write_set(folder: Path, sheets: Sequence[Sheet], chance: Chance) -> Path:
    """Write the files of a set and its truth.

    Args:
        folder: of the set; is made.
        sheets: its files.
        chance: the seeded stream of the rows' order.

    Returns:
        Path of the truth: `record_id,cluster_id`, and `source` where there are several files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    truth: list[tuple[str, str, str]] = []
    for sheet in sheets:
        rows = sheet.mixed(chance)
        truth += [(record_id, cluster, sheet.source) for cluster, record_id, _ in rows]
        counter = [] if sheet.counter is None else [sheet.counter]
        header = [*counter, sheet.id_column, *sheet.columns]
        cells: list[list[Cell]] = [[record_id, *values] for _, record_id, values in rows]
        if counter:
            cells = [[number, *row] for number, row in enumerate(cells, 1)]
        _write(folder / sheet.name, sheet, header, cells)
    width = 3 if len(sheets) > 1 else 2
    path = folder / "truth.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("record_id", "cluster_id", "source")[:width])
        writer.writerows(row[:width] for row in sorted(truth))
    return path


def _write(path: Path, sheet: Sheet, header: list[str], rows: list[list[Cell]]) -> None:
    if path.suffix == ".parquet":
        texts = [[None if cell is None else str(cell) for cell in column] for column in zip(*rows, strict=True)]
        pq.write_table(pa.table([pa.array(column, pa.string()) for column in texts], names=header), path)
        return
    if path.suffix == ".jsonl":
        objects = ({name: cell for name, cell in zip(header, row, strict=True) if cell is not None} for row in rows)
        path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects), encoding="utf-8")
        return
    with path.open("w", encoding=sheet.encoding, errors="replace", newline="") as file:
        writer = csv.writer(file, delimiter=sheet.delimiter, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
