"""What the clusters look like, and which to look at first.

Clusters with their certainty and the links come in; counts and a short list go out.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from identity_graph.clusters import Certainty
from identity_graph.links.types import Codes, Links
from identity_graph.tables import Table

__all__ = ["Shapes", "WeakCluster", "shapes", "weakest"]

_SIZES = ((1, 1), (2, 2), (3, 5), (6, 10), (11, 20), (21, 50), (51, None))


@dataclass(frozen=True, slots=True)
class Shapes:
    """Counts over clusters.

    Attributes:
        sizes: records in a cluster, in words -> clusters.
        density: share of pairs in clusters whose own link speaks for one person; None without pairs.
        hanging: records of clusters of three and more that a single link holds.
        doubtful: clusters of several records whose certainty is below one half.
    """

    sizes: dict[str, int]
    density: float | None
    hanging: int
    doubtful: int


@dataclass(frozen=True, slots=True)
class WeakCluster:
    """A cluster to look at.

    Attributes:
        cluster: key of its first record.
        records: how many it has.
        certainty: probability that all are one person.
        reason: what makes it weak, one sentence.
    """

    cluster: str
    records: int
    certainty: float
    reason: str

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return asdict(self)


def shapes(sure: Certainty, links: Links) -> Shapes:
    """Count sizes, density, records that hang by one link, and clusters in doubt."""
    size = np.bincount(sure.labels, minlength=len(sure.labels))
    clusters = size[size > 0]
    counts = {
        _words(low, high): int(np.count_nonzero((clusters >= low) & (clusters <= (high or clusters.max(initial=0)))))
        for low, high in _SIZES
    }
    holding = (sure.labels[links.left] == sure.labels[links.right]) & (links.weight > 0)
    pairs = int((clusters * (clusters - 1) // 2).sum())
    held = np.bincount(np.concatenate([links.left[holding], links.right[holding]]), minlength=len(size))
    first = np.flatnonzero(size > 1)
    return Shapes(
        sizes={words: count for words, count in counts.items() if count},
        density=round(float(np.count_nonzero(holding)) / pairs, 4) if pairs else None,
        hanging=int(np.count_nonzero((size[sure.labels] >= 3) & (held == 1))),
        doubtful=int(np.count_nonzero(sure.cluster[first] < 0.5)),
    )


def weakest(sure: Certainty, records: Table, shown: int) -> tuple[WeakCluster, ...]:
    """List the least certain clusters of several records, of equals the larger ones and then those of smaller keys."""
    size = np.bincount(sure.labels, minlength=len(sure.labels))
    first = np.flatnonzero(size > 1)
    order = first[np.lexsort((first, -size[first], sure.cluster[first]))][:shown]
    keys = records["key"]
    found = []
    for label in order.tolist():
        rows: Codes = np.flatnonzero(sure.labels == label)
        least = rows[sure.membership[rows] == sure.cluster[label]]
        named = keys[int(least[0])].as_py()
        chance = f"with probability {sure.cluster[label]:.2f} only"
        others = "belongs" if len(least) == 1 else f"and {len(least) - 1} more belong"
        all_in_doubt = len(least) == size[label]
        reason = f"its records are one person {chance}" if all_in_doubt else f"{named} {others} to the rest {chance}"
        found.append(
            WeakCluster(
                cluster=keys[label].as_py(),
                records=int(size[label]),
                certainty=round(float(sure.cluster[label]), 4),
                reason=reason,
            )
        )
    return tuple(found)


def _words(low: int, high: int | None) -> str:
    return f"{low} or more" if high is None else str(low) if low == high else f"{low} to {high}"
