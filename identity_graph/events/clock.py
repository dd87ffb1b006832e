"""When an event happened, though the sender's clock may be wrong.

The times a message says and the time it was received come in; one time goes out, with a zone.

Source: Segment's specification of common fields: timestamp = receivedAt - (sentAt - originalTimestamp).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from identity_graph.normalise import NormaliseContext, normalise_value
from identity_graph.roles import Role

__all__ = ["happened_at"]

_CONTEXT = NormaliseContext()


def happened_at(message: Mapping[str, Any], received: datetime) -> datetime:
    """Return when an event happened.

    Args:
        message: `originalTimestamp` or `timestamp` is when it happened by the sender's clock, `sentAt` when it was sent
            by the same clock; times that cannot be read count as absent.
        received: when the service got it, by its own clock; with a zone.

    Returns:
        The sender's time, moved by what its clock is wrong; `received` when it says none. Never after `received`: an
        event from the future would win over every later one.
    """
    original = _moment(message.get("originalTimestamp")) or _moment(message.get("timestamp"))
    if original is None:
        return received
    sent = _moment(message.get("sentAt"))
    try:
        at = original if sent is None else received - (sent - original)
    except OverflowError:
        return received
    return min(at, received)


def _moment(found: Any) -> datetime | None:
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return None
    text = str(found)
    try:
        at = datetime.fromisoformat(text) if len(text) >= 19 and isinstance(found, str) else None
    except ValueError:
        at = None
    if at is None:
        read = normalise_value(Role.OBSERVED_AT, text[:80], _CONTEXT).value
        at = None if read is None else datetime.fromisoformat(read)
    if at is None:
        return None
    try:
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except OverflowError:
        return None
