"""A household shares its contacts together: the second one shared says little more about who is who."""

from __future__ import annotations

from dataclasses import replace

import pytest

from identity_graph.matching.contact_comparisons import EMAIL, PHONE
from identity_graph.matching.estimation import Estimate, contact_bits


def _estimate(one: list[float], near: list[float]) -> Estimate:
    return Estimate(
        m=tuple((share, 1 - share) for share in one),
        u=((0.01, 0.99),) * len(one),
        prior=0.001,
        shared=tuple((share, 1 - share) for share in near),
        neighbours=0.001,
    )


@pytest.mark.parametrize(
    ("one", "near", "expected"),
    [
        pytest.param([0.8, 0.8], [0.1, 0.025], 2.0, id="three and five bits count six"),
        pytest.param([0.8, 0.8], [0.025, 0.1], 2.0, id="in either order"),
        pytest.param([0.8, 0.8], [0.4, 0.025], 0.0, id="one bit is not made less"),
        pytest.param([0.8, 0.8], [0.9, 0.9], 0.0, id="shared by all neighbours"),
    ],
)
def test_only_the_contact_that_says_most_counts_in_full(one: list[float], near: list[float], expected: float) -> None:
    assert contact_bits([EMAIL, PHONE], _estimate(one, near)) == pytest.approx(expected)


def test_what_is_no_contact_adds_nothing() -> None:
    assert contact_bits([EMAIL, replace(PHONE, contact=False)], _estimate([0.8, 0.8], [0.1, 0.1])) == 0.0
