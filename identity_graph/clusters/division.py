"""Divides records into customers, public records after the others, so that they join no two known customers.

A LinkSet comes in; labels, the links as they counted, and suggestions go out. Without public records it is one
partition; with them, that of the trusted records alone comes first and is held together (docs/decisions/0013).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from identity_graph.clusters.partition import partition
from identity_graph.clusters.policy import ClusterPolicy
from identity_graph.clusters.start import components, held_together
from identity_graph.clusters.suggestions import Divided, Suggestion, suggestions
from identity_graph.clusters.visitors import without_contested
from identity_graph.links.types import Codes, Constraints, Links, LinkSet, Rows, Standing

__all__ = ["Division", "divide"]


@dataclass(frozen=True, slots=True)
class Division:
    """Who is one person.

    Attributes:
        labels: per record, the smallest row of its cluster.
        links: the links as they counted: those of visitors that people compete for weigh less than they were given.
        suggestions: known customers that only the word of a public key would join, ascending by rows.
    """

    labels: Rows
    links: Links
    suggestions: tuple[Suggestion, ...] = ()


def divide(count: int, found: LinkSet, policy: ClusterPolicy | None = None) -> Division:
    """Divide records into clusters.

    Args:
        count: number of records.
        found: links and constraints, and how far records are trusted.
        policy: thresholds; None is the defaults.

    Raises:
        InvalidSettingError, ConflictError: as `partition` does.

    Cost: near linear in records and links; with public records about twice that.
    """
    policy = policy or ClusterPolicy()
    if found.standing is None:
        return _divided(count, found.links, found.constraints, policy)
    trusted = ~found.standing.public
    inner = trusted[found.links.left] & trusted[found.links.right]
    first = _divided(count, found.links.where(inner), found.constraints, policy)
    customer = _customers(first.labels, found.standing)
    constraints = Constraints(
        must=np.concatenate([found.constraints.must, held_together(first.labels)]),
        cannot=found.constraints.cannot,
        exclusive=(*found.constraints.exclusive, customer),
        single_sources=found.constraints.single_sources,
    )
    weight = found.links.weight.copy()
    weight[inner] = first.links.weight
    links = replace(found.links, weight=weight)
    whole = _divided(count, links, constraints, policy)
    followed = _aliases(whole.labels, customer, found)
    if len(followed):
        constraints = replace(constraints, must=np.concatenate([constraints.must, followed]))
        whole = _divided(count, links, constraints, policy)
    return replace(whole, suggestions=suggestions(Divided(whole.labels, customer), found, policy))


def _divided(count: int, links: Links, constraints: Constraints, policy: ClusterPolicy) -> Division:
    links = without_contested(count, links, constraints, policy)
    return Division(partition(count, links, constraints, policy), links)


def _customers(label: Rows, standing: Standing) -> Codes:
    """Return per record the known customer that trusted records alone make it part of, -1 for none."""
    known = np.zeros(len(label), dtype=np.bool_)
    known[label[standing.known & ~standing.public]] = True
    return np.where(known[label], label, -1).astype(np.int64)


def _aliases(label: Rows, customer: Codes, found: LinkSet) -> Rows:
    """Return the aliases of public sources to follow: all that hang together tie at most one known customer."""
    assert found.standing is not None
    aliases = found.standing.aliases
    if not len(aliases):
        return aliases
    tied = components(len(label), label[aliases[:, 0]], label[aliases[:, 1]])[label]
    rows = np.flatnonzero(customer >= 0)
    least, most = np.full(len(label), len(label)), np.full(len(label), -1)
    np.minimum.at(least, tied[rows], customer[rows])
    np.maximum.at(most, tied[rows], customer[rows])
    refused = (most >= 0) & (least != most)
    cannot = found.constraints.cannot
    same = tied[cannot[:, 0]] == tied[cannot[:, 1]]
    refused[tied[cannot[same, 0]]] = True
    follow: Rows = aliases[~refused[tied[aliases[:, 0]]]]
    return follow
