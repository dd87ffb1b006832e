"""The probabilities of the model, learnt from how pairs agree; labels may help and are not needed.

Levels of random pairs tell u (how often strangers agree); levels of candidate pairs tell m (how often records of one
person agree) and lambda (the chance that two random records are one person) by expectation maximisation with u held.
Every estimate leans on a default worth a few pairs, so that a level nobody has seen keeps a sensible weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from identity_graph.matching.bounds import Bounds, bounded, plain_bounds
from identity_graph.matching.comparison import Comparison

__all__ = [
    "DEFAULT_PAIRS", "Estimate", "Patterns", "contact_bits", "count_patterns", "estimate", "pattern_weights",
    "stranger_shares",
]  # fmt: skip

DEFAULT_PAIRS = 50.0
"""Pairs of one person that the default of a comparison counts as."""
_LEAN_RANDOM_PAIRS = 50.0
_ITERATIONS = 60
_CONVERGED = 1e-4
_PRUNING_TURN = 4
_NEGLIGIBLE = 1e-6
_SEEN = 3
_HIGHEST_PRIOR = 0.3
_LABEL_WORTH = 3.0
"""Pairs that a labelled pair counts as in m; of the others only the model thinks that they are one person or not."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """Candidate pairs counted by the levels they reach.

    Attributes:
        levels: one row per pattern, one column per comparison; -1 for nothing to compare.
        rarity: two columns, the bits that rare values add in personal and in other comparisons.
        counts: pairs with the pattern, scaled up to all candidates where they were sampled.
        told: bits that labels add to the weight; 0 where nobody labelled.
        of_pair: the pattern of each pair that was counted.
    """

    levels: NDArray[np.int8]
    rarity: NDArray[np.float64]
    counts: NDArray[np.float64]
    told: NDArray[np.float64]
    of_pair: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """The learnt probabilities.

    Attributes:
        m: for each comparison the probability of each level among records of one person, "everything else" last.
        u: the same among strangers.
        prior: the chance that two random records are one person.
        shared: the same as m among neighbours; only what comparisons that are not personal say is looked at.
        neighbours: the chance that two random records are neighbours: two people of one household, street or office.
        taught: for each comparison the pairs of one person, as expected, that reached each level and so taught its m;
            together with the default, which counts as 50 pairs. A labelled pair counts as several.
    """

    m: tuple[tuple[float, ...], ...]
    u: tuple[tuple[float, ...], ...]
    prior: float
    shared: tuple[tuple[float, ...], ...] = ()
    neighbours: float = 0.0
    taught: tuple[tuple[float, ...], ...] = ()


def stranger_shares(levels: NDArray[np.int8], comparisons: Sequence[Comparison]) -> tuple[NDArray[np.float64], ...]:
    """Find how often random pairs reach each level, leaning on the defaults.

    Args:
        levels: levels of random pairs, one column per comparison.
        comparisons: the comparisons, in column order.

    Returns:
        For each comparison the share of each level among the pairs it could compare; sums to about 1.
    """
    shares = []
    for place, comparison in enumerate(comparisons):
        column = levels[:, place]
        counts = np.bincount(column[column >= 0], minlength=len(comparison.levels) + 1).astype(np.float64)
        default = np.array(comparison.default_u)
        default /= default.sum()
        share = (counts + _LEAN_RANDOM_PAIRS * default) / (counts.sum() + _LEAN_RANDOM_PAIRS)
        # A sample cannot show that something never happens: hardly seen, a level stays within a tenth of its default.
        shares.append(np.where(counts < _SEEN, np.maximum(share, 0.1 * default), share))
    return tuple(shares)


def count_patterns(
    levels: NDArray[np.int8], rarity: NDArray[np.float64], counts: NDArray[np.float64], told: NDArray[np.float64]
) -> Patterns:
    """Group pairs by their levels, by their rarity to the nearest bit and by what labels say of them.

    Args:
        levels: one row per pair, one column per comparison.
        rarity: two columns per pair, as in Patterns.
        counts: how many pairs each stands for.
        told: bits that a label adds, per pair.
    """
    bits = np.round(rarity).astype(np.int64)
    code = (bits[:, 0] + 64) * 256 + bits[:, 1] + 64
    code = code * 256 + np.round(told * 10).astype(np.int64) + 128
    for place in range(levels.shape[1]):
        code = _dense(code) * 16 + levels[:, place].astype(np.int64) + 1
    _, first, of_pair = np.unique(code, return_index=True, return_inverse=True)
    of_pair = of_pair.ravel()
    added = np.bincount(of_pair, weights=counts, minlength=len(first)).astype(np.float64)
    return Patterns(levels[first], bits[first].astype(np.float64), added, told[first], of_pair)


def _dense(code: NDArray[np.int64]) -> NDArray[np.int64]:
    """Renumber codes before they outgrow 64 bits."""
    if len(code) == 0 or int(code.max()) < 1 << 56:
        return code
    return np.unique(code, return_inverse=True)[1].ravel().astype(np.int64)


def pattern_weights(patterns: Patterns, estimated: Estimate, comparisons: Sequence[Comparison]) -> NDArray[np.float64]:
    """Return the match weight of each pattern: log2 odds, prior and labels included."""
    weights = patterns.rarity.sum(axis=1) + patterns.told + np.log2(estimated.prior / (1.0 - estimated.prior))
    for place, comparison in enumerate(comparisons):
        bits = _bits(comparison, np.array(estimated.m[place]), np.array(estimated.u[place]))
        weights += bits[patterns.levels[:, place]]
    return np.asarray(weights, dtype=np.float64)


def _bits(comparison: Comparison, m: NDArray[np.float64], u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weight of each level and, last so that -1 finds it, 0 for nothing to compare; a rare value adds its own bits."""
    rare = np.array([level.rarity is not None for level in comparison.levels] + [False])
    return np.concatenate((np.log2(m) - np.where(rare, 0.0, np.log2(u)), [0.0]))


def estimate(
    patterns: Patterns,
    observed: Sequence[NDArray[np.float64]],
    comparisons: Sequence[Comparison],
    universe: float,
    start: float,
    before: Estimate | None = None,
    bounds: Sequence[Bounds] | None = None,
) -> Estimate:
    """Learn m and the prior from candidate pairs, holding u.

    A pair is one person, strangers, or neighbours: two people who share what a household, a street or a workplace
    shares, and whose personal traits agree as strangers' do, or as relatives' do where that is more. Without the third
    kind its many pairs would pass for one person with other names. Pairs that are no candidates count as strangers.
    The observed u contains true matches; in every round they are taken out: u_observed = (1 - prior) u + prior m.
    A label adds its bits to the weight of its pair, and the pair counts several times in m.

    Args:
        patterns: candidate pairs by pattern.
        observed: how often random pairs reach each level.
        comparisons: the comparisons, in column order.
        universe: number of all pairs of records that could match, 1 or more.
        start: first guess of the prior.
        before: an estimate to start from; None starts from the defaults.
        bounds: of each comparison; None is those it has by itself.

    Returns:
        The estimate after convergence or 60 rounds, whichever comes first.

    Source: Fellegi and Sunter (1969); expectation maximisation after Winkler (1988).
    """
    bounds = plain_bounds(comparisons) if bounds is None else bounds
    defaults = [np.array(comparison.default_m) for comparison in comparisons]
    m = [np.array(values) for values in before.m] if before else [default.copy() for default in defaults]
    shared = [np.array(values) for values in before.shared] if before else [default.copy() for default in defaults]
    taught = [np.zeros(len(default)) for default in defaults]
    prior = neighbours = float(np.clip(start, 1e-12, _HIGHEST_PRIOR))
    if before:
        prior, neighbours = before.prior, before.neighbours
        taught = [np.array(values) for values in before.taught]
    current = Estimate((), (), prior)
    for turn in range(_ITERATIONS):
        u = [_without_matches(share, m[place], prior) for place, share in enumerate(observed)]
        current = Estimate(_tuples(m), _tuples(u), prior, _tuples(shared), neighbours, _tuples(taught))
        one = np.exp2(np.clip(pattern_weights(patterns, current, comparisons), -200, 200))
        near = np.exp2(np.clip(_neighbour_weights(patterns, current, comparisons), -200, 200))
        matches = patterns.counts * one / (1.0 + one + near)
        relations = patterns.counts * near / (1.0 + one + near)
        worth = np.where(patterns.told == 0, 1.0, _LABEL_WORTH)
        taught = _reached(patterns, matches * worth, defaults)
        moved = _update(m, taught, defaults)
        m = [bounded(values, bounds[place]) for place, values in enumerate(m)]
        _update(shared, _reached(patterns, relations * worth, defaults), defaults)
        renewed = float(np.clip((matches.sum() + start) / (universe + 1.0), 1e-12, _HIGHEST_PRIOR))
        neighbours = float(np.clip((relations.sum() + start) / (universe + 1.0), 1e-12, _HIGHEST_PRIOR))
        moved = max(moved, abs(renewed / prior - 1.0))
        prior = renewed
        if moved < _CONVERGED:
            break
        if turn == _PRUNING_TURN:
            patterns = _likely(patterns, (one + near) > _NEGLIGIBLE)
    return current


def _neighbour_weights(
    patterns: Patterns, estimated: Estimate, comparisons: Sequence[Comparison]
) -> NDArray[np.float64]:
    weights = patterns.rarity[:, 1] + np.log2(estimated.neighbours)
    for place, comparison in enumerate(comparisons):
        u = np.array(estimated.u[place])
        if not comparison.personal:
            weights = weights + _bits(comparison, np.array(estimated.shared[place]), u)[patterns.levels[:, place]]
        elif comparison.relatives:
            more = max(0.0, float(np.log2(comparison.relatives / u[0])))
            weights = weights + np.where(patterns.levels[:, place] == 0, more, 0.0)
    contacts = [place for place, comparison in enumerate(comparisons) if comparison.contact]
    if len(contacts) > 1:
        every = (patterns.levels[:, contacts] == 0).all(axis=1)
        weights = weights + np.where(every, contact_bits(comparisons, estimated), 0.0)
    return np.asarray(weights, dtype=np.float64)


def contact_bits(comparisons: Sequence[Comparison], estimated: Estimate) -> float:
    """Return the bits that sharing all contacts adds for neighbours, because a household shares them together.

    Each contact alone says by some bits that neighbours share it more seldom than records of one person agree on it.
    Of several only the one that says most counts in full, each other one bit: it is shared every second time.
    """
    seldom = sorted(
        max(0.0, float(np.log2(estimated.m[place][0] / estimated.shared[place][0])))
        for place, comparison in enumerate(comparisons)
        if comparison.contact
    )
    return sum(max(0.0, bits - 1.0) for bits in seldom[:-1])


def _reached(
    patterns: Patterns, expected: NDArray[np.float64], defaults: Sequence[NDArray[np.float64]]
) -> list[NDArray[np.float64]]:
    """Add up, for each comparison, the expected pairs that reach each level."""
    return [
        np.bincount(patterns.levels[:, place] + 1, weights=expected, minlength=len(default) + 1)[1:].astype(np.float64)
        for place, default in enumerate(defaults)
    ]


def _update(
    probabilities: list[NDArray[np.float64]],
    reached: Sequence[NDArray[np.float64]],
    defaults: Sequence[NDArray[np.float64]],
) -> float:
    """Set each comparison's probabilities to the shares of its levels; returns the largest move."""
    moved = 0.0
    for place, (sums, default) in enumerate(zip(reached, defaults, strict=True)):
        updated = (sums + DEFAULT_PAIRS * default) / (sums.sum() + DEFAULT_PAIRS)
        moved = max(moved, float(np.abs(updated - probabilities[place]).max()))
        probabilities[place] = updated
    return moved


def _likely(patterns: Patterns, kept: NDArray[np.bool_]) -> Patterns:
    """Leave out patterns that are strangers beyond doubt; they are most of the pairs and teach nothing more."""
    return Patterns(
        patterns.levels[kept],
        patterns.rarity[kept],
        patterns.counts[kept],
        patterns.told[kept],
        patterns.of_pair[:0],
    )


def _without_matches(share: NDArray[np.float64], m: NDArray[np.float64], prior: float) -> NDArray[np.float64]:
    return np.asarray(np.maximum((share - prior * m) / (1.0 - prior), np.maximum(0.2 * share, 1e-9)))


def _tuples(values: Sequence[NDArray[np.float64]]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(value) for value in some) for some in values)
