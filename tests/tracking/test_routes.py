"""The tracking protocol: every route, every way to say the key and write the body, and answers that SDKs understand."""

from __future__ import annotations

import base64
import gzip
import json
import re
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from identity_graph.journal import GroupCommit, JournalLimits, KeyKind, SqliteJournal, WriteKeys
from identity_graph_api.tracking import ROUTES
from tests.tracking.conftest import Tracking

ONE = {"userId": "u1", "event": "Seen", "groupId": "g1", "previousId": "a0",
       "mergeProperties": [{"type": "email", "value": "a@b.test"}, {"type": "phone", "value": "1"}]}  # fmt: skip
GIF = b"GIF89a"


def bodies(tracking: Tracking) -> list[dict[str, Any]]:
    return [json.loads(one.event.body) for one in tracking.journal.read(0, 10_000)]


def reasons(tracking: Tracking) -> list[str]:
    return [one.refused.reason for one in tracking.journal.dead_letters()]


def basic(key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}


def close_commit(tracking: Tracking) -> None:
    assert tracking.client.portal is not None
    tracking.client.portal.call(tracking.client.app.state.commit.close)  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", [route.path for route in ROUTES if route.method == "POST"])
def test_every_posting_route_takes_its_messages_and_answers_200(tracking: Tracking, path: str) -> None:
    route = next(found for found in ROUTES if found.path == path)
    batch = {"batch": [{**ONE, "type": "track"}, {**ONE, "type": "page"}], "sentAt": "2026-01-01T00:00:00Z"}
    answer = tracking.client.post(path, json=ONE if route.type else batch, headers=basic(tracking.private))
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    found = bodies(tracking)
    assert [one["type"] for one in found] == ([route.type] if route.type else ["track", "page"])
    assert route.type or all(one["sentAt"] for one in found)


@pytest.mark.parametrize("path", [route.path for route in ROUTES])
def test_every_route_lets_browsers_of_any_origin_ask_first(tracking: Tracking, path: str) -> None:
    asked = {"Origin": "https://shop.test", "Access-Control-Request-Headers": "content-type,authorization"}
    answer = tracking.client.options(path, headers=asked)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "https://shop.test"
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers["access-control-allow-headers"] == "content-type,authorization"
    assert answer.headers["access-control-max-age"] == "900"


@pytest.mark.parametrize("path", [route.path for route in ROUTES])
def test_a_wrong_method_has_the_body_that_sdks_read(tracking: Tracking, path: str) -> None:
    answer = tracking.client.put(path, json=ONE)
    assert answer.status_code == 405
    assert answer.json()["code"] == "method_not_allowed" and answer.json()["success"] is False
    assert "OPTIONS" in answer.headers["allow"]


@pytest.mark.parametrize(
    ("headers", "in_body", "query"),
    [
        ("basic", False, False), ("none", True, False), ("basic", True, False), ("bearer", True, False),
        ("none", False, True), ("wrong", True, False),
    ],
)  # fmt: skip
def test_a_write_key_is_found_wherever_sdks_put_it(
    tracking: Tracking, headers: str, in_body: bool, query: bool
) -> None:
    sent = {
        "basic": basic(tracking.public), "none": {}, "bearer": {"Authorization": "Bearer token"},
        "wrong": {"Authorization": "Basic ???"},
    }[headers]  # fmt: skip
    body = {"batch": [{"type": "page", "userId": "u"}], **({"writeKey": tracking.public} if in_body else {})}
    path = "/beacon/v1/batch?writeKey=" + tracking.public if query else "/v1/batch"
    assert tracking.client.post(path, json=body, headers=sent).status_code == 200
    (one,) = tracking.journal.read(0, 10)
    assert (one.event.source, one.event.public) == ("site", True)
    assert tracking.public not in one.event.body


def test_no_key_a_wrong_key_and_a_revoked_key_are_refused(tracking: Tracking) -> None:
    answer = tracking.client.post("/v1/track", json=ONE)
    assert (answer.status_code, answer.json()["code"]) == (401, "missing_write_key")
    answer = tracking.client.post("/v1/track", json={**ONE, "writeKey": "nonsense"})
    assert (answer.status_code, answer.json()["code"]) == (401, "unknown_write_key")
    keys = WriteKeys.of(tracking.settings)
    keys.revoke(next(key.id for key in keys.all() if key.kind is KeyKind.PUBLIC), datetime(2026, 1, 2, tzinfo=UTC))
    assert tracking.client.post("/v1/track", json={**ONE, "writeKey": tracking.public}).status_code == 401
    assert bodies(tracking) == []


@pytest.mark.parametrize(
    ("write", "encoding", "kind"),
    [
        (lambda body: body, "", "text/plain"),
        (lambda body: body, "", ""),
        (gzip.compress, "gzip", "application/json"),
        (gzip.compress, "", "application/x-www-form-urlencoded"),
        (zlib.compress, "deflate", "application/json"),
        (lambda body: gzip.compress(body[:9]) + gzip.compress(body[9:]), "gzip", "application/json"),
        (lambda body: b"\xef\xbb\xbf" + body, "", "application/json"),
    ],
    ids=["text", "no type", "gzip", "gzip as a form", "deflate", "gzip in two members", "byte order mark"],
)
def test_a_body_is_read_whatever_its_type_says(tracking: Tracking, write: Any, encoding: str, kind: str) -> None:
    headers = {**basic(tracking.private), "Content-Encoding": encoding, "Content-Type": kind}
    body = write(json.dumps({**ONE, "properties": {"text": "Grüße"}}, ensure_ascii=False).encode())
    answer = tracking.client.post("/v1/track", content=body, headers={k: v for k, v in headers.items() if v})
    assert answer.status_code == 200, answer.text
    assert bodies(tracking)[0]["properties"]["text"] == "Grüße"


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"{", {}, 400, "invalid_json"),
        (b"", {}, 400, "invalid_json"),
        (b"\xff\xfe\xfd", {}, 400, "invalid_json"),
        (b'{"batch": NaN}', {}, 400, "invalid_json"),
        (b"[]", {}, 400, "not_an_object"),
        (b"{}", {}, 400, "empty_batch"),
        (b'{"batch": []}', {}, 400, "empty_batch"),
        (b'{"batch": {"a": 1}}', {}, 400, "empty_batch"),
        (b"[" * 100_000, {}, 400, "too_deep"),
        (b"no gzip", {"Content-Encoding": "gzip"}, 400, "invalid_encoding"),
        (gzip.compress(b"{}" * 1000)[:-20], {"Content-Encoding": "gzip"}, 400, "invalid_encoding"),
        (gzip.compress(b" " * 100_000_000), {"Content-Encoding": "gzip"}, 413, "too_large"),
        (b" " * 10_000_000, {}, 413, "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_body_that_cannot_be_read_is_refused_with_a_code(
    tracking: Tracking, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    answer = tracking.client.post("/v1/batch", content=body, headers={**basic(tracking.private), **headers})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"] and answer.json()["success"] is False


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"type": "track", "event": "x"}, "missing_user"),
        ({"type": "track", "userId": "u"}, "missing_event"),
        ({"type": "track", "userId": "u", "event": " "}, "missing_event"),
        ({"type": "track", "userId": "  ", "event": "x"}, "missing_user"),
        ({"type": "group", "userId": "u"}, "missing_group_id"),
        ({"type": "alias", "userId": "u"}, "missing_previous_id"),
        ({"type": "merge", "mergeProperties": []}, "missing_merge_properties"),
        ({"type": "dance", "userId": "u"}, "unknown_type"),
        ({"userId": "u"}, "unknown_type"),
        ({"type": "page", "userId": "u", "context": [1]}, "invalid_object"),
        ({"type": "page", "userId": {"a": 1}}, "invalid_identifier"),
        ({"type": "page", "userId": True}, "invalid_identifier"),
        ({"type": "page", "userId": "a\x00b"}, "invalid_identifier"),
        ({"type": "page", "userId": "\ud800"}, "invalid_identifier"),
        ({"type": "page", "userId": "u", "messageId": "m" * 101}, "invalid_identifier"),
        ({"type": "page", "userId": "u", "properties": {"text": "x" * 32_768}}, "too_large"),
        ("text", "not_an_object"),
        (None, "not_an_object"),
    ],
)
def test_a_bad_message_is_set_aside_alone_or_in_a_batch(tracking: Tracking, message: Any, code: str) -> None:
    good = {"type": "page", "userId": "u1", "messageId": "good"}
    batch = {"batch": [message, good], "writeKey": tracking.private}
    # As bytes, because lone surrogates are JSON but no text.
    answer = tracking.client.post("/v1/batch", content=json.dumps(batch).encode())
    assert answer.status_code == 200
    assert [(one["index"], one["code"]) for one in answer.json()["refused"]] == [(0, code)]
    assert [one["messageId"] for one in bodies(tracking)] == ["good"]
    assert set(reasons(tracking)) == {code}
    if isinstance(message, dict) and message.get("type", "dance") != "dance":
        body = json.dumps({**message, "writeKey": tracking.private}).encode()
        alone = tracking.client.post(f"/v1/{message['type']}", content=body)
        assert (alone.status_code, alone.json()["code"]) == (400, code)
    letters = tracking.journal.dead_letters()
    assert len(letters) == 1, "the same message of the same source is one letter"
    assert isinstance(message, str | None) or json.loads(letters[0].refused.event.body).items() >= message.items()


def test_an_empty_list_is_an_empty_object_as_php_writes_it(tracking: Tracking) -> None:
    body = {"userId": "u", "context": [], "properties": []}
    assert tracking.client.post("/v1/page", json=body, headers=basic(tracking.private)).status_code == 200


def test_messages_beyond_the_limit_of_a_batch_are_set_aside(tracking: Tracking) -> None:
    batch = [{"type": "page", "userId": "u", "messageId": f"m{number}"} for number in range(2502)]
    answer = tracking.client.post("/v1/batch", json={"batch": batch}, headers=basic(tracking.private))
    assert answer.status_code == 200
    assert [(one["index"], one["code"]) for one in answer.json()["refused"]] == [
        (2500, "batch_too_long"), (2501, "batch_too_long"),
    ]  # fmt: skip
    assert len(bodies(tracking)) == 2500 and len(tracking.journal.dead_letters()) == 2


def test_what_a_batch_says_of_all_its_messages_fills_what_they_do_not_say(tracking: Tracking) -> None:
    batch = {
        "batch": [{"type": "page", "userId": "u", "context": {"ip": "1.1.1.1"}}, {"type": "page", "userId": "v"}],
        "context": {"ip": "2.2.2.2", "library": {"name": "x"}}, "integrations": {"All": True},
    }  # fmt: skip
    tracking.client.post("/v1/batch", json=batch, headers=basic(tracking.private))
    first, second = bodies(tracking)
    assert first["context"] == {"ip": "1.1.1.1", "library": {"name": "x"}} and first["integrations"] == {"All": True}
    assert second["context"] == batch["context"]


def test_a_message_sent_again_counts_once_and_is_accepted_again(tracking: Tracking) -> None:
    for _ in range(3):
        batch = {"batch": [{"type": "page", "userId": "u", "messageId": "m1"}]}
        assert tracking.client.post("/v1/batch", json=batch, headers=basic(tracking.private)).json() == {
            "success": True
        }
    assert len(bodies(tracking)) == 1 and tracking.journal.backlog().duplicates == 2


def test_without_a_message_id_the_same_message_at_the_same_time_is_one(tracking: Tracking) -> None:
    for message in ({"timestamp": "2026-01-01T00:00:00Z"}, {"timestamp": "2026-01-01T00:00:01Z"}, {}):
        for sent_at in ("2026-01-01T00:00:02Z", "2026-01-01T00:00:09Z"):
            body = {"type": "page", "userId": "u", "sentAt": sent_at, **message}
            tracking.client.post("/v1/page", json=body, headers=basic(tracking.private))
    assert len(bodies(tracking)) == 1 + 1 + 2


def test_a_full_backlog_is_said_with_when_to_come_back(tracking: Tracking) -> None:
    close_commit(tracking)
    assert tracking.client.post("/v1/page", json=ONE, headers=basic(tracking.private)).status_code == 503
    small = SqliteJournal(tracking.settings.data_dir / "events" / "small.sqlite", JournalLimits(events=1))
    tracking.client.app.state.commit = GroupCommit(small)  # type: ignore[attr-defined]
    assert tracking.client.post("/v1/page", json=ONE, headers=basic(tracking.private)).status_code == 200
    answer = tracking.client.post("/v1/page", json=ONE, headers=basic(tracking.private))
    assert (answer.status_code, answer.json()["code"]) == (429, "journal_full")
    assert int(answer.headers["retry-after"]) > 0 and answer.headers["x-ratelimit-reset"]
    close_commit(tracking)
    small.close()


@pytest.mark.parametrize("plain", [False, True], ids=["base64", "plain"])
def test_a_pixel_brings_its_message_and_always_shows_an_image(tracking: Tracking, plain: bool) -> None:
    message = json.dumps({"userId": "u1", "event": "Mail Opened", "writeKey": tracking.public})
    data = message if plain else base64.b64encode(message.encode()).decode()
    answer = tracking.client.get("/v1/pixel/track", params={"data": data})
    assert answer.status_code == 200 and answer.content.startswith(GIF)
    assert answer.headers["content-type"] == "image/gif"
    assert [(one["type"], one["event"]) for one in bodies(tracking)] == [("track", "Mail Opened")]
    for wrong in ({"data": "%%%"}, {"data": "e30="}, {}, {"data": "bnVsbA=="}):
        answer = tracking.client.get("/v1/pixel/track", params=wrong)
        assert answer.status_code == 200 and answer.content.startswith(GIF)
    assert len(bodies(tracking)) == 1


def test_a_pixel_may_say_its_fields_one_by_one(tracking: Tracking) -> None:
    asked = {"writeKey": tracking.public, "anonymousId": "a1", "event": "Opened", "context.campaign.name": "spring"}
    assert tracking.client.get("/pixel/v1/track", params=asked).status_code == 200
    (one,) = bodies(tracking)
    assert (one["anonymousId"], one["context"]) == ("a1", {"campaign": {"name": "spring"}})


@pytest.mark.parametrize("prefix", ["", "/v1"])
def test_the_settings_lead_browsers_here(tracking: Tracking, prefix: str) -> None:
    answer = tracking.client.get(f"{prefix}/projects/{tracking.public}/settings", headers={"Host": "127.0.0.1:8000"})
    assert answer.json()["integrations"]["Segment.io"] == {
        "apiKey": tracking.public, "apiHost": "127.0.0.1:8000/v1", "protocol": "http",
    }  # fmt: skip
    elsewhere = tracking.client.get(f"{prefix}/projects/{tracking.public}/settings", headers={"Host": "events.test"})
    assert elsewhere.json()["integrations"]["Segment.io"]["apiHost"] == "events.test/v1"
    assert "protocol" not in elsewhere.json()["integrations"]["Segment.io"]
    assert tracking.client.get(f"{prefix}/projects/nonsense/settings").status_code == 401


def test_other_paths_are_answered_as_before(tracking: Tracking) -> None:
    assert tracking.client.get("/health").status_code == 200
    assert tracking.client.post("/v1/nothing", json={}).json()["code"] == "no_such_path"
    assert tracking.client.get("/metrics").text.count("identity_graph_requests_total")


def test_the_page_lists_every_tracking_route_and_no_other() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "events.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"`(GET|POST) (/[^`?]+)", page))
    assert listed == {(route.method, route.path) for route in ROUTES}
