"""Seeded chance with the few draws the generator needs, cheap enough for millions of rows.

A seed comes in, reproducible draws go out; the same seed gives the same draws on every machine.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

__all__ = ["Chance", "Weighted"]

T = TypeVar("T")


class Weighted(Generic[T]):
    """Values with weights, drawn in proportion to them."""

    def __init__(self, values: Sequence[T], weights: Sequence[float]) -> None:
        self._values = tuple(values)
        self._sums = list(accumulate(weights))

    @classmethod
    def ranked(cls, values: Sequence[T], steepness: float = 0.7) -> Weighted[T]:
        """Weigh values by their rank: the first is the most common, the last the rarest (Zipf's law)."""
        return cls(values, [1.0 / (rank + 1.0) ** steepness for rank in range(len(values))])

    def at(self, share: float) -> T:
        """Return the value at a share of the total weight, 0 up to but not including 1."""
        return self._values[bisect_right(self._sums, share * self._sums[-1])]


class Chance:
    """Draws from one seeded stream."""

    def __init__(self, seed: str) -> None:
        self.random = Random(seed).random
        """Return a float from 0 up to but not including 1."""

    def happens(self, share: float) -> bool:
        """Say yes in this share of cases."""
        return self.random() < share

    def below(self, count: int) -> int:
        """Return a whole number from 0 to count - 1."""
        return int(self.random() * count)

    def between(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return low + int(self.random() * (high - low + 1))

    def one_of(self, values: Sequence[T]) -> T:
        """Return one of the values, each equally likely."""
        return values[int(self.random() * len(values))]

    def skewed(self, values: Sequence[T]) -> T:
        """Return one of the values, the first ones more often."""
        return values[int(self.random() * self.random() * len(values))]

    def weighted(self, values: Weighted[T]) -> T:
        """Return one of the values in proportion to its weight."""
        return values.at(self.random())

    def day(self, first: date, last: date) -> date:
        """Return a day from first to last, both included."""
        return first + timedelta(days=int(self.random() * ((last - first).days + 1)))

    def digits(self, pattern: str) -> str:
        """Fill a pattern: `#` becomes a digit, `@` a capital letter, everything else stays."""
        if "@" in pattern:
            pattern = "".join("ABDEFGHJLNPQRSTUWXYZ"[self.below(20)] if sign == "@" else sign for sign in pattern)
        count = pattern.count("#")
        if not count:
            return pattern
        number = f"{self.below(10**count):0{count}d}"
        pieces = pattern.split("#")
        return "".join(piece + digit for piece, digit in zip(pieces, number, strict=False)) + pieces[-1]

    def shuffle(self, values: list[T]) -> None:
        """Put values in random order, in place."""
        for last in range(len(values) - 1, 0, -1):
            other = int(self.random() * (last + 1))
            values[last], values[other] = values[other], values[last]
