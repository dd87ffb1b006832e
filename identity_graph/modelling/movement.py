"""Which levels of two models differ in bits, and by how much.

Two descriptions come in, the levels that moved go out, the furthest first.
"""

from __future__ import annotations

from dataclasses import dataclass

from identity_graph.modelling.description import ModelDescription

__all__ = ["MovedLevel", "moved_levels"]


@dataclass(frozen=True, slots=True)
class MovedLevel:
    """A level and its bits in two models.

    Attributes:
        comparison: the aspect in words.
        level: the claim in words.
        before, after: bits in the old and in the new model; None where it has no such level.
    """

    comparison: str
    level: str
    before: float | None
    after: float | None

    @property
    def moved(self) -> float:
        """How far it moved, in bits; one that is in one model only moved by all its bits."""
        return abs((self.after or 0.0) - (self.before or 0.0))


def moved_levels(old: ModelDescription, new: ModelDescription) -> tuple[MovedLevel, ...]:
    """Pair the levels of two models by name, furthest moved first; the prior counts as a level of its own."""
    before, after = _bits(old), _bits(new)
    moved = [MovedLevel(*name, before.get(name), after.get(name)) for name in {**before, **after}]
    return tuple(sorted(moved, key=lambda one: (-one.moved, one.comparison, one.level)))


def _bits(described: ModelDescription) -> dict[tuple[str, str], float]:
    bits = {("prior", "two random records"): described.prior_bits}
    for comparison in described.comparisons:
        bits |= {(comparison.label, level.label): level.bits for level in comparison.levels}
    return bits
