"""The store of facts: everything that sources and stewards say, written once and never edited.

Fact batches, mappings, rejects and decisions come in; stored facts and counts go out. Safe with several writers, in
one process or many: each batch is one transaction that takes its sequence numbers itself.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from identity_graph.facts.columnar import ColumnarCopy
from identity_graph.facts.decisions import add_decision, all_decisions, undo_decision
from identity_graph.facts.handover import RowTaker
from identity_graph.facts.holding import Device, hold_touchpoints
from identity_graph.facts.prepare import PreparedBatch, RecordRow, prepare, stored_row
from identity_graph.facts.registry import (
    FactCounts,
    StoredReject,
    StoredSource,
    count_facts,
    merged_roles,
    put_source,
    read_sources,
    rejected_page,
)
from identity_graph.facts.seen_keys import SeenKeys
from identity_graph.facts.writers import one_writer
from identity_graph.facts.writing import Written, delete_batch, write_batch
from identity_graph.graph.port import Graph, Transaction
from identity_graph.model import Decision, Verdict
from identity_graph.roles import Role
from identity_graph.settings import Settings
from identity_graph.sources.batches import FactBatch

__all__ = ["FactStore", "WriteResult"]

_DELETED_AT_ONCE = 5_000
_DEVICES_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What one batch did to the graph.

    Attributes:
        new: records that were not stored before.
        changed: records that were replaced.
        unchanged: records that were stored with the same content.
        touchpoints: touchpoints that were not stored before.
        identifiers: distinct identifiers that the written records carry.
        rejects: rows and values of the batch that could not be read.
        first_seq: first sequence number given; above `last_seq` when none was.
        last_seq: last sequence number given.
    """

    new: int
    changed: int
    unchanged: int
    touchpoints: int
    identifiers: int
    rejects: int
    first_seq: int
    last_seq: int


class FactStore:
    """The facts of one graph.

    Args:
        graph: where the facts are.
        settings: the data folder, for the columnar copy and the order of writers.
        handover: takes the records that were written; None where nobody waits for them.
        copied_at_once: records that wait for the columnar copy; see there.

    Attributes:
        copy: the columnar copy of the records, kept up to date by every write.
    """

    def __init__(
        self, graph: Graph, settings: Settings, handover: RowTaker | None = None, copied_at_once: int = 1
    ) -> None:
        self._graph, self._handover = graph, handover
        self._folder: Path = settings.data_dir
        self.copy = ColumnarCopy(settings.data_dir, graph, copied_at_once)

    def write(self, batch: FactBatch, attribute_roles: Mapping[str, Role]) -> WriteResult:
        """Store one batch whole or not at all; a second time it changes nothing.

        Args:
            batch: 2,000 to 10,000 rows are fastest; all must fit the engine's memory for one transaction.
            attribute_roles: attribute -> role, for the name key.

        Raises:
            InvalidSettingError: a table of the batch has the wrong shape.
            NotFoundError: a touchpoint is by a record that is not known.
            EngineError: the engine did not do it.
        """
        return self._commit(self._prepared(batch, attribute_roles))

    def write_stream(self, batches: Iterable[FactBatch], attribute_roles: Mapping[str, Role]) -> Iterator[WriteResult]:
        """Store batches in order and yield the result of each; the next is read while the engine works on one.

        Raises:
            What `write` and reading the batches raise; batches before the failure stay stored.
        """
        source = iter(batches)

        def following() -> PreparedBatch | None:
            batch = next(source, None)
            return None if batch is None else self._prepared(batch, attribute_roles)

        with ThreadPoolExecutor(1, thread_name_prefix="prepare-facts") as ahead:
            waiting: Future[PreparedBatch | None] = ahead.submit(following)
            while (prepared := waiting.result()) is not None:
                waiting = ahead.submit(following)
                yield self._commit(prepared)

    def delete_missing(self, source: str, seen: SeenKeys) -> int:
        """Mark the live records of a source that a full extract no longer has as deleted; returns how many.

        Args:
            source: the source that the extract is of.
            seen: keys of all records of the extract, those with rejected values too.
        """
        keys = self.copy.live_keys_without(source, seen.finished())
        for start in range(0, len(keys), _DELETED_AT_ONCE):
            some = keys[start : start + _DELETED_AT_ONCE]
            self._write(partial(delete_batch, keys=some, graph_id=uuid.uuid4().hex))
        return len(keys)

    def hold_touchpoints(self, visitors: Sequence[str]) -> None:
        """Note anew whose the touchpoints of shared devices are; every write does it for those it touches.

        Args:
            visitors: record keys of visitors that several users were seen on.
        """
        for start in range(0, len(visitors), _DEVICES_AT_ONCE):
            devices = [Device(key) for key in visitors[start : start + _DEVICES_AT_ONCE]]

            def work(transaction: Transaction, devices: Sequence[Device] = devices) -> None:
                transaction.run("facts/lock_counter", graph_id=uuid.uuid4().hex)  # no writer in between
                hold_touchpoints(transaction, devices)

            with one_writer(self._graph, self._folder):
                self._graph.transaction(work)

    def put_source(
        self, name: str, mapping_json: str, roles: Mapping[str, Role], at: datetime, trust: str | None = None
    ) -> None:
        """Remember how a source is read, what its attributes mean and how far it is trusted.

        `at` counts when it is new; a trust of None leaves what is known.
        """
        put_source(self._graph, name, mapping_json, roles, at, trust)

    def sources(self) -> tuple[StoredSource, ...]:
        """Return all sources, by name."""
        return read_sources(self._graph)

    def attribute_roles(self) -> dict[str, Role]:
        """Return what the attributes of all sources mean together.

        Raises:
            InvalidMappingError: two sources give one attribute different roles.
        """
        return merged_roles(self.sources())

    def rejected(
        self, source: str | None = None, status: str | None = "open", after: str | None = None, limit: int = 100
    ) -> tuple[StoredReject, ...]:
        """Return one page of the rejects by key; None for source or status means all, `after` is the last key seen."""
        return rejected_page(self._graph, source, status, after, limit)

    def mark_replayed(self, keys: Sequence[str]) -> int:
        """Close rejects that were read after all; returns how many there were."""
        return len(self._graph.write("facts/mark_replayed", keys=list(keys)))

    def add_decision(
        self, verdict: Verdict, left: str, right: str, author: str, reason: str, at: datetime, id: str
    ) -> Decision:
        """Store a steward's verdict on two records; the same id a second time changes nothing.

        Raises:
            InvalidSettingError: both sides are the same record.
            NotFoundError: one of the records is not stored.
            ConflictError: a decision in force says the opposite of the same pair.
        """
        return add_decision(self._graph, Decision(id, verdict, left, right, author, reason, at))

    def undo_decision(self, id: str, author: str, reason: str, at: datetime) -> Decision:
        """Take back a decision.

        Raises:
            NotFoundError: there is no such decision.
            ConflictError: it was undone before.
        """
        return undo_decision(self._graph, id, author, reason, at)

    def decisions(self, active_only: bool = True) -> tuple[Decision, ...]:
        """Return the decisions in force, or all, oldest first."""
        return all_decisions(self._graph, active_only)

    def records(self, keys: Sequence[str]) -> dict[str, RecordRow]:
        """Return the properties and identifiers of some records, by key; those not stored are left out."""
        rows = self._graph.read("facts/records_by_keys", keys=list(keys))
        return {row["properties"]["key"]: stored_row(row) for row in rows}

    def counts(self) -> FactCounts:
        """Count all facts."""
        return count_facts(self._graph)

    def _prepared(self, batch: FactBatch, attribute_roles: Mapping[str, Role]) -> PreparedBatch:
        return prepare(batch.records, batch.touchpoints, batch.rejects, attribute_roles)

    def _commit(self, batch: PreparedBatch) -> WriteResult:
        graph_id = uuid.uuid4().hex
        written = self._write(lambda transaction: write_batch(transaction, batch, graph_id))
        return _result(written, len(batch.rejects))

    def _write(self, work: Callable[[Transaction], Written]) -> Written:
        with one_writer(self._graph, self._folder):
            written = self._graph.transaction(work)
        if self._handover is not None and written.rows:
            self._handover.note(written.graph_id, written.rows)
        self.copy.append(written)
        return written


def _result(written: Written, rejects: int) -> WriteResult:
    return WriteResult(
        new=written.new, changed=written.changed, unchanged=written.unchanged, touchpoints=written.touchpoints,
        identifiers=written.identifiers, rejects=rejects, first_seq=written.first_seq, last_seq=written.last_seq,
    )  # fmt: skip
