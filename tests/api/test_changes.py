"""The change feed by HTTP: pages that wait, and a stream."""

from __future__ import annotations

import asyncio
import json
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from identity_graph.customers.store import ChangeSet, CustomerStore
from identity_graph.feed import prune_changes
from identity_graph.graph import Graph
from identity_graph.graph.bolt import BoltGraph
from identity_graph.settings import Settings
from identity_graph_api.routers import changes
from identity_graph_api.services import Streams
from identity_graph_api.streaming import EventStream, Message, Stopping, Waking
from tests.customers.seed import fill
from tests.tracking.running import Service, running


def _happen(graph: Graph, *ids: str, kind: str = "created") -> None:
    properties = {"kind": kind, "customer_id": "c1", "at": "2026-04-01T00:00:00.000000Z", "data": "{}"}
    CustomerStore(graph).apply(ChangeSet(changes=[{"id": id, "properties": properties} for id in ids]), "")


def test_pages_are_batches_of_cloud_events_and_lead_on(client: TestClient, graph: Graph) -> None:
    first = client.get("/v1/changes", params={"limit": 2})
    assert first.headers["content-type"] == "application/cloudevents-batch+json"
    assert [event["type"] for event in first.json()] == ["customer.created", "customer.created"]
    second = client.get(first.links["next"]["url"])
    (merged,) = second.json()
    assert (merged["type"], merged["subject"], merged["specversion"]) == ("customer.merged", "c1", "1.0")
    assert merged["data"]["absorbed"] == [{"id": "c0", "records": ["web:1"]}]
    assert merged["cursor"] == second.headers["next-cursor"]
    end = client.get(second.links["next"]["url"])
    assert (end.json(), end.headers["next-cursor"]) == ([], second.headers["next-cursor"])
    only = client.get("/v1/changes", params={"type": ["customer.merged", "customer.split"], "limit": 1})
    assert [event["id"] for event in only.json()] == [merged["id"]]
    assert "type=customer.merged&type=customer.split" in only.links["next"]["url"]
    assert client.get("/v1/changes", params={"cursor": "now"}).json() == []


def test_a_call_waits_for_what_happens(client: TestClient, graph: Graph) -> None:
    here = client.get("/v1/changes", params={"cursor": "now"}).headers["next-cursor"]
    soon = threading.Timer(0.3, _happen, (graph, "late"))
    soon.start()
    told = client.get("/v1/changes", params={"cursor": here, "wait": 30})
    soon.join()
    assert [event["id"] for event in told.json()] == ["late"]
    again = client.get("/v1/changes", params={"cursor": told.headers["next-cursor"], "wait": 0.1})
    assert again.json() == []


def test_a_cursor_from_before_what_is_kept_is_gone(client: TestClient, graph: Graph) -> None:
    behind = client.get("/v1/changes", params={"limit": 1}).headers["next-cursor"]
    assert prune_changes(graph, datetime.now(UTC)) is not None
    for path in ("/v1/changes", "/v1/changes/stream"):
        answer = client.get(path, params={"cursor": behind})
        assert (answer.status_code, answer.json()["code"]) == (410, "changes_gone")
        assert "cursor=now" in answer.json()["next_step"]
        described = client.get("/openapi.json").json()["paths"][path]["get"]["responses"]
        assert "application/problem+json" in described["410"]["content"]
    assert client.get("/v1/changes").json() == []


@pytest.mark.parametrize(
    "asked", [{"cursor": "bad"}, {"type": "customer.born"}, {"limit": 0}, {"wait": 61}, {"wait": "nan"}]
)
@pytest.mark.parametrize("path", ["/v1/changes", "/v1/changes/stream"])
def test_what_cannot_be_understood_is_refused(client: TestClient, path: str, asked: dict[str, Any]) -> None:
    if path.endswith("stream") and not asked.keys() & {"cursor", "type"}:
        return
    answer = client.get(path, params=asked)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


@pytest.fixture
def service(embedded_graph: BoltGraph, embedded_settings: Settings) -> Iterator[Service]:
    fill(embedded_graph)
    with running(embedded_settings, IDENTITY_GRAPH_APPLY_EVENTS="false") as service:
        yield service


def _read(lines: Iterator[str], count: int) -> list[dict[str, Any]]:
    """Return the next messages of a stream."""
    found: list[dict[str, Any]] = []
    message: dict[str, Any] = {}
    while len(found) < count:
        line = next(lines)
        name, _, value = line.partition(": ")
        if not line and "data" in message:
            found.append({**message, "data": json.loads(message["data"])})
            message = {}
        elif name in ("id", "event", "data"):
            message[name] = value
    return found


def test_streams_tell_what_happens_to_many_and_go_on_after_a_break(service: Service, embedded_graph: BoltGraph) -> None:
    """When the server is told to stop while streams are open, it does."""
    with ExitStack() as stack:
        client = stack.enter_context(httpx.Client(base_url=service.url, trust_env=False, timeout=30))

        def follow(headers: dict[str, str], **asked: str) -> Iterator[str]:
            answer = stack.enter_context(client.stream("GET", "/v1/changes/stream", params=asked, headers=headers))
            assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
            return answer.iter_lines()

        followers = [follow({}) for _ in range(20)]
        filtered = follow({}, type="customer.split")
        (whole,) = _read(follow({}, cursor="WzJd"), 1)
        assert whole["event"] == "customer.merged"
        _happen(embedded_graph, "a", "b")
        _happen(embedded_graph, "c", kind="split")
        told = [_read(follower, 3) for follower in followers]
        assert all(one == told[0] for one in told)
        assert [(one["data"]["id"], one["event"]) for one in told[0]] == [
            ("a", "customer.created"), ("b", "customer.created"), ("c", "customer.split"),
        ]  # fmt: skip
        assert all(one["id"] == one["data"]["cursor"] for one in told[0])
        assert [one["data"]["id"] for one in _read(filtered, 1)] == ["c"]
        back = _read(follow({"Last-Event-ID": told[0][0]["id"]}, cursor="WzBd"), 2)
        assert [one["data"]["id"] for one in back] == ["b", "c"]
        service.process.send_signal(signal.SIGTERM)
        for follower in followers:
            assert not any(line.startswith("data") for line in follower), "the stream ends by itself"
        service.process.wait(30)


def test_a_stream_whose_types_never_happen_still_shows_that_it_lives(
    client: TestClient, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other changes happen all the time, so that it never waits in vain."""
    monkeypatch.setattr(changes, "HEARTBEAT_SECONDS", 1.0)
    streams: Streams = client.app.state.streams  # type: ignore[attr-defined]
    ended = threading.Event()

    def happen() -> None:
        number = 0
        while not ended.wait(0.05):
            _happen(graph, f"other-{(number := number + 1)}")

    async def follow() -> list[Message]:
        found = changes._messages(streams, streams.feed.bounds().last, ["customer.split"])
        return await asyncio.wait_for(anext(found), 10)

    busy = threading.Thread(target=happen)
    busy.start()
    try:
        assert asyncio.run(follow()) == []
    finally:
        ended.set()
        busy.join()


def test_a_client_that_does_not_read_is_let_go_and_one_that_waits_hears_of_it() -> None:
    sent: list[dict[str, Any]] = []

    async def messages() -> AsyncIterator[list[Message]]:
        yield []
        yield [Message("x", {"text": "two\nlines", "odd": "\ud800"}, "7")]
        yield [Message("never", {})]

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    async def send(message: Any) -> None:
        sent.append(message)
        if b"never" in message.get("body", b""):
            await asyncio.Event().wait()  # a full socket

    async def serve() -> None:
        await EventStream(messages, Stopping(), take_seconds=0.05)({"type": "http"}, receive, send)

    asyncio.run(serve())
    bodies = [message["body"] for message in sent[1:]]
    assert bodies[1] == b": still here\n\n"
    assert bodies[2] == b'id: 7\nevent: x\ndata: {"text": "two\\nlines", "odd": "\\ud800"}\n\n'
    assert len(bodies) == 4 and b"never" in bodies[3]


@pytest.mark.parametrize("turns", range(6))
@pytest.mark.parametrize("waits_for", ["the socket", "news"])
def test_a_client_that_leaves_at_the_moment_that_something_is_sent_ends_its_stream(waits_for: str, turns: int) -> None:
    """The two come so close together that a number of turns of the event loop makes the difference."""

    async def serve() -> None:
        waking, gone, free = Waking(), asyncio.Event(), asyncio.Event()

        async def messages() -> AsyncIterator[list[Message]]:
            while True:
                yield [Message("x", {})]
                await waking.wait(0.01 if waits_for == "the socket" else 60)

        async def receive() -> dict[str, Any]:
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if waits_for == "the socket" and b"event" in message.get("body", b""):
                await free.wait()

        stream = EventStream(messages, Stopping())
        task = asyncio.create_task(stream({"type": "http"}, receive, send))
        await asyncio.sleep(0.05)
        happens = [gone.set, free.set] if waits_for == "the socket" else [waking._event.set, gone.set]
        happens[0]()
        for _ in range(turns):
            await asyncio.sleep(0)
        happens[1]()
        for _ in range(20):
            await asyncio.sleep(0.01)
        ended = task.done()
        for left in asyncio.all_tasks() - {asyncio.current_task()}:
            left.cancel()
        assert ended

    asyncio.run(asyncio.wait_for(serve(), 10))
