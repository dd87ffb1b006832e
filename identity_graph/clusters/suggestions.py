"""What only a public key says: known customers that would have joined, had all records been trusted.

A division with its known customers and the links it was made of come in; pairs of known records go out, each with the
public record between them, for a steward to decide on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from identity_graph.clusters.evidence import GroupEvidence, scores
from identity_graph.clusters.policy import ClusterPolicy
from identity_graph.clusters.start import held_together, start
from identity_graph.links.types import Codes, Flags, LinkKind, LinkSet, Rows

__all__ = ["Divided", "Suggestion", "suggestions"]


@dataclass(frozen=True, slots=True, order=True)
class Suggestion:
    """Two known customers that a public record would join.

    Attributes:
        left: row of a record of one of them; below `right`.
        right: row of a record of the other.
        via: row of the public record that speaks for it.
        weight: bits of its weaker tie to the two.
        reason: what the tie rests on: `identifiers`, `match` (the model's weight) or `alias`.
    """

    left: int
    right: int
    via: int
    weight: float
    reason: str


@dataclass(frozen=True, slots=True)
class Divided:
    """What was decided.

    Attributes:
        labels: per record, its cluster.
        customer: per record, the known customer that trusted records alone make it part of (its first record), -1 for
            none.
    """

    labels: Rows
    customer: Codes

    def of_cluster(self) -> Codes:
        """Return the known customer of each cluster, -1 for none; a cluster holds one at most."""
        found = np.full(len(self.labels), -1, dtype=np.int64)
        np.maximum.at(found, self.labels, self.customer)
        return found


@dataclass(frozen=True, slots=True)
class _Tie:
    """What ties a public record to a known customer: `end` is the record at that end."""

    weight: float
    via: int
    end: int
    reason: str


def suggestions(divided: Divided, found: LinkSet, policy: ClusterPolicy) -> tuple[Suggestion, ...]:
    """Return what a steward may join, ascending by rows.

    Args:
        divided: the clusters.
        found: the links and constraints they were made of, with a standing.
        policy: what joins.

    Cost: linear in links; in the ties of one public cluster that were not followed, the square.
    """
    ties = _ties(divided, found, policy)
    if not ties:
        return ()
    clusters = _Clusters(divided, found, policy)
    told: dict[tuple[int, int], Suggestion] = {}
    for own, around in ties.items():
        for one, other, tie in clusters.unjoined(own, around):
            left, right = sorted((clusters.record(one, tie), clusters.record(other, tie)))
            new = Suggestion(left, right, tie.via, tie.weight, tie.reason)
            pair = (min(one, other), max(one, other))
            told[pair] = min(new, told.get(pair, new), key=lambda each: (-each.weight, each.via, each))
    return tuple(sorted(told.values()))


def _ties(divided: Divided, found: LinkSet, policy: ClusterPolicy) -> dict[int, dict[int, _Tie]]:
    """Return cluster -> known customer -> the strongest tie from a public record of the one to the other."""
    assert found.standing is not None
    public, label, links = found.standing.public, divided.labels, found.links
    customer = divided.of_cluster()
    ties: dict[int, dict[int, _Tie]] = defaultdict(dict)

    def note(via: int, end: int, weight: float, reason: str) -> None:
        own, other = int(label[via]), int(label[end])
        if public[via] and own != other and customer[other] >= 0:
            new = _Tie(weight, via, end, reason)
            ties[own][other] = min(new, ties[own].get(other, new), key=lambda tie: (-tie.weight, tie.via, tie.end))

    between = links.where(
        (links.weight > policy.threshold_weight)
        & (public[links.left] | public[links.right])
        & (label[links.left] != label[links.right])
    )
    scored = (between.kind & LinkKind.MATCH) != 0
    rows = (between.left.tolist(), between.right.tolist(), between.weight.tolist(), scored.tolist())
    for left, right, weight, matched in zip(*rows, strict=True):
        note(left, right, weight, "match" if matched else "identifiers")
        note(right, left, weight, "match" if matched else "identifiers")
    for left, right in found.standing.aliases.tolist():
        note(left, right, policy.strongest_for, "alias")
        note(right, left, policy.strongest_for, "alias")
    return {own: around for own, around in ties.items() if len(around) + int(customer[own] >= 0) > 1}


class _Clusters:
    """The clusters as they would stand to each other if all records were trusted."""

    def __init__(self, divided: Divided, found: LinkSet, policy: ClusterPolicy) -> None:
        assert found.standing is not None
        constraints = replace(found.constraints, must=held_together(divided.labels))
        begun = start(len(divided.labels), found.links, constraints, policy)
        score, evidence = scores(begun.evidence, begun.groups, policy), begun.evidence
        self._groups = begun.groups
        self._trusted = ~found.standing.public
        self._customer, self._label = divided.of_cluster(), divided.labels
        self._joins = _pairs(evidence, score > 0)
        self._vetoed = _pairs(evidence, evidence.sums[:, 4] > 0)
        self._strangers = _pairs(evidence, (evidence.sums[:, 1] > 0) & (score <= 0))

    def unjoined(self, own: int, around: Mapping[int, _Tie]) -> Iterator[tuple[int, int, _Tie]]:
        """Yield the known customers that a cluster would tie together, with the weaker of the two ties."""
        near = {other: tie for other, tie in around.items() if self._follows(own, other, tie)}
        if self._customer[own] >= 0:
            yield from ((own, other, tie) for other, tie in sorted(near.items()))
            return
        for one, other in combinations(sorted(near), 2):
            weaker = max(near[one], near[other], key=lambda tie: (-tie.weight, tie.via, tie.end))
            if self._may_meet(one, other, "alias" in (near[one].reason, near[other].reason)):
                yield one, other, weaker

    def record(self, cluster: int, tie: _Tie) -> int:
        """Return the record that stands for a known customer: the one that the tie ends at, else its first."""
        if self._trusted[tie.end] and self._label[tie.end] == cluster:
            return tie.end
        return int(self._customer[cluster])

    def _follows(self, own: int, other: int, tie: _Tie) -> bool:
        pair = (min(own, other), max(own, other))
        return pair not in self._vetoed if tie.reason == "alias" else pair in self._joins

    def _may_meet(self, one: int, other: int, by_alias: bool) -> bool:
        pair = (one, other)
        if by_alias or pair in self._vetoed:
            return pair not in self._vetoed
        ends = np.array([pair], dtype=np.int64)
        return pair not in self._strangers and not self._groups.apart(ends[:, 0], ends[:, 1])[0]


def _pairs(evidence: GroupEvidence, wanted: Flags) -> set[tuple[int, int]]:
    return set(zip(evidence.left[wanted].tolist(), evidence.right[wanted].tolist(), strict=True))
