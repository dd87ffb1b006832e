"""Events written by hand, for the tests of what they become."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from identity_graph.journal import JournalEvent

__all__ = ["NOON", "at", "event"]

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def at(minute: float) -> str:
    """Return the time so many minutes after noon, as a sender writes it."""
    return (NOON + timedelta(minutes=minute)).isoformat()


def event(message_id: str, type: str = "page", **message: Any) -> JournalEvent:
    """Build an event that was received an hour after noon."""
    body = {"messageId": message_id, "type": type, **message}
    return JournalEvent("site", False, message_id, NOON + timedelta(hours=1), json.dumps(body))
