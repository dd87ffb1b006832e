"""The port every other package uses to reach the graph: named queries in, rows out.

Implemented by `graph.bolt` for both engines. Callers never see a driver, a session or query text; errors are the
EngineError part of the error tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, TypeVar

__all__ = ["EngineCapabilities", "Graph", "Row", "Transaction"]

Row: TypeAlias = Mapping[str, Any]
"""One result row: column name to plain value (text, number, bool, None, list, dict)."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class EngineCapabilities:
    """What the engine behind the port is and can do; callers ask flags, never names.

    Attributes:
        name: for people and reports, such as `Neo4j 5.26.17` or `ArcadeDB 26.10.2`.
        embedded: started and stopped by this library.
        plans: EXPLAIN answers with a plan whose operators can be read.
    """

    name: str
    embedded: bool
    plans: bool


class Transaction(Protocol):
    """Queries inside one transaction."""

    def run(self, query: str, **parameters: Any) -> list[Row]:
        """Run a query of the catalogue, such as `facts/upsert_records`, and return all its rows."""
        ...


class Graph(Protocol):
    """A connection to one graph, safe to share between threads."""

    @property
    def capabilities(self) -> EngineCapabilities:
        """What the engine is and can do."""
        ...

    def read(self, query: str, **parameters: Any) -> list[Row]:
        """Run one read query in a transaction of its own, retried when that is safe."""
        ...

    def write(self, query: str, **parameters: Any) -> list[Row]:
        """Run one write query in a transaction of its own; retried, so the query must be idempotent."""
        ...

    def stream(self, query: str, **parameters: Any) -> Iterator[Row]:
        """Run one read query and yield rows as they arrive, holding no more than one fetch in memory."""
        ...

    def transaction(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in one write transaction; on a retryable failure it runs again, so it must be idempotent."""
        ...

    def close(self) -> None:
        """Give back the connections; an embedded engine stays for other processes and stops when nobody is left."""
        ...
