"""Writes the derived part of the graph: customers, memberships, lineage, runs and the status of identifiers.

Change sets planned by `customers.plan` come in; each is written in one transaction, so that a run that dies leaves
whole customers only and the next run finishes the rest. Reads back what the next plan needs: who resolves to whom,
and what an id last stood for.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import pyarrow as pa

from identity_graph.customers.ids import HeldId
from identity_graph.errors import NotFoundError
from identity_graph.facts.change_log import append_changes
from identity_graph.graph.port import Graph, Transaction
from identity_graph.model import ChangeKind

__all__ = [
    "MEMBERSHIP_SCHEMA", "ChangeSet", "CustomerStore", "LastRun", "batched", "write_change_set", "write_marks",
    "write_run_end",
]  # fmt: skip

MEMBERSHIP_SCHEMA = pa.schema([("record_key", pa.string()), ("customer_id", pa.string()), ("certainty", pa.float64())])
"""Which customer each record resolves to now, and how certain that is; each record once."""

_BATCH = 5_000
_STREAM_ROWS = 50_000
_BLOCK_ROWS = 1_000
_MOST_IN_BLOCKS = 2_000_000
"""Memberships that the engine may gather at once: some 200 bytes each."""
_MARKED = {"quarantined": ChangeKind.QUARANTINED, "blocked": ChangeKind.BLOCKED}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What one transaction writes; the rows are the parameters of the queries of the same name.

    Attributes:
        customers: {id, properties}: all that they are to say, the id among it.
        certain: {id, certainty} customers that stay, with what is known of them now.
        closed: {record_key, customer_id} memberships that end.
        opened: {record_key, customer_id, cause, certainty} memberships that begin.
        graded: {record_key, customer_id, certainty} memberships that stay, with what is known of them now.
        retired: {id, successor} customers that a merge swallowed.
        changes: {id, properties} lineage entries, without `seq`, in order; see `facts.change_log`.
    """

    customers: Sequence[Mapping[str, Any]] = ()
    certain: Sequence[Mapping[str, Any]] = ()
    closed: Sequence[Mapping[str, Any]] = ()
    opened: Sequence[Mapping[str, Any]] = ()
    graded: Sequence[Mapping[str, Any]] = ()
    retired: Sequence[Mapping[str, Any]] = ()
    changes: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class LastRun:
    """The newest run: its number, model and summary; `finished` is False when it died half-way."""

    number: int
    started_at: str
    finished: bool
    model_version: str
    summary: Mapping[str, Any]


class CustomerStore:
    """The derived part of one graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def last_run(self) -> LastRun | None:
        """Return the newest run, or None when nothing was ever resolved."""
        for row in self._graph.read("customers/last_run"):
            summary = json.loads(row["summary"] or "{}")
            return LastRun(
                number=row["number"],
                started_at=row["started_at"],
                finished=row["ended_at"] is not None,
                model_version=row["model_version"] or "",
                summary=summary,
            )
        return None

    def last_quality(self) -> Mapping[str, Any]:
        """Return the quality report of the newest run, as plain values.

        Raises:
            NotFoundError: nothing was resolved yet, or the newest run died half-way.
        """
        last = self.last_run()
        report = None if last is None else last.summary.get("quality")
        if report is None:
            raise NotFoundError("The last run left no quality report.", next_step="Run: identity-graph resolve")
        found: Mapping[str, Any] = report
        return found

    def start_run(self, at: str, model_version: str, summary: Mapping[str, Any] | None = None) -> int:
        """Record that a run begins, and return its number.

        Args:
            at: when (ISO-8601 UTC).
            model_version: model it uses.
            summary: of a run that is never half-way, because each of its steps is written whole: what holds before
                the first. None for one that has to end.
        """
        text = None if summary is None else json.dumps(summary, sort_keys=True)
        ended = None if summary is None else at
        found = self._graph.write(
            "customers/start_run", at=at, model_version=model_version, ended_at=ended, summary=text
        )
        return int(found[0]["number"])

    def put_model(self, version: str, at: str, summary: Mapping[str, Any]) -> None:
        """Remember which model is in use, with its numbers."""
        self._graph.write("customers/put_model", version=version, at=at, summary=json.dumps(summary, sort_keys=True))

    def models(self) -> dict[str, str]:
        """Return version -> when a run first used it (ISO-8601 UTC), of all models this graph knows, newest first."""
        return {row["version"]: row["created_at"] for row in self._graph.read("customers/models")}

    def finish_run(self, number: int, at: str, summary: Mapping[str, Any]) -> None:
        """Record that a run has ended."""
        self._graph.transaction(lambda transaction: write_run_end(transaction, number, at, summary))

    def memberships(self) -> pa.Table:
        """Read who resolves to whom from the graph, per MEMBERSHIP_SCHEMA in no order; slow for millions."""
        last = self.last_run()
        if last is None or int(last.summary.get("records") or 0) > _MOST_IN_BLOCKS:
            return _collect(self._graph.stream("customers/stream_memberships"), MEMBERSHIP_SCHEMA)
        blocks = self._graph.stream("customers/stream_memberships_in_blocks", size=_BLOCK_ROWS)
        return pa.Table.from_batches([_block(row) for row in blocks], schema=MEMBERSHIP_SCHEMA)

    def retired_once_holding(self, record_keys: Sequence[str]) -> tuple[str, ...]:
        """Return the ids of retired customers that any of these records once resolved to, sorted."""
        found: set[str] = set()
        for keys in batched(record_keys, _BATCH):
            found.update(row["customer_id"] for row in self._graph.read("customers/history_of_records", keys=keys))
        return tuple(sorted(found))

    def held(self, ids: Sequence[str]) -> tuple[HeldId, ...]:
        """Return what each customer id stands for now, or stood for last when it is retired, sorted by id."""
        held: list[HeldId] = []
        for some in batched(ids, _BATCH):
            by_id: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
            for row in self._graph.read("customers/held_by_customers", ids=some):
                by_id[row["id"]].append(row)
            held.extend(_held_id(customer_id, rows) for customer_id, rows in by_id.items())
        return tuple(sorted(held, key=lambda one: one.id))

    def existing(self, ids: Sequence[str]) -> frozenset[str]:
        """Return those of the ids that were ever given out."""
        found: set[str] = set()
        for some in batched(ids, _BATCH):
            found.update(row["id"] for row in self._graph.read("customers/existing_ids", ids=some))
        return frozenset(found)

    def golden_values(self, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """Return customer id -> everything its node says now, by id; an id without a node is left out."""
        found: dict[str, Mapping[str, Any]] = {}
        for some in batched(ids, _BATCH):
            found.update(
                (row["id"], row["properties"]) for row in self._graph.read("customers/golden_values", ids=some)
            )
        return dict(sorted(found.items()))

    def apply(self, change_set: ChangeSet, at: str) -> None:
        """Write one change set in one transaction; written twice it stays the same."""
        self._graph.transaction(lambda transaction: write_change_set(transaction, change_set, at))

    def marked_identifiers(self) -> dict[str, tuple[str, str]]:
        """Return identifier key -> (status, reason) of all that are blocked or quarantined now."""
        rows = self._graph.read("customers/marked_identifiers")
        return {row["key"]: (row["status"], row["reason"] or "") for row in rows}

    def mark_identifiers(self, marks: Sequence[Mapping[str, Any]], at: str, run: int) -> None:
        """Set the status of identifiers, some at a time; see `write_marks`."""
        for some in batched(marks, _BATCH):
            self._graph.transaction(partial(write_marks, marks=some, at=at, run=run))


def write_change_set(transaction: Transaction, change_set: ChangeSet, at: str) -> None:
    """Write one change set inside a transaction; written twice it stays the same."""
    # In parts, because one customer may have more records than a message to an engine has room for.
    for some in batched(change_set.closed, _BATCH):
        transaction.run("customers/close_memberships", rows=some, at=at)
    for some in batched(change_set.customers, _BATCH):
        transaction.run("customers/upsert_customers", rows=some, at=at)
    for some in batched(change_set.certain, _BATCH):
        transaction.run("customers/grade_customers", rows=some, at=at)
    for some in batched(change_set.opened, _BATCH):
        transaction.run("customers/open_memberships", rows=some, at=at)
    for some in batched(change_set.graded, _BATCH):
        transaction.run("customers/grade_memberships", rows=some)
    if change_set.retired:
        transaction.run("customers/retire_customers", rows=change_set.retired, at=at)
    append_changes(transaction, change_set.changes)


def write_marks(transaction: Transaction, marks: Sequence[Mapping[str, Any]], at: str, run: int) -> None:
    """Set the status of identifiers inside a transaction, and tell of those that get another.

    Args:
        transaction: the one to write in.
        marks: {key, status, reason}; a status of `active` releases.
        at: when (ISO-8601 UTC).
        run: number of the run that found it.
    """
    for some in batched(marks, _BATCH):
        found = transaction.run("customers/mark_identifiers", rows=some)
        append_changes(transaction, [_mark_change(row, at, run) for row in found if row["was"] != row["status"]])


def write_run_end(transaction: Transaction, number: int, at: str, summary: Mapping[str, Any]) -> None:
    """Record inside a transaction that a run has ended."""
    transaction.run("customers/finish_run", number=number, at=at, summary=json.dumps(summary, sort_keys=True))


def _mark_change(row: Mapping[str, Any], at: str, run: int) -> dict[str, Any]:
    kind = _MARKED.get(row["status"], ChangeKind.RELEASED)
    data = {"identifier": row["key"], "status": row["status"], "was": row["was"], "reason": row["reason"]}
    properties = {
        "kind": kind.value, "subject": row["key"], "at": at, "run": run, "cause": f"run {run}",
        "data": json.dumps(data, ensure_ascii=False),
    }  # fmt: skip
    return {"id": f"{at}:{row['key']}:{kind.value}", "properties": properties}


def batched(items: Sequence[T], size: int) -> Iterable[list[T]]:
    """Cut a sequence into lists of at most `size`, in order."""
    for start in range(0, len(items), size):
        yield list(items[start : start + size])


def _held_id(customer_id: str, rows: Sequence[Mapping[str, Any]]) -> HeldId:
    """Build a HeldId: of an active id the open memberships count, of a retired one those that closed last."""
    retired = rows[0]["status"] == "retired"
    closed_last = max((row["closed"] for row in rows if row["closed"]), default=None)
    wanted: Callable[[Mapping[str, Any]], bool] = (
        (lambda row: row["closed"] == closed_last) if retired else (lambda row: row["closed"] is None)
    )
    records = frozenset(row["record_key"] for row in rows if row["record_key"] is not None and wanted(row))
    return HeldId(
        id=customer_id,
        records=records,
        since=rows[0]["created_at"] or "",
        retired=retired,
        successor=rows[0]["successor"],
    )


def _block(row: Mapping[str, Any]) -> pa.RecordBatch:
    """Read a block of memberships; a certainty that nobody worked out came as less than 0."""
    certainties = [None if one < 0 else one for one in row["certainties"]]
    return pa.record_batch([row["keys"], row["ids"], certainties], schema=MEMBERSHIP_SCHEMA)


def _collect(rows: Iterable[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Gather streamed rows into a table without holding them all as Python objects."""
    batches: list[pa.RecordBatch] = []
    columns: list[list[Any]] = [[] for _ in schema.names]
    for row in rows:
        for column, name in zip(columns, schema.names, strict=True):
            column.append(row[name])
        if len(columns[0]) >= _STREAM_ROWS:
            batches.append(pa.record_batch(columns, schema=schema))
            columns = [[] for _ in schema.names]
    batches.append(pa.record_batch(columns, schema=schema))
    return pa.Table.from_batches(batches, schema=schema)
