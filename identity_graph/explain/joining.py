"""Finds what joined customers when they merged, or parted them: evidence across them, as it stands at that moment.

Merges come in with who held which records before; the fewest, strongest links that hold the former customers together
go out, ready to be kept in the lineage. All merges of a change set are asked for at once, and so are all splits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

from identity_graph.customers.telling import Merge
from identity_graph.explain.evidence import Evidence, Link, LinkKind

__all__ = ["MOST_RECORDS", "EvidenceSource", "EvidenceWitness"]

MOST_RECORDS = 500
"""Records of a merge, and of each side of a split, that are looked at."""


@dataclass(frozen=True, slots=True)
class _Across:
    """A link of one merge, and the sides it joins: former customers, or records that had none."""

    link: Link
    left: str
    right: str

    @property
    def order(self) -> tuple[bool, float, str, str, str]:
        """Decisions first, then the strongest; the rest only makes the order fixed."""
        link = self.link
        return link.kind != LinkKind.DECISION, -link.strength, link.left, link.right, link.identifier or ""


class EvidenceSource(Protocol):
    """Knows what is known about some records and each other: the graph, or a memory that holds the same."""

    def links(self, keys: Sequence[str]) -> Evidence:
        """Return the identifiers that the records share, and the scored pairs and decisions in force among them."""
        ...

    def decisions(self, keys: Sequence[str]) -> Sequence[Link]:
        """Return the decisions in force among the records, earliest first."""
        ...


class EvidenceWitness:
    """Finds the reasons in what is known of the records.

    Args:
        source: of the evidence.
    """

    def __init__(self, source: EvidenceSource) -> None:
        self._source = source

    def joined(self, merges: Sequence[Merge]) -> list[list[dict[str, Any]]]:
        """Return for each merge the links that joined it, strongest first, as plain values.

        Args:
            merges: no record in two of them.

        Returns:
            Per merge `left`, `right` (record keys), `kind`, `weight` (bits; None for a decision), `identifier`, and
            `decision_id`. Empty where nothing stored says why.
        """
        sides = [_sides(merge) for merge in merges]
        merge_of = {key: number for number, side in enumerate(sides) for key in side}
        evidence = self._source.links(sorted(merge_of))
        across: list[list[_Across]] = [[] for _ in merges]
        for link in _links(evidence, merge_of, sides):
            number = merge_of[link.left]
            side = sides[number]
            if merge_of[link.right] == number and side[link.left] != side[link.right]:
                across[number].append(_Across(link, side[link.left], side[link.right]))
        return [
            [_plain(one.link) for one in _strongest(found, {merge.survivor, *merge.absorbed})]
            for found, merge in zip(across, merges, strict=True)
        ]

    def parted(self, splits: Sequence[Mapping[str, Any]]) -> list[str | None]:
        """Return for each split the first decision in force that two records of different sides cannot be together."""
        place_of: dict[str, tuple[int, str]] = {}
        for number, split in enumerate(splits):
            sides = {split["from"]: split["records"], **{one["id"]: one["records"] for one in split["into"]}}
            for side, records in sides.items():
                place_of |= dict.fromkeys(records[:MOST_RECORDS], (number, side))
        parted: list[str | None] = [None] * len(splits)
        for link in self._source.decisions(sorted(place_of)):
            (number, one), (other_number, other) = place_of[link.left], place_of[link.right]
            if link.detail["verdict"] == "cannot" and number == other_number and one != other:
                parted[number] = parted[number] or link.detail["id"]
        return parted


def _sides(merge: Merge) -> dict[str, str]:
    """Return record -> former customer, or the record itself where it had none; those with a customer come first."""
    known = {key: home for key, home in merge.former.items() if home is not None}
    fresh = {key: key for key, home in merge.former.items() if home is None}
    return dict(list({**known, **fresh}.items())[:MOST_RECORDS])


def _links(evidence: Evidence, merge_of: Mapping[str, int], sides: Sequence[Mapping[str, str]]) -> Iterator[Link]:
    """Yield what may join; of an identifier one link from each further side to the side before."""
    for link in (*evidence.decisions, *evidence.pairs):
        if link.detail.get("verdict", "must") == "must" and link.strength > 0:
            yield link
    for shared in evidence.shared:
        if shared.status != "active":
            continue
        first_of: dict[tuple[int, str], str] = {}
        for key in sorted(shared.first_seen):
            first_of.setdefault((merge_of[key], sides[merge_of[key]][key]), key)
        holders = sorted((number, key) for (number, _), key in first_of.items())
        for (number, one), (other_number, other) in pairwise(holders):
            if number == other_number:
                yield shared.between(one, other)


def _strongest(across: Iterable[_Across], customers: set[str]) -> list[_Across]:
    """Return the maximum spanning tree of the sides, without the branches that lead to no former customer.

    Source: Kruskal, "On the shortest spanning subtree of a graph", 1956.
    """
    leader: dict[str, str] = {}

    def lead(side: str) -> str:
        while leader.setdefault(side, side) != side:
            leader[side] = leader[leader[side]]
            side = leader[side]
        return side

    tree = []
    for one in sorted(across, key=lambda found: found.order):
        if lead(one.left) != lead(one.right):
            leader[lead(one.left)] = lead(one.right)
            tree.append(one)
    while True:
        ends = [side for one in tree for side in (one.left, one.right)]
        loose = {side for side in ends if side not in customers and ends.count(side) == 1}
        if not loose:
            return tree
        tree = [one for one in tree if not loose & {one.left, one.right}]


def _plain(link: Link) -> dict[str, Any]:
    decided = link.kind == LinkKind.DECISION
    return {
        "left": link.left, "right": link.right, "kind": link.kind.value,
        "weight": None if decided else round(link.strength, 2), "identifier": link.identifier,
        "decision_id": link.detail["id"] if decided else None,
    }  # fmt: skip
