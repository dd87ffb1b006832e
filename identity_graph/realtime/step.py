"""Writes one step of real time: pairs, the status of identifiers, customers, lineage and the run, all together.

A resolved scope with what is in memory comes in; the graph and the memberships in memory are brought to it. A step
is in the graph all or not at all, so a crash leaves whole customers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.customers.plan import CustomerPlan, PlanInput, plan_customers
from identity_graph.customers.regroup import regroup
from identity_graph.customers.store import CustomerStore, write_change_set, write_marks, write_run_end
from identity_graph.explain.joining import EvidenceSource, EvidenceWitness
from identity_graph.facts.matches import MatchStore, write_matches
from identity_graph.facts.writers import one_writer
from identity_graph.graph.port import Graph, Transaction
from identity_graph.model import Decision
from identity_graph.pipeline.linking import CERTAINTY_DIGITS
from identity_graph.pipeline.resolve import now
from identity_graph.realtime.held_evidence import HeldEvidence
from identity_graph.realtime.holdings import Holdings
from identity_graph.realtime.index import LiveIndex
from identity_graph.realtime.scope import Scope
from identity_graph.realtime.step_pairs import Pair, StepPairs, StoredPairs, match_rows
from identity_graph.review.suggested import suggestion_changes, write_suggestions
from identity_graph.settings import Settings
from identity_graph.tables import Table

__all__ = ["Step", "StepWriter"]


@dataclass(frozen=True, slots=True)
class Step:
    """What a step found.

    Attributes:
        scope: the resolved records.
        touched: keys it began with, those of records that are gone among them.
        paired: those of them whose pairs with any record may differ from what is stored.
        came: those of them that no step before had, so that no pair of theirs is stored.
        fresh: records that may say something new.
        marks: {key, status, reason} of identifiers.
        suggested: suggestions about records of the scope as they are stored.
        decisions: in force, earliest first.
        run, number: the run it is part of, and its number in it.
        summary: of the run, when the step is written.
    """

    scope: Scope
    touched: set[str]
    paired: set[str]
    came: set[str]
    fresh: set[str]
    marks: Sequence[Mapping[str, Any]]
    suggested: Sequence[Mapping[str, Any]]
    decisions: Sequence[Decision]
    run: int
    number: int
    summary: Mapping[str, Any]


class StepWriter:
    """Writes the steps of one graph.

    Args:
        graph: customers are written to it.
        settings: the data folder, for the order of writers.
    """

    def __init__(self, graph: Graph, settings: Settings) -> None:
        self._graph, self._folder = graph, settings.data_dir
        self._customers = CustomerStore(graph)
        self._matches = MatchStore(graph, settings.data_dir / "derived")

    def write(self, index: LiveIndex, holdings: Holdings, step: Step) -> CustomerPlan:
        """Write a step in one transaction; afterwards `holdings` are what the graph has.

        Args:
            index: the records as they are now.
            holdings: memberships before the step.
            step: what it found.
        """
        at = now()
        rows = np.flatnonzero(step.scope.core)
        records = step.scope.records.take(rows)
        pairs, new, gone = self._pairs(index, step, records["key"].to_pylist())
        plan = self._planned(index, holdings, step, records, pairs, at)
        change_sets = [change_set for _, change_set in plan.change_sets()]
        suggested = suggestion_changes(step.scope.suggestions, step.suggested)

        def work(transaction: Transaction) -> None:
            write_matches(transaction, new, gone)
            write_marks(transaction, step.marks, at, step.run)
            write_suggestions(transaction, *suggested)
            for change_set in change_sets:
                write_change_set(transaction, change_set, at)
            write_run_end(transaction, step.run, now(), step.summary)

        with one_writer(self._graph, self._folder):
            self._graph.transaction(work)
        for key in step.touched:
            if key not in index:
                holdings.drop(key)
        membership = np.round(step.scope.found.membership[rows], CERTAINTY_DIGITS).tolist()
        for key, customer, certainty in zip(records["key"].to_pylist(), plan.membership(), membership, strict=True):
            assert customer is not None  # every record of the plan has a customer after it
            holdings.put(key, customer, certainty)
        return plan

    def _planned(
        self, index: LiveIndex, holdings: Holdings, step: Step, records: Table, pairs: StoredPairs, at: str
    ) -> CustomerPlan:
        found, rows = step.scope.found, np.flatnonzero(step.scope.core)
        keys: list[str] = records["key"].to_pylist()
        memberships = holdings.table(step.touched.union(keys))
        certainty = np.round(found.cluster[rows], CERTAINTY_DIGITS)
        membership = np.round(found.membership[rows], CERTAINTY_DIGITS)
        content = np.array([key in step.fresh for key in keys], dtype=np.bool_)
        regraded = _regraded(records, memberships, membership)
        regrouping = regroup(records["key"].combine_chunks(), found.labels[rows], memberships, content | regraded)
        given = PlanInput(
            records, index.roles, certainty, membership, regrouping, step.run, at, False, step.number,
            EvidenceWitness(self._evidence(index, pairs, step)), regraded, content,
        )  # fmt: skip
        return plan_customers(self._customers, given)

    def _evidence(self, index: LiveIndex, pairs: StoredPairs, step: Step) -> EvidenceSource:
        return HeldEvidence(index, pairs, step.decisions)

    def _pairs(self, index: LiveIndex, step: Step, core: Sequence[str]) -> tuple[StoredPairs, Table, list[Pair]]:
        """Return the pairs the graph is to have, those to write (MATCH_SCHEMA), and those to delete."""
        pairs = StepPairs(index, step.scope, set(core), step.paired)
        stored = self._matches.stored_around(sorted(pairs.may_be_stored(step.touched.union(core) - step.came)))
        wanted = pairs.as_stored()
        new = match_rows(index, sorted(pair for pair, value in wanted.items() if stored.get(pair) != value))
        return wanted, new, pairs.gone(stored, wanted)


def _regraded(records: Table, memberships: Table, membership: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Say which records are more or less certain of their customer than the graph says."""
    place = pc.index_in(records["key"], value_set=memberships["record_key"].combine_chunks())
    known = memberships["certainty"].take(place.combine_chunks())
    return np.asarray(~pc.fill_null(pc.equal(known, pa.array(membership)), False).to_numpy())
