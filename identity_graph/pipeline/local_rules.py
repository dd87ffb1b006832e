"""What makes linking local: everything that looks at all records is learnt with the model and is then a rule.

A freshly trained model, the records and their scored pairs come in; the model with its rules goes out. With a model
given, the cluster of a record depends on the records it has links with and on the model, never on what else the table
holds; that is what lets a few changed records be resolved alone (docs/decisions/0012).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from identity_graph.clusters import Certainty, ClusterPolicy, Suggestion, certainty, divide
from identity_graph.links import LinkOptions, LinkSet
from identity_graph.matching import MatchModel, affordable_size
from identity_graph.namespaces import NamespaceRule
from identity_graph.roles import IDENTIFIER_ROLES, Role
from identity_graph.tables import Table

__all__ = ["Clustered", "cluster", "link_options", "with_rules"]


def with_rules(
    model: MatchModel,
    records: Table,
    named: npt.NDArray[np.bool_],
    limits: Mapping[str, int],
    pairs: Table,
    budget: int,
) -> MatchModel:
    """Return a model with the rules that its training records teach.

    Args:
        model: freshly trained, with its thresholds.
        records: the records it was trained on.
        named: per record, whether it says who somebody is.
        limits: people that one value may have, by namespace.
        pairs: the scored candidates.
        budget: pairs inside groups that may be weighed besides.
    """
    sources = _naming(records, named)
    structure = {
        name: replace(found, duplicate_free=found.duplicate_free and name in sources)
        for name, found in model.structure.items()
    }
    largest = affordable_size(pairs, records.num_rows, model.thresholds["join"], budget)
    return replace(model, structure=structure, people_limits=dict(limits), largest_group=largest)


def link_options(
    model: MatchModel,
    roles: Mapping[str, Role],
    rules: Mapping[str, NamespaceRule],
    quarantined: Collection[str],
    public_sources: Collection[str] = (),
) -> LinkOptions:
    """Return how links are combined under a model.

    Args:
        model: the model that scores.
        roles: role of each attribute.
        rules: namespace rules.
        quarantined: identifier keys to leave out.
        public_sources: sources whose records join no two known customers.
    """
    compared: dict[str, list[str]] = {}
    for attribute, role in sorted(roles.items()):
        if role in IDENTIFIER_ROLES and str(role) in model.columns:
            compared.setdefault(str(role), []).append(attribute)
    single = frozenset(name for name, found in model.structure.items() if found.duplicate_free)
    return LinkOptions(rules, quarantined, compared, single, public_sources)


@dataclass(frozen=True, slots=True)
class Clustered:
    """Clusters of records.

    Attributes:
        sure: labels and certainties.
        link_set: what they were made of, with the links as they counted.
        suggestions: known customers that only public records would join.
    """

    sure: Certainty
    link_set: LinkSet
    suggestions: tuple[Suggestion, ...]


def cluster(link_set: LinkSet, count: int, policy: ClusterPolicy) -> Clustered:
    """Divide `count` records into clusters, with their certainties."""
    found = divide(count, link_set, policy)
    sure = certainty(found.labels, found.links, link_set.constraints, policy)
    return Clustered(sure, replace(link_set, links=found.links), found.suggestions)


def _naming(records: Table, named: npt.NDArray[np.bool_]) -> frozenset[str]:
    """Return the sources of which most records name somebody; cookies cannot show that each person is there once."""
    names = records["source"].combine_chunks().dictionary_encode()
    codes = names.indices.to_numpy(zero_copy_only=False)
    told = np.bincount(codes, weights=named, minlength=len(names.dictionary))
    mostly = told >= 0.5 * np.bincount(codes, minlength=len(names.dictionary))
    return frozenset(name for name, says in zip(names.dictionary.to_pylist(), mostly.tolist(), strict=True) if says)
