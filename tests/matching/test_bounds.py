"""Bounds of what records of one person look like: inside them always, and moved only by pairs beyond doubt."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity_graph.matching.bounds import Bounds, bounded, learn_bounds, plain_bounds
from identity_graph.matching.contact_comparisons import EMAIL, TITLE, identifier_comparison
from identity_graph.matching.frequencies import Frequencies, Repeats
from identity_graph.matching.person_comparisons import BIRTH_DATE, GIVEN_NAME

_CODE = identifier_comparison("product_code", "product code")
_SHARES = st.lists(st.floats(0.001, 1.0), min_size=3, max_size=6)


@given(shares=_SHARES, least=st.floats(0.0, 0.5), most=st.lists(st.floats(0.02, 1.0), min_size=6, max_size=6))
def test_probabilities_come_inside_their_bounds(shares: list[float], least: float, most: list[float]) -> None:
    m = np.array(shares) / sum(shares)
    limits = np.array(most[: len(m)])
    limits[0] = 1.0  # what is taken from the others has to go somewhere
    found = bounded(m, Bounds(least, limits))
    assert found.sum() == pytest.approx(1.0)
    assert found[0] >= least - 1e-9 and (found <= limits + 1e-9).all()


@given(shares=_SHARES)
def test_what_is_inside_already_stays(shares: list[float]) -> None:
    m = np.array(shares) / sum(shares)
    assert bounded(m, Bounds(0.0, np.ones(len(m)))) == pytest.approx(m)


def _pairs(code: int, title: int, count: int) -> np.ndarray:
    return np.tile(np.array([[code, title]], dtype=np.int8), (count, 1))


def test_an_issued_number_shows_how_titles_of_one_thing_look() -> None:
    comparisons = [_CODE, TITLE]
    levels = np.concatenate([_pairs(0, 2, 300), _pairs(-1, 3, 700)])
    counts, across = np.ones(len(levels)), np.ones(len(levels), dtype=np.bool_)
    most = learn_bounds(levels, counts, across, comparisons)[1].most
    assert most[2] == 1.0 and most[3] < 0.02  # pairs without a number teach nothing, however many they are
    inside = learn_bounds(levels, counts, ~across, comparisons)[1].most
    assert inside == pytest.approx(plain_bounds(comparisons)[1].most)
    few = learn_bounds(levels[270:], counts[270:], across[270:], comparisons)[1].most
    assert few == pytest.approx(plain_bounds(comparisons)[1].most)


@pytest.mark.parametrize(("spoilt", "expected"), [(0, BIRTH_DATE.otherwise_most), (90, 0.3)])
def test_a_bound_of_birth_dates_widens_only_where_they_are_spoilt(spoilt: int, expected: float) -> None:
    comparisons = [GIVEN_NAME, EMAIL, BIRTH_DATE]
    differs = len(BIRTH_DATE.levels)
    dates = np.array([differs] * spoilt + [0] * (300 - spoilt), dtype=np.int8)
    sure = np.column_stack([np.zeros(300, np.int8), np.zeros(300, np.int8), dates])
    namesakes = np.tile(np.array([[0, -1, differs]], dtype=np.int8), (500, 1))
    levels = np.concatenate([sure, namesakes])
    found = learn_bounds(levels, np.ones(800), np.ones(800, dtype=np.bool_), comparisons)[2]
    assert found.most[-1] == pytest.approx(expected)


def test_a_number_on_many_records_of_one_person_is_as_rare_as_ever() -> None:
    counted = Frequencies(None, np.array([2, 9]), np.zeros(0, np.int64), 1_000, 1e-6)
    by_chance = counted.among_strangers(Repeats(others=1.0))
    issued = counted.among_strangers(Repeats(others=1.0, share=0.99))
    assert by_chance[1] > 10 * by_chance[0] > 0
    assert issued[1] < by_chance[1] / 50
