"""Similarity of two values of one attribute."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity_graph.search.scoring import WEIGHTS, similarity


@pytest.mark.parametrize(
    ("attribute", "asked", "near", "far"),
    [
        ("family_name", "Schmidt", "Schmitt", "Brown"),
        ("given_name", "J", "Jane", "Bob"),
        ("given_name", "Anna Maria", "Maria", "Peter"),
        ("birth_date", "1980-02-01", "1980-01-02", "1980-07-09"),
        ("birth_date", "1980-01-31", "1980-01-30", "1985-12-12"),
        ("email", "jane@mail.test", "jame@mail.test", "bob@mail.test"),
        ("phone", "+33142685300", "+44142685300", "+33611223344"),
        ("user_id", "u-100", "u-101", "x-999"),
        ("postcode", "75001", "75002", "13001"),
        ("city", "Saint Denis", "Denis Saint", "Lyon"),
    ],
)
def test_near_values_score_above_far_ones(attribute: str, asked: str, near: str, far: str) -> None:
    assert 1.0 > similarity(attribute, asked, far)[0] < similarity(attribute, asked, near)[0] <= 1.0


@given(st.sampled_from(sorted(WEIGHTS)), st.text(max_size=20), st.text(max_size=20))
def test_similarity_is_between_0_and_1_and_1_for_the_same(attribute: str, one: str, other: str) -> None:
    assert 0.0 <= similarity(attribute, one, other)[0] <= 1.0
    assert similarity(attribute, one, one) == (1.0, "same")
