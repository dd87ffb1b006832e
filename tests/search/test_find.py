"""Searching by attributes, on both engines."""

from __future__ import annotations

import pytest

from identity_graph.errors import InvalidSettingError
from identity_graph.graph import Graph
from identity_graph.search import search_customers
from tests.customers.seed import fill


@pytest.fixture
def filled(graph: Graph) -> Graph:
    fill(graph)
    return graph


@pytest.mark.parametrize(
    ("attributes", "best"),
    [
        ({"given_name": "JANE", "family_name": "DOE", "birth_date": "1980-01-31"}, "c1"),
        ({"given_name": "Jane", "family_name": "Dow"}, "c1"),
        ({"full_name": "Doe, Bob"}, "c2"),
        ({"given_name": "Doe", "family_name": "Jane"}, "c1"),
        ({"family_name": "Yilmaz"}, "c3"),
        ({"birth_date": "31.01.1980", "city": "paris"}, "c1"),
        ({"email": " JD@WORK.test"}, "c1"),
        ({"phone": "01 42 68 53 00"}, "c1"),
        ({"postcode": "75001", "given_name": "Bob"}, "c2"),
    ],
)
def test_the_person_meant_comes_first(filled: Graph, attributes: dict[str, str], best: str) -> None:
    answer = search_customers(filled, attributes, default_region="FR", minimum_score=0.3)
    assert answer.hits[0].customer.id == best
    assert [hit.score for hit in answer.hits] == sorted((hit.score for hit in answer.hits), reverse=True)


def test_a_hit_explains_its_score_attribute_by_attribute(filled: Graph) -> None:
    (hit, *_) = search_customers(filled, {"given_name": "Jane", "family_name": "Doe", "birth_date": "1980-01-30"}).hits
    reasons = {entry.attribute: (entry.found, entry.reason) for entry in hit.breakdown}
    assert reasons == {
        "given_name": ("Jane", "same"),
        "family_name": ("Doe", "same"),
        "birth_date": ("1980-01-31", "one digit differs"),
    }
    total = sum(entry.similarity * entry.weight for entry in hit.breakdown)
    assert hit.score == pytest.approx(total / sum(entry.weight for entry in hit.breakdown), abs=1e-4)
    assert hit.record_keys[0] == "crm:1"


def test_what_cannot_be_read_is_left_out_and_told(filled: Graph) -> None:
    answer = search_customers(filled, {"family_name": "Doe", "birth_date": "soon", "city": " "})
    assert set(answer.unreadable) == {"birth_date"}
    assert set(answer.understood) == {"family_name"}
    assert answer.hits


@pytest.mark.parametrize("attributes", [{"city": "Paris"}, {}, {"shoe_size": "44"}])
def test_what_cannot_be_looked_up_says_what_can(filled: Graph, attributes: dict[str, str]) -> None:
    with pytest.raises(InvalidSettingError) as caught:
        search_customers(filled, attributes)
    assert "family_name" in caught.value.next_step or "family name" in caught.value.next_step


def test_nobody_like_that_is_an_empty_answer(filled: Graph) -> None:
    assert search_customers(filled, {"family_name": "Qwertzuiop"}).hits == ()
