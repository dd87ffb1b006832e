"""Every error has the one documented body: status, code, ids, next step, content type."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from starlette.testclient import TestClient

from identity_graph import errors
from identity_graph.errors import EngineStorageError, EngineUnavailableError, IdentityGraphError
from identity_graph.settings import Settings
from identity_graph_api import create_app
from identity_graph_api.errors import MEDIA_TYPE, STATUS, Problem, status_of

_CASES: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("GET", "/v1/customers/nobody", {}, 404, "not_found"),
    ("GET", "/v1/customers/nobody/records", {}, 404, "not_found"),
    ("GET", "/v1/customers/nobody/graph", {}, 404, "not_found"),
    ("GET", "/v1/customers/by/email/nobody@mail.test", {}, 404, "not_found"),
    ("GET", "/v1/customers/by/device_id/tablet", {}, 409, "conflict"),
    ("GET", "/v1/customers/by/a:b/c", {}, 422, "invalid_setting"),
    ("GET", "/v1/customers/c1/records?limit=0", {}, 422, "invalid_request"),
    ("GET", "/v1/customers/c1/records?limit=ten", {}, 422, "invalid_request"),
    ("GET", "/v1/customers/c1/records?cursor=%25", {}, 422, "invalid_setting"),
    ("GET", "/v1/customers/c1/graph?depth=9", {}, 422, "invalid_request"),
    ("POST", "/v1/customers/lookup", {"json": {"namespace": "email"}}, 422, "invalid_request"),
    ("POST", "/v1/customers/lookup", {"content": b"{", "headers": {"Content-Type": "application/json"}}, 422,
     "invalid_request"),
    ("POST", "/v1/customers/search", {"json": {"attributes": {"city": "Paris"}}}, 422, "invalid_setting"),
    ("POST", "/v1/customers/search", {"json": {"attributes": {"shoe": "44"}}}, 422, "invalid_setting"),
    ("POST", "/v1/customers/search", {"json": {"attributes": {}, "limit": 0}}, 422, "invalid_setting"),
    ("GET", "/v1/why?left=crm:1", {}, 422, "invalid_request"),
    ("GET", "/v1/why?left=crm:1&right=nobody", {}, 404, "not_found"),
    ("GET", "/v1/records/nobody", {}, 404, "not_found"),
    ("GET", "/v1/review?low=9&high=1", {}, 422, "invalid_setting"),
    ("GET", "/v1/review?low=NaN", {}, 422, "invalid_request"),
    ("GET", "/v1/segments/nobody", {}, 404, "not_found"),
    ("GET", "/v1/segments/households/count?colour=red", {}, 422, "invalid_setting"),
    ("POST", "/v1/decisions", {"json": {"verdict": "maybe", "left": "a", "right": "b", "author": "c"}}, 422,
     "invalid_request"),
    ("POST", "/v1/decisions", {"json": {"verdict": "must", "left": "crm:1", "right": "nobody", "author": "ana"}}, 404,
     "not_found"),
    ("POST", "/v1/decisions/nobody/undo", {"json": {"author": "ana"}}, 404, "not_found"),
    ("GET", "/nowhere", {}, 404, "no_such_path"),
    ("GET", "/v1/nowhere/at/all", {}, 404, "no_such_path"),
    ("DELETE", "/v1/customers/c1", {}, 405, "method_not_allowed"),
]  # fmt: skip


def test_every_error_has_the_documented_body(client: TestClient) -> None:
    for method, path, request, status, code in _CASES:
        response = client.request(method, path, **request)
        case = f"{method} {path}: {response.text}"
        assert response.status_code == status, case
        assert response.headers["content-type"] == MEDIA_TYPE, case
        problem = Problem.model_validate(response.json())
        assert (problem.status, problem.code, problem.request_id) == (status, code, response.headers["x-request-id"]), (
            case
        )
        assert problem.detail and problem.next_step, case


def test_an_unreadable_request_names_the_field_but_not_its_value(client: TestClient) -> None:
    response = client.post("/v1/customers/lookup", json={"namespace": "email", "value": {"secret": "jane@mail.test"}})
    assert response.json()["ids"] == ["body.value"]
    assert "jane" not in response.text


class _BrokenGraph:
    """A graph that fails in one way."""

    capabilities = type("Capabilities", (), {"name": "none"})()

    def __init__(self, error: Exception) -> None:
        self._error = error

    def read(self, query: str, **parameters: Any) -> Any:
        raise self._error


@pytest.mark.parametrize(
    ("error", "status", "code", "retry"),
    [
        (EngineUnavailableError("The engine is gone.", next_step="Start it."), 503, "engine_unavailable", True),
        (EngineStorageError("The disk is full.", next_step="Make room."), 507, "engine_storage", False),
        (RuntimeError("jane@mail.test"), 500, "internal_error", False),
    ],
)
def test_a_failing_engine_is_told_without_personal_data(
    settings: Settings, error: Exception, status: int, code: str, retry: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "identity_graph_api")
    app = create_app(settings, _BrokenGraph(error))  # type: ignore[arg-type]
    with TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50000)) as client:
        for path in ("/ready", "/v1/customers/by/email/jane@mail.test"):
            response = client.get(path)
            assert (response.status_code, response.json()["code"]) == (status, code)
            assert response.json()["next_step"]
            assert ("retry-after" in response.headers) == retry
        assert client.get("/health").status_code == 200
    assert "/v1/customers/by/{namespace}/{value:path}" in caplog.text
    assert "jane" not in caplog.text


def test_every_error_class_has_a_status() -> None:
    classes = [found for name in errors.__all__ if issubclass(found := getattr(errors, name), IdentityGraphError)]
    assert set(STATUS) == set(classes)
    assert {status_of(found("x")) for found in classes} <= {401, 404, 409, 410, 413, 422, 429, 500, 503, 507}
