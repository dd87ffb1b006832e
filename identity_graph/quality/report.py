"""The report of one run, put together.

What a run worked with and found comes in; a QualityReport goes out, for the command line, a file or the run's summary.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from identity_graph.clusters import Certainty, ClusterPolicy, outside
from identity_graph.links import LinkSet, QuarantinedIdentifier
from identity_graph.matching import MatchModel
from identity_graph.quality.contributions import columns, comparisons, sources
from identity_graph.quality.estimates import Estimates, estimate
from identity_graph.quality.shapes import Shapes, WeakCluster, shapes, weakest
from identity_graph.quality.unseen import unseen_pairs
from identity_graph.roles import Role
from identity_graph.tables import Table

__all__ = ["QualityReport", "Resolved", "report"]

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a run worked with and found.

    Attributes:
        records: record table sorted by key.
        roles: role of each attribute.
        model: the model that scored.
        link_set: all links and constraints.
        sure: clusters with their certainty.
        quarantined: identifiers left out, because too many people are behind them.
        policy: numbers of clustering.
    """

    records: Table
    roles: Mapping[str, Role]
    model: MatchModel
    link_set: LinkSet
    sure: Certainty
    quarantined: Sequence[QuarantinedIdentifier]
    policy: ClusterPolicy


@dataclass(frozen=True, slots=True)
class QualityReport:
    """What a run is worth.

    Attributes:
        estimates: precision and recall with intervals.
        shapes: sizes and density of clusters.
        weakest: clusters to look at first, at most 20.
        quarantined: identifier and reason, at most 20, those of most records first.
        comparisons: worth of each comparison in bits.
        columns: columns that carried nothing.
        sources: structure of each source.
    """

    estimates: Estimates
    shapes: Shapes
    weakest: tuple[WeakCluster, ...]
    quarantined: tuple[dict[str, str], ...]
    comparisons: tuple[dict[str, Any], ...]
    columns: tuple[dict[str, Any], ...]
    sources: tuple[dict[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {
            "estimates": self.estimates.as_json(),
            "shapes": asdict(self.shapes),
            "weakest": [one.as_json() for one in self.weakest],
            "quarantined": list(self.quarantined),
            "comparisons": list(self.comparisons),
            "columns": list(self.columns),
            "sources": list(self.sources),
        }


def report(run: Resolved) -> QualityReport:
    """Estimate what a run is worth; cost grows with records and links."""
    links, labels = run.link_set.links, run.sure.labels
    between = outside(labels, links, run.link_set.constraints, run.policy)
    together = labels[links.left] == labels[links.right]
    if links.people is not None:
        together &= links.people[links.left] & links.people[links.right]
    unseen = unseen_pairs(run.records, run.model.roles, links.left[together], links.right[together])
    return QualityReport(
        estimates=estimate(run.sure, between, unseen),
        shapes=shapes(run.sure, links),
        weakest=weakest(run.sure, run.records, _SHOWN),
        quarantined=tuple({"identifier": one.key, "reason": one.reason} for one in run.quarantined[:_SHOWN]),
        comparisons=tuple(comparisons(run.model)),
        columns=tuple(columns(run.records, run.roles, run.model)),
        sources=tuple(sources(run.records, labels, run.model)),
    )
