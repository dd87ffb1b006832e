"""A town on both engines (`town`) or on the embedded one (`embedded_town`)."""

from __future__ import annotations

import pytest

from identity_graph.graph.bolt import BoltGraph
from identity_graph.settings import Settings
from tests.realtime.world import Town


@pytest.fixture
def town(graph: BoltGraph, engine_settings: Settings) -> Town:
    return Town(graph, engine_settings)


@pytest.fixture
def embedded_town(embedded_graph: BoltGraph, embedded_settings: Settings) -> Town:
    return Town(embedded_graph, embedded_settings)
