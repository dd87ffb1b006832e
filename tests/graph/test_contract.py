"""The promises of the graph port, kept by both engines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import pytest

from identity_graph.errors import EngineError, InvalidSettingError
from identity_graph.graph import ensure_schema
from identity_graph.graph.bolt import BoltGraph
from identity_graph.graph.port import Transaction

_CHANGES = "facts/create_changes"


def _count(graph: BoltGraph, label: str) -> int:
    with graph._session("READ") as session:
        return int(session.run(f"MATCH (node:{label}) RETURN count(node) AS count").single(True)["count"])


def _stored(graph: BoltGraph, id: str) -> dict[str, object]:
    with graph._session("READ") as session:
        return dict(session.run("MATCH (change:Change {id: $id}) RETURN change", id=id).single(True)["change"])


def _rows(count: int) -> list[dict[str, object]]:
    return [{"id": str(number), "properties": {"seq": number, "kind": "created"}} for number in range(count)]


def test_an_opened_graph_answers_and_says_what_it_is(graph: BoltGraph) -> None:
    assert graph.read("graph/ping") == [{"answer": 1}]
    assert graph.capabilities.name
    assert graph.capabilities.plans


def test_the_schema_can_be_ensured_again(graph: BoltGraph) -> None:
    before = graph.read("graph/indexes")
    ensure_schema(graph)
    assert graph.read("graph/indexes") == before
    assert {row["state"] for row in before} == {"ONLINE"}


@pytest.mark.parametrize(
    "value",
    ["", "Zoë 李 🙂 \x01 'quoted\" \\", 0, -(2**53), 1.5, True, ["a", "b"], [], "x" * 100_000],
    ids=["empty", "unicode", "zero", "large", "float", "bool", "list", "empty list", "long"],
)
def test_a_value_comes_back_as_it_was_written(graph: BoltGraph, value: object) -> None:
    graph.write(_CHANGES, rows=[{"id": "a", "properties": {"data": value}}])
    assert _stored(graph, "a")["data"] == value


def test_a_null_removes_a_property_and_an_absent_one_stays(graph: BoltGraph) -> None:
    said = {"key": "a", "city": "Paris", "email": "a@b.test"}
    graph.write("facts/create_records", rows=[{"properties": said, "identifiers": []}])
    graph.write("facts/grow_records", rows=[{"key": "a", "properties": {"city": None}}])
    (found,) = graph.read("facts/records_by_keys", keys=["a"])
    assert found["properties"] == {"key": "a", "email": "a@b.test"}


def test_a_whole_node_replaces_what_it_said_before(graph: BoltGraph) -> None:
    for at, said in (("first", {"city": "Paris", "email": "a@b.test"}), ("then", {"email": "b@b.test"})):
        graph.write("customers/upsert_customers", rows=[{"id": "a", "properties": {"id": "a", **said}}], at=at)
    (found,) = graph.read("customers/golden_values", ids=["a"])
    assert found["properties"] == {"id": "a", "email": "b@b.test", "created_at": "first"}


def test_a_write_repeated_changes_nothing(graph: BoltGraph) -> None:
    for _ in range(3):
        graph.write(_CHANGES, rows=_rows(5))
    assert _count(graph, "Change") == 5


def test_a_big_batch_is_written_whole_and_an_empty_one_is_nothing(graph: BoltGraph) -> None:
    graph.write(_CHANGES, rows=_rows(5_000))
    graph.write(_CHANGES, rows=[])
    assert _count(graph, "Change") == 5_000


def test_a_stream_gives_every_row_and_may_be_left_early(graph: BoltGraph) -> None:
    graph.write("customers/upsert_customers", rows=[{"id": "c", "properties": {"id": "c"}}], at="2026-01-01T00:00:00Z")
    with graph._session("WRITE") as session:
        text = (
            "MATCH (customer:Customer {id: 'c'}) UNWIND range(1, 5000) AS number "
            "CREATE (:SourceRecord {key: toString(number)})-[:RESOLVES_TO {from: 'x'}]->(customer)"
        )
        session.execute_write(lambda transaction: transaction.run(text).consume())
    rows = list(graph.stream("customers/stream_memberships"))
    assert {row["record_key"] for row in rows} == {str(number) for number in range(1, 5001)}
    assert len(list(islice(graph.stream("customers/stream_memberships"), 3))) == 3
    assert graph.read("graph/ping") == [{"answer": 1}]


def test_a_transaction_that_fails_leaves_nothing(graph: BoltGraph) -> None:
    def work(transaction: Transaction) -> None:
        transaction.run(_CHANGES, rows=_rows(3))
        raise ValueError("on purpose")

    with pytest.raises(ValueError, match="on purpose"):
        graph.transaction(work)
    assert _count(graph, "Change") == 0


def test_a_write_that_fails_midway_leaves_nothing(graph: BoltGraph) -> None:
    with pytest.raises(EngineError):
        graph.write(_CHANGES, rows=[*_rows(50), {"id": "bad", "properties": "not a map"}])
    assert _count(graph, "Change") == 0


def test_a_transaction_sees_its_own_writes_and_returns_the_answer(graph: BoltGraph) -> None:
    def work(transaction: Transaction) -> list[int]:
        return [transaction.run("facts/reserve_changes", count=2)[0]["last"] for _ in range(3)]

    assert graph.transaction(work) == [2, 4, 6]


def test_six_writers_of_one_key_make_one_node(graph: BoltGraph) -> None:
    def write(number: int) -> None:
        for step in range(10):
            graph.write(_CHANGES, rows=[{"id": f"same-{step}", "properties": {"seq": number}}])

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    assert _count(graph, "Change") == 10


def test_six_writers_of_one_counter_lose_no_step(graph: BoltGraph) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: graph.write("facts/reserve_changes", count=1)[0]["last"], range(60)))
    assert sorted(answers) == list(range(1, 61))


def test_a_refused_query_is_an_error_of_our_own_with_the_engines_code(graph: BoltGraph) -> None:
    with pytest.raises(EngineError, match="customers/existing_ids") as caught:
        graph.read("customers/existing_ids")
    assert not caught.value.retryable


def test_a_write_cannot_be_run_as_a_read(graph: BoltGraph) -> None:
    with pytest.raises(InvalidSettingError, match="write"):
        graph.read(_CHANGES, rows=[])
