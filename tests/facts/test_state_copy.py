"""A copy beside the data is used only where it tells the truth."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from identity_graph.facts.state_copy import StateCopy

_TABLE = pa.table({"key": ["crm:1", "crm:2"], "bits": [1.5, None]})


def test_a_copy_comes_back_with_its_marker_only(tmp_path: Path) -> None:
    copy = StateCopy(tmp_path / "derived", "matches")
    assert copy.load("run 1") is None
    copy.save(_TABLE, "run 1")
    assert _TABLE.equals(copy.load("run 1"), check_metadata=True)
    assert copy.load("run 2") is None
    assert StateCopy(tmp_path / "derived", "memberships").load("run 1") is None
    copy.save(_TABLE.slice(1), "run 2")
    assert copy.load("run 1") is None
    assert _TABLE.slice(1).equals(copy.load("run 2"))
    copy.discard()
    copy.discard()
    assert copy.load("run 2") is None


def test_a_torn_copy_or_a_foreign_file_counts_as_none(tmp_path: Path) -> None:
    copy = StateCopy(tmp_path, "matches")
    copy.save(_TABLE, "run 1")
    path = tmp_path / "matches.parquet"
    whole = path.read_bytes()
    for torn in (b"", b"no parquet", whole[: len(whole) // 2]):
        path.write_bytes(torn)
        assert copy.load("run 1") is None
    copy.save(_TABLE, "run 1")
    assert _TABLE.equals(copy.load("run 1"))
    assert [file.name for file in tmp_path.iterdir()] == ["matches.parquet"]
