"""The list of dead letters in the SQLite journal: events that could not be understood, each once, with its reason.

Works inside the caller's transaction. Refused events come in; letters, or how much the list grew, go out.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b

from identity_graph.journal.port import DeadLetter, JournalEvent, RefusedEvent

__all__ = ["read_letters", "set_aside", "take_off"]

_COLUMNS = "number, id, set_aside_at, reason, detail, applied, source, public, message_id, received_at, body"


def set_aside(connection: sqlite3.Connection, refused: Sequence[RefusedEvent], now: datetime) -> int:
    """Add refused events to the list; one that is there already stays as it is. Returns the bytes added."""
    added = 0
    for one in refused:
        event = one.event
        new = connection.execute(
            "INSERT OR IGNORE INTO dead_letters "
            "(id, set_aside_at, reason, detail, applied, source, public, message_id, received_at, body) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (_letter_id(event), now.isoformat(timespec="seconds"), one.reason, one.detail, one.applied, event.source,
             event.public, event.message_id, event.received_at.isoformat(), event.body),
        ).rowcount  # fmt: skip
        added += len(event.body) if new else 0
    return added


def read_letters(connection: sqlite3.Connection, source: str | None, after: int, limit: int) -> list[DeadLetter]:
    """Return letters after a number, oldest first; a source of None is all."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM dead_letters WHERE number > ? AND (? IS NULL OR source = ?) ORDER BY number LIMIT ?",
        (after, source, source, limit),
    )
    return [_letter(row) for row in rows]


def take_off(
    connection: sqlite3.Connection, ids: Sequence[str] | None, source: str | None, into: str | None = None
) -> tuple[int, int]:
    """Take letters off the list, without reading them into memory: the list may be as large as a full backlog.

    Args:
        connection: in a transaction.
        ids: which; None is all.
        source: only of this source; None is any.
        into: where their events go, as a statement up to its rows; None is nowhere.

    Returns:
        How many there were, and the bytes of their bodies.
    """
    named = "TRUE" if ids is None else "id IN (SELECT value FROM json_each(?))"
    which = f"FROM dead_letters WHERE {named} AND (? IS NULL OR source = ?)"
    values = [*([] if ids is None else [json.dumps(ids)]), source, source]
    count, size = connection.execute(f"SELECT count(*), coalesce(sum(length(body)), 0) {which}", values).fetchone()
    if into is not None:
        columns = "source, public, message_id, received_at, body"
        connection.execute(f"{into} SELECT {columns} {which} ORDER BY number", values)
    connection.execute(f"DELETE {which}", values)
    return int(count), int(size)


def _letter(row: Sequence[object]) -> DeadLetter:
    number, id, set_aside_at, reason, detail, applied, source, public, message_id, received_at, body = row
    event = JournalEvent(
        str(source), bool(public), str(message_id), datetime.fromisoformat(str(received_at)), str(body)
    )
    refused = RefusedEvent(event, str(reason), str(detail), bool(applied))
    return DeadLetter(int(str(number)), str(id), str(set_aside_at), refused)


def _letter_id(event: JournalEvent) -> str:
    text = f"{event.source}\x00{event.message_id}\x00{event.body}"
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
