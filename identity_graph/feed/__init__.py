"""The change feed: what happened to customers, in order, told to other systems as CloudEvents.

The lineage of the graph (its outbox) comes in, events with a cursor go out; who keeps the cursor misses nothing.
"""

from __future__ import annotations

from identity_graph.feed.cloud_events import EVENT_TYPES, CloudEvent
from identity_graph.feed.reader import LONGEST_PAGE, NOW, ChangeFeed, FeedPage
from identity_graph.feed.sentences import say_event

__all__ = ["EVENT_TYPES", "LONGEST_PAGE", "NOW", "ChangeFeed", "CloudEvent", "FeedPage", "say_event"]
