"""From a record table to a partition: the one engine behind `resolve` (graph) and `dedupe` (files).

Records sorted by key, roles, decisions and a model (or none yet) come in; scored pairs, links, labels and certainties
come out. Nothing here reads or writes a graph.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from identity_graph.clusters import ClusterPolicy, Suggestion
from identity_graph.links import (
    IdentifierPairs,
    IdentifierTable,
    LinkOptions,
    LinkSet,
    QuarantinedIdentifier,
    combine,
    identifier_links,
    identifier_table,
    people_limits,
    quarantined,
    unusable,
)
from identity_graph.matching import (
    Completion,
    Labels,
    MatchingOptions,
    MatchModel,
    Prepared,
    complete,
    prepare,
    require_fit,
    score,
    train,
)
from identity_graph.model import Decision
from identity_graph.namespace_file import namespace_rules
from identity_graph.namespaces import DEFAULT_NAMESPACES, NamespaceRule
from identity_graph.pipeline.labels import LabelFile, known_labels
from identity_graph.pipeline.local_rules import cluster, link_options, with_rules
from identity_graph.pipeline.stages import Stages
from identity_graph.quality import QualityReport, Resolved, report
from identity_graph.roles import Role
from identity_graph.settings import Settings
from identity_graph.tables import Table

__all__ = [
    "CERTAINTY_DIGITS", "Linked", "LinkingOptions", "by_rules", "link_records", "matching_options", "train_model",
]  # fmt: skip

CERTAINTY_DIGITS = 6
"""Of a certainty; more would only tell noise of calculation apart."""


@dataclass(frozen=True, slots=True)
class LinkingOptions:
    """How to link.

    Attributes:
        matching: budgets of training and scoring.
        policy: numbers of clustering.
        rules: namespace rules.
        evidence: keep the weight of each comparison beside each pair.
        labels: labels that help to train, where a model is trained; stewards' decisions help in any case.
        public_sources: sources whose records join no two known customers.
    """

    matching: MatchingOptions = field(default_factory=MatchingOptions)
    policy: ClusterPolicy = field(default_factory=ClusterPolicy)
    rules: Mapping[str, NamespaceRule] = field(default_factory=lambda: DEFAULT_NAMESPACES)
    evidence: bool = False
    labels: LabelFile | None = None
    public_sources: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Linked:
    """What linking found.

    Attributes:
        labels: cluster of each record, named by its smallest row.
        certainty: per record, how certain its cluster is, 0..1.
        membership: per record, how certain it is of its cluster, 0..1.
        pairs: scored pairs (PAIR_SCHEMA).
        shared: pairs that share identifiers.
        link_set: all links and constraints.
        suggestions: known customers that only public records would join.
        model: the model that scored.
        quarantined: identifiers left out, because too many people are behind them.
        blocked: (namespace, value) of shared identifiers left out by rule, sorted.
        quality: what it all is worth, estimated.
    """

    labels: npt.NDArray[np.int32]
    certainty: npt.NDArray[np.float64]
    membership: npt.NDArray[np.float64]
    pairs: Table
    shared: IdentifierPairs
    link_set: LinkSet
    suggestions: tuple[Suggestion, ...]
    model: MatchModel
    quarantined: tuple[QuarantinedIdentifier, ...]
    blocked: tuple[tuple[str, str], ...]
    quality: QualityReport

    def links_by_kind(self) -> dict[str, int]:
        """Count the links inside clusters by what they rest on."""
        links = self.link_set.links
        inside = (self.labels[links.left] == self.labels[links.right]) & (links.weight > 0)
        count = np.int64(max(len(self.labels), 1))
        pair = links.left.astype(np.int64) * count + links.right
        holding = self.shared.shared.any(axis=1)
        sharing = self.shared.left[holding].astype(np.int64) * count + self.shared.right[holding]
        same = np.isin(pair, sharing)
        named = np.ones(len(self.labels), np.bool_) if links.people is None else links.people
        scored = named[links.left] & named[links.right]
        return {
            "deterministic (shared identifier only)": int(np.count_nonzero(inside & same & ~scored)),
            "deterministic and probabilistic": int(np.count_nonzero(inside & same & scored)),
            "probabilistic only": int(np.count_nonzero(inside & ~same & scored)),
            "steward must": len(self.link_set.constraints.must) - self.link_set.aliases,
            "steward cannot": len(self.link_set.constraints.cannot),
            "alias": self.link_set.aliases,
        }


def by_rules(settings: Settings, linking: LinkingOptions) -> LinkingOptions:
    """Let linking go by the namespace rules of the settings, unless it was given others."""
    return replace(linking, rules=namespace_rules(settings)) if linking.rules is DEFAULT_NAMESPACES else linking


def matching_options(settings: Settings, work_dir: Path | None) -> MatchingOptions:
    """Take the budgets of matching from the settings."""
    return MatchingOptions(threads=settings.threads, memory_limit=settings.memory_limit, work_dir=work_dir)


def train_model(
    records: Table, roles: Mapping[str, Role], decisions: Sequence[Decision], options: LinkingOptions, stages: Stages
) -> MatchModel:
    """Train a model on a record table as `link_records` would, without linking anything.

    Args:
        records: record table sorted by key.
        roles: role of each attribute.
        decisions: stewards' decisions in force; they teach, as labels do.
        options: budgets, policy and labels.
        stages: where the time goes.
    """
    labels = known_labels(records, options.labels, decisions)
    limits = people_limits(records, roles, options.rules)
    left_out = frozenset(one.key for one in quarantined(records, roles, options.rules, limits))
    shared = identifier_links(records, roles, LinkOptions(options.rules, left_out))
    return _scored(_Matched(records, roles, shared, limits, labels), None, options, stages)[0]


def link_records(
    records: Table,
    roles: Mapping[str, Role],
    decisions: Sequence[Decision],
    model: MatchModel | None,
    options: LinkingOptions,
    stages: Stages,
) -> Linked:
    """Find which records are one person.

    Args:
        records: record table sorted by key.
        roles: role of each attribute.
        decisions: stewards' decisions in force.
        model: a trained model, or None to train one on these records.
        options: how to link.
        stages: where the time goes.

    Returns:
        The partition with all its evidence: a pure function of the arguments.

    Raises:
        ModelError: the given model does not fit the records.
    """
    with stages.stage("Find shared identifiers") as stage:
        table = identifier_table(records)
        limits = people_limits(records, roles, options.rules, table) if model is None else model.people_limits
        crowded = quarantined(records, roles, options.rules, limits, table)
        left_out = frozenset(one.key for one in crowded)
        shared = identifier_links(records, roles, LinkOptions(options.rules, left_out), table)
        stage.count(len(shared.left))
    known = None if model is not None else known_labels(records, options.labels, decisions)
    model, pairs = _scored(_Matched(records, roles, shared, limits, known), model, options, stages)
    with stages.stage("Combine links") as stage:
        how = link_options(model, roles, options.rules, left_out, options.public_sources)
        link_set = combine(records, pairs, shared, decisions, how)
        stage.count(len(link_set.links.left))
    with stages.stage("Cluster") as stage:
        clustered = cluster(link_set, records.num_rows, options.policy)
        sure = clustered.sure
        stage.count(int(np.count_nonzero(sure.labels == np.arange(len(sure.labels)))))
    with stages.stage("Estimate quality"):
        quality = report(Resolved(records, roles, model, clustered.link_set, sure, crowded, options.policy))
    return Linked(
        labels=sure.labels,
        certainty=np.round(sure.cluster, CERTAINTY_DIGITS),
        membership=np.round(sure.membership, CERTAINTY_DIGITS),
        pairs=pairs,
        shared=shared,
        link_set=clustered.link_set,
        suggestions=clustered.suggestions,
        model=model,
        quarantined=crowded,
        blocked=_blocked(table, options.rules),
        quality=quality,
    )


@dataclass(frozen=True, slots=True)
class _Matched:
    """What matching takes besides a model and options."""

    records: Table
    roles: Mapping[str, Role]
    shared: IdentifierPairs
    limits: Mapping[str, int]
    labels: Labels | None


def _scored(
    given: _Matched, model: MatchModel | None, options: LinkingOptions, stages: Stages
) -> tuple[MatchModel, Table]:
    """Train where there is no model yet, and weigh all pairs that matter."""
    with ExitStack() as open_until_scored:
        with stages.stage("Find candidate pairs") as stage:
            prepared = open_until_scored.enter_context(prepare(given.records, given.roles, options.matching, model))
            stage.count(len(prepared.candidates))
        learning = model is None
        if model is not None:
            require_fit(model, prepared)
        else:
            model = _trained(prepared, given.labels, options, stages)
        with stages.stage("Score pairs") as stage:
            known = given.shared.people.known
            pairs = score(prepared, model, options.evidence, known if model.compares_people else None)
            if learning:
                budget = options.matching.pairs_budget(prepared.count)
                model = with_rules(model, given.records, known, given.limits, pairs, budget)
            wanted = Completion(options.policy.threshold_weight, _asked(given.shared), known)
            pairs = complete(prepared, model, pairs, wanted, options.evidence)
            stage.count(pairs.num_rows)
    return model, pairs


def _trained(prepared: Prepared, labels: Labels | None, options: LinkingOptions, stages: Stages) -> MatchModel:
    with stages.stage("Train the model") as stage:
        thresholds = {"join": options.policy.threshold_weight, "keep": options.matching.minimum_weight}
        model = replace(train(prepared, labels), thresholds=thresholds)
        stage.count(prepared.count)
    return model


def _asked(shared: IdentifierPairs) -> Table:
    """Return the pairs with a shared identifier, which are weighed whatever blocking found."""
    return pa.table({"left": pa.array(shared.left, pa.int32()), "right": pa.array(shared.right, pa.int32())})


def _blocked(table: IdentifierTable, rules: Mapping[str, NamespaceRule]) -> tuple[tuple[str, str], ...]:
    """Return the shared identifiers that identify nobody by rule; those on one record link nothing anyway."""
    codes = np.flatnonzero(unusable(table, rules))
    values = table.value.take(pa.array(codes)).to_pylist()
    names = (table.namespaces[namespace] for namespace in table.namespace[codes].tolist())
    return tuple(sorted(zip(names, values, strict=True)))
