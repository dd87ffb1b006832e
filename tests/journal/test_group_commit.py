"""Group commit: many submissions share a flush, each hears of its own fate, and closing keeps what was queued."""

from __future__ import annotations

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


def test_submissions_that_wait_for_the_disk_share_the_next_flush(tmp_path: Path) -> None:
    journal = SlowJournal(tmp_path / "j.sqlite", JournalLimits())
    commit = GroupCommit(journal)
    first = commit.submit(submission("m0"))
    assert journal.begun.wait(30)
    rest = [commit.submit(submission(f"m{number}")) for number in range(1, 20)]
    assert not first.done()
    journal.free.set()
    assert [future.result(30) for future in (first, *rest)] == [Appended(1, 0, 0)] * 20
    commit.close()
    assert journal.flushes == [1, 19]
    journal.close()


def test_each_submission_hears_of_its_own_fate(tmp_path: Path) -> None:
    journal = SlowJournal(tmp_path / "j.sqlite", JournalLimits(events=2))
    commit = GroupCommit(journal)
    futures = [commit.submit(submission(*ids)) for ids in (("a",), ("b", "c"), ("d",))]
    journal.free.set()
    assert futures[0].result(30) == futures[2].result(30) == Appended(1, 0, 0)
    with pytest.raises(JournalFullError):
        futures[1].result(30)
    commit.close()
    journal.close()


def test_memory_is_bounded_when_the_disk_is_slow(tmp_path: Path) -> None:
    journal = SlowJournal(tmp_path / "j.sqlite", JournalLimits())
    commit = GroupCommit(journal, bytes_waiting=100)
    held = commit.submit(submission("m0"))
    assert journal.begun.wait(30)
    queued = commit.submit(Submission((event("big", body="x" * 500),)))
    with pytest.raises(JournalFullError, match="disk"):
        commit.submit(submission("m1"))
    journal.free.set()
    assert held.result(30).accepted == queued.result(30).accepted == 1
    assert commit.submit(submission("m1")).result(30).accepted == 1
    commit.close()
    journal.close()


def test_closing_keeps_what_was_queued_and_refuses_what_comes_later(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "j.sqlite", JournalLimits())
    commit = GroupCommit(journal)
    futures = [commit.submit(submission(f"m{number}")) for number in range(50)]
    commit.close()
    assert all(future.done() for future in futures)
    assert journal.backlog().events == 50
    with pytest.raises(JournalStorageError):
        commit.submit(submission("late"))
    journal.close()


def test_a_failing_disk_is_told_to_everybody_who_waits(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "j.sqlite", JournalLimits())
    journal.close()
    commit = GroupCommit(journal)
    with pytest.raises(JournalStorageError):
        commit.submit(submission("m1")).result(30)
    commit.close()
