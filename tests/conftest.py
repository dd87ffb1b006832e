"""Fixtures for every test. Which one to use:

graph            an EMPTY graph; the test runs once on the embedded engine and once on Neo4j
engine_settings  Settings that reach the same engine as `graph` (with a data folder of its own, empty), for tests that
                 start the command line or the API; use it with or without `graph`, the graph is empty either way
embedded_graph   an EMPTY graph on the embedded engine only, for what cannot differ between engines
embedded_settings  Settings that reach the engine of `embedded_graph`
settings         Settings with an empty data folder and no engine running yet, for what needs no graph or starts its own
shared_data      folder of labelled sets beside the checkout; the test is skipped when it is absent

Neo4j 5.26 is fetched and started once per run where Java 17+ and Maven are found; elsewhere its half of the tests is
skipped, which one line at the end says. IDENTITY_GRAPH_REQUIRE_NEO4J=1 turns that skip into a failure. Neo4j 2026
needs Java 21+ and runs what asks for `every_engine` only (tests/graph and the main scenario of tests/pipeline);
it is required where Neo4j is and Java 21+ is found.

The SDKs of tests/clients come from their registries once; IDENTITY_GRAPH_REQUIRE_CLIENTS=1 turns a missing tool for
them into a failure.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import pytest
from pydantic import SecretStr

from identity_graph.graph import open_graph, stop_engine
from identity_graph.graph.bolt import BoltGraph
from identity_graph.settings import Settings
from tests.clients.installed import CLIENTS_NOT_TESTED
from tests.neo4j.java import find_java
from tests.neo4j.server import RELEASES, Neo4jServer, why_not

ENGINES = ("embedded", pytest.param("neo4j", marks=pytest.mark.neo4j))
EVERY_ENGINE = (*ENGINES, pytest.param("neo4j_2026", marks=pytest.mark.neo4j))

every_engine = pytest.mark.parametrize("_engine", EVERY_ENGINE, indirect=True)
"""Mark of a test that runs on every release of Neo4j, not on the oldest only."""

# Nothing here asserts a time. In CI the examples are the same each time, so that a red build comes from the change;
# elsewhere they are random and look for more.
hypothesis.settings.register_profile("everywhere", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "everywhere")

_CHECKOUT = Path(__file__).resolve().parents[1]
_QUICK_ENGINE = "-XX:TieredStopAtLevel=1"
"""Java option of every embedded engine that the tests start, in any process: half the processor time of a start."""
_NOT_TESTED = "NEO4J {version} NOT TESTED"


@pytest.fixture(scope="session", autouse=True)
def _clean_environment() -> Iterator[None]:
    """Keep the settings of whoever runs the tests out of them, and let each embedded engine start sooner."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ARCADEDB_JVM_ARGS", _QUICK_ENGINE)
        for name in [name for name in os.environ if name.startswith("IDENTITY_GRAPH_")]:
            if not name.startswith("IDENTITY_GRAPH_REQUIRE_"):
                patch.delenv(name)
        yield


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", engine_heap="512m", engine_idle_seconds=20)


@pytest.fixture(scope="session")
def _embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, BoltGraph]]:
    folder = tmp_path_factory.mktemp("embedded")
    shared = Settings(data_dir=folder, engine_heap="768m", engine_idle_seconds=60)
    graph = open_graph(shared)
    try:
        yield shared, graph
    finally:
        graph.close()
        stop_engine(shared)


@pytest.fixture(scope="session")
def _neo4j(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, BoltGraph]]:
    with _started("neo4j", tmp_path_factory) as found:
        yield found


@pytest.fixture(scope="session")
def _neo4j_2026(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, BoltGraph]]:
    with _started("neo4j_2026", tmp_path_factory) as found:
        yield found


@contextmanager
def _started(name: str, folders: pytest.TempPathFactory) -> Iterator[tuple[Settings, BoltGraph]]:
    """Run a Neo4j; the test is skipped, or fails where Neo4j is required, when it cannot run here."""
    release = RELEASES[name]
    missing = why_not(release)
    if missing is not None:
        told = f"{_NOT_TESTED.format(version=release.version)}: {missing}"
        # A newer Java than the oldest release needs is not asked of anybody; where it is, all releases are.
        if os.environ.get("IDENTITY_GRAPH_REQUIRE_NEO4J") == "1" and (name == "neo4j" or find_java(release.java)):
            pytest.fail(f"{told}, but IDENTITY_GRAPH_REQUIRE_NEO4J is set")
        pytest.skip(told)
    server = Neo4jServer(folders.mktemp(name), release)
    server.start()
    try:
        shared = Settings(uri=server.uri, password=SecretStr(""), data_dir=folders.mktemp("unused"))
        with open_graph(shared) as graph:
            yield shared, graph
    finally:
        server.stop()


@pytest.fixture
def embedded_settings(_embedded: tuple[Settings, BoltGraph], tmp_path: Path) -> Settings:
    return _fresh(_embedded, tmp_path / "engine-data")


@pytest.fixture
def embedded_graph(_embedded: tuple[Settings, BoltGraph], embedded_settings: Settings) -> BoltGraph:
    return _embedded[1]


@pytest.fixture(params=ENGINES)
def _engine(request: pytest.FixtureRequest) -> tuple[Settings, BoltGraph]:
    found: tuple[Settings, BoltGraph] = request.getfixturevalue(f"_{request.param}")
    return found


@pytest.fixture
def engine_settings(_engine: tuple[Settings, BoltGraph], tmp_path: Path) -> Settings:
    return _fresh(_engine, tmp_path / "engine-data")


@pytest.fixture
def graph(_engine: tuple[Settings, BoltGraph], engine_settings: Settings) -> BoltGraph:
    return _engine[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    folder = _CHECKOUT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the labelled sets are not beside the checkout (../shared/data)")
    return folder


def _fresh(engine: tuple[Settings, BoltGraph], folder: Path) -> Settings:
    """Empty the graph and return its settings with a data folder of this test only, which leads to the same engine."""
    shared, graph = engine
    clear(graph)
    folder.mkdir()
    if shared.uri is None:
        (folder / "engine").symlink_to(shared.data_dir / "engine", target_is_directory=True)
    return shared.model_copy(update={"data_dir": folder})


def clear(graph: BoltGraph) -> None:
    """Delete every node, some at a time; constraints and indexes stay."""
    text = "MATCH (node) WITH node LIMIT 5000 DETACH DELETE node RETURN count(*) AS count"
    with graph._session("WRITE") as session:
        while session.execute_write(lambda transaction: transaction.run(text).single(strict=True)["count"]):
            pass


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
    for release in RELEASES.values():
        told = _NOT_TESTED.format(version=release.version)
        count = sum(told in reason for reason in skipped)
        if count:
            how = f"install Java {release.java}+ and Maven to test it"
            terminalreporter.write_line(f"{told}: {count} tests skipped; {how}", red=True, bold=True)
    clients = sum(CLIENTS_NOT_TESTED in reason for reason in skipped)
    if clients:
        how = "install Node with npm, and Chromium, to test them"
        terminalreporter.write_line(f"{CLIENTS_NOT_TESTED}: {clients} tests skipped; {how}", red=True, bold=True)
