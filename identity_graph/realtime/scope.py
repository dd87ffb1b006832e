"""Resolves the records that a change touched, with all that their links reach, in memory.

An index, touched keys, decisions and present customers come in; clusters and scored pairs of the reached records go
out, the same that linking all records by this model gives for them (docs/decisions/0012).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from identity_graph.clusters import Certainty
from identity_graph.links import IdentifierPairs, Links, LinkSet, combine, identifier_links
from identity_graph.matching import pack, unknown_pairs, unpack
from identity_graph.model import Decision, Verdict
from identity_graph.pipeline.linking import LinkingOptions
from identity_graph.pipeline.local_rules import cluster, link_options
from identity_graph.realtime.holdings import Holdings
from identity_graph.realtime.index import LiveIndex
from identity_graph.review import suggestion_rows
from identity_graph.tables import PAIR_SCHEMA, Table

__all__ = ["Scope", "link_scope"]

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Scope:
    """The records that were resolved, and those next to them.

    Attributes:
        records: record table sorted by key, of both.
        core: per row, whether it was resolved; the others are there for their links only.
        found: labels and certainties; of the core they hold.
        weights: (smaller key, larger key) -> bits, of all scored pairs inside the core, and of some that lead out.
        suggestions: of the core, as they are stored.
        links: all evidence about each pair of rows, of which those of the core are whole.
    """

    records: Table
    core: Flags
    found: Certainty
    weights: dict[tuple[str, str], float]
    suggestions: list[dict[str, Any]]
    links: Links

    def core_keys(self) -> list[str]:
        """Return the keys of the core."""
        keys: list[str] = self.records["key"].filter(pa.array(self.core)).to_pylist()
        return keys


def link_scope(
    index: LiveIndex,
    touched: Iterable[str],
    decisions: Sequence[Decision],
    holdings: Holdings,
    options: LinkingOptions,
) -> Scope:
    """Resolve touched records with everything that holds together with them.

    Args:
        index: the records as they are now.
        touched: keys; those the index does not hold only bring the records of their customer.
        decisions: stewards' decisions in force.
        holdings: who resolves to whom now.
        options: how to link.

    Returns:
        The scope; its core is closed under links that join, decisions, aliases, values of unique namespaces and present
        customers.
    """
    return _Closure(index, decisions, holdings, options).of(set(touched))


class _Closure:
    """One scope while it grows until nothing that holds together leads out of it."""

    def __init__(
        self, index: LiveIndex, decisions: Sequence[Decision], holdings: Holdings, options: LinkingOptions
    ) -> None:
        self._index, self._decisions, self._holdings, self._options = index, decisions, holdings, options
        self._links = link_options(index.model, index.roles, options.rules, index.left_out, options.public_sources)
        self._weights: dict[tuple[str, str], float] = {}
        self._decided: dict[str, set[str]] = defaultdict(set)
        for one in decisions:
            if one.verdict is not Verdict.UNDECIDED and one.left in index and one.right in index:
                self._decided[one.left].add(one.right)
                self._decided[one.right].add(one.left)

    def of(self, touched: set[str]) -> Scope:
        """Grow the core, and the records looked at because a record of it is alone, until both are whole."""
        core, doubtful = self._grown(touched)
        while True:
            records = self._index.records.table(self._looked_at(core, doubtful))
            keys: list[str] = records["key"].to_pylist()
            inside = np.array([key in core for key in keys], dtype=np.bool_)
            shared = identifier_links(records, self._index.roles, self._links)
            pairs = self._pairs(keys, inside, shared)
            links = combine(records, pairs, shared, self._decisions, self._links)
            reached = self._reached(keys, inside, links)
            if not reached <= core:
                core, found = self._grown(core | reached)
                doubtful |= found
                continue
            result = cluster(links, len(keys), self._options.policy)
            alone = self._alone(keys, inside, result.sure)
            if alone <= doubtful:
                told = suggestion_rows(keys, (one for one in result.suggestions if inside[one.left]))
                return Scope(records, inside, result.sure, _by_keys(keys, pairs), told, links.links)
            doubtful |= alone

    def _grown(self, touched: set[str]) -> tuple[set[str], set[str]]:
        """Add what decisions, customers and weights hold together; returns the core, and who is, or seems, alone.

        Whoever holds a value of a unique namespace comes too, alike or not: a tie of theirs to a record with another
        value makes the two values one for all who hold either.
        """
        threshold = self._options.policy.threshold_weight
        waiting, seen, core, doubtful = list(touched), set(touched), set[str](), set[str]()
        customers: set[str | None] = {None}
        while waiting:
            key = waiting.pop()
            customer, more = self._holdings.customer(key), set[str]()
            if customer not in customers:
                customers.add(customer)
                more.update(self._holdings.fellows(key))
            if key in self._index:
                core.add(key)
                joined = {
                    other for other, weight in self._index.neighbours.of(key).items() if weight > threshold
                } | self._decided[key]
                if not joined or self._holdings.alone(key):
                    doubtful.add(key)
                more |= joined | self._index.aliases(key) | self._index.sharing_unique(key)
            more -= seen
            seen |= more
            waiting.extend(more)
        return core, doubtful

    def _looked_at(self, core: set[str], doubtful: set[str]) -> set[str]:
        """Return the core, all that share an identifier, and the neighbours that tell how certain lone records are."""
        near = (self._index.neighbours.of(key) for key in doubtful)
        return self._index.sharing(core).union(*near)

    def _pairs(self, keys: Sequence[str], inside: Flags, shared: IdentifierPairs) -> Table:
        """Weigh the candidates of the core, the pairs that share identifiers, and what its groups leave unknown."""
        scored = self._candidates(keys, inside)
        threshold, largest = self._options.policy.threshold_weight, self._index.model.largest_group
        unknown = unknown_pairs(scored, len(keys), threshold, largest)
        one, other = unpack(unknown)
        unknown = unknown[shared.people.known[one] & shared.people.known[other]]
        asked = inside[shared.left] | inside[shared.right]
        tied = pack(shared.left[asked], shared.right[asked])
        more = np.setdiff1d(np.union1d(unknown, tied), pack(scored["left"].to_numpy(), scored["right"].to_numpy()))
        return pa.concat_tables([scored, _scored(more, self._weighed(keys, more))]).sort_by(
            [("left", "ascending"), ("right", "ascending")]
        )

    def _candidates(self, keys: Sequence[str], inside: Flags) -> Table:
        """Return the candidates of the core that are looked at too, with their weights; each pair once."""
        row_of = {key: row for row, key in enumerate(keys)}
        core = np.flatnonzero(inside)
        sizes: list[int] = []
        others: list[int] = []
        weights: list[float] = []
        for row in core.tolist():
            near = self._index.neighbours.of(keys[row])
            sizes.append(len(near))
            others.extend(map(row_of.get, near, repeat(-1)))
            weights.extend(near.values())
        right = np.array(others, dtype=np.int64)
        there = right >= 0
        left, right = np.repeat(core, np.array(sizes, dtype=np.int64))[there], right[there]
        packed, first = np.unique(pack(left, right), return_index=True)
        return _scored(packed, np.array(weights, dtype=np.float64)[there][first])

    def _weighed(self, keys: Sequence[str], packed: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Weigh pairs that are no candidates; what was weighed while the scope was smaller is kept."""
        found = []
        for left, right in zip(*(side.tolist() for side in unpack(packed)), strict=True):
            pair = keys[left], keys[right]
            weight = self._weights.get(pair)
            if weight is None:
                weight = self._weights[pair] = self._index.matcher.weight(*pair)
            found.append(weight)
        return np.array(found, dtype=np.float64)

    def _reached(self, keys: Sequence[str], inside: Flags, found: LinkSet) -> set[str]:
        """Return the records that a link that joins ties to the core."""
        links = found.links
        joins = (links.weight > self._options.policy.threshold_weight) & (inside[links.left] != inside[links.right])
        ends = np.concatenate([links.left[joins], links.right[joins]])
        return {keys[row] for row in ends.tolist()}

    def _alone(self, keys: Sequence[str], inside: Flags, found: Certainty) -> set[str]:
        size = np.bincount(found.labels, minlength=len(keys))[found.labels]
        return {keys[row] for row in np.flatnonzero(inside & (size == 1)).tolist()}


def _scored(packed: npt.NDArray[np.int64], weights: npt.NDArray[np.float64]) -> Table:
    left, right = unpack(packed)
    return pa.table({"left": left, "right": right, "match_weight": weights}, schema=PAIR_SCHEMA)


def _by_keys(keys: Sequence[str], pairs: Table) -> dict[tuple[str, str], float]:
    ends = ([keys[row] for row in pairs[side].to_pylist()] for side in ("left", "right"))
    return dict(zip(zip(*ends, strict=True), pairs["match_weight"].to_pylist(), strict=True))
