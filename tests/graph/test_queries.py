"""The catalogue: headers are whole, every query runs on both engines, keyed ones use their index, access is honest."""

from __future__ import annotations

import pytest

from identity_graph.errors import InvalidSettingError, NotFoundError
from identity_graph.graph import all_queries, query
from identity_graph.graph.bolt import BoltGraph
from identity_graph.graph.queries import Query, parse_query

_HEADER = {
    "purpose": "find one",
    "access": "read",
    "parameters": "$key text, with a comma; $limit int",
    "columns": "key string, seq int",
    "index": "SourceRecord.key",
    "example": '{"key": "a", "limit": 1}',
}
_TEXT = "MATCH (record:SourceRecord {key: $key}) RETURN record.key AS key, record.seq AS seq LIMIT $limit"


def _content(text: str = _TEXT, **changes: str | None) -> str:
    fields = {**_HEADER, **changes}
    return "\n".join([*(f"// {name}: {value}" for name, value in fields.items() if value is not None), text])


def test_a_header_is_read_whole() -> None:
    header = parse_query("a/b", _content()).header
    assert dict(header.parameters) == {"key": "text, with a comma", "limit": "int"}
    assert header.columns == ("key", "seq")
    assert header.index == ("SourceRecord.key",)
    assert dict(header.example) == {"key": "a", "limit": 1}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"purpose": None}, "no header line purpose"),
        ({"access": "update"}, "access 'update'"),
        ({"index": "-"}, "without saying why"),
        ({"index": "some key"}, "no Label.property"),
        ({"example": "{"}, "not JSON"),
        ({"example": "[]"}, "not a JSON object"),
        ({"example": '{"key": "a"}'}, "than its example names: limit"),
        ({"parameters": "$key text"}, "than its header names: limit"),
        ({"author": "me"}, "unknown header lines: author"),
        ({"text": ""}, "no query"),
    ],
)
def test_a_malformed_header_says_what_is_wrong(changes: dict[str, str | None], problem: str) -> None:
    with pytest.raises(InvalidSettingError, match=problem):
        parse_query("a/b", _content(**changes))  # type: ignore[arg-type]


def test_an_unknown_query_names_near_ones() -> None:
    with pytest.raises(NotFoundError, match="graph/ping"):
        query("graph/pong")


@pytest.mark.parametrize("found", all_queries(), ids=lambda found: found.name)
def test_a_query_runs_with_its_example_and_returns_its_columns(graph: BoltGraph, found: Query) -> None:
    with graph._session("READ" if found.header.access == "read" else "WRITE") as session:
        result = session.run(found.text, dict(found.header.example))
        columns = tuple(result.keys())
        rows = list(result)
    # The embedded engine names the columns of an answer only when it has a row.
    assert columns == found.header.columns or (graph.capabilities.embedded and not rows)


@pytest.fixture(params=("neo4j", "neo4j_2026"))
def neo4j_graph(request: pytest.FixtureRequest) -> BoltGraph:
    opened: tuple[object, BoltGraph] = request.getfixturevalue(f"_{request.param}")
    return opened[1]


@pytest.mark.neo4j
@pytest.mark.parametrize("found", all_queries(), ids=lambda found: found.name)
def test_a_keyed_query_uses_its_index_and_its_access_is_honest(neo4j_graph: BoltGraph, found: Query) -> None:
    if found.header.access == "schema":
        assert found.text.startswith(("CREATE CONSTRAINT", "CREATE INDEX"))
        return
    with neo4j_graph._session("WRITE") as session:
        summary = session.run("EXPLAIN " + found.text, dict(found.header.example)).consume()
    assert (summary.query_type != "r") == (found.header.access == "write"), summary.query_type
    scans = {"NodeByLabelScan", "AllNodesScan", "UnionNodeByLabelsScan", "DirectedRelationshipTypeScan"}
    if found.header.index:
        assert not _operators(summary.plan) & scans


@pytest.mark.neo4j
def test_every_query_is_cypher_25_too(_neo4j_2026: tuple[object, BoltGraph]) -> None:
    """A database of Neo4j 2026 may have Cypher 25 as its language; its default is Cypher 5."""
    with _neo4j_2026[1]._session("WRITE") as session:
        for found in all_queries():
            session.run("CYPHER 25 EXPLAIN " + found.text, dict(found.header.example)).consume()


def _operators(plan: dict[str, object]) -> set[str]:
    children: list[dict[str, object]] = plan.get("children", [])  # type: ignore[assignment]
    here = {str(plan["operatorType"]).split("@")[0]}
    return here.union(*(_operators(child) for child in children))
