"""Group commit: many submissions share a flush, each hears of its own fate, and closing keeps what was queued."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from identity_graph.errors import JournalFullError, JournalStorageError
from identity_graph.journal import Appended, GroupCommit, JournalLimits, SqliteJournal, Submission
from tests.journal.events import event, submission


class SlowJournal(SqliteJournal):
    """A journal whose disk is busy until the test says so; remembers how many submissions each flush had."""

    def __init__(self, path: Path, limits: JournalLimits) -> None:
        super().__init__(path, limits)
        self.free = threading.Event()
        self.begun = threading.Event()
        self.flushes: list[int] = []

    def append(self, submissions: Sequence[Submission]) -> list[Appended | JournalFullError]:
        self.begun.set()
        assert self.free.wait(30)
        self.flushes.append(len(submissions))
        return super().append(submissions)

    async def until_begun(self) -> None:
        assert await asyncio.to_thread(self.begun.wait, 30)


def test_submissions_that_wait_for_the_disk_share_the_next_flush(tmp_path: Path) -> None:
    async def scenario() -> None:
        journal = SlowJournal(tmp_path / "j.sqlite", JournalLimits())
        commit = GroupCommit(journal)
        first = asyncio.create_task(commit.append(submission("m0")))
        await journal.until_begun()
        rest = [asyncio.create_task(commit.append(submission(f"m{number}"))) for number in range(1, 20)]
        await asyncio.sleep(0)
        assert not first.done()
        journal.free.set()
        assert await asyncio.gather(first, *rest) == [Appended(1, 0, 0)] * 20
        await commit.close()
        assert journal.flushes == [1, 19]
        journal.close()

    asyncio.run(scenario())


def test_each_submission_hears_of_its_own_fate(tmp_path: Path) -> None:
    async def scenario() -> None:
        journal = SlowJournal(tmp_path / "j.sqlite", JournalLimits(events=2))
        commit = GroupCommit(journal)
        ids = (("a",), ("b", "c"), ("d",))
        journal.free.set()
        answers = await asyncio.gather(*(commit.append(submission(*one)) for one in ids), return_exceptions=True)
        assert answers[0] == answers[2] == Appended(1, 0, 0)
        assert isinstance(answers[1], JournalFullError)
        await commit.close()
        journal.close()

    asyncio.run(scenario())


def test_memory_is_bounded_when_the_disk_is_slow(tmp_path: Path) -> None:
    async def scenario() -> None:
        journal = SlowJournal(tmp_path / "j.sqlite", JournalLimits())
        commit = GroupCommit(journal, bytes_waiting=100)
        held = asyncio.create_task(commit.append(submission("m0")))
        await journal.until_begun()
        queued = asyncio.create_task(commit.append(Submission((event("big", body="x" * 500),))))
        await asyncio.sleep(0)
        with pytest.raises(JournalFullError, match="disk"):
            await commit.append(submission("m1"))
        journal.free.set()
        assert (await held).accepted == (await queued).accepted == 1
        assert (await commit.append(submission("m1"))).accepted == 1
        await commit.close()
        journal.close()

    asyncio.run(scenario())


def test_a_sender_that_goes_away_disturbs_nobody_and_what_it_sent_is_kept(tmp_path: Path) -> None:
    async def scenario() -> None:
        journal = SlowJournal(tmp_path / "j.sqlite", JournalLimits())
        commit = GroupCommit(journal)
        gone = asyncio.create_task(commit.append(submission("m0")))
        await journal.until_begun()
        other = asyncio.create_task(commit.append(submission("m1")))
        await asyncio.sleep(0)
        gone.cancel()
        journal.free.set()
        assert await other == Appended(1, 0, 0)
        await commit.close()
        assert [one.event.message_id for one in journal.read(0, 10)] == ["m0", "m1"]
        journal.close()

    asyncio.run(scenario())


def test_closing_keeps_what_was_queued_and_refuses_what_comes_later(tmp_path: Path) -> None:
    async def scenario() -> None:
        journal = SqliteJournal(tmp_path / "j.sqlite", JournalLimits())
        commit = GroupCommit(journal)
        tasks = [asyncio.create_task(commit.append(submission(f"m{number}"))) for number in range(50)]
        await asyncio.sleep(0)
        await commit.close()
        assert await asyncio.gather(*tasks) == [Appended(1, 0, 0)] * 50
        assert journal.backlog().events == 50
        with pytest.raises(JournalStorageError):
            await commit.append(submission("late"))
        journal.close()

    asyncio.run(scenario())


def test_a_failing_disk_is_told_to_everybody_who_waits(tmp_path: Path) -> None:
    async def scenario() -> None:
        journal = SqliteJournal(tmp_path / "j.sqlite", JournalLimits())
        journal.close()
        commit = GroupCommit(journal)
        sent = [commit.append(submission(f"m{number}")) for number in range(3)]
        answers = await asyncio.gather(*sent, return_exceptions=True)
        assert [type(answer) for answer in answers] == [JournalStorageError] * 3
        await commit.close()

    asyncio.run(scenario())
