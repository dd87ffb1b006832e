"""Records in memory that change step by step, without a graph, beside what others say of the same records.

Changes and decisions come in; what the steps say of every record goes out, what one step with all of them says, and
what a batch says. The model is that of `world`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from identity_graph.customers.store import MEMBERSHIP_SCHEMA
from identity_graph.facts.prepare import RecordRow
from identity_graph.facts.segments import record_table
from identity_graph.links import quarantined
from identity_graph.matching import MatchingOptions
from identity_graph.model import Decision, Verdict
from identity_graph.namespaces import DEFAULT_NAMESPACES, NamespaceRule
from identity_graph.pipeline.linking import CERTAINTY_DIGITS, LinkingOptions, link_records
from identity_graph.pipeline.match_rows import match_table
from identity_graph.pipeline.stages import Stages
from identity_graph.realtime import LiveIndex
from identity_graph.realtime.holdings import Holdings
from identity_graph.realtime.index import Reach
from identity_graph.realtime.scope import link_scope
from identity_graph.realtime.step_pairs import StepPairs, match_rows
from identity_graph.review import suggestion_rows
from identity_graph.tables import Table
from tests.realtime.world import FAMILY, GIVEN, ROLES, row, town_model

__all__ = ["OTHERS", "Memory", "Said"]

_CARDS = replace(DEFAULT_NAMESPACES["loyalty_card"], limit=3, window_days=1)
_PASSPORTS = NamespaceRule("passport", 2, 2.0, unique=True)  # so weak that other names outweigh it
_OPTIONS = LinkingOptions(
    matching=MatchingOptions(threads=1),
    rules={**DEFAULT_NAMESPACES, "loyalty_card": _CARDS, "passport": _PASSPORTS},
    evidence=True,
    public_sources=frozenset({"app"}),
)


OTHERS = [
    row(f"else:{number}", given_name=given, family_name=family, birth_date=f"19{70 + number}-0{1 + number}-17")
    for number, (given, family) in enumerate(zip(GIVEN * 2, FAMILY[1:] * 2, strict=False), start=1)
][:8]
"""Strangers: with them there are too many records to compare all."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of all records.

    Attributes:
        place: record key -> the keys it is one person with, certainty of the cluster, and of its place in it.
        pairs: the scored pairs worth storing: (left, right) -> weight and evidence.
        status: keys of identifiers that are not active -> which status, and why.
        suggested: records of known customers that only a public record would join, (left, right) -> as it is stored.
    """

    place: Mapping[str, tuple[frozenset[str], float, float]]
    pairs: Mapping[tuple[str, str], tuple[float, str]]
    status: Mapping[str, tuple[str, str | None]]
    suggested: Mapping[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Memory:
    """Records that are resolved step by step.

    Attributes:
        said: what the steps have said so far; must equal `at_once` and `batch` after every step.
    """

    rows: dict[str, RecordRow] = field(default_factory=dict, init=False)
    decisions: list[Decision] = field(default_factory=list, init=False)
    said: Said = field(default_factory=lambda: Said({}, {}, {}), init=False)
    index: LiveIndex = field(default_factory=lambda: deepcopy(_empty_index()), init=False)
    seq: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        # A batch wants records that say something of all that the model compares.
        zed = {"given_name": "Zed", "family_name": "Zorn", "birth_date": "1911-11-11", "email": "z@mail.test"}
        self.put(row("till:0", phone="+49309999999", **zed))

    def restart(self, at_once: bool = False) -> None:
        """Read all records anew, as a process that starts does.

        Args:
            at_once: weigh all pairs at the start, as is done with very many records.
        """
        self.index = _index_of(self._table(), 0 if at_once else 10**6)

    def put(self, *rows: Mapping[str, Any], without: Iterable[str] = ()) -> set[str]:
        """Write and delete records and resolve what they touch; returns the keys that the index touched."""
        return self.reach(*rows, without=without).touched

    def reach(self, *rows: Mapping[str, Any], without: Iterable[str] = ()) -> Reach:
        """Do what `put` does; returns all that the index says."""
        gone = [self.rows.pop(key) for key in without if key in self.rows]
        changed = [self._stored(row) for row in rows]
        self.rows |= {str(row[0]["key"]): row for row in changed}
        reach = self.index.put(
            [*(({**said, "deleted": True}, held) for said, held in gone), *changed], _holdings(self.said).alone
        )
        status = {key: one for key, one in {**self.said.status, **reach.status}.items() if one[0] != "active"}
        self.said = replace(self.said, status=status)
        self._resolve(reach)
        return reach

    def decide(self, verdict: Verdict, left: str, right: str) -> None:
        """Let a steward decide on two records and resolve them."""
        self.seq += 1
        at = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=self.seq)
        self.decisions.append(Decision(f"d{self.seq}", verdict, left, right, "ana", "called", at))
        self._resolve(Reach({left, right}, set(), set(), {}))

    def undo(self, place: int) -> None:
        """Take back a decision and resolve its records; without any nothing happens."""
        if self.decisions:
            one = self.decisions.pop(place % len(self.decisions))
            self._resolve(Reach({one.left, one.right}, set(), set(), {}))

    def at_once(self) -> Said:
        """Take in all records in one step and resolve all of them; much sooner done than a batch, and equal to it."""
        index = deepcopy(_empty_index())
        reach = index.put(list(self.rows.values()), lambda key: True)
        crowded = quarantined(self._table(), ROLES, _OPTIONS.rules, town_model().people_limits)
        status = {one.key: ("quarantined", one.reason) for one in crowded}
        status |= {key: one for key, one in reach.status.items() if one[0] == "blocked"}
        return _resolved(index, reach, self.decisions, Said({}, {}, status))

    def batch(self) -> Said:
        """Link all records together."""
        records = self._table()
        found = link_records(records, ROLES, self.decisions, town_model(), _OPTIONS, Stages())
        status = {one.key: ("quarantined", one.reason) for one in found.quarantined}
        status |= {f"{namespace}:{value}": ("blocked", _BY_RULE) for namespace, value in found.blocked}
        certainties = np.column_stack([found.certainty, found.membership])
        place = _places(records["key"].to_pylist(), found.labels, certainties)
        told = suggestion_rows(records["key"].to_pylist(), found.suggestions)
        return Said(place, _pairs(records, found.pairs), status, {(one["left"], one["right"]): one for one in told})

    def _resolve(self, reach: Reach) -> None:
        self.said = _resolved(self.index, reach, self.decisions, self.said)

    def _table(self) -> Table:
        return record_table([self.rows[key] for key in sorted(self.rows)])

    def _stored(self, row: Mapping[str, Any]) -> RecordRow:
        self.seq += 1
        held = tuple(sorted((one["namespace"], one["value"]) for one in row["identifiers"]))
        said = {name: value for name, value in row.items() if name not in ("identifiers", "grows")}
        at = row["observed_at"].strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        before, held_before = self.rows.get(row["key"], ({}, ()))
        since = dict(zip(held_before, before.get("identifier_times", ()), strict=True))
        times = tuple(min(at, since.get(pair, at)) for pair in held)
        return {**said, "observed_at": at, "seq": self.seq, "deleted": False, "identifier_times": times}, held


_BY_RULE = "The value identifies nobody by rule."


def _index_of(records: Table, few: int = 10**6) -> LiveIndex:
    threshold = _OPTIONS.policy.threshold_weight
    return LiveIndex(town_model(), records, ROLES, _OPTIONS.rules, _OPTIONS.matching, threshold, few)


@cache
def _empty_index() -> LiveIndex:
    """Return an index to be copied: the model is compiled once, which takes longest."""
    return _index_of(record_table([]))


def _holdings(said: Said) -> Holdings:
    """Return who is with whom as customers, each called after its first record."""
    holdings = Holdings(MEMBERSHIP_SCHEMA.empty_table())
    for key, (fellows, _, own) in said.place.items():
        holdings.put(key, min(fellows), own)
    return holdings


def _resolved(index: LiveIndex, reach: Reach, decisions: Sequence[Decision], before: Said) -> Said:
    """Resolve what was reached, and keep of what was said before what that does not concern."""
    scope = link_scope(index, reach.touched, decisions, _holdings(before), _OPTIONS)
    rows = np.flatnonzero(scope.core)
    core = scope.records["key"].take(pa.array(rows)).to_pylist()
    certainties = np.column_stack([scope.found.cluster[rows], scope.found.membership[rows]])
    there = {key: one for key, one in before.place.items() if key in index}
    place = {**there, **_places(core, scope.found.labels[rows], np.round(certainties, CERTAINTY_DIGITS))}
    concerned = reach.touched.union(core)
    found = StepPairs(index, scope, set(core), reach.paired)
    asked = set(found.may_be_stored(concerned - reach.came))
    wanted = found.as_stored()
    gone = set(found.gone([pair for pair in before.pairs if not asked.isdisjoint(pair)], wanted))
    told = match_rows(index, sorted(wanted)).to_pylist()
    pairs = {pair: one for pair, one in before.pairs.items() if pair not in gone}
    pairs |= {(one["left"], one["right"]): (one["match_weight"], one["evidence"]) for one in told}
    suggested = {pair: one for pair, one in before.suggested.items() if concerned.isdisjoint(pair)}
    suggested |= {(one["left"], one["right"]): one for one in scope.suggestions}
    return replace(before, place=place, pairs=pairs, suggested=suggested)


def _pairs(records: Table, scored: Table) -> dict[tuple[str, str], tuple[float, str]]:
    rows = match_table(records["key"], scored, town_model().version).to_pylist()
    return {(one["left"], one["right"]): (one["match_weight"], one["evidence"]) for one in rows}


def _places(
    keys: Sequence[str], labels: Sequence[int], certainties: Any
) -> dict[str, tuple[frozenset[str], float, float]]:
    members: dict[int, set[str]] = {}
    for key, label in zip(keys, labels, strict=True):
        members.setdefault(int(label), set()).add(key)
    return {
        key: (frozenset(members[int(label)]), float(cluster), float(own))
        for key, label, (cluster, own) in zip(keys, labels, certainties, strict=True)
    }
