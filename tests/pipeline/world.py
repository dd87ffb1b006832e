"""A company, the graph it is loaded into and short words for what tests do with both."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from identity_graph.customers.read import CustomerReader
from identity_graph.facts import FactStore
from identity_graph.graph.bolt import BoltGraph
from identity_graph.model import Verdict
from identity_graph.pipeline.load import LoadSummary
from identity_graph.pipeline.resolve import ResolveOptions, ResolveSummary, resolve
from identity_graph.settings import Settings
from tests.facts.batches import edges
from tests.pipeline.company import Company, holdings

__all__ = ["World"]

_NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(slots=True)
class World:
    """A company on a graph."""

    graph: BoltGraph
    settings: Settings
    folder: Path
    company: Company = field(default_factory=lambda: Company(12))

    @property
    def reader(self) -> CustomerReader:
        """Return a reader of its customers."""
        return CustomerReader(self.graph)

    def load(self, delete_missing: bool = False) -> LoadSummary:
        """Load the company as it is now."""
        return self.company.load(self.graph, self.settings, self.folder, delete_missing)

    def resolve(self, retrain: bool = False, minimum_certainty: float = 0.0) -> ResolveSummary:
        """Resolve."""
        return resolve(self.graph, self.settings, ResolveOptions(retrain, minimum_certainty=minimum_certainty))

    def start(self) -> dict[str, str]:
        """Load and resolve for the first time; returns record key -> customer id."""
        self.load()
        self.resolve()
        return self.holdings()

    def holdings(self) -> dict[str, str]:
        """Return record key -> customer id."""
        return holdings(self.graph)

    def decide(self, id: str, verdict: Verdict, left: str, right: str) -> None:
        """Let a steward decide."""
        FactStore(self.graph, self.settings).add_decision(verdict, left, right, "ana", "called her", _NOON, id)

    def undo(self, id: str) -> None:
        """Let the steward take it back."""
        FactStore(self.graph, self.settings).undo_decision(id, "ana", "was wrong", _NOON)

    def customers(self) -> dict[str, dict[str, Any]]:
        """Return the active customers by id, with golden values and provenance, without times."""
        rows = [row["customer"] for row in self.graph.stream("customers/export_golden")]
        times = ("created_at", "updated_at", "graph_id")
        return {row["id"]: {name: value for name, value in row.items() if name not in times} for row in rows}

    def members(self) -> dict[str, list[str]]:
        """Return customer id -> record keys, sorted."""
        found: dict[str, list[str]] = {}
        for key, customer in sorted(self.holdings().items()):
            found.setdefault(customer, []).append(key)
        return found

    def lineage(self) -> list[tuple[str, str]]:
        """Return (kind, customer id) of the whole lineage, oldest first."""
        return [(row["kind"], row["customer_id"]) for row in self.graph.stream("customers/export_lineage")]

    def derived(self) -> set[tuple[Any, ...]]:
        """Return all of the graph but runs, counters and what a decision adds, to compare two states as a whole."""
        return {one for one in edges(self.graph) if one[0] not in ("Run", "Counter", "Decision") and one[1] != "ABOUT"}

    def statuses(self) -> dict[str, str]:
        """Return identifier key -> status, of those that are not active."""
        with self.graph._session("READ") as session:
            rows = session.run("MATCH (one:Identifier) RETURN one.key AS key, one.status AS status").data()
        return {row["key"]: row["status"] for row in rows if row["status"] not in (None, "active")}

    def lineage_data(self) -> list[dict[str, Any]]:
        """Return what the lineage says in each entry, oldest first."""
        return [json.loads(row["data"]) for row in self.graph.stream("customers/export_lineage")]
