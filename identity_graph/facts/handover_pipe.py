"""Hands stored records to the process that resolves them, through a pipe.

What one transaction wrote comes in at one end and goes out at the other. It is a cache like the handover in memory: the
end that stores never waits for the other, and what does not fit is read from the graph there.
"""

from __future__ import annotations

import pickle
import queue
import struct
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import BinaryIO

from identity_graph.facts.handover import RowTaker
from identity_graph.facts.prepare import RecordRow

__all__ = ["HandoverSender", "receive_rows"]

_LENGTH = struct.Struct("<Q")
_MOST_WAITING = 32
"""Transactions that wait for a resolver that does not read; later ones are not sent."""


class HandoverSender:
    """The end of the process that stores.

    Args:
        send: writes bytes to the pipe, all or, when nobody is there, none; may wait.
        most: transactions that may wait.
    """

    def __init__(self, send: Callable[[bytes], None], most: int = _MOST_WAITING) -> None:
        self._send = send
        self._waiting: queue.Queue[bytes | None] = queue.Queue(most)
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="handover", daemon=True)
        self._thread.start()

    def note(self, graph_id: str, rows: Sequence[RecordRow]) -> None:
        """Take the rows that a committed transaction wrote; never waits."""
        packed = pickle.dumps((graph_id, list(rows)), pickle.HIGHEST_PROTOCOL)
        with suppress(queue.Full):  # the resolver looks for what it was not told
            self._waiting.put_nowait(_LENGTH.pack(len(packed)) + packed)

    def close(self) -> None:
        """Send nothing more; what waits is read from the graph."""
        self._closed.set()
        with suppress(queue.Full):  # then the thread is awake
            self._waiting.put_nowait(None)

    def _run(self) -> None:
        while (said := self._waiting.get()) is not None and not self._closed.is_set():
            self._send(said)


def receive_rows(stream: BinaryIO, taker: RowTaker) -> None:
    """Pass on what a sender says, until it ends.

    Args:
        stream: the other end of the pipe, which only the sender can write to.
        taker: takes the rows.
    """
    while len(length := stream.read(_LENGTH.size)) == _LENGTH.size:
        (size,) = _LENGTH.unpack(length)
        packed = stream.read(size)
        if len(packed) < size:
            return
        taker.note(*pickle.loads(packed))
