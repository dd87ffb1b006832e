"""Average-linkage clustering of all components at once, in columns.

Groups and the evidence between them come in; the rounds in which groups join, or a label per group, go out. In each
round every group names the group it fits best, and those that name each other join. For average linkage that gives
the same tree as joining the best pair one at a time (Source: Murtagh 1983, reciprocal nearest neighbours; Bruynooghe
1977, reducibility), so rounds replace steps and a component's result does not depend on the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from identity_graph.clusters.evidence import GroupEvidence, Groups, add_up, scores
from identity_graph.clusters.policy import ClusterPolicy
from identity_graph.links.types import Bits, Codes

__all__ = ["Round", "agglomerate", "rounds"]


@dataclass(frozen=True, slots=True)
class Round:
    """Groups that join in one round; each is in at most one of the first two arrays, once.

    Attributes:
        keep: the smaller number, by which the two are called from now on.
        gone: the other.
        score: bits of the mean weight between the two above the threshold.
        times: how many times as many people the larger of the two holds, 1 or more.
    """

    keep: Codes
    gone: Codes
    score: Bits
    times: Bits

    def moves(self, count: int) -> Codes:
        """Return what each of `count` groups is called after this round."""
        moved = np.arange(count, dtype=np.int64)
        moved[self.gone] = self.keep
        return moved


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
    label = np.arange(len(component), dtype=np.int64)
    for joined in rounds(evidence, groups, component, policy):
        label = joined.moves(len(component))[label]
    return label


def rounds(evidence: GroupEvidence, groups: Groups, component: Codes, policy: ClusterPolicy) -> Iterator[Round]:
    """Yield the rounds of `agglomerate`, of the same arguments; together they are the tree of each cluster."""
    count = len(component)
    groups = groups.part(np.arange(count, dtype=np.int64))
    while len(evidence.left):
        score = scores(evidence, groups, policy)
        joinable = score > 0
        alive = np.zeros(int(component.max()) + 1, dtype=np.bool_)
        alive[component[evidence.left[joinable]]] = True
        best = _mutual_best(evidence.left[joinable], evidence.right[joinable], score[joinable], count)
        keep, gone = evidence.left[joinable][best], evidence.right[joinable][best]
        one, other = np.maximum(groups.people[keep], 1.0), np.maximum(groups.people[gone], 1.0)
        joined = Round(keep, gone, score[joinable][best], np.maximum(one, other) / np.minimum(one, other))
        yield joined
        groups.absorb(keep, gone)
        evidence = _after(evidence.where(alive[component[evidence.left]]), joined.moves(count), keep)


def _mutual_best(left: Codes, right: Codes, score: Bits, count: int) -> Codes:
    """Return which pairs are each other's best; at least one when there are any."""
    best = np.full(count, -np.inf)
    np.maximum.at(best, left, score)
    np.maximum.at(best, right, score)
    top = np.flatnonzero((score == best[left]) & (score == best[right]))
    left, right = left[top], right[top]
    keys = left * np.int64(count) + right
    first = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(first, left, keys)
    np.minimum.at(first, right, keys)
    mutual: Codes = top[(first[left] == keys) & (first[right] == keys)]
    return mutual


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
