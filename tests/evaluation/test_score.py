"""Scores against a second, plain implementation, and what the worst errors name."""

from __future__ import annotations

from itertools import combinations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity_graph.errors import InvalidSettingError
from identity_graph.evaluation import GroupPart, evaluate


def partition(groups: dict[str, str]) -> pa.Table:
    return pa.table(
        {"record_id": pa.array(list(groups), pa.string()), "cluster_id": pa.array(list(groups.values()), pa.string())}
    )


def plain_scores(found: dict[str, str], truth: dict[str, str]) -> tuple[float, float, float, float]:
    """Pairwise and B-cubed precision and recall, straight from their definitions."""
    own = {record: found.get(record, f"alone {record}") for record in truth}
    both = [own[a] == own[b] and truth[a] == truth[b] for a, b in combinations(truth, 2)]
    found_pairs = sum(own[a] == own[b] for a, b in combinations(truth, 2))
    true_pairs = sum(truth[a] == truth[b] for a, b in combinations(truth, 2))
    precision = recall = 0.0
    for record in truth:
        mine = {other for other in truth if own[other] == own[record]}
        right = {other for other in truth if truth[other] == truth[record]}
        precision += len(mine & right) / len(mine)
        recall += len(mine & right) / len(right)
    count = len(truth)
    return sum(both) / (found_pairs or 1), sum(both) / (true_pairs or 1), precision / count, recall / count


RECORDS = st.sampled_from([f"r{number}" for number in range(12)])
GROUPS = st.dictionaries(RECORDS, st.sampled_from("abcd"))


@given(found=GROUPS, truth=st.dictionaries(RECORDS, st.sampled_from("wxyz"), min_size=1))
def test_scores_follow_their_definitions(found: dict[str, str], truth: dict[str, str]) -> None:
    result = evaluate(partition(found), partition(truth))
    scores = (result.pairwise.precision, result.pairwise.recall, result.b_cubed.precision, result.b_cubed.recall)
    assert scores == pytest.approx(plain_scores(found, truth), abs=1e-12)
    assert result.records == len(truth)
    assert result.people == len(set(truth.values()))


@given(truth=st.dictionaries(RECORDS, st.sampled_from("wxyz"), min_size=1))
def test_the_truth_itself_is_perfect(truth: dict[str, str]) -> None:
    result = evaluate(partition(truth), partition(truth))
    assert result.b_cubed.f1 == pytest.approx(1.0)
    assert result.worst_merges == result.worst_splits == ()


def test_worst_errors_are_named_most_harm_first() -> None:
    truth = {"a1": "ann", "a2": "ann", "a3": "ann", "b1": "bob", "c1": "cy", "c2": "cy"}
    found = {"a1": "1", "a2": "1", "b1": "1", "a3": "2", "c1": "2"}
    result = evaluate(partition(found), partition(truth))
    assert [(error.id, error.harm) for error in result.worst_merges] == [("1", 2), ("2", 1)]
    assert result.worst_merges[0].parts == (GroupPart("ann", 2, ("a1", "a2")), GroupPart("bob", 1, ("b1",)))
    assert [(error.id, error.harm) for error in result.worst_splits] == [("ann", 2), ("cy", 1)]
    assert result.worst_splits[1].parts == (GroupPart("", 1, ("c2",)), GroupPart("2", 1, ("c1",)))
    assert (result.clusters, result.people, result.largest) == (3, 3, 3)


def test_a_limit_on_the_errors_keeps_the_worst() -> None:
    truth = {"a1": "ann", "b1": "bob", "c1": "cy", "c2": "cy", "d1": "di"}
    found = {"a1": "1", "b1": "1", "c1": "2", "c2": "2", "d1": "2"}
    result = evaluate(partition(found), partition(truth), shown=1)
    assert [error.id for error in result.worst_merges] == ["2"]
    assert evaluate(partition(found), partition(truth), shown=0).worst_merges == ()


def test_the_source_tells_equal_record_ids_apart() -> None:
    truth = pa.table({"record_id": ["1", "1"], "cluster_id": ["ann", "bob"], "source": ["crm", "shop"]})
    found = pa.table({"record_id": ["1", "1"], "cluster_id": ["x", "x"], "source": ["crm", "shop"]})
    assert evaluate(found, truth).pairwise.precision == 0.0


def test_an_empty_truth_is_refused() -> None:
    with pytest.raises(InvalidSettingError, match="no records"):
        evaluate(partition({}), partition({}))
