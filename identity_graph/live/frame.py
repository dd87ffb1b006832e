"""What a look at the running system shows: events, changes and the state of its queues."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from identity_graph.feed import CloudEvent, say_event

__all__ = ["LiveChange", "LiveEvent", "LiveFrame", "LiveState", "display_name", "live_change"]

_COMPANY_AND_CONTACTS = ("company", "title", "email", "phone")


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """An event that was applied.

    Attributes:
        number: its place in the journal; an event that is shown again, because its customer is known now, has it again.
        source, message_id: its name.
        type, channel: of its touchpoint; None when it left none.
        received_at, applied_at: ISO-8601 UTC.
        record_key: the record it is of.
        customer_id: the customer of that record; None while it is not resolved.
        name: what the customer is called, as far as it is known.
        problem: why it is a dead letter.
    """

    number: int
    source: str
    message_id: str
    type: str | None
    channel: str | None
    received_at: str
    applied_at: str
    record_key: str | None
    customer_id: str | None
    name: str | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class LiveChange:
    """A change of a customer, as the change feed tells it, in words."""

    cursor: str
    type: str
    at: str | None
    customer_id: str
    name: str | None
    text: str


@dataclass(frozen=True, slots=True)
class LiveState:
    """How far everything is behind, and how fast it goes.

    Attributes:
        waiting: events that wait to be applied.
        oldest_seconds: how long the oldest of them waits; None when nothing does.
        unresolved: changes of records that wait to be resolved; None before the first resolve.
        accepted_per_second, applied_per_second: events, over the last seconds.
        resolved_per_second: changes of records, over the last seconds.
        dead_letters: events set aside.
    """

    waiting: int
    oldest_seconds: float | None
    unresolved: int | None
    accepted_per_second: float
    applied_per_second: float
    resolved_per_second: float
    dead_letters: int


@dataclass(frozen=True, slots=True)
class LiveFrame:
    """What is new since the look before.

    Attributes:
        at: when (ISO-8601 UTC).
        events: in order of acceptance, the newest only when there are very many.
        changes: in order.
        state: how things are now.
        passed_over: events that were applied since, but are not shown.
    """

    at: str
    events: tuple[LiveEvent, ...]
    changes: tuple[LiveChange, ...]
    state: LiveState
    passed_over: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return asdict(self)


def display_name(properties: Mapping[str, Any] | None) -> str | None:
    """Return what a customer is called: by name, else by company or contact; None when nothing is known."""
    if not properties:
        return None
    if full := properties.get("full_name"):
        return str(full)
    names = [str(part) for part in (properties.get("given_name"), properties.get("family_name")) if part]
    if names:
        return " ".join(names)
    return next((str(properties[name]) for name in _COMPANY_AND_CONTACTS if properties.get(name)), None)


def live_change(event: CloudEvent, name: str | None) -> LiveChange:
    """Tell an event of the change feed in words."""
    return LiveChange(event.cursor, event.type, event.time, event.subject, name, say_event(event))
