"""Scored pairs: what is stored becomes equal to what is given, and nothing else is written."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from identity_graph.facts import FactStore
from identity_graph.facts.matches import MATCH_SCHEMA, MatchStore
from identity_graph.graph.bolt import BoltGraph
from identity_graph.settings import Settings
from tests.facts.batches import batch, record


def _matches(*pairs: tuple[str, str, float], version: str = "m1") -> pa.Table:
    rows = [
        {"left": left, "right": right, "match_weight": weight, "model_version": version, "evidence": "{}"}
        for left, right, weight in pairs
    ]
    return pa.Table.from_pylist(rows, schema=MATCH_SCHEMA)


def _stored(graph: BoltGraph) -> list[tuple[str, str, float, str]]:
    rows = graph.stream("facts/stream_matches")
    return sorted((row["left"], row["right"], row["match_weight"], row["model_version"]) for row in rows)


_FIRST = _matches(("crm:1", "crm:2", 4.5), ("crm:1", "crm:3", -1.0))


@pytest.mark.parametrize("copy_is_lost", [False, True])
def test_only_what_differs_is_written(
    graph: BoltGraph, engine_settings: Settings, tmp_path: Path, copy_is_lost: bool
) -> None:
    FactStore(graph, engine_settings).write(batch([record(f"crm:{number}") for number in range(1, 5)]), {})
    store, progress = MatchStore(graph, tmp_path), list[int]()

    def replace(matches: pa.Table, before: str, after: str) -> tuple[int, int]:
        if copy_is_lost:
            (tmp_path / "matches.parquet").unlink(missing_ok=True)
        return store.replace(matches, before, after, progress.append)

    assert replace(_FIRST, "nothing", "one") == (2, 0)
    assert replace(_FIRST, "one", "two") == (0, 0)
    second = _matches(("crm:1", "crm:2", 5.0), ("crm:3", "crm:4", 2.0))
    assert replace(second, "two", "three") == (2, 1)
    assert _stored(graph) == [("crm:1", "crm:2", 5.0, "m1"), ("crm:3", "crm:4", 2.0, "m1")]
    renamed = _matches(("crm:1", "crm:2", 5.0), version="m2")
    assert replace(renamed, "three", "four") == (1, 1)
    assert _stored(graph) == [("crm:1", "crm:2", 5.0, "m2")]
    assert replace(_matches(), "four", "five") == (0, 1)
    assert _stored(graph) == []
    assert sum(progress) == 5


def test_a_copy_of_another_state_is_not_believed(
    embedded_graph: BoltGraph, embedded_settings: Settings, tmp_path: Path
) -> None:
    FactStore(embedded_graph, embedded_settings).write(batch([record(f"crm:{number}") for number in range(1, 4)]), {})
    store = MatchStore(embedded_graph, tmp_path)
    store.replace(_FIRST, "nothing", "one", lambda _: None)
    embedded_graph.write("facts/delete_matches", rows=[{"left": "crm:1", "right": "crm:2"}])
    assert store.replace(_FIRST, "another", "two", lambda _: None) == (1, 0)
    assert len(_stored(embedded_graph)) == 2
