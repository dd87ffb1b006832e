"""Whatever is sent to a tracking route, the answer is one that SDKs understand, and what was accepted can be read."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from identity_graph_api.tracking import ROUTES
from tests.tracking.conftest import Tracking

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | ANY_TEXT
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4), max_leaves=12
)
FIELDS = st.sampled_from(
    ["type", "userId", "anonymousId", "messageId", "event", "groupId", "previousId", "properties", "traits", "context",
     "timestamp", "sentAt", "originalTimestamp", "integrations", "writeKey", "mergeProperties"]
)  # fmt: skip
USUAL = st.sampled_from(["identify", "track", "u1", "a1", "", {}, {"email": None}, "2026-01-01T00:00:00Z"])
MANY = st.integers(301, 500).map(lambda count: {f"p{number}": number for number in range(count)})
MESSAGES = st.dictionaries(FIELDS, USUAL | VALUES | MANY, max_size=8) | VALUES
POSTS = [route.path for route in ROUTES if route.method == "POST"]


def deep(levels: int) -> bytes:
    """Return a message nested so deep."""
    return b'{"type":"page","userId":"u","properties":' + b'{"a":' * levels + b"1" + b"}" * levels + b"}"


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(POSTS),
    body=st.one_of(
        MESSAGES.map(lambda one: json.dumps(one).encode()),
        st.lists(MESSAGES, max_size=4).map(lambda batch: json.dumps({"batch": batch}).encode()),
        st.binary(max_size=200),
        st.integers(1, 3000).map(deep),
        st.integers(1, 3000).map(lambda levels: b'{"batch":[' + deep(levels) + b"]}"),
        st.just(b'{"userId":"u","event":"e","properties":{"n":1e999}}'),
        st.just(b'{"userId":"u","event":"e","properties":{"n":' + b"9" * 5000 + b"}}"),
    ),
    packed=st.booleans(),
    encoding=st.sampled_from(["", "gzip", "deflate", "br", "\u00ff"]),
)
def test_any_body_has_an_answer_that_sdks_understand(
    tracking: Tracking, path: str, body: bytes, packed: bool, encoding: str
) -> None:
    headers: dict[str, Any] = {"Content-Encoding": encoding.encode("latin-1")} if encoding else {}
    sent = gzip.compress(body) if packed else body
    key = {"Authorization": "Basic " + base64.b64encode(f"{tracking.private}:".encode()).decode()}
    answer = tracking.client.post(path, content=sent, headers={**headers, **key})
    said = answer.json()
    if answer.status_code == 200:
        assert said["success"] is True
    else:
        assert answer.status_code in (400, 413), said
        assert said["success"] is False and said["code"] and said["message"]
    for one in tracking.journal.read(0, 1_000_000):
        assert json.loads(one.event.body)["type"] and one.event.message_id
        one.event.message_id.encode()
    assert tracking.client.get("/health").status_code == 200


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["/v1/pixel/track", "/pixel/v1/page"]), query=st.dictionaries(ANY_TEXT, ANY_TEXT) | st.none()
)
def test_any_pixel_is_an_image(tracking: Tracking, path: str, query: dict[str, str] | None) -> None:
    asked = {
        name.encode("utf-8", "surrogatepass"): text.encode("utf-8", "surrogatepass")
        for name, text in (query or {}).items()
    }
    answer = tracking.client.get(f"{path}?writeKey={tracking.public}&anonymousId=a&event=e&{urlencode(asked)}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/gif")


def test_a_gzip_bomb_of_a_gigabyte_is_refused(tracking: Tracking) -> None:
    once = gzip.compress(b" " * 50_000_000)
    body = once * 20
    answer = tracking.client.post("/v1/batch", content=body, headers={"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_body_of_many_compressed_members_is_not_gone_through_once_for_each(
    tracking: Tracking, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = json.dumps({"type": "page", "userId": "u", "writeKey": tracking.private}).encode()
    letters = b"".join(gzip.compress(body[place : place + 1]) for place in range(len(body)))
    assert tracking.client.post("/v1/page", content=letters).status_code == 200
    handed = 0
    make = zlib.decompressobj

    class Counting:
        def __init__(self, kind: int) -> None:
            self._stream = make(kind)

        def decompress(self, data: bytes, longest: int) -> bytes:
            nonlocal handed
            handed += len(data)
            return self._stream.decompress(data, longest)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._stream, name)

    monkeypatch.setattr(zlib, "decompressobj", Counting)
    empty = gzip.compress(b"") * 10_000
    assert tracking.client.post("/v1/batch", content=empty).json()["code"] == "invalid_json"
    assert len(empty) <= handed < 100 * len(empty)


@pytest.mark.parametrize("item", ["0", "{}"], ids=["numbers", "empty messages"])
def test_a_batch_of_very_many_things_is_refused_as_a_whole(tracking: Tracking, item: str) -> None:
    body = f'{{"writeKey":"{tracking.public}","batch":[{",".join([item] * 10_001)}]}}'
    answer = tracking.client.post("/v1/batch", content=body)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert tracking.journal.dead_letters() == []


def test_what_a_batch_says_of_all_its_messages_is_counted_with_each_of_them(tracking: Tracking) -> None:
    page = {"type": "page", "userId": "u"}
    batch = {"batch": [page] * 2_500, "context": {"x": "y" * 100_000}, "writeKey": tracking.public}
    answer = tracking.client.post("/v1/batch", content=gzip.compress(json.dumps(batch).encode()))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert tracking.journal.dead_letters() == [] and tracking.journal.backlog().events == 0


@pytest.mark.parametrize("levels", [60, 64, 70, 400, 900, 990, 5000])
def test_depth_is_refused_with_a_code_and_never_breaks_the_service(tracking: Tracking, levels: int) -> None:
    body = deep(levels)[:-1] + f',"writeKey":"{tracking.private}"}}'.encode()
    answer = tracking.client.post("/v1/page", content=body)
    assert answer.status_code == (200 if levels < 62 else 400), answer.text
    assert levels < 62 or answer.json()["code"] == "too_deep"
