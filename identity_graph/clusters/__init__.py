"""Clusters: the pure function from links and constraints to a partition, and how certain its clusters are.

A LinkSet comes in; labels and certainties go out. Nothing here looks at ids, history or a clock.
"""

from __future__ import annotations

from identity_graph.clusters.certainty import Certainty, Outside, certainty, outside
from identity_graph.clusters.division import Division, divide
from identity_graph.clusters.partition import partition
from identity_graph.clusters.policy import ClusterPolicy
from identity_graph.clusters.suggestions import Suggestion

__all__ = [
    "Certainty",
    "ClusterPolicy",
    "Division",
    "Outside",
    "Suggestion",
    "certainty",
    "divide",
    "outside",
    "partition",
]
