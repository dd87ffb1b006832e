"""The evidence between groups of records, in columns: what is added up when two groups become one.

Links and constraints between records come in; one row per pair of groups goes out, with the sums from which the mean
weight between the two follows. Weights are rounded to 2^-16 bits, so that sums are exact and no order of adding shows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from identity_graph.clusters.policy import ClusterPolicy
from identity_graph.links.types import Bits, Codes, Flags

__all__ = ["GroupEvidence", "Groups", "add_up", "counted", "row_sums", "scores"]

_GRAIN = 2.0**16

Sums = Bits
"""Columns: weight and number of pairs of two people, weight and number of other pairs, number of vetoes."""


@dataclass(frozen=True, slots=True)
class Groups:
    """What is known of each group besides its links.

    Attributes:
        people: records that say who somebody is.
        exclusive: per unique namespace the code of the group's value, -1 for none.
        sources: bit set of the duplicate-free sources it holds a record of.
    """

    people: Bits
    exclusive: tuple[Codes, ...]
    sources: Codes

    def apart(self, left: Codes, right: Codes) -> Flags:
        """Say of each pair of groups whether a unique namespace or a duplicate-free source keeps it apart."""
        kept: Flags = (self.sources[left] & self.sources[right]) != 0
        for code in self.exclusive:
            kept |= (code[left] >= 0) & (code[right] >= 0) & (code[left] != code[right])
        return kept

    def absorb(self, keep: Codes, gone: Codes) -> None:
        """Add groups to others; each group is in at most one of the two arrays, once."""
        self.people[keep] += self.people[gone]
        self.sources[keep] |= self.sources[gone]
        for code in self.exclusive:
            code[keep] = np.maximum(code[keep], code[gone])

    def part(self, rows: Codes) -> Groups:
        """Copy some groups, in the order given."""
        return Groups(self.people[rows], tuple(code[rows] for code in self.exclusive), self.sources[rows])


@dataclass(frozen=True, slots=True)
class GroupEvidence:
    """Evidence between pairs of groups, each pair once in no particular order.

    Attributes:
        left: group; below `right`.
        right: group.
        sums: pairs x 5, see `Sums`.
    """

    left: Codes
    right: Codes
    sums: Sums

    def where(self, wanted: Flags) -> GroupEvidence:
        """Keep some pairs."""
        return GroupEvidence(self.left[wanted], self.right[wanted], self.sums[wanted])

    def renamed(self, name: Codes) -> GroupEvidence:
        """Give each group another number; numbers keep their order."""
        return GroupEvidence(name[self.left], name[self.right], self.sums)


def counted(weight: Bits, policy: ClusterPolicy) -> Bits:
    """Return what single links count: within the policy's limits, in whole grains."""
    limited = np.clip(weight, -policy.strongest_against, policy.strongest_for)
    return np.asarray(np.rint(limited * _GRAIN) / _GRAIN)


def row_sums(weight: Bits, both_people: Flags, policy: ClusterPolicy) -> Sums:
    """Return the sums of single links."""
    capped = counted(weight, policy)
    sums = np.zeros((len(weight), 5))
    sums[both_people, 0], sums[both_people, 1] = capped[both_people], 1.0
    sums[~both_people, 2], sums[~both_people, 3] = capped[~both_people], 1.0
    return sums


def add_up(left: Codes, right: Codes, sums: Sums, count: int) -> GroupEvidence:
    """Sum over equal pairs of groups; pairs within one group drop out."""
    keep = left != right
    low, high = np.minimum(left, right)[keep], np.maximum(left, right)[keep]
    keys = low * np.int64(count) + high
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    if not len(keys):
        return GroupEvidence(low, high, sums[:0])
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    return GroupEvidence(
        keys[starts] // count, keys[starts] % count, np.add.reduceat(sums[keep][order], starts, axis=0)
    )


def scores(evidence: GroupEvidence, groups: Groups, policy: ClusterPolicy) -> Bits:
    """Return how far the mean weight between two groups lies above the threshold; minus infinity when kept apart.

    Pairs of two people decide by their mean, where a pair that nobody scored speaks against.
    Pairs with a record that says nothing of a person add their mean only where no two people were compared: many
    shared cookies weigh no more than one, and none outvotes what names say.
    """
    between = groups.people[evidence.left] * groups.people[evidence.right]
    of_people = evidence.sums[:, 0] - policy.strongest_against * (between - evidence.sums[:, 1])
    score = np.divide(of_people, between, out=np.zeros_like(between), where=between > 0)
    others = evidence.sums[:, 3]
    score += np.divide(
        evidence.sums[:, 2], others, out=np.zeros_like(others), where=(others > 0) & (evidence.sums[:, 1] == 0)
    )
    score -= policy.threshold_weight
    apart = (evidence.sums[:, 4] > 0) | groups.apart(evidence.left, evidence.right)
    return np.where(apart, -np.inf, score)
