"""The port of the journal: what is kept between accepting an event and its being a fact.

Implemented on SQLite for one machine (`sqlite_journal`); a log service such as Kafka can take its place, which is why
the port knows only appending, reading in order, and marking as applied. Failures are the JournalError part of the
error tree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from identity_graph.errors import JournalFullError

__all__ = [
    "Appended", "Backlog", "DeadLetter", "Journal", "JournalEvent", "JournalLimits", "JournalPosition", "RecentEvent",
    "RefusedEvent", "Submission", "WaitingEvent",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class JournalEvent:
    """One event as it was accepted.

    Attributes:
        source: the source of the write key it came with.
        public: it came with a public key, which anybody can read in a browser.
        message_id: the sender's id; the same id of the same source is the same event.
        received_at: when the service got it; with a time zone.
        body: the message as it was sent, ASCII JSON.
    """

    source: str
    public: bool
    message_id: str
    received_at: datetime
    body: str


@dataclass(frozen=True, slots=True)
class RefusedEvent:
    """An event that cannot be understood, or not whole.

    Attributes:
        event: as it came; its message id may be empty.
        reason: stable reason code, such as `missing_user`.
        detail: what is wrong, for people.
        applied: its facts are stored, only the value that the detail names waits.
    """

    event: JournalEvent
    reason: str
    detail: str
    applied: bool = False


@dataclass(frozen=True, slots=True)
class Submission:
    """What one request brings: accepted together or not at all."""

    events: tuple[JournalEvent, ...] = ()
    refused: tuple[RefusedEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of a submission, once it is on disk.

    Attributes:
        accepted: events that wait now.
        duplicates: events whose message id was seen before.
        refused: events set aside.
    """

    accepted: int
    duplicates: int
    refused: int


@dataclass(frozen=True, slots=True)
class WaitingEvent:
    """An event and its place in the journal; places grow in the order of acceptance."""

    offset: int
    event: JournalEvent


@dataclass(frozen=True, slots=True)
class RecentEvent:
    """An event that was applied lately.

    Attributes:
        offset: its place in the journal.
        source, message_id: its name.
        received_at, applied_at: ISO-8601 UTC.
        problem: why it is a dead letter now; None for all others.
    """

    offset: int
    source: str
    message_id: str
    received_at: str
    applied_at: str
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A refused event in the list of those set aside.

    Attributes:
        number: its place in the list; grows with time.
        id: the same for the same event of the same source, however often it comes.
        set_aside_at: ISO-8601 UTC time.
        refused: the event and why.
    """

    number: int
    id: str
    set_aside_at: str
    refused: RefusedEvent


@dataclass(frozen=True, slots=True)
class JournalLimits:
    """How much may wait before senders are asked to wait.

    Attributes:
        events: events that wait to be applied.
        bytes: their bodies together; dead letters that were refused may take as much again, and those of events that
            were accepted as much again.
        seen_days: days for which message ids are remembered.
    """

    events: int = 1_000_000
    bytes: int = 2 * 2**30
    seen_days: int = 30


@dataclass(frozen=True, slots=True)
class Backlog:
    """How far the applier is behind.

    Attributes:
        events, bytes: what waits to be applied.
        oldest: when the oldest of it was received (ISO-8601 UTC); None when nothing waits.
        accepted, applied, duplicates: events since the journal began.
        accepted_per_second, applied_per_second: mean of the last five whole minutes.
        dead_letters: reason -> events set aside.
    """

    events: int
    bytes: int
    oldest: str | None
    accepted: int
    applied: int
    duplicates: int
    accepted_per_second: float
    applied_per_second: float
    dead_letters: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JournalPosition:
    """How far the journal goes.

    Attributes:
        last: offset of the newest event ever accepted; 0 before the first.
        waiting_from: offset of the oldest event that waits to be applied; None when none does.
    """

    last: int
    waiting_from: int | None


class Journal(Protocol):
    """Events between acceptance and application; safe to share between threads and processes."""

    def append(self, submissions: Sequence[Submission]) -> list[Appended | JournalFullError]:
        """Put submissions on disk with one flush, and say of each what became of it.

        An event whose message id its source sent before is counted, not kept again.

        Raises:
            JournalStorageError: the disk is full or cannot be written; nothing of this call is kept.
        """
        ...

    def read(self, after: int, limit: int) -> list[WaitingEvent]:
        """Return the next events that wait, in order; `after` is the last offset seen, 0 for the first."""
        ...

    def mark_applied(self, through: int, refused: Sequence[RefusedEvent] = ()) -> int:
        """Take the events up to an offset off the backlog and set some aside, as one step; returns how many waited."""
        ...

    def recent(self, after: int, limit: int) -> list[RecentEvent]:
        """Return the newest of the events applied lately, after an offset, in order; only so many are remembered."""
        ...

    def dead_letters(self, source: str | None, after: int, limit: int) -> list[DeadLetter]:
        """Return one page of what was set aside, oldest first; None is every source."""
        ...

    def replay(self, ids: Sequence[str] | None, source: str | None) -> int:
        """Let dead letters wait again as events; None is all of the source (or of all). Returns how many."""
        ...

    def discard(self, ids: Sequence[str]) -> int:
        """Delete dead letters for good; returns how many there were."""
        ...

    def position(self) -> JournalPosition:
        """Say which event is the newest, and which the oldest that waits."""
        ...

    def backlog(self) -> Backlog:
        """Say how far the applier is behind."""
        ...

    def close(self) -> None:
        """Give back the file."""
        ...
