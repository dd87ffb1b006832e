"""Whether clusters depend on how many others there are: the same records planted into files of several sizes.

Sizes come in; how `identity-graph dedupe` clusters the same 28 records of 6 people among them goes out. Each of the
six is hard in a way of its own: a mover, twins in one household, a father and a son of one name, and a person who is
known by little. Their phone numbers come from ranges kept free for fiction, each person's from another one: inside a
range all numbers are alike.

    python -m benchmarks.scale_invariance 10000 100000
"""

from __future__ import annotations

import argparse
import csv
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.dedupe import THREADS, WORK, file_of
from benchmarks.machine import PRODUCT, run_process
from benchmarks.people import COLUMNS

__all__ = ["Planted", "measure"]

_PLANTED = """
mover|Henrietta|Ashcombe|1971-04-09|Leeds|LS6 3QT|h.ashcombe@parcelmail.co.uk|+441134960101
mover|Henrietta|Ashcombe|1971-04-09|Bristol|BS8 1TH|h.ashcombe@parcelmail.co.uk|+441134960101
mover|Henrieta|Ashcombe|1971-04-09|Bristol|BS8 1TH||+441174960777
mover|Henrietta|Ashcomb||Leeds|LS6 3QT||+441134960101
mover|H.|Ashcombe|1971-04-09|Bristol|BS8 1TH|h.ashcombe@parcelmail.co.uk|
first twin|Oswald|Penhallow|1999-11-23|Truro|TR1 2LH|penhallow.home@cornmail.co.uk|+442896496202
first twin|Oswald|Penhallow|1999-11-23|Truro|TR1 2LH|oswald.p99@cornmail.co.uk|+447700900203
first twin|Oswald|Penhalow|1999-11-23|Truro|TR1 2LH|oswald.p99@cornmail.co.uk|
first twin|Oswald|Penhallow|1999-11-23|||oswald.p99@cornmail.co.uk|+447700900203
first twin|Oswald|Penhallow||Truro|TR1 2LH||+447700900203
second twin|Rowena|Penhallow|1999-11-23|Truro|TR1 2LH|penhallow.home@cornmail.co.uk|+442896496202
second twin|Rowena|Penhallow|1999-11-23|Truro|TR1 2LH|rowena_pen@cornmail.co.uk|+443069990860
second twin|Rowenna|Penhallow|1999-11-23|Truro|TR1 2LH|rowena_pen@cornmail.co.uk|+443069990860
second twin|Rowena|Penhallow|1999-11-23|||rowena_pen@cornmail.co.uk|
father|Barnaby|Thistlewood|1948-02-17|Norwich|NR2 4TF|barnaby@thistlewood.example|+441632960301
father|Barnaby|Thistlewood|1948-02-17|Norwich|NR2 4TF||+441632960301
father|Barnaby|Thistelwood|1948-02-17|Norwich|NR2 4TF|barnaby@thistlewood.example|
father|Barnaby|Thistlewood|1948-02-17|||barnaby@thistlewood.example|+441632960301
father|B.|Thistlewood|1948-02-17|Norwich|NR2 4TF|barnaby@thistlewood.example|+441632960301
son|Barnaby|Thistlewood|1979-08-30|Norwich|NR2 4TF|b.thistlewood79@letterbox.co.uk|+442079460593
son|Barnaby|Thistlewood|1979-08-30|Norwich|NR2 4TF|b.thistlewood79@letterbox.co.uk|
son|Barnaby|Thistlewood|1979-08-30|Ipswich|IP1 3JP|b.thistlewood79@letterbox.co.uk|+442079460593
son|Barnabay|Thistlewood|1979-08-30|Ipswich|IP1 3JP||+442079460593
son|Barnaby|Thistlewood|1979-08-03|Ipswich|IP1 3JP|b.thistlewood79@letterbox.co.uk|
known by little|Ludmilla|Quartermain||York||ludq@letterbox.co.uk|
known by little|Ludmilla|Quartermain|1985-06-01||||+441914980404
known by little|Ludmilla|Quartermaine|1985-06-01|York||ludq@letterbox.co.uk|
known by little|Ludmila|Quartermain|1985-06-01|York|||+441914980404
"""


@dataclass(frozen=True, slots=True)
class Planted:
    """The planted records in one file.

    Attributes:
        records: rows of the file without them.
        groups: names of the people in each cluster that holds a planted record, one name per record; sorted.
        strangers: records of the file in those clusters.
    """

    records: int
    groups: tuple[tuple[str, ...], ...]
    strangers: int


def measure(records: int) -> Planted:
    """Plant the records into a file of this many, cluster it and read what became of them."""
    lines = [line.split("|") for line in _PLANTED.strip().splitlines()]
    people = {f"planted-{place:02d}": line[0] for place, line in enumerate(lines)}
    base = pq.read_table(file_of(records))
    rows = [
        dict(zip(COLUMNS, [key, *(text or None for text in line[1:])], strict=True))
        for key, line in zip(people, lines, strict=True)
    ]
    path = WORK / f"planted-{records}.parquet"
    pq.write_table(pa.concat_tables([base, pa.Table.from_pylist(rows, schema=base.schema)]), path)
    output = WORK / f"planted-{records}.csv"
    run_process([PRODUCT, "dedupe", str(path), "-o", str(output), "--json"], {"IDENTITY_GRAPH_THREADS": str(THREADS)})
    path.unlink()
    return _read(output, people, records)


def _read(output: Path, people: dict[str, str], records: int) -> Planted:
    with output.open(encoding="utf-8", newline="") as file:
        found = {row["record_id"]: row["cluster_id"] for row in csv.DictReader(file)}
    clusters = {found[key] for key in people}
    members = [key for key, cluster in found.items() if cluster in clusters]
    groups = (
        tuple(sorted(people[key] for key in members if found[key] == cluster and key in people)) for cluster in clusters
    )
    return Planted(records, tuple(sorted(groups)), sum(key not in people for key in members))


def main() -> None:
    """Measure the sizes asked for and print one JSON line each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="*", default=[10_000, 100_000])
    for records in parser.parse_args().sizes:
        print(json.dumps(asdict(measure(records))), flush=True)


if __name__ == "__main__":
    main()
