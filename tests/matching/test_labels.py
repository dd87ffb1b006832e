"""Labels help where the data alone teach too little, and do little harm where they are few, one-sided or wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from identity_graph.clusters import partition
from identity_graph.evaluation import evaluate
from identity_graph.links.types import Links
from identity_graph.matching import Completion, Labels, MatchingOptions, MatchModel, Prepared, complete, prepare, train
from identity_graph.matching.blocking import all_pairs, unpack
from identity_graph.matching.labels import told_pairs
from identity_graph.matching.scoring import score
from tests.matching.people import ROLES, people

_BITS = 6.6
"""What a sure label adds: odds of 99 to 1."""


@pytest.fixture(scope="module")
def known() -> Iterator[tuple[Prepared, np.ndarray]]:
    """A table the data alone teach well."""
    table, person = people(200)
    with prepare(table, ROLES, MatchingOptions(threads=2)) as prepared:
        yield prepared, np.array(person)


def _bits(model: MatchModel) -> np.ndarray:
    """Return the bits of all levels, and of the prior."""
    levels = [level for one in model.settings["comparisons"] for level in one["comparison_levels"]]
    chances = [(one["m_probability"], one["u_probability"]) for one in levels if "m_probability" in one]
    return np.array([np.log2(m / u) for m, u in chances] + [np.log2(model.prior)])


def _some(person: np.ndarray, count: int, same: bool, seed: int = 1) -> Labels:
    """Label so many pairs of one person, or of two, as one person."""
    left, right = np.triu_indices(len(person), 1)
    wanted = np.flatnonzero((person[left] == person[right]) == same)
    chosen = np.random.default_rng(seed).choice(wanted, count, replace=False)
    return Labels(None, left[chosen].astype(np.int32), right[chosen].astype(np.int32), np.ones(count))


@pytest.mark.parametrize(
    ("same", "most"),
    [pytest.param(True, 1.0, id="only matches"), pytest.param(False, 0.3, id="wrong ones")],
)
def test_twenty_labels_change_little(known: tuple[Prepared, np.ndarray], same: bool, most: float) -> None:
    prepared, person = known
    without, taught = train(prepared), train(prepared, _some(person, 20, same))
    assert taught.summary["labels matching"] == 20
    assert np.abs(_bits(taught) - _bits(without)).max() < most


def test_any_number_of_wrong_labels_cannot_overrule_plain_evidence(known: tuple[Prepared, np.ndarray]) -> None:
    prepared, person = known
    without, taught = train(prepared), train(prepared, _some(person, 5_000, False))
    assert abs(np.log2(taught.prior / without.prior)) < 0.5
    assert np.abs(_bits(taught) - _bits(without)).max() < 2.0


def test_labels_are_taught_the_same_in_any_order(known: tuple[Prepared, np.ndarray]) -> None:
    prepared, person = known
    labels = _some(person, 50, True)
    turned = Labels(None, labels.right[::-1], labels.left[::-1], labels.probability[::-1])
    group = np.where(person < 40, person, -1)
    assert train(prepared, labels).version == train(prepared, turned).version
    assert (
        train(prepared, Labels(group)).version == train(prepared, Labels(np.where(group < 0, -1, 900 - group))).version
    )
    assert train(prepared, Labels(group)).version != train(prepared).version


def test_a_label_that_says_nothing_changes_nothing(known: tuple[Prepared, np.ndarray]) -> None:
    prepared, _ = known
    undecided = Labels(None, np.array([1], np.int32), np.array([2], np.int32), np.array([0.5]))
    assert train(prepared, undecided).version == train(prepared).version == train(prepared, Labels()).version


def _f1(prepared: Prepared, model: MatchModel, person: np.ndarray, judged: np.ndarray) -> float:
    pairs = complete(prepared, model, score(prepared, model), Completion(-1.5))
    weight = pairs["match_weight"].to_numpy()
    links = Links(pairs["left"].to_numpy(), pairs["right"].to_numpy(), weight, np.ones(len(weight), np.uint8))
    found = partition(prepared.count, links)
    ids = pa.array([str(row) for row in judged])
    tables = [
        pa.table({"record_id": ids, "cluster_id": [str(code) for code in codes[judged]]}) for codes in (found, person)
    ]
    return evaluate(tables[0], tables[1], shown=0).pairwise.f1


def test_many_labels_help_where_few_people_appear_twice_and_few_columns_tell() -> None:
    table, truth = people(1500, seed=2)
    person = np.array(truth)
    first = np.zeros(len(person), bool)
    first[np.unique(person, return_index=True)[1]] = True
    kept = np.flatnonzero(first | (person % 25 == 0))
    person = person[kept]
    columns = ("family_name", "city", "postcode")
    with ExitStack() as stack:
        options = MatchingOptions(threads=2)
        roles = {name: ROLES[name] for name in columns}
        prepared = stack.enter_context(prepare(table.take(pa.array(kept)), roles, options))
        labelled = person % 3 == 0
        taught = train(prepared, Labels(np.where(labelled, person, -1)))
        judged = np.flatnonzero(~labelled)
        assert _f1(prepared, taught, person, judged) > _f1(prepared, train(prepared), person, judged)


_GROUPS = st.lists(st.integers(-1, 3), min_size=2, max_size=8)


@given(_GROUPS, st.data())
@hypothesis_settings(max_examples=60)
def test_groups_tell_all_pairs_inside_and_the_candidates_between_and_the_last_word_on_a_pair_counts(
    group: list[int], data: st.DataObject
) -> None:
    every = all_pairs(len(group))
    candidates = np.array(sorted(data.draw(st.sets(st.sampled_from(every.tolist())))), dtype=np.int64)
    rows = st.integers(0, len(group) - 1)
    pairs = data.draw(
        st.lists(
            st.tuples(rows, rows, st.sampled_from([0.0, 0.5, 1.0])).filter(lambda one: one[0] != one[1]), max_size=4
        )
    )
    left, right = (np.array([one[side] for one in pairs], np.int32) for side in (0, 1))
    labels = Labels(np.array(group), left, right, np.array([one[2] for one in pairs], np.float64))
    told = told_pairs(labels, candidates)
    expected: dict[tuple[int, int], float] = {}
    for packed, (one, other) in zip(every.tolist(), zip(*unpack(every), strict=True), strict=True):
        if min(group[one], group[other]) < 0:
            continue
        if group[one] == group[other]:
            expected[one, other] = _BITS
        elif packed in candidates:
            expected[one, other] = -_BITS
    for one, other, probability in pairs:
        expected[min(one, other), max(one, other)] = {0.0: -_BITS, 0.5: 0.0, 1.0: _BITS}[probability]
    found = dict(
        zip(zip(*(side.tolist() for side in unpack(told.packed)), strict=True), told.bits.tolist(), strict=True)
    )
    assert found == {pair: bits for pair, bits in expected.items() if bits}
