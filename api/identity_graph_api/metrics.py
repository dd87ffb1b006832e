"""What the service tells Prometheus: requests by route and status, their latency, and how big the graph is.

Requests are counted as they end; the sizes of the graph are asked for when somebody reads them, and kept a while,
because counting is not free.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from identity_graph.errors import EngineError
from identity_graph.graph import Graph
from identity_graph.journal import Journal

__all__ = ["Metrics"]

_KEPT_SECONDS = 30.0
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


class Metrics:
    """The metrics of one application.

    Args:
        clock: seconds that never run backwards.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "identity_graph_requests", "Requests answered.", ("method", "route", "status"), registry=self._registry
        )
        self._latency = Histogram(
            "identity_graph_request_seconds", "Time to answer.", ("method", "route"), buckets=_BUCKETS,
            registry=self._registry,
        )  # fmt: skip
        self._nodes = Gauge("identity_graph_nodes", "Nodes in the graph.", ("label",), registry=self._registry)
        self._up = Gauge("identity_graph_engine_up", "1 when the graph engine answers.", registry=self._registry)
        self._events = Gauge(
            "identity_graph_events", "Events by what became of them; waiting is the backlog.", ("state",),
            registry=self._registry,
        )  # fmt: skip
        self._dead_letters = Gauge(
            "identity_graph_dead_letters", "Events set aside, by reason.", ("reason",), registry=self._registry
        )
        self._backlog_bytes = Gauge(
            "identity_graph_backlog_bytes", "Bodies of the events that wait.", registry=self._registry
        )
        self._counted: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._counted_at: float | None = None
        self._lock = threading.Lock()

    def count_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request that was answered."""
        found = self._counted.get((method, route, status))
        if found is None:
            method = method if method in _METHODS else "other"  # a sender can make up any number of them
            found = self._requests.labels(method, route, str(status)), self._latency.labels(method, route)
            self._counted[method, route, status] = found
        requests, latency = found
        requests.inc()
        latency.observe(seconds)

    def exposition(self, graph: Graph, journal: Journal) -> bytes:
        """Return the text that Prometheus reads; the sizes of the graph are at most 30 seconds old."""
        with self._lock:
            now = self._clock()
            if self._counted_at is None or now - self._counted_at >= _KEPT_SECONDS:
                self._count_nodes(graph)
                self._counted_at = now
            self._read_backlog(journal)
        return generate_latest(self._registry)

    def _read_backlog(self, journal: Journal) -> None:
        backlog = journal.backlog()
        states = {
            "waiting": backlog.events, "accepted": backlog.accepted, "applied": backlog.applied,
            "duplicate": backlog.duplicates,
        }  # fmt: skip
        for state, count in states.items():
            self._events.labels(state).set(count)
        self._backlog_bytes.set(backlog.bytes)
        self._dead_letters.clear()
        for reason, count in backlog.dead_letters.items():
            self._dead_letters.labels(reason).set(count)

    def _count_nodes(self, graph: Graph) -> None:
        try:
            rows = graph.read("customers_read/graph_counts")
        except EngineError:
            self._up.set(0)
            return
        self._up.set(1)
        for row in rows:
            self._nodes.labels(row["label"]).set(row["total"])
