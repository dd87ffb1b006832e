"""Real time: events of the journal become facts, in micro-batches, once each.

The journal's waiting events come in, stored facts go out. One applier per data folder.
"""

from __future__ import annotations

from identity_graph.ingest.applier import Applied, Applier
from identity_graph.ingest.worker import ApplierThread, apply_all, hold_lease

__all__ = ["Applied", "Applier", "ApplierThread", "apply_all", "hold_lease"]
