"""Decides which records of the graph are one person and writes the customers.

The graph and options come in; customers, lineage and scored pairs are written, and a ResolveSummary goes out. The
partition is a pure function of facts, rules, model and decisions; only ids look at what was before. A run that dies
leaves whole customers; the next one finishes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.customers.ids import jitter
from identity_graph.customers.plan import CustomerPlan, PlanInput, plan_customers
from identity_graph.customers.regroup import Regrouping, regroup
from identity_graph.customers.store import MEMBERSHIP_SCHEMA, CustomerStore
from identity_graph.explain.evidence import StoredEvidence
from identity_graph.explain.joining import EvidenceWitness
from identity_graph.facts import FactStore
from identity_graph.facts.matches import MatchStore
from identity_graph.facts.state_copy import StateCopy
from identity_graph.graph.port import Graph
from identity_graph.links import IdentifierTable
from identity_graph.matching import MatchModel
from identity_graph.model import Decision
from identity_graph.modelling import find_model, model_folder
from identity_graph.namespace_file import rules_marker
from identity_graph.namespaces import identifier_key
from identity_graph.pipeline.graph_input import GraphInput, no_records, read_graph, within
from identity_graph.pipeline.labels import read_labels, refuse_untaught
from identity_graph.pipeline.linking import Linked, LinkingOptions, by_rules, link_records
from identity_graph.pipeline.match_rows import match_table
from identity_graph.pipeline.stages import StageReport, Stages, Watcher
from identity_graph.pipeline.turns import sole_run
from identity_graph.quality import QualityReport
from identity_graph.review import SuggestionStore, suggestion_rows
from identity_graph.settings import Settings
from identity_graph.tables import Table

__all__ = ["ResolveOptions", "ResolveSummary", "decisions_marker", "now", "resolve"]


@dataclass(frozen=True, slots=True)
class ResolveOptions:
    """How to resolve.

    Attributes:
        retrain: train a new model although there is one.
        model: version or folder of the model to use from now on; None is the one in use, or a new one. It comes before
            `retrain`.
        labels: label file that helps to train a new model; None is none.
        minimum_certainty: probability each membership needs, 0..1; 0 cuts nothing.
        linking: rules and numbers of linking and clustering.
    """

    retrain: bool = False
    model: str | None = None
    labels: Path | None = None
    minimum_certainty: float = 0.0
    linking: LinkingOptions = field(default_factory=lambda: LinkingOptions(evidence=True))


@dataclass(frozen=True, slots=True)
class ResolveSummary:
    """What a run found and did."""

    run: int
    model_version: str
    records: int
    customers: int
    links: Mapping[str, int]
    quarantined: int
    changes: Mapping[str, int]
    jitter: float
    matches_written: int
    conflicts: tuple[str, ...]
    quality: QualityReport
    stages: tuple[StageReport, ...]

    def counts(self) -> dict[str, int | float | str]:
        """Return the numbers a person wants to see, in reading order."""
        return {
            "run": self.run,
            "model": self.model_version,
            "records": self.records,
            "customers": self.customers,
            "identifiers quarantined": self.quarantined,
            **{f"customers {kind}": count for kind, count in self.changes.items()},
            "jitter (records with another id)": self.jitter,
        }

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {
            "run": self.run,
            "model_version": self.model_version,
            "records": self.records,
            "customers": self.customers,
            "links": dict(self.links),
            "quarantined": self.quarantined,
            "changes": dict(self.changes),
            "jitter": self.jitter,
            "matches_written": self.matches_written,
            "conflicts": list(self.conflicts),
            "quality": self.quality.as_json(),
            "stages": [stage.as_json() for stage in self.stages],
        }


def resolve(
    graph: Graph, settings: Settings, options: ResolveOptions | None = None, watcher: Watcher | None = None
) -> ResolveSummary:
    """Resolve the whole graph.

    Args:
        graph: facts are read from it, customers are written to it.
        settings: data folder, threads and memory.
        options: how to resolve; None is the defaults.
        watcher: who wants to see progress.

    Raises:
        ConflictError: another run is under way in this data folder.
        NotFoundError: the graph holds no records, or there is no such model.
        InvalidSettingError: both a model and labels are given.
        SourceError: the label file cannot be used.
        ModelError: the model in use cannot be read or does not fit the records.
        EngineError: the engine did not do it; running again continues.
    """
    options = options or ResolveOptions()
    refuse_untaught(options.model, options.labels)
    with sole_run(settings):
        return _Run(graph, settings, options or ResolveOptions(), Stages(watcher)).resolve()


def decisions_marker(decisions: Sequence[Decision]) -> str:
    """Name a set of decisions in force: equal sets, equal names."""
    return hashlib.blake2b("\n".join(sorted(one.id for one in decisions)).encode(), digest_size=8).hexdigest()


class _Run:
    """One run over one graph."""

    def __init__(self, graph: Graph, settings: Settings, options: ResolveOptions, stages: Stages) -> None:
        self._graph = graph
        self._settings = settings
        self._options = options
        self._stages = stages
        self._facts = FactStore(graph, settings)
        self._customers = CustomerStore(graph)
        self._last = self._customers.last_run()
        self._copies = settings.data_dir / "derived"
        self._labels = None if options.labels is None else read_labels(options.labels)

    def resolve(self) -> ResolveSummary:
        given = read_graph(self._graph, self._settings, self._stages)
        if given.records.num_rows == 0 and self._last is None:
            raise no_records()
        linked = self._link(given)
        records = given.records
        at = now()
        memberships = self._memberships()
        number = self._customers.start_run(at, linked.model.version)
        threshold = self._options.linking.policy.threshold_weight
        self._customers.put_model(linked.model.version, at, {**linked.model.summary, "threshold": threshold})
        matches_written = self._write_matches(records, linked, number, at)
        self._mark_identifiers(linked, number, at)
        self._facts.hold_touchpoints(_shared_devices(records, linked.shared.table))
        SuggestionStore(self._graph).replace(suggestion_rows(records["key"].to_pylist(), linked.suggestions))
        with self._stages.stage("Plan customers") as stage:
            fresh = self._fresh(records) | _regraded(records, memberships, linked)
            regrouping = regroup(records["key"].combine_chunks(), linked.labels, memberships, fresh)
            sure = linked.certainty, linked.membership
            planned = PlanInput(
                records,
                given.roles,
                *sure,
                regrouping,
                number,
                at,
                self._last is None,
                None,
                EvidenceWitness(StoredEvidence(self._graph, by_rules(self._settings, self._options.linking).rules)),
            )
            plan = plan_customers(self._customers, planned)
            stage.count(plan.total)
        self._write_customers(plan, at)
        return self._finish(given, linked, plan, regrouping, (number, at), matches_written)

    def _link(self, given: GraphInput) -> Linked:
        model = self._model()
        policy = replace(self._options.linking.policy, minimum_certainty=self._options.minimum_certainty)
        linking = within(self._settings, replace(self._options.linking, policy=policy, labels=self._labels))
        linking = replace(linking, public_sources=given.public_sources)
        linked = link_records(given.records, given.roles, given.decisions, model, linking, self._stages)
        if model is None or self._options.model is not None:
            linked.model.save(model_folder(self._settings, linked.model.version))
        return linked

    def _model(self) -> MatchModel | None:
        """Return the model to use: the one asked for, else the one in use where it is kept here, else none yet."""
        if self._options.model is not None:
            return find_model(self._settings, self._options.model)
        retrain = self._options.retrain or self._labels is not None
        if retrain or self._last is None or not self._last.model_version:
            return None
        folder = model_folder(self._settings, self._last.model_version)
        return MatchModel.load(folder) if folder.is_dir() else None

    def _memberships(self) -> Table:
        with self._stages.stage("Read customers") as stage:
            if self._last is None:
                memberships = MEMBERSHIP_SCHEMA.empty_table()
            else:
                copy = self._membership_copy().load(_marker(self._last.number, self._last.started_at))
                usable = copy is not None and copy.schema.equals(MEMBERSHIP_SCHEMA)
                memberships = copy if usable else self._customers.memberships()
            stage.count(memberships.num_rows)
        return memberships

    def _membership_copy(self) -> StateCopy:
        return StateCopy(self._copies, "memberships")

    def _fresh(self, records: Table) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Say which records are newer than the last finished run."""
        seen = 0 if self._last is None else int(self._last.summary.get("last_seq", 0))
        fresh: np.ndarray[Any, np.dtype[np.bool_]] = pc.greater(records["seq"], seen).to_numpy()
        return fresh

    def _write_matches(self, records: Table, linked: Linked, number: int, at: str) -> int:
        with self._stages.stage("Write scored pairs", linked.pairs.num_rows) as stage:
            before = _marker(self._last.number, self._last.started_at) if self._last else "nothing"
            store = MatchStore(self._graph, self._copies)
            matches = match_table(records["key"], linked.pairs, linked.model.version)
            written, _ = store.replace(matches, before, _marker(number, at), stage.advance)
            stage.count(written)
        return written

    def _mark_identifiers(self, linked: Linked, number: int, at: str) -> None:
        """Let the graph show which identifiers are quarantined or blocked; releases what no longer is."""
        wanted = {one.key: ("quarantined", one.reason) for one in linked.quarantined}
        wanted |= {
            identifier_key(namespace, value): ("blocked", "The value identifies nobody by rule.")
            for namespace, value in linked.blocked
        }
        marked = self._customers.marked_identifiers()
        rows: list[dict[str, str | None]] = [
            {"key": key, "status": status, "reason": reason}
            for key, (status, reason) in sorted(wanted.items())
            if marked.get(key) != (status, reason)
        ]
        rows += [{"key": key, "status": "active", "reason": None} for key in sorted(marked.keys() - wanted.keys())]
        self._customers.mark_identifiers(rows, at, number)

    def _write_customers(self, plan: CustomerPlan, at: str) -> None:
        self._membership_copy().discard()  # while the graph changes, no copy tells the truth
        with self._stages.stage("Write customers", plan.total) as stage:
            for customers, change_set in plan.change_sets():
                self._customers.apply(change_set, at)
                stage.advance(customers)
                stage.count(customers)

    def _finish(
        self,
        given: GraphInput,
        linked: Linked,
        plan: CustomerPlan,
        regrouping: Regrouping,
        run: tuple[int, str],
        matches_written: int,
    ) -> ResolveSummary:
        number, at = run
        after = plan.membership()
        keys = given.records["key"].to_pylist()
        before = {key: name for key, name in zip(keys, regrouping.before, strict=True) if name is not None}
        summary = ResolveSummary(
            run=number,
            model_version=linked.model.version,
            records=given.records.num_rows,
            customers=len(np.unique(linked.labels)),
            links=linked.links_by_kind(),
            quarantined=len(linked.quarantined),
            changes=plan.changes,
            jitter=jitter(before, {key: name for key, name in zip(keys, after, strict=True) if name is not None}),
            matches_written=matches_written,
            conflicts=tuple(one.reason for one in linked.link_set.conflicts),
            quality=linked.quality,
            stages=self._stages.reports,
        )
        seen = {"last_seq": given.seq, "decisions": decisions_marker(given.decisions)}
        seen["public_sources"] = sorted(given.public_sources)
        seen["roles"] = {name: role.value for name, role in sorted(given.roles.items())}
        seen["rules"] = rules_marker(by_rules(self._settings, self._options.linking).rules)
        self._customers.finish_run(number, now(), {**summary.as_json(), **seen})
        columns = {"record_key": keys, "customer_id": after, "certainty": linked.membership}
        self._membership_copy().save(pa.table(columns, schema=MEMBERSHIP_SCHEMA), _marker(number, at))
        return summary


def _shared_devices(records: Table, table: IdentifierTable) -> list[str]:
    """Return the keys of the visitors that several users were seen on."""
    users, visits = (table.per_row(name, records.num_rows) for name in ("user_id", "anonymous_id"))
    keys: list[str] = records["key"].filter(pa.array((users > 1) & (visits > 0))).to_pylist()
    return keys


def _regraded(records: Table, memberships: Table, linked: Linked) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Say which records are more or less certain of their customer than the graph says."""
    place = pc.index_in(records["key"], value_set=memberships["record_key"].combine_chunks())
    known = memberships["certainty"].take(place.combine_chunks())
    same = pc.fill_null(pc.equal(known, pa.array(linked.membership)), False)
    return np.asarray(~same.to_numpy())


def now() -> str:
    """Return this moment as ISO-8601 UTC text."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _marker(number: int, started_at: str) -> str:
    """Name the state that a run leaves, for the copies beside the data; no other database has a run of this moment."""
    return f"run {number} of {started_at}"
