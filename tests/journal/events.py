"""Events written by hand, for the tests of the journal."""

from __future__ import annotations

from datetime import UTC, datetime

from identity_graph.journal import JournalEvent, RefusedEvent, Submission

__all__ = ["NOON", "event", "refused", "submission"]

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def event(message_id: str, source: str = "web", body: str | None = None) -> JournalEvent:
    """Build an event."""
    return JournalEvent(
        source, False, message_id, NOON, body if body is not None else f'{{"messageId":"{message_id}"}}'
    )


def refused(message_id: str, reason: str = "missing_user", source: str = "web") -> RefusedEvent:
    """Build a refused event."""
    return RefusedEvent(event(message_id, source), reason, "It has no user.")


def submission(*message_ids: str) -> Submission:
    """Build a submission of events."""
    return Submission(tuple(event(message_id) for message_id in message_ids))
