"""The file of people to measure with: reproducible, and its truth is about its own records."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from benchmarks.people import COLUMNS, write_people


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_same_count_and_seed_give_the_same_rows(tmp_path: Path, kind: str) -> None:
    first, second, other = (tmp_path / f"{name}.{kind}" for name in ("first", "second", "other"))
    truths = [write_people(first, 500, 3).read_text(), write_people(second, 500, 3).read_text()]
    write_people(other, 500, 4)
    assert first.read_bytes() == second.read_bytes() != other.read_bytes()
    assert truths[0] == truths[1]


def test_truth_names_each_record_once_and_people_have_one_to_thirteen_records(tmp_path: Path) -> None:
    path = tmp_path / "people.parquet"
    with write_people(path, 3_000, 1).open(encoding="utf-8", newline="") as file:
        truth = {row["record_id"]: row["cluster_id"] for row in csv.DictReader(file)}
    table = pq.read_table(path)
    assert table.column_names == list(COLUMNS)
    assert table["record_id"].to_pylist() == sorted(truth)
    assert len(truth) == 3_000
    sizes = Counter(truth.values())
    assert 1 in sizes.values() and max(sizes.values()) <= 13
    assert 800 < len(sizes) < 1_200
