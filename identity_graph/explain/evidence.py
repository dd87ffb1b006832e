"""Reads everything the graph knows about a handful of records and each other.

Record keys come in; shared identifiers, scored pairs and decisions in force go out as links, each with its strength
in bits. The strength orders links of different kinds; it decides nothing here.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from identity_graph.graph.port import Graph, Row
from identity_graph.namespaces import DEFAULT_NAMESPACES, NamespaceRule, rule_for

__all__ = [
    "Evidence", "Link", "LinkKind", "SharedIdentifier", "StoredEvidence", "decision_link", "links_between",
    "read_evidence",
]  # fmt: skip


class LinkKind(StrEnum):
    """Why two records are joined, or spoken about together."""

    SHARED_IDENTIFIER = "shared_identifier"
    SCORED_PAIR = "scored_pair"
    DECISION = "decision"
    SUGGESTION = "suggestion"


@dataclass(frozen=True, slots=True)
class Link:
    """One reason between two records, from the smaller key to the larger.

    Attributes:
        strength: bits; infinite for a decision that they must be together, minus infinite for one that they cannot.
        identifier: key of the identifier they share.
        status: of that identifier; only `active` ones join.
        since: when both had been seen with it, or when the decision was taken.
        evidence: comparison -> bits of a scored pair.
        detail: what else there is to say: model version, author, reason, verdict.
    """

    left: str
    right: str
    kind: LinkKind
    strength: float
    identifier: str | None = None
    status: str | None = None
    since: str | None = None
    evidence: Mapping[str, float] = field(default_factory=dict)
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SharedIdentifier:
    """An identifier that two or more of the records hold; kept whole, because k records would make k*k links."""

    key: str
    namespace: str
    status: str
    status_reason: str
    strength: float
    first_seen: Mapping[str, str]

    def between(self, left: str, right: str) -> Link:
        """Return the link it makes between two of its records."""
        left, right = sorted((left, right))
        times = [self.first_seen[key] for key in (left, right) if self.first_seen[key]]
        return Link(
            left, right, LinkKind.SHARED_IDENTIFIER, self.strength, identifier=self.key, status=self.status,
            since=max(times, default=None), detail={"status_reason": self.status_reason} if self.status_reason else {},
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about some records and each other.

    Attributes:
        shared: identifiers held by two or more of them, by key.
        unique_values: record key -> namespace -> values, of the namespaces in which a person has one value only.
        pairs: scored pairs.
        decisions: decisions in force; verdict in `detail`.
        suggested: what only public records would join; the public record in `detail`.
    """

    shared: tuple[SharedIdentifier, ...]
    unique_values: Mapping[str, Mapping[str, frozenset[str]]]
    pairs: tuple[Link, ...]
    decisions: tuple[Link, ...]
    suggested: tuple[Link, ...] = ()


def read_evidence(
    graph: Graph, keys: Sequence[str], rules: Mapping[str, NamespaceRule] = DEFAULT_NAMESPACES
) -> Evidence:
    """Read the links among some records, in four queries."""
    wanted = list(keys)
    held = graph.read("explain/identifiers", keys=wanted)
    return Evidence(
        shared=_shared(held, rules),
        unique_values=_unique_values(held, rules),
        pairs=tuple(_pair(row) for row in graph.read("explain/matches", keys=wanted)),
        decisions=_decisions(graph, wanted),
        suggested=tuple(_suggestion(row) for row in graph.read("explain/suggestions", keys=wanted)),
    )


class StoredEvidence:
    """What the graph holds, for whoever asks more than once.

    Args:
        graph: where the facts, scored pairs and decisions are stored.
        rules: namespace rules.
    """

    def __init__(self, graph: Graph, rules: Mapping[str, NamespaceRule] = DEFAULT_NAMESPACES) -> None:
        self._graph, self._rules = graph, rules

    def links(self, keys: Sequence[str]) -> Evidence:
        """Read the links among some records."""
        return read_evidence(self._graph, keys, self._rules)

    def decisions(self, keys: Sequence[str]) -> tuple[Link, ...]:
        """Read the decisions in force among some records, earliest first."""
        return _decisions(self._graph, keys)


def links_between(evidence: Evidence, left: str, right: str) -> tuple[Link, ...]:
    """Return every link between two records, decisions first, then the strongest first."""
    ends = (min(left, right), max(left, right))
    links = [link for link in (*evidence.decisions, *evidence.pairs) if (link.left, link.right) == ends]
    links += [
        shared.between(*ends)
        for shared in evidence.shared
        if ends[0] in shared.first_seen and ends[1] in shared.first_seen
    ]
    return tuple(
        sorted(links, key=lambda link: (link.kind != LinkKind.DECISION, -link.strength, link.identifier or ""))
    )


def _shared(rows: Sequence[Row], rules: Mapping[str, NamespaceRule]) -> tuple[SharedIdentifier, ...]:
    by_key: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_key[row["key"]].append(row)
    return tuple(
        SharedIdentifier(
            key=key,
            namespace=seen[0]["namespace"],
            status=seen[0]["status"] or "active",
            status_reason=seen[0]["status_reason"] or "",
            strength=rule_for(seen[0]["namespace"], rules).strength,
            first_seen={row["record_key"]: row["first_seen"] or "" for row in seen},
        )
        for key, seen in sorted(by_key.items())
        if len(seen) > 1
    )


def _unique_values(rows: Sequence[Row], rules: Mapping[str, NamespaceRule]) -> dict[str, dict[str, frozenset[str]]]:
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        if rule_for(row["namespace"], rules).unique and (row["status"] or "active") == "active":
            found[row["record_key"]][row["namespace"]].add(row["value"])
    return {
        record: {namespace: frozenset(values) for namespace, values in namespaces.items()}
        for record, namespaces in found.items()
    }


def _pair(row: Row) -> Link:
    return Link(
        row["left"], row["right"], LinkKind.SCORED_PAIR, float(row["match_weight"]),
        evidence=json.loads(row["evidence"] or "{}"), detail={"model_version": row["model_version"] or ""},
    )  # fmt: skip


def _decisions(graph: Graph, keys: Sequence[str]) -> tuple[Link, ...]:
    return tuple(decision_link(row) for row in graph.read("explain/decisions", keys=list(keys)))


def decision_link(row: Row) -> Link:
    """Return a decision as a link; `row` has the two keys, `at`, id, verdict, author and reason."""
    strength = {"must": math.inf, "cannot": -math.inf}.get(row["verdict"], 0.0)
    return Link(
        row["left"], row["right"], LinkKind.DECISION, strength, since=row["at"],
        detail={name: row[name] or "" for name in ("id", "verdict", "author", "reason")},
    )  # fmt: skip


def _suggestion(row: Row) -> Link:
    detail = {"via": row["via"], "reason": row["reason"]}
    return Link(row["left"], row["right"], LinkKind.SUGGESTION, float(row["weight"]), detail=detail)
