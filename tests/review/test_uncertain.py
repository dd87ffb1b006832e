"""The review queue: order, paging, placement, and what is decided stays out, on both engines."""

from __future__ import annotations

import pytest

from identity_graph.errors import InvalidSettingError
from identity_graph.graph import Graph
from identity_graph.review import Band, Placement, current_band, uncertain_pairs
from tests.customers.seed import decide, fill

_WIDE = Band(-20.0, 20.0, 0.0)


@pytest.fixture
def filled(graph: Graph) -> Graph:
    fill(graph)
    return graph


def _keys(graph: Graph, band: Band = _WIDE, placement: Placement = Placement.ANY) -> list[tuple[str, str]]:
    return [(pair.left.key, pair.right.key) for pair in uncertain_pairs(graph, band, placement).items]


def test_the_most_uncertain_pair_comes_first(filled: Graph) -> None:
    assert _keys(filled) == [("shop:1", "web:1"), ("crm:1", "crm:2"), ("crm:1", "shop:1"), ("crm:2", "crm:3")]
    (first, *_) = uncertain_pairs(filled, _WIDE).items
    assert first.evidence == {"name": 1.0}
    assert first.left.attributes["family_name"] == "Do"
    assert (first.together, first.distance) == (True, 1.0)


def test_the_band_and_the_placement_narrow_the_queue(filled: Graph) -> None:
    assert _keys(filled, Band(0.0, 5.0, 4.0)) == [("crm:1", "shop:1"), ("shop:1", "web:1")]
    assert _keys(filled, placement=Placement.APART) == [("crm:1", "crm:2"), ("crm:2", "crm:3")]
    assert _keys(filled, placement=Placement.TOGETHER) == [("shop:1", "web:1"), ("crm:1", "shop:1")]


@pytest.mark.parametrize("limit", [1, 3])
def test_pages_show_every_pair_once(filled: Graph, limit: int) -> None:
    found, cursor = [], None
    while True:
        page = uncertain_pairs(filled, _WIDE, cursor=cursor, limit=limit)
        found += [(pair.left.key, pair.right.key) for pair in page.items]
        if (cursor := page.next_cursor) is None:
            break
    assert found == _keys(filled)


@pytest.mark.parametrize("verdict", ["must", "cannot", "undecided"])
def test_a_decided_pair_is_left_out(filled: Graph, verdict: str) -> None:
    decide(filled, "d1", verdict, "crm:1", "crm:2")
    assert ("crm:1", "crm:2") not in _keys(filled)
    filled.write("facts/undo_decision", id="d1", author="ben", reason="", at="2026-04-01T00:00:00Z")
    assert ("crm:1", "crm:2") in _keys(filled)


def test_without_a_model_the_band_is_around_even_odds(filled: Graph) -> None:
    assert current_band(filled).centre == 0.0


def test_an_empty_band_is_refused(filled: Graph) -> None:
    with pytest.raises(InvalidSettingError, match="empty"):
        uncertain_pairs(filled, Band(5.0, 1.0, 3.0))
