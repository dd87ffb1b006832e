"""Reads a graph into memory for a resolver of changes: its records, customers, decisions and marks as of one moment.

A graph and its last run come in; a HeldGraph to go on with goes out. Where the customers are behind the facts, or were
made by another model or other rules, everything is resolved first.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from identity_graph.customers.store import CustomerStore, LastRun
from identity_graph.facts import ColumnarCopy, FactStore
from identity_graph.facts.registry import merged_roles
from identity_graph.graph.port import Graph
from identity_graph.matching import MatchModel
from identity_graph.model import Decision
from identity_graph.modelling import model_folder
from identity_graph.namespace_file import rules_marker
from identity_graph.namespaces import DEFAULT_NAMESPACES
from identity_graph.pipeline.linking import LinkingOptions
from identity_graph.pipeline.resolve import ResolveOptions, ResolveSummary, decisions_marker, resolve
from identity_graph.realtime.crowds import Status
from identity_graph.realtime.holdings import Holdings
from identity_graph.realtime.index import LiveIndex
from identity_graph.realtime.standing import StandingState
from identity_graph.review import SuggestionStore
from identity_graph.roles import Role
from identity_graph.settings import Settings
from identity_graph.tables import Table

__all__ = ["HeldGraph", "Told", "open_held", "roles_and_public"]

_MANY = 20_000
"""Records that the garbage collector would take noticeably long to look through, every some seconds."""

Told: TypeAlias = Callable[[StandingState, str | None, int | None], None]
"""Is told what is done now: the state, the part that is loaded, and how many records there are, where that is known."""


@dataclass(slots=True)
class HeldGraph:
    """What is in memory of a graph.

    Attributes:
        index: the records as of `seq`.
        holdings: their customers.
        decisions: of stewards, in force.
        seq: the last sequence number that was resolved.
        run: the run that steps are written under.
        marked: key of each identifier that is not active -> its status and reason.
        public: the sources that anybody can write to.
        suggested: the stored suggestions by their two records.
        step: steps written so far.
    """

    index: LiveIndex
    holdings: Holdings
    decisions: tuple[Decision, ...]
    seq: int
    run: LastRun
    marked: dict[str, Status]
    public: frozenset[str]
    suggested: dict[tuple[str, str], Mapping[str, Any]]
    step: int = 0


def open_held(
    graph: Graph, settings: Settings, options: ResolveOptions, linking: LinkingOptions, last: LastRun, told: Told
) -> tuple[HeldGraph, ResolveSummary | None]:
    """Read a graph into memory.

    Args:
        graph: with facts and customers.
        settings: data folder, threads and memory.
        options: how to resolve everything, where that is to be done.
        linking: how changes are linked.
        last: the last run.
        told: hears how far it is.

    Returns:
        What is in memory, and what a run of all did; None when it was not needed.

    Cost: all records are read and weighed; a run of all takes as long again.
    """
    _collect()
    told(StandingState.LOADING, "the records", None)
    facts, customers = FactStore(graph, settings), CustomerStore(graph)
    whole = None
    folder = model_folder(settings, last.model_version)
    if not folder.is_dir():
        told(StandingState.RESOLVING_ALL, None, None)
        whole, last = _resolved(graph, settings, options)
        folder = model_folder(settings, last.model_version)
    # Decisions and records are read before the run, so what comes meanwhile is touched again afterwards.
    decisions = facts.decisions(active_only=True)
    roles, public = roles_and_public(facts)
    records, seq = _records(graph, settings)
    model = MatchModel.load(folder)
    told(StandingState.LOADING, "the index", len(records))
    index = LiveIndex(model, records, roles, linking.rules, linking.matching, linking.policy.threshold_weight)
    now = {"last_seq": seq, "decisions": decisions_marker(decisions), "public_sources": sorted(public),
           "rules": rules_marker(linking.rules)}  # fmt: skip
    # Runs of earlier versions went by the default rules and did not say so.
    resolved = {"rules": rules_marker(DEFAULT_NAMESPACES), **last.summary}
    if not last.finished or any(resolved.get(name) != value for name, value in now.items()):
        told(StandingState.RESOLVING_ALL, None, len(records))
        whole, last = _resolved(graph, settings, options)
    told(StandingState.LOADING, "the customers", len(records))
    marked: dict[str, Status] = {**customers.marked_identifiers()}
    suggested: dict[tuple[str, str], Mapping[str, Any]] = {
        (row["left"], row["right"]): row for row in SuggestionStore(graph).read()
    }
    holdings = Holdings(customers.memberships())
    if len(records) > _MANY:
        _collect()
        gc.freeze()
    return HeldGraph(index, holdings, decisions, seq, last, marked, public, suggested), whole


def roles_and_public(facts: FactStore) -> tuple[dict[str, Role], frozenset[str]]:
    """Return what the attributes of all sources mean, and which sources anybody can write to."""
    sources = facts.sources()
    return merged_roles(sources), frozenset(source.name for source in sources if source.public)


def _resolved(graph: Graph, settings: Settings, options: ResolveOptions) -> tuple[ResolveSummary, LastRun]:
    done = resolve(graph, settings, replace(options, retrain=False))
    last = CustomerStore(graph).last_run()
    assert last is not None  # it has just ended
    return done, last


def _records(graph: Graph, settings: Settings) -> tuple[Table, int]:
    """Return all records as of one sequence number."""
    copy = ColumnarCopy(settings.data_dir, graph)
    while True:
        seq = copy.catch_up()
        records = copy.records()
        if copy.catch_up() == seq:
            return records, seq


def _collect() -> None:
    """Free what is no longer used, though it refers to itself or was told to stay."""
    frozen = gc.get_freeze_count()
    gc.unfreeze()
    gc.collect()
    if frozen:
        gc.freeze()
