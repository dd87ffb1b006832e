"""The port and the catalogue are tested on every release of Neo4j: `graph` here has one engine more than elsewhere."""

from __future__ import annotations

import pytest

from identity_graph.graph.bolt import BoltGraph
from identity_graph.settings import Settings
from tests.conftest import EVERY_ENGINE


@pytest.fixture(params=EVERY_ENGINE)
def _engine(request: pytest.FixtureRequest) -> tuple[Settings, BoltGraph]:
    found: tuple[Settings, BoltGraph] = request.getfixturevalue(f"_{request.param}")
    return found
