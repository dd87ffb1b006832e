"""What the certainty of memberships and clusters follows from."""

from __future__ import annotations

import numpy as np
import pytest

from identity_graph.clusters import certainty
from identity_graph.links import Constraints, Links


def links(*rows: tuple[int, int, float]) -> Links:
    left, right, weight = zip(*rows, strict=True) if rows else ((), (), ())
    return Links(
        np.array(left, np.int32), np.array(right, np.int32), np.array(weight, float), np.ones(len(rows), np.uint8)
    )


def labels(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int32)


def test_a_membership_is_as_certain_as_its_best_link_and_a_cluster_as_its_weakest_membership() -> None:
    found = certainty(labels(0, 0, 0), links((0, 1, 3.0), (0, 2, 0.0), (1, 2, -1.0)))
    assert found.membership.tolist() == pytest.approx([8 / 9, 8 / 9, 0.5])
    assert found.cluster.tolist() == pytest.approx([0.5] * 3)


def test_a_record_alone_is_as_certain_as_its_best_link_was_improbable() -> None:
    found = certainty(labels(0, 1, 2), links((0, 1, -3.0)))
    assert found.membership.tolist() == pytest.approx([8 / 9, 8 / 9, 1.0])


def test_a_steward_makes_certain() -> None:
    rules = Constraints(must=np.array([[0, 1]], np.int32), cannot=np.array([[2, 3]], np.int32))
    found = certainty(labels(0, 0, 2, 3), links((0, 1, -9.0), (2, 3, 9.0)), rules)
    assert found.cluster.tolist() == [1.0] * 4


def test_nothing_is_certain_of_nothing() -> None:
    assert certainty(labels(), links()).membership.tolist() == []
    assert certainty(labels(0), links()).cluster.tolist() == [1.0]
