"""What bounds the probabilities of a comparison: sense, and the pairs that are one person beyond doubt.

Levels of sampled pairs come in; how often records of one person reach each level at least and at most goes out.
Without bounds, expectation maximisation takes whatever group of pairs is densest for the matches: namesakes, brothers,
colleagues, or the sizes and colours of one article.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from identity_graph.matching.comparison import Comparison

__all__ = ["Bounds", "bounded", "learn_bounds", "plain_bounds"]

_NAMES = frozenset({"given_name", "name"})
_ENOUGH = 50.0
"""Sure pairs from which something is learnt."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of one comparison.

    Attributes:
        least: how often records of one person reach the first level at least, 0..1.
        most: per level, "everything else" last, how often they reach it at most, 0..1.
    """

    least: float
    most: NDArray[np.float64]


def plain_bounds(comparisons: Sequence[Comparison]) -> list[Bounds]:
    """Return the bounds that comparisons have by themselves."""
    bounds = []
    for one in comparisons:
        most = np.ones(len(one.levels) + 1)
        most[-1] = one.otherwise_most
        bounds.append(Bounds(one.agrees_least, most))
    return bounds


def learn_bounds(
    levels: NDArray[np.int8], counts: NDArray[np.float64], across: NDArray[np.bool_], comparisons: Sequence[Comparison]
) -> list[Bounds]:
    """Learn bounds from pairs that leave little doubt.

    Who agrees on a name and on a contact or an identifier besides is hardly another: such pairs tell how often dates
    and identifiers are spoilt, and where more often than sense says, the bounds widen. Who agrees on an identifier
    that its issuer gives to one alone shows how everything else looks in records of one person: no level is reached
    more often than there (95 % upper limit), as long as the pairs are across sources when there are several.

    Args:
        levels: one row per pair, one column per comparison; -1 for nothing to compare.
        counts: how many pairs each stands for.
        across: the pair is of two sources; all True when there is one.
        comparisons: the comparisons, in column order.
    """
    agreed = levels == 0
    names = agreed[:, [place for place, one in enumerate(comparisons) if one.name in _NAMES]].any(axis=1)
    bounds = plain_bounds(comparisons)
    for place, one in enumerate(comparisons):
        least, most = bounds[place].least, bounds[place].most
        known = levels[:, place] >= 0
        issued = [other for other, two in enumerate(comparisons) if two.proof and other != place]
        told = [other for other, two in enumerate(comparisons) if (two.proof or two.contact) and other != place]
        sure = counts * (names & known & agreed[:, told].any(axis=1))
        if one.agrees_least and sure.sum() >= _ENOUGH:
            least = min(least, float(sure[agreed[:, place]].sum() / sure.sum()))
            most[-1] = max(most[-1], float(sure[levels[:, place] == len(one.levels)].sum() / sure.sum()))
        proven = counts * (across & known & agreed[:, issued].any(axis=1))
        if not one.proof and not one.contact and proven.sum() >= _ENOUGH:
            reached = np.bincount(levels[known, place], weights=proven[known], minlength=len(most))
            most = np.minimum(most, (reached + 2.0 * np.sqrt(reached) + 4.0) / proven.sum())
        bounds[place] = Bounds(min(least, float(most[0])), most)
    return bounds


def bounded(m: NDArray[np.float64], bounds: Bounds) -> NDArray[np.float64]:
    """Move probabilities inside their bounds; what is taken from one level goes to the others in proportion."""
    if m[0] < bounds.least:
        m = np.concatenate(([bounds.least], m[1:] * (1.0 - bounds.least) / m[1:].sum()))
    held = np.zeros(len(m), dtype=np.bool_)
    for _ in range(len(m)):
        over = (m > bounds.most) & ~held
        if not over.any() or (held | over).all():
            break
        held |= over
        m = np.where(held, np.minimum(m, bounds.most), m)
        m = np.where(held, m, m * (1.0 - m[held].sum()) / m[~held].sum())
    return np.asarray(m / m.sum(), dtype=np.float64)
