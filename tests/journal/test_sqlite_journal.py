"""The journal keeps each accepted event once, in order, until it is applied; when it is full, senders must wait."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identity_graph.errors import JournalFullError, JournalStorageError
from identity_graph.journal import Appended, JournalLimits, RefusedEvent, SqliteJournal, Submission
from identity_graph.journal.recent import KEPT
from tests.journal.events import NOON, event, refused, submission


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events" / "journal.sqlite"


@pytest.fixture
def journal(path: Path, clock: Clock) -> Iterator[SqliteJournal]:
    found = SqliteJournal(path, JournalLimits(events=10, bytes=1000, seen_days=30), clock)
    yield found
    found.close()


def waiting(journal: SqliteJournal, after: int = 0) -> list[str]:
    return [one.event.message_id for one in journal.read(after, 1000)]


def test_events_are_read_back_as_they_came_in_order(journal: SqliteJournal) -> None:
    first = event("m1", body='{"text":"\\ud800"}')
    assert journal.append([Submission((first, event("m2")))]) == [Appended(2, 0, 0)]
    read = journal.read(0, 10)
    assert [one.event for one in read] == [first, event("m2")]
    assert [one.event.message_id for one in journal.read(read[0].offset, 10)] == ["m2"]
    assert len(journal.read(0, 1)) == 1


def test_a_message_id_counts_once_per_source_also_after_it_was_applied_and_after_a_restart(
    path: Path, journal: SqliteJournal
) -> None:
    assert journal.append([submission("m1", "m1"), submission("m1")]) == [Appended(1, 1, 0), Appended(0, 1, 0)]
    journal.mark_applied(journal.read(0, 10)[-1].offset)
    again = SqliteJournal(path, JournalLimits())
    other = Submission((event("m1", source="app"),))
    assert again.append([submission("m1"), other]) == [Appended(0, 1, 0), Appended(1, 0, 0)]
    again.close()


def test_message_ids_are_forgotten_after_their_days_and_not_before(journal: SqliteJournal, clock: Clock) -> None:
    ids = [f"m{number}" for number in range(10)]
    journal.append([submission(*ids)])
    journal.mark_applied(journal.read(0, 100)[-1].offset)
    clock.now += timedelta(days=30)
    for _ in range(256):
        journal.mark_applied(0)
    assert journal.append([submission(*ids)]) == [Appended(0, 10, 0)]
    clock.now += timedelta(days=1)
    for _ in range(256):
        journal.mark_applied(0)
    assert journal.append([submission(*ids)]) == [Appended(10, 0, 0)]


@pytest.mark.parametrize("limits", [JournalLimits(events=3), JournalLimits(bytes=60)], ids=["events", "bytes"])
def test_a_full_backlog_refuses_whole_submissions_until_something_is_applied(path: Path, limits: JournalLimits) -> None:
    journal = SqliteJournal(path, limits)
    assert journal.append([submission("m1", "m2")]) == [Appended(2, 0, 0)]
    answers = journal.append([submission("m3", "m4"), submission("m5")])
    assert isinstance(answers[0], JournalFullError) and answers[1] == Appended(1, 0, 0)
    assert waiting(journal) == ["m1", "m2", "m5"]
    journal.mark_applied(journal.read(0, 1)[0].offset)
    assert isinstance(journal.append([submission("m3", "m4")])[0], JournalFullError)
    journal.mark_applied(journal.read(0, 10)[-1].offset)
    assert journal.append([submission("m3", "m4")]) == [Appended(2, 0, 0)], "refused events were not taken for seen"
    journal.close()


def test_a_submission_larger_than_the_whole_backlog_is_taken_when_nothing_waits(path: Path) -> None:
    journal = SqliteJournal(path, JournalLimits(events=1))
    assert journal.append([submission("m1", "m2")]) == [Appended(2, 0, 0)]
    journal.close()


def test_a_full_list_of_dead_letters_makes_senders_wait_rather_than_drop_anything(path: Path) -> None:
    journal = SqliteJournal(path, JournalLimits(bytes=40))
    assert journal.append([Submission(refused=(refused("bad1"),))]) == [Appended(0, 0, 1)]
    with_bad = Submission((event("m1"),), (refused("bad2"), refused("bad3")))
    assert isinstance(journal.append([with_bad])[0], JournalFullError)
    assert waiting(journal) == []
    journal.discard([letter.id for letter in journal.dead_letters()])
    assert journal.append([with_bad]) == [Appended(1, 0, 2)]
    journal.close()


def test_letters_of_events_that_were_accepted_make_senders_wait_too_when_the_list_is_full(path: Path) -> None:
    journal = SqliteJournal(path, JournalLimits(bytes=40))
    assert journal.append([Submission(refused=(refused("bad1"),))]) == [Appended(0, 0, 1)]
    assert isinstance(journal.append([Submission(refused=(refused("bad2"), refused("bad3")))])[0], JournalFullError)
    accepted = 0
    while journal.append([submission(f"m{accepted}")]) == [Appended(1, 0, 0)]:
        (one,) = journal.read(0, 1)
        journal.mark_applied(one.offset, [RefusedEvent(one.event, "placeholder_user", "Nobody.")])
        accepted += 1
        assert accepted < 20, "the list must not grow for ever"
    assert accepted > 1, "who sends bad messages must not stop the others"
    assert isinstance(journal.append([submission("m20")])[0], JournalFullError)
    journal.discard([letter.id for letter in journal.dead_letters()])
    assert journal.append([submission("m20")]) == [Appended(1, 0, 0)]
    journal.close()


def test_refused_events_are_listed_once_and_wait_again_when_replayed(journal: SqliteJournal) -> None:
    journal.append([Submission((event("m1"),), (refused("bad1"), refused("bad2", "too_large")))])
    journal.append([Submission(refused=(refused("bad1"),))])
    letters = journal.dead_letters()
    assert [(one.refused.event.message_id, one.refused.reason) for one in letters] == [
        ("bad1", "missing_user"), ("bad2", "too_large"),
    ]  # fmt: skip
    assert journal.dead_letters(after=letters[0].number) == letters[1:]
    assert journal.dead_letters(source="app") == []
    assert dict(journal.backlog().dead_letters) == {"missing_user": 1, "too_large": 1}
    assert journal.replay(["unknown"]) == 0
    assert journal.replay([letters[1].id]) == 1
    assert journal.replay(source="web") == 1
    assert journal.dead_letters() == [] and waiting(journal) == ["m1", "bad2", "bad1"]


@pytest.mark.parametrize("leave", ["replay", "discard"])
def test_a_letter_that_is_named_twice_leaves_the_list_once(path: Path, leave: str) -> None:
    journal = SqliteJournal(path, JournalLimits(bytes=40))
    for _ in range(3):
        assert journal.append([Submission(refused=(refused("bad1"),))]) == [Appended(0, 0, 1)]
        (letter,) = journal.dead_letters()
        assert getattr(journal, leave)([letter.id, letter.id]) == 1
        assert waiting(journal) == (["bad1"] if leave == "replay" else [])
        journal.mark_applied(journal.position().last)
    both = Submission(refused=(refused("bad1"), refused("bad2"), refused("bad3")))
    assert isinstance(journal.append([both])[0], JournalFullError), "the room is counted as it is"
    journal.close()


def test_an_event_that_was_applied_in_part_can_be_replayed_though_its_id_was_seen(journal: SqliteJournal) -> None:
    journal.append([submission("m1")])
    (one,) = journal.read(0, 10)
    journal.mark_applied(one.offset, [refused("m1", "unreadable_phone")])
    assert waiting(journal) == []
    assert journal.replay() == 1 and waiting(journal) == ["m1"]


def test_the_backlog_counts_what_waits_and_how_fast_events_come_and_go(journal: SqliteJournal, clock: Clock) -> None:
    journal.append([submission("m1", "m2", "m3", "m1")])
    journal.mark_applied(journal.read(0, 1)[0].offset)
    assert journal.backlog().accepted_per_second == 0, "a minute that is not over is not a rate"
    clock.now += timedelta(minutes=1)
    found = journal.backlog()
    assert (found.events, found.accepted, found.applied, found.duplicates) == (2, 3, 1, 1)
    assert found.bytes == len(event("m2").body) + len(event("m3").body)
    assert found.oldest == NOON.isoformat()
    assert (found.accepted_per_second, found.applied_per_second) == (3 / 300, 1 / 300)


def test_a_broken_file_is_named_as_such(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no journal " * 1000)
    with pytest.raises(JournalStorageError, match="journal"):
        SqliteJournal(path, JournalLimits())


def test_a_call_that_fails_keeps_nothing(journal: SqliteJournal, path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute(
        "CREATE TRIGGER no BEFORE INSERT ON events WHEN new.message_id = 'm2' BEGIN SELECT RAISE(FAIL, 'no'); END"
    )
    other.commit()
    with pytest.raises(JournalStorageError):
        journal.append([submission("m1"), submission("m2")])
    other.execute("DROP TRIGGER no")
    other.commit()
    other.close()
    assert journal.append([submission("m1", "m2")]) == [Appended(2, 0, 0)]


@settings(max_examples=40)  # every step is a flush of the disk
@given(
    st.lists(
        st.one_of(
            st.lists(st.sampled_from("abcdefgh"), max_size=4).map(lambda ids: ("append", ids)),
            st.integers(0, 4).map(lambda count: ("apply", count)),
            st.just(("reopen", None)),
            st.lists(st.sampled_from("abcdefgh"), max_size=2).map(lambda ids: ("refuse", ids)),
            st.just(("replay", None)),
        ),
        max_size=25,
    )
)
def test_whatever_happens_each_id_is_accepted_once_and_the_counts_add_up(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, object]]
) -> None:
    folder = tmp_path_factory.mktemp("journal")
    journal = SqliteJournal(folder / "j.sqlite", JournalLimits())
    accepted: list[str] = []
    expected: list[str] = []
    dead: list[str] = []
    for step, value in steps:
        if step == "append":
            journal.append([submission(*value)])  # type: ignore[misc]
            for id in dict.fromkeys(value):  # type: ignore[call-overload]
                if id not in accepted:
                    accepted.append(id)
                    expected.append(id)
        elif step == "apply":
            read = journal.read(0, int(value))  # type: ignore[call-overload]
            assert journal.mark_applied(read[-1].offset if read else 0) == len(read)
            del expected[: len(read)]
        elif step == "refuse":
            journal.append([Submission(refused=tuple(refused(f"x{id}") for id in value))])  # type: ignore[attr-defined]
            dead += [f"x{id}" for id in dict.fromkeys(value) if f"x{id}" not in dead]  # type: ignore[call-overload]
        elif step == "replay":
            assert journal.replay() == len(dead)
            expected += dead
            dead = []
        else:
            journal.close()
            journal = SqliteJournal(folder / "j.sqlite", JournalLimits())
    backlog = journal.backlog()
    assert waiting(journal) == expected
    assert (backlog.events, backlog.accepted) == (len(expected), len(accepted))
    assert backlog.bytes == sum(len(one.event.body) for one in journal.read(0, 1000))
    assert [one.refused.event.message_id for one in journal.dead_letters()] == dead
    journal.close()
    shutil.rmtree(folder)


def test_what_was_applied_lately_is_remembered_with_its_problem_and_no_more_than_that(path: Path) -> None:
    journal = SqliteJournal(path, JournalLimits(events=10_000, bytes=10**7), lambda: NOON + timedelta(seconds=2))
    journal.append([submission("m1", "m2"), submission("m3")])
    journal.mark_applied(2, [refused("m2")])
    first = journal.recent(0, 10)
    assert [(one.offset, one.message_id, one.problem) for one in first] == [(1, "m1", None), (2, "m2", "missing_user")]
    assert (first[0].source, first[0].received_at[:19], first[0].applied_at[:19]) == (
        "web", "2026-01-01T12:00:00", "2026-01-01T12:00:02",
    )  # fmt: skip
    journal.mark_applied(3)
    assert [one.message_id for one in journal.recent(2, 10)] == ["m3"]
    assert [one.message_id for one in journal.recent(0, 2)] == ["m2", "m3"]
    journal.append([submission(*(f"n{number}" for number in range(KEPT + 5)))])
    journal.mark_applied(KEPT // 2)
    journal.mark_applied(KEPT + 8)
    kept = journal.recent(0, 10_000)
    assert (len(kept), kept[0].message_id, kept[-1].message_id) == (KEPT, "n5", f"n{KEPT + 4}")
    with closing(SqliteJournal(path, JournalLimits())) as elsewhere:
        assert elsewhere.recent(0, 10_000) == kept
    journal.close()
