"""Reads a graph into memory for a resolver of changes: customers, and the records as they were when those were made.

A graph and its last run come in; a HeldGraph to go on with goes out: what changed since is a step like any other. Only
where the customers were made by another model or other rules, or far too much changed, everything is resolved first.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from identity_graph.customers.store import CustomerStore, LastRun
from identity_graph.facts import ColumnarCopy, FactStore
from identity_graph.facts.earlier import records_at
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
from identity_graph.realtime.held_records import said_by
from identity_graph.realtime.holdings import Holdings
from identity_graph.realtime.index import LiveIndex
from identity_graph.realtime.standing import StandingState
from identity_graph.review import SuggestionStore
from identity_graph.roles import Role
from identity_graph.settings import Settings

__all__ = ["HeldGraph", "Told", "learn", "open_held", "roles_and_public", "too_many"]

_log = logging.getLogger("identity_graph.realtime")

_MANY = 20_000
"""Records that the garbage collector would take noticeably long to look through, every some seconds."""

_FEW = 20_000
_MOST_SHARE = 4
"""More changes than a few, and than this part of the records, are resolved sooner with all records."""

Meanings: TypeAlias = tuple[Mapping[str, Role], frozenset[str]]
"""What the attributes of all sources mean, and which sources anybody can write to."""

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
        seen_since: records that were perhaps seen again before they were read, so that their customers have to be
            written anew when they come.
        decided: records that stewards decided of since the last step, or before.
        passed: number up to which records may be that were passed over, because they changed again while they were
            looked for; those up to `seq` are all there only when it is not above that.
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
    seen_since: set[str]
    decided: set[str]
    passed: int = 0
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
    facts, customers = FactStore(graph, settings), CustomerStore(graph)
    whole: ResolveSummary | None = None
    while True:
        told(StandingState.LOADING, "the records", None)
        roles, public = roles_and_public(facts)
        why = _made_otherwise(last, settings, linking)
        if why is None and whole is None:
            why = _far_behind(last, graph)
        if why is None:
            memberships = customers.memberships()
            copy = ColumnarCopy(settings.data_dir, graph)
            then = records_at(graph, copy, int(last.summary["last_seq"]), memberships["record_key"])
            before = last.summary["roles"], frozenset(last.summary["public_sources"])
            why = _told_otherwise(*said_by(then.records), before, (roles, public))
        if why is None:
            break
        _log.info("everything is resolved first: %s", why)
        told(StandingState.RESOLVING_ALL, None, None)
        whole, last = _resolved(graph, settings, options)
    model = MatchModel.load(model_folder(settings, last.model_version))
    told(StandingState.LOADING, "the index", len(then.records))
    index = LiveIndex(model, then.records, roles, linking.rules, linking.matching, linking.policy.threshold_weight)
    told(StandingState.LOADING, "the customers", len(index))
    marked: dict[str, Status] = {**customers.marked_identifiers()}
    index.recall(marked)
    suggested: dict[tuple[str, str], Mapping[str, Any]] = {
        (row["left"], row["right"]): row for row in SuggestionStore(graph).read()
    }
    decisions, decided = _decisions(facts, last)
    held = HeldGraph(
        index, Holdings(memberships), decisions, int(last.summary["last_seq"]), last, marked, public, suggested,
        set(then.seen_since), decided,
    )  # fmt: skip
    if len(index) > _MANY:
        _collect()
        gc.freeze()
    return held, whole


def learn(held: HeldGraph, meanings: Meanings) -> str | None:
    """Let what is in memory go by what sources say now of their attributes and of themselves.

    Returns:
        None when it does; why it cannot when records that are held would tell something else: they are to be read anew.
    """
    roles, public = meanings
    if meanings == (held.index.roles, held.public):
        return None
    records = held.index.records
    why = _told_otherwise(records.sources, records.attributes, (held.index.roles, held.public), meanings)
    if why is None:
        held.index.learn(roles)
        held.public = public
    return why


def too_many(behind: int, records: int) -> bool:
    """Say whether so many changes are resolved sooner with all of so many records."""
    return behind > max(_FEW, records // _MOST_SHARE)


def roles_and_public(facts: FactStore) -> Meanings:
    """Return what the attributes of all sources mean, and which sources anybody can write to."""
    sources = facts.sources()
    return merged_roles(sources), frozenset(source.name for source in sources if source.public)


def _resolved(graph: Graph, settings: Settings, options: ResolveOptions) -> tuple[ResolveSummary, LastRun]:
    done = resolve(graph, settings, replace(options, retrain=False))
    last = CustomerStore(graph).last_run()
    assert last is not None  # it has just ended
    return done, last


def _made_otherwise(last: LastRun, settings: Settings, linking: LinkingOptions) -> str | None:
    """Say why customers cannot be gone on with whatever the records are; None when they can."""
    if not last.finished:
        return f"run {last.number} was not finished, or steps failed for no known reason"
    if not {"last_seq", "roles"} <= last.summary.keys():
        return f"run {last.number} is of an earlier version"
    # Which ones they are is not kept, so nobody knows what their customers were made of.
    if last.summary.get("passed_over"):
        return f"run {last.number} ended amid many changes, some of them of records that changed again"
    if not model_folder(settings, last.model_version).is_dir():
        return f"model {last.model_version} is not here"
    # Runs of earlier versions went by the default rules and did not say so.
    if last.summary.get("rules", rules_marker(DEFAULT_NAMESPACES)) != rules_marker(linking.rules):
        return "the rules of namespaces are others"
    return None


def _far_behind(last: LastRun, graph: Graph) -> str | None:
    """Say whether more changed than is worth looking at alone, or the graph is not the one that was resolved."""
    counter = next(iter(graph.read("facts/read_counter")), {"value": 0})
    behind = int(counter["value"] or 0) - int(last.summary["last_seq"])
    if behind < 0:
        return "the graph was put back to an earlier state"
    if too_many(behind, int(last.summary.get("records") or 0)):
        return f"{behind} changes wait, which are sooner resolved with everything"
    return None


def _told_otherwise(sources: Set[str], said: Set[str], before: Meanings, after: Meanings) -> str | None:
    """Say which records tell something else than they did, because of what their source is said to be; None: none.

    Args:
        sources: the sources of the records.
        said: the attributes that they say.
        before, after: what attributes meant, and what they mean.
    """
    (roles_before, public_before), (roles, public) = before, after
    trusted = sources & (public ^ public_before)
    if trusted:
        return f"source {min(trusted)} may be trusted otherwise"
    changed = {name for name in roles.keys() | roles_before.keys() if roles.get(name) != roles_before.get(name)}
    if changed & said:
        return f"attribute {min(changed & said)} means something else"
    return None


def _decisions(facts: FactStore, last: LastRun) -> tuple[tuple[Decision, ...], set[str]]:
    """Return the decisions in force, and the records to look at because others were in force at the last step."""
    decisions = facts.decisions(active_only=True)
    if decisions_marker(decisions) == last.summary["decisions"]:
        return decisions, set()
    # Which ones it were is not kept, so all are looked at.
    return decisions, {key for one in facts.decisions(active_only=False) for key in (one.left, one.right)}


def _collect() -> None:
    """Free what is no longer used, though it refers to itself or was told to stay."""
    frozen = gc.get_freeze_count()
    gc.unfreeze()
    gc.collect()
    if frozen:
        gc.freeze()
