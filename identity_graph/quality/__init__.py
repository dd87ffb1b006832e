"""What a run is worth, estimated without labels.

Records, links, clusters with their certainty and the model come in; one report goes out: estimated precision and
recall with intervals, the shapes of the clusters, the weakest of them, and what comparisons and sources contributed.
"""

from __future__ import annotations

from identity_graph.quality.estimates import Estimates, Interval, estimate
from identity_graph.quality.report import QualityReport, Resolved, report
from identity_graph.quality.unseen import unseen_pairs

__all__ = ["Estimates", "Interval", "QualityReport", "Resolved", "estimate", "report", "unseen_pairs"]
