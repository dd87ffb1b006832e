"""Answers why two records or customers are together, or why they are not.

Two record keys or customer ids come in; an explanation goes out: the strongest chain of links between them with its
weakest step, or what keeps them apart, and one readable sentence. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from identity_graph.customers.read import CustomerReader
from identity_graph.errors import NotFoundError
from identity_graph.explain.apart import Obstacle, obstacles
from identity_graph.explain.evidence import Evidence, Link, read_evidence
from identity_graph.explain.sentences import sentence_apart, sentence_together
from identity_graph.explain.strongest import Step, strongest_neighbour, strongest_path, strongest_tree
from identity_graph.graph.port import Graph
from identity_graph.namespaces import DEFAULT_NAMESPACES, NamespaceRule

__all__ = ["MOST_RECORDS", "Explanation", "Subject", "explain"]

MOST_RECORDS = 2_000
"""Records of a customer that an explanation looks at; the two asked about are always among them."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One side of the question.

    Attributes:
        asked: the record key or customer id as it was given.
        kind: `record` or `customer`.
        customer_id: the customer it is, or resolves to now; None for a record that does not resolve to any.
    """

    asked: str
    kind: str
    customer_id: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two are together or not.

    Attributes:
        chain: for two records, the strongest chain from left to right; for a record and its own customer, the
            strongest step to another of its records; for a customer and itself, the steps that hold it together, the
            weakest first. Empty when they are apart.
        weakest: the step of the chain that would break first.
        obstacles: what keeps them apart, the hardest first; empty when they are together.
        speaks_for: links that join records of both sides although they are apart.
        cut: a customer has more records than were looked at.
    """

    left: Subject
    right: Subject
    together: bool
    sentence: str
    chain: tuple[Step, ...] = ()
    weakest: Step | None = None
    obstacles: tuple[Obstacle, ...] = ()
    speaks_for: tuple[Link, ...] = ()
    cut: bool = False


def explain(
    graph: Graph, left: str, right: str, rules: Mapping[str, NamespaceRule] = DEFAULT_NAMESPACES
) -> Explanation:
    """Explain why two records or customers are together, or why not.

    Args:
        left: a record key or a customer id (a retired id stands for its successor).
        right: the same; equal to `left` it asks what holds one customer together.
        rules: namespace rules.

    Raises:
        NotFoundError: one of them is neither a record nor a customer.
    """
    first, second = _subjects(graph, left, right)
    if first.customer_id is None or second.customer_id is None:
        return _unresolved(first, second)
    if first.customer_id == second.customer_id:
        return _together(graph, first, second, rules)
    return _apart(graph, first, second, rules)


def _subjects(graph: Graph, left: str, right: str) -> tuple[Subject, Subject]:
    records = {row["key"]: row["customer_id"] for row in graph.read("explain/subjects", keys=[left, right])}
    reader = CustomerReader(graph)

    def subject(asked: str) -> Subject:
        if asked in records:
            return Subject(asked, "record", records[asked])
        try:
            return Subject(asked, "customer", reader.current_id(asked))
        except NotFoundError as error:
            raise NotFoundError(
                f"{asked!r} is neither a record nor a customer.",
                ids=[asked],
                next_step="Give a record key (source:record_id) or a customer id.",
            ) from error

    return subject(left), subject(right)


def _together(graph: Graph, first: Subject, second: Subject, rules: Mapping[str, NamespaceRule]) -> Explanation:
    members, cut = _members(graph, first, second)
    keys = members[str(first.customer_id)]
    evidence = read_evidence(graph, keys, rules)
    chain = _chain(evidence, first, second)
    weakest = min(chain, key=lambda step: step.strength, default=None)
    sentence = sentence_together(first.asked, second.asked, str(first.customer_id), len(keys), chain, weakest)
    return Explanation(first, second, True, sentence, chain, weakest, cut=cut)


def _chain(evidence: Evidence, first: Subject, second: Subject) -> tuple[Step, ...]:
    records = [subject.asked for subject in (first, second) if subject.kind == "record"]
    if len(records) == 2:
        return strongest_path(evidence, *records) if records[0] != records[1] else ()
    if records:
        step = strongest_neighbour(evidence, records[0])
        return (step,) if step else ()
    return strongest_tree(evidence)


def _apart(graph: Graph, first: Subject, second: Subject, rules: Mapping[str, NamespaceRule]) -> Explanation:
    members, cut = _members(graph, first, second)
    sides = members[str(first.customer_id)], members[str(second.customer_id)]
    evidence = read_evidence(graph, [*sides[0], *sides[1]], rules)
    asked = frozenset(subject.asked for subject in (first, second) if subject.kind == "record")
    found, speaks_for = obstacles(evidence, *sides, asked)
    sentence = sentence_apart(first.asked, second.asked, found, len(speaks_for))
    return Explanation(first, second, False, sentence, obstacles=found, speaks_for=speaks_for, cut=cut)


def _unresolved(first: Subject, second: Subject) -> Explanation:
    waiting = [subject.asked for subject in (first, second) if subject.customer_id is None]
    found = (Obstacle("not_resolved", f"{' and '.join(waiting)} does not resolve to a customer: deleted, or newer than "
                      "the last resolve.", ()),)  # fmt: skip
    return Explanation(first, second, False, sentence_apart(first.asked, second.asked, found, 0), obstacles=found)


def _members(graph: Graph, first: Subject, second: Subject) -> tuple[dict[str, list[str]], bool]:
    """Return customer id -> record keys (the records asked about always included), and whether there were more."""
    ids = sorted({str(first.customer_id), str(second.customer_id)})
    rows = graph.read("explain/members", ids=ids, limit=MOST_RECORDS + 1)
    members: dict[str, list[str]] = {customer_id: [] for customer_id in ids}
    for row in rows[:MOST_RECORDS]:
        members[row["customer_id"]].append(row["key"])
    for subject in (first, second):
        keys = members[str(subject.customer_id)]
        if subject.kind == "record" and subject.asked not in keys:
            keys.append(subject.asked)
    return members, len(rows) > MOST_RECORDS
