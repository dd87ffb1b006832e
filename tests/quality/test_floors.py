"""What clusters of generated sets of other kinds are worth at least: a guard against getting worse, not a promise.

Each set is small and has its own headers, gaps and traps (`benchmarks/quality/kinds`); its columns are recognised.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.quality.kinds.every import write_kinds
from benchmarks.quality.sets import find_sets
from identity_graph.evaluation import evaluate, read_partition
from identity_graph.pipeline.dedupe import dedupe
from identity_graph.settings import Settings

_FLOORS = {
    "kind_businesses": (0.1, 0.92),
    "kind_civil_registry": (0.15, 0.9),
    "kind_hospital": (0.12, 0.93),
    "kind_inventors": (0.2, 0.9),
    "kind_products": (0.4, 0.8),
    "kind_shared_contacts": (0.12, 0.93),
    "kind_sparse_sources": (0.06, 0.86),
    "kind_survey": (1.0, 0.95),
    "kind_two_layouts": (0.08, 0.95),
    "kind_voters": (0.03, 0.95),
}
"""Set -> share of its usual size, and the least B-cubed F1."""


@pytest.mark.parametrize("name", sorted(_FLOORS))
def test_clusters_are_no_worse_than_they_were(name: str, tmp_path: Path, settings: Settings) -> None:
    share, floor = _FLOORS[name]
    write_kinds(tmp_path, [name], share)
    (found,) = find_sets([tmp_path], [name])
    dedupe([str(path) for path in found.files], tmp_path / "clusters.csv", settings)
    quality = evaluate(read_partition(tmp_path / "clusters.csv"), read_partition(found.truth), shown=3)
    assert quality.b_cubed.f1 >= floor, f"{quality.worst_merges} {quality.worst_splits}"
