"""The command over one small company, loaded and resolved once for all tests of this folder.

shop   the command in a folder with `crm.csv`, `shop.csv` and `mapping.yaml`, loaded and resolved; tests take back what
       they change
empty  the command in an empty folder whose engine is not running
alone  the command in an empty folder over an empty graph whose engine runs already; for what needs no engine of its own
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from identity_graph.graph.bolt import BoltGraph
from identity_graph.settings import Settings
from tests.cli.command import Command
from tests.pipeline.company import MAPPING, Company

_ENVIRONMENT = {"IDENTITY_GRAPH_ENGINE_HEAP": "512m", "IDENTITY_GRAPH_ENGINE_IDLE_SECONDS": "60"}


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    folder = tmp_path_factory.mktemp("shop")
    command = Command(folder, _ENVIRONMENT)
    company = Company(12)
    company.add("crm", "")
    company.write(folder)
    (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    try:
        command.good("load", "crm.csv", "shop.csv", "--mapping", "mapping.yaml")
        command.good("resolve")
        yield command
    finally:
        command.run("stop")


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Command]:
    command = Command(tmp_path, _ENVIRONMENT)
    yield command
    command.run("stop")


@pytest.fixture
def alone(embedded_graph: BoltGraph, embedded_settings: Settings, tmp_path: Path) -> Command:
    return Command(tmp_path, {"IDENTITY_GRAPH_DATA_DIR": str(embedded_settings.data_dir)})
