"""The OpenAPI description is complete, and docs/api.md lists what it lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from identity_graph.settings import Settings
from identity_graph_api import create_app

_DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "api.md"


@pytest.fixture(scope="module")
def openapi() -> dict[str, Any]:
    return create_app(Settings()).openapi()


def _points_elsewhere(schema: dict[str, Any]) -> bool:
    """Say whether a field's examples stand with another model it is made of."""
    parts = [schema, schema.get("items", {}), *schema.get("anyOf", []), *schema.get("allOf", [])]
    return any("$ref" in part for part in parts)


def _fields(openapi: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for model, schema in openapi["components"]["schemas"].items():
        for name, field in schema.get("properties", {}).items():
            yield f"{model}.{name}", field


def test_every_field_has_a_description_and_an_example(openapi: dict[str, Any]) -> None:
    lacking = [
        name
        for name, field in _fields(openapi)
        if not field.get("description") or not (field.get("examples") or _points_elsewhere(field))
    ]
    assert lacking == []


def test_every_parameter_has_a_description_and_an_example(openapi: dict[str, Any]) -> None:
    lacking = [
        f"{method} {path} {parameter['name']}"
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
        for parameter in operation.get("parameters", [])
        if not parameter.get("description")
        or not (parameter.get("examples") or parameter.get("example") or parameter["schema"].get("examples"))
    ]
    assert lacking == []


def test_every_operation_says_what_it_does_and_how_it_fails(openapi: dict[str, Any]) -> None:
    for path, methods in openapi["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"] and operation["description"], f"{method} {path}"
            for status in ("401", "404", "409", "422", "503"):
                content = operation["responses"][status]["content"]
                assert list(content) == ["application/problem+json"], f"{method} {path} {status}"
    assert "HTTPValidationError" not in openapi["components"]["schemas"]


def test_the_page_lists_every_endpoint_and_no_other(openapi: dict[str, Any]) -> None:
    listed = set(re.findall(r"^\| `(GET|POST) ([^`?]+)", _DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE))
    actual = {(method.upper(), path) for path, methods in openapi["paths"].items() for method in methods}
    assert listed == actual
