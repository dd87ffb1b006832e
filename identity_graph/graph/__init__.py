"""The graph: `open_graph(settings)` chooses the engine, makes sure of the schema and returns the port all others use.

Settings come in, a `Graph` goes out; Neo4j where `uri` is set, else the embedded engine of the data folder.
"""

from __future__ import annotations

import time

from identity_graph.errors import EngineError
from identity_graph.graph.bolt import BoltGraph, Endpoint
from identity_graph.graph.embedded import EmbeddedEngine, EngineStatus, engine_status, stop_engine
from identity_graph.graph.port import EngineCapabilities, Graph, Row, Transaction
from identity_graph.graph.queries import Query, QueryHeader, all_queries, query
from identity_graph.settings import Settings

__all__ = [
    "EngineCapabilities", "EngineStatus", "Graph", "Query", "QueryHeader", "Row", "Transaction", "all_queries",
    "engine_status", "ensure_schema", "open_graph", "query", "stop_engine",
]  # fmt: skip

_INDEX_SECONDS = 600.0


def open_graph(settings: Settings) -> BoltGraph:
    """Open the graph, starting the embedded engine when it is needed; use it as a context manager, or close it.

    Raises:
        EngineUnavailableError: the engine cannot be reached.
        EngineBusyError: the port or data folder of the embedded engine is in use by another program.
        EngineStorageError: the disk is full, or the data folder cannot be written.
    """
    graph = _neo4j(settings, settings.uri) if settings.uri else _embedded(settings)
    try:
        ensure_schema(graph)
    except BaseException:
        graph.close()
        raise
    return graph


def ensure_schema(graph: Graph) -> None:
    """Create the constraints and indexes that are absent, and wait until all of them can be used.

    Raises:
        EngineError: an index was not ready in time.
    """
    for found in all_queries():
        if found.header.access == "schema":
            graph.write(found.name)
    deadline = time.monotonic() + _INDEX_SECONDS
    while waiting := [row["name"] for row in graph.read("graph/indexes") if row["state"] not in ("ONLINE", None)]:
        if time.monotonic() >= deadline:
            raise EngineError(
                f"The engine did not finish {len(waiting)} indexes in {_INDEX_SECONDS:g} seconds.", ids=waiting
            )
        time.sleep(0.1)


def _neo4j(settings: Settings, uri: str) -> BoltGraph:
    endpoint = Endpoint(uri, settings.user, settings.password.get_secret_value(), settings.database)
    return BoltGraph(lambda: endpoint, embedded=False)


def _embedded(settings: Settings) -> BoltGraph:
    engine = EmbeddedEngine(settings)
    return BoltGraph(engine.locate, embedded=True, on_close=engine.release)
