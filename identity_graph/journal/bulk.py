"""Many rows in few statements of SQLite.

A connection and rows come in; the rows are stored, or those asked for go out. Each step of a statement gives the
interpreter to other threads and takes it back, which costs more than a row where they are busy: so not a step a row.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

__all__ = ["insert", "known_digests", "read_totals"]

_ROWS = 100
"""Of one statement: SQLite before 3.32 takes 999 values at most, and eight a row are the most there are here."""


def insert(connection: sqlite3.Connection, into: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Store rows in order.

    Args:
        connection: in a transaction.
        into: the statement up to its VALUES.
        rows: all of one length.
    """
    for some in _parts(rows):
        one = f"({','.join('?' * len(some[0]))})"
        connection.execute(f"{into} VALUES {','.join([one] * len(some))}", [value for row in some for value in row])


def known_digests(connection: sqlite3.Connection, digests: Sequence[bytes]) -> set[bytes]:
    """Return which of the digests are remembered."""
    found: set[bytes] = set()
    for some in _parts(digests):
        places = ",".join("?" * len(some))
        found.update(row[0] for row in connection.execute(f"SELECT digest FROM seen WHERE digest IN ({places})", some))
    return found


def read_totals(connection: sqlite3.Connection) -> Counter[str]:
    """Return the totals by name; a name that is not there counts 0."""
    (text,) = connection.execute("SELECT json_group_object(name, value) FROM totals").fetchone()
    return Counter(json.loads(text))


def _parts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), _ROWS):
        yield rows[start : start + _ROWS]
