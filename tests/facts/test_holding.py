"""A touchpoint on a shared device is of the user who held it then, in whatever order events come."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from identity_graph.events import event_facts
from identity_graph.facts import FactStore
from identity_graph.facts.holding import holders, signs_out
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
    found = graph.read(
        "facts/touchpoints_on_devices",
        devices=[{"key": DEVICE, "since": ""}, {"key": "site:anonymous_id=s", "since": ""}],
    )
    return {(row["key"], row["held_by"]) for row in found if row["held_by"] is not None}


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


_EVENT = st.tuples(
    st.sampled_from(("t", "t", "s")), st.sampled_from((None, None, "ann", "bob", "cy")), st.integers(0, 5),
    st.sampled_from(("page", "page", "page", "Signed Out")),
)  # fmt: skip


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(said=st.lists(_EVENT, min_size=2, max_size=9), random=st.randoms(use_true_random=False))
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
