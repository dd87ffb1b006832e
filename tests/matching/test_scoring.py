"""What scoring promises: duplicates above strangers, evidence that adds up, pairs given from outside."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from identity_graph import matching
from identity_graph.errors import InvalidSettingError, ModelError
from identity_graph.matching import prepare
from identity_graph.roles import Role
from identity_graph.tables import PAIR_SCHEMA, require
from tests.matching.once import score, train


def test_pairs_of_one_person_are_found_and_strangers_are_not(persons, roles, trained, small_options):
    table, truth = persons
    pairs = score(table, roles, trained, small_options)
    person = np.array(truth)
    same = person[pairs["left"].to_numpy()] == person[pairs["right"].to_numpy()]
    positive = pairs["match_weight"].to_numpy() > 0
    sizes = np.bincount(person)
    found = (same & positive).sum()
    assert found / (sizes * (sizes - 1) // 2).sum() > 0.93
    assert found / positive.sum() > 0.97


def test_pairs_have_the_contract_schema_once_and_sorted(persons, roles, trained, small_options):
    pairs = score(persons[0], roles, trained, small_options)
    require(pairs, PAIR_SCHEMA, "pair")
    listed = list(zip(pairs["left"].to_pylist(), pairs["right"].to_pylist(), strict=True))
    assert listed == sorted(set(listed))
    assert all(left < right for left, right in listed)
    assert min(pairs["match_weight"].to_pylist()) >= small_options.minimum_weight


def test_evidence_and_prior_add_up_to_the_weight(persons, roles, trained, small_options):
    pairs = score(persons[0], roles, trained, small_options, evidence=True)
    evidence = sum(pairs[f"mw_{name}"].to_numpy() for name in (*trained.comparisons, "neighbours"))
    prior = math.log2(trained.prior / (1 - trained.prior))
    assert np.allclose(evidence + prior, pairs["match_weight"].to_numpy())


def test_extra_pairs_are_weighed_whatever_they_weigh(persons, roles, trained, small_options):
    table, truth = persons
    strangers = [(0, row) for row in range(1, 6) if truth[row] != truth[0]]
    extra = pa.table(
        {
            "left": pa.array([pair[1] for pair in strangers], pa.int32()),
            "right": pa.array([0] * len(strangers), pa.int32()),
        }
    )
    pairs = score(table, roles, trained, small_options, extra_pairs=extra)
    listed = set(zip(pairs["left"].to_pylist(), pairs["right"].to_pylist(), strict=True))
    assert set(strangers) <= listed
    assert score(table, roles, trained, small_options).num_rows < pairs.num_rows


@pytest.mark.parametrize(("left", "right"), [(0, 10**6), (3, 3), (-1, 2)])
def test_an_extra_pair_that_names_no_two_rows_is_refused(persons, roles, trained, small_options, left, right):
    extra = pa.table({"left": pa.array([left], pa.int32()), "right": pa.array([right], pa.int32())})
    with pytest.raises(InvalidSettingError):
        score(persons[0], roles, trained, small_options, extra_pairs=extra)


def test_candidates_by_blocking_keep_nearly_all_pairs_of_one_person(persons, roles, trained, small_options):
    table, truth = persons
    narrow = score(table, roles, trained, replace(small_options, pairs_floor=1000, pairs_per_record=10))
    person = np.array(truth)
    left, right = narrow["left"].to_numpy(), narrow["right"].to_numpy()
    sizes = np.bincount(person)
    assert (person[left] == person[right]).sum() / (sizes * (sizes - 1) // 2).sum() > 0.9


def test_a_source_layout_with_whole_names_meets_one_with_parts(persons, roles, small_options):
    table, truth = persons
    given, family = table["given_name"].to_pylist(), table["family_name"].to_pylist()
    whole = [f"{a} {b}" if a and b and row % 2 else None for row, (a, b) in enumerate(zip(given, family, strict=True))]
    hidden = [None if name else value for name, value in zip(whole, given, strict=True)]
    hidden_family = [None if name else value for name, value in zip(whole, family, strict=True)]
    mixed = table.set_column(2, "given_name", pa.array(hidden, pa.string()))
    mixed = mixed.set_column(3, "family_name", pa.array(hidden_family, pa.string()))
    mixed = mixed.append_column("full_name", pa.array(whole, pa.string()))
    mixed_roles = {**roles, "full_name": Role.FULL_NAME}
    model = train(mixed, mixed_roles, small_options)
    pairs = score(mixed, mixed_roles, model, small_options, evidence=True)
    person = np.array(truth)
    left, right = pairs["left"].to_numpy(), pairs["right"].to_numpy()
    across = np.array([(whole[a] is None) != (whole[b] is None) for a, b in zip(left, right, strict=True)])
    same = person[left] == person[right]
    agreeing = pairs["mw_family_name"].to_numpy()[across & same]
    assert (agreeing > 3).mean() > 0.6


def test_records_prepared_for_another_model_are_refused(persons, roles, trained, small_options):
    other = {name: role for name, role in roles.items() if name != "email"}
    with prepare(persons[0], other, small_options) as prepared, pytest.raises(ModelError, match="another model"):
        matching.score(prepared, trained)


def test_a_pair_weighs_the_same_whatever_records_are_around(persons, roles, trained, small_options):
    table = persons[0]
    pairs = score(table, roles, trained, small_options)
    some = pa.array([int(row) for row in np.unique(pairs["left"].to_numpy()[:40])] + [table.num_rows - 1])
    few = score(table.take(some), roles, trained, small_options)
    weights = {(pair["left"], pair["right"]): pair["match_weight"] for pair in pairs.to_pylist()}
    rows = some.to_pylist()
    both = [(weights.get((rows[pair["left"]], rows[pair["right"]])), pair["match_weight"]) for pair in few.to_pylist()]
    assert any(before is not None for before, _ in both)
    assert all(before is None or before == now for before, now in both)
