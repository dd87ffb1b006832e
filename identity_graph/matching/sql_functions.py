"""DuckDB's functions as Python does them, for the few that are no plain expression.

Values of two records come in, none of them null unless it says so; what DuckDB would answer goes out. Texts of
features are ASCII, so counting letters and counting bytes is the same, and never empty, of which similarities differ.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein, Jaro, JaroWinkler

__all__ = ["FUNCTIONS", "frequency_bits"]

_SMALL = 64
"""Comparisons of items up to which looking through two short lists is faster than making a set."""


def _has_any(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    if len(left) * len(right) > _SMALL:
        return not set(left).isdisjoint(right)
    for item in left:  # noqa: SIM110  (a generator costs more than the few comparisons)
        if item in right:
            return True
    return False


def _shared(left: tuple[str, ...], right: tuple[str, ...] | None) -> int:
    """Count common items, of which lists hold each once; the second list may be null."""
    return 0 if right is None else len(set(left).intersection(right))


def _rounded(number: float, digits: int) -> float:
    """Round half away from zero, as C does."""
    scaled = number * 10.0**digits
    return math.copysign(math.floor(abs(scaled) + 0.5), scaled) / 10.0**digits


def _least(*values: Any) -> Any:
    """Return the smallest value, passing over nulls; null when all are."""
    return min((value for value in values if value is not None), default=None)


def _greatest(*values: Any) -> Any:
    """Return the greatest value, passing over nulls; null when all are."""
    return max((value for value in values if value is not None), default=None)


def _first(*values: Any) -> Any:
    """Return the first value that is not null; null when all are."""
    return next((value for value in values if value is not None), None)


def frequency_bits(frequencies: Mapping[Any, float], average: float, left: Any, right: Any) -> float:
    """Return the bits that the rarity of the commoner of two values adds to a level.

    Args:
        frequencies: value -> log2 of its frequency among strangers.
        average: log2 of the frequency that the level itself stands for.
        left, right: the values; may be null or unknown.

    Returns:
        Bits, negative for common values; 0 when neither value is known.
    """
    known = frequencies.get(left)
    if left != right:
        other = frequencies.get(right)
        known = other if known is None or (other is not None and other > known) else known
    return 0.0 if known is None else average - known


FUNCTIONS: Mapping[str, Any] = {
    "_damerau_levenshtein": DamerauLevenshtein.distance,
    "_first": _first,
    "_frequency_bits": frequency_bits,
    "_greatest": _greatest,
    "_has_any": _has_any,
    "_jaro": Jaro.similarity,
    "_jaro_winkler": JaroWinkler.similarity,
    "_least": _least,
    "_math": math,
    "_rounded": _rounded,
    "_shared": _shared,
}
"""What compiled conditions may call, by the name they call it."""
