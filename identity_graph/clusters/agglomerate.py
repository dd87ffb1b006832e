"""Average-linkage clustering of all components at once, in columns.

Groups and the evidence between them come in; a label per group goes out. In each round every group names the group it
fits best, and those that name each other join. For average linkage that gives the same tree as joining the best pair
one at a time (Source: Murtagh 1983, reciprocal nearest neighbours; Bruynooghe 1977, reducibility), so rounds replace
steps and a component's result does not depend on the others.
"""

from __future__ import annotations

import numpy as np

from identity_graph.clusters.evidence import GroupEvidence, Groups, add_up, scores
from identity_graph.clusters.policy import ClusterPolicy
from identity_graph.links.types import Bits, Codes

__all__ = ["agglomerate"]


def agglomerate(evidence: GroupEvidence, groups: Groups, component: Codes, policy: ClusterPolicy) -> Codes:
    """Join groups while the best mean weight between two is above the threshold.

    Args:
        evidence: between groups of one component only.
        groups: per group; not changed.
        component: per group, the component it belongs to.
        policy: thresholds.

    Returns:
        Per group, the smallest group of its cluster. Ties go to the pair of smallest numbers.
    """
    count = len(component)
    label = np.arange(count, dtype=np.int64)
    groups = groups.part(label)
    while len(evidence.left):
        score = scores(evidence, groups, policy)
        joinable = score > 0
        alive = np.zeros(int(component.max()) + 1, dtype=np.bool_)
        alive[component[evidence.left[joinable]]] = True
        keep, gone = _mutual_best(evidence.left[joinable], evidence.right[joinable], score[joinable], count)
        groups.absorb(keep, gone)
        moved = np.arange(count, dtype=np.int64)
        moved[gone] = keep
        label = moved[label]
        evidence = _after(evidence.where(alive[component[evidence.left]]), moved, keep)
    return label


def _mutual_best(left: Codes, right: Codes, score: Bits, count: int) -> tuple[Codes, Codes]:
    """Return the pairs in which each is the other's best; at least one when there are any."""
    best = np.full(count, -np.inf)
    np.maximum.at(best, left, score)
    np.maximum.at(best, right, score)
    top = (score == best[left]) & (score == best[right])
    left, right = left[top], right[top]
    keys = left * np.int64(count) + right
    first = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(first, left, keys)
    np.minimum.at(first, right, keys)
    mutual = (first[left] == keys) & (first[right] == keys)
    return left[mutual], right[mutual]


def _after(evidence: GroupEvidence, moved: Codes, keep: Codes) -> GroupEvidence:
    """Give the evidence of groups that joined to the group they joined; only those pairs are added up again."""
    joined = np.zeros(len(moved), dtype=np.bool_)
    joined[keep] = True
    left, right = moved[evidence.left], moved[evidence.right]
    touched = joined[left] | joined[right]
    summed = add_up(left[touched], right[touched], evidence.sums[touched], len(moved))
    rest = evidence.where(~touched)
    return GroupEvidence(
        np.concatenate([rest.left, summed.left]),
        np.concatenate([rest.right, summed.right]),
        np.concatenate([rest.sums, summed.sums]),
    )
