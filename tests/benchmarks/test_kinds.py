"""The generated sets of other kinds: reproducible, in the layout that is measured, and their truth is complete."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.quality.kinds.every import KINDS, write_kinds
from benchmarks.quality.sets import find_sets
from identity_graph.evaluation import read_partition
from identity_graph.sources import open_sources


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kinds")
    write_kinds(folder, share=0.02)
    return folder


def test_same_seed_gives_the_same_bytes(kinds: Path, tmp_path: Path) -> None:
    write_kinds(tmp_path, share=0.02)
    files = sorted(path.relative_to(kinds) for path in kinds.glob("*/*"))
    assert files == sorted(path.relative_to(tmp_path) for path in tmp_path.glob("*/*"))
    assert all((kinds / path).read_bytes() == (tmp_path / path).read_bytes() for path in files)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_truth_names_every_row_once(kinds: Path, name: str) -> None:
    (found,) = find_sets([kinds], [name])
    truth = read_partition(found.truth)
    keys = [tuple(row.values()) for row in truth.drop_columns("cluster_id").to_pylist()]
    rows = sum(batch.rows_read for path in found.files for batch in open_sources([path]).batches())
    assert len(keys) == len(set(keys)) == rows
