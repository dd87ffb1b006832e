"""Visitors that two people compete for: what a browser did belongs to the person it led to, unless it led to two.

Links and constraints come in; the same links go out, those of contested visitors weighing too little to join. A visitor
is what says nothing of a person and holds no value of a unique namespace. A pure function of each connected component
(docs/decisions/0013).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, groupby
from operator import itemgetter

import numpy as np

from identity_graph.clusters.evidence import Groups, counted
from identity_graph.clusters.partition import partition
from identity_graph.clusters.policy import ClusterPolicy
from identity_graph.clusters.start import components, held_together, start
from identity_graph.links.types import Bits, Codes, Constraints, Flags, Links, ascending

__all__ = ["without_contested"]


def without_contested(count: int, links: Links, constraints: Constraints, policy: ClusterPolicy) -> Links:
    """Let the links of contested visitors join nothing.

    The links of a visitor are followed from the strongest to the weakest, through other visitors. Where those of one
    strength lead to people who do not go together, because a constraint or a comparison keeps them apart, the visitor
    is of none of them.

    Args:
        count: number of records.
        links: evidence between them.
        constraints: what holds whatever the weights say.
        policy: what a weight counts, and what joins.

    Returns:
        The links; those that lead out of a contested visitor weigh what chance gives each of the people who compete,
        and never more than the threshold.

    Cost: that of a partition of the components in which a visitor meets several records of people.
    """
    held = components(count, constraints.must[:, 0], constraints.must[:, 1])
    person = np.ones(count, dtype=np.bool_) if links.people is None else links.people.copy()
    for code in constraints.exclusive:
        person |= code >= 0
    of_person = np.zeros(count, dtype=np.bool_)
    of_person[held[person]] = True
    joins = links.where(links.weight > policy.threshold_weight)
    left, right = held[joins.left], held[joins.right]
    free = ~(of_person[left] & of_person[right]) & (left != right)
    if not free.any():
        return links
    paths = _Paths(left[free], right[free], counted(joins.weight[free], policy), of_person)
    paths = paths.that_meet_several(np.arange(count, dtype=np.int64))
    if not len(paths.left):
        return links
    people = _people(paths, held, links, constraints, policy)
    paths = paths.that_meet_several(people.label)
    if not len(paths.left):
        return links
    return _weakened(links, held, paths, _followed(paths, people), policy)


@dataclass(frozen=True, slots=True)
class _Paths:
    """Links that join with a visitor at one end or both; ends are groups that musts hold together."""

    left: Codes
    right: Codes
    weight: Bits
    of_person: Flags

    def that_meet_several(self, people: Codes) -> _Paths:
        """Keep the links of visitors that hang together and meet several people.

        Args:
            people: per group of a person, who it is.
        """
        both = ~self.of_person[self.left] & ~self.of_person[self.right]
        among = components(len(people), self.left[both], self.right[both])
        visitor = np.where(self.of_person[self.left], self.right, self.left)
        other = np.where(self.of_person[self.left], self.left, self.right)
        count = np.int64(len(people))
        meetings = ascending(among[visitor[~both]] * count + people[other[~both]])
        several = np.bincount(meetings // count, minlength=len(people)) > 1
        keep = several[among[visitor]]
        return _Paths(self.left[keep], self.right[keep], self.weight[keep], self.of_person)


@dataclass(frozen=True, slots=True)
class _People:
    """The people whom visitors meet, divided without the visitors.

    Attributes:
        label: per group of a person, the smallest row of the person.
        groups: what is known of each person.
        compared: pairs of people that were compared, or that a steward keeps apart, the smaller first.
    """

    label: Codes
    groups: Groups
    compared: set[tuple[int, int]]

    def compete(self, some: Collection[int]) -> bool:
        """Say whether two of these people do not go together."""
        pairs = list(combinations(sorted(some), 2))
        if any(pair in self.compared for pair in pairs):
            return True
        ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return bool(self.groups.apart(ends[:, 0], ends[:, 1]).any())


def _people(paths: _Paths, held: Codes, links: Links, constraints: Constraints, policy: ClusterPolicy) -> _People:
    both = paths.of_person[held[links.left]] & paths.of_person[held[links.right]]
    joins = both & (links.weight > policy.threshold_weight)
    home = components(len(held), held[links.left[joins]], held[links.right[joins]])[held]
    ends = np.concatenate([paths.left, paths.right])
    near = np.zeros(len(held), dtype=np.bool_)
    near[home[ends[paths.of_person[ends]]]] = True
    among = links.where(both & near[home[links.left]] & near[home[links.right]])
    label = partition(len(held), among, constraints, policy).astype(np.int64)
    begun = start(len(held), among, replace(constraints, must=held_together(label)), policy)
    kept = begun.evidence.where((begun.evidence.sums[:, 1] > 0) | (begun.evidence.sums[:, 4] > 0))
    return _People(label, begun.groups, set(zip(kept.left.tolist(), kept.right.tolist(), strict=True)))


class _Following:
    """Links of visitors followed strength by strength; groups of visitors are called after one of them.

    Attributes:
        leads_to: group of visitors -> the people it led to, or that compete for it.
        contested: groups that people compete for, or that hang on such a group.
    """

    def __init__(self, people: _People, of_person: Flags) -> None:
        self._people, self._of_person = people, of_person
        self._name: dict[int, int] = {}
        self.leads_to: dict[int, frozenset[int]] = {}
        self.contested: set[int] = set()

    def group(self, visitor: int) -> int:
        """Return what the group of a visitor is called."""
        while (name := self._name.get(visitor, visitor)) != visitor:
            self._name[visitor] = self._name.get(name, name)
            visitor = name
        return visitor

    def follow(self, links: Iterable[tuple[int, int]]) -> None:
        """Follow all links of one strength: whoever they tie together shares what they lead to."""
        tied: dict[int, set[int]] = defaultdict(set)
        met: dict[int, set[int]] = defaultdict(set)
        lost: set[int] = set()
        for one, other in links:
            ends = [end for end in (one, other) if not self._of_person[end]]
            free = [group for group in map(self.group, ends) if group not in self.leads_to]
            for group in free:
                tied[group].update(free)
                for end in (one, other):
                    if self._of_person[end]:
                        met[group].add(int(self._people.label[end]))
                    elif (name := self.group(end)) in self.leads_to:
                        met[group] |= self.leads_to[name]
                        lost |= {group} if name in self.contested else set()
        for some in _groups(tied):
            self._settle(some, frozenset[int]().union(*(met[group] for group in some)), not lost.isdisjoint(some))

    def _settle(self, some: Sequence[int], people: frozenset[int], lost: bool) -> None:
        """Let groups that are tied together be of the people they led to, or of nobody where these compete."""
        if lost or self._people.compete(people):
            self.contested.update(some)
            self.leads_to.update(dict.fromkeys(some, people))
            return
        for group in some:
            self._name[group] = some[0]
        if people:
            self.leads_to[some[0]] = people


def _groups(tied: Mapping[int, Collection[int]]) -> Iterator[list[int]]:
    """Yield the nodes that hang together, each set once, ascending."""
    seen: set[int] = set()
    for first in sorted(tied):
        if first in seen:
            continue
        seen.add(first)
        some = [first]
        for node in some:
            more = set(tied[node]) - seen
            seen |= more
            some.extend(more)
        yield sorted(some)


def _followed(paths: _Paths, people: _People) -> _Following:
    following = _Following(people, paths.of_person)
    order = np.lexsort((paths.right, paths.left, -paths.weight))
    rows = zip(paths.weight[order].tolist(), paths.left[order].tolist(), paths.right[order].tolist(), strict=True)
    for _, same in groupby(rows, key=itemgetter(0)):
        following.follow([(left, right) for _, left, right in same])
    return following


def _weakened(links: Links, held: Codes, paths: _Paths, following: _Following, policy: ClusterPolicy) -> Links:
    """Let what leads out of contested visitors weigh as little as chance says."""
    ends = np.concatenate([paths.left, paths.right])
    group, rivals = np.full(len(held), -1, dtype=np.int64), np.ones(len(held), dtype=np.int64)
    for visitor in ascending(ends[~paths.of_person[ends]]).tolist():
        name = following.group(visitor)
        if name in following.contested:
            group[visitor], rivals[visitor] = name, len(following.leads_to[name])
    left, right = held[links.left], held[links.right]
    out = (group[left] != group[right]) & (links.weight > policy.threshold_weight)
    most = np.minimum(-np.log2(np.maximum(np.maximum(rivals[left], rivals[right]) - 1, 1)), policy.threshold_weight)
    return replace(links, weight=np.where(out, most, links.weight))
