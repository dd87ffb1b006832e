"""Clusters against a truth: two partitions come in, precision, recall and the worst errors go out."""

from __future__ import annotations

from identity_graph.evaluation.files import PARTITION_SCHEMA, partition_of, read_partition, read_texts
from identity_graph.evaluation.score import Evaluation, GroupError, GroupPart, Scores, evaluate

__all__ = [
    "PARTITION_SCHEMA", "Evaluation", "GroupError", "GroupPart", "Scores", "evaluate", "partition_of",
    "read_partition", "read_texts",
]  # fmt: skip
