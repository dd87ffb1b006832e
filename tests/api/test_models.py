"""Matching models over HTTP: listed, told and drawn."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from identity_graph.matching import MatchingOptions
from identity_graph.modelling import model_folder
from identity_graph.settings import Settings
from tests.matching.once import train
from tests.matching.people import ROLES, people


@pytest.fixture(scope="module")
def model():
    return train(people(60)[0], ROLES, MatchingOptions(threads=1, sample_pairs=5_000))


def test_a_kept_model_is_listed_told_and_drawn(client: TestClient, engine_settings: Settings, model) -> None:
    model.save(model_folder(engine_settings, model.version))
    listed = client.get("/v1/models").json()["items"]
    assert [one["version"] for one in listed] == [model.version]
    told = client.get(f"/v1/models/{model.version}").json()
    assert told["version"] == model.version
    assert [one["name"] for one in told["comparisons"]] == list(model.comparisons)
    drawn = client.get(f"/v1/models/{model.version}/chart.svg")
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert drawn.text.startswith("<svg ")


@pytest.mark.parametrize("version", ["0123456789abcdef", "%2e%2e", "tmp"])
def test_other_folders_are_no_models(client: TestClient, version: str) -> None:
    answer = client.get(f"/v1/models/{version}")
    assert (answer.status_code, answer.json()["code"]) in [(404, "not_found"), (404, "no_such_path")]
