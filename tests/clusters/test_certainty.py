"""What the certainty of memberships and clusters follows from, and what cutting to a minimum promises."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity_graph.clusters import ClusterPolicy, certainty, partition
from identity_graph.errors import InvalidSettingError
from identity_graph.links import Constraints
from tests.clusters.given import EDGES, PEOPLE, RECORDS, Edges, constraints, groups, links, pairs, shuffled

MINIMA = st.sampled_from((0.0, 0.05, 0.3, 0.5, 0.8, 0.9, 0.99, 0.999, 1.0))


def labels(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int32)


def probability(bits: float) -> float:
    return 1 / (1 + 2**-bits)


def test_a_pair_is_as_certain_as_its_link_is_probable() -> None:
    found = certainty(labels(0, 0), links({(0, 1): 3.0}))
    assert found.membership.tolist() == found.cluster.tolist() == pytest.approx([8 / 9, 8 / 9])


def test_who_joins_last_is_as_certain_as_its_mean_link_and_a_bit_more_for_each_doubling_of_the_others() -> None:
    found = certainty(labels(0, 0, 0), links({(0, 1): 9.0, (0, 2): 4.0, (1, 2): 2.0}))
    late = probability((4.0 + 2.0) / 2 + 1.0)
    assert found.membership.tolist() == pytest.approx([probability(9.0), probability(9.0), late])
    assert found.cluster.tolist() == pytest.approx([late] * 3)


def test_the_doubt_between_two_halves_falls_on_the_smaller_one() -> None:
    one, other = (0, 1, 2), (3, 4)
    within = {(low, high): 20.0 for half in (one, other) for low in half for high in half if low < high}
    between = {(low, high): 1.0 for low in one for high in other}
    found = certainty(labels(0, 0, 0, 0, 0), links(within | between))
    doubted = probability(1.0 + np.log2(3 / 2))
    assert found.membership.tolist() == pytest.approx([1.0] * 3 + [doubted] * 2, abs=1e-5)


def test_a_pair_inside_a_cluster_that_nobody_weighed_speaks_against_it() -> None:
    known = certainty(labels(0, 0, 0), links({(0, 1): 9.0, (1, 2): 9.0, (0, 2): 9.0})).cluster[0]
    chain = certainty(labels(0, 0, 0), links({(0, 1): 9.0, (1, 2): 9.0})).cluster[0]
    assert chain == pytest.approx(probability((9.0 - 4.0) / 2 + 1.0))
    assert chain < known


def test_a_record_alone_is_as_certain_as_all_its_links_are_wrong() -> None:
    found = certainty(labels(0, 1, 2, 3), links({(0, 1): -3.0, (0, 2): -3.0}))
    assert found.membership.tolist() == pytest.approx([64 / 81, 8 / 9, 8 / 9, 1.0])


def test_a_steward_makes_certain() -> None:
    rules = Constraints(must=pairs((0, 1)), cannot=pairs((2, 3)))
    found = certainty(labels(0, 0, 2, 3), links({(0, 1): -9.0, (2, 3): 9.0}), rules)
    assert found.cluster.tolist() == [1.0] * 4


def test_nothing_is_certain_of_nothing() -> None:
    assert certainty(labels(), links({})).membership.tolist() == []
    assert certainty(labels(0), links({})).cluster.tolist() == [1.0]


def test_records_that_share_a_label_without_any_link_are_hardly_certain() -> None:
    assert certainty(labels(0, 0), links({})).cluster.tolist() == pytest.approx([1 / 17] * 2)


def test_a_minimum_lets_the_doubtful_leave_and_keeps_the_rest_together() -> None:
    edges = {(0, 1): 9.0, (0, 2): 9.0, (1, 2): 9.0, (0, 3): 2.0, (1, 3): 2.0, (2, 3): 2.0}
    found = certainty(labels(0, 0, 0, 0), links(edges), policy=ClusterPolicy(minimum_certainty=0.95))
    assert found.labels.tolist() == [0, 0, 0, 3]
    assert found.membership[:3].min() > 0.95
    assert found.membership[3] == pytest.approx((1 - probability(2.0)) ** 3)


def test_a_group_that_leaves_stays_together() -> None:
    halves = {(0, 1): 9.0, (0, 2): 9.0, (1, 2): 9.0, (3, 4): 9.0}
    between = {(low, high): 1.0 for low in (0, 1, 2) for high in (3, 4)}
    policy = ClusterPolicy(minimum_certainty=0.9)
    assert certainty(labels(0, 0, 0, 0, 0), links(halves | between), policy=policy).labels.tolist() == [0, 0, 0, 3, 3]


@given(EDGES, PEOPLE, constraints(), MINIMA, st.randoms(use_true_random=False))
def test_order_of_links_does_not_matter(
    edges: Edges, people: list[bool], rules: Constraints, minimum: float, random: Any
) -> None:
    given_links, policy = links(edges, people), ClusterPolicy(minimum_certainty=minimum)
    found = partition(RECORDS, given_links, rules)
    one = certainty(found, given_links, rules, policy)
    other = certainty(found, shuffled(given_links, random), rules, policy)
    assert one.labels.tolist() == other.labels.tolist()
    assert one.membership.tolist() == other.membership.tolist()
    assert one.cluster.tolist() == other.cluster.tolist()


@given(EDGES, PEOPLE, constraints(), MINIMA, MINIMA)
def test_a_higher_minimum_never_joins_more(
    edges: Edges, people: list[bool], rules: Constraints, one: float, other: float
) -> None:
    given_links = links(edges, people)
    found = partition(RECORDS, given_links, rules)
    low, high = (
        groups(certainty(found, given_links, rules, ClusterPolicy(minimum_certainty=minimum)).labels)
        for minimum in sorted((one, other))
    )
    assert all(any(small <= large for large in low) for small in high)


@given(EDGES, PEOPLE, constraints(), MINIMA)
def test_after_cutting_every_membership_reaches_the_minimum_and_a_cluster_is_its_least_certain_membership(
    edges: Edges, people: list[bool], rules: Constraints, minimum: float
) -> None:
    given_links = links(edges, people)
    found = certainty(
        partition(RECORDS, given_links, rules), given_links, rules, ClusterPolicy(minimum_certainty=minimum)
    )
    assert all(found.labels[left] == found.labels[right] for left, right in rules.must.tolist())
    for group in groups(found.labels):
        rows = sorted(group)
        assert found.cluster[rows].tolist() == [found.membership[rows].min()] * len(rows)
        assert 0 <= found.membership[rows].min() <= found.membership[rows].max() <= 1
        if len(rows) > 1:
            assert found.membership[rows].min() >= minimum


@given(EDGES, PEOPLE)
def test_without_a_minimum_nothing_is_cut(edges: Edges, people: list[bool]) -> None:
    given_links = links(edges, people)
    found = partition(RECORDS, given_links)
    assert certainty(found, given_links).labels.tolist() == found.tolist()


@given(EDGES, EDGES, MINIMA)
def test_an_unrelated_component_changes_nothing(one: Edges, other: Edges, minimum: float) -> None:
    policy = ClusterPolicy(minimum_certainty=minimum)
    alone = certainty(partition(RECORDS, links(one)), links(one), policy=policy)
    both = links(one | {(left + RECORDS, right + RECORDS): weight for (left, right), weight in other.items()})
    together = certainty(partition(2 * RECORDS, both), both, policy=policy)
    assert together.labels[:RECORDS].tolist() == alone.labels.tolist()
    assert together.membership[:RECORDS].tolist() == alone.membership.tolist()


@pytest.mark.parametrize("minimum", [-0.1, 1.01, float("nan")])
def test_a_minimum_is_a_probability(minimum: float) -> None:
    with pytest.raises(InvalidSettingError):
        ClusterPolicy(minimum_certainty=minimum)
