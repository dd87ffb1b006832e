"""The journal on one machine: a SQLite file in WAL mode beside the data.

Implements `journal.port`. One transaction per call, so a call is kept whole or not at all, also when the process is
killed in the middle. Several processes may use one file; each opens its own SqliteJournal.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

from identity_graph.errors import JournalFullError, JournalStorageError
from identity_graph.journal.bulk import insert, known_digests, read_totals
from identity_graph.journal.dead_letters import read_letters, set_aside, take_off
from identity_graph.journal.port import (
    Appended,
    Backlog,
    DeadLetter,
    JournalEvent,
    JournalLimits,
    JournalPosition,
    RecentEvent,
    RefusedEvent,
    Submission,
    WaitingEvent,
)
from identity_graph.journal.recent import read_recent, remember
from identity_graph.journal.schema import connect
from identity_graph.settings import Settings

__all__ = ["SqliteJournal", "open_journal"]

_RATE_MINUTES = 5
_FORGET_PARTS = 256

_INTO_EVENTS = "INSERT INTO events (source, public, message_id, received_at, body)"


def _now() -> datetime:
    return datetime.now(UTC)


class SqliteJournal:
    """A journal in one file.

    Args:
        path: the file; its folder is made when it is not there.
        limits: how much may wait.
        clock: returns the present time, in UTC.
    """

    def __init__(self, path: Path, limits: JournalLimits, clock: Callable[[], datetime] = _now) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._limits = limits
        self._clock = clock
        self._lock = threading.Lock()
        self._forget_next = 0
        self._counted_minute = 0
        with _storage_errors():
            self._connection = connect(path)

    def append(self, submissions: Sequence[Submission]) -> list[Appended | JournalFullError]:
        """Put submissions on disk with one flush; see `Journal.append`."""
        now = self._clock()
        with self._transaction() as connection:
            totals = read_totals(connection)
            before = totals.copy()
            digests = [[_digest(event) for event in submission.events] for submission in submissions]
            seen = known_digests(connection, [digest for some in digests for digest in some])
            fresh: dict[bytes, JournalEvent] = {}
            answers: list[Appended | JournalFullError] = []
            for submission, some in zip(submissions, digests, strict=True):
                full = self._full(submission, totals)
                answers.append(full or _take(submission, some, seen, fresh, totals))
                if full is None and submission.refused:
                    totals["dead_bytes"] += set_aside(connection, submission.refused, now)
            today = _minute(now) // 1440
            insert(connection, "INSERT INTO seen (digest, day)", [(digest, today) for digest in sorted(fresh)])
            insert(connection, _INTO_EVENTS, [_row(event) for event in fresh.values()])
            self._write_totals(connection, totals, before, now)
        return answers

    def read(self, after: int, limit: int) -> list[WaitingEvent]:
        """Return the next events that wait, in order."""
        with self._lock, _storage_errors():
            rows = self._connection.execute(
                "SELECT offset, source, public, message_id, received_at, body FROM events WHERE offset > ? "
                "ORDER BY offset LIMIT ?", (after, limit),
            ).fetchall()  # fmt: skip
        return [WaitingEvent(row[0], _event(row[1:])) for row in rows]

    def mark_applied(self, through: int, refused: Sequence[RefusedEvent] = ()) -> int:
        """Take the events up to an offset off the backlog and set some aside, as one step."""
        now = self._clock()
        with self._transaction() as connection:
            totals = read_totals(connection)
            before = totals.copy()
            totals["dead_bytes"] += set_aside(connection, refused, now)
            count, size = connection.execute(
                "SELECT count(*), coalesce(sum(length(body)), 0) FROM events WHERE offset <= ?", (through,)
            ).fetchone()
            remember(connection, through, refused, now)
            connection.execute("DELETE FROM events WHERE offset <= ?", (through,))
            totals["waiting_events"] -= count
            totals["waiting_bytes"] -= size
            totals["applied"] += count
            self._write_totals(connection, totals, before, now)
            self._forget(connection, now)
        return int(count)

    def recent(self, after: int, limit: int) -> list[RecentEvent]:
        """Return the newest of the events applied lately; see `Journal.recent`."""
        with self._lock, _storage_errors():
            return read_recent(self._connection, after, limit)

    def dead_letters(self, source: str | None = None, after: int = 0, limit: int = 100) -> list[DeadLetter]:
        """Return one page of what was set aside, oldest first."""
        with self._lock, _storage_errors():
            return read_letters(self._connection, source, after, limit)

    def replay(self, ids: Sequence[str] | None = None, source: str | None = None) -> int:
        """Let dead letters wait again as events."""
        now = self._clock()
        with self._transaction() as connection:
            totals = read_totals(connection)
            before = totals.copy()
            count, size = take_off(connection, ids, source, _INTO_EVENTS)
            totals["waiting_events"] += count
            totals["waiting_bytes"] += size
            totals["dead_bytes"] -= size
            self._write_totals(connection, totals, before, now)
        return count

    def discard(self, ids: Sequence[str]) -> int:
        """Delete dead letters for good."""
        with self._transaction() as connection:
            totals = read_totals(connection)
            before = totals.copy()
            count, size = take_off(connection, ids, None)
            totals["dead_bytes"] -= size
            self._write_totals(connection, totals, before, self._clock())
        return count

    def position(self) -> JournalPosition:
        """Say which event is the newest, and which the oldest that waits."""
        with self._lock, _storage_errors():
            last, first = self._connection.execute(
                "SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'events'), (SELECT min(offset) FROM events)"
            ).fetchone()
        return JournalPosition(last or 0, first)

    def backlog(self) -> Backlog:
        """Say how far the applier is behind."""
        this_minute = _minute(self._clock())
        with self._lock, _storage_errors():
            totals = read_totals(self._connection)
            oldest = self._connection.execute("SELECT received_at FROM events ORDER BY offset LIMIT 1").fetchone()
            rates = self._connection.execute(
                "SELECT coalesce(sum(accepted), 0), coalesce(sum(applied), 0) FROM minutes "
                "WHERE minute >= ? AND minute < ?", (this_minute - _RATE_MINUTES, this_minute),
            ).fetchone()  # fmt: skip
            reasons = self._connection.execute(
                "SELECT reason, count(*) FROM dead_letters GROUP BY reason ORDER BY reason"
            ).fetchall()
        return Backlog(
            totals["waiting_events"], totals["waiting_bytes"], oldest[0] if oldest else None, totals["accepted"],
            totals["applied"], totals["duplicates"], rates[0] / (60 * _RATE_MINUTES), rates[1] / (60 * _RATE_MINUTES),
            dict(reasons),
        )  # fmt: skip

    def close(self) -> None:
        """Give back the file."""
        with self._lock:
            self._connection.close()

    def _full(self, submission: Submission, totals: Counter[str]) -> JournalFullError | None:
        """Say that there is no room; an empty journal takes any submission, or it would never be accepted.

        What an event says may be unreadable only when it is applied, so good events too may be too many for the list of
        dead letters. Their letters have room of their own there: who sends nothing but bad ones stops nobody else.
        """
        waiting, size = totals["waiting_events"], totals["waiting_bytes"]
        more = sum(len(event.body) for event in submission.events)
        if waiting and (
            waiting + len(submission.events) > self._limits.events or size + more > self._limits.bytes
        ):  # fmt: skip
            return JournalFullError(
                f"{waiting:,} events ({size:,} bytes) wait to be applied, as many as may.",
                next_step="Send the events again later; the applier must catch up first.",
            )
        dead = sum(len(refused.event.body) for refused in submission.refused)
        room = self._limits.bytes if dead else 2 * self._limits.bytes
        if totals["dead_bytes"] + dead > room:
            return JournalFullError(
                f"The list of dead letters is full ({totals['dead_bytes']:,} bytes).",
                next_step="Replay or discard them: identity-graph dead-letters.",
            )
        return None

    def _write_totals(
        self, connection: sqlite3.Connection, totals: Counter[str], before: Counter[str], now: datetime
    ) -> None:
        changed = [(name, value) for name, value in totals.items() if value != before[name]]
        insert(connection, "INSERT OR REPLACE INTO totals (name, value)", changed)
        accepted, applied = totals["accepted"] - before["accepted"], totals["applied"] - before["applied"]
        if accepted or applied:
            minute = _minute(now)
            connection.execute(
                "INSERT INTO minutes (minute, accepted, applied) VALUES (?, ?, ?) ON CONFLICT (minute) "
                "DO UPDATE SET accepted = accepted + excluded.accepted, applied = applied + excluded.applied",
                (minute, accepted, applied),
            )
            if minute != self._counted_minute:
                connection.execute("DELETE FROM minutes WHERE minute < ?", (minute - 2 * _RATE_MINUTES,))
                self._counted_minute = minute

    def _forget(self, connection: sqlite3.Connection, now: datetime) -> None:
        """Forget old message ids, a small part of all ids each time, so that no call is long."""
        part = self._forget_next
        self._forget_next = (part + 1) % _FORGET_PARTS
        connection.execute(
            "DELETE FROM seen WHERE digest >= ? AND (? OR digest < ?) AND day < ?",
            (bytes([part]), part == _FORGET_PARTS - 1, bytes([min(part + 1, 255)]),
             _minute(now) // 1440 - self._limits.seen_days),
        )  # fmt: skip

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, _storage_errors():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


def open_journal(settings: Settings) -> SqliteJournal:
    """Open the journal of a data folder."""
    limits = JournalLimits(settings.backlog_events, settings.backlog_mib * 2**20, settings.message_id_days)
    return SqliteJournal(settings.data_dir / "events" / "journal.sqlite", limits)


@contextmanager
def _storage_errors() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise JournalStorageError(
            f"The journal of events cannot be used: {error}.", next_step="Free space, or check the data folder."
        ) from error


def _take(
    submission: Submission, digests: Sequence[bytes], seen: Container[bytes], fresh: dict[bytes, JournalEvent],
    totals: Counter[str],
) -> Appended:  # fmt: skip
    """Count a submission that there is room for, and add those of its events that are new to `fresh`."""
    accepted = size = 0
    for event, digest in zip(submission.events, digests, strict=True):
        if digest not in seen and digest not in fresh:
            fresh[digest] = event
            accepted += 1
            size += len(event.body)
    duplicates = len(submission.events) - accepted
    totals["accepted"] += accepted
    totals["duplicates"] += duplicates
    totals["waiting_events"] += accepted
    totals["waiting_bytes"] += size
    return Appended(accepted, duplicates, len(submission.refused))


def _row(event: JournalEvent) -> tuple[object, ...]:
    return event.source, event.public, event.message_id, event.received_at.isoformat(), event.body


def _event(row: Sequence[object]) -> JournalEvent:
    source, public, message_id, received_at, body = row
    return JournalEvent(str(source), bool(public), str(message_id), datetime.fromisoformat(str(received_at)), str(body))


def _digest(event: JournalEvent) -> bytes:
    """Shorten source and message id to sixteen bytes: two of a billion events collide once in 10^20 journals."""
    return blake2b(f"{event.source}\x00{event.message_id}".encode(), digest_size=16).digest()


def _minute(moment: datetime) -> int:
    return int(moment.timestamp()) // 60
