"""Dead letters through the API: listed in pages with their reason, and replayed."""

from __future__ import annotations

import json

import pytest
from starlette.testclient import TestClient

from identity_graph.journal import JournalEvent, RefusedEvent, Submission
from tests.journal.events import NOON, refused


def test_dead_letters_are_listed_in_pages_and_replayed(client: TestClient) -> None:
    journal = client.app.state.services.journal  # type: ignore[attr-defined]
    torn = JournalEvent("web", False, "", NOON, json.dumps({"event": "\ud800", "type": "track"}))
    letters = (refused("m1"), refused("m2", source="app"), RefusedEvent(torn, "missing_user", "It has no user."))
    journal.append([Submission(refused=letters)])
    first = client.get("/v1/dead-letters", params={"limit": 2}).json()
    assert [(one["message_id"], one["reason"], one["event"]) for one in first["items"]] == [
        ("m1", "missing_user", {"messageId": "m1"}), ("m2", "missing_user", {"messageId": "m2"}),
    ]  # fmt: skip
    rest = client.get("/v1/dead-letters", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [one["event"]["event"] for one in rest["items"]] == ["\ufffd"] and rest["next_cursor"] is None
    assert [one["source"] for one in client.get("/v1/dead-letters", params={"source": "app"}).json()["items"]] == [
        "app"
    ]
    assert client.post("/v1/dead-letters/replay", json={"source": "app"}).json() == {"replayed": 1}
    assert client.post("/v1/dead-letters/replay", json={"ids": ["unknown"]}).json() == {"replayed": 0}
    assert client.post("/v1/dead-letters/replay", json={}).json() == {"replayed": 2}


@pytest.mark.parametrize(
    "body",
    [f'{{"type":"page","properties":{"[" * 300}{"]" * 300}}}', "[" * 900 + "]" * 900, '{"n":Infinity}', "NaN"],
    ids=["a deep message", "a deep list", "a number that is none", "only that"],
)
def test_a_letter_that_json_cannot_show_is_shown_as_its_text_among_the_others(client: TestClient, body: str) -> None:
    journal = client.app.state.services.journal  # type: ignore[attr-defined]
    odd = RefusedEvent(JournalEvent("web", False, "", NOON, body), "too_deep", "It is nested too deep.")
    journal.append([Submission(refused=(refused("m1"), odd))])
    answer = client.get("/v1/dead-letters")
    assert answer.status_code == 200, answer.text
    assert [one["event"] for one in answer.json()["items"]] == [{"messageId": "m1"}, body]


def test_the_metrics_count_events_and_dead_letters(client: TestClient) -> None:
    journal = client.app.state.services.journal  # type: ignore[attr-defined]
    journal.append([Submission(refused=(refused("m1"),))])
    told = client.get("/metrics").text
    assert 'identity_graph_dead_letters{reason="missing_user"} 1.0' in told
    assert 'identity_graph_events{state="waiting"}' in told and "identity_graph_backlog_bytes" in told
