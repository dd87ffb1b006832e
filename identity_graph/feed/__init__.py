"""The change feed: what happened to customers, in order, told to other systems as CloudEvents.

The lineage of the graph (its outbox) comes in, events with a cursor go out; who keeps the cursor misses nothing.
"""

from __future__ import annotations

from identity_graph.feed.broadcast import Broadcast
from identity_graph.feed.cloud_events import BATCH_MEDIA_TYPE, EVENT_TYPES, CloudEvent
from identity_graph.feed.reader import LONGEST_PAGE, NOW, ChangeFeed, FeedBounds, FeedPage, check_types, only
from identity_graph.feed.retention import ChangePruner, Pruned, prune_changes
from identity_graph.feed.sentences import say_event

__all__ = [
    "BATCH_MEDIA_TYPE", "EVENT_TYPES", "LONGEST_PAGE", "NOW", "Broadcast", "ChangeFeed", "ChangePruner", "CloudEvent",
    "FeedBounds", "FeedPage", "Pruned", "check_types", "only", "prune_changes", "say_event",
]  # fmt: skip
