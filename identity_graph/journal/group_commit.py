"""Many requests, one flush: submissions that arrive while the disk is busy are put there together by the next flush.

Submissions come in from any thread, futures go out; a future is done when its submission is on disk. One thread
writes, so a request never waits for more than the flush under way and its own. When the flush before had company, the
next one waits a moment for more: a flush costs as much as twenty events.

Source: group commit, Gawlick and Kinkade, "Varieties of concurrency control in IMS/VS Fast Path", 1985.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from concurrent.futures import Future

from identity_graph.errors import JournalFullError, JournalStorageError
from identity_graph.journal.port import Appended, Journal, Submission

__all__ = ["GroupCommit"]

_BYTES_PER_FLUSH = 8 * 2**20
_GATHER_SECONDS = 0.003


class GroupCommit:
    """Appends to a journal from one thread of its own.

    Args:
        journal: where submissions go.
        bytes_waiting: bodies that may wait for the disk in memory before requests are turned away.
    """

    def __init__(self, journal: Journal, bytes_waiting: int = 64 * 2**20) -> None:
        self._journal = journal
        self._limit = bytes_waiting
        self._bytes = 0
        self._waiting: deque[tuple[Submission, int, Future[Appended]]] = deque()
        self._wake = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="journal-commit", daemon=True)
        self._thread.start()

    def submit(self, submission: Submission) -> Future[Appended]:
        """Queue a submission; the future is done when it is on disk.

        The future raises JournalFullError when the backlog is full and JournalStorageError when the disk is.

        Raises:
            JournalFullError: more waits for the disk than memory may hold.
            JournalStorageError: the journal is closed.
        """
        size = sum(len(event.body) for event in submission.events)
        size += sum(len(refused.event.body) for refused in submission.refused)
        future: Future[Appended] = Future()
        with self._wake:
            if self._closed:
                raise JournalStorageError("The journal is closed.", next_step="Send the events again in a moment.")
            if self._bytes + size > self._limit and self._waiting:
                raise JournalFullError("The disk is slower than the events arrive.", next_step="Send them again later.")
            self._bytes += size
            self._waiting.append((submission, size, future))
            self._wake.notify()
        return future

    def close(self) -> None:
        """Put on disk what waits, and stop the thread; the journal stays open."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        self._thread.join()

    def _run(self) -> None:
        while group := self._next_group():
            self._flush(group)
            if len(group) > 1 and not self._closed:
                time.sleep(_GATHER_SECONDS)

    def _next_group(self) -> list[tuple[Submission, int, Future[Appended]]]:
        with self._wake:
            while not self._waiting and not self._closed:
                self._wake.wait()
            group, size = [], 0
            while self._waiting and size < _BYTES_PER_FLUSH:
                group.append(self._waiting.popleft())
                size += group[-1][1]
            self._bytes -= size
            return group

    def _flush(self, group: list[tuple[Submission, int, Future[Appended]]]) -> None:
        try:
            answers = self._journal.append([submission for submission, _, _ in group])
        except Exception as error:  # noqa: BLE001 - whoever waits for the future must hear of any failure
            for _, _, future in group:
                future.set_exception(error)
            return
        for answer, (_, _, future) in zip(answers, group, strict=True):
            if isinstance(answer, JournalFullError):
                future.set_exception(answer)
            else:
                future.set_result(answer)
