"""A company on a graph, ready to be loaded, decided about and resolved.

world           on both engines
embedded_world  on the embedded engine, for what cannot differ between engines
"""

from __future__ import annotations

from pathlib import Path

import pytest

from identity_graph.graph.bolt import BoltGraph
from identity_graph.settings import Settings
from tests.pipeline.world import World


@pytest.fixture
def world(graph: BoltGraph, engine_settings: Settings, tmp_path: Path) -> World:
    return World(graph, engine_settings, tmp_path / "files")


@pytest.fixture
def embedded_world(embedded_graph: BoltGraph, embedded_settings: Settings, tmp_path: Path) -> World:
    return World(embedded_graph, embedded_settings, tmp_path / "files")
