"""Who may be the same person as whom by what the model compares, kept until one of the two or their blocks change.

The records in memory come in; per record the others with their match weights go out. A weight follows from two records
and the model, so it need not be computed again while both stay what they are. What is forgotten is computed anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from identity_graph.matching import OneRecordMatcher
from identity_graph.realtime.known_pairs import KnownPairs

__all__ = ["Neighbours"]

_MOST_RECORDS = 50_000


class Neighbours:
    """Match weights by record; not safe for several threads at once.

    Args:
        matcher: the records.
        visitor: says of a key whether the record says nothing of a person: two of those are not compared, they are
            tied by identifiers or not at all. None compares all.
        known: all pairs of the records as they are now, by the rows of the matcher; None weighs them as they are asked
            for.
        most: records whose neighbours are held besides, and as many to whose known ones others came; the oldest are
            forgotten.
    """

    def __init__(
        self,
        matcher: OneRecordMatcher,
        visitor: Callable[[str], bool] | None = None,
        known: KnownPairs | None = None,
        most: int = _MOST_RECORDS,
    ) -> None:
        self._matcher, self._visitor, self._known, self._most = matcher, visitor, known, most
        self._of: dict[str, dict[str, float]] = {}
        self._came: dict[str, dict[str, float]] = {}
        self._asked: dict[str, dict[str, float]] = {}
        """Of known ones, what was asked for since the last change: a step asks several times."""

    def __len__(self) -> int:
        """Return of how many records the neighbours are held."""
        return len(self._of)

    def of(self, key: str) -> Mapping[str, float]:
        """Return the records that are candidates of one, with weights of the lowest that counts or more."""
        found = self._of.get(key)
        if found is None:
            found = self._asked.get(key)
        if found is None:
            found = self._as_known(key)
            if found is not None:
                self._asked[key] = found
                return found
            visitor = self._visitor
            worth = None if visitor is None or not visitor(key) else lambda other: not visitor(other)
            found = self._matcher.weights(key, worth)
            if self._matcher.is_candidate(key):
                self._hold(key, found)
        return found

    def leave(self, key: str) -> None:
        """Take a record that is about to change or go from those who have it as a neighbour."""
        near = self.of(key)
        self._asked.clear()
        for other in near:
            for held in (self._of, self._came):
                if other in held:
                    held[other].pop(key, None)
        self._drop(key)
        if self._known is not None:
            self._known.changed(self._matcher.row_of(key))

    def enter(self, key: str) -> None:
        """Let a record that has come, or come back, be a neighbour of others."""
        near = self.of(key)
        self._asked.clear()
        for other, weight in near.items():
            held = self._of.get(other)
            if held is None and self._known is not None and self._known.complete(self._matcher.row_of(other)):
                held = self._beside(other)
            if held is not None:
                held[key] = weight

    def forget(self, keys: Iterable[str]) -> None:
        """Forget the neighbours of some records, whose blocks went over their size or came back."""
        self._asked.clear()
        for key in keys:
            self._drop(key)

    def clear(self) -> None:
        """Forget everything."""
        self._of.clear()
        self._came.clear()
        self._asked.clear()
        self._known = None

    def _as_known(self, key: str) -> dict[str, float] | None:
        """Return the neighbours that a record had at the start and has still, with those who came; None of others."""
        found = None if self._known is None else self._known.of(self._matcher.row_of(key))
        if found is None:
            return None
        return {self._matcher.key_of(row): weight for row, weight in found} | self._came.get(key, {})

    def _beside(self, key: str) -> dict[str, float]:
        """Return those who came to the known neighbours of a record, to be added to."""
        if key not in self._came:
            if len(self._came) >= self._most:
                self._drop(next(iter(self._came)))
            self._came[key] = {}
        return self._came[key]

    def _hold(self, key: str, found: dict[str, float]) -> None:
        """Hold the neighbours of a record, which from now on are those that count."""
        if len(self._of) >= self._most:
            del self._of[next(iter(self._of))]
        self._of[key] = found

    def _drop(self, key: str) -> None:
        """Forget all that is held of a record's neighbours."""
        self._of.pop(key, None)
        self._came.pop(key, None)
        if self._known is not None:
            self._known.outdated(self._matcher.row_of(key))
