"""The Profile API of Segment as a second face: its paths, shapes, cursors, errors and keys."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from identity_graph.graph import Graph
from identity_graph.ingest import Applier
from identity_graph.journal import Submission, open_journal
from identity_graph.settings import Settings
from identity_graph_api import create_app
from tests.events.messages import at, event
from tests.realtime.world import Town

_AT_3 = datetime.fromisoformat(at(3)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
_JANE = "/v1/spaces/any/collections/users/profiles/email:JANE@mail.test"


def _get(client: TestClient, path: str, **parameters: Any) -> Any:
    response = client.get(path, params=parameters)
    assert response.status_code == 200, response.text
    assert response.headers["request-id"] == response.headers["x-request-id"]
    return response.json()


def test_traits_come_by_name_in_pages_and_verbose(client: TestClient) -> None:
    everything = _get(client, f"{_JANE}/traits", limit=200)
    assert everything["traits"]["family_name"] == "Doe"
    assert everything["cursor"] == {
        "url": "/v1/spaces/any/collections/users/profiles/email:JANE@mail.test/traits", "has_more": False, "next": "",
        "limit": 200,
    }  # fmt: skip
    found, following = {}, ""
    while True:
        page = _get(client, f"{_JANE}/traits", limit=2, next=following)
        found |= page["traits"]
        following = page["cursor"]["next"]
        if not page["cursor"]["has_more"]:
            break
    assert found == everything["traits"]
    # Names as senders write them are understood.
    chosen = _get(client, f"{_JANE}/traits", include="first_name, lastName,shoe", verbose=True)["traits"]
    assert {name: (one["value"], one["source_id"]) for name, one in chosen.items()} == {
        "first_name": ("Jane", ""), "lastName": ("Doe", "crm"),
    }  # fmt: skip
    assert _get(client, f"{_JANE}/traits", **{"class": "audience"})["traits"] == {}


def test_chosen_traits_come_in_pages_that_end(client: TestClient) -> None:
    asked = {"include": "lastName,first_name", "limit": 1}
    pages = [_get(client, f"{_JANE}/traits", **asked)]
    while pages[-1]["cursor"]["has_more"] and len(pages) < 5:
        pages.append(_get(client, f"{_JANE}/traits", next=pages[-1]["cursor"]["next"], **asked))
    assert [list(page["traits"]) for page in pages] == [["first_name"], ["lastName"]]


def test_external_ids_and_metadata(client: TestClient) -> None:
    pages, following = [], ""
    while True:
        page = _get(client, f"{_JANE}/external_ids", limit=2, next=following)
        pages += page["data"]
        following = page["cursor"]["next"]
        if not page["cursor"]["has_more"]:
            break
    assert [(one["type"], one["id"], one["collection"], one["encoding"]) for one in pages][1] == (
        "email", "jane@mail.test", "users", "none",
    )  # fmt: skip
    emails = _get(client, f"{_JANE}/external_ids", include="email")["data"]
    assert [one["id"] for one in emails] == ["jane@mail.test", "jd@work.test"]
    told = _get(client, f"{_JANE}/metadata")["metadata"]
    assert (told["first_message_id"], told["first_source_id"], told["last_source_id"], told["expires_at"]) == (
        "order-1", "shop", "web", None,
    )  # fmt: skip


def test_events_are_messages_again(graph: Graph, engine_settings: Settings) -> None:
    with closing(open_journal(engine_settings)) as journal:
        journal.append([Submission((
            event("m1", "identify", userId="u1", timestamp=at(1), traits={"plan": "pro"}),
            event("m2", "track", userId="u1", event="Order Completed", timestamp=at(2), properties={"total": 9}),
            event("m3", "group", userId="u1", groupId="acme", timestamp=at(3), traits={"name": "Acme", "seats": 5}),
        ))])  # fmt: skip
        Applier(graph, engine_settings, journal).apply_next()
    town = Town(graph, engine_settings)  # resolves
    town.step()
    with _serving(graph, engine_settings) as client:
        user = "/v1/spaces/s/collections/users/profiles/user_id:u1"
        events = _get(client, f"{user}/events")["data"]
        assert [(one["type"], one["event"], one["message_id"]) for one in events] == [
            ("group", None, "m3"), ("track", "Order Completed", "m2"), ("identify", None, "m1"),
        ]  # fmt: skip
        assert (events[1]["properties"], events[2]["properties"]) == ({"total": 9}, {"plan": "pro"})
        assert events[1]["external_ids"] == [{"collection": "users", "type": "user_id", "id": "u1", "encoding": "none"}]
        some = _get(client, f"{user}/events", include="Order Completed,identify", sort="asc", limit=1)
        assert [one["message_id"] for one in some["data"]] == ["m1"] and some["cursor"]["has_more"]
        rest = _get(client, f"{user}/events", exclude="group", sort="asc", limit=1, next=some["cursor"]["next"])
        assert [one["message_id"] for one in rest["data"]] == ["m2"]
        assert _get(client, f"{user}/traits")["traits"] == {"plan": "pro"}
        (link,) = _get(client, f"{user}/links")["data"]
        assert (link["to_collection"], link["external_ids"][0]["id"]) == ("accounts", "acme")
        account = "/v1/spaces/s/collections/accounts/profiles/group_id:acme"
        assert _get(client, f"{account}/traits")["traits"] == {"name": "Acme", "seats": 5}
        seats = _get(client, f"{account}/traits", include="seats", verbose=True)["traits"]["seats"]
        assert seats == {"value": 5, "source_id": "site", "updated_at": _AT_3}
        told = _get(client, f"{account}/metadata")["metadata"]
        assert (told["created_at"], told["updated_at"], told["first_source_id"]) == (_AT_3, _AT_3, "site")
        refused = client.get(f"{account}/events")
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "invalid_request_error")
        (member,) = _get(client, f"{account}/links")["data"]
        assert [one["id"] for one in member["external_ids"]] == ["u1"]
        assert _get(client, f"{account}/external_ids")["data"][0]["type"] == "group_id"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", f"{_JANE.replace('JANE', 'nobody')}/traits", 404, "not_found"),
        ("GET", f"{_JANE.replace('email:JANE@mail.test', 'device_id:tablet')}/traits", 404, "not_found"),
        ("GET", f"{_JANE}/traits?limit=201", 400, "validation_error"),
        ("GET", f"{_JANE}/events?start=yesterday", 400, "validation_error"),
        ("GET", f"{_JANE}/events?end=0001-01-01", 400, "invalid_request_error"),
        ("GET", f"{_JANE}/external_ids?next=%25", 400, "invalid_request_error"),
        ("GET", "/v1/spaces/any/collections/users/profiles/jane/traits", 400, "invalid_request_error"),
        ("GET", "/v1/spaces/any/collections/accounts/profiles/group_id:none/traits", 404, "not_found"),
        ("POST", f"{_JANE}/external_ids/delete", 400, "invalid_request_error"),
        ("GET", f"{_JANE}/audiences", 404, "not_found"),
        ("PUT", f"{_JANE}/traits", 404, "not_found"),
    ],
)
def test_errors_are_nested(client: TestClient, method: str, path: str, status: int, code: str) -> None:
    body = {"json": {"delete_external_ids": [{"id": "jane@mail.test", "type": "email"}]}} if method == "POST" else {}
    response = client.request(method, path, **body)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code), response.text
    assert response.json()["error"]["message"] and response.headers["request-id"]
    if code == "not_found" and path.endswith("traits") and method == "GET":
        assert response.json() == {"error": {"code": "not_found", "message": "Profile was not found."}}


def test_the_key_is_the_user_of_basic_authentication(embedded_graph: Graph, embedded_settings: Settings) -> None:
    def ask(headers: dict[str, str]) -> tuple[int, str]:
        response = client.get(f"{_JANE}/traits", headers=headers)
        return response.status_code, response.json()["error"]["code"]

    def basic(text: bytes) -> dict[str, str]:
        return {"Authorization": f"Basic {base64.b64encode(text).decode()}"}

    keyed = embedded_settings.model_copy(update={"api_keys": SecretStr("token")})
    with _serving(embedded_graph, keyed) as client:
        assert ask(basic(b"token:")) == (404, "not_found")
        for headers in ({}, basic(b"wrong:"), {"Authorization": "Basic %%%"}, {"Authorization": "Bearer token"}):
            assert ask(headers) == (401, "authentication_error")


@contextmanager
def _serving(graph: Graph, settings: Settings) -> Iterator[TestClient]:
    app = create_app(settings.model_copy(update={"apply_events": False}), graph)
    with TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50000)) as client:
        yield client
