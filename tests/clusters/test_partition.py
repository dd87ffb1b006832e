"""The promises of the partition: order-free, local, and never against a constraint."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity_graph.clusters import ClusterPolicy, partition
from identity_graph.clusters.agglomerate import rounds
from identity_graph.clusters.start import start
from identity_graph.errors import ConflictError, InvalidSettingError
from identity_graph.links import Constraints, Links
from tests.clusters.given import EDGES, PEOPLE, PRIMES, RECORDS, Edges, constraints, groups, links, pairs, shuffled


@given(EDGES, PEOPLE, constraints(), st.randoms(use_true_random=False))
def test_order_of_links_does_not_matter(edges: Edges, people: list[bool], rules: Constraints, random: Any) -> None:
    given_links = links(edges, people)
    expected = partition(RECORDS, given_links, rules)
    assert partition(RECORDS, shuffled(given_links, random), rules).tolist() == expected.tolist()
    assert expected.dtype == np.int32
    assert all(label == min(group) for group in groups(expected) for label in {int(expected[row]) for row in group})


@given(EDGES, st.permutations(range(RECORDS)))
def test_numbering_of_rows_does_not_matter_where_no_scores_are_equal(edges: Edges, number: list[int]) -> None:
    # Roots of primes, no sum of which is another's; all below the most that one weight counts, which would make
    # different weights equal.
    distinct = {
        pair: 0.7 * weight + 0.2 * prime**0.5 for (pair, weight), prime in zip(edges.items(), PRIMES, strict=False)
    }
    assert max(distinct.values(), default=0.0) < ClusterPolicy().strongest_for
    renamed = {
        (min(number[left], number[right]), max(number[left], number[right])): weight
        for (left, right), weight in distinct.items()
    }
    expected = {frozenset(number[row] for row in group) for group in groups(partition(RECORDS, links(distinct)))}
    assert groups(partition(RECORDS, links(renamed))) == expected


@given(EDGES, PEOPLE, constraints())
def test_constraints_hold_also_through_others(edges: Edges, people: list[bool], rules: Constraints) -> None:
    labels = partition(RECORDS, links(edges, people), rules).tolist()
    assert all(labels[left] == labels[right] for left, right in rules.must.tolist())
    assert all(labels[left] != labels[right] for left, right in rules.cannot.tolist())
    if len(rules.must):
        return
    for group in groups(np.array(labels)):
        for codes in rules.exclusive:
            assert len({int(codes[row]) for row in group} - {-1}) <= 1
        if rules.single_sources is not None:
            found = [int(rules.single_sources[row]) for row in group if rules.single_sources[row] >= 0]
            assert len(found) == len(set(found))


@given(EDGES, EDGES, PEOPLE, constraints())
def test_an_unrelated_component_changes_nothing(
    edges: Edges, others: Edges, people: list[bool], rules: Constraints
) -> None:
    alone = partition(RECORDS, links(edges, people), rules).tolist()
    both = edges | {(left + RECORDS, right + RECORDS): weight for (left, right), weight in others.items()}
    none = np.full(RECORDS, -1)
    wider = Constraints(
        rules.must,
        rules.cannot,
        tuple(np.concatenate([codes, none]) for codes in rules.exclusive),
        None if rules.single_sources is None else np.concatenate([rules.single_sources, none]),
    )
    together = partition(2 * RECORDS, links(both, people + [True] * RECORDS), wider).tolist()
    assert together[:RECORDS] == alone
    assert min(together[RECORDS:]) >= RECORDS


@given(EDGES, PEOPLE)
def test_without_constraints_nobody_joins_without_a_path_of_links_above_the_threshold(
    edges: Edges, people: list[bool]
) -> None:
    policy = ClusterPolicy()
    strong = {pair for pair, weight in edges.items() if weight > policy.threshold_weight}
    for group in groups(partition(RECORDS, links(edges, people), None, policy)):
        reached = {min(group)}
        while more := {row for pair in strong if set(pair) & reached for row in pair} & group - reached:
            reached |= more
        assert reached == group


def test_records_without_links_stay_alone() -> None:
    assert partition(3, links({})).tolist() == [0, 1, 2]
    assert partition(0, links({})).tolist() == []


@pytest.mark.parametrize(
    ("edges", "people", "expected"),
    [
        pytest.param({(0, 1): 9.0, (1, 2): 9.0, (0, 2): 9.0}, None, [0, 0, 0], id="all agree"),
        pytest.param({(0, 1): 9.0, (2, 3): 9.0, (1, 2): -2.0}, None, [0, 0, 2, 2], id="a weak bridge is cut"),
        pytest.param({(0, 1): 9.0, (1, 2): 0.5, (0, 2): -15.0}, None, [0, 0, 2], id="a contradiction outweighs a hint"),
        pytest.param({(0, 1): 9.0, (1, 2): 8.0, (0, 2): -15.0}, None, [0, 0, 0], id="but not two strong links"),
        pytest.param({(0, 2): 8.0, (1, 2): 9.0, (0, 1): -8.0}, [1, 1, 0], [0, 1, 1], id="a shared tablet glues nobody"),
        pytest.param(
            {(0, 1): -8.0, **{(person, tablet): 8.0 for person in (0, 1) for tablet in range(2, 9)}},
            [1, 1, 0, 0, 0, 0, 0, 0, 0], [0, 1] + [0] * 7, id="nor do seven of them",
        ),
        pytest.param({(0, cookie): 8.0 for cookie in range(1, 9)}, [1] + [0] * 8, [0] * 9, id="cookies of one person"),
        pytest.param({(0, 1): 8.0, (1, 2): 8.0, (2, 3): 8.0}, [0] * 4, [0] * 4, id="identifiers chain"),
    ],
)  # fmt: skip
def test_evidence_decides(edges: Edges, people: list[int] | None, expected: list[int]) -> None:
    known = None if people is None else [bool(flag) for flag in people]
    assert partition(len(expected), links(edges, known)).tolist() == expected


@pytest.mark.parametrize("people", [True, False])
def test_records_that_fit_each_other_alike_join_by_halves_and_not_one_by_one(people: bool) -> None:
    needed = []
    for count in (32, 128):
        everybody = {(left, right): 9.0 for left in range(count) for right in range(left + 1, count)}
        begun = start(count, links(everybody, [people] * count), Constraints(), ClusterPolicy())
        joined = list(rounds(begun.evidence, begun.groups, np.zeros(count, dtype=np.int64), ClusterPolicy()))
        assert sum(len(one.keep) for one in joined) == count - 1
        needed.append(len(joined))
    assert needed[1] == needed[0] + 2  # and not four times as many


def test_a_must_outweighs_a_unique_namespace_and_carries_its_other_records_along() -> None:
    edges = {(0, 1): 9.0, (2, 3): 9.0, (0, 2): -9.0, (1, 3): 9.0, (0, 3): 9.0, (1, 2): 9.0}
    exclusive = (np.array([5, 5, 7, 7]),)
    assert partition(4, links(edges), Constraints(exclusive=exclusive)).tolist() == [0, 0, 2, 2]
    assert partition(4, links(edges), Constraints(must=pairs((0, 2)), exclusive=exclusive)).tolist() == [0, 0, 0, 0]


def test_two_duplicate_free_sources_are_linked_one_to_one() -> None:
    edges = {(0, 2): 9.0, (0, 3): 7.0, (1, 2): 8.0, (1, 3): 6.0}
    sources = np.array([0, 0, 1, 1])
    assert partition(4, links(edges), Constraints(single_sources=sources)).tolist() == [0, 1, 0, 1]


def test_undoing_a_decision_restores_the_partition() -> None:
    edges = {(0, 1): 9.0, (1, 2): 9.0, (0, 2): 9.0, (3, 4): 9.0}
    before = partition(5, links(edges)).tolist()
    decided = partition(5, links(edges), Constraints(must=pairs((2, 3)), cannot=pairs((0, 1)))).tolist()
    assert decided != before
    assert partition(5, links(edges), Constraints()).tolist() == before


@pytest.mark.parametrize(
    "wrong",
    [
        Links(np.array([1], np.int32), np.array([0], np.int32), np.array([1.0]), np.array([1], np.uint8)),
        Links(np.array([0], np.int32), np.array([9], np.int32), np.array([1.0]), np.array([1], np.uint8)),
        Links(np.array([0], np.int32), np.array([1], np.int32), np.array([np.inf]), np.array([1], np.uint8)),
        Links(np.array([0, 0], np.int32), np.array([1, 1], np.int32), np.array([1.0, 2]), np.array([1, 1], np.uint8)),
    ],
)
def test_links_that_make_no_sense_are_refused(wrong: Links) -> None:
    with pytest.raises(InvalidSettingError):
        partition(2, wrong)


def test_a_must_against_a_cannot_is_a_conflict() -> None:
    with pytest.raises(ConflictError):
        partition(3, links({}), Constraints(must=pairs((0, 1), (1, 2)), cannot=pairs((0, 2))))


@pytest.mark.parametrize("wrong", [{"strongest_against": 1.0}, {"strongest_for": 1.0, "threshold_weight": 2.0}])
def test_a_policy_outside_its_range_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InvalidSettingError):
        ClusterPolicy(**wrong)
