"""The live view: each event once with whom it resolved to, each change once, and how far everything is behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from identity_graph.customers.store import ChangeSet, CustomerStore
from identity_graph.errors import EngineUnavailableError
from identity_graph.feed import ChangeFeed
from identity_graph.graph.bolt import BoltGraph
from identity_graph.ingest import apply_all
from identity_graph.journal import JournalEvent, JournalLimits, SqliteJournal, Submission
from identity_graph.live import LiveWatch
from identity_graph.pipeline.load import load
from identity_graph.pipeline.resolve import resolve
from identity_graph.realtime import LiveResolver
from identity_graph.settings import Settings
from tests.events.messages import NOON, at, event


class Clock:
    """A clock that a test sets; the events of these tests come an hour after noon."""

    def __init__(self) -> None:
        self.now: datetime = NOON + timedelta(hours=1)

    def __call__(self) -> datetime:
        return self.now


class _Failing:
    """A graph that does not answer one query."""

    def __init__(self, graph: BoltGraph, query: str) -> None:
        self._inner, self._query = graph, query

    def read(self, name: str, /, **parameters: Any) -> Any:
        if name == self._query:
            raise EngineUnavailableError("away")
        return self._inner.read(name, **parameters)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(engine_settings: Settings, clock: Clock) -> Iterator[SqliteJournal]:
    path = engine_settings.data_dir / "events" / "journal.sqlite"
    with closing(SqliteJournal(path, JournalLimits(), clock)) as found:
        yield found


def _send(journal: SqliteJournal, *events: JournalEvent) -> None:
    journal.append([Submission(tuple(events))])


def _people(folder: Path) -> str:
    """Write some customers, from whom a model can learn how often strangers are alike."""
    file = folder / "crm.csv"
    rows = [f"{number},G{number:02d}n,F{number:02d}m,p{number}@mail.test" for number in range(20)]
    file.write_text("\n".join(["id,first_name,last_name,email", *rows, ""]), encoding="utf-8")
    return str(file)


def test_events_show_whom_they_resolved_to_and_changes_what_happened(
    graph: BoltGraph, engine_settings: Settings, journal: SqliteJournal, clock: Clock, tmp_path: Path
) -> None:
    load(graph, engine_settings, [_people(tmp_path)])
    watch = LiveWatch(graph, journal, clock)
    empty = watch.look(history=10)
    assert (empty.events, empty.changes, empty.state.waiting, empty.state.unresolved) == ((), (), 0, None)

    jane = {"email": "jane@mail.test", "firstName": "Jane", "lastName": "Doe"}
    _send(
        journal,
        event("m1", "identify", userId="u1", timestamp=at(1), traits=jane),
        event("m2", "track", anonymousId="a1", timestamp=at(2), event="Order Completed"),
        event("m3", userId="null"),
    )
    clock.now += timedelta(seconds=4)
    behind = watch.look()
    assert (behind.events, behind.state.waiting, behind.state.oldest_seconds) == ((), 3, 4.0)
    assert behind.state.accepted_per_second == 0.8 and behind.state.applied_per_second == 0

    apply_all(graph, engine_settings, threading.Event(), until_empty=True)
    unresolved = watch.look()
    assert [(one.message_id, one.problem) for one in unresolved.events] == [("m3", "placeholder_user")]
    clock.now += timedelta(seconds=2)
    shown = {one.message_id: one for one in watch.look().events}
    assert (shown["m2"].type, shown["m2"].customer_id, shown["m2"].record_key) == (
        "Order Completed", None, "site:anonymous_id=a1",
    )  # fmt: skip
    assert watch.look().events == ()

    resolve(graph, engine_settings)
    known = watch.look()
    again = {one.message_id: one for one in known.events}
    assert again["m1"].name == "Jane Doe" and again["m1"].customer_id != again["m2"].customer_id is not None
    assert (again["m2"].number, again["m2"].name) == (shown["m2"].number, None)
    assert {change.type for change in known.changes} == {"customer.created"} and len(known.changes) == 22
    assert (known.state.unresolved, known.state.dead_letters) == (0, 1)

    live = LiveResolver(graph, engine_settings)
    live.resolve_changes()
    _send(journal, event("m4", "identify", userId="u1", anonymousId="a1", timestamp=at(5)))
    apply_all(graph, engine_settings, threading.Event(), until_empty=True)
    known_already = watch.look()
    assert [one.name for one in known_already.events] == ["Jane Doe"]
    assert known_already.state.unresolved
    live.resolve_changes()
    joined = watch.look()
    merged = next(change for change in joined.changes if change.type == "customer.merged")
    assert (merged.customer_id, merged.name) == (again["m1"].customer_id, "Jane Doe")
    assert "took in" in merged.text and joined.state.unresolved == 0
    assert watch.look().changes == ()

    late = LiveWatch(graph, journal, clock).look(history=2)
    assert [one.message_id for one in late.events] == ["m3", "m4"]
    assert late.changes == joined.changes[-2:]


def test_of_a_flood_the_newest_are_shown_and_the_others_counted(
    embedded_graph: BoltGraph, embedded_settings: Settings
) -> None:
    with closing(SqliteJournal(embedded_settings.data_dir / "events" / "journal.sqlite", JournalLimits())) as journal:
        watch = LiveWatch(embedded_graph, journal)
        watch.look()
        _send(journal, *(event(f"m{number}", userId="null") for number in range(350)))
        apply_all(embedded_graph, embedded_settings, threading.Event(), until_empty=True)
        frame = watch.look()
        assert [one.message_id for one in frame.events] == [f"m{number}" for number in range(250, 350)]
        assert frame.passed_over == 250
        assert (watch.look().events, watch.look().passed_over) == ((), 0)


def test_events_that_wait_too_long_to_be_resolved_in_a_flood_are_counted_too(
    embedded_graph: BoltGraph, embedded_settings: Settings, clock: Clock
) -> None:
    path = embedded_settings.data_dir / "events" / "journal.sqlite"
    with closing(SqliteJournal(path, JournalLimits(), clock)) as journal:
        watch = LiveWatch(embedded_graph, journal, clock)
        watch.look()
        told: set[str] = set()
        passed_over = 0
        for look in range(5):
            _send(journal, *(event(f"m{look}-{number}", userId=f"u{look}") for number in range(90)))
            apply_all(embedded_graph, embedded_settings, threading.Event(), until_empty=True)
            clock.now += timedelta(seconds=0.5)
            frame = watch.look()
            passed_over += frame.passed_over
            told |= {one.message_id for one in frame.events}
        clock.now += timedelta(seconds=5)
        told |= {one.message_id for one in watch.look().events}
        assert len(told) + passed_over == 5 * 90


def test_a_look_that_fails_half_way_loses_nothing(
    embedded_graph: BoltGraph, embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(SqliteJournal(embedded_settings.data_dir / "events" / "journal.sqlite", JournalLimits())) as journal:
        watch = LiveWatch(embedded_graph, journal)
        watch.look()
        _send(journal, *(event(f"m{number}", userId="null") for number in range(150)))
        apply_all(embedded_graph, embedded_settings, threading.Event(), until_empty=True)
        change = {"kind": "created", "customer_id": "c1", "at": "2026-04-01T00:00:00.000000Z", "data": "{}"}
        CustomerStore(embedded_graph).apply(ChangeSet(changes=[{"id": "a", "properties": change}]), "")
        for query in ("feed/changes_between", "customers/golden_values", "live/who_did"):
            with monkeypatch.context() as patched:
                patched.setattr(watch, "_graph", _Failing(embedded_graph, query))
                patched.setattr(watch, "_feed", ChangeFeed(_Failing(embedded_graph, query)))
                patched.setattr(watch, "_customers", CustomerStore(_Failing(embedded_graph, query)))
                with pytest.raises(EngineUnavailableError):
                    watch.look()
        frame = watch.look()
        assert (len(frame.events), frame.passed_over, len(frame.changes)) == (100, 50, 1)
