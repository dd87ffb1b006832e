"""Facts: what sources and stewards said, in the graph and as a columnar copy for bulk work.

Fact batches and decisions come in; stored facts and record tables go out. Facts are never edited: what changes is
replaced as a whole and its earlier version kept.
"""

from __future__ import annotations

from identity_graph.facts.columnar import ColumnarCopy
from identity_graph.facts.handover import Handover
from identity_graph.facts.name_key import name_key
from identity_graph.facts.registry import FactCounts, StoredReject, StoredSource
from identity_graph.facts.seen_keys import SeenKeys
from identity_graph.facts.state_copy import StateCopy
from identity_graph.facts.store import FactStore, WriteResult

__all__ = [
    "ColumnarCopy", "FactCounts", "FactStore", "Handover", "SeenKeys", "StateCopy", "StoredReject", "StoredSource",
    "WriteResult", "name_key",
]  # fmt: skip
