"""Whatever passes the gate becomes facts on every engine: nothing an event says can stop the applier or be set aside.

What cannot be a fact is refused with a reason of its own; `not_applicable` would be something nobody thought of.
"""

from __future__ import annotations

import json
from contextlib import closing
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from identity_graph.events import read_message
from identity_graph.graph.bolt import BoltGraph
from identity_graph.ingest import Applier
from identity_graph.journal import JournalEvent, RefusedEvent, Submission, open_journal
from identity_graph.settings import Settings
from tests.events.messages import NOON
from tests.tracking.test_fuzz import MESSAGES

_ODD_TEXT = "a\x00b\ud800c\udfff\u202e\x7f"
_HUGE = 10**400
_TRACK = {"type": "track", "userId": "u1", "event": "Seen"}
_IDENTIFY = {"type": "identify", "userId": "u1"}
_NAMES = [
    "key", "source", "seq", "raw", "deleted", "record_id", "observed_at", "trait_times", "name_key", "", " ", "a.b",
    "`", "'; MATCH (n) DETACH DELETE n //", "__proto__", "constructor", "x" * 3_000, _ODD_TEXT, "名前", "💥",
]  # fmt: skip
_ODD: list[Any] = [
    None, True, 0, -1.5, _HUGE, "", " ", _ODD_TEXT, "x" * 5_000, [], {}, [None, [{}]], {"": {"": ""}}, {"a": _ODD_TEXT},
]  # fmt: skip
_TIMES: list[Any] = [
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "99999-01-01", "yesterday", 0, -1, _HUGE, 1e300, True, [],
    {}, "2026-02-31T00:00:00Z", "2026-01-01", "2026-01-01T00:00:00.123456789Z", _ODD_TEXT,
]  # fmt: skip
_USERS = {"collection": "users", "encoding": "none"}
_EMAIL = {"type": "email", "value": "a@b.test"}

NASTY: dict[str, list[dict[str, Any]]] = {
    "texts": [{**_TRACK, "event": _ODD_TEXT, "properties": {_ODD_TEXT: _ODD_TEXT}}, {**_TRACK, "name": _ODD_TEXT},
              {**_TRACK, "channel": _ODD_TEXT}, {**_TRACK, "event": "x" * 10_000}],
    "names of traits": [{**_IDENTIFY, "traits": {name: "value"}} for name in _NAMES],
    "values of traits": [{**_IDENTIFY, "traits": {name: value}} for value in _ODD
                         for name in ("email", "phone", "birthday", "firstName", "address", "company", "plan")],
    "many": [{**_IDENTIFY, "traits": {f"t{n}": n for n in range(400)}},
             {**_TRACK, "properties": {f"p{n}": n for n in range(300)}}],
    "times": [{**_TRACK, name: value} for value in _TIMES for name in ("timestamp", "sentAt", "originalTimestamp")],
    "contexts": [{**_TRACK, "context": {name: value}} for value in _ODD
                 for name in ("device", "externalIds", "traits", "integrations", "groupId", "channel", "ip", "page")],
    "devices": [{**_TRACK, "context": {"device": {name: value, "adTrackingEnabled": True}}} for value in _ODD
                for name in ("id", "advertisingId", "token", "type")],
    "external ids": [{**_TRACK, "context": {"externalIds": [{"id": value, "type": "crm", **_USERS}]}} for value in _ODD]
                    + [{**_TRACK, "context": {"externalIds": [{"id": "1", "type": value, **_USERS}]}}
                       for value in [*_ODD, *_NAMES]],
    "groups": [{"type": "group", "userId": "u1", "groupId": "g", "traits": {name: value}} for value in _ODD
               for name in ("name", "", "key")],
    "merges": [{"type": "merge", "mergeProperties": [{"type": name, "value": "1"}, _EMAIL]}
               for name in [*_NAMES, "e-mail", "UserID"]],
    "ids": [{"type": "page", "userId": value}
            for value in ("null", "NULL ", "-1", "x" * 512, "a:b=c", "`", 10**300, "💥")],
}  # fmt: skip


def apply(graph: BoltGraph, settings: Settings, messages: list[Any], first: int = 0) -> list[RefusedEvent]:
    """Send messages through the gate's check and the journal, and apply them; returns what was set aside."""
    read = [read_message(message, None, {}, 1_000_000) for message in messages]
    events = [
        JournalEvent("site", False, f"m{number}", NOON, one.body)
        for number, one in enumerate(read, start=first)
        if one.problem is None
    ]
    with closing(open_journal(settings)) as journal:
        journal.append([Submission((*events, JournalEvent("site", False, f"end{first}", NOON, json.dumps(_TRACK))))])
        applier = Applier(graph, settings, journal)
        while applier.apply_next() is not None:
            pass
        assert journal.backlog().events == 0
        letters = [letter.refused for letter in journal.dead_letters(limit=10_000)]
    return [one for one in letters if one.reason == "not_applicable"]


@pytest.mark.parametrize("kind", NASTY)
def test_nothing_an_event_says_stops_the_applier(graph: BoltGraph, engine_settings: Settings, kind: str) -> None:
    refused = apply(graph, engine_settings, NASTY[kind])
    assert [(one.event.body[:200], one.detail) for one in refused] == []


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(MESSAGES, min_size=20, max_size=40), st.integers(0, 10**9))
def test_no_message_made_at_random_stops_the_applier(
    embedded_graph: BoltGraph, embedded_settings: Settings, messages: list[Any], first: int
) -> None:
    kinds = [{"type": "identify", "userId": "u1", **one} if isinstance(one, dict) else one for one in messages]
    refused = apply(embedded_graph, embedded_settings, kinds, 100 * first)
    assert [(one.event.body[:200], one.detail) for one in refused] == []
