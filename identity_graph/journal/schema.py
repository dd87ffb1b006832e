"""The tables of the SQLite journal, and how a connection to it is opened.

A path comes in, a connection with its tables goes out. WAL with full synchronisation: a commit is on disk when it
returns, and readers do not wait for the writer.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

__all__ = ["connect"]

_BUSY_MILLISECONDS = 30_000

_TABLES = """
CREATE TABLE IF NOT EXISTS events (
    offset INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL, public INTEGER NOT NULL, message_id TEXT NOT NULL, received_at TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS seen (digest BLOB PRIMARY KEY, day INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dead_letters (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE, set_aside_at TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL,
    applied INTEGER NOT NULL,
    source TEXT NOT NULL, public INTEGER NOT NULL, message_id TEXT NOT NULL, received_at TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS dead_letters_by_reason ON dead_letters (reason);
CREATE TABLE IF NOT EXISTS totals (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS recent (
    offset INTEGER PRIMARY KEY,
    source TEXT NOT NULL, message_id TEXT NOT NULL, received_at TEXT NOT NULL, applied_at TEXT NOT NULL, problem TEXT
);
CREATE TABLE IF NOT EXISTS minutes (minute INTEGER PRIMARY KEY, accepted INTEGER NOT NULL, applied INTEGER NOT NULL);
"""


def connect(path: Path) -> sqlite3.Connection:
    """Open the journal's file, with its tables; transactions are begun and ended by the caller."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=_BUSY_MILLISECONDS / 1000)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.executescript(_TABLES)
    return connection
