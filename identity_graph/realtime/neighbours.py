"""Who may be the same person as whom by what the model compares, kept until one of the two or their blocks change.

The records in memory come in; per record the others with their match weights go out. A weight follows from two records
and the model, so it need not be computed again while both stay what they are. What is forgotten is computed anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from identity_graph.matching import OneRecordMatcher

__all__ = ["Neighbours"]

_MOST_RECORDS = 20_000


class Neighbours:
    """Match weights by record; not safe for several threads at once.

    Args:
        matcher: the records.
        visitor: says of a key whether the record says nothing of a person: two of those are not compared, they are
            tied by identifiers or not at all. None compares all.
        most: records whose neighbours are held; the oldest are forgotten.
    """

    def __init__(
        self, matcher: OneRecordMatcher, visitor: Callable[[str], bool] | None = None, most: int = _MOST_RECORDS
    ) -> None:
        self._matcher, self._visitor, self._most = matcher, visitor, most
        self._of: dict[str, dict[str, float]] = {}

    def __len__(self) -> int:
        """Return of how many records the neighbours are held."""
        return len(self._of)

    def of(self, key: str) -> Mapping[str, float]:
        """Return the records that are candidates of one, with weights of the lowest that counts or more."""
        found = self._of.get(key)
        if found is None:
            visitor = self._visitor
            worth = None if visitor is None or not visitor(key) else lambda other: not visitor(other)
            found = self._matcher.weights(key, worth)
            if len(self._of) >= self._most:
                del self._of[next(iter(self._of))]
            self._of[key] = found
        return found

    def leave(self, key: str) -> None:
        """Take a record that is about to change or go from those who have it as a neighbour."""
        for other in self.of(key):
            if other in self._of:
                self._of[other].pop(key, None)
        del self._of[key]

    def enter(self, key: str) -> None:
        """Let a record that has come, or come back, be a neighbour of others."""
        for other, weight in self.of(key).items():
            if other in self._of:
                self._of[other][key] = weight

    def forget(self, keys: Iterable[str]) -> None:
        """Forget the neighbours of some records, whose blocks went over their size or came back."""
        for key in keys:
            self._of.pop(key, None)

    def clear(self) -> None:
        """Forget everything."""
        self._of.clear()
