"""Labelled sets go the whole way on the graph without a mapping: load, resolve, export, evaluate."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Command


@pytest.mark.shared
@pytest.mark.parametrize(("name", "floor"), [("rldata500", 0.97), ("restaurants", 0.95), ("fake_1000", 0.93)])
def test_a_labelled_set_needs_no_mapping(name: str, floor: float, shared_data: Path, empty: Command) -> None:
    folder = shared_data / name
    empty.good("load", str(folder / "records.parquet"))
    empty.good("resolve")
    empty.good("export", "records", "-o", "customers.csv")
    found = empty.good("evaluate", "customers.csv", str(folder / "truth.csv"), "--json").json
    assert found["b_cubed"]["f1"] >= floor
