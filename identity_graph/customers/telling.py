"""Completes lineage entries with what receivers of the change feed ask for: what joined a merge, which values changed.

Lineage entries and what is known of the customers come in; the entries go out, with an entry more for each customer
that kept its records and only says something else now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from identity_graph.customers.lineage import CustomerChange
from identity_graph.model import ChangeKind
from identity_graph.roles import CUSTOMER_FIELDS

__all__ = ["Merge", "Witness", "with_other_values", "with_witness"]


@dataclass(frozen=True, slots=True)
class Merge:
    """Customers that become one.

    Attributes:
        survivor: the id that stays.
        absorbed: the ids that end, ascending.
        former: record -> the customer it had until now (None for a new one), of all records of the survivor.
    """

    survivor: str
    absorbed: tuple[str, ...]
    former: Mapping[str, str | None]


class Witness(Protocol):
    """Says why customers came together or apart, of many changes at once; see `explain.joining`."""

    def joined(self, merges: Sequence[Merge]) -> Sequence[Sequence[Mapping[str, Any]]]:
        """Return for each merge the links that joined it, the strongest first."""
        ...

    def parted(self, splits: Sequence[Mapping[str, Any]]) -> Sequence[str | None]:
        """Return for each split, as its entry tells it, the decision that parted it; None where none did."""
        ...


def with_witness(
    changes: Sequence[CustomerChange], former: Mapping[str, Mapping[str, str | None]], witness: Witness
) -> list[CustomerChange]:
    """Return the entries, merges with the links that joined them, and both merges and splits with the decision if any.

    Args:
        changes: lineage entries.
        former: customer id -> its records -> the customer each had until now, of every survivor.
        witness: asked once for all merges and once for all splits.
    """
    told = list(changes)
    places = [place for place, change in enumerate(told) if change.kind is ChangeKind.MERGED]
    merges = [
        Merge(told[place].customer_id, tuple(one["id"] for one in told[place].data["absorbed"]),
              former[told[place].customer_id])
        for place in places
    ]  # fmt: skip
    for place, links in zip(places, witness.joined(merges) if merges else (), strict=True):
        decided = next((link["decision_id"] for link in links if link["decision_id"]), None)
        told[place] = _with(told[place], edges=list(links), decision_id=decided)
    places = [place for place, change in enumerate(told) if change.kind is ChangeKind.SPLIT]
    splits = [told[place].data for place in places]
    for place, decision in zip(places, witness.parted(splits) if splits else (), strict=True):
        told[place] = _with(told[place], decision_id=decision)
    return told


def with_other_values(
    changes: Sequence[CustomerChange],
    before: Mapping[str, Mapping[str, Any]],
    after: Mapping[str, Mapping[str, Any]],
) -> list[CustomerChange]:
    """Return the entries, with which golden values are others now.

    Args:
        changes: lineage entries.
        before: customer id -> its values until now, of the customers that stay.
        after: customer id -> its values from now on, of these at least.
    """
    told = list(changes)
    updates = {change.customer_id: place for place, change in enumerate(told) if change.kind is ChangeKind.UPDATED}
    for customer_id, earlier in before.items():
        now = after[customer_id]
        traits = {
            name: {"before": earlier.get(name), "after": now.get(name)}
            for name in sorted((earlier.keys() | now.keys()) - CUSTOMER_FIELDS)
            if earlier.get(name) != now.get(name)
        }
        if not traits:
            continue
        if customer_id not in updates:
            updates[customer_id] = len(told)
            told.append(CustomerChange(ChangeKind.UPDATED, customer_id, {"added": [], "removed": []}))
        told[updates[customer_id]] = _with(told[updates[customer_id]], traits=traits)
    return told


def _with(change: CustomerChange, **more: Any) -> CustomerChange:
    return replace(change, data={**change.data, **more})
