"""No message is too long for the embedded engine: rows go in parts, and what cannot be parted is told."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from neo4j._codec.packstream.v1 import PackableBuffer, Packer

from identity_graph.errors import EngineMessageTooLongError
from identity_graph.graph import all_queries, query
from identity_graph.graph.bolt import BoltGraph
from identity_graph.graph.message import MOST_BYTES, packed_size, parts
from identity_graph.graph.port import Transaction
from identity_graph.model import ChangeKind

_MIB = 2**20
_LONG = "x" * (17 * _MIB)
_CHANGES = "facts/create_changes"

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text() | st.binary()
    | st.sampled_from(ChangeKind),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)  # fmt: skip


def _lengths(graph: BoltGraph) -> dict[str, int]:
    with graph._session("READ") as session:
        found = session.run("MATCH (change:Change) RETURN change.id AS id, size(change.data) AS length")
        return {row["id"]: row["length"] for row in found}


def _changes(count: int, length: int) -> list[dict[str, object]]:
    return [{"id": f"c{number}", "properties": {"seq": number, "data": "x" * length}} for number in range(count)]


def test_rows_of_20_mib_in_total_are_all_written(graph: BoltGraph) -> None:
    graph.write(_CHANGES, rows=_changes(20, _MIB))
    assert _lengths(graph) == {f"c{number}": _MIB for number in range(20)}


def test_rows_in_parts_answer_as_one_query_would(graph: BoltGraph) -> None:
    rows = [{"record_key": "r", "key": f"k{number}", "namespace": "n", "value": "x" * _MIB, "count": 1,
             "first_seen": None, "last_seen": None} for number in range(20)]  # fmt: skip
    graph.write("facts/create_records", rows=[{"properties": {"key": "r"}, "identifiers": rows}][:0])
    graph.write("facts/create_records", rows=[{"properties": {"key": "r"}, "identifiers": []}])
    graph.write("facts/add_identifiers", rows=rows)
    marks = [{"key": f"k{number}", "status": "blocked", "reason": "x" * _MIB} for number in range(20)]
    marked = graph.transaction(lambda transaction: transaction.run("customers/mark_identifiers", rows=marks))
    assert [(row["key"], row["was"], row["status"]) for row in marked] == [
        (f"k{number}", "active", "blocked") for number in range(20)
    ]


def test_a_property_of_17_mib_is_refused_by_name_and_nothing_is_half_done(embedded_graph: BoltGraph) -> None:
    rows = [*_changes(3, _MIB), {"id": "long", "properties": {"data": _LONG}}]
    with pytest.raises(EngineMessageTooLongError, match="long is too long") as caught:
        embedded_graph.write(_CHANGES, rows=rows)
    assert caught.value.ids == (_CHANGES, "long")
    assert not caught.value.retryable
    assert "IDENTITY_GRAPH_URI" in caught.value.next_step
    assert _lengths(embedded_graph) == {}


def test_what_is_asked_for_in_17_mib_is_refused_and_the_connection_stays(embedded_graph: BoltGraph) -> None:
    for ask in (embedded_graph.read, lambda name, **asked: list(embedded_graph.stream(name, **asked))):
        with pytest.raises(EngineMessageTooLongError, match="profiles/identifier_status"):
            ask("profiles/identifier_status", keys=[_LONG])
    assert embedded_graph.read("graph/ping") == [{"answer": 1}]


def test_the_longest_message_that_is_let_through_is_answered(embedded_graph: BoltGraph) -> None:
    spare = packed_size({"rows": _changes(1, _MIB)}) - _MIB
    (row,) = _changes(1, MOST_BYTES - spare)
    assert len(list(parts(query(_CHANGES), {"rows": [row]}))) == 1
    embedded_graph.write(_CHANGES, rows=[row])
    assert _lengths(embedded_graph) == {"c0": MOST_BYTES - spare}


@pytest.mark.neo4j
def test_neo4j_reads_what_the_embedded_engine_does_not(_neo4j: tuple[object, BoltGraph]) -> None:
    graph = _neo4j[1]

    def work(transaction: Transaction) -> None:
        transaction.run(_CHANGES, rows=[{"id": "long", "properties": {"data": _LONG}}])

    graph.transaction(work)
    assert _lengths(graph)["long"] == len(_LONG)
    with graph._session("WRITE") as session:
        session.run("MATCH (change:Change {id: 'long'}) DELETE change").consume()


@given(_VALUES)
def test_a_size_is_hardly_less_than_what_the_driver_sends(value: object) -> None:
    buffer = PackableBuffer()
    Packer(buffer).pack({"value": value})
    assert len(buffer.data) * MOST_BYTES <= packed_size({"value": value}) * 15 * _MIB


def test_a_query_that_is_run_in_parts_treats_every_row_alone() -> None:
    """An aggregate, an order or a limit over rows would say something else of each part."""
    across = re.compile(r"\b(ORDER BY|LIMIT|SKIP|DISTINCT)\b|\b(count|collect|sum|min|max)\(", re.IGNORECASE)
    checked = [found for found in all_queries() if found.takes_rows]
    assert len(checked) > 20
    inner = re.compile(r"COLLECT \{.*?\}", re.DOTALL)  # of one row
    assert [found.name for found in checked if across.search(inner.sub("", found.text))] == []


def test_every_query_of_rows_can_be_run_in_parts() -> None:
    assert [found.name for found in all_queries() if "rows" in found.header.parameters and not found.takes_rows] == []
