"""Anonymous history joins the person it led to, unless two people compete for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity_graph.clusters import ClusterPolicy, divide
from identity_graph.links import Constraints, LinkOptions, LinkSet, combine, identifier_links
from identity_graph.model import Verdict
from tests.clusters.given import Edges, groups, links
from tests.links.builders import ROLES, decision, record, table

ANN = record("crm:1", "Ann Lee", "user_id:ann")
BOB = record("crm:2", "Bob Roy", "user_id:bob")


def customers(*records: dict[str, Any], decisions: Any = ()) -> set[frozenset[str]]:
    """Who is together, by record key."""
    rows = table(*records)
    found = combine(rows, None, identifier_links(rows, ROLES, LinkOptions()), decisions, LinkOptions())
    keys = rows["key"].to_pylist()
    return {frozenset(keys[row] for row in group) for group in groups(divide(len(keys), found).labels)}


def together(*groups_of_keys: str) -> set[frozenset[str]]:
    return {frozenset(keys.split()) for keys in groups_of_keys}


@pytest.mark.parametrize(
    ("visitors", "expected"),
    [
        pytest.param(
            [record("web:1", "", "user_id:ann", "anonymous_id:t")], together("crm:1 web:1", "crm:2"), id="one user",
        ),
        pytest.param(
            [record("web:1", "", "user_id:ann", "user_id:bob")], together("crm:1", "crm:2", "web:1"), id="two users",
        ),
        pytest.param(
            [
                record("web:1", "", "user_id:ann", "device_id:t"),
                record("web:2", "", "user_id:bob", "device_id:t"),
                record("web:3", "", "device_id:t"),
            ],
            together("crm:1 web:1", "crm:2 web:2", "web:3"), id="a tablet that two people are known on",
        ),
        pytest.param(
            [
                record("web:1", "", "user_id:ann", "device_id:t"),
                record("web:2", "", "device_id:t", "anonymous_id:a"),
                record("web:3", "", "anonymous_id:a"),
            ],
            together("crm:1 web:1 web:2 web:3", "crm:2"), id="through another visitor",
        ),
        pytest.param(
            [
                record("web:1", "", "user_id:ann", "device_id:s"),
                record("web:2", "", "device_id:s", "anonymous_id:a"),
                record("web:3", "", "anonymous_id:a", "device_id:t"),
                record("web:4", "", "user_id:bob", "device_id:t"),
            ],
            together("crm:1 web:1", "crm:2 web:4", "web:2", "web:3"), id="a chain between two people",
        ),
        pytest.param(
            [
                record("web:1", "", "device_id:t", "email:e@b.c"), record("web:2", "", "email:e@b.c"),
                record("web:3", "", "device_id:t", "user_id:ann"), record("web:4", "", "device_id:t", "user_id:bob"),
            ],
            together("crm:1 web:3", "crm:2 web:4", "web:1 web:2"), id="what a visitor is otherwise stays with it",
        ),
        pytest.param(
            [record("web:1", "", "user_id:ann", "user_id:bob", "device_id:t"), record("web:2", "", "device_id:t")],
            together("crm:1", "crm:2", "web:1", "web:2"), id="beside a contested one",
        ),
    ],
)  # fmt: skip
def test_who_gets_the_history_of_a_visitor(visitors: list[Any], expected: set[frozenset[str]]) -> None:
    assert customers(ANN, BOB, *visitors) == expected


def test_a_stronger_tie_wins() -> None:
    mail = record("crm:2", "Bob Roy", "user_id:bob", "email:b@b.c")
    assert customers(ANN, mail, record("web:1", "", "anonymous_id:t", "email:b@b.c", "user_id:ann")) == together(
        "crm:1 web:1", "crm:2"
    )
    tablet = [record("web:1", "", "user_id:ann", "device_id:t"), record("web:2", "", "device_id:t", "email:b@b.c")]
    assert customers(ANN, mail, *tablet) == together("crm:1 web:1", "crm:2 web:2")


def test_people_who_may_be_one_do_not_compete() -> None:
    account = record("app:1", "", "user_id:ann")
    card = record("till:1", "", "loyalty_card:7", "device_id:t")
    visitor = record("web:1", "", "device_id:t", "anonymous_id:a")
    assert customers(account, card, record("web:2", "", "user_id:ann", "anonymous_id:a"), visitor) == together(
        "app:1 web:2 web:1 till:1"
    )


def test_a_steward_may_give_a_contested_visitor_to_somebody() -> None:
    tablet = record("web:1", "", "user_id:ann", "user_id:bob")
    must = decision(Verdict.MUST, "crm:2", "web:1")
    assert customers(ANN, BOB, tablet, decisions=(must,)) == together("crm:1", "crm:2 web:1")


def test_contested_links_say_what_chance_gives_each_person() -> None:
    edges: Edges = {(0, 3): 8.0, (1, 3): 8.0, (2, 3): 8.0, (0, 1): -9.0, (1, 2): -9.0, (0, 2): -9.0}
    found = divide(4, LinkSet(links(edges, [True, True, True, False]), Constraints()))
    weights = dict(zip(zip(found.links.left.tolist(), found.links.right.tolist(), strict=True),
                       found.links.weight.tolist(), strict=True))  # fmt: skip
    assert {pair for pair, weight in weights.items() if weight != edges[pair]} == {(0, 3), (1, 3), (2, 3)}
    assert weights[0, 3] == ClusterPolicy().threshold_weight  # at most 1 in 3, and never enough to join
    assert found.labels.tolist() == [0, 1, 2, 3]


PEOPLE, VISITORS = 3, 6
END = st.integers(0, PEOPLE + VISITORS - 1)
TIES = st.dictionaries(
    st.tuples(END, END).map(sorted).map(tuple).filter(lambda pair: pair[0] < pair[1] and pair[1] >= PEOPLE),
    st.sampled_from((-3.0, 5.0, 8.0, 12.0, 20.0, 30.0)),
    max_size=14,
)  # fmt: skip


@given(TIES, st.permutations(range(PEOPLE + VISITORS)))
def test_numbering_of_records_does_not_matter_to_who_is_contested(ties: Edges, number: list[int]) -> None:
    def contested(edges: Edges, place: list[int]) -> set[tuple[int, int]]:
        users = np.full(PEOPLE + VISITORS, -1)
        users[[place[row] for row in range(PEOPLE)]] = range(PEOPLE)
        given_links = links(edges, [False] * (PEOPLE + VISITORS))
        found = divide(PEOPLE + VISITORS, LinkSet(given_links, Constraints(exclusive=(users,))))
        changed = np.flatnonzero(found.links.weight != given_links.weight)
        back = {row: original for original, row in enumerate(place)}
        ends = zip(found.links.left[changed].tolist(), found.links.right[changed].tolist(), strict=True)
        return {(min(back[left], back[right]), max(back[left], back[right])) for left, right in ends}

    renamed = {
        (min(number[left], number[right]), max(number[left], number[right])): weight
        for (left, right), weight in ties.items()
    }
    assert contested(renamed, number) == contested(ties, list(range(PEOPLE + VISITORS)))
