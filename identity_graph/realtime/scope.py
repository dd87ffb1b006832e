"""Resolves the records that a change touched, with all that their links reach, in memory.

An index, touched keys and decisions come in; clusters and scored pairs of the reached records go out, the same that
linking all records by this model gives for them (docs/decisions/0012).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from identity_graph.clusters import Certainty
from identity_graph.links import IdentifierPairs, LinkSet, combine, identifier_links
from identity_graph.matching import unknown_pairs
from identity_graph.model import Decision, Verdict
from identity_graph.pipeline.linking import LinkingOptions
from identity_graph.pipeline.local_rules import cluster, link_options
from identity_graph.realtime.index import LiveIndex
from identity_graph.tables import PAIR_SCHEMA, Table

__all__ = ["Scope", "link_scope"]


@dataclass(frozen=True, slots=True)
class Scope:
    """The records that were resolved, and those next to them.

    Attributes:
        records: record table sorted by key, of both.
        core: per row, whether it was resolved; the others are there for their links only.
        found: labels and certainties; of the core they hold.
        pairs: scored pairs with an end in the core, with columns of evidence.
    """

    records: Table
    core: npt.NDArray[np.bool_]
    found: Certainty
    pairs: Table


def link_scope(
    index: LiveIndex, touched: Iterable[str], decisions: Sequence[Decision], options: LinkingOptions
) -> Scope:
    """Resolve touched records with everything that holds together with them.

    Args:
        index: the records as they are now.
        touched: keys; those the index does not hold are passed over.
        decisions: stewards' decisions in force.
        options: how to link.

    Returns:
        The scope; its core is closed under links that join and under decisions.
    """
    return _Closure(index, decisions, options).of({key for key in touched if key in index})


class _Closure:
    """One scope while it grows until no link that joins leads out of it."""

    def __init__(self, index: LiveIndex, decisions: Sequence[Decision], options: LinkingOptions) -> None:
        self._index, self._decisions, self._options = index, decisions, options
        self._links = link_options(index.model, index.roles, options.rules, index.left_out)
        self._weights: dict[tuple[str, str], tuple[float, tuple[float, ...]]] = {}
        self._blocked_with: dict[str, set[str]] = {}
        self._sharing: dict[str, set[str]] = {}
        self._decided: dict[str, set[str]] = defaultdict(set)
        for one in decisions:
            if one.verdict is not Verdict.UNDECIDED and one.left in index and one.right in index:
                self._decided[one.left].add(one.right)
                self._decided[one.right].add(one.left)

    def of(self, core: set[str]) -> Scope:
        while True:
            core = self._with_decided(core)
            records = self._index.table(core.union(*(self._near(key) for key in core)))
            keys: list[str] = records["key"].to_pylist()
            inside = np.array([key in core for key in keys], dtype=np.bool_)
            shared = identifier_links(records, self._index.roles, self._links)
            pairs = self._pairs(keys, inside, shared)
            links = combine(records, pairs, shared, self._decisions, self._links)
            reached = self._reached(keys, inside, links)
            if reached <= core:
                found = cluster(links, len(keys), self._options.policy)
                return Scope(records, inside, found, pairs)
            core |= reached

    def _with_decided(self, core: set[str]) -> set[str]:
        waiting, found = list(core), set(core)
        while waiting:
            more = self._decided[waiting.pop()] - found
            found |= more
            waiting.extend(more)
        return found

    def _near(self, key: str) -> set[str]:
        """Return the records that have a link with one, or share an identifier."""
        if key not in self._blocked_with:
            matcher = self._index.matcher
            values = matcher.held(matcher.row_of(key))
            found = matcher.matches_among(values, matcher.candidates(values, key))
            self._blocked_with[key] = {match.key for match in found}
            self._sharing[key] = self._index.sharing(key)
        return self._blocked_with[key] | self._sharing[key]

    def _pairs(self, keys: Sequence[str], inside: npt.NDArray[np.bool_], shared: IdentifierPairs) -> Table:
        """Weigh the candidates of the core, the pairs that share identifiers, and what its groups leave unknown."""
        row_of = {key: row for row, key in enumerate(keys)}
        wanted = {
            (min(row_of[key], row_of[other]), max(row_of[key], row_of[other]))
            for key in keys
            if inside[row_of[key]]
            for other in self._blocked_with[key]
        }
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
        for left, right in rows:
            pair = keys[left], keys[right]
            if pair not in self._weights:
                self._weights[pair] = self._index.matcher.explain(*pair)
        found = [self._weights[keys[left], keys[right]] for left, right in rows]
        names = self._index.matcher.names
        columns = {
            "left": pa.array([left for left, _ in rows], pa.int32()),
            "right": pa.array([right for _, right in rows], pa.int32()),
            "match_weight": pa.array([weight for weight, _ in found], pa.float64()),
        }
        for place, name in enumerate(names):
            columns[f"mw_{name}"] = pa.array([bits[place] for _, bits in found], pa.float64())
        evidence = [pa.field(f"mw_{name}", pa.float64()) for name in names]
        return pa.table(columns, schema=pa.schema([*PAIR_SCHEMA, *evidence]))

    def _reached(self, keys: Sequence[str], inside: npt.NDArray[np.bool_], found: LinkSet) -> set[str]:
        """Return the records that a link that joins ties to the core."""
        links = found.links
        joins = (links.weight > self._options.policy.threshold_weight) & (inside[links.left] != inside[links.right])
        ends = np.concatenate([links.left[joins], links.right[joins]])
        return {keys[row] for row in ends.tolist()}
