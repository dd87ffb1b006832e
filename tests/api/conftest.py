"""The service over the small graph of `tests.customers.seed`.

client   asks the app in this process, on loopback, without keys; `graph` is filled
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest

from identity_graph.graph import Graph
from identity_graph.settings import Settings
from identity_graph_api import create_app
from tests.customers.seed import fill

with warnings.catch_warnings():
    # Its import warns that another client library may one day be needed; httpx is the one this project pins.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient


@pytest.fixture
def client(graph: Graph, engine_settings: Settings) -> Iterator[TestClient]:
    fill(graph)
    app = create_app(engine_settings.model_copy(update={"default_region": "FR", "apply_events": False}), graph)
    with TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50000)) as found:
        yield found
