"""Suggestions: written as far as they differ, listed the surest first, gone once decided, on both engines."""

from __future__ import annotations

from typing import Any

import pytest

from identity_graph.errors import InvalidSettingError
from identity_graph.graph import Graph
from identity_graph.review import SuggestionStore, suggested_pairs
from tests.customers.seed import decide, fill


def _told(left: str, right: str, weight: float = 8.0) -> dict[str, Any]:
    return {"left": left, "right": right, "via": "web:1", "weight": weight, "reason": "identifiers"}


def _pairs(graph: Graph) -> list[tuple[str, str]]:
    return [(pair.left.key, pair.right.key) for pair in suggested_pairs(graph).items]


def test_suggestions_are_listed_surest_first_and_page_by_page(graph: Graph) -> None:
    fill(graph)
    SuggestionStore(graph).replace([_told("crm:1", "crm:2"), _told("crm:2", "crm:3", 12.0), _told("crm:1", "crm:3")])
    assert _pairs(graph) == [("crm:2", "crm:3"), ("crm:1", "crm:2"), ("crm:1", "crm:3")]
    found, cursor = [], None
    while True:
        page = suggested_pairs(graph, cursor, limit=1)
        found += [(pair.left.key, pair.right.key) for pair in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == _pairs(graph)
    (first, *_) = suggested_pairs(graph).items
    assert (first.via_key, first.weight, first.reason) == ("web:1", 12.0, "identifiers")
    assert (first.left.customer_id, first.right.customer_id) == ("c2", "c3")
    with pytest.raises(InvalidSettingError):
        suggested_pairs(graph, "WzFd")


def test_a_decision_takes_a_suggestion_off_the_list(graph: Graph) -> None:
    fill(graph)
    SuggestionStore(graph).replace([_told("crm:1", "crm:2"), _told("crm:2", "crm:3")])
    decide(graph, "d1", "undecided", "crm:2", "crm:1")
    assert _pairs(graph) == [("crm:2", "crm:3")]


def test_stored_suggestions_become_what_is_wanted(graph: Graph) -> None:
    fill(graph)
    store = SuggestionStore(graph)
    store.replace([_told("crm:1", "crm:2"), _told("crm:2", "crm:3"), _told("crm:3", "shop:1")])
    wanted = [_told("crm:1", "crm:2", 9.0), _told("crm:3", "shop:1")]
    store.replace(wanted)
    assert sorted(store.read(), key=lambda row: str(row["left"])) == wanted
    store.replace([])
    assert _pairs(graph) == []
