"""One record among a few others, resolved in memory like all records together: whom it would join, and by which links.

A matcher without records, a model and its rules come in at the start; the record that stands for a description and the
records around it afterwards. Links and the record's cluster go out. Leaves the matcher without records again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow as pa

from identity_graph.facts.prepare import RecordRow
from identity_graph.facts.segments import record_table
from identity_graph.links import IdentifierPairs, Links, combine, identifier_links, quarantined
from identity_graph.matching import MatchModel, OneRecordMatcher, unknown_pairs
from identity_graph.model import Decision
from identity_graph.pipeline.linking import LinkingOptions
from identity_graph.pipeline.local_rules import cluster, link_options
from identity_graph.realtime.placed import Found, Speaker, Tie, rivals
from identity_graph.roles import PERSON_ROLES, Role
from identity_graph.tables import PAIR_SCHEMA, Table

__all__ = ["Company"]


class Company:
    """Records held for one question; a context manager.

    Args:
        matcher: holds no records.
        model: the matcher's model.
        roles: role of each attribute.
        linking: rules and numbers of linking and clustering.
    """

    def __init__(
        self, matcher: OneRecordMatcher, model: MatchModel, roles: Mapping[str, Role], linking: LinkingOptions
    ) -> None:
        self._matcher, self._model, self._roles, self._linking = matcher, model, roles, linking
        self._held: set[str] = set()
        self._visitors: set[str] = set()

    def __enter__(self) -> Company:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, places: TracebackType | None
    ) -> None:
        for key in self._held:
            self._matcher.remove(key)

    def near(self, record: RecordRow, others: Iterable[RecordRow]) -> list[str]:
        """Return which records have a scored link with one, the strongest first."""
        for row in (record, *others):
            self._hold(row)
        return [match.key for match in self._matches(record[0]["key"])]

    def resolve(self, record: RecordRow, others: Sequence[RecordRow], decisions: Sequence[Decision]) -> Found:
        """Resolve one record with all others it has to do with.

        Args:
            record: the described one.
            others: each once.
            decisions: stewards' decisions in force; about other records they count for nothing.
        """
        rows = sorted((record, *others), key=lambda row: str(row[0]["key"]))
        for row in rows:
            self._hold(row)
        keys = [str(properties["key"]) for properties, _ in rows]
        records = self._table(rows)
        rules = self._linking.rules
        crowded = quarantined(records, self._roles, rules, self._model.people_limits)
        options = link_options(
            self._model, self._roles, rules, frozenset(one.key for one in crowded), self._linking.public_sources
        )
        shared = identifier_links(records, self._roles, options)
        among = [one for one in decisions if one.left in self._held and one.right in self._held]
        links = combine(records, self._pairs(keys, shared), shared, among, options)
        labels = cluster(links, len(keys), self._linking.policy).sure.labels
        own = keys.index(record[0]["key"])
        held_by = {str(properties["key"]): held for properties, held in rows}
        speaker = Speaker(self._matcher, held_by.__getitem__, rules, options.quarantined)
        with_it = np.flatnonzero(labels == labels[own]).tolist()
        return Found(
            frozenset(keys[row] for row in with_it if row != own),
            tuple(_ties(keys, own, speaker, links.links)),
            self._linking.policy.threshold_weight,
            rivals(record[1], ((str(properties["key"]), held) for properties, held in others), rules),
        )

    def _hold(self, row: RecordRow) -> None:
        key = str(row[0]["key"])
        if key not in self._held:
            self._matcher.add(key, {name: row[0].get(name) for name in self._roles})
            self._held.add(key)
            if not any(row[0].get(name) is not None for name, role in self._roles.items() if role in PERSON_ROLES):
                self._visitors.add(key)

    def _matches(self, key: str) -> list[Any]:
        values = self._matcher.held(self._matcher.row_of(key))
        found = self._matcher.matches_among(values, self._matcher.candidates(values, key))
        if not self._model.compares_people or key not in self._visitors:
            return found
        return [one for one in found if one.key not in self._visitors]

    def _table(self, rows: Sequence[RecordRow]) -> Table:
        """Return records as linking takes them: every attribute that has a role, times in UTC."""
        table = record_table(rows).drop_columns(["deleted"])
        place = table.column_names.index("observed_at")
        table = table.set_column(place, "observed_at", table["observed_at"].cast(pa.timestamp("us", tz="UTC")))
        for name in sorted(set(self._roles) - set(table.column_names)):
            table = table.append_column(name, pa.nulls(table.num_rows, pa.string()))
        return table

    def _pairs(self, keys: Sequence[str], shared: IdentifierPairs) -> Table:
        """Weigh candidates, pairs that share identifiers, and what the groups of these leave unknown."""
        row_of = {key: row for row, key in enumerate(keys)}
        weights: dict[tuple[int, int], float] = {}
        for key, row in row_of.items():
            for match in self._matches(key):
                other = row_of.get(match.key)
                if other is not None:
                    weights[min(row, other), max(row, other)] = match.match_weight
        threshold, largest = self._linking.policy.threshold_weight, self._model.largest_group
        packed = unknown_pairs(_pair_table(weights), len(keys), threshold, largest)
        left, right = packed >> 32, packed & 0xFFFFFFFF
        both = shared.people.known[left] & shared.people.known[right]
        wanted = [*zip(left[both].tolist(), right[both].tolist(), strict=True)]
        wanted += zip(shared.left.tolist(), shared.right.tolist(), strict=True)
        for pair in wanted:
            if pair not in weights:
                weights[pair] = self._matcher.explain(keys[pair[0]], keys[pair[1]])[0]
        return _pair_table(weights)


def _ties(keys: Sequence[str], own: int, speaker: Speaker, links: Links) -> Iterable[Tie]:
    """Say each link of the described record."""
    for place in np.flatnonzero((links.left == own) | (links.right == own)).tolist():
        left, right = int(links.left[place]), int(links.right[place])
        yield speaker.tie(keys[own], keys[right if left == own else left], float(links.weight[place]))


def _pair_table(weights: Mapping[tuple[int, int], float]) -> Table:
    rows = sorted(weights)
    columns = {
        "left": pa.array([left for left, _ in rows], pa.int32()),
        "right": pa.array([right for _, right in rows], pa.int32()),
        "match_weight": pa.array([weights[pair] for pair in rows], pa.float64()),
    }
    return pa.table(columns, schema=PAIR_SCHEMA)
