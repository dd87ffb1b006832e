"""Real time: records that changed, and those that the change can reach, are resolved alone, as a batch would do it.

Facts of the graph come in through their sequence numbers; customers of the touched records go out. One resolver per
process; it and `resolve` exclude each other.
"""

from __future__ import annotations

from identity_graph.realtime.asking import ask_preview, ask_standing
from identity_graph.realtime.index import LiveIndex
from identity_graph.realtime.placed import PlacedCustomer
from identity_graph.realtime.preview import Preview
from identity_graph.realtime.resolver import LiveResolver, LiveSummary
from identity_graph.realtime.standing import Standing, StandingState
from identity_graph.realtime.worker import ResolverThread

__all__ = [
    "LiveIndex", "LiveResolver", "LiveSummary", "PlacedCustomer", "Preview", "ResolverThread", "Standing",
    "StandingState", "ask_preview", "ask_standing",
]  # fmt: skip
