"""The journal of events: accepted events wait here, on disk, until they are facts; and the keys that let them in.

Events come in and are on disk before anybody is told so; the applier reads them in order and marks them applied. What
cannot be understood is set aside with its reason and can be replayed.
"""

from __future__ import annotations

from identity_graph.journal.group_commit import GroupCommit
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
from identity_graph.journal.port import Journal as Journal
from identity_graph.journal.sqlite_journal import SqliteJournal, open_journal
from identity_graph.journal.write_keys import KeyKind, WriteKey, WriteKeys

__all__ = [
    "Appended", "Backlog", "DeadLetter", "GroupCommit", "Journal", "JournalEvent", "JournalLimits",
    "JournalPosition", "KeyKind", "RecentEvent", "RefusedEvent", "SqliteJournal", "Submission", "WaitingEvent",
    "WriteKey", "WriteKeys", "open_journal",
]  # fmt: skip
