"""Many requests, one flush: submissions that arrive while the disk is busy are put there together by the next flush.

Submissions come in from the tasks of one event loop; each hears of its own fate when it is on disk. One thread beside
the loop writes, and is handed a whole group at a time, so that the loop waits for nobody. A request never waits for
more than the flush under way and its own. When the flush before had company, the next one waits a moment for more: a
flush costs as much as twenty events.

Source: group commit, Gawlick and Kinkade, "Varieties of concurrency control in IMS/VS Fast Path", 1985.
"""

from __future__ import annotations

import asyncio
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias

from identity_graph.errors import JournalFullError, JournalStorageError
from identity_graph.journal.port import Appended, Journal, Submission

__all__ = ["GroupCommit"]

_BYTES_PER_FLUSH = 8 * 2**20
_GATHER_SECONDS = 0.003

_Waiting: TypeAlias = "tuple[Submission, int, asyncio.Future[Appended]]"


class GroupCommit:
    """Appends to a journal for the tasks of the running event loop.

    Args:
        journal: where submissions go.
        bytes_waiting: bodies that may wait for the disk in memory before requests are turned away.
    """

    def __init__(self, journal: Journal, bytes_waiting: int = 64 * 2**20) -> None:
        self._journal = journal
        self._limit = bytes_waiting
        self._bytes = 0
        self._waiting: deque[_Waiting] = deque()
        self._flushing: asyncio.Task[None] | None = None
        self._closed = False
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="journal-commit")

    async def append(self, submission: Submission) -> Appended:
        """Put a submission on disk, together with those of other tasks.

        Raises:
            JournalFullError: the backlog is full, or more waits for the disk than memory may hold.
            JournalStorageError: the disk is full, or the journal is closed.
        """
        if self._closed:
            raise JournalStorageError("The journal is closed.", next_step="Send the events again in a moment.")
        size = sum(len(event.body) for event in submission.events)
        size += sum(len(refused.event.body) for refused in submission.refused)
        if self._bytes + size > self._limit and self._waiting:
            raise JournalFullError("The disk is slower than the events arrive.", next_step="Send them again later.")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Appended] = loop.create_future()
        self._bytes += size
        self._waiting.append((submission, size, future))
        if self._flushing is None:
            self._flushing = loop.create_task(self._flush_all())
        return await future

    async def close(self) -> None:
        """Put on disk what waits, and refuse what comes later; the journal stays open."""
        self._closed = True
        if self._flushing is not None:
            await self._flushing
        self._writer.shutdown()

    async def _flush_all(self) -> None:
        while self._waiting:
            group = self._next_group()
            await self._flush(group)
            if len(group) > 1 and not self._closed:
                await asyncio.sleep(_GATHER_SECONDS)
        self._flushing = None

    def _next_group(self) -> list[_Waiting]:
        group, size = [], 0
        while self._waiting and size < _BYTES_PER_FLUSH:
            group.append(self._waiting.popleft())
            size += group[-1][1]
        self._bytes -= size
        return group

    async def _flush(self, group: list[_Waiting]) -> None:
        submissions = [submission for submission, _, _ in group]
        answers: list[Appended | JournalFullError]
        try:
            answers = await asyncio.get_running_loop().run_in_executor(self._writer, self._journal.append, submissions)
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of any failure
            for _, _, future in group:
                if not future.done():
                    future.set_exception(error)
            return
        for answer, (_, _, future) in zip(answers, group, strict=True):
            if future.done():
                continue  # its sender went away
            if isinstance(answer, JournalFullError):
                future.set_exception(answer)
            else:
                future.set_result(answer)
