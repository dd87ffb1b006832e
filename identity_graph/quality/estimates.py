"""Precision and recall without labels, each with an interval.

Clusters with their certainty, the links between them and the number of pairs nobody saw come in. Wrong pairs follow
from the joinings inside clusters, missed ones from the links outside; both are expectations of calibrated chances, so
they are as good as these are. How often the intervals hold is measured where labels are known (benchmarks/README.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from identity_graph.clusters import Certainty, Outside
from identity_graph.links.types import Bits

__all__ = ["Estimates", "Interval", "estimate"]

_FACTOR = 3.0
"""How far the expected number of wrong or missed pairs may be off in either direction, beyond chance."""
_DEVIATIONS = 1.96
_RULE_OF_THREE = 3.0
"""Where none was expected, up to three may be there (95 % limit of a Poisson count of which none was seen)."""

_NONE = 1e-9
"""Pairs expected below which there is nothing to be in doubt about: no link speaks of any."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate between two bounds, each 0..1."""

    estimate: float
    low: float
    high: float

    def as_json(self) -> dict[str, float]:
        """Return it as plain values."""
        return {"estimate": round(self.estimate, 4), "low": round(self.low, 4), "high": round(self.high, 4)}


@dataclass(frozen=True, slots=True)
class Estimates:
    """Estimated quality of a partition.

    Attributes:
        pair_precision: share of pairs in clusters that are one person.
        pair_recall: share of pairs of one person that are in one cluster.
        b_cubed_precision: mean over records of the share of its cluster that is its person.
        b_cubed_recall: mean over records of the share of its person that is in its cluster.
        pairs: pairs in clusters.
        wrong: expected pairs in clusters that are not one person.
        missed: expected pairs of one person between clusters that were weighed.
        unseen: expected pairs of one person that nobody weighed.
    """

    pair_precision: Interval
    pair_recall: Interval
    b_cubed_precision: Interval
    b_cubed_recall: Interval
    pairs: int
    wrong: float
    missed: float
    unseen: float

    def as_json(self) -> dict[str, object]:
        """Return everything as plain values."""
        return {
            "pairwise": {"precision": self.pair_precision.as_json(), "recall": self.pair_recall.as_json()},
            "b_cubed": {"precision": self.b_cubed_precision.as_json(), "recall": self.b_cubed_recall.as_json()},
            "pairs": self.pairs,
            "wrong_pairs": round(self.wrong, 1),
            "missed_pairs": round(self.missed, 1),
            "unseen_pairs": round(self.unseen, 1),
        }


@dataclass(frozen=True, slots=True)
class _Times:
    """By what an expected number is multiplied for the ends of its interval."""

    least: float
    most: float


def estimate(sure: Certainty, between: Outside, unseen: float) -> Estimates:
    """Estimate precision and recall.

    Args:
        sure: clusters with their certainty.
        between: the links between clusters.
        unseen: expected pairs of one person that nobody weighed, 0 or more.

    Returns:
        The estimates; nothing of them depends on chance draws, so the same input gives the same numbers.
    """
    size = np.bincount(sure.labels, minlength=len(sure.labels)).astype(np.float64)
    pairs = size * (size - 1.0) / 2.0
    right = np.minimum(sure.right_pairs, pairs)
    wrong, missed = float((pairs - right).sum()), float(between.chance.sum())
    wrong_times = _times(wrong, float(sure.doubt.sum()))
    lost_times = _times(missed + unseen, float((between.chance * (1.0 - between.chance)).sum()) + unseen)
    mistaken = 2.0 * (pairs - right) / np.maximum(size, 1.0)
    lost = _lost_partners(sure, between, size, right, unseen)
    partners = 2.0 * right[sure.labels] / size[sure.labels] if len(size) else size
    total, found, count = float(pairs.sum()), float(right.sum()), max(len(sure.labels), 1)

    def precision(times: float, whole: float, part: float) -> float:
        return 1.0 - min(1.0, times * part / whole) if whole else 1.0

    def recall(times: float) -> float:
        everything = found + times * (missed + unseen)
        return found / everything if everything else 1.0

    def record_recall(times: float) -> float:
        return float(np.mean((1.0 + partners) / (1.0 + partners + times * lost))) if len(size) else 1.0

    return Estimates(
        pair_precision=_interval(wrong_times, lambda times: precision(times, total, wrong)),
        pair_recall=_interval(lost_times, recall),
        b_cubed_precision=_interval(wrong_times, lambda times: precision(times, count, float(mistaken.sum()))),
        b_cubed_recall=_interval(lost_times, record_recall),
        pairs=int(total),
        wrong=wrong,
        missed=missed,
        unseen=unseen,
    )


def _interval(times: _Times, of: Callable[[float], float]) -> Interval:
    return Interval(of(1.0), of(times.most), of(times.least))


def _times(expected: float, variance: float) -> _Times:
    """Spread an expected number by chance and by how far such numbers are off."""
    deviation = _DEVIATIONS * float(np.sqrt(variance))
    if expected < _NONE:
        return _Times(1.0, 1.0)
    least = max(expected - deviation, 0.0) / _FACTOR
    most = _FACTOR * (expected + deviation) + _RULE_OF_THREE
    return _Times(least / expected, most / expected)


def _lost_partners(sure: Certainty, between: Outside, size: Bits, right: Bits, unseen: float) -> Bits:
    """Return per record how many further records of its person are expected elsewhere.

    What nobody saw is spread in proportion to what was found: who has many records has many to lose.
    """
    count = len(sure.labels)
    lost = np.zeros(count)
    for ends in (between.left, between.right):
        lost += np.bincount(ends, weights=between.chance, minlength=count)
    found = float(right.sum())
    if found:
        lost += 2.0 * right[sure.labels] / size[sure.labels] * unseen / found
    return lost
