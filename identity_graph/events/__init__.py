"""Events: messages of the Segment tracking protocol, checked as they come in and turned into facts.

A message as a sender wrote it comes in; an event for the journal goes out, or the reason why it cannot be understood.
Later the events of the journal come in, and a batch of facts goes out. Pure functions throughout.
"""

from __future__ import annotations

from identity_graph.events.facts import CUSTOM_TRAITS, EventFacts, event_facts
from identity_graph.events.message import EVENT_TYPES, MessageProblem, ReadMessage, read_message, shown_message

__all__ = [
    "CUSTOM_TRAITS", "EVENT_TYPES", "EventFacts", "MessageProblem", "ReadMessage", "event_facts", "read_message",
    "shown_message",
]  # fmt: skip
