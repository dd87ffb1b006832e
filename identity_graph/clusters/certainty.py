"""How certain each membership and each cluster is, and clusters cut back to what is certain enough.

Labels, links and constraints come in, probabilities or finer labels go out. A cluster is looked at as the tree in
which average linkage put it together: every joining of two groups is a claim that both are one person, and carries a
probability. How well the numbers hold is measured where labels are known (docs/decisions/0006).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from identity_graph.clusters.agglomerate import Round, rounds
from identity_graph.clusters.policy import ClusterPolicy
from identity_graph.clusters.start import smallest, start
from identity_graph.links.types import Bits, Codes, Constraints, Flags, Links, Rows, ascending

__all__ = ["Certainty", "Outside", "certainty", "outside"]

_GRAIN = 2.0**30
"""Bits are added in whole multiples of its inverse, so that sums are exact and no order of adding shows."""


@dataclass(frozen=True, slots=True)
class Certainty:
    """Certainty of a partition, each number a probability in 0..1.

    Attributes:
        labels: per record, the smallest row of its cluster, after clusters were cut to what is certain enough.
        membership: per record, that more than half of its cluster's records, itself among them, are of its person; of
            a record alone, that no record it was linked to is of its person.
        cluster: per record, that all records of its cluster are one person, which is the least of its memberships; of
            a record alone, its membership.
        right_pairs: per row that a cluster is called after, how many of its pairs are expected to be one person; 0 for
            other rows.
        doubt: the same rows: variance of that number.
    """

    labels: Rows
    membership: Bits
    cluster: Bits
    right_pairs: Bits
    doubt: Bits


@dataclass(frozen=True, slots=True)
class Outside:
    """Links between different clusters that no constraint forbids, and the chance that both are one person."""

    left: Rows
    right: Rows
    chance: Bits


def certainty(
    labels: Rows, links: Links, constraints: Constraints | None = None, policy: ClusterPolicy | None = None
) -> Certainty:
    """Say how certain each membership and each cluster is, and cut clusters to what the policy takes for certain.

    Two groups that join are one person with the probability of their mean weight, raised by a bit for each time the
    one is twice as large as the other: who was seen often is more likely behind a further record than who was seen
    once, and two groups of equal size may well be two people. A record is of the person of most others with the
    chance of the least likely of the joinings in which it was on the smaller side; a cluster is one person with
    that of its least likely joining. The joinings of one tree rest on much the same evidence, so their chances are
    not multiplied. What a must holds together is one person.

    Args:
        labels: from `partition`.
        links: the links it was given.
        constraints: the constraints it was given; None is nothing.
        policy: the policy it was given; None is the defaults. Joinings below its minimum certainty are undone: the
            smaller side leaves, of two equal ones that of the larger first row; what a must holds together never does.

    Raises:
        InvalidSettingError: the links are not as `partition` takes them.

    Cost: near linear in records and links.
    """
    constraints, policy = constraints or Constraints(), policy or ClusterPolicy()
    trees = _grow(labels, links, constraints, policy)
    membership = trees.membership[trees.held]
    if policy.minimum_certainty > 0:
        labels = smallest(trees.part[trees.held])
    else:
        strays = _strays(labels, trees)
        membership[strays] = np.minimum(membership[strays], _probability(np.array(-policy.strongest_against)))
    alone = np.bincount(labels, minlength=len(labels))[labels] == 1
    membership[alone] = _alone(labels, links, constraints, policy)[alone]
    least = np.ones(len(labels))
    np.minimum.at(least, labels, membership)
    parts = ascending(trees.part)
    first = labels[parts]
    right, doubt = (
        np.bincount(first, weights=sums[parts], minlength=len(labels)).astype(np.float64)
        for sums in (trees.right, trees.doubt)
    )
    return Certainty(labels, membership, least[labels], right, doubt)


def outside(labels: Rows, links: Links, constraints: Constraints, policy: ClusterPolicy) -> Outside:
    """Return what may have been missed: links between clusters, unless a constraint keeps the two records apart."""
    count = np.int64(len(labels))
    left, right = links.left, links.right
    cannot = np.sort(constraints.cannot.astype(np.int64), axis=1)
    forbidden = np.isin(left.astype(np.int64) * count + right, cannot[:, 0] * count + cannot[:, 1])
    for code in constraints.exclusive:
        forbidden |= (code[left] >= 0) & (code[right] >= 0) & (code[left] != code[right])
    if constraints.single_sources is not None:
        source = constraints.single_sources
        forbidden |= (source[left] >= 0) & (source[left] == source[right])
    counts = (labels[left] != labels[right]) & ~forbidden
    weight = np.clip(links.weight[counts], -policy.strongest_for, policy.strongest_for)
    return Outside(left[counts], right[counts], _probability(weight))


class _Trees:
    """Clusters as they grow from groups; arrays are per group, numbered like rows.

    Attributes:
        held: per record, its first group.
        membership: per first group, its least likely joining on the smaller side.
        part: per first group, the part it is in by now: what joinings of the minimum certainty or more hold together.
        size: records of each part.
        right: pairs of each part that are expected to be one person.
        doubt: variance of that number.
    """

    def __init__(self, held: Codes, minimum: float) -> None:
        count = len(held)
        self.held = held
        self.membership = np.ones(count)
        self.part = np.arange(count, dtype=np.int64)
        self.size = np.bincount(held, minlength=count)
        self.right = self.size * (self.size - 1) / 2.0
        self.doubt = np.zeros(count)
        self._minimum = minimum
        self._all = self.size.copy()
        self._trunk = np.arange(count, dtype=np.int64)

    def join(self, joined: Round, chance: Bits) -> None:
        """Join pairs of groups that are one person with these chances."""
        keep, gone = joined.keep, joined.gone
        agreed = chance >= self._minimum
        self._unite(self.part[self._trunk[keep[agreed]]], self.part[self._trunk[gone[agreed]]], chance[agreed])
        larger = np.where(self._all[gone] > self._all[keep], gone, keep)
        self._trunk[keep] = self._trunk[larger]
        self._all[keep] += self._all[gone]

    def _unite(self, one: Codes, other: Codes, chance: Bits) -> None:
        count = len(self.part)
        doubt = np.ones(count)
        doubt[one] = np.where(self.size[one] <= self.size[other], chance, 1.0)
        doubt[other] = np.where(self.size[other] <= self.size[one], chance, 1.0)
        self.membership = np.minimum(self.membership, doubt[self.part])
        named = np.arange(count, dtype=np.int64)
        named[other] = one
        pairs = self.size[one] * self.size[other]
        self.right[one] += self.right[other] + pairs * chance
        self.doubt[one] += self.doubt[other] + pairs**2 * chance * (1.0 - chance)
        self.size[one] += self.size[other]
        self.part = named[self.part]


def _grow(labels: Rows, links: Links, constraints: Constraints, policy: ClusterPolicy) -> _Trees:
    """Put the clusters together again; groups are records, or what musts hold together."""
    inside = labels[links.left] == labels[links.right]
    within = Links(links.left[inside], links.right[inside], links.weight[inside], links.kind[inside], links.people)
    begun = start(len(labels), within, constraints, policy)
    trees = _Trees(begun.held, policy.minimum_certainty)
    for joined in rounds(begun.evidence, begun.groups, labels.astype(np.int64), policy):
        weight = joined.score + policy.threshold_weight + np.log2(joined.times)
        trees.join(joined, _probability(np.minimum(weight, policy.strongest_for)))
    return trees


def _strays(labels: Rows, trees: _Trees) -> Flags:
    """Say which records share a label with others that no joining holds them to, the largest part excepted."""
    count = len(labels)
    part = trees.part[trees.held]
    parts = ascending(part)
    largest = np.zeros(count, dtype=np.int64)
    np.maximum.at(largest, labels[parts], trees.size[parts])
    equals = np.bincount(labels[parts], weights=trees.size[parts] == largest[labels[parts]], minlength=count)
    strays: Flags = (trees.size[part] < largest[labels]) | (equals[labels] > 1)
    return strays


def _alone(labels: Rows, links: Links, constraints: Constraints, policy: ClusterPolicy) -> Bits:
    """Return per record the chance that none of its links to other clusters is right."""
    found = outside(labels, links, constraints, policy)
    bits = np.rint(np.log2(1.0 - found.chance) * _GRAIN)
    sums = np.zeros(len(labels))
    for ends in (found.left, found.right):
        sums += np.bincount(ends, weights=bits, minlength=len(labels))
    return np.asarray(np.exp2(sums / _GRAIN))


def _probability(weight: Bits) -> Bits:
    """Turn weights into probabilities."""
    return np.asarray(1.0 / (1.0 + np.exp2(-weight)))
