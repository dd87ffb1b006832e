"""Resolves the records that a change touched, with all that their links reach, in memory.

An index, touched keys, decisions and present customers come in; clusters and scored pairs of the reached records go
out, the same that linking all records by this model gives for them (docs/decisions/0012).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from identity_graph.clusters import Certainty
from identity_graph.links import IdentifierPairs, Links, LinkSet, combine, identifier_links
from identity_graph.matching import unknown_pairs
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
        The scope; its core is closed under links that join, under decisions, aliases and present customers.
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
                return Scope(records, inside, result.sure, self._by_keys(keys, pairs), told, links.links)
            doubtful |= alone

    def _grown(self, touched: set[str]) -> tuple[set[str], set[str]]:
        """Add what decisions, customers and weights hold together; returns the core, and who seems to be alone."""
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
                if not joined:
                    doubtful.add(key)
                more |= joined | self._index.aliases(key)
            more -= seen
            seen |= more
            waiting.extend(more)
        return core, doubtful

    def _looked_at(self, core: set[str], doubtful: set[str]) -> set[str]:
        """Return the core, all that share an identifier, and the neighbours that tell how certain lone records are."""
        near = (self._index.neighbours.of(key) for key in doubtful)
        return self._tied(self._index.sharing(core).union(*near))

    def _tied(self, keys: set[str]) -> set[str]:
        """Add what musts and aliases tie to some records: values of a unique namespace that they join count as one."""
        waiting, found = list(keys), set(keys)
        while waiting:
            key = waiting.pop()
            more = {key for key in self._decided[key] | self._index.aliases(key) if key in self._index} - found
            found |= more
            waiting.extend(more)
        return found

    def _pairs(self, keys: Sequence[str], inside: Flags, shared: IdentifierPairs) -> Table:
        """Weigh the candidates of the core, the pairs that share identifiers, and what its groups leave unknown."""
        row_of = {key: row for row, key in enumerate(keys)}
        wanted: set[tuple[int, int]] = set()
        for row in np.flatnonzero(inside).tolist():
            key = keys[row]
            for other, weight in self._index.neighbours.of(key).items():
                to = row_of.get(other)
                if to is not None:
                    pair = (key, other) if row < to else (other, key)
                    self._weights[pair] = weight
                    wanted.add((row, to) if row < to else (to, row))
        threshold, largest = self._options.policy.threshold_weight, self._index.model.largest_group
        packed = unknown_pairs(self._weighed(keys, wanted), len(keys), threshold, largest)
        left, right = packed >> 32, packed & 0xFFFFFFFF
        known = shared.people.known
        both = known[left] & known[right]
        wanted.update(zip(left[both].tolist(), right[both].tolist(), strict=True))
        asked = inside[shared.left] | inside[shared.right]
        wanted.update(zip(shared.left[asked].tolist(), shared.right[asked].tolist(), strict=True))
        return self._weighed(keys, wanted)

    def _weighed(self, keys: Sequence[str], wanted: Iterable[tuple[int, int]]) -> Table:
        rows = sorted(wanted)
        found = []
        for left, right in rows:
            pair = keys[left], keys[right]
            weight = self._weights.get(pair)
            if weight is None:
                weight = self._weights[pair] = self._index.matcher.weight(*pair)
            found.append(weight)
        columns = {
            "left": pa.array([left for left, _ in rows], pa.int32()),
            "right": pa.array([right for _, right in rows], pa.int32()),
            "match_weight": pa.array(found, pa.float64()),
        }
        return pa.table(columns, schema=PAIR_SCHEMA)

    def _by_keys(self, keys: Sequence[str], pairs: Table) -> dict[tuple[str, str], float]:
        ends = zip(pairs["left"].to_pylist(), pairs["right"].to_pylist(), strict=True)
        return {(keys[left], keys[right]): self._weights[keys[left], keys[right]] for left, right in ends}

    def _reached(self, keys: Sequence[str], inside: Flags, found: LinkSet) -> set[str]:
        """Return the records that a link that joins ties to the core."""
        links = found.links
        joins = (links.weight > self._options.policy.threshold_weight) & (inside[links.left] != inside[links.right])
        ends = np.concatenate([links.left[joins], links.right[joins]])
        return {keys[row] for row in ends.tolist()}

    def _alone(self, keys: Sequence[str], inside: Flags, found: Certainty) -> set[str]:
        size = np.bincount(found.labels, minlength=len(keys))[found.labels]
        return {keys[row] for row in np.flatnonzero(inside & (size == 1)).tolist()}
