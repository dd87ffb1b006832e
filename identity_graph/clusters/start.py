"""Where clustering starts: the groups that musts hold together, and the evidence between them.

Links and constraints come in, groups numbered like rows and their evidence go out. The partition and its certainty
both start here, so they mean the same groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from identity_graph.clusters.evidence import GroupEvidence, Groups, add_up, row_sums
from identity_graph.clusters.policy import ClusterPolicy
from identity_graph.errors import ConflictError, InvalidSettingError
from identity_graph.links.types import Codes, Constraints, Links, Rows

__all__ = ["Start", "components", "held_together", "smallest", "start"]


@dataclass(frozen=True, slots=True)
class Start:
    """Groups before any joined another for its links.

    Attributes:
        held: per record the group that musts hold it in, called after its smallest row.
        groups: row i is group i; groups that joined another are empty.
        evidence: between groups.
    """

    held: Codes
    groups: Groups
    evidence: GroupEvidence


def start(count: int, links: Links, constraints: Constraints, policy: ClusterPolicy) -> Start:
    """Hold together what must be, and add up the links between what is left.

    Args:
        count: number of records.
        links: evidence between them, in any order, each pair once.
        constraints: what holds whatever the weights say.
        policy: how much a single weight counts.

    Raises:
        InvalidSettingError: a link appears twice, has no finite weight or a row outside 0..count - 1.
        ConflictError: a must contradicts a cannot.
    """
    _check(count, links)
    held = components(count, constraints.must[:, 0], constraints.must[:, 1])
    return Start(held, _groups(count, links, constraints, held), _evidence(links, constraints, held, policy))


def components(count: int, left: Codes | Rows, right: Codes | Rows) -> Codes:
    """Label nodes with the smallest node of their connected component."""
    if not len(left):
        return np.arange(count, dtype=np.int64)
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(count, count))
    return smallest(connected_components(graph, directed=False)[1]).astype(np.int64)


def held_together(label: Codes | Rows) -> Rows:
    """Return the musts that hold clusters together: each record and the row that its cluster is called after."""
    rows = np.flatnonzero(label != np.arange(len(label)))
    return np.stack([label[rows], rows], axis=1).astype(np.int32)


def smallest(label: Codes) -> Rows:
    """Rename groups to their smallest member."""
    _, first, group = np.unique(label, return_index=True, return_inverse=True)
    return first[group].astype(np.int32)


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
    same = components(top + len(codes), codes[known], held[known] + top)
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
