"""Scored pairs become rows of the graph: one per pair worth storing, whatever its evidence says."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest

from identity_graph.facts.matches import MATCH_SCHEMA
from identity_graph.pipeline.match_rows import LOWEST_STORED_WEIGHT, match_table

_KEYS = pa.chunked_array([["crm:1", "crm:2"], ["shop:1"]])


def _pairs(weights: list[float], **evidence: list[float | None]) -> pa.Table:
    columns = {f"mw_{name}": pa.array(bits, pa.float64()) for name, bits in evidence.items()}
    ends = {"left": pa.array([0] * len(weights), pa.int32()), "right": pa.array([2] * len(weights), pa.int32())}
    return pa.table({**ends, "match_weight": pa.array(weights, pa.float64()), **columns})


def test_a_row_holds_the_two_keys_the_weight_and_the_evidence() -> None:
    rows = match_table(_KEYS, _pairs([7.126], name=[4.004], email=[-1.5]), "m-1")
    assert rows.schema == MATCH_SCHEMA
    (row,) = rows.to_pylist()
    assert json.loads(row.pop("evidence")) == {"name": 4.0, "email": -1.5}
    assert row == {"left": "crm:1", "right": "shop:1", "match_weight": 7.13, "model_version": "m-1"}


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ({}, {}),
        ({"name": None}, {}),
        ({"name": 0.0}, {}),
        ({"name": None, "email": None}, {}),
        ({"name": None, "email": 2.0}, {"email": 2.0}),
        ({"name": 2.0, "email": None}, {"name": 2.0}),
        ({"a": None, "b": 1.0, "c": None, "d": -2.0}, {"b": 1.0, "d": -2.0}),
    ],
)
def test_comparisons_that_say_nothing_are_left_out(
    evidence: dict[str, float | None], expected: dict[str, float]
) -> None:
    rows = match_table(_KEYS, _pairs([1.0, 1.0], **{name: [bits, bits] for name, bits in evidence.items()}), "m-1")
    assert [json.loads(text) for text in rows["evidence"].to_pylist()] == [expected, expected]


def test_a_pair_without_evidence_keeps_its_row_among_others() -> None:
    rows = match_table(_KEYS, _pairs([1.0, 2.0, 3.0], name=[1.0, None, 3.0]), "m-1")
    assert [json.loads(text) for text in rows["evidence"].to_pylist()] == [{"name": 1.0}, {}, {"name": 3.0}]


def test_strangers_are_not_stored() -> None:
    weights = [LOWEST_STORED_WEIGHT - 0.01, LOWEST_STORED_WEIGHT, 30.0]
    assert match_table(_KEYS, _pairs(weights, name=weights), "m-1")["match_weight"].to_pylist() == [-4.0, 30.0]


def test_no_pairs_give_no_rows() -> None:
    assert match_table(_KEYS, _pairs([], name=[]), "m-1").num_rows == 0
