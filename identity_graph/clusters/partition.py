"""The pure function from links and constraints to a partition of the records.

Connected components first; components in which everything agrees are clusters as they stand; the others are clustered
by average linkage under the constraints. There is no randomness, clock or memory, and a component's clusters depend
on nothing outside it.
"""

from __future__ import annotations

import numpy as np

from identity_graph.clusters.agglomerate import agglomerate
from identity_graph.clusters.evidence import GroupEvidence, Groups, scores
from identity_graph.clusters.policy import ClusterPolicy
from identity_graph.clusters.start import components, smallest, start
from identity_graph.links.types import Codes, Constraints, Flags, Links, Rows, ascending

__all__ = ["partition"]


def partition(
    count: int, links: Links, constraints: Constraints | None = None, policy: ClusterPolicy | None = None
) -> Rows:
    """Divide records into clusters, each one person.

    Args:
        count: number of records.
        links: evidence between them, in any order, each pair once.
        constraints: what holds whatever the weights say; None is nothing.
        policy: thresholds; None is the defaults.

    Returns:
        Per record, the smallest row of its cluster. Records that must be together are; records that cannot be
        together, or that a unique namespace or a duplicate-free source keeps apart, are not, also not through others.
        Equal scores are settled in favour of smaller rows, else the numbering of rows has no influence.

    Raises:
        InvalidSettingError: a link appears twice, has no finite weight or a row outside 0..count - 1.
        ConflictError: a must contradicts a cannot.

    Cost: near linear in records and links; memory linear.
    """
    constraints, policy = constraints or Constraints(), policy or ClusterPolicy()
    begun = start(count, links, constraints, policy)
    label = _cluster(begun.evidence, begun.groups, policy)[begun.held]
    return smallest(label)


def _cluster(evidence: GroupEvidence, groups: Groups, policy: ClusterPolicy) -> Codes:
    """Label groups (numbered like rows) with the smallest group of their cluster."""
    count = len(groups.people)
    score = scores(evidence, groups, policy)
    component = components(count, evidence.left[score > 0], evidence.right[score > 0])
    inside = component[evidence.left] == component[evidence.right]
    evidence, score = evidence.where(inside), score[inside]
    clean = _clean(evidence, groups, component, score > 0)
    label = np.where(clean[component], component, np.arange(count))
    evidence = evidence.where(~clean[component[evidence.left]])
    rows = ascending(np.concatenate([evidence.left, evidence.right]))
    name = np.zeros(count, dtype=np.int64)
    name[rows] = np.arange(len(rows))
    label[rows] = rows[agglomerate(evidence.renamed(name), groups.part(rows), component[rows], policy)]
    return label


def _clean(evidence: GroupEvidence, groups: Groups, component: Codes, joins: Flags) -> Flags:
    """Say of each component whether it is one cluster at sight: all links join and all its people were compared."""
    count = len(component)
    home = component[evidence.left]
    refused = np.bincount(home[~joins], minlength=count) > 0
    people = np.bincount(component, weights=groups.people, minlength=count)
    within = np.bincount(component, weights=groups.people * groups.people, minlength=count)
    compared = np.bincount(home, weights=evidence.sums[:, 1], minlength=count)
    clean: Flags = ~refused & (compared >= (people * people - within) / 2)
    for code in groups.exclusive:
        known = code >= 0
        least = np.full(count, np.iinfo(np.int64).max)
        most = np.full(count, -1, dtype=np.int64)
        np.minimum.at(least, component[known], code[known])
        np.maximum.at(most, component[known], code[known])
        clean &= least >= most
    if groups.sources.any():
        union = np.zeros(count, dtype=np.int64)
        np.bitwise_or.at(union, component, groups.sources)
        bits = np.bincount(component, weights=np.bitwise_count(groups.sources), minlength=count)
        clean &= np.bitwise_count(union) == bits
    return clean
