"""Who may ask: keys where they are configured, this machine only where they are not."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from starlette.testclient import TestClient

from identity_graph.graph import Graph
from identity_graph.settings import Settings
from identity_graph_api import create_app
from identity_graph_api.keys import KeyRing

_PATH = "/v1/segments"


def _status(graph: Graph, settings: Settings, keys: str, headers: dict[str, str], client: str, host: str) -> int:
    app = create_app(settings.model_copy(update={"api_keys": SecretStr(keys), "apply_events": False}), graph)
    with TestClient(app, base_url=f"http://{host}", client=(client, 50000)) as found:
        response = found.get(_PATH, headers=headers)
        if response.status_code == 401:
            assert response.headers["www-authenticate"] == "Bearer"
            assert response.json()["code"] == "unauthenticated" and response.json()["next_step"]
        for path in ("/health", "/ready"):
            assert found.get(path).status_code == 200
        assert found.get("/metrics", headers=headers).status_code == response.status_code
        return response.status_code


def test_requests_pass_with_a_good_key_or_from_this_machine(embedded_graph: Graph, embedded_settings: Settings) -> None:
    cases = [
        ("", {}, "127.0.0.1", "127.0.0.1", 200),
        ("", {}, "::1", "localhost", 200),
        ("", {}, "192.0.2.7", "127.0.0.1", 401),
        ("", {}, "127.0.0.1", "evil.test", 401),
        ("", {"X-API-Key": "anything"}, "192.0.2.7", "service.test", 401),
        ("one,two", {}, "127.0.0.1", "127.0.0.1", 401),
        ("one,two", {"Authorization": "Bearer two"}, "192.0.2.7", "service.test", 200),
        ("one, two ", {"X-API-Key": "two"}, "192.0.2.7", "service.test", 200),
        ("one,two", {"X-API-Key": "one,two"}, "192.0.2.7", "service.test", 401),
        ("one,two", {"Authorization": "Basic b25l"}, "192.0.2.7", "service.test", 401),
        ("one,two", {"Authorization": "Bearer three", "X-API-Key": "one"}, "192.0.2.7", "service.test", 401),
    ]
    for keys, headers, client, host, status in cases:
        assert _status(embedded_graph, embedded_settings, keys, headers, client, host) == status, (keys, headers)


def test_the_log_says_that_only_this_machine_is_answered(
    embedded_graph: Graph, embedded_settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "identity_graph_api")
    with TestClient(create_app(embedded_settings, embedded_graph)):
        assert "IDENTITY_GRAPH_API_KEYS" in caplog.text


@given(st.lists(st.text(min_size=1), max_size=4), st.text())
def test_a_ring_knows_its_keys_and_no_others(keys: list[str], other: str) -> None:
    ring = KeyRing(keys)
    assert all(ring.knows(key) for key in keys)
    assert ring.knows(other) == (other in keys)
