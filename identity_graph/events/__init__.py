"""Events: messages of the Segment tracking protocol, checked as they come in.

A message as a sender wrote it comes in; an event for the journal goes out, or the reason why it cannot be understood.
"""

from __future__ import annotations

from identity_graph.events.message import EVENT_TYPES, MessageProblem, ReadMessage, read_message

__all__ = ["EVENT_TYPES", "MessageProblem", "ReadMessage", "read_message"]
