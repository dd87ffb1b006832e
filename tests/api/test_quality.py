"""What the last run is worth, over HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from identity_graph.graph.bolt import BoltGraph
from identity_graph.pipeline.resolve import resolve
from identity_graph.settings import Settings
from identity_graph_api import create_app
from tests.pipeline.company import Company


@pytest.mark.parametrize("resolved", [True, False])
def test_the_report_of_the_last_run_is_told_if_there_is_one(
    embedded_graph: BoltGraph, embedded_settings: Settings, tmp_path: Path, resolved: bool
) -> None:
    Company(12).load(embedded_graph, embedded_settings, tmp_path)
    report = resolve(embedded_graph, embedded_settings).quality.as_json() if resolved else None
    app = create_app(embedded_settings, embedded_graph)
    with TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50000)) as client:
        answer = client.get("/v1/quality")
    if resolved:
        assert (answer.status_code, answer.json()) == (200, report)
    else:
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
