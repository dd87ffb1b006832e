"""Plans what a new partition changes about the customers, as change sets that each hold whole families of customers.

Records, the regrouping and the store come in; change sets go out one by one, so memory stays flat. Groups that never
met a customer are written in plain batches; groups that share present or former customers are kept in one change set,
so that a merge or a split is never half done.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from identity_graph.customers.golden import golden_values
from identity_graph.customers.ids import GroupId, HeldId, IdAssignment, IdKind, assign_ids
from identity_graph.customers.lineage import CustomerChange, answered_by_others, lineage_changes
from identity_graph.customers.minting import Mint
from identity_graph.customers.regroup import Regrouping
from identity_graph.customers.store import ChangeSet, CustomerStore
from identity_graph.customers.telling import Witness, with_other_values, with_witness
from identity_graph.model import ChangeKind
from identity_graph.roles import Role
from identity_graph.tables import Table

__all__ = ["CustomerPlan", "PlanInput", "plan_customers"]

_RECORDS_AT_ONCE = 2_500


@dataclass(frozen=True, slots=True)
class PlanInput:
    """What planning needs.

    Attributes:
        records: record table sorted by key.
        roles: attribute -> role.
        certainty: per record row, how certain its cluster is, 0..1.
        membership: per record row, how certain it is of its cluster, 0..1.
        regrouping: the groups that need work.
        run: number of the run.
        at: time of the run, ISO-8601 UTC.
        first_run: no customer was ever written.
        step: part of a run that writes in many; None is the whole of it.
        witness: says what joined or parted customers; None leaves it unsaid.
        regraded: per record row, whether its certainty differs from what the graph says; None writes that of all.
        content: per record row, whether it may say something new, so that golden values may differ; None is all.
    """

    records: Table
    roles: Mapping[str, Role]
    certainty: npt.NDArray[np.float64]
    membership: npt.NDArray[np.float64]
    regrouping: Regrouping
    run: int
    at: str
    first_run: bool
    step: int | None = None
    witness: Witness | None = None
    regraded: npt.NDArray[np.bool_] | None = None
    content: npt.NDArray[np.bool_] | None = None

    @property
    def name(self) -> str:
        """What lineage entries of this plan are called after."""
        return f"{self.run}" if self.step is None else f"{self.run}.{self.step}"


@dataclass(frozen=True, slots=True)
class _Family:
    """Groups that share customers, with what becomes of the ids."""

    rows: tuple[npt.NDArray[np.int32], ...]
    ids: tuple[GroupId, ...]
    gone: tuple[tuple[str, str], ...]
    retired: tuple[tuple[str, str | None], ...]
    changes: tuple[CustomerChange, ...]


class CustomerPlan:
    """The change sets of one run, and the membership they lead to."""

    def __init__(self, store: CustomerStore, given: PlanInput, families: Sequence[_Family]) -> None:
        self._store = store
        self._given = given
        self._families = families
        self._keys: list[str] = given.records["key"].to_pylist()
        # In order of name: what a customer says must not tell in which order sources came.
        self._attributes = sorted(given.roles.keys() & set(given.records.column_names))
        self._changes = Counter(change.kind.value for family in families for change in family.changes)

    @property
    def changes(self) -> dict[str, int]:
        """Count the lineage entries by kind; of customers with other values only, those in change sets so far."""
        return dict(self._changes)

    @property
    def total(self) -> int:
        """Number of customers that will be written."""
        return sum(len(family.ids) for family in self._families) + len(self._given.regrouping.refreshed)

    def membership(self) -> list[str | None]:
        """Return the customer id of each record row after the run."""
        after = list(self._given.regrouping.before)
        for family in self._families:
            for rows, one in zip(family.rows, family.ids, strict=True):
                for row in rows.tolist():
                    after[row] = one.id
        return after

    def change_sets(self) -> Iterator[tuple[int, ChangeSet]]:
        """Yield (customers written, change set), families in order, then the customers with new content only."""
        waiting: list[_Family] = []
        size = 0
        for family in self._families:
            waiting.append(family)
            size += sum(len(rows) for rows in family.rows) + len(family.gone)
            if size >= _RECORDS_AT_ONCE:
                yield self._change_set(waiting)
                waiting, size = [], 0
        if waiting:
            yield self._change_set(waiting)
        refreshed = self._given.regrouping.refreshed
        for start in range(0, len(refreshed), _RECORDS_AT_ONCE):
            some = refreshed[start : start + _RECORDS_AT_ONCE]
            content = self._given.content
            new = [(name, rows) for name, rows in some if content is None or content[rows].any()]
            customers = self._customers([rows for _, rows in new], [name for name, _ in new])
            changes = self._change_rows([], customers, [name for name, _ in new])
            told = {name for name, _ in new}
            certain = [self._graded_customer(name, rows) for name, rows in some if name not in told]
            places = ((row, name) for name, rows in some for row in rows.tolist())
            graded = [self._membership(row, name) for row, name in places if self._regraded(row)]
            yield len(some), ChangeSet(customers=customers, certain=certain, graded=graded, changes=changes)

    def _change_set(self, families: Sequence[_Family]) -> tuple[int, ChangeSet]:
        before, cause = self._given.regrouping.before, self._cause
        groups = [rows for family in families for rows in family.rows]
        names = [one.id for family in families for one in family.ids]
        closed = [{"record_key": key, "customer_id": customer} for family in families for key, customer in family.gone]
        opened: list[dict[str, Any]] = []
        graded: list[dict[str, Any]] = []
        for rows, name in zip(groups, names, strict=True):
            for row in rows.tolist():
                if before[row] == name:
                    if self._regraded(row):
                        graded.append(self._membership(row, name))
                    continue
                if before[row] is not None:
                    closed.append({"record_key": self._keys[row], "customer_id": before[row]})
                opened.append({**self._membership(row, name), "cause": cause})
        retired = [{"id": name, "successor": heir} for family in families for name, heir in family.retired]
        customers = self._customers(groups, names)
        kept = [one.id for family in families for one in family.ids if one.kind is IdKind.KEPT]
        changes = [change for family in families for change in family.changes]
        if self._given.witness is not None:
            merging = {change.customer_id for change in changes if change.kind is ChangeKind.MERGED}
            former = {
                name: {self._keys[row]: before[row] for row in rows.tolist()}
                for rows, name in zip(groups, names, strict=True)
                if name in merging
            }
            changes = with_witness(changes, former, self._given.witness)
        return len(groups), ChangeSet(
            customers, (), closed, opened, graded, retired, self._change_rows(changes, customers, kept)
        )

    def _regraded(self, row: int) -> bool:
        return self._given.regraded is None or bool(self._given.regraded[row])

    def _graded_customer(self, name: str, rows: npt.NDArray[np.int32]) -> dict[str, Any]:
        """Build the row of a customer of which nothing but the certainty is new."""
        return {"id": name, "certainty": float(self._given.certainty[rows[0]])}

    def _membership(self, row: int, name: str) -> dict[str, Any]:
        certainty = float(self._given.membership[row])
        return {"record_key": self._keys[row], "customer_id": name, "certainty": certainty}

    @property
    def _cause(self) -> str:
        return f"run {self._given.run}"

    def _change_rows(
        self, changes: Sequence[CustomerChange], customers: Sequence[Mapping[str, Any]], kept: Sequence[str]
    ) -> list[dict[str, Any]]:
        """Return lineage entries as rows, with the values that are others now of customers that stay."""
        before = {} if self._given.first_run else self._store.golden_values(kept)
        after = {row["id"]: row["properties"] for row in customers}
        told = with_other_values(changes, before, after)
        self._changes.update(change.kind.value for change in told[len(changes) :])
        return [self._change_row(change, self._cause) for change in told]

    def _change_row(self, change: CustomerChange, cause: str) -> dict[str, Any]:
        properties = {
            "kind": change.kind.value,
            "customer_id": change.customer_id,
            "at": self._given.at,
            "run": self._given.run,
            "cause": cause,
            "data": json.dumps(change.data, ensure_ascii=False),
        }
        return {"id": f"{self._given.name}:{change.customer_id}:{change.kind.value}", "properties": properties}

    def _customers(self, groups: Sequence[npt.NDArray[np.int32]], names: Sequence[str]) -> list[dict[str, Any]]:
        """Build the rows of customers with their golden values."""
        attributes = self._attributes
        roles = {name: self._given.roles[name] for name in attributes}
        order = np.concatenate([*groups, np.zeros(0, np.int32)])
        taken = self._given.records.select(["key", "observed_at", *attributes]).take(pa.array(order))
        # Whole numbers compare like times and cost a tenth of datetime objects.
        column = taken.column_names.index("observed_at")
        values = taken.set_column(column, "observed_at", taken["observed_at"].cast(pa.int64())).to_pylist()
        customers, start = [], 0
        for rows, name in zip(groups, names, strict=True):
            golden = golden_values(values[start : start + len(rows)], roles)
            start += len(rows)
            provenance = {
                attribute: {"record_key": value.record_key, "rule": value.rule, "lost": value.lost}
                for attribute, value in golden.items()
            }
            properties: dict[str, Any] = {attribute: value.value for attribute, value in golden.items()}
            properties |= {
                "id": name,
                "status": "active",
                "record_count": len(rows),
                "certainty": float(self._given.certainty[rows[0]]),
                "updated_at": self._given.at,
                "provenance": json.dumps(provenance, ensure_ascii=False),
            }
            customers.append({"id": name, "properties": properties})
        return customers


def plan_customers(store: CustomerStore, given: PlanInput) -> CustomerPlan:
    """Give every group its id and gather what has to be written.

    Args:
        store: where the customers are; asked for what the concerned ids stand for.
        given: the partition against the present customers.

    Returns:
        The plan; families by their first record, fresh groups among them.
    """
    keys = given.records["key"].to_pylist()
    regrouping = given.regrouping
    groups = [tuple(keys[row] for row in rows.tolist()) for rows in regrouping.regrouped]
    held = () if given.first_run else _held(store, groups, regrouping)
    stands_for = {key for one in held for key in one.records}
    contested = [
        position
        for position, (group, rows) in enumerate(zip(groups, regrouping.regrouped, strict=True))
        if any(regrouping.before[row] is not None for row in rows.tolist()) or not stands_for.isdisjoint(group)
    ]
    mint = Mint(store, groups, given.first_run)
    families = _families(regrouping, groups, contested, held, assign_ids([groups[at] for at in contested], held, mint))
    known = set(contested)
    for position, group in enumerate(groups):
        if position not in known:
            families.append(_fresh(regrouping.regrouped[position], group, mint(group)))
    return CustomerPlan(store, given, families)


def _held(store: CustomerStore, groups: Sequence[tuple[str, ...]], regrouping: Regrouping) -> tuple[HeldId, ...]:
    """Return every id that stands, or once stood, for a record of these groups or for one that is gone."""
    present = {name for rows in regrouping.regrouped for row in rows.tolist() if (name := regrouping.before[row])}
    present.update(customer for _, customer in regrouping.gone)
    once = store.retired_once_holding([key for group in groups for key in group])
    return store.held(sorted(present.union(once)))


def _fresh(rows: npt.NDArray[np.int32], group: tuple[str, ...], name: str) -> _Family:
    one = GroupId(name, IdKind.NEW)
    changes = lineage_changes({}, [group], IdAssignment((one,)))
    return _Family((rows,), (one,), (), (), changes)


def _families(
    regrouping: Regrouping,
    groups: Sequence[tuple[str, ...]],
    contested: Sequence[int],
    held: Sequence[HeldId],
    assignment: IdAssignment,
) -> list[_Family]:
    """Divide the contested groups into families that share no id, and give each its part of the assignment."""
    active = {one.id: one for one in held if not one.retired}
    former = {key: one.id for one in active.values() for key in one.records}
    changes = lineage_changes(former, [groups[at] for at in contested], assignment)
    changes += answered_by_others(held, assignment)
    parts = _parts(contested, groups, held, assignment)
    earlier = {one.id: one for one in held}
    retired = [
        (name, heir)
        for name, heir in sorted(assignment.retired.items())
        if not earlier[name].retired or earlier[name].successor != heir
    ]
    by_part: dict[int, list[list[Any]]] = {}

    def part(name: str) -> list[list[Any]]:
        return by_part.setdefault(parts[name], [[], [], [], [], []])

    for at, one in zip(contested, assignment.groups, strict=True):
        part(one.id)[0].append(regrouping.regrouped[at])
        part(one.id)[1].append(one)
    for customer, keys in groupby(sorted(regrouping.gone, key=lambda pair: pair[1]), key=lambda pair: pair[1]):
        part(customer)[2].extend(keys)
    for name, heir in retired:
        part(name)[3].append((name, heir))
    for change in changes:
        part(change.customer_id)[4].append(change)
    return [_Family(*(tuple(pieces) for pieces in by_part[number])) for number in sorted(by_part)]


def _parts(
    contested: Sequence[int], groups: Sequence[tuple[str, ...]], held: Sequence[HeldId], assignment: IdAssignment
) -> dict[str, int]:
    """Number the families: ids and groups that meet in a record belong to one; returns id -> number."""
    leader: dict[str, str] = {}

    def lead(name: str) -> str:
        while leader.setdefault(name, name) != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    owner = {key: one.id for at, one in zip(contested, assignment.groups, strict=True) for key in groups[at]}
    for one in held:
        for key in one.records:
            if key in owner:
                leader[lead(one.id)] = lead(owner[key])
    for given in assignment.groups:
        lead(given.id)
    for name, heir in assignment.retired.items():
        if heir is not None:
            leader[lead(name)] = lead(heir)
    numbers: dict[str, int] = {}
    return {name: numbers.setdefault(lead(name), len(numbers)) for name in sorted(leader)} | {
        one.id: numbers.setdefault(lead(one.id), len(numbers)) for one in held
    }
