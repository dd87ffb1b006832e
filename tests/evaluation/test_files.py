"""Which partition files can be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from identity_graph.errors import SourceError, SourceNotFoundError
from identity_graph.evaluation import read_partition


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("record_id,cluster_id\n007,1\nb,1\n", {"record_id": ["007", "b"], "cluster_id": ["1", "1"]}),
        ("\ufeffcluster_id,note,record_id\n1,x,a\n", {"record_id": ["a"], "cluster_id": ["1"]}),
        ('record_id,cluster_id\n"a,\nb",NULL\n', {"record_id": ["a,\nb"], "cluster_id": ["NULL"]}),
        (
            "CLUSTER_ID,RECORD_ID,DATA_SOURCE\n1,a,CRM\n",
            {"record_id": ["a"], "cluster_id": ["1"], "source": ["CRM"]},
        ),
        (
            "record_key,source,record_id,customer_id\ncrm:a,crm,a,c1\n",
            {"record_id": ["a"], "cluster_id": ["c1"], "source": ["crm"]},
        ),
    ],
)
def test_all_headers_are_read(tmp_path: Path, text: str, columns: dict[str, list[str]]) -> None:
    path = tmp_path / "clusters.csv"
    path.write_text(text, encoding="utf-8")
    assert read_partition(path).to_pydict() == columns


@pytest.mark.parametrize("text", ["", "record_id,person\na,1\n"])
def test_a_file_without_the_columns_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "clusters.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError):
        read_partition(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFoundError, match=r"nothing\.csv"):
        read_partition(tmp_path / "nothing.csv")
