"""What linking takes from a graph: its records, their roles and the decisions in force.

A graph and settings come in, one frozen GraphInput goes out; nothing is written but the columnar copy beside the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from identity_graph.errors import NotFoundError
from identity_graph.facts import ColumnarCopy, FactStore
from identity_graph.facts.registry import merged_roles
from identity_graph.graph.port import Graph
from identity_graph.model import Decision
from identity_graph.pipeline.linking import LinkingOptions, by_rules, matching_options
from identity_graph.pipeline.stages import Stages
from identity_graph.roles import Role
from identity_graph.settings import Settings
from identity_graph.tables import Table

__all__ = ["GraphInput", "no_records", "read_graph", "within"]


@dataclass(frozen=True, slots=True)
class GraphInput:
    """Records of a graph sorted by key, roles of their attributes and stewards' decisions in force.

    Attributes:
        seq: sequence number up to which no change of a record is missing.
        public_sources: sources whose write keys are public.
    """

    records: Table
    roles: Mapping[str, Role]
    decisions: tuple[Decision, ...]
    seq: int = 0
    public_sources: frozenset[str] = frozenset()


def read_graph(graph: Graph, settings: Settings, stages: Stages) -> GraphInput:
    """Read what linking takes from a graph; the columnar copy catches up on the way."""
    with stages.stage("Read records") as stage:
        copy = ColumnarCopy(settings.data_dir, graph)
        copy.catch_up(stage.advance)
        records, seq = copy.records_and_seq()
        stage.count(records.num_rows)
    facts = FactStore(graph, settings)
    sources = facts.sources()
    public = frozenset(source.name for source in sources if source.public)
    return GraphInput(records, merged_roles(sources), facts.decisions(active_only=True), seq, public)


def no_records() -> NotFoundError:
    """Return the error of a graph that nothing was ever loaded into."""
    return NotFoundError("The graph holds no records.", next_step="Load some: identity-graph load FILE...")


def within(settings: Settings, linking: LinkingOptions) -> LinkingOptions:
    """Let linking keep to the budgets of the settings, spill into the data folder and go by the rules set there."""
    work_dir = settings.data_dir / "work"
    work_dir.mkdir(parents=True, exist_ok=True)
    return replace(by_rules(settings, linking), matching=matching_options(settings, work_dir))
