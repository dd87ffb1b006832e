"""Label files: what is read, what is refused, and how records are found."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from identity_graph.errors import InvalidSettingError, SourceError
from identity_graph.model import Decision, Verdict
from identity_graph.pipeline.dedupe import DedupeOptions, dedupe
from identity_graph.pipeline.labels import known_labels, read_labels
from identity_graph.settings import Settings
from tests.pipeline.company import Company, write_rows

_RECORDS = pa.table(
    {"key": ["crm:1", "crm:2", "crm:3", "shop:1", "shop:9"], "record_id": ["1", "2", "3", "1", "9"]},
)


def _write(folder: Path, text: str) -> Path:
    path = folder / "labels.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("record_id,cluster_id\n2,a\n9,a\n3,b\n77,b\n", [-1, 0, 1, -1, 0], id="by id"),
        pytest.param("record_id,cluster_id\ncrm:1,x\nshop:1,x\n2,\n", [0, -1, -1, 0, -1], id="by key, one unlabelled"),
        pytest.param("Source,Record_ID,Cluster_ID\ncrm,1,x\nshop,1,y\n", [0, -1, -1, 1, -1], id="by source and id"),
    ],
)
def test_groups_are_found_among_the_records(tmp_path: Path, text: str, expected: list[int]) -> None:
    found = known_labels(_RECORDS, read_labels(_write(tmp_path, text)), ())
    assert found is not None and found.group is not None
    assert found.group.tolist() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "left,right,verdict\ncrm:1,shop:1,must\n2,3,Cannot\n3,9,undecided\n2,77,must\n",
            [(0, 3, 1.0), (1, 2, 0.0), (2, 4, 0.5)],
            id="verdicts",
        ),
        pytest.param("left,right,probability\n2,9,0.8\n", [(1, 4, 0.8)], id="probabilities"),
        pytest.param("unique_id_l,unique_id_r,clerical_match_score\n9,2,1\n", [(4, 1, 1.0)], id="as Splink"),
    ],
)
def test_pairs_are_found_among_the_records(tmp_path: Path, text: str, expected: list[tuple[int, int, float]]) -> None:
    found = known_labels(_RECORDS, read_labels(_write(tmp_path, text)), ())
    assert found is not None
    assert list(zip(found.left.tolist(), found.right.tolist(), found.probability.tolist(), strict=True)) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("record_id,cluster_id\n1,a\n", "'1', which several sources have", id="unclear id"),
        pytest.param("record_id,cluster_id\n77,a\n", "None of the records", id="other records"),
        pytest.param("left,right,verdict\n2,3,perhaps\n", "Line 2 .* 'perhaps'", id="odd verdict"),
        pytest.param("left,right,probability\n2,3,1.5\n", "Line 2 .* '1.5'", id="no probability"),
        pytest.param("left,right\n2,3\n", "neither record_id,cluster_id nor", id="nothing said"),
        pytest.param("a,b\n2,3\n", "neither record_id,cluster_id nor", id="other columns"),
    ],
)
def test_what_cannot_be_understood_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        known_labels(_RECORDS, read_labels(_write(tmp_path, text)), ())


def _decision(id: str, verdict: Verdict, left: str, right: str, undone_by: str | None = None) -> Decision:
    return Decision(id, verdict, left, right, "ana", "saw it", datetime(2026, 1, 1, tzinfo=UTC), undone_by)


def test_decisions_in_force_are_labels_and_come_after_the_file(tmp_path: Path) -> None:
    decisions = (
        _decision("d2", Verdict.CANNOT, "crm:2", "crm:3"),
        _decision("d1", Verdict.MUST, "crm:1", "shop:1"),
        _decision("d3", Verdict.MUST, "crm:1", "crm:2", undone_by="ben"),
        _decision("d4", Verdict.MUST, "crm:1", "gone:1"),
    )
    file = read_labels(_write(tmp_path, "left,right,verdict\n2,3,must\n"))
    found = known_labels(_RECORDS, file, decisions)
    assert found is not None
    assert found.probability.tolist() == [1.0, 1.0, 0.0]
    assert np.stack([found.left, found.right]).T.tolist() == [[1, 2], [0, 3], [1, 2]]
    assert known_labels(_RECORDS, None, ()) is None


def test_dedupe_is_taught_by_labels_and_says_how_many(tmp_path: Path, settings: Settings) -> None:
    path = str(write_rows(tmp_path / "crm.csv", Company(20).sources["shop"].values()))
    labels = _write(tmp_path, "record_id,cluster_id\n0-0,a\n0-1,a\n1-0,b\n")
    output = tmp_path / "clusters.csv"
    plain = dedupe([path], output, settings)
    taught = dedupe([path], output, settings, DedupeOptions(labels=labels, save_model=tmp_path / "model"))
    assert taught.model_version != plain.model_version
    again = dedupe([path], output, settings, DedupeOptions(labels=labels))
    assert again.model_version == taught.model_version
    assert '"labels matching": 1.0' in (tmp_path / "model" / "model.json").read_text(encoding="utf-8")
    with pytest.raises(InvalidSettingError, match="a trained one is given"):
        dedupe([path], output, settings, DedupeOptions(labels=labels, model=str(tmp_path / "model")))
