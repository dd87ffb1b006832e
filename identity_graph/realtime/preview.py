"""Whom a record would be with if it arrived now: it is put among the records in memory, resolved, and taken out again.

The records and memberships in memory and one record come in; the customer it would resolve to and those it has to do
with go out. The code that resolves a step does it, so the answer is what the step would do. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from identity_graph.customers.plan import PlanInput, plan_customers
from identity_graph.customers.regroup import regroup
from identity_graph.customers.store import CustomerStore
from identity_graph.facts.prepare import RecordRow
from identity_graph.model import Decision
from identity_graph.pipeline.linking import LinkingOptions
from identity_graph.realtime.holdings import Holdings
from identity_graph.realtime.index import LiveIndex
from identity_graph.realtime.placed import Found, PlacedCustomer, Speaker, placed_customers, rivals
from identity_graph.realtime.scope import Scope, link_scope

__all__ = ["Preview", "preview"]

_MOST_TIES = 50
"""Links that are put into words: the strongest."""


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom a record would be with.

    Attributes:
        customer_id: the customer it would resolve to; None for one that is new.
        customers: the customers it has to do with as they are now, those it would join first.
        complete: all records were candidates.
    """

    customer_id: str | None
    customers: tuple[PlacedCustomer, ...]
    complete: bool = True


def preview(
    index: LiveIndex,
    holdings: Holdings,
    decisions: Sequence[Decision],
    linking: LinkingOptions,
    store: CustomerStore,
    record: RecordRow,
) -> Preview:
    """Say whom a record would be with.

    Args:
        index: the records; the same again afterwards, also after an error.
        holdings: who resolves to whom.
        decisions: stewards' decisions in force.
        linking: how to link.
        store: asked, where customers would merge or split, which of their ids stays.
        record: its key is held by no record.

    Returns:
        The answer; costs what a step with that record alone costs, without its writing.
    """
    key = str(record[0]["key"])
    index.put([record], holdings.alone)
    try:
        scope = link_scope(index, {key}, decisions, holdings, linking)
        found = _found(index, scope, key, linking)
        seen = {*found.joined, *(tie.key for tie in found.ties)}
        customer_of = {other: name for other in seen if (name := holdings.customer(other)) is not None}
        heir = _customer_after(index, holdings, scope, store, key, found.joined)
    finally:
        index.put([({"key": key, "deleted": True}, ())], holdings.alone)
    return Preview(heir, placed_customers(found, customer_of))


def _found(index: LiveIndex, scope: Scope, key: str, linking: LinkingOptions) -> Found:
    keys: list[str] = scope.records["key"].to_pylist()
    own, labels, links = keys.index(key), scope.found.labels, scope.links
    mine = np.flatnonzero((links.left == own) | (links.right == own)).tolist()
    strength = dict(index.neighbours.of(key))
    for place in mine:
        other = keys[int(links.right[place] if links.left[place] == own else links.left[place])]
        strength[other] = float(links.weight[place])
    speaker = Speaker(index.matcher, index.records.identifiers, linking.rules, index.left_out)
    strongest = sorted(strength, key=lambda other: (-strength[other], other))[:_MOST_TIES]
    ties = tuple(speaker.tie(key, other, strength[other]) for other in strongest)
    others = ((other, index.records.identifiers(other)) for other in strongest)
    joined = frozenset(keys[row] for row in np.flatnonzero(labels == labels[own]).tolist()) - {key}
    return Found(
        joined, ties, linking.policy.threshold_weight, rivals(index.records.identifiers(key), others, linking.rules)
    )


def _customer_after(
    index: LiveIndex, holdings: Holdings, scope: Scope, store: CustomerStore, key: str, joined: frozenset[str]
) -> str | None:
    """Return the customer that a record would resolve to; None for one that is new."""
    if not joined:
        return None
    first = next(iter(joined))
    if joined == set(holdings.fellows(first)):
        return holdings.customer(first)  # the record is all that is new to it
    rows = np.flatnonzero(scope.core)
    records = scope.records.take(rows)
    keys: list[str] = records["key"].to_pylist()
    nothing = np.zeros(len(keys))
    regrouping = regroup(
        records["key"].combine_chunks(), scope.found.labels[rows], holdings.table(keys), nothing.astype(np.bool_)
    )
    given = PlanInput(records, index.roles, nothing, nothing, regrouping, run=0, at="", first_run=False)
    name = plan_customers(store, given).membership()[keys.index(key)]
    return name if name is not None and store.existing([name]) else None
