"""What was applied lately, kept in the journal's file so that every process can show it: the newest events only.

Works inside the caller's transaction. It holds no more of an event than its source and message id: what it says is in
the graph.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from identity_graph.journal.port import RecentEvent, RefusedEvent

__all__ = ["KEPT", "read_recent", "remember"]

KEPT = 2_000
"""Events that are kept."""


def remember(connection: sqlite3.Connection, through: int, refused: Sequence[RefusedEvent], now: datetime) -> None:
    """Remember the waiting events up to an offset as applied now, and which of them were refused; forget older ones."""
    connection.execute(
        "INSERT INTO recent (offset, source, message_id, received_at, applied_at) "
        "SELECT offset, source, message_id, received_at, ? FROM events WHERE offset <= ? ORDER BY offset DESC LIMIT ?",
        (now.isoformat(timespec="milliseconds"), through, KEPT),
    )
    if refused:
        problems = {(one.event.source, one.event.message_id): one.reason for one in refused}
        rows = connection.execute("SELECT offset, source, message_id FROM recent WHERE offset <= ?", (through,))
        marked = [(problems[source, id], offset) for offset, source, id in rows if (source, id) in problems]
        connection.executemany("UPDATE recent SET problem = ? WHERE offset = ?", marked)
    connection.execute(
        "DELETE FROM recent WHERE offset < (SELECT offset FROM recent ORDER BY offset DESC LIMIT 1 OFFSET ?)",
        (KEPT - 1,),
    )


def read_recent(connection: sqlite3.Connection, after: int, limit: int) -> list[RecentEvent]:
    """Return the newest events after an offset, in order; older ones are passed over."""
    rows = connection.execute(
        "SELECT offset, source, message_id, received_at, applied_at, problem FROM recent WHERE offset > ? "
        "ORDER BY offset DESC LIMIT ?", (after, limit),
    ).fetchall()  # fmt: skip
    return [RecentEvent(*row) for row in reversed(rows)]
