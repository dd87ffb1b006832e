"""Reads what lies around a customer, as nodes and edges for drawing and for looking around.

A customer id and a depth come in, a small graph goes out, step by step: records (1), their identifiers and scored
pairs (2), the other records and customers that share those identifiers (3). Blocked and quarantined identifiers are
shown but never followed, and the answer says when it was cut.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from identity_graph.customers.paging import check_limit
from identity_graph.errors import InvalidSettingError
from identity_graph.graph.port import Graph, Row

__all__ = ["DEEPEST", "Neighbourhood", "NeighbourhoodEdge", "NeighbourhoodNode", "read_neighbourhood"]

DEEPEST = 3


@dataclass(frozen=True, slots=True)
class NeighbourhoodNode:
    """A customer, record or identifier; `id` is unique within the answer, `key` is its own id or key."""

    id: str
    kind: str
    key: str
    label: str
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NeighbourhoodEdge:
    """A relationship between two nodes of the answer, by their `id`."""

    source: str
    target: str
    kind: str
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Nodes and edges in the order they were met; `cut` says that there was more than `limit` allowed."""

    nodes: tuple[NeighbourhoodNode, ...]
    edges: tuple[NeighbourhoodEdge, ...]
    cut: bool


def read_neighbourhood(graph: Graph, customer_id: str, depth: int = 2, limit: int = 200) -> Neighbourhood:
    """Read what lies around a customer.

    Args:
        customer_id: a current id; see `CustomerReader.current_id`.
        depth: steps from the customer, 1 to 3.
        limit: the most nodes to return, 1 to 1000.

    Raises:
        InvalidSettingError: depth or limit is outside its range.
    """
    check_limit(limit)
    if not 1 <= depth <= DEEPEST:
        raise InvalidSettingError(
            f"A depth of {depth} was asked for.", ids=["depth"], next_step=f"Ask for 1 to {DEEPEST}."
        )
    drawing = _Drawing(graph, limit)
    drawing.add_node("customer", customer_id, customer_id)
    drawing.add_records_of(customer_id)
    if depth > 1:
        drawing.add_identifiers()
        drawing.add_matches()
    if depth > 2:
        drawing.add_sharers()
    return drawing.finished()


class _Drawing:
    """A neighbourhood while it grows; nothing is added beyond the limit."""

    def __init__(self, graph: Graph, limit: int) -> None:
        self._graph = graph
        self._limit = limit
        self._nodes: dict[str, NeighbourhoodNode] = {}
        self._edges: dict[tuple[str, str, str], NeighbourhoodEdge] = {}
        self._cut = False

    def add_node(self, kind: str, key: str, label: str, **properties: Any) -> bool:
        """Add a node, or say no when the limit is reached."""
        node_id = f"{kind}:{key}"
        if node_id in self._nodes:
            return True
        if len(self._nodes) >= self._limit:
            self._cut = True
            return False
        self._nodes[node_id] = NeighbourhoodNode(node_id, kind, key, label, properties)
        return True

    def add_edge(self, source: str, target: str, kind: str, **properties: Any) -> None:
        """Add an edge when both its ends are there."""
        if source in self._nodes and target in self._nodes:
            self._edges.setdefault((source, target, kind), NeighbourhoodEdge(source, target, kind, properties))

    def add_records_of(self, customer_id: str) -> None:
        """Step 1: the customer's records."""
        for row in self._read("records_around_customers", ids=[customer_id]):
            if self._add_record(row):
                self.add_edge(
                    f"record:{row['record_key']}", f"customer:{customer_id}", "RESOLVES_TO", since=row["since"]
                )

    def add_identifiers(self) -> None:
        """Step 2: the identifiers of the records, whatever their status."""
        for row in self._read("identifiers_around_records", keys=self._keys("record")):
            label = f"{row['namespace']} {row['value']}"
            if self.add_node("identifier", row["key"], label, status=row["status"] or "active"):
                record = f"record:{row['record_key']}"
                self.add_edge(record, f"identifier:{row['key']}", "HAS_IDENTIFIER", last_seen=row["last_seen"])

    def add_matches(self) -> None:
        """Step 2: scored pairs among the records shown; they add no node."""
        for row in self._read("matches_around_records", keys=self._keys("record")):
            self.add_edge(
                f"record:{row['left']}", f"record:{row['right']}", "MATCHES", match_weight=row["match_weight"]
            )

    def add_sharers(self) -> None:
        """Step 3: other records on the active identifiers, and the customers they resolve to."""
        active = [
            node.key
            for node in self._nodes.values()
            if node.kind == "identifier" and node.properties["status"] == "active"
        ]
        for row in self._read("records_around_identifiers", keys=active):
            if not self._add_record(row):
                continue
            record = f"record:{row['record_key']}"
            self.add_edge(record, f"identifier:{row['identifier_key']}", "HAS_IDENTIFIER")
            if row["customer_id"] and self.add_node("customer", row["customer_id"], row["customer_id"]):
                self.add_edge(record, f"customer:{row['customer_id']}", "RESOLVES_TO")

    def finished(self) -> Neighbourhood:
        """Return what was drawn."""
        return Neighbourhood(tuple(self._nodes.values()), tuple(self._edges.values()), self._cut)

    def _add_record(self, row: Row) -> bool:
        name = " ".join(part for part in (row["given_name"], row["family_name"]) if part)
        return self.add_node("record", row["record_key"], name or row["record_key"], source=row["source"])

    def _keys(self, kind: str) -> list[str]:
        return [node.key for node in self._nodes.values() if node.kind == kind]

    def _read(self, query: str, **parameters: Any) -> list[Row]:
        # An identifier is met once per record that holds it, so edges may outnumber nodes; ten times is enough for
        # the nodes of one drawing, and a supernode still costs a bounded read.
        most = self._limit * 10
        rows = self._graph.read(f"customers_read/{query}", limit=most + 1, **parameters)
        self._cut = self._cut or len(rows) > most
        return rows[:most]
