"""Hands the records that a process has just stored to whoever resolves them there, so that they are not read back.

What one transaction wrote comes in; rows by sequence number go out, and which numbers others wrote. It is a cache: what
is not here is read from the graph. It also rings, so that nobody need look for changes again and again.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Protocol

from identity_graph.facts.prepare import RecordRow

__all__ = ["Handover", "RowTaker"]

_MOST_ROWS = 20_000


class RowTaker(Protocol):
    """Takes rows that were stored, for whoever resolves them."""

    def note(self, graph_id: str, rows: Sequence[RecordRow]) -> None:
        """Take the rows that a committed transaction wrote, each with its `seq`."""


class Handover:
    """Rows that were stored last, by sequence number; safe to share between threads.

    Args:
        most: rows held; the oldest are dropped.
    """

    def __init__(self, most: int = _MOST_ROWS) -> None:
        self._most = most
        self._graph_id = ""
        self._rows: dict[int, RecordRow] = {}
        self._lock = threading.Lock()
        self._bell = threading.Event()

    def note(self, graph_id: str, rows: Sequence[RecordRow]) -> None:
        """Take the rows that a committed transaction wrote, each with its `seq`, and ring."""
        with self._lock:
            if graph_id != self._graph_id:
                self._graph_id, self._rows = graph_id, {}
            self._rows.update((int(row[0]["seq"]), row) for row in rows)
            while len(self._rows) > self._most:
                del self._rows[next(iter(self._rows))]
        self._bell.set()

    def take(self, graph_id: str, first: int, last: int) -> tuple[list[RecordRow], list[tuple[int, int]]]:
        """Give away the rows of a range of sequence numbers.

        Args:
            graph_id: the graph they must be of.
            first, last: both included; earlier rows are dropped.

        Returns:
            The rows that are here, in order; and the ranges (first, last) of those that are not.
        """
        with self._lock:
            mine = sorted(seq for seq in self._rows if seq <= last) if graph_id == self._graph_id else []
            taken = {seq: self._rows.pop(seq) for seq in mine}
        rows, gaps, expected = [], [], first
        for seq in mine:
            if seq < first:
                continue
            if seq > expected:
                gaps.append((expected, seq - 1))
            rows.append(taken[seq])
            expected = seq + 1
        if expected <= last:
            gaps.append((expected, last))
        return rows, gaps

    def ring(self) -> None:
        """Wake who waits, though nothing was stored."""
        self._bell.set()

    def wait(self, seconds: float) -> None:
        """Wait until something is noted or somebody rings, at most so long."""
        if self._bell.wait(seconds):
            self._bell.clear()
