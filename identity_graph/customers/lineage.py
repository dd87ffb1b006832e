"""Turns a new assignment of ids into lineage entries: who was created, changed, merged, split or retired, and why.

Former memberships, groups and their ids come in; plain values ready for JSON go out, in one order however the input
was ordered. Writing them is `customers.store`'s work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from identity_graph.customers.ids import GroupId, HeldId, IdAssignment, IdKind
from identity_graph.model import ChangeKind

__all__ = ["CustomerChange", "answered_by_others", "lineage_changes"]


@dataclass(frozen=True, slots=True)
class CustomerChange:
    """One lineage entry.

    Attributes:
        kind: what happened.
        customer_id: the customer it happened to.
        data: what to say about it, JSON-ready. Record lists are ascending.
            created: `records`, `restored` (a merge was taken back).
            updated: `added` (other than by a merge), `removed` (to no other customer); and, told by `customers.plan`,
                `traits` (attribute -> `before`, `after`) where golden values changed.
            merged: `survivor`, `absorbed` (list of `id`, `records` it last stood for); and, told by `customers.plan`,
                `edges` (what joined them, the strongest first) and `decision_id` (the steward's, else None).
            split: `from`, `into` (list of `id`, `records`), `records` that stayed; and, told by `customers.plan`,
                `decision_id` (the steward's, else None).
            retired: `successor` (None when its records are gone), `records` it last stood for. Said again of an id that
                another customer answers for from now on.
    """

    kind: ChangeKind
    customer_id: str
    data: Mapping[str, Any]


def lineage_changes(
    former: Mapping[str, str], groups: Sequence[tuple[str, ...]], assignment: IdAssignment
) -> tuple[CustomerChange, ...]:
    """Say what changed between the former memberships and the new ones.

    Args:
        former: record key -> customer id until now, of every record of the groups and of every record that any of
            their customers had (a record that is in no group any more has left).
        groups: record keys of each group, ascending.
        assignment: their ids.

    Returns:
        Changes by kind in order of ChangeKind, then by customer id. A customer whose records did not change has none.
    """
    before: dict[str, set[str]] = defaultdict(set)
    for key, customer_id in former.items():
        before[customer_id].add(key)
    moved: dict[str, dict[str, list[str]]] = {customer_id: {} for customer_id in before}
    for group, one in zip(groups, assignment.groups, strict=True):
        for key in group:
            if key in former:
                moved[former[key]].setdefault(one.id, []).append(key)
    changes = []
    for group, one in zip(groups, assignment.groups, strict=True):
        changes.extend(_of_group(group, one, before, moved))
    carried = {one.id for one in assignment.groups}
    for customer_id, homes in moved.items():
        if len(homes) > 1:
            changes.append(_split(customer_id, homes))
        if customer_id not in carried:
            data = {"successor": assignment.retired.get(customer_id), "records": sorted(before[customer_id])}
            changes.append(CustomerChange(ChangeKind.RETIRED, customer_id, data))
    order = {kind: position for position, kind in enumerate(ChangeKind)}
    return tuple(sorted(changes, key=lambda change: (order[change.kind], change.customer_id)))


def answered_by_others(held: Iterable[HeldId], assignment: IdAssignment) -> tuple[CustomerChange, ...]:
    """Say for which retired ids another customer answers now: one that does not follow from who retired just now.

    Args:
        held: ids given out earlier.
        assignment: their ids.

    Returns:
        Changes by customer id.
    """
    changes = []
    for one in sorted(held, key=lambda one: one.id):
        if not one.retired or one.id not in assignment.retired:
            continue
        heir = assignment.retired[one.id]
        expected = one.successor if one.successor is None else assignment.retired.get(one.successor, one.successor)
        if heir != expected:
            data = {"successor": heir, "records": sorted(one.records)}
            changes.append(CustomerChange(ChangeKind.RETIRED, one.id, data))
    return tuple(changes)


def _of_group(
    group: tuple[str, ...],
    one: GroupId,
    before: Mapping[str, set[str]],
    moved: Mapping[str, Mapping[str, list[str]]],
) -> list[CustomerChange]:
    """Return what the birth or the growth of one group means."""
    changes = []
    own = before.get(one.id, set())
    if one.kind is not IdKind.KEPT:
        data = {"records": list(group), "restored": one.kind is IdKind.RESTORED}
        changes.append(CustomerChange(ChangeKind.CREATED, one.id, data))
    else:
        swallowed = set().union(*(before.get(name, set()) for name in one.absorbed))
        elsewhere = {key for home, keys in moved.get(one.id, {}).items() if home != one.id for key in keys}
        added, removed = set(group) - own - swallowed, own - set(group) - elsewhere
        if added or removed:
            data = {"added": sorted(added), "removed": sorted(removed)}
            changes.append(CustomerChange(ChangeKind.UPDATED, one.id, data))
    if one.absorbed:
        absorbed = [{"id": name, "records": sorted(before.get(name, ()))} for name in one.absorbed]
        changes.append(CustomerChange(ChangeKind.MERGED, one.id, {"survivor": one.id, "absorbed": absorbed}))
    return changes


def _split(customer_id: str, homes: Mapping[str, list[str]]) -> CustomerChange:
    """Describe where the records of one customer went."""
    into = [{"id": home, "records": sorted(homes[home])} for home in sorted(homes) if home != customer_id]
    data = {"from": customer_id, "into": into, "records": sorted(homes.get(customer_id, ()))}
    return CustomerChange(ChangeKind.SPLIT, customer_id, data)
