"""All records in memory, so that what a change can reach is found at once.

Records, roles and a model come in at the start, changed records afterwards; the keys of records whose links a change
can alter go out. Answers who shares identifiers or blocks with whom; decides nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from identity_graph.facts.prepare import RecordRow
from identity_graph.links.aliases import PREVIOUS_ID, USER_ID
from identity_graph.links.people import people_of
from identity_graph.matching import MatchingOptions, MatchModel, OneRecordMatcher
from identity_graph.matching.compiled import RecordValues
from identity_graph.namespaces import NamespaceRule, identifier_key, rule_for
from identity_graph.realtime.crowds import Crowds, Status
from identity_graph.realtime.held_records import IDENTIFIERS, HeldRecords
from identity_graph.realtime.holders import Holders, Pair
from identity_graph.realtime.known_pairs import weighed_at_once
from identity_graph.realtime.neighbours import Neighbours
from identity_graph.roles import IDENTIFIER_ROLES, PERSON_ROLES, Role
from identity_graph.tables import Table

__all__ = ["LiveIndex", "Reach"]

_FEW = 5_000
"""Records that are not worth the start of bulk scoring: weighing those that are asked for is sooner done."""

_JUDGED_ROLES = PERSON_ROLES | IDENTIFIER_ROLES
"""Roles of what links look at in a record besides what comparisons make of it."""

Keys: TypeAlias = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Reach:
    """What changed records can reach.

    Attributes:
        touched: keys of all records, gone ones among them, that may be with others than they were, or more or less
            certain of it.
        paired: those of them that may have other scored pairs than they had, with whatever record.
        came: those of them that were not here before, so that no pair of theirs is stored.
        status: key of each identifier whose records changed -> its status and reason.
    """

    touched: set[str]
    paired: set[str]
    came: set[str]
    status: dict[str, Status]


class LiveIndex:
    """The records of a graph as of one sequence number. Not safe for several threads at once.

    Args:
        model: the model in use.
        records: all live records, sorted by key.
        roles: role of each attribute.
        rules: namespace rules.
        options: resources for the start, and the lowest weight that counts.
        threshold: bits; what weighs more joins.
        few: of so many records, pairs are weighed when they are asked for; of more, all of them at the start.

    Attributes:
        matcher: the records as matching sees them.
        neighbours: who may be the same person by what matching compares.
        records: the records as tables.
        model: the model in use.
        version: its version, which is long to work out.
        roles: role of each attribute.
        rules: namespace rules.
    """

    def __init__(
        self,
        model: MatchModel,
        records: Table,
        roles: Mapping[str, Role],
        rules: Mapping[str, NamespaceRule],
        options: MatchingOptions,
        threshold: float,
        few: int = _FEW,
    ) -> None:
        self.model, self.roles, self.rules, self._threshold = model, dict(roles), rules, threshold
        self.version = model.version
        self.matcher = OneRecordMatcher(model, records, roles, options)
        people = people_of(records, roles).known
        apart = model.compares_people
        known = (
            weighed_at_once(model, records, roles, options, people if apart else None)
            if records.num_rows > few
            else None
        )
        self.neighbours = Neighbours(self.matcher, self._is_visitor if apart else None, known)
        self.records = HeldRecords(records, roles)
        self._holders = Holders(records)
        naming = records["key"].filter(pa.array(people)).to_pylist()
        self._naming = {sys.intern(key) for key in naming}
        self._whole = model.blocking.get("(all pairs)", 0)
        self._all_compared = len(self) <= self._whole
        self._crowds = Crowds(records, self._holders, roles, rules, model.people_limits)
        self._doubted: set[Pair] = set()

    def __contains__(self, key: str) -> bool:
        return key in self.records

    def __len__(self) -> int:
        return len(self.matcher)

    @property
    def left_out(self) -> Collection[str]:
        """Keys of the quarantined identifiers; not to be changed."""
        return self._crowds.keys

    @property
    def doubts(self) -> bool:
        """Whether identifiers are to be judged anew with the next change."""
        return bool(self._doubted)

    def status(self, pair: Pair) -> Status:
        """Return what the graph shows of an identifier: its status, and the reason of it."""
        return self._crowds.status(pair)

    def recall(self, marked: Mapping[str, Status]) -> None:
        """Go on from what the graph shows of identifiers; where that differs, they are judged anew with what comes.

        Args:
            marked: key of each identifier that is not active -> its status and reason.
        """
        self._doubted = self._crowds.recall(marked)

    def learn(self, roles: Mapping[str, Role]) -> None:
        """Read attributes by other roles from now on; no record says any of those that differ."""
        self.roles = dict(roles)
        self.matcher.learn(self.roles)
        self.records.learn(self.roles)
        self._crowds.learn(self.roles)

    def put(self, changed: Sequence[RecordRow], alone: Callable[[str], bool]) -> Reach:
        """Take in the present state of records that changed or were deleted.

        A record that says and holds what it did touches nobody: when it was seen last changes no link.

        Args:
            changed: each record once.
            alone: says of a key whether its customer has no other record.
        """
        moved = self.records.moved(changed)
        dated, self._doubted = self._doubted, set()
        for row in changed:
            # What came and went between two looks was never here.
            if str(row[0]["key"]) not in moved and str(row[0]["key"]) in self:
                self.records.put(row)
                dated |= self._crowds.dated(row[1])
        return self._move([row for row in changed if str(row[0]["key"]) in moved], moved, alone, dated)

    def _move(
        self,
        changed: Sequence[RecordRow],
        moved: Mapping[str, Collection[str]],
        alone: Callable[[str], bool],
        dated: set[Pair],
    ) -> Reach:
        keys = {str(properties["key"]) for properties, _ in changed}
        held = {key for key in keys if key in self}
        live = [row for row in changed if not row[0]["deleted"]]
        fresh = {str(properties["key"]) for properties, _ in live}
        values = {str(row[0]["key"]): self.matcher.values(self._said(row)) for row in live}
        # Of those who stay, `alike` are compared as before, and `quiet` among them hold the same identifiers too.
        alike = {key for key in held & fresh if self._compares_alike(key, moved[key], values[key])}
        quiet = {key for key in alike if IDENTIFIERS not in moved[key]}
        dated = dated.union(*(self._crowds.dated(self.records.identifiers(key)) for key in quiet))
        pairs = dated | self._identifiers(held - quiet)
        touched = keys | self._around(held - quiet, alone)
        crossed = self._compare_anew(held - alike, {key: values[key] for key in fresh - alike})
        for key in held - quiet:
            self._holders.remove(key, self.records.identifiers(key))
        for key in held - fresh:
            self.records.drop(key)
            self._naming.discard(key)
        for row in live:
            self._take_in(row)
            if (key := str(row[0]["key"])) not in quiet:
                self._holders.add(key, row[1])
        paired = (keys - alike) | crossed
        if self._all_compared != (len(self) <= self._whole):
            self._all_compared = not self._all_compared
            self.neighbours.clear()
            paired.update(self.records.keys())
        for key in fresh - alike:
            self.neighbours.enter(key)
        pairs |= self._identifiers(fresh - quiet)
        touched |= paired | self._judged(pairs, alone) | self._around(fresh - quiet, alone)
        return Reach(
            touched, paired, fresh - held, {identifier_key(*pair): self._crowds.status(pair) for pair in pairs}
        )

    def _compares_alike(self, key: str, different: Collection[str], values: RecordValues) -> bool:
        """Say whether a record that changed is to any comparison what it was, and to those that tell people apart.

        Most changes are such: another plan, another device. Who is compared with whom, and what it weighs, stays, also
        what identifiers add to it, which they do where it is not said what they are.
        """
        person = any(self.roles.get(name) in _JUDGED_ROLES for name in different)
        return not person and values == self.matcher.held(self.matcher.row_of(key))

    def _compare_anew(self, before: Set[str], after: Mapping[str, RecordValues]) -> set[str]:
        """Let matching know some records as they are now; returns who is in blocks that grew too large, or shrank.

        Args:
            before: keys of records that change or go.
            after: key -> what is compared, of records that changed or came.
        """
        blocks = self._blocks([*(self.matcher.held(self.matcher.row_of(key)) for key in before), *after.values()])
        closed_before = self.matcher.closed_blocks(*blocks)
        for key in before:
            self.neighbours.leave(key)
        for key in before - after.keys():
            self.matcher.remove(key)
        for key, values in after.items():
            self.matcher.replace_values(sys.intern(key), values)
        crossed = self.matcher.members(closed_before ^ self.matcher.closed_blocks(*blocks))
        self.neighbours.forget(crossed)
        return crossed

    def _around(self, keys: Iterable[str], alone: Callable[[str], bool]) -> set[str]:
        """Return the records whose place depends on a link with some of these.

        Of two records that share an identifier, or whose weight joins, the customers depend on the link. A weaker link
        changes nothing but how certain a record is that is alone.
        """
        keys = set(keys)
        found = self.sharing(keys)
        for key in keys:
            near = self.neighbours.of(key).items()
            found.update(other for other, weight in near if weight > self._threshold or alone(other))
            found.update(self.aliases(key))
        return found

    def aliases(self, key: str) -> set[str]:
        """Return the records that an alias of the same source may tie one to: `previous_id` here, `user_id` there."""
        if not self._holders.any_of(PREVIOUS_ID):
            return set()
        source = key.partition(":")[0]
        twins = {PREVIOUS_ID: USER_ID, USER_ID: PREVIOUS_ID}
        found: set[str] = set()
        for namespace, value in self.records.identifiers(key):
            if namespace in twins:
                held = self._holders.of((twins[namespace], value))
                found.update(other for other in held if other.partition(":")[0] == source)
        return found

    def sharing(self, keys: Collection[str], as_usable: Collection[Pair] = ()) -> set[str]:
        """Return the records that share an identifier with some, also through records that say nothing of a person.

        Cost: grows with the records found, not with how many of them share one identifier.
        """
        found, waiting, seen = set(keys), list(keys), set[Pair]()
        while waiting:
            one = waiting.pop()
            if one not in keys and self.names_somebody(one):
                continue
            for pair in self.records.identifiers(one):
                if pair in seen or not (pair in as_usable or self._crowds.usable(pair)):
                    continue
                seen.add(pair)
                more = self._holders.of(pair) - found
                found |= more
                waiting.extend(more)
        return found

    def sharing_unique(self, key: str) -> set[str]:
        """Return the records that hold a usable value that one holds and of which a person has one at most."""
        found: set[str] = set()
        for pair in self.records.identifiers(key):
            if rule_for(pair[0], self.rules).unique and self._crowds.usable(pair):
                found |= self._holders.of(pair)
        return found

    def names_somebody(self, key: str) -> bool:
        """Say whether a record says of a person who it is."""
        return key in self._naming

    def _is_visitor(self, key: str) -> bool:
        return key not in self._naming

    def _blocks(self, records: Iterable[RecordValues]) -> tuple[Keys, NDArray[np.int64]]:
        """Return the blocking keys of some records, each once, and the rule of each."""
        rule_of: dict[int, int] = {}
        for values in records:
            found, rules = self.matcher.blocking_keys(values)
            rule_of.update(zip(found.tolist(), rules.tolist(), strict=True))
        return np.array(list(rule_of), dtype=np.uint64), np.array(list(rule_of.values()), dtype=np.int64)

    def _judged(self, pairs: set[Pair], alone: Callable[[str], bool]) -> set[str]:
        """Judge identifiers anew; returns the records whose links, or what keeps them apart, change with them."""
        touched: set[str] = set()
        for pair in self._crowds.judge(pairs, self.records.table):
            holders = self._holders.of(pair)
            touched |= self._around(holders, alone) | self.sharing(holders, as_usable={pair})
        return touched

    def _identifiers(self, keys: Iterable[str]) -> set[Pair]:
        return {pair for key in keys for pair in self.records.identifiers(key)}

    def _said(self, row: RecordRow) -> dict[str, Any]:
        return {name: row[0].get(name) for name in self.roles}

    def _take_in(self, row: RecordRow) -> None:
        key = sys.intern(str(row[0]["key"]))
        self.records.put(row)
        named = any(row[0].get(name) is not None for name, role in self.roles.items() if role in PERSON_ROLES)
        (self._naming.add if named else self._naming.discard)(key)
