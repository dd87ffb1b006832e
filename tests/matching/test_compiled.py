"""The compiled model weighs every pair as bulk scoring does, to the last bit that matters."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from identity_graph import matching
from identity_graph.errors import ModelError
from identity_graph.matching import Completion, MatchingOptions, MatchModel
from identity_graph.matching.compiled import CompiledModel, compile_model, record_values
from identity_graph.matching.engine import compare_pairs, pair_table
from identity_graph.matching.model_builder import build_comparisons
from identity_graph.tables import PAIR_SCHEMA, Table
from tests.matching.kinds import PARTS, WHOLE, records

_PAIRS = 50_000
_OPTIONS = MatchingOptions(threads=2, sample_pairs=60_000, pairs_floor=100_000)


def _pairs_of_all_sorts(count: int) -> Table:
    """Pair strangers at random, and every record with its neighbours, which are the same person."""
    generator = np.random.default_rng(3)
    left = generator.integers(0, count, _PAIRS)
    right = (left + generator.integers(1, count, _PAIRS)) % count
    near = np.repeat(np.arange(count - 3), 3)
    left, right = np.concatenate((left, near)), np.concatenate((right, near + np.tile([1, 2, 3], count - 3)))
    pairs = np.unique(np.stack((np.minimum(left, right), np.maximum(left, right)), axis=1), axis=0)
    return pa.table({"left": pa.array(pairs[:, 0], pa.int32()), "right": pa.array(pairs[:, 1], pa.int32())})


@pytest.mark.parametrize("roles", [PARTS, WHOLE], ids=["parts", "whole"])
def test_compiled_and_bulk_weights_are_equal_over_pairs_of_every_level(roles):
    table = records(roles, 1_500)
    with matching.prepare(table, roles, _OPTIONS) as prepared:
        model = matching.train(prepared)
        asked = _pairs_of_all_sorts(table.num_rows)
        nothing = pa.schema(
            [*PAIR_SCHEMA, *(pa.field(f"mw_{n}", pa.float64()) for n in (*model.comparisons, "neighbours"))]
        )
        wanted = Completion(math.inf, asked)
        bulk = matching.complete(prepared, model, nothing.empty_table(), wanted, evidence=True)
        features = prepared.features
        comparisons = build_comparisons(features, roles)
        pairs = pair_table(bulk["left"].to_numpy(), bulk["right"].to_numpy())
        levels = compare_pairs(prepared.connection, features, comparisons, pairs)
    assert model.neighbours and bulk.num_rows > _PAIRS
    _agree(compile_model(model), features, bulk)
    for place, comparison in enumerate(comparisons):
        missed = set(range(-1, len(comparison.levels) + 1)) - set(levels[:, place].tolist())
        assert not missed, (comparison.name, [comparison.levels[level].label for level in missed])


def _agree(compiled: CompiledModel, features: Table, bulk: Table) -> None:
    values = record_values(features, compiled.columns)
    ends = list(zip(bulk["left"].to_pylist(), bulk["right"].to_pylist(), strict=True))
    weights = np.array([compiled.weigh(values[left], values[right]) for left, right in ends])
    assert np.abs(weights - bulk["match_weight"].to_numpy()).max() < 1e-9
    assert weights.tolist() == [compiled.weigh(values[right], values[left]) for left, right in ends]
    explained = [compiled.explain(values[left], values[right]) for left, right in ends]
    assert [weight for weight, _ in explained] == weights.tolist()
    evidence = np.array([bits for _, bits in explained])
    for place, name in enumerate(compiled.names):
        assert np.abs(evidence[:, place] - bulk[f"mw_{name}"].to_numpy()).max() < 1e-9, name


def test_a_model_without_comparisons_weighs_the_prior(persons, roles, small_options):
    table = persons[0].select(["key", "source"])
    with matching.prepare(table, {}, small_options) as prepared:
        model = matching.train(prepared)
        compiled = compile_model(model)
    assert compiled.weigh((), ()) == pytest.approx(np.log2(model.prior / (1.0 - model.prior)))
    assert compiled.explain((), ())[0] == compiled.weigh((), ())


def test_a_model_without_neighbours_weighs_against_strangers_alone(persons, roles, trained, small_options):
    alone = replace(trained, neighbours={})
    with matching.prepare(persons[0], roles, small_options, alone) as prepared:
        bulk = matching.score(prepared, alone, evidence=True)
        _agree(compile_model(alone), prepared.features, bulk.slice(0, 2000))
    with matching.prepare(persons[0], roles, small_options, trained) as prepared:
        among = matching.score(prepared, trained, evidence=True)
    assert not np.any(bulk["mw_neighbours"].to_numpy()) and np.any(among["mw_neighbours"].to_numpy())


def test_a_function_without_a_python_form_is_named(trained: MatchModel):
    settings = {**trained.settings, "comparisons": [dict(one) for one in trained.settings["comparisons"]]}
    levels = [dict(level) for level in settings["comparisons"][0]["comparison_levels"]]
    levels[1]["sql_condition"] = "reverse(family_l) = family_r"
    settings["comparisons"][0]["comparison_levels"] = levels
    with pytest.raises(ModelError, match="REVERSE"):
        compile_model(replace(trained, settings=settings))


@pytest.mark.parametrize("condition", ["family_l = = family_r", "(", "select from"])
def test_a_condition_that_is_no_sql_is_named(trained: MatchModel, condition: str):
    settings = {**trained.settings, "comparisons": [dict(one) for one in trained.settings["comparisons"]]}
    levels = [dict(level) for level in settings["comparisons"][0]["comparison_levels"]]
    levels[1]["sql_condition"] = condition
    settings["comparisons"][0]["comparison_levels"] = levels
    with pytest.raises(ModelError):
        compile_model(replace(trained, settings=settings))
