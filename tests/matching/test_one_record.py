"""One record against everything finds what bulk matching of all records together finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identity_graph import matching
from identity_graph.errors import ConflictError, NotFoundError
from identity_graph.matching import MatchingOptions, MatchModel, OneRecordMatcher
from identity_graph.matching.blocking import ALL_PAIRS, unpack
from identity_graph.roles import Role
from identity_graph.tables import Table
from tests.matching.kinds import PARTS, WHOLE, records

_OPTIONS = MatchingOptions(threads=2, sample_pairs=20_000, pairs_floor=0, pairs_per_record=20, pairs_growth=1000)
_POOL = 120


@pytest.fixture(scope="module", params=[PARTS, WHOLE], ids=["parts", "whole"])
def pool(request: pytest.FixtureRequest) -> tuple[MatchModel, Table, Mapping[str, Role]]:
    """A model whose blocks are small, and records it has not seen."""
    roles = request.param
    with matching.prepare(records(roles, 600), roles, _OPTIONS) as prepared:
        model = matching.train(prepared)
    caps = {name: min(cap, 6) for name, cap in model.blocking.items() if name != ALL_PAIRS}
    return replace(model, blocking={**caps, ALL_PAIRS: 5}), records(roles, _POOL, seed=2), roles


def _bulk(
    model: MatchModel, table: Table, roles: Mapping[str, Role]
) -> tuple[set[frozenset[str]], dict[frozenset[str], float]]:
    """Return the candidates and the weights by record keys."""
    keys = table["key"].to_pylist()
    with matching.prepare(table, roles, _OPTIONS, model) as prepared:
        left, right = unpack(prepared.candidates)
        pairs = matching.score(prepared, model)
    candidates = {frozenset({keys[a], keys[b]}) for a, b in zip(left.tolist(), right.tolist(), strict=True)}
    weights = {frozenset({keys[one["left"]], keys[one["right"]]}): one["match_weight"] for one in pairs.to_pylist()}
    return candidates, weights


def _attributes(table: Table, roles: Mapping[str, Role]) -> dict[str, dict[str, str | None]]:
    return {row["key"]: {name: row[name] for name in roles} for row in table.to_pylist()}


def _agrees(matcher: OneRecordMatcher, model: MatchModel, table: Table, roles: Mapping[str, Role]) -> None:
    candidates, weights = _bulk(model, table, roles)
    found_pairs, found = set(), {}
    for key, attributes in _attributes(table, roles).items():
        rows = matcher.candidates(matcher.values(attributes), key)
        found_pairs |= {frozenset({key, matcher.key_of(row)}) for row in rows}
        matches = matcher.matches(attributes, key)
        assert [(-one.match_weight, one.key) for one in matches] == sorted(
            (-one.match_weight, one.key) for one in matches
        )
        found |= {frozenset({key, one.key}): one.match_weight for one in matches}
    assert found_pairs == candidates
    assert found == pytest.approx(weights, abs=1e-9)


def test_every_record_finds_what_bulk_matching_finds(pool):
    model, table, roles = pool
    _agrees(OneRecordMatcher(model, table), model, table, roles)
    assert len(_bulk(model, table, roles)[0]) > _POOL


def test_a_record_that_says_nothing_weighs_the_same_with_every_other(pool):
    model, table, _ = pool
    matcher = OneRecordMatcher(model, table)
    keys = table["key"].to_pylist()
    assert all(matcher.says_anything(key) for key in keys)
    matcher.add("nobody", {})
    assert not matcher.says_anything("nobody")
    assert {matcher.weight("nobody", key) for key in [*keys, "nobody"]} == {matcher.of_nothing}


@settings(max_examples=12)
@given(start=st.sets(st.integers(0, _POOL - 1)), data=st.data())
def test_whatever_was_added_and_removed_what_is_held_counts(pool, start, data):
    model, table, roles = pool
    keys, attributes = table["key"].to_pylist(), _attributes(table, roles)
    matcher = OneRecordMatcher(model, table.take(pa.array(sorted(start), pa.int64())))
    held = {keys[row] for row in start}
    for row, other in data.draw(st.lists(st.tuples(st.integers(0, _POOL - 1), st.integers(0, _POOL - 1)), max_size=60)):
        key = keys[row]
        if key not in held:
            # Some come with the values of another record first, and are corrected.
            matcher.add(key, attributes[keys[other]])
            matcher.replace(key, attributes[key])
            held.add(key)
        else:
            matcher.remove(key)
            held.discard(key)
    assert len(matcher) == len(held)
    assert all((key in matcher) == (key in held) for key in keys)
    _agrees(matcher, model, table.filter(pa.array([key in held for key in keys])), roles)


def test_a_new_record_finds_what_it_would_find_when_held(pool):
    model, table, roles = pool
    attributes = _attributes(table, roles)
    everything = OneRecordMatcher(model, table)
    without = OneRecordMatcher(model, table)
    for key in table["key"].to_pylist()[:30]:
        without.remove(key)
        assert without.matches(attributes[key]) == everything.matches(attributes[key], key)
        without.add(key, attributes[key])


def test_evidence_and_prior_add_up_to_the_weight(pool):
    model, table, roles = pool
    matcher = OneRecordMatcher(model, table)
    prior = matcher.matches({})  # nothing to say: no candidates
    assert prior == []
    matches = [one for attributes in _attributes(table, roles).values() for one in matcher.matches(attributes)]
    assert matches
    for one in matches:
        assert set(one.evidence) == {*model.comparisons, "neighbours"}
        log_prior = one.match_weight - sum(one.evidence.values())
        assert log_prior == pytest.approx(matches[0].match_weight - sum(matches[0].evidence.values()))


def test_records_are_added_once_and_only_held_ones_removed(pool):
    model, table, _ = pool
    matcher = OneRecordMatcher(model, table.slice(0, 2))
    key = table["key"][0].as_py()
    with pytest.raises(ConflictError, match=key):
        matcher.add(key, {})
    matcher.remove(key)
    with pytest.raises(NotFoundError, match=key):
        matcher.remove(key)
    assert key not in matcher and len(matcher) == 1


def test_a_matcher_may_start_without_records(pool):
    model, table, roles = pool
    matcher = OneRecordMatcher(model, table.slice(0, 0))
    attributes = _attributes(table, roles)
    assert len(matcher) == 0 and matcher.matches(next(iter(attributes.values()))) == []
    for key in attributes:
        matcher.add(key, attributes[key])
    assert len(matcher) == len(attributes)
    _agrees(matcher, model, table, roles)


def test_records_that_come_and_go_leave_nothing_behind(pool):
    model, table, roles = pool
    matcher, attributes = OneRecordMatcher(model, table), _attributes(table, roles)
    keys = list(attributes)
    before = matcher.sizes
    for turn in range(1, 4):
        for place, key in enumerate(keys):
            matcher.replace(key, attributes[keys[(place + turn) % len(keys)]])
            matcher.add("visitor", attributes[key])
            matcher.remove("visitor")
        for key in keys:
            matcher.replace(key, attributes[key])
        assert matcher.sizes == (before[0] + 1, *before[1:])
