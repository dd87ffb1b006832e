"""The live view: events as they arrive with whom they resolve to, what changes, how far everything is behind.

A journal and a graph come in; frames go out, each with what is new since the one before.
"""

from __future__ import annotations

from identity_graph.live.frame import LiveChange, LiveEvent, LiveFrame, LiveState
from identity_graph.live.watch import LiveWatch, frames

__all__ = ["LiveChange", "LiveEvent", "LiveFrame", "LiveState", "LiveWatch", "frames"]
