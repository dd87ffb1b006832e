"""Finds the strongest chain between two records, and what holds a group of records together.

Evidence comes in, steps in order go out. The strongest chain is the one whose weakest step is strongest; it runs
along a maximum spanning tree (Source: Hu, The maximum capacity route problem, Operations Research 9, 1961).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx

from identity_graph.explain.evidence import Evidence, Link, links_between

__all__ = ["Step", "strongest_neighbour", "strongest_path", "strongest_tree"]


@dataclass(frozen=True, slots=True)
class Step:
    """Two records that hold together directly.

    Attributes:
        strength: bits of the link that carries the step.
        links: every link between the two, decisions first, then the strongest first.
    """

    left: str
    right: str
    strength: float
    links: tuple[Link, ...]


def strongest_path(evidence: Evidence, left: str, right: str) -> tuple[Step, ...]:
    """Return the chain of steps from one record to another whose weakest step is strongest; empty when none joins them.

    Cost: that of sorting the links.
    """
    tree = _tree(evidence)
    if left not in tree or right not in tree or not nx.has_path(tree, left, right):
        return ()
    nodes = nx.shortest_path(tree, left, right)
    records = [node for node in nodes if isinstance(node, str)]
    return tuple(_step(evidence, tree, start, end) for start, end in pairwise(records))


def strongest_neighbour(evidence: Evidence, record: str) -> Step | None:
    """Return the strongest step from a record to any other; None when nothing joins it to them."""
    tree = _tree(evidence)
    if record not in tree:
        return None
    others = {
        other for node in tree[record] for other in ([node] if isinstance(node, str) else tree[node]) if other != record
    }
    steps = [_step(evidence, tree, record, other) for other in sorted(others)]
    return max(steps, key=lambda step: step.strength, default=None)


def strongest_tree(evidence: Evidence) -> tuple[Step, ...]:
    """Return the fewest, strongest steps that hold the records together, the weakest first."""
    tree = _tree(evidence)
    ends = [edge for edge in tree.edges if all(isinstance(node, str) for node in edge)]
    for node in tree:
        if not isinstance(node, str):
            first, *others = sorted(tree[node])
            ends.extend((first, other) for other in others)
    steps = [_step(evidence, tree, start, end) for start, end in ends]
    return tuple(sorted(steps, key=lambda step: (step.strength, step.left, step.right)))


def _tree(evidence: Evidence) -> nx.Graph:
    """Build the maximum spanning tree; a shared identifier is a node of its own, so that k records cost k edges.

    Only what joins takes part: active identifiers, scored pairs, decisions that two must be together. Edges are added
    in a fixed order, because ties are broken by it.
    """
    graph = nx.Graph()
    direct = [link for link in (*evidence.decisions, *evidence.pairs) if _joins(link)]
    for link in sorted(direct, key=lambda link: (-link.strength, link.left, link.right)):
        if not graph.has_edge(link.left, link.right):
            graph.add_edge(link.left, link.right, strength=link.strength)
    for shared in evidence.shared:
        if shared.status == "active":
            hub = ("identifier", shared.key)
            graph.add_edges_from((hub, record, {"strength": shared.strength}) for record in sorted(shared.first_seen))
    return nx.maximum_spanning_tree(graph, weight="strength")


def _joins(link: Link) -> bool:
    return link.detail.get("verdict", "must") == "must" and link.strength > -math.inf


def _step(evidence: Evidence, tree: nx.Graph, start: str, end: str) -> Step:
    links = links_between(evidence, start, end)
    if tree.has_edge(start, end):
        strength = float(tree.edges[start, end]["strength"])
    else:
        hubs = [node for node in nx.common_neighbors(tree, start, end) if not isinstance(node, str)]
        strength = max(float(tree.edges[start, hub]["strength"]) for hub in hubs)
    return Step(start, end, strength, links)
