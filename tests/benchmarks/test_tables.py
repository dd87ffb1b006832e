"""The tables of the benchmarks: what is measured anew replaces its table, what was measured elsewhere stays."""

from __future__ import annotations

from typing import Any

from benchmarks.run import BEGIN, END, README
from benchmarks.tables import measured


def _scale(records: int) -> dict[str, Any]:
    return {
        "part": "scale", "engine": "", "records": records, "measured_at": "2030-01-01 00:00 UTC", "load": 0.5,
        "machine": {"processors": 2}, "result": {"groups": [["Ada", "Ada"], ["Bo"]], "strangers": 7},
    }  # fmt: skip


def _text() -> str:
    return README.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]


def test_without_new_results_nothing_changes() -> None:
    once = measured(_text(), [])
    assert once.strip() == measured(once, []).strip()
    assert all(heading in once for heading in ("### Clusters of one file", "### Accepting events", "| dedupe |"))


def test_a_new_result_replaces_its_own_table_alone() -> None:
    before = measured(_text(), [])
    after = measured(_text(), [_scale(123)])
    assert "| scale | 123 | 2030-01-01 00:00 UTC | 0.5 |" in after and "| 123 | 1 | 1 | 0 | 7 |" in after
    tables = {piece.split("\n", 1)[0]: piece for piece in before.split("### ")[1:]}
    for heading, table in tables.items():
        assert (table.strip() in after) is (heading != "The same 28 records of 6 people among others")
