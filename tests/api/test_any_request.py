"""Whatever is sent, within the OpenAPI document or not, is answered as it says, and never with a 500."""

from __future__ import annotations

import base64
import json
import warnings
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import hypothesis
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from identity_graph.graph.bolt import BoltGraph
from identity_graph.settings import Settings
from identity_graph_api import create_app
from tests.conftest import clear
from tests.customers.seed import fill

with warnings.catch_warnings():
    # Imports of theirs warn of what other libraries will one day need.
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis.checks import not_a_server_error
    from schemathesis.generation import GenerationMode
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_headers_conformance,
        response_schema_conformance,
        status_code_conformance,
    )
    from starlette.testclient import TestClient

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
WITHOUT_END = "/stream"
STORED = st.sampled_from(["c1", "c0", "crm:1", "email", "user_id", "jane@mail.test", "u-1"])
"""What the graph knows and a request made up from the document never hits."""

NASTY = st.sampled_from(["\x00", "a\x00b", "\ud800", "x\udfff", "\u202e", "'\"\\`", "9" * 400, "x" * 20_000, "", " "])
_SCHEMA = schemathesis.openapi.from_dict(create_app(Settings()).openapi())
OPERATIONS = {
    f"{found.ok().method} {found.ok().path}": found.ok()
    for found in _SCHEMA.get_all_operations()
    if not found.ok().path.endswith(WITHOUT_END)
}


@pytest.fixture(scope="module")
def client(_embedded: tuple[Settings, BoltGraph], tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings, graph = _embedded
    clear(graph)
    fill(graph)
    folder = tmp_path_factory.mktemp("any-request")
    app = create_app(settings.model_copy(update={"data_dir": folder, "apply_events": False}), graph)
    with TestClient(
        app, base_url="http://127.0.0.1", client=("127.0.0.1", 50000), raise_server_exceptions=False,
        follow_redirects=False,
    ) as found:  # fmt: skip
        yield found


@pytest.mark.parametrize("name", OPERATIONS)
def test_any_request_has_a_documented_answer(client: TestClient, name: str) -> None:
    operation = OPERATIONS[name]

    @hypothesis.settings(
        max_examples=15, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck),
        phases=[hypothesis.Phase.generate],
    )  # fmt: skip
    @given(
        case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
        | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
        put=st.none() | NASTY | STORED,
        place=st.integers(0, 9),
    )
    def ask(case: Any, put: str | None, place: int) -> None:
        wanted = case.as_transport_kwargs(base_url="http://127.0.0.1")
        wanted.pop("cookies", None)
        if isinstance(wanted.get("data"), bytes):
            wanted["content"] = wanted.pop("data")
        if put is not None:
            _put(wanted, case, put, place)
        answer = client.request(**wanted)
        case.validate_response(answer, checks=CHECKS)

    ask()


def _put(wanted: dict[str, Any], case: Any, text: str, place: int) -> None:
    """Put a text where the request has one: in its path, its query or its body, by turns."""
    if isinstance(wanted.get("json"), dict | list):
        body = wanted.pop("json")
        wanted["content"] = json.dumps(_with(body, text)).encode()
        wanted["headers"] = {**(wanted.get("headers") or {}), "content-type": "application/json"}
    elif case.path_parameters and place % 2:
        names = sorted(case.path_parameters)
        parameters = {name: _quoted(str(value)) for name, value in case.path_parameters.items()}
        parameters[names[place % len(names)]] = _quoted(text or " ")  # without text it is another path
        wanted["url"] = "http://127.0.0.1" + case.operation.path.format(**parameters)
    elif isinstance(case.query, dict) and case.query:
        names = sorted(case.query)
        query = {name: str(value) for name, value in case.query.items()} | {names[place % len(names)]: text}
        wanted["params"] = None
        wanted["url"] += "?" + "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in query.items())


def _with(body: Any, text: str) -> Any:
    """Replace every text of a JSON value."""
    if isinstance(body, dict):
        return {name: _with(value, text) for name, value in body.items()}
    if isinstance(body, list):
        return [_with(value, text) for value in body]
    return text if isinstance(body, str) else body


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


@pytest.mark.parametrize("name", [name for name, found in OPERATIONS.items() if "cursor" in found.query])
@pytest.mark.parametrize(
    "parts",
    [[2**63], [10**4000], [-1], [1.5], ["x"], ["\ud800"], ["\x00"], [float("nan")], [None], [[]], {}, [True, True]],
)
def test_a_cursor_that_was_never_given_out_is_no_error_of_the_service(
    client: TestClient, name: str, parts: Any
) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")
    path = OPERATIONS[name].path.format(
        customer_id="c1", name="recent-activity", namespace="user_id", value="u-1", source="site", group_id="acme"
    )
    for sent in (cursor, base64.urlsafe_b64encode(b"[" * 20_000).decode().rstrip("="), "%FF", "%00"):
        answer = client.get(f"{path}?cursor={sent}")
        assert answer.status_code in (200, 404, 422), answer.text


@pytest.mark.parametrize("body", [b"\xff", b"[" * 100_000, b'{"a":' * 3_000, b"1" * 5_000, b"NaN", b""])
def test_a_body_that_is_no_json_is_refused_as_what_it_is(client: TestClient, body: bytes) -> None:
    answer = client.post("/v1/decisions", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
