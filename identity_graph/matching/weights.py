"""What the levels of a model weigh, for one person and for neighbours, as bulk and compiled scoring both use it.

A model and the name of a comparison come in, bits go out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeAlias

from identity_graph.matching.artefact import MatchModel

__all__ = [
    "CONTACTS",
    "SAME_WEIGHT",
    "compared_levels",
    "first_weight",
    "level_weight",
    "missing_condition",
    "near_bits",
    "relatives_bits",
]

CONTACTS = "(contacts)"
"""Where the bits of neighbours say what sharing all contacts adds."""
SAME_WEIGHT = 1e-6
"""Bits; levels of one comparison are further apart."""

Level: TypeAlias = Mapping[str, Any]


def compared_levels(name: str, model: MatchModel) -> list[Level]:
    """Return the levels of a comparison that compare something, in order."""
    return [level for level in _levels(name, model) if not level.get("is_null_level")]


def missing_condition(name: str, model: MatchModel) -> str:
    """Return the SQL that is true when there is nothing to compare."""
    return next(str(level["sql_condition"]) for level in _levels(name, model) if level.get("is_null_level"))


def _levels(name: str, model: MatchModel) -> list[Level]:
    comparisons = model.settings["comparisons"]
    levels: list[Level] = next(one["comparison_levels"] for one in comparisons if one["output_column_name"] == name)
    return levels


def level_weight(level: Level) -> float:
    """Return the bits of a level, term frequencies aside."""
    return math.log2(level["m_probability"] / level["u_probability"])


def first_weight(name: str, model: MatchModel) -> float:
    """Return the bits of a comparison's first level, term frequencies aside."""
    return level_weight(compared_levels(name, model)[0])


def near_bits(name: str, model: MatchModel) -> dict[float, float]:
    """Return by level weight the bits by which neighbours reach a level more often than records of one person.

    Splink leaves the level out of its answer unless all compared values come along; its weight tells it too. Nothing
    to compare weighs 0, so a level of that weight cannot be told from it and is left out.
    """
    weights = (level_weight(level) for level in compared_levels(name, model))
    bits: dict[float, float] = {}
    for weight, value in zip(weights, model.neighbours.get(name, ()), strict=False):
        if abs(weight) > SAME_WEIGHT:
            bits.setdefault(weight, value)
    return bits


def relatives_bits(name: str, model: MatchModel) -> tuple[float, float]:
    """Return the weight of a personal comparison's first level, and what it takes to turn its bits into relatives'."""
    first = compared_levels(name, model)[0]
    return level_weight(first), math.log2(model.relatives[name] / first["m_probability"])
