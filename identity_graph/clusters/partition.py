"""The pure function from links and constraints to a partition of the records.

Connected components first; components in which everything agrees are clusters as they stand; the others are clustered
by average linkage under the constraints. There is no randomness, clock or memory, and a component's clusters depend
on nothing outside it.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from identity_graph.clusters.agglomerate import agglomerate
from identity_graph.clusters.evidence import GroupEvidence, Groups, add_up, row_sums, scores
from identity_graph.clusters.policy import ClusterPolicy
from identity_graph.errors import ConflictError, InvalidSettingError
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
    _check(count, links)
    held = _components(count, constraints.must[:, 0], constraints.must[:, 1])
    groups = _groups(count, links, constraints, held)
    evidence = _evidence(links, constraints, held, policy)
    label = _cluster(evidence, groups, policy)[held]
    return _smallest(label)


def _cluster(evidence: GroupEvidence, groups: Groups, policy: ClusterPolicy) -> Codes:
    """Label groups (numbered like rows) with the smallest group of their cluster."""
    count = len(groups.people)
    score = scores(evidence, groups, policy)
    component = _components(count, evidence.left[score > 0], evidence.right[score > 0])
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


def _groups(count: int, links: Links, constraints: Constraints, held: Codes) -> Groups:
    """Describe the groups that musts hold together; row i is group i, groups that joined another are empty."""
    people = np.ones(count) if links.people is None else links.people.astype(np.float64)
    sources = np.zeros(count, dtype=np.int64)
    if constraints.single_sources is not None:
        known = constraints.single_sources >= 0
        sources[known] = np.int64(1) << constraints.single_sources[known]
    exclusive = tuple(_one_value(codes, held) for codes in constraints.exclusive)
    united = np.zeros(count, dtype=np.int64)
    np.bitwise_or.at(united, held, sources)
    return Groups(np.bincount(held, weights=people, minlength=count).astype(np.float64), exclusive, united)


def _one_value(codes: Codes, held: Codes) -> Codes:
    """Return each group's value of a unique namespace; values that a must brings together count as one."""
    known = np.flatnonzero(codes >= 0)
    value = np.full(len(codes), -1, dtype=np.int64)
    if not len(known):
        return value
    top = int(codes.max()) + 1
    same = _components(top + len(codes), codes[known], held[known] + top)
    value[held[known]] = same[codes[known]]
    return value


def _evidence(links: Links, constraints: Constraints, held: Codes, policy: ClusterPolicy) -> GroupEvidence:
    """Add up the links between groups, with the cannots as vetoes."""
    left, right = links.left.astype(np.int64), links.right.astype(np.int64)
    both = np.ones(len(left), dtype=np.bool_) if links.people is None else links.people[left] & links.people[right]
    vetoes = np.zeros((len(constraints.cannot), 5))
    vetoes[:, 4] = 1.0
    one, other = held[constraints.cannot[:, 0]], held[constraints.cannot[:, 1]]
    if (one == other).any():
        rows = constraints.cannot[np.flatnonzero(one == other)[0]].tolist()
        raise ConflictError(
            f"Records in rows {rows[0]} and {rows[1]} must be together and cannot be together.",
            ids=[str(row) for row in rows],
            next_step="Undo one of the decisions.",
        )
    return add_up(
        np.concatenate([held[left], one]),
        np.concatenate([held[right], other]),
        np.concatenate([row_sums(links.weight, both, policy), vetoes]),
        len(held),
    )


def _check(count: int, links: Links) -> None:
    if not len(links.left):
        return
    if int(links.left.min()) < 0 or int(links.right.max()) >= count or (links.left >= links.right).any():
        raise InvalidSettingError(f"A link does not join two of the {count} rows, the smaller one left.")
    if not np.isfinite(links.weight).all():
        raise InvalidSettingError("A link has a weight that is not finite.")
    keys = np.sort(links.left.astype(np.int64) * count + links.right)
    if (keys[1:] == keys[:-1]).any():
        raise InvalidSettingError("A link appears twice.")


def _components(count: int, left: Codes | Rows, right: Codes | Rows) -> Codes:
    """Label nodes with the smallest node of their connected component."""
    if not len(left):
        return np.arange(count, dtype=np.int64)
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(count, count))
    return _smallest(connected_components(graph, directed=False)[1]).astype(np.int64)


def _smallest(label: Codes) -> Rows:
    """Rename groups to their smallest member."""
    _, first, group = np.unique(label, return_index=True, return_inverse=True)
    return first[group].astype(np.int32)
