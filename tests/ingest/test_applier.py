"""The applier: events become the same facts in any order and batching, once, and one bad event stops nobody."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from identity_graph.errors import ConflictError, EngineUnavailableError
from identity_graph.facts import FactStore, Handover
from identity_graph.facts.prepare import RecordRow
from identity_graph.graph.bolt import BoltGraph
from identity_graph.graph.port import Row, Transaction
from identity_graph.ingest import Applier, ApplierThread, apply_all, hold_lease
from identity_graph.journal import JournalEvent, RefusedEvent, SqliteJournal, Submission, open_journal
from identity_graph.roles import Role
from identity_graph.settings import Settings
from tests.conftest import clear
from tests.events.messages import NOON, at, event
from tests.facts.batches import edges

T = TypeVar("T")


@pytest.fixture
def journal(engine_settings: Settings) -> Iterator[SqliteJournal]:
    with closing(open_journal(engine_settings)) as found:
        yield found


def send(journal: SqliteJournal, *events: JournalEvent) -> None:
    journal.append([Submission(tuple(events))])


def facts(graph: BoltGraph) -> set[tuple[Any, ...]]:
    """Return what does not depend on the order of arrival: live records, identifiers, touchpoints and their edges."""
    found = set()
    for one in edges(graph):
        if one[0] in ("RecordVersion", "Counter", "Source") or one[1] in ("HAD_VERSION", "HAD_IDENTIFIER"):
            continue
        properties = json.loads(one[-1])
        found.add((*one[:-1], json.dumps({k: v for k, v in properties.items() if k != "seq"}, sort_keys=True)))
    return found


def test_waiting_events_become_facts_and_leave_the_backlog(
    graph: BoltGraph, engine_settings: Settings, journal: SqliteJournal
) -> None:
    send(
        journal,
        event("m1", "identify", userId="u1", anonymousId="a1", timestamp=at(1), traits={"email": "jane@mail.test"}),
        event("m2", "track", anonymousId="a1", timestamp=at(0), event="Seen"),
    )
    applier = Applier(graph, engine_settings, journal)
    applied = applier.apply_next()
    assert applied is not None and (applied.events, applied.refused, applied.touchpoints) == (2, 0, 2)
    assert applier.apply_next() is None and journal.backlog().events == 0
    stored = FactStore(graph, engine_settings).records(["site:user_id=u1", "site:anonymous_id=a1"])
    assert stored["site:user_id=u1"][0]["email"] == "jane@mail.test"
    assert stored["site:anonymous_id=a1"][1] == (("anonymous_id", "a1"), ("user_id", "u1"))
    (source,) = FactStore(graph, engine_settings).sources()
    assert (source.trust, dict(source.roles)) == ("private", {"email": Role.EMAIL})


def test_the_time_of_a_tie_is_when_both_were_seen_whatever_came_when(
    graph: BoltGraph, engine_settings: Settings, journal: SqliteJournal
) -> None:
    tied = [event(f"t{minute}", userId="u1", anonymousId="a1", timestamp=at(minute)) for minute in (20, 10)]
    alone = [event(f"v{minute}", anonymousId="a1", timestamp=at(minute)) for minute in (5, 40)]
    for one in (tied[0], alone[1], tied[1], alone[0]):
        send(journal, one)
        Applier(graph, engine_settings, journal).apply_next()
    seen = {(one[0], one[2]): json.loads(one[3]) for one in edges(graph) if one[1] == "HAS_IDENTIFIER"}
    tie = seen["site:anonymous_id=a1", "user_id:u1"]
    assert tie["first_seen"].startswith("2026-01-01T12:10") and tie["last_seen"].startswith("2026-01-01T12:20")
    own = seen["site:anonymous_id=a1", "anonymous_id:a1"]
    assert own["first_seen"].startswith("2026-01-01T12:05") and own["last_seen"].startswith("2026-01-01T12:40")


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_a_tie_counts_the_events_that_said_it_in_any_order_and_batching(
    embedded_graph: BoltGraph, embedded_settings: Settings, tmp_path_factory: pytest.TempPathFactory, order: list[int]
) -> None:
    """A user's page on a device says nothing of whether the device's visitor was the user: that an alias says."""
    said = [
        event("c1", "page", userId="u1", anonymousId="a1", timestamp=at(0)),
        event("c2", "alias", userId="u1", previousId="a1", timestamp=at(5)),
        event("c3", "page", userId="u1", anonymousId="a1", timestamp=at(9)),
        event("c4", "page", userId="u1", timestamp=at(2)),
    ]
    for size in range(1, 5):
        batches = [[said[place] for place in order[start : start + size]] for start in range(0, 4, size)]
        _applied(embedded_graph, embedded_settings, tmp_path_factory, batches)
        ties = {(one[0], one[2]): json.loads(one[3]) for one in edges(embedded_graph) if one[1] == "HAS_IDENTIFIER"}
        seen = {pair: (tie["count"], tie["first_seen"][14:16], tie["last_seen"][14:16]) for pair, tie in ties.items()}
        assert seen == {
            ("site:user_id=u1", "user_id:u1"): (5, "00", "09"),
            ("site:user_id=u1", "anonymous_id:a1"): (2, "05", "05"),
            ("site:user_id=u1", "previous_id:a1"): (2, "05", "05"),
            ("site:anonymous_id=a1", "anonymous_id:a1"): (3, "00", "09"),
            ("site:anonymous_id=a1", "user_id:u1"): (3, "00", "09"),
        }  # fmt: skip


def test_what_is_handed_over_is_what_is_stored(
    graph: BoltGraph, engine_settings: Settings, journal: SqliteJournal
) -> None:
    """A record that says the same, holds more, comes earlier or later: its ties have the stored times."""
    said = [
        event("h1", anonymousId="a1", timestamp=at(10)),
        event("h2", anonymousId="a1", timestamp=at(20)),
        event("h3", anonymousId="a1", timestamp=at(5)),
        event("h4", "identify", anonymousId="a1", userId="u1", timestamp=at(15), traits={"email": "a@mail.test"}),
        event("h5", "identify", userId="u1", timestamp=at(30), traits={"email": "b@mail.test"}),
        event("h6", anonymousId="a1", userId="u1", timestamp=at(1)),
        event("h7", anonymousId="a1", userId="u1", timestamp=at(40)),
        event("h8", anonymousId="a1", timestamp=at(50)),
        event("h9", anonymousId="a1", timestamp=at(0)),
    ]
    handover, store = Handover(), FactStore(graph, engine_settings)
    with closing(Applier(graph, engine_settings, journal, handover)) as applier:
        for some in ([0], [1], [2], [3, 4], [5], [6], [7, 8]):
            send(journal, *(said[place] for place in some))
            applier.apply_next()
            counter = graph.read("facts/read_counter")[0]
            rows, _ = handover.take(counter["graph_id"], 1, int(counter["value"]))
            stored = store.records([str(row[0]["key"]) for row in rows])
            assert rows and {str(row[0]["key"]): _times_of(row) for row in rows} == {
                key: _times_of(row) for key, row in stored.items()
            }


def _times_of(row: RecordRow) -> tuple[Any, ...]:
    return row[1], row[0].get("identifier_times"), row[0].get("observed_at")


def test_what_is_applied_again_among_later_events_keeps_its_time(
    graph: BoltGraph, engine_settings: Settings, journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = event("m1", "identify", userId="u1", timestamp=at(10), traits={"email": "old@mail.test"})
    later = event("m2", "identify", userId="u1", timestamp=at(40), traits={"email": "new@mail.test"})
    applier = Applier(graph, engine_settings, journal)
    with monkeypatch.context() as dies_before:
        dies_before.setattr(journal, "mark_applied", lambda *_: None)
        send(journal, first)
        applier.apply_next()
    send(journal, later)
    assert Applier(graph, engine_settings, journal).apply_next().events == 2
    seen = {one[2]: json.loads(one[3]) for one in edges(graph) if one[1] == "HAS_IDENTIFIER"}
    old, new = seen["email:old@mail.test"], seen["email:new@mail.test"]
    assert (old["last_seen"][11:16], old["count"], new["first_seen"][11:16]) == ("12:10", 2, "12:40")


TRAITS = st.dictionaries(
    st.sampled_from(["email", "firstName", "plan", "city"]),
    st.sampled_from(["a@b.test", "Ann", "Bea", None]),
    max_size=2,
)
MESSAGES = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["identify", "page", "track", "alias", "group"]),
        "minute": st.integers(0, 4),
        "traits": TRAITS,
        "previousId": st.sampled_from(["a1", "a2", "a9"]),
    },
    optional={
        "userId": st.sampled_from(["u1", "u2"]),
        "anonymousId": st.sampled_from(["a1", "a2"]),
        "groupId": st.sampled_from(["acme", "beta"]),
    },
).filter(lambda one: "userId" in one or "anonymousId" in one)


def _events(messages: list[dict[str, Any]]) -> list[JournalEvent]:
    found = []
    for number, one in enumerate(messages):
        ids = {name: one[name] for name in ("userId", "anonymousId") if name in one}
        more: dict[str, Any] = {"traits": one["traits"]} if one["type"] == "identify" else {}
        if one["type"] == "alias":
            more = {"previousId": one["previousId"], "userId": ids.get("userId", "u1")}
        if one["type"] == "track":
            more = {"event": "Seen", "context": {"groupId": one.get("groupId")}}
        if one["type"] == "group":
            more = {"groupId": one.get("groupId", "acme"), "traits": one["traits"]}
        found.append(event(f"m{number}", one["type"], **{**ids, **more}, timestamp=at(one["minute"])))
    return found


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(MESSAGES, min_size=2, max_size=8), st.randoms(use_true_random=False), st.integers(1, 4))
def test_any_order_any_batching_and_repeats_give_the_same_facts(
    embedded_graph: BoltGraph,
    embedded_settings: Settings,
    tmp_path_factory: pytest.TempPathFactory,
    messages: list[dict[str, Any]],
    chance: random.Random,
    size: int,
) -> None:
    events = _events(messages)
    once = _applied(embedded_graph, embedded_settings, tmp_path_factory, [events])
    shuffled = chance.sample(events, len(events))
    batches = [shuffled[start : start + size] for start in range(0, len(shuffled), size)]
    again = [*batches, chance.sample(events, 2)]
    assert _applied(embedded_graph, embedded_settings, tmp_path_factory, again) == once


def _applied(
    graph: BoltGraph, shared: Settings, folders: pytest.TempPathFactory, batches: list[list[JournalEvent]]
) -> set[tuple[Any, ...]]:
    """Apply batches to an empty graph; their repeats come as a journal that forgot its message ids would bring them."""
    clear(graph)
    for batch in batches:
        here = shared.model_copy(update={"data_dir": folders.mktemp("batch")})
        (here.data_dir / "engine").symlink_to(shared.data_dir / "engine", target_is_directory=True)
        with closing(open_journal(here)) as journal:
            send(journal, *batch)
            Applier(graph, here, journal).apply_next()
    return facts(graph)


def test_events_that_nobody_can_store_are_set_aside_and_the_others_go_on(
    graph: BoltGraph, engine_settings: Settings, journal: SqliteJournal
) -> None:
    broken = [JournalEvent("site", False, f"bad{number}", NOON, "no message") for number in range(2)]
    good = [event(f"m{number}", userId=f"u{number}") for number in range(7)]
    send(journal, *good[:3], broken[0], *good[3:], broken[1])
    applied = Applier(graph, engine_settings, journal).apply_next()
    assert applied is not None and (applied.events, applied.refused, applied.touchpoints) == (9, 2, 7)
    letters = journal.dead_letters()
    assert [(one.refused.event.message_id, one.refused.reason) for one in letters] == [
        ("bad0", "not_applicable"), ("bad1", "not_applicable"),
    ]  # fmt: skip
    assert journal.replay() == 2
    assert Applier(graph, engine_settings, journal).apply_next() is not None
    assert len(journal.dead_letters()) == 2, "what fails again comes back"


def test_letters_that_the_gate_refused_are_checked_again_when_they_are_replayed(
    embedded_graph: BoltGraph, embedded_settings: Settings
) -> None:
    page = {"type": "page", "userId": "u1"}
    bodies = [{"type": "track", "userId": "u1"}, {**page, "name": "a" * 5_000, "messageId": "large"},
              {**page, "name": "b" * 5_000}, {**page, "name": "c" * 5_000}, None]  # fmt: skip
    letters = [
        RefusedEvent(JournalEvent("site", False, "", NOON, json.dumps(body)), "refused", "by the gate")
        for body in bodies
    ]
    with closing(open_journal(embedded_settings)) as journal:
        journal.append([Submission(refused=tuple(letters))])
        for kib, reasons in ((1, ["missing_event", "not_an_object", *["too_large"] * 3]), (32, ["missing_event"])):
            assert journal.replay() == 5
            here = embedded_settings.model_copy(update={"event_kib": kib})
            Applier(embedded_graph, here, journal).apply_next()
            found = sorted(one.refused.reason for one in journal.dead_letters())
            assert found[: len(reasons)] == reasons
        assert found == ["missing_event", "not_an_object"]
    assert FactStore(embedded_graph, embedded_settings).counts().touchpoints == 3


def test_a_backlog_of_the_largest_events_is_applied(embedded_graph: BoltGraph, embedded_settings: Settings) -> None:
    large = [event(f"m{number}", userId="u1", properties={"text": "x" * 32_000}) for number in range(540)]
    with closing(open_journal(embedded_settings)) as journal:
        send(journal, *large)
        apply_all(embedded_graph, embedded_settings, threading.Event(), until_empty=True)
        assert (journal.backlog().events, journal.backlog().dead_letters) == (0, {})
    assert FactStore(embedded_graph, embedded_settings).counts().touchpoints == len(large)


class AwayGraph(BoltGraph):
    """A graph whose engine is away until the test says so."""

    def __init__(self, graph: BoltGraph) -> None:
        self.__dict__.update(graph.__dict__)
        self.away = threading.Event()
        self.asked = threading.Event()

    def read(self, query: str, **parameters: Any) -> list[Row]:
        if self.away.is_set():
            self.asked.set()
            raise EngineUnavailableError("The engine is away.")
        return super().read(query, **parameters)


def test_an_engine_that_is_away_is_waited_for_and_nothing_is_set_aside(
    embedded_graph: BoltGraph, embedded_settings: Settings
) -> None:
    graph = AwayGraph(embedded_graph)
    graph.away.set()
    with closing(open_journal(embedded_settings)) as journal:
        send(journal, event("m1", userId="u1"))
        thread = ApplierThread(graph, embedded_settings)
        assert graph.asked.wait(30)
        assert journal.backlog().events == 1
        graph.away.clear()
        for _ in range(300):
            if journal.backlog().events == 0:
                break
            threading.Event().wait(0.1)
        thread.close()
        assert (journal.backlog().events, journal.dead_letters()) == (0, [])


class FailingGraph(BoltGraph):
    """A graph whose next transaction fails when the test says so."""

    def __init__(self, graph: BoltGraph) -> None:
        self.__dict__.update(graph.__dict__)
        self.failing = False

    def transaction(self, work: Callable[[Transaction], T]) -> T:
        if self.failing:
            self.failing = False
            raise EngineUnavailableError("The engine is away.")
        return super().transaction(work)


def test_a_batch_that_fails_is_applied_although_the_next_one_was_read_ahead(
    embedded_graph: BoltGraph, embedded_settings: Settings
) -> None:
    graph = FailingGraph(embedded_graph)
    with (
        closing(open_journal(embedded_settings)) as journal,
        closing(Applier(graph, embedded_settings, journal)) as applier,
    ):
        send(journal, *(event(f"m{number}", userId=f"u{number}") for number in range(9)))
        assert applier.apply_next(2) is not None  # from here on the next two are read ahead
        graph.failing = True
        with pytest.raises(EngineUnavailableError):
            applier.apply_next(2)
        while applier.apply_next(2) is not None:
            pass
        assert journal.backlog().events == 0
    assert FactStore(embedded_graph, embedded_settings).counts().touchpoints == 9


def test_one_process_applies_and_the_next_takes_over(embedded_graph: BoltGraph, embedded_settings: Settings) -> None:
    with hold_lease(embedded_settings):
        with pytest.raises(ConflictError), hold_lease(embedded_settings):
            pass
        waiting = ApplierThread(embedded_graph, embedded_settings)
        with closing(open_journal(embedded_settings)) as journal:
            send(journal, event("m1", userId="u1"))
            threading.Event().wait(0.5)
            assert journal.backlog().events == 1
    with closing(open_journal(embedded_settings)) as journal:
        for _ in range(300):
            if journal.backlog().events == 0:
                break
            threading.Event().wait(0.1)
        assert journal.backlog().events == 0
    waiting.close()


def test_public_keys_mark_their_source(embedded_graph: BoltGraph, embedded_settings: Settings) -> None:
    with closing(open_journal(embedded_settings)) as journal:
        one = event("m1", userId="u1")
        send(journal, JournalEvent("page", True, "m1", one.received_at, one.body), one)
        apply_all(embedded_graph, embedded_settings, threading.Event(), until_empty=True)
    sources = FactStore(embedded_graph, embedded_settings).sources()
    assert {source.name: source.trust for source in sources} == {"page": "public", "site": "private"}


def test_custom_traits_are_remembered_by_the_next_applier(
    embedded_graph: BoltGraph, embedded_settings: Settings, tmp_path: Path
) -> None:
    with closing(open_journal(embedded_settings)) as journal:
        for number in range(3):
            send(journal, event(f"m{number}", "identify", userId="u1", traits={f"t{number}": "x"}))
            apply_all(embedded_graph, embedded_settings, threading.Event(), until_empty=True)
    (source,) = FactStore(embedded_graph, embedded_settings).sources()
    assert all(f"trait_t{number}" in source.mapping for number in range(3))


def test_late_events_change_what_they_should(embedded_graph: BoltGraph, embedded_settings: Settings) -> None:
    later = event("m1", "identify", userId="u1", timestamp=at(20), traits={"plan": "pro", "city": "Rome"})
    earlier = event("m2", "identify", userId="u1", timestamp=at(10), traits={"plan": "free", "firstName": "Ann"})
    with closing(open_journal(embedded_settings)) as journal:
        for one in (later, earlier):
            send(journal, one)
            Applier(embedded_graph, embedded_settings, journal).apply_next()
    stored = FactStore(embedded_graph, embedded_settings).records(["site:user_id=u1"])["site:user_id=u1"][0]
    assert (stored["trait_plan"], stored["city"], stored["given_name"]) == ("pro", "Rome", "Ann")
    assert stored["observed_at"] == (NOON + timedelta(minutes=20)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
