"""How certain each membership and each cluster is, from the match weights alone.

Labels and links come in, numbers in 0..1 go out. They are the model's word turned into a probability; how well that
holds is measured where labels are known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from identity_graph.clusters.policy import ClusterPolicy
from identity_graph.links.types import Bits, Constraints, Links, Rows

__all__ = ["Certainty", "certainty"]


@dataclass(frozen=True, slots=True)
class Certainty:
    """Certainty of a partition.

    Attributes:
        membership: per record, how sure it is that the record belongs with the rest of its cluster; of a record
            alone, that it belongs with none of the others it was linked to.
        cluster: per record, the certainty of its cluster: that of its least certain membership.
    """

    membership: Bits
    cluster: Bits


def certainty(
    labels: Rows, links: Links, constraints: Constraints | None = None, policy: ClusterPolicy | None = None
) -> Certainty:
    """Say how certain each membership is.

    A membership is as certain as the best link to the rest of the cluster is probable, 1 / (1 + 2^-weight); a record
    alone is as certain as its best link was improbable, where links that a steward forbade do not count. A must makes
    its records certain. On two labelled sets this had the smallest squared error of four readings of the weights
    (docs/decisions/0006).

    Args:
        labels: from `partition`.
        links: the links it was given.
        constraints: the constraints it was given.
        policy: the policy it was given; its `strongest_for` caps each weight here too.
    """
    constraints, policy = constraints or Constraints(), policy or ClusterPolicy()
    count = len(labels)
    left, right = links.left.astype(np.int64), links.right.astype(np.int64)
    weight = np.clip(links.weight, -policy.strongest_for, policy.strongest_for)
    inside = labels[left] == labels[right]
    cannot = np.sort(constraints.cannot.astype(np.int64), axis=1)
    forbidden = cannot[:, 0] * count + cannot[:, 1]
    counts = inside | ~np.isin(left * count + right, forbidden)
    best = np.full((2, count), -np.inf)
    for ends in (left, right):
        np.maximum.at(best[0], ends[inside], weight[inside])
        np.maximum.at(best[1], ends[~inside & counts], weight[~inside & counts])
    alone = np.bincount(labels, minlength=count)[labels] == 1
    membership = np.where(alone, 1.0 - _probability(best[1]), _probability(best[0]))
    membership[constraints.must.reshape(-1)] = 1.0
    least = np.ones(count)
    np.minimum.at(least, labels, membership)
    return Certainty(membership, least[labels])


def _probability(weight: Bits) -> Bits:
    """Turn weights into probabilities; minus infinity is 0."""
    with np.errstate(over="ignore"):
        return np.asarray(1.0 / (1.0 + np.exp2(-weight)))
