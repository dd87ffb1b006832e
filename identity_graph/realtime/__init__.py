"""Real time: records that changed, and those that the change can reach, are resolved alone, as a batch would do it.

Facts of the graph come in through their sequence numbers; customers of the touched records go out. One resolver per
process; it and `resolve` exclude each other.
"""

from __future__ import annotations

from identity_graph.realtime.index import LiveIndex
from identity_graph.realtime.resolver import LiveResolver, LiveSummary
from identity_graph.realtime.worker import ResolverThread

__all__ = ["LiveIndex", "LiveResolver", "LiveSummary", "ResolverThread"]
