"""Which identifiers have too many people behind them to say who somebody is, kept up to date with their holders.

The identifiers whose records changed come in, a table of records is asked for where it matters; quarantined ones with
their reasons go out. Judged by the code of a run of all records (`links.quarantined`), but for those that more records
share than their namespace allows: there the number of records says it all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeAlias

from identity_graph.links import quarantined
from identity_graph.links.quarantine import FAMILY, over_limit_reason
from identity_graph.namespaces import NamespaceRule, identifier_key, rule_for
from identity_graph.realtime.holders import Holders, Pair
from identity_graph.roles import Role
from identity_graph.tables import Table

__all__ = ["Crowds", "Status"]

Status: TypeAlias = "tuple[str, str | None]"
"""Status of an identifier, and its reason."""


class Crowds:
    """The quarantined identifiers.

    Args:
        records: all records, to start with.
        holders: who carries which identifier; kept up to date by somebody else.
        roles: role of each attribute.
        rules: namespace rules.
        limits: people that one value may have, by namespace.
    """

    def __init__(
        self,
        records: Table,
        holders: Holders,
        roles: Mapping[str, Role],
        rules: Mapping[str, NamespaceRule],
        limits: Mapping[str, int],
    ) -> None:
        self._holders, self._roles, self._rules, self._limits = holders, roles, rules, limits
        found = quarantined(records, roles, rules, limits)
        self._reasons: dict[Pair, str] = {(one.namespace, one.value): one.reason for one in found}
        self._keys = {one.key for one in found}

    @property
    def keys(self) -> Collection[str]:
        """Keys of the quarantined identifiers; not to be changed."""
        return self._keys

    def learn(self, roles: Mapping[str, Role]) -> None:
        """Read attributes by other roles from now on; no record says any of those that differ."""
        self._roles = roles

    def recall(self, marked: Mapping[str, Status]) -> set[Pair]:
        """Take what the graph shows for what was found, and return the identifiers of which something else was.

        Records that were since seen earlier than was known may have more people, or fewer, in a window of time.

        Args:
            marked: key of each identifier that is not active -> its status and reason.
        """
        shown = {key: reason for key, (status, reason) in marked.items() if status == "quarantined"}
        blocked = {key for key, (status, _) in marked.items() if status == "blocked"}
        other = {_as_pair(key) for key in shown.keys() ^ self._keys - blocked}
        for pair in other:
            reason = shown.get(identifier_key(*pair))
            if reason is None:
                self._forget(pair)
            else:
                self._quarantine(pair, reason)
        return other

    def usable(self, pair: Pair) -> bool:
        """Say whether an identifier may link records."""
        return pair not in self._reasons and not rule_for(pair[0], self._rules).is_blocked(pair[1])

    def dated(self, pairs: Iterable[Pair]) -> set[Pair]:
        """Return those of the identifiers for which it matters when their records were seen."""
        return {pair for pair in pairs if rule_for(pair[0], self._rules).window_days is not None}

    def judge(self, pairs: Collection[Pair], table: Callable[[Collection[str]], Table]) -> set[Pair]:
        """Judge identifiers anew by the records that hold them.

        Args:
            pairs: the identifiers whose records changed.
            table: returns the records of some keys.

        Returns:
            Those that were quarantined or released.

        Cost: grows with the holders of those that are within the limit of their namespace.
        """
        crowded = {pair: reason for pair in pairs if (reason := self._over_limit(pair)) is not None}
        full = {pair for pair in pairs if pair not in crowded and self._may_be_crowded(pair)}
        if full:
            holders = set[str]().union(*(self._holders.of(pair) for pair in full))
            found = quarantined(table(holders), self._roles, self._rules, self._limits)
            reasons = {(one.namespace, one.value): one.reason for one in found}
            crowded |= {pair: reasons[pair] for pair in full if pair in reasons}
        turned = {pair for pair in pairs if (pair in crowded) != (pair in self._reasons)}
        for pair in pairs:
            self._forget(pair)
            if pair in crowded:
                self._quarantine(pair, crowded[pair])
        return turned

    def status(self, pair: Pair) -> Status:
        """Return what the graph is to show of an identifier."""
        if len(self._holders.of(pair)) > 1 and rule_for(pair[0], self._rules).is_blocked(pair[1]):
            return "blocked", "The value identifies nobody by rule."
        if pair in self._reasons:
            return "quarantined", self._reasons[pair]
        return "active", None

    def _quarantine(self, pair: Pair, reason: str) -> None:
        self._reasons[pair] = reason
        self._keys.add(identifier_key(*pair))

    def _forget(self, pair: Pair) -> None:
        self._reasons.pop(pair, None)
        self._keys.discard(identifier_key(*pair))

    def _over_limit(self, pair: Pair) -> str | None:
        """Return why an identifier is quarantined that more records share than may ever; None where fewer do."""
        rule = rule_for(pair[0], self._rules)
        if rule.limit is None or rule.window_days is not None or len(self._holders.of(pair)) <= rule.limit:
            return None
        return over_limit_reason(rule)

    def _may_be_crowded(self, pair: Pair) -> bool:
        """Say whether so many records hold it that there can be too many people, or too many records."""
        limit = rule_for(pair[0], self._rules).limit
        most = self._limits.get(pair[0], FAMILY)
        return len(self._holders.of(pair)) > (most if limit is None else min(most, limit))


def _as_pair(key: str) -> Pair:
    namespace, _, value = key.partition(":")
    return namespace, value
