"""Explains why records and customers are together, or why they are not."""

from __future__ import annotations

from identity_graph.explain.apart import Obstacle
from identity_graph.explain.evidence import Link, LinkKind
from identity_graph.explain.sentences import say_link
from identity_graph.explain.strongest import Step
from identity_graph.explain.why import Explanation, Subject, explain

__all__ = ["Explanation", "Link", "LinkKind", "Obstacle", "Step", "Subject", "explain", "say_link"]
