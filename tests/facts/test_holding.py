"""A touchpoint on a shared device is of the user who held it then, in whatever order events come."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from identity_graph.events import event_facts
from identity_graph.facts import FactStore, holding
from identity_graph.facts.holding import holders, signs_out
from identity_graph.graph import query
from identity_graph.graph.bolt import BoltGraph
from identity_graph.journal import JournalEvent
from identity_graph.normalise import NormaliseContext
from identity_graph.settings import Settings
from tests.conftest import clear
from tests.events.messages import at, event
from tests.facts.batches import edges

DEVICE = "site:anonymous_id=t"


@pytest.mark.parametrize("type", ["Signed Out", "logged_out", "Logout", "sign-out", "User Signed Out", "LOG OFF"])
def test_a_sign_out_is_known_in_any_spelling(type: str) -> None:
    assert signs_out(type)


@pytest.mark.parametrize("type", ["page", "Signed Up", "Order Shipped Out", "Logged In", ""])
def test_nothing_else_is_a_sign_out(type: str) -> None:
    assert not signs_out(type)


def _done(key: str, at: str, user: str | None = None, type: str = "page") -> dict[str, Any]:
    return {"key": key, "at": at, "type": type, "record_key": f"site:user_id={user}" if user else DEVICE}


def test_the_device_is_held_from_a_sign_in_to_the_next_or_to_a_sign_out() -> None:
    done = [
        _done("a", "1"), _done("b", "2", "ann"), _done("c", "3"), _done("d", "4", "bob"), _done("e", "4"),
        _done("f", "5", "bob", "Signed Out"), _done("g", "6"), _done("h", "7", "ann"), _done("i", "8", None, "Logout"),
        _done("j", "9"),
    ]  # fmt: skip
    ann, bob = "site:user_id=ann", "site:user_id=bob"
    expected = {"a": None, "c": ann, "e": bob, "g": None, "i": ann, "j": None}
    assert holders(DEVICE, reversed(done)) == expected
    assert holders(DEVICE, done[4:], bob) == {key: expected[key] for key in "egij"}


def _store(graph: BoltGraph, engine_settings: Settings, events: list[JournalEvent]) -> None:
    facts = event_facts(events, NormaliseContext(), {})
    FactStore(graph, engine_settings).write(facts.batch, {})


def _held(graph: BoltGraph) -> set[tuple[str, str]]:
    return {(edge[0], edge[2]) for edge in edges(graph) if len(edge) == 4 and edge[1] == "HELD_BY"}


def test_history_on_a_tablet_is_of_whoever_was_signed_in(graph: BoltGraph, engine_settings: Settings) -> None:
    def page(name: str, minute: int, **message: Any) -> JournalEvent:
        return event(name, anonymousId="t", timestamp=at(minute), **message)

    _store(graph, engine_settings, [page("m1", 1), page("m2", 2, userId="ann"), page("m3", 3)])
    assert _held(graph) == set()  # one user: the visitor is of that user
    _store(graph, engine_settings, [page("m5", 5, userId="bob"), page("m6", 6)])
    ann, bob = "site:user_id=ann", "site:user_id=bob"
    assert _held(graph) == {("site:m3", ann), ("site:m6", bob)}
    late = [page("m4", 4), event("m55", "track", anonymousId="t", event="Signed Out", timestamp=at(5.5))]
    _store(graph, engine_settings, late)
    assert _held(graph) == {("site:m3", ann), ("site:m4", ann), ("site:m55", bob)}
    before = edges(graph)
    _store(graph, engine_settings, late)
    FactStore(graph, engine_settings).hold_touchpoints([DEVICE])
    assert edges(graph) == before


def test_a_late_touchpoint_reads_to_the_next_change_of_hands_and_no_further(
    graph: BoltGraph, engine_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kiosk with many users: what is read for an event must not grow with all that was ever done on it."""
    monkeypatch.setattr(holding, "_FIRST_PAGE", 4)
    read: list[int] = []
    page = holding._page

    def counted(*given: Any) -> list[Any]:
        rows = page(*given)
        read.append(len(rows))
        return rows

    monkeypatch.setattr(holding, "_page", counted)

    def seen(name: str, minute: float, user: str | None = None) -> JournalEvent:
        return event(name, anonymousId="t", timestamp=at(minute), userId=user)

    turns = [
        one
        for turn in range(30)
        for one in (
            seen(f"in{turn}", turn, f"u{turn % 7}"),
            *(seen(f"p{turn}-{n}", turn + n / 10) for n in (1, 2)),
        )
    ]
    _store(graph, engine_settings, turns)
    assert read == []  # the device has several users only now, and is looked at as a whole
    late = [seen("late", 10.15), seen("in-late", 15.25, "u9"), seen("last", 59)]
    _store(graph, engine_settings, late)
    assert read == [5, 5, 2]  # each with what was before it
    held = dict(_held(graph))
    assert (held["site:late"], held["site:last"]) == ("site:user_id=u3", "site:user_id=u1")
    before = edges(graph)
    FactStore(graph, engine_settings).hold_touchpoints([DEVICE])
    assert edges(graph) == before


def test_the_embedded_engine_reads_what_is_around_a_touchpoint_in_order_of_the_index(
    embedded_graph: BoltGraph,
) -> None:
    """Without the order it would sort all that was ever done on the device to find one touchpoint."""
    text = query("facts/touchpoints_around").text
    with embedded_graph._session("READ") as session:
        for part in text.split("UNION ALL"):
            plan = session.run(f"EXPLAIN {part}", lowest="0 ", place="0 1", end="0!", limit=5).consume().plan
            assert "[index order" in str(plan)


def test_an_alias_of_a_server_signs_nobody_in_on_the_visitors_device(
    graph: BoltGraph, engine_settings: Settings
) -> None:
    """It says who the visitor was, not that the user is there; and a resolve of all must say the same."""

    def page(name: str, minute: int, user: str | None = None) -> JournalEvent:
        return event(name, anonymousId="t", timestamp=at(minute), userId=user)

    _store(graph, engine_settings, [page("m1", 1, "ann"), page("m2", 2, "bob"), page("m9", 9)])
    _store(graph, engine_settings, [event("m5", "alias", userId="cy", previousId="t", timestamp=at(5))])
    _store(graph, engine_settings, [page("m7", 7)])
    expected = {("site:m7", "site:user_id=bob"), ("site:m9", "site:user_id=bob")}
    assert _held(graph) == expected
    FactStore(graph, engine_settings).hold_touchpoints([DEVICE])
    assert _held(graph) == expected


_EVENT = st.tuples(
    st.sampled_from(("t", "t", "s")), st.sampled_from((None, None, "ann", "bob", "cy")), st.integers(0, 5),
    st.sampled_from(("page", "page", "page", "Signed Out")),
)  # fmt: skip


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read what follows a touchpoint in pages of two and more."""
    monkeypatch.setattr(holding, "_FIRST_PAGE", 2)


@pytest.mark.usefixtures("small_pages")
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(said=st.lists(_EVENT, min_size=2, max_size=14), random=st.randoms(use_true_random=False))
def test_any_order_and_batching_gives_the_same(
    graph: BoltGraph, engine_settings: Settings, said: list[Any], random: Any
) -> None:
    clear(graph)
    events = [
        event(f"m{number}", "track", event=type, anonymousId=device, timestamp=at(minute), userId=user)
        for number, (device, user, minute, type) in enumerate(said)
    ]  # fmt: skip
    random.shuffle(events)
    while events:
        size = random.randint(1, len(events))
        _store(graph, engine_settings, events[:size])
        events = events[size:]
    expected = set()
    for device in ("t", "s"):
        done = [
            {"key": f"site:m{number}", "at": f"{minute}", "type": type,
             "record_key": f"site:user_id={user}" if user else f"site:anonymous_id={device}"}
            for number, (other, user, minute, type) in enumerate(said) if other == device
        ]  # fmt: skip
        if len({user for other, user, _, _ in said if other == device and user}) > 1:
            expected |= set(holders(f"site:anonymous_id={device}", done).items())
    assert _held(graph) == {(key, holder) for key, holder in expected if holder is not None}
