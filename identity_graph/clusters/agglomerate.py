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

_MANY_TIES = 64
"""Pairs of equal scores in one component that are worth more than one joining a round."""


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
        Per group, the smallest group of its cluster. Ties go to the pair of smallest numbers; of very many ties in one
        component, several join at once (see `_mutual_best`).
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
        place = _places(evidence, component)
        best = _mutual_best(evidence.left[joinable], evidence.right[joinable], score[joinable], component, place)
        keep, gone = evidence.left[joinable][best], evidence.right[joinable][best]
        one, other = np.maximum(groups.people[keep], 1.0), np.maximum(groups.people[gone], 1.0)
        joined = Round(keep, gone, score[joinable][best], np.maximum(one, other) / np.minimum(one, other))
        yield joined
        groups.absorb(keep, gone)
        evidence = _after(evidence.where(alive[component[evidence.left]]), joined.moves(count), keep)


def _places(evidence: GroupEvidence, component: Codes) -> Codes:
    """Number the groups of each component from 0, in their order; groups without evidence get -1."""
    count = len(component)
    there = np.zeros(count, dtype=np.bool_)
    there[evidence.left] = there[evidence.right] = True
    rows = np.flatnonzero(there)
    rows = rows[np.argsort(component[rows], kind="stable")]
    home = component[rows]
    starts = np.flatnonzero(np.r_[True, home[1:] != home[:-1]])
    place = np.full(count, -1, dtype=np.int64)
    place[rows] = np.arange(len(rows)) - np.repeat(starts, np.diff(np.r_[starts, len(rows)]))
    return place


def _mutual_best(left: Codes, right: Codes, score: Bits, component: Codes, place: Codes) -> Codes:
    """Return which pairs are each other's best, no group twice; at least one of a component that has any.

    Of equal scores the pair of smallest numbers comes first. Where a component has many more, one pair a round would
    take as many rounds as groups: there each group that is left takes the one whose place differs from its own in the
    lowest binary digits, so that of groups that all fit alike half of the pairs join: 2 and 3, 4 and 5, and so on.
    """
    count = len(component)
    best = np.full(count, -np.inf)
    np.maximum.at(best, left, score)
    np.maximum.at(best, right, score)
    top = np.flatnonzero((score == best[left]) & (score == best[right]))
    first = top[_mutual_least(left[top], right[top], left[top] * np.int64(count) + right[top], count)]
    taken = np.zeros(count, dtype=np.bool_)
    taken[left[first]] = taken[right[first]] = True
    rest = top[~taken[left[top]] & ~taken[right[top]]]
    many = np.bincount(component[left[rest]], minlength=int(component.max()) + 1) > _MANY_TIES
    rest = rest[many[component[left[rest]]]]
    # No two partners of a group give it the same number.
    more = _mutual_least(left[rest], right[rest], place[left[rest]] ^ place[right[rest]], count)
    return np.concatenate([first, rest[more]])


def _mutual_least(left: Codes, right: Codes, rank: Codes, count: int) -> Codes:
    """Return which pairs have the least rank of all pairs of both their groups."""
    least = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(least, left, rank)
    np.minimum.at(least, right, rank)
    return np.flatnonzero((least[left] == rank) & (least[right] == rank))


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
