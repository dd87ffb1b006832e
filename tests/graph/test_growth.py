"""What a keyed query costs is the same in a small and a large graph; `benchmarks.query_growth` tells it in time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from identity_graph.graph import Query, all_queries
from identity_graph.graph.bolt import BoltGraph
from tests.conftest import clear
from tests.graph.grown import MIDDLES, examples, grow, keyed_queries, set_middle, undone

_SMALL, _LARGE = 60, 600

_GROWS = {
    "customers/export_golden": "it answers with every customer",
    "facts/touchpoints_on_devices": "it reads all that was done on a device, and what fills the graph was done on one",
    "facts/page_rejects": "the embedded engine sorts what comes after the cursor, all of it",
}
"""Queries that start from an index and still cost more in a large graph, with the reason."""

_STEP_ROWS = re.compile(r"\b([\d,]+) rows\)")
_OPTIONAL = re.compile(r"OPTIONAL MATCH (.*?)(?=\n(?:WHERE|WITH|OPTIONAL|MATCH|RETURN|//)|\Z)", re.DOTALL)
_COMPREHENSION = re.compile(r"\[\((\w+)\)[-<]")


def _checked() -> list[Query]:
    return [found for found in keyed_queries() if found.name not in _GROWS]


@pytest.fixture
def grown(request: pytest.FixtureRequest) -> Iterator[BoltGraph]:
    """Lend an engine for a graph that grows, and empty it afterwards."""
    graph: BoltGraph = request.getfixturevalue(f"_{request.param}")[1]
    clear(graph)
    yield graph
    clear(graph)


@pytest.mark.parametrize("grown", ["embedded"], indirect=True)
def test_no_step_of_a_keyed_query_has_the_rows_of_a_whole_label(grown: BoltGraph) -> None:
    """The embedded engine tells the rows of each step, except of those inside a subquery."""
    grow(grown, 0, _LARGE)
    found = {}
    for middle in MIDDLES:
        set_middle(grown, middle)
        for query in _checked():
            for example in examples(query):
                steps = _STEP_ROWS.findall(_profile(grown, query, example))
                rows = max((int(step.replace(",", "")) for step in steps), default=0)
                if rows >= _LARGE:
                    found[query.name, middle] = rows
    assert found == {}


@pytest.mark.neo4j
@pytest.mark.parametrize("grown", ["neo4j"], indirect=True)
def test_a_keyed_query_reads_as_much_of_a_large_graph_as_of_a_small_one(grown: BoltGraph) -> None:
    """Neo4j tells how often a query touches what is stored, inside subqueries too."""
    hits: dict[tuple[str, str, int], list[int]] = {}
    for before, size in ((0, _SMALL), (_SMALL, _LARGE)):
        grow(grown, before, size)
        for middle in MIDDLES:
            set_middle(grown, middle)
            for query in _checked():
                for number, example in enumerate(examples(query)):
                    with undone(grown) as transaction:
                        profile: Any = transaction.run("PROFILE " + query.text, example).consume().profile
                    hits.setdefault((query.name, middle, number), []).append(_hits(profile))
    assert {what: both for what, both in hits.items() if both[1] > 1.5 * both[0] + _SMALL} == {}


@pytest.mark.parametrize("found", all_queries(), ids=lambda found: found.name)
def test_what_may_be_null_is_asked_before_its_neighbours_are_listed(found: Query) -> None:
    """Of a null the embedded engine lists the neighbours of every node: seconds in a large graph."""
    optional = {name for pattern in _OPTIONAL.findall(found.text) for name in re.findall(r"\((\w+)", pattern)}
    for name in set(_COMPREHENSION.findall(found.text)) & optional:
        assert f"CASE WHEN {name} IS NULL" in found.text, f"guard [({name})-...] by CASE WHEN {name} IS NULL"


def _profile(graph: BoltGraph, query: Query, parameters: dict[str, Any]) -> str:
    with undone(graph) as transaction:
        profile = transaction.run("PROFILE " + query.text, parameters).consume().profile
    assert profile is not None
    return str(profile["args"]["string-representation"])


def _hits(profile: dict[str, Any]) -> int:
    return int(profile.get("dbHits", 0)) + sum(_hits(child) for child in profile.get("children", ()))
