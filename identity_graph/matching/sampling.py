"""The pairs that training looks at: random ones, candidates, and all that somebody labelled.

A preparation, the comparisons and labels come in, samples of pairs with the levels they reach go out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from identity_graph.matching.blocking import unpack
from identity_graph.matching.comparison import Comparison
from identity_graph.matching.engine import compare_pairs, pair_table
from identity_graph.matching.labels import Labels, told_pairs
from identity_graph.matching.preparation import Prepared

__all__ = ["Sample", "candidate_sample", "random_levels"]


@dataclass(frozen=True, slots=True)
class Sample:
    """Pairs used for training, and the levels they reach.

    Attributes:
        left, right: rows.
        levels: one row per pair, one column per comparison; -1 for nothing to compare.
        counts: how many pairs each stands for.
        told: bits that a label adds to the pair's weight; 0 where nobody labelled it.
    """

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    levels: NDArray[np.int8]
    counts: NDArray[np.float64]
    told: NDArray[np.float64]


def candidate_sample(prepared: Prepared, comparisons: Sequence[Comparison], labels: Labels | None) -> Sample:
    """Take candidate pairs at even distances, and every labelled pair.

    Args:
        prepared: the table's preparation.
        comparisons: the comparisons.
        labels: what people know; None is nothing.

    Returns:
        At most `sample_pairs` unlabelled and about as many labelled pairs.
    """
    limit = prepared.options.sample_pairs
    told = told_pairs(labels, prepared.candidates)
    unlabelled = np.setdiff1d(prepared.candidates, told.packed, assume_unique=True)
    parts = [_spread(len(unlabelled), limit), _spread(len(told.packed), limit)]
    (some, scale), (known, known_scale) = parts
    left, right = unpack(np.concatenate([unlabelled[some], told.packed[known]]))
    return Sample(
        left,
        right,
        _levels(prepared, comparisons, left, right),
        np.concatenate([np.full(len(unlabelled[some]), scale), np.full(len(told.packed[known]), known_scale)]),
        np.concatenate([np.zeros(len(unlabelled[some])), told.bits[known]]),
    )


def random_levels(prepared: Prepared, comparisons: Sequence[Comparison]) -> NDArray[np.int8]:
    """Return the levels of random pairs of different rows; of every pair once where there are few."""
    count, limit = prepared.count, prepared.options.sample_pairs
    if count * (count - 1) // 2 <= limit:
        left, right = np.triu_indices(count, 1)
    else:
        generator = np.random.default_rng(prepared.options.seed)
        left = generator.integers(0, count, limit)
        right = (left + generator.integers(1, count, limit)) % count
    first, second = np.minimum(left, right).astype(np.int32), np.maximum(left, right).astype(np.int32)
    return _levels(prepared, comparisons, first, second)


def _levels(
    prepared: Prepared, comparisons: Sequence[Comparison], left: NDArray[np.int32], right: NDArray[np.int32]
) -> NDArray[np.int8]:
    return compare_pairs(prepared.connection, prepared.features, comparisons, pair_table(left, right))


def _spread(count: int, limit: int) -> tuple[slice, float]:
    """Take every n-th of a sorted list, and say how many each stands for."""
    step = max(1, -(-count // limit))
    return slice(None, None, step), count / max(len(range(0, count, step)), 1)
