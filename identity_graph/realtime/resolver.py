"""Resolves what changed since the last time: the touched records alone, written like a run of all would write them.

A graph with facts and a model in use comes in; customers, lineage, pairs and a LiveSummary go out. What cannot be
resolved alone (the first look, another model or new attributes) is resolved as a whole. A step that dies leaves whole
customers; the next start finishes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.customers.plan import PlanInput, plan_customers
from identity_graph.customers.regroup import regroup
from identity_graph.customers.store import CustomerStore, LastRun
from identity_graph.explain.joining import joining_links
from identity_graph.facts import ColumnarCopy, FactStore
from identity_graph.facts.matches import MatchStore
from identity_graph.facts.prepare import RecordRow, stored_row
from identity_graph.graph.port import Graph
from identity_graph.matching import MatchModel
from identity_graph.model import Decision
from identity_graph.modelling import model_folder
from identity_graph.pipeline.linking import CERTAINTY_DIGITS, matching_options
from identity_graph.pipeline.match_rows import match_table
from identity_graph.pipeline.resolve import (
    ResolveOptions,
    decisions_marker,
    now,
    resolve,
    sole_resolver,
)
from identity_graph.realtime.index import LiveIndex, Status
from identity_graph.realtime.scope import Scope, link_scope
from identity_graph.settings import Settings
from identity_graph.tables import Table

__all__ = ["LiveResolver", "LiveSummary"]

_READ_AT_ONCE = 5_000

_MOST_AT_ONCE = 20_000
"""Changed records of one step; more are resolved sooner with all others."""


@dataclass(frozen=True, slots=True)
class LiveSummary:
    """What a step did.

    Attributes:
        records: records that were resolved.
        customers: customers that were written.
        changes: lineage entries by kind.
        whole: everything was resolved, not the touched records alone.
    """

    records: int
    customers: int
    changes: dict[str, int]
    whole: bool = False


@dataclass(slots=True)
class _State:
    """What is in memory: the records as of `seq`, and the run that steps are written under."""

    index: LiveIndex
    decisions: tuple[Decision, ...]
    seq: int
    run: LastRun
    marked: dict[str, Status]
    step: int = 0


class LiveResolver:
    """Resolves changes of one graph as they come. Not safe for several threads at once.

    Args:
        graph: facts are read from it, customers are written to it.
        settings: data folder, threads and memory.
        options: how to resolve, as runs of all records do; None is the defaults.
    """

    def __init__(self, graph: Graph, settings: Settings, options: ResolveOptions | None = None) -> None:
        self._graph, self._settings = graph, settings
        self._options = options or ResolveOptions()
        policy = replace(self._options.linking.policy, minimum_certainty=self._options.minimum_certainty)
        matching = matching_options(settings, None)
        self._linking = replace(self._options.linking, policy=policy, matching=matching)
        self._facts, self._customers = FactStore(graph, settings), CustomerStore(graph)
        self._state: _State | None = None

    def resolve_changes(self) -> LiveSummary | None:
        """Resolve what changed since the last step or run.

        Returns:
            What was done; None when nothing changed, or when no model is in use yet.

        Raises:
            ConflictError: a run is resolving everything just now; what changed waits for the next call.
            ModelError: the model in use does not fit the records.
            EngineError: the engine did not do it; the next call continues.
        """
        last = self._customers.last_run()
        if last is None or not last.model_version:
            return None
        state, self._state = self._state, None  # what fails half-way is looked at anew
        if state is None or not self._still_good(state, last) or self._last_seq() - state.seq > _MOST_AT_ONCE:
            state, whole = self._opened(last)
            if whole is not None:
                self._state = state
                return whole
        with sole_resolver(self._settings):
            done = self._step(state)
        self._state = state
        return done

    def _still_good(self, state: _State, last: LastRun) -> bool:
        return (
            last.number == state.run.number
            and last.model_version == state.index.model.version
            and self._facts.attribute_roles() == state.index.roles
        )

    def _opened(self, last: LastRun) -> tuple[_State, LiveSummary | None]:
        """Read everything into memory; resolves everything when the customers are behind the facts."""
        whole = None
        folder = model_folder(self._settings, last.model_version)
        if not folder.is_dir():
            whole, last = self._resolved()
            folder = model_folder(self._settings, last.model_version)
        # Decisions and records are read before the run, so what comes meanwhile is touched again afterwards.
        decisions = self._facts.decisions(active_only=True)
        roles = self._facts.attribute_roles()
        records, seq = self._records()
        model = MatchModel.load(folder)
        index = LiveIndex(model, records, roles, self._linking.rules, self._linking.matching)
        resolved = (last.summary.get("last_seq"), last.summary.get("decisions"))
        if not last.finished or resolved != (seq, decisions_marker(decisions)):
            whole, last = self._resolved()
        marked: dict[str, Status] = {**self._customers.marked_identifiers()}
        state = _State(index, decisions, seq, last, marked)
        return state, whole

    def _resolved(self) -> tuple[LiveSummary, LastRun]:
        done = resolve(self._graph, self._settings, replace(self._options, retrain=False))
        last = self._customers.last_run()
        assert last is not None  # it has just ended
        return LiveSummary(done.records, done.customers, dict(done.changes), whole=True), last

    def _records(self) -> tuple[Table, int]:
        """Return all records as of one sequence number."""
        copy = ColumnarCopy(self._settings.data_dir, self._graph)
        while True:
            seq = copy.catch_up()
            records = copy.records()
            if copy.catch_up() == seq:
                return records, seq

    def _step(self, state: _State) -> LiveSummary | None:
        changed, seq = self._changed(state.seq)
        decisions = self._facts.decisions(active_only=True)
        decided = {key for one in set(decisions) ^ set(state.decisions) for key in (one.left, one.right)}
        if not changed and not decided:
            return None
        touched, status = state.index.put(changed)
        state.seq, state.decisions = seq, decisions
        self._mark(state, status)
        return self._write(state, touched | decided, {str(row[0]["key"]) for row in changed})

    def _changed(self, seq: int) -> tuple[list[RecordRow], int]:
        """Read the records that were written after a sequence number, each as it is now."""
        last = self._last_seq()
        found: dict[str, RecordRow] = {}
        for first in range(seq + 1, last + 1, _READ_AT_ONCE):
            end = min(first + _READ_AT_ONCE - 1, last)
            for row in self._graph.read("facts/records_between", first=first, last=end):
                properties, identifiers = stored_row(row)
                found[properties["key"]] = (properties, identifiers)
        return list(found.values()), last

    def _last_seq(self) -> int:
        return next((int(row["value"] or 0) for row in self._graph.read("facts/read_counter")), 0)

    def _write(self, state: _State, touched: set[str], changed: set[str]) -> LiveSummary:
        scope, memberships = self._scope(state, touched)
        rows = np.flatnonzero(scope.core)
        records = scope.records.take(rows)
        keys: list[str] = records["key"].to_pylist()
        at = now()
        if state.step == 0:
            number = self._customers.start_run(at, state.index.model.version)
            state.run = LastRun(number, at, True, state.index.model.version, state.run.summary)
        state.step += 1
        self._write_matches(state, scope, [*keys, *sorted(touched - set(keys))])
        certainty = np.round(scope.found.cluster[rows], CERTAINTY_DIGITS)
        membership = np.round(scope.found.membership[rows], CERTAINTY_DIGITS)
        fresh = np.array([key in changed for key in keys], dtype=np.bool_) | _regraded(records, memberships, membership)
        regrouping = regroup(records["key"].combine_chunks(), scope.found.labels[rows], memberships, fresh)
        given = PlanInput(
            records, state.index.roles, certainty, membership, regrouping, state.run.number, at, False, state.step,
            partial(joining_links, self._graph),
        )  # fmt: skip
        plan = plan_customers(self._customers, given)
        for _, change_set in plan.change_sets():
            self._customers.apply(change_set, at)
        summary = {
            **state.run.summary, "last_seq": state.seq, "decisions": decisions_marker(state.decisions), "live": True,
            "records": len(state.index),
        }  # fmt: skip
        self._customers.finish_run(state.run.number, now(), summary)
        return LiveSummary(len(keys), plan.total, plan.changes)

    def _scope(self, state: _State, touched: set[str]) -> tuple[Scope, Table]:
        """Link the touched records and whoever shares a customer with them."""
        while True:
            scope = link_scope(state.index, touched, state.decisions, self._linking)
            core = set(scope.records["key"].filter(pa.array(scope.core)).to_pylist())
            memberships = self._customers.memberships_of(sorted(core | touched))
            fellows = set(memberships["record_key"].to_pylist()) - core
            if not any(key in state.index for key in fellows):
                return scope, memberships
            touched = touched | fellows

    def _write_matches(self, state: _State, scope: Scope, keys: Sequence[str]) -> None:
        pairs = scope.pairs
        ends = scope.core[pairs["left"].to_numpy()] | scope.core[pairs["right"].to_numpy()]
        matches = match_table(scope.records["key"], pairs.filter(pa.array(ends)), state.index.model.version)
        MatchStore(self._graph, self._settings.data_dir / "derived").replace_around(keys, matches)

    def _mark(self, state: _State, status: Mapping[str, Status]) -> None:
        """Let the graph show which identifiers are quarantined or blocked."""
        rows = []
        for key, (word, reason) in sorted(status.items()):
            if state.marked.get(key, ("active", None)) == (word, reason):
                continue
            rows.append({"key": key, "status": word, "reason": reason})
            state.marked[key] = (word, reason)
        self._customers.mark_identifiers(rows)


def _regraded(records: Table, memberships: Table, membership: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Say which records are more or less certain of their customer than the graph says."""
    place = pc.index_in(records["key"], value_set=memberships["record_key"].combine_chunks())
    known = memberships["certainty"].take(place.combine_chunks())
    return np.asarray(~pc.fill_null(pc.equal(known, pa.array(membership)), False).to_numpy())
