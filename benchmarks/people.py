"""Makes one file of customer records with known truth, of any size, for measuring.

A count and a seed come in; a Parquet or CSV file and its truth go out. The people, their mistakes and their gaps are
the demo's. The same count and seed give the same rows. All columns are in one form (ISO dates, numbers with country
code), so that a method that does not clean its input is not punished for it.

    python -m benchmarks.people 1000000 people.parquet
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from identity_graph.demo.chances import Chance, Weighted
from identity_graph.demo.people import FIRST_DAY, LAST_DAY, Person, households
from identity_graph.demo.sightings import see

__all__ = ["COLUMNS", "truth_path", "write_people"]

COLUMNS = ("record_id", "first_name", "last_name", "birth_date", "city", "postcode", "email", "phone")

_SIZES = Weighted(range(1, 14), [0.68**size for size in range(13)])
"""Records of a person: 1 to 13, three on average, most people few."""
_BATCH_ROWS = 50_000
_HEARD = 0.15
_HEARD_CARE = 2.5
"""Records noted from hearsay, in which more goes wrong (see `see`)."""

Row = tuple[str | None, ...]


def truth_path(path: Path) -> Path:
    """Return where the truth of a file is: beside it."""
    return path.with_name(f"{path.stem}.truth.csv")


def write_people(path: Path, count: int, seed: int = 1) -> Path:
    """Write a file of records and its truth.

    Args:
        path: ends with `.parquet` or `.csv`; its folder is made.
        count: records, 1 or more; of about a third as many people.
        seed: any whole number.

    Returns:
        Path of the truth, a CSV with record_id and cluster_id.
    """
    rows = islice(_rows(Chance(f"records/{seed}/{count}"), count), count)
    schema = pa.schema([(name, pa.string()) for name in (*COLUMNS, "cluster_id")])
    tables = []
    while batch := list(islice(rows, _BATCH_ROWS)):
        arrays = [pa.array(column, pa.string()) for column in zip(*batch, strict=True)]
        tables.append(pa.table(arrays, schema=schema))
    table = pa.concat_tables(tables)
    # Ids are handed out in no order that tells anything, so sorting by them mixes the people.
    table = table.take(pc.sort_indices(table["record_id"]))
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(table.select(list(COLUMNS)), path)
    with truth_path(path).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("record_id", "cluster_id"))
        writer.writerows(zip(table["record_id"].to_pylist(), table["cluster_id"].to_pylist(), strict=True))
    return truth_path(path)


def _write(table: pa.Table, path: Path) -> None:
    if path.suffix == ".csv":
        pa.csv.write_csv(table, path, pa.csv.WriteOptions(quoting_style="needed"))
    else:
        pa.parquet.write_table(table, path, compression="zstd", row_group_size=100_000)


def _rows(chance: Chance, most: int) -> Iterator[Row]:
    number = 0
    for household in households(most, chance):
        for person in household.people:
            for _ in range(chance.weighted(_SIZES)):
                number += 1
                # A fixed permutation of the numbers below a prime.
                yield (f"R{number * 7_368_787 % 99_999_989:08d}", *_seen(person, chance), person.id)


def _seen(person: Person, chance: Chance) -> Row:
    care = _HEARD_CARE if chance.happens(_HEARD) else 1.0
    seen = see(person, chance.day(FIRST_DAY, LAST_DAY), chance, care)
    return (
        seen.given,
        seen.family,
        seen.born.isoformat() if seen.born else None,
        seen.address.city if seen.address else None,
        seen.address.postcode if seen.address else None,
        seen.email,
        seen.phone.international() if seen.phone else None,
    )


def main() -> None:
    """Write one file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("path", type=Path, help="ends with .parquet or .csv")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    print(write_people(arguments.path, arguments.count, arguments.seed))


if __name__ == "__main__":
    main()
