"""What people know about pairs of records, as evidence for training: never required, never final.

Label files and stewards' decisions come in as known groups and known pairs; out come, once the candidates are known,
pairs of rows with the bits a label adds to what the model thinks. A label is a witness who errs once in a hundred, so
that a wrong one cannot overrule plain evidence.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from identity_graph.matching.blocking import pack, unpack

__all__ = ["Labels", "ToldPairs", "told_pairs"]

_SUREST = 0.99
"""The surest a label can be."""


def _nothing() -> NDArray[np.int32]:
    return np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Labels:
    """Known groups and known pairs over the rows of a record table.

    Attributes:
        group: per row a number, equal for records of one person; -1 where nobody knows. All pairs inside a group are
            one person; candidate pairs of two groups are not. None is no groups.
        left, right: rows of known pairs; they come before what groups say, and a later pair before an earlier one.
        probability: of each known pair, the chance that it is one person, 0..1.
    """

    group: NDArray[np.int64] | None = None
    left: NDArray[np.int32] = field(default_factory=_nothing)
    right: NDArray[np.int32] = field(default_factory=_nothing)
    probability: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True, slots=True)
class ToldPairs:
    """Labelled pairs of rows.

    Attributes:
        packed: the pairs, sorted, each once.
        bits: what the label adds to the weight of each pair, positive for one person.
    """

    packed: NDArray[np.int64]
    bits: NDArray[np.float64]


def told_pairs(labels: Labels | None, candidates: NDArray[np.int64]) -> ToldPairs:
    """Find the pairs that labels say something about.

    Args:
        labels: what is known; None is nothing.
        candidates: packed candidate pairs, sorted, each once.

    Returns:
        All known pairs and all pairs inside known groups, candidates or not, and the candidates between known groups.

    Cost: quadratic in the size of the largest group.
    """
    if labels is None:
        return ToldPairs(np.zeros(0, dtype=np.int64), np.zeros(0))
    packed, probability = [], []
    if labels.group is not None:
        left, right = unpack(candidates)
        known = (labels.group[left] >= 0) & (labels.group[right] >= 0)
        apart = candidates[known & (labels.group[left] != labels.group[right])]
        inside = _inside(labels.group)
        packed += [apart, inside]
        probability += [np.zeros(len(apart)), np.ones(len(inside))]
    packed.append(pack(labels.left.astype(np.int64), labels.right.astype(np.int64)))
    probability.append(labels.probability)
    every, sure = np.concatenate(packed), np.clip(np.concatenate(probability), 1.0 - _SUREST, _SUREST)
    # Of a pair told twice the last word counts.
    pairs, last = np.unique(every[::-1], return_index=True)
    sure = sure[::-1][last]
    bits = np.round(np.log2(sure / (1.0 - sure)), 1)
    return ToldPairs(pairs[bits != 0], bits[bits != 0])


def _inside(group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return all pairs inside groups, packed."""
    known = np.flatnonzero(group >= 0)
    order = known[np.argsort(group[known], kind="stable")]
    starts = np.flatnonzero(np.concatenate(([True], group[order][1:] != group[order][:-1]))) if len(order) else order
    pairs = [np.zeros(0, dtype=np.int64)]
    for members in np.split(order, starts[1:]):
        left, right = np.triu_indices(len(members), 1)
        pairs.append(pack(members[left], members[right]))
    return np.concatenate(pairs)
